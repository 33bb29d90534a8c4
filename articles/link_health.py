"""Whether the pages that articles stand on are still there: looked at now and then, politely, and judged with patience.

A site that is down, asks for money or does not like programs is not gone. Gone is a page that was missing three times
with a day or more between, while the rest of the web could be reached.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import zip_longest

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import trail
from articles.addresses import normal
from articles.background import Enough, sweep
from articles.citing import address_changes
from articles.fetching import Answer, Fetcher, FetchError, NotTrusted, Refused, Unreachable
from articles.markup import safe_url
from articles.models.editions import Edition
from articles.models.sources import Address, AddressCheck, Citation
from articles.publishing import PublishingError

Health = Address.Health
THERE = (Health.WELL, Health.MOVED)

A_DAY = timedelta(days=1)
FAILURES = 3  # after so many, with a day or more between, a page is gone
ROUND = timedelta(days=30)  # until what is well, or gone, is looked at again
UNCERTAIN = timedelta(days=7)  # until what would not tell is
LATER = A_DAY  # for a site that is overloaded and does not say until when
LONGEST_WAIT = timedelta(days=60)  # that a site can ask for
LEASE = timedelta(hours=1)  # after that, whoever was looking was killed
BATCH = 60  # addresses that a sweep takes up at a time
CHECKS_KEPT = 60  # looks at an address


class BadArchive(PublishingError):
    """The address of the archived copy is none of the web."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at an address found. `wait` is what the site asked for, `moved_to` where the page went for good."""

    verdict: Address.Health
    status: int | None = None
    detail: str = ""
    moved_to: str = ""
    wait: timedelta | None = None


# Looking


def look(url: str, fetcher: Fetcher) -> Look:
    """Ask for the head of the page and, where that does not settle it, for the page; by http where https fails.

    Of two answers the kinder one counts.
    """
    found = _judged(url, "HEAD", fetcher)
    if found.verdict in THERE or found.wait:
        return found
    if found.status is not None:
        found = _judged(url, "GET", fetcher)
    if found.verdict == Health.FAILING or found.detail == NotTrusted.__name__:
        rest = url.removeprefix("https")  # rows say https, whatever the site speaks
        return found if rest == url else max(found, look(f"http{rest}", fetcher), key=_kindness)
    return found


def _kindness(found: Look) -> tuple[bool, bool, bool]:
    return found.verdict in THERE, found.verdict == Health.UNKNOWN, found.status is not None


def _judged(url: str, method: str, fetcher: Fetcher) -> Look:
    try:
        answer = fetcher.ask(method, url)
    except Refused as error:  # by robots.txt
        return Look(Health.UNKNOWN, error.status, "robots.txt", wait=waiting(error.status, error.retry_after))
    except Unreachable as error:
        return Look(Health.FAILING, detail=type(error).__name__)
    except FetchError as error:
        return Look(Health.UNKNOWN, detail=type(error).__name__)
    return _verdict(url, answer)


def _verdict(url: str, answer: Answer) -> Look:
    if 200 <= answer.status < 300:
        has_moved = bool(answer.moved_to) and normal(answer.moved_to) != normal(url)
        return Look(
            Health.MOVED if has_moved else Health.WELL, answer.status, moved_to=answer.moved_to if has_moved else ""
        )
    if answer.status in (404, 410):
        return Look(Health.FAILING, answer.status)
    retry_after = answer.headers.get("retry-after", "")
    return Look(Health.UNKNOWN, answer.status, wait=waiting(answer.status, retry_after))


def waiting(status: int, retry_after: str) -> timedelta | None:
    """How long an overloaded site asks to be left alone; None for any other."""
    if status not in (429, 503):
        return None
    asked = LATER
    if retry_after.strip().isdecimal():
        asked = timedelta(seconds=min(int(retry_after[:20]), int(LONGEST_WAIT.total_seconds())))
    elif retry_after:
        try:
            at = parsedate_to_datetime(retry_after)
            asked = (at if at.tzinfo else at.replace(tzinfo=UTC)) - timezone.now()
        except (ValueError, TypeError, IndexError, OverflowError):
            pass
    return min(max(asked, timedelta(hours=1)), LONGEST_WAIT)


# Judging


@transaction.atomic
def note(address: Address, found: Look) -> None:
    """Write down a look at an address, and what follows from it."""
    now = timezone.now()
    address = Address.objects.select_for_update(no_key=True).get(pk=address.pk)
    was_gone = address.health == Health.GONE
    AddressCheck.objects.create(
        address=address, at=now, status=found.status, verdict=found.verdict, detail=found.detail
    )
    address.checked_at, address.status = now, found.status
    if found.verdict == Health.FAILING:
        _count_failure(address, now)
    elif found.verdict == Health.UNKNOWN:
        _leave_open(address, found, now)
    else:
        address.health, address.moved_to = found.verdict, found.moved_to
        address.failures, address.failing_since, address.failed_at = 0, None, None
        address.due_at = now + about(ROUND)
    address.save()
    if found.wait:
        leave_alone_for(address.host, found.wait)
    if was_gone != (address.health == Health.GONE):
        address_changes(address)
    _forget_old_looks(address)


