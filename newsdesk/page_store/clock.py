"""The state of the site as this process knows it: asked of the database a few times a second, by whoever comes next."""

import time
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from articles import changes

FRESH = 0.05  # seconds for which an answer is good
AWAY = 1.0  # seconds before a database that did not answer is asked again
HANGS = 2.0  # seconds after which a database that was asked, and says nothing, counts as away


class Unknown(Exception):
    """The database does not answer, and what it said last may be true no longer."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the database said, and when it was asked (time.monotonic)."""

    state: str
    next_at: datetime | None
    at: float


class Clock:
    """Reads the state of the site. One thread asks at a time; the others go by what was said a moment ago.

    Where the database hangs, that one thread waits for it, and the others wait a moment, once.
    """

    def __init__(self) -> None:
        self._last: Reading | None = None
        self._asked = 0.0
        self._hangs = False
        self._lock = Lock()

    def reading(self, since: float | None = None) -> Reading:
        """What the state of the site is, read at most FRESH seconds ago, or not before `since` (time.monotonic).

        While the database is away it is the last one known, until the moment of the next change that was planned.
        Raises Unknown where that is past, or none is known.
        """
        last = self._last
        if last and self._will_do(last, since):
            return last
        if self._lock.acquire(timeout=0 if self._hangs else HANGS):
            try:
                self._hangs, last = False, self._last
                if not last or not self._will_do(last, since):
                    last = self._ask(time.monotonic()) or last
            finally:
                self._lock.release()
        else:
            self._hangs = True
        if not last or self._is_over(last):
            raise Unknown
        return last

    def _will_do(self, reading: Reading, since: float | None) -> bool:
        is_new = time.monotonic() - reading.at < FRESH if since is None else reading.at >= since
        return is_new and not self._is_over(reading)

    def _is_over(self, reading: Reading) -> bool:
        return reading.next_at is not None and timezone.now() >= reading.next_at

    def _ask(self, now: float) -> Reading | None:
        """What the database says now; None where it does not answer, or did not a moment ago."""
        if now - self._asked < AWAY and self._asked > (self._last.at if self._last else 0.0):
            return None
        self._asked = now
        found = present([changes.SITE])
        if found:
            self._last = Reading(found.text, found.next_at, now)
            return self._last
        return None


def present(subjects: "tuple[str, ...] | list[str]") -> changes.State | None:
    """The present state of subjects, or None where the database does not answer.

    A connection that was lost while nobody used it is made again once.
    """
    for _attempt in range(2):
        try:
            return changes.state(subjects)
        except (DatabaseError, InterfaceError):
            connection.close()
    return None
