"""SQLite without the fault by which a write-ahead log can damage the file when two connections meet at its start.

sqlite.org/wal.html#walresetbug: in 3.7.0 to 3.51.2, mended in 3.51.3 and, for older series, in 3.44.6 and 3.50.7. It is
rare, and the SQLite of a distribution has it for years. The package pysqlite3 brings a SQLite of its own; where it is
installed (requirements/sqlite.txt), it takes the place of Python's.
"""

import sys
from importlib import import_module
from importlib.util import find_spec

Version = tuple[int, ...]

MENDED: tuple[tuple[Version, Version], ...] = (  # from, and before which, releases have the mended code
    ((3, 44, 6), (3, 45)),
    ((3, 50, 7), (3, 51)),
    ((3, 51, 3), (99,)),
)


def is_sound(version: Version) -> bool:
    """Whether a release of SQLite, such as (3, 51, 3), keeps its write-ahead log in order."""
    return version < (3, 7, 0) or any(first <= version < end for first, end in MENDED)


def use_it() -> None:
    """Let the SQLite of pysqlite3 be Python's, if it is there; before Django looks for one."""
    if find_spec("pysqlite3"):
        for name in ("sqlite3", "sqlite3.dbapi2"):
            sys.modules[name] = import_module(name.replace("sqlite3", "pysqlite3", 1))