def _count_failure(address: Address, now: datetime) -> None:
    """One more, unless the last one was within a day: an hour's trouble is not three failures."""
    if address.failed_at is None or address.failed_at <= now - A_DAY:
        address.failures, address.failed_at = address.failures + 1, now
        address.failing_since = address.failing_since or now
    gone = address.failures >= FAILURES
    address.health = Health.GONE if gone else Health.FAILING
    address.due_at = now + (about(ROUND) if gone else A_DAY + timedelta(hours=6) * random.random())  # noqa: S311


def _leave_open(address: Address, found: Look, now: datetime) -> None:
    """Nobody knows more than before; who failed before did not come back."""
    if address.health not in (Health.FAILING, Health.GONE):
        address.health = Health.UNKNOWN
    address.due_at = now + (found.wait or about(UNCERTAIN))


def leave_alone_for(host: str, wait: timedelta) -> None:
    """A host that is overloaded is asked nothing until then."""
    until = timezone.now() + wait
    Address.objects.filter(host=host, due_at__lt=until).update(due_at=until)


def about(time: timedelta) -> timedelta:
    """A fifth less or more, so that what was looked at together is not looked at together for ever."""
    return time * (0.8 + 0.4 * random.random())  # noqa: S311


def _forget_old_looks(address: Address) -> None:
    old = list(address.checks.values_list("pk", flat=True)[CHECKS_KEPT : CHECKS_KEPT + 50])
    AddressCheck.objects.filter(pk__in=old).delete()


# The round


def due() -> QuerySet[Address]:
    """Addresses to be looked at now that readers are led to, or will be; the longest due first."""
    shown = Edition.objects.filter(live_from__isnull=False).exclude(live_until__lte=timezone.now())
    cited = Citation.objects.filter(address=OuterRef("pk"), edition__in=shown)
    return Address.objects.filter(Exists(cited), ignored=False, due_at__lte=timezone.now()).order_by("due_at")


@sweep(every=timedelta(minutes=1))
def look_at_addresses(enough: Enough) -> None:
    """Look at the addresses that are due, one host after the other."""
    fetcher = Fetcher()
    web = _Web(fetcher)
    for address in in_turns(due()[:BATCH]):
        if not _claim(address):
            continue
        found = look(address.url, fetcher)
        if found.status is not None:
            web.answered = True
        if found.status is None and found.verdict == Health.FAILING and not web.can_be_reached(address):
            return  # the trouble is ours; the lease ends in an hour
        note(address, found)
        if enough():
            return


def _claim(address: Address) -> bool:
    """Whether nobody else is looking at it, or has."""
    now = timezone.now()
    return bool(Address.objects.filter(pk=address.pk, due_at=address.due_at).update(due_at=now + LEASE))


def in_turns(addresses: Iterable[Address]) -> Iterator[Address]:
    """First one of each host, then the next of each, so that no host is asked twice in a row if that can be."""
    hosts: dict[str, list[Address]] = {}
    for address in addresses:
        hosts.setdefault(address.host, []).append(address)
    for turn in zip_longest(*hosts.values()):
        yield from (address for address in turn if address)


class _Web:
    """Whether there is a way to the web at all: a host that cannot be reached may be gone, or our own line is."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self.answered: bool | None = None  # None: not known yet

    def can_be_reached(self, but: Address) -> bool:
        if self.answered is None:
            others = Address.objects.filter(health=Health.WELL).exclude(host=but.host).order_by(F("checked_at").desc())
            urls = list(others.values_list("url", flat=True)[:3])
            self.answered = not urls or any(look(url, self._fetcher).status is not None for url in urls)
        return self.answered


# What editors do


def recheck(addresses: QuerySet[Address], *, by: User) -> int:
    """Have addresses looked at now, as soon as the background comes to it. Returns how many."""
    count = addresses.update(due_at=timezone.now(), ignored=False)
    trail.record("recheck_sources", by=by, count=count)
    return count


@transaction.atomic
def leave_alone(addresses: QuerySet[Address], *, by: User) -> int:
    """Never look at addresses again, and tell nobody that they are gone: an editor knows better. Returns how many."""
    gone = list(addresses.filter(health=Health.GONE))
    count = addresses.update(ignored=True, health=Health.UNKNOWN, failures=0, failing_since=None, failed_at=None)
    for address in gone:
        address_changes(address)
    trail.record("change_address", by=by, count=count)
    return count


@transaction.atomic
def set_archive(address: Address, url: str, *, by: User) -> None:
    """Say where a copy of the page is kept; '' for nowhere. Raises BadArchive."""
    copy = archive(url)
    Address.objects.filter(pk=address.pk).update(archive_url=copy)
    address.archive_url = copy
    if address.health == Health.GONE:
        address_changes(address)
    trail.record("change_address", by=by, url=address.url, archive=copy)


def archive(url: str) -> str:
    """The address of a copy, as it is kept. Raises BadArchive."""
    copy = safe_url(url.strip())
    if url.strip() and not copy:
        raise BadArchive(_("This is not the address of a web page. It begins with https:// or http://."))
    return copy
