"""The site's settings as in production, but for where static files are collected: the bench keeps to its own folder."""

import os
from pathlib import Path

from newsdesk.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["BENCH_FOLDER"], "static")
