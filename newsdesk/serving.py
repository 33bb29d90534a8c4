"""How the site is served in production: what has to be in order before, and the command line of the server.

`manage.py serve` becomes the server that is named here; decision 0032 says why it is this one.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

KEPT_OPEN = 3600  # seconds that a connection to the database is kept; it is tried before it is used


class Unservable(ValueError):
    """The environment asks for what no server can do; the message says for what."""


@dataclass(frozen=True, slots=True)
class Serving:
    """Where to listen, and with how many processes and threads in each."""

    bind: str
    workers: int
    threads: int  # a worker; most wait for the database, and each has a connection of its own

    @classmethod
    def of(cls, bind: str, workers: str, threads: str) -> "Serving":
        """As the settings SERVE_BIND, SERVE_WORKERS and SERVE_THREADS say; '' fits this machine. Raises Unservable."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        _place(bind)
        wanted = _number("SERVE_WORKERS", workers or str(max(2, cores)))
        return cls(bind, wanted, _number("SERVE_THREADS", threads))

    def command(self, application: str = "newsdesk.wsgi:application") -> list[str]:
        """The command line of the server (`newsdesk.server`)."""
        numbers = (str(self.workers), str(self.threads))
        return [sys.executable, "-m", "newsdesk.server", *_place(self.bind), *numbers, application]


def _place(bind: str) -> tuple[str, str]:
    """Host and port of `host:port` or `[::1]:port`. Raises Unservable."""
    host, colon, port = bind.rpartition(":")
    if not colon or not host or not (port.isascii() and port.isdecimal() and 0 < int(port) < 65_536):
        raise Unservable(f"SERVE_BIND must be like 127.0.0.1:8000, not {bind!r}.")
    return host.strip("[]"), port


def _number(name: str, value: str) -> int:
    if not (value.isascii() and value.isdecimal() and 1 <= int(value) <= 256):
        raise Unservable(f"{name} must be a number from 1 to 256, not {value!r}.")
    return int(value)


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """The environment of the server: connections to the database outlast requests."""
    return {"CONN_MAX_AGE": str(KEPT_OPEN), **given}


def refusals() -> Iterator[str]:
    """Why the site must not be served as it is, each with what to do."""
    if settings.DEBUG:
        yield "DEBUG=1 shows the insides of the site. Set DEBUG=0 (it may stand in .env)."
    yield from _of_database()
    yield from _of_static_files()


def _of_database() -> Iterator[str]:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        told = str(error).strip().partition("\n")[0]
        yield f"The database does not answer ({told}). Look at DATABASE_URL, and whether it runs."
        return
    if waiting:
        yield f"{len(waiting)} migrations are not applied. Run: manage.py migrate"


def _of_static_files() -> Iterator[str]:
    manifest = Path(settings.STATIC_ROOT or "", "staticfiles.json")
    try:
        collected = json.loads(manifest.read_bytes())["paths"]
    except (OSError, ValueError, KeyError):
        yield "Static files are not collected. Run: manage.py collectstatic --noinput"
        return
    left_out = getattr(apps.get_app_config("staticfiles"), "ignore_patterns", [])
    found = (name for finder in get_finders() for name, _storage in finder.list(left_out))
    missing = [name for name in found if name not in collected]
    if missing:
        yield f"Static files were collected before there was {missing[0]}. Run: manage.py collectstatic --noinput"
