"""Where corpora are kept between runs: files of SQLite, or databases of a PostgreSQL server.

A corpus is known by a hash of the code that made it. It has its name only when it is whole, and others make way for it.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from newsdesk.bench.documents import BASE

SITE = Path(__file__).resolve().parents[2]
# What corpora are made with: all that writes. A change to what only shows them leaves them as they are.
MADE_WITH = (
    "articles/migrations/*.py",
    "articles/models/*.py",
    "articles/samples/synthetic.py",
    "articles/search/*.py",
    *(f"articles/{name}.py" for name in ("archiving", "citing", "document", "drafting", "markup", "neighbours")),
    *(f"articles/{name}.py" for name in ("passages", "picturing", "publishing", "rows", "tags", "text")),
    *(f"newsdesk/bench/{name}.py" for name in ("corpora", "documents", "multiply")),
)

Make = Callable[[str, int, str], None]  # job (of `inside`), number of articles, address of the database


EACH = 80_000  # bytes of disk that an article takes while a corpus is made


class NoRoom(Exception):
    """The disk has no room for a corpus of that size."""


class Shelf(Protocol):
    """A place for databases."""

    engine: str

    def url(self, name: str) -> str: ...

    def names(self) -> list[str]: ...

    def create(self, name: str, like: str = "") -> None: ...

    def room(self) -> float: ...

    def rename(self, name: str, new: str) -> None: ...

    def remove(self, name: str) -> None: ...


def key() -> str:
    """The hash of what corpora are made with."""
    found = hashlib.sha256()
    for path in sorted({path for pattern in MADE_WITH for path in SITE.glob(pattern)}):
        found.update(f"{path.relative_to(SITE)}\n".encode() + path.read_bytes())
    return found.hexdigest()[:10]


def corpus(shelf: Shelf, size: int, make: Make) -> str:
    """The name of the database of so many articles; it is made where it is not there yet.

    Raises NoRoom.
    """
    made = key()
    name = f"{made}_{size}"
    if name in shelf.names():
        return name
    for old in shelf.names():
        if not old.startswith(made):
            shelf.remove(old)
    base = corpus(shelf, BASE, make) if size > BASE else ""
    if size * EACH > shelf.room():
        raise NoRoom(f"{size:,} articles need {size * EACH / 1e9:.0f} GB of disk; there are {shelf.room() / 1e9:.0f}.")
    part = f"{made}_part"
    shelf.remove(part)
    shelf.create(part, like=base)
    make("grow" if base else "fill", size, shelf.url(part))
    shelf.rename(part, name)
    return name


@contextmanager
def scratch(shelf: Shelf, like: str = "") -> Iterator[str]:
    """The address of a database that is empty, or a copy, and gone when the block ends."""
    name = f"{key()}_scratch"
    shelf.remove(name)
    shelf.create(name, like)
    try:
        yield shelf.url(name)
    finally:
        shelf.remove(name)


class Files:
    """SQLite."""

    engine = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, name: str) -> str:
        return f"sqlite:///{self._path(name)}"

    def names(self) -> list[str]:
        return [path.stem for path in self.folder.glob("*.sqlite3")]

    def create(self, name: str, like: str = "") -> None:
        if like:
            shutil.copyfile(self._path(like), self._path(name))

    def room(self) -> float:
        return shutil.disk_usage(self.folder).free

    def rename(self, name: str, new: str) -> None:
        self._path(name).rename(self._path(new))

    def remove(self, name: str) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{self._path(name)}{suffix}").unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return Path(self.folder, f"{name}.sqlite3").resolve()


class Server:
    """PostgreSQL: databases named newsdesk_bench_…, made by way of the database named postgres."""

    engine = "postgresql"
    PREFIX = "newsdesk_bench_"

    def __init__(self, url: str) -> None:
        self.server = urlsplit(url)._replace(path="").geturl()

    def url(self, name: str) -> str:
        return f"{self.server}/{self.PREFIX}{name}"

    def names(self) -> list[str]:
        rows = self._do("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", self.PREFIX)
        return [row[0].removeprefix(self.PREFIX) for row in rows]

    def create(self, name: str, like: str = "") -> None:
        template = f' TEMPLATE "{self.PREFIX}{like}"' if like else " TEMPLATE template0 ENCODING 'UTF8'"
        self._do(f'CREATE DATABASE "{self.PREFIX}{name}"{template}')

    def room(self) -> float:
        return float("inf")  # it may be on another machine, and says no by itself

    def rename(self, name: str, new: str) -> None:
        self._do(f'ALTER DATABASE "{self.PREFIX}{name}" RENAME TO "{self.PREFIX}{new}"')

    def remove(self, name: str) -> None:
        self._do(f'DROP DATABASE IF EXISTS "{self.PREFIX}{name}"')

    def _do(self, statement: str, *parameters: str) -> list[Any]:
        import psycopg

        address = f"{self.server}/postgres".replace("postgres://", "postgresql://", 1)
        with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(statement.encode(), parameters or None)
            return cursor.fetchall() if cursor.description else []
