"""Writing many articles one after the other: what the machine and the database do otherwise meanwhile.

Nothing of it changes what is written, only how often the same is touched again.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from articles.search import index

RARELY = (
    100_000  # objects made until the youngest are looked through for garbage: a batch makes as many, and keeps none
)

# SQLite's pages in memory (KiB, below zero), and pages in the log until they go into the file: a batch changes some
# 10 MB, many pages several times. By default (2 MB and 4 MB) those are written again and again.
_ROOMY = {"cache_size": -65_536, "wal_autocheckpoint": 16_000}


@contextmanager
def in_bulk() -> Iterator[None]:
    """For a command that imports or indexes many articles, batch after batch; `index.put_in_order` comes after it.

    Whoever is killed meanwhile leaves an index in more parts than usual, which is searched a little more slowly until
    the next such command has ended.
    """
    with _rare_collections(), _roomy_file(), index.merged_late():
        yield


@contextmanager
def _rare_collections() -> Iterator[None]:
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


@contextmanager
def _roomy_file() -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    usual = {name: _pragma(name) for name in _ROOMY}
    for name, value in _ROOMY.items():
        _pragma(name, value)
    try:
        yield
    finally:
        for name, value in usual.items():
            _pragma(name, value)


def _pragma(name: str, value: int | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}" if value is None else f"PRAGMA {name} = {value}")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
