"""The pages that processes share: in Redis where the cache is one, and in a file of this machine.

Neither is ever needed. Whatever goes wrong with them is as if no page were there; what hangs is left alone for a while.
"""

import sqlite3
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from threading import local
from typing import Any, Protocol, TypeVar, cast
from urllib.parse import urlsplit

from newsdesk.page_store.pages import Page

DAY = 24 * 3600
ANSWERS_WITHIN = 0.3  # seconds
LEFT_ALONE_FOR = 5.0  # seconds after a failure
ROOM = 50  # pages, the oldest ones, that make room in a full file at a time


class Shared(Protocol):
    """Pages by key, and who of all processes makes one."""

    def get(self, key: str) -> Page | None:
        """The page of that key, whether still true or not."""

    def put(self, key: str, page: Page) -> None:
        """Keep a page."""

    def claim(self, key: str, seconds: float) -> bool:
        """Whether nobody else makes the page; then nobody else may, until it is released or so many seconds passed."""

    def release(self, key: str) -> None:
        """Let others make the page."""


class Alone:
    """Nothing is shared: a process by itself."""

    def get(self, key: str) -> Page | None:
        return None

    def put(self, key: str, page: Page) -> None:
        pass

    def claim(self, key: str, seconds: float) -> bool:
        return True

    def release(self, key: str) -> None:
        pass


Method = TypeVar("Method", bound=Callable[..., Any])


def _or_else(otherwise: Any) -> Callable[[Method], Method]:
    """What a method says where its store fails, or failed a moment ago."""

    def declare(method: Method) -> Method:
        @wraps(method)
        def tried(self: Any, *args: Any) -> Any:
            if time.monotonic() < self.left_alone_until:
                return otherwise
            try:
                return method(self, *args)
            except self.errors:
                self.left_alone_until = time.monotonic() + LEFT_ALONE_FOR
                return otherwise

        return cast(Method, tried)

    return declare


class InRedis:
    """Pages in Redis, for all machines of the site. Redis forgets those of a day ago."""

    def __init__(self, url: str) -> None:
        import redis  # only sites that have one need the package

        self.errors = (redis.RedisError, OSError)
        self.left_alone_until = 0.0
        self._redis = redis.Redis.from_url(url, socket_timeout=ANSWERS_WITHIN, socket_connect_timeout=ANSWERS_WITHIN)

    @_or_else(None)
    def get(self, key: str) -> Page | None:
        data = self._redis.get(f"newsdesk page {key}")
        return Page.from_bytes(data) if isinstance(data, bytes) else None

    @_or_else(None)
    def put(self, key: str, page: Page) -> None:
        self._redis.set(f"newsdesk page {key}", page.to_bytes(), ex=DAY)

    @_or_else(True)
    def claim(self, key: str, seconds: float) -> bool:
        return bool(self._redis.set(f"newsdesk making {key}", 1, nx=True, px=int(seconds * 1000)))

    @_or_else(None)
    def release(self, key: str) -> None:
        self._redis.delete(f"newsdesk making {key}")


class InFile:
    """Pages in an SQLite file of their own, which is no part of what has to be kept: delete it at any time.

    Nothing waits for the disk (`synchronous=OFF`); a page has a checksum, so what a loss of power spoils is no page.
    Within a number of bytes it keeps the pages that were made last.
    """

    errors = (sqlite3.Error, OSError)

    def __init__(self, path: Path, budget: int) -> None:
        self.path = path
        self.budget = budget
        self.left_alone_until = 0.0
        self._threads = local()

    @property
    def _file(self) -> sqlite3.Connection:
        """This thread's connection."""
        if not hasattr(self._threads, "connection"):
            self._threads.connection = self._opened()
        connection: sqlite3.Connection = self._threads.connection
        return connection

    def _opened(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=ANSWERS_WITHIN, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=OFF")
            connection.executescript(_TABLES)
        except sqlite3.DatabaseError as error:
            connection.close()
            if not isinstance(error, sqlite3.OperationalError):  # what stands there is no database, or a broken one
                self.path.unlink(missing_ok=True)
            raise
        return connection

    @_or_else(None)
    def get(self, key: str) -> Page | None:
        row = self._file.execute("SELECT data FROM page WHERE key = ?", [key]).fetchone()
        return Page.from_bytes(row[0]) if row else None

    @_or_else(None)
    def put(self, key: str, page: Page) -> None:
        file = self._file
        data = page.to_bytes()
        while self._used(file) + len(data) > self.budget:
            if not file.execute(_MAKE_ROOM, [ROOM]).rowcount:
                return  # it is larger than all there may be
        file.execute("INSERT OR REPLACE INTO page (key, data) VALUES (?, ?)", [key, data])

    @staticmethod
    def _used(file: sqlite3.Connection) -> int:
        """Bytes of the file that hold something."""
        [(used,)] = file.execute(_USED)
        return int(used)

    @_or_else(True)
    def claim(self, key: str, seconds: float) -> bool:
        now = time.time()
        mine = "INSERT INTO making VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET until = ?2 WHERE until < ?3"
        return self._file.execute(mine, [key, now + seconds, now]).rowcount == 1

    @_or_else(None)
    def release(self, key: str) -> None:
        self._file.execute("DELETE FROM making WHERE key = ?", [key])


_TABLES = """
CREATE TABLE IF NOT EXISTS page (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS making (key TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
"""


_MAKE_ROOM = "DELETE FROM page WHERE id IN (SELECT id FROM page ORDER BY id LIMIT ?)"
_USED = (
    "SELECT (pages.page_count - free.freelist_count) * size.page_size"
    " FROM pragma_page_count pages, pragma_freelist_count free, pragma_page_size size"
)


class InBoth:
    """Pages in Redis, which forgets them, and in this machine's file, which has what Redis forgot."""

    def __init__(self, redis: Shared, file: Shared) -> None:
        self.redis, self.file = redis, file

    def get(self, key: str) -> Page | None:
        return self.redis.get(key) or self.file.get(key)

    def put(self, key: str, page: Page) -> None:
        self.redis.put(key, page)
        self.file.put(key, page)

    def claim(self, key: str, seconds: float) -> bool:
        return self.redis.claim(key, seconds)

    def release(self, key: str) -> None:
        self.redis.release(key)


def shared_by(cache_url: str, file: str, budget: int) -> Shared:
    """The store for a site with that cache, and that file for so many bytes; '' for none."""
    kept = InFile(Path(file), budget) if file else Alone()
    if urlsplit(cache_url).scheme in ("redis", "rediss"):
        return InBoth(InRedis(cache_url), kept)
    return kept
