"""Counting guesses of a secret: after some that failed, no more are let through for a while.

A guess is counted before it is looked at and forgiven when it was right, under a lock of its row: however many
processes ask at once, no more are let through.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from articles.background import Enough, sweep
from articles.models.accounts import Guesses

WINDOW = timedelta(minutes=15)  # in which guesses are counted, and for which more are refused then
MOST = 5
MOST_FROM_ANYWHERE = 20  # codes for one account, by somebody who has its password


class Locked(Exception):
    """No more guesses until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"until {until}")
        self.until = until

    @property
    def seconds(self) -> int:
        """Until then, at least one."""
        return max(1, int((self.until - timezone.now()).total_seconds()) + 1)


@dataclass(frozen=True, slots=True)
class Guess:
    """One secret guessed from one place; `what` names both."""

    what: tuple[str, ...]
    most: int = MOST

    @property
    def key(self) -> str:
        return hashlib.sha256("\0".join(self.what).encode("utf-8", "replace")).hexdigest()

    @transaction.atomic
    def count(self) -> None:
        """Count a guess that is about to be looked at. Raises Locked."""
        Guesses.objects.get_or_create(key=self.key)
        row = Guesses.objects.select_for_update().get(key=self.key)
        now = timezone.now()
        if row.locked_until and row.locked_until > now:
            raise Locked(row.locked_until)
        if row.locked_until or row.since <= now - WINDOW:
            row.count, row.since, row.locked_until = 0, now, None
        row.count += 1
        if row.count >= self.most:
            row.locked_until = now + WINDOW
        row.save()

    def forgive(self) -> None:
        """Forget the guesses: the last was right."""
        Guesses.objects.filter(key=self.key).delete()

    def is_locked(self) -> bool:
        """Whether the next guess would be refused."""
        return Guesses.objects.filter(key=self.key, locked_until__gt=timezone.now()).exists()


@sweep(every=timedelta(hours=1))
def forget(enough: Enough) -> None:
    """Delete guesses that count no more."""
    Guesses.objects.filter(since__lt=timezone.now() - 2 * WINDOW).delete()
