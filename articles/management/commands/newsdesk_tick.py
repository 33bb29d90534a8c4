"""Do the background work that is due: once, from cron, or over and over, beside a server.

    python manage.py newsdesk_tick --every 5

What is run is found in the database; see `articles.background`.
"""

import logging
import os
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError
from importlib import import_module
from threading import Event
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from articles.background import Enough, tick

logger = logging.getLogger(__name__)

# Modules whose tasks and sweeps it runs; a test looks for any that is missing.
MODULES = (
    "articles.card_requests",
    "articles.keeping",
    "articles.link_health",
    "articles.notices",
    "articles.picturing",
    "articles.presence",
    "articles.resizing",
    "articles.security_events",
    "articles.sessions",
    "articles.tallies",
    "articles.throttling",
    "articles.websub",
    "newsdesk.page_store.finishing",
)


class Command(BaseCommand):
    help = "Do the background work that is due. Safe to run many times, at the same time too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=_seconds, metavar="SECONDS", help="go on, and look for work so often")
        parser.add_argument("--beside", action="store_true", help="end when the parent process ends")

    def handle(self, *, every: float | None, beside: bool, **options: Any) -> None:
        """Tick. SIGTERM and SIGINT end it after the task at hand, a second one at once."""
        for module in MODULES:
            import_module(module)
        stop, parent = Event(), os.getppid()

        def stopped() -> bool:
            return stop.is_set() or (beside and os.getppid() != parent)

        def end(number: int, frame: FrameType | None) -> None:
            if stop.is_set():
                sys.exit(1)
            stop.set()

        before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            if not every:
                tick(stopped)
            while every and not stopped():
                _tick_or_wait(stopped)
                stop.wait(every)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _tick_or_wait(stopped: Enough) -> None:
    """Tick; a database that cannot be reached now is tried again with the next one."""
    close_old_connections()
    try:
        tick(stopped)
    except DatabaseError:
        logger.exception("The database did not do what was asked of it")
    close_old_connections()


def _seconds(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number < 100_000:
        raise ArgumentTypeError(f"{value} is not a number of seconds")
    return number
