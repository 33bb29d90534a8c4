"""How many live articles there are of each tag, month and publisher, without counting them.

Every interval in which an edition is on show adds one at its start and takes one away at its end, for each thing that
it is of. Verbs say what an article added up to before and after them, and the difference is written down in their
transaction: at moment 0 what is past, and at its moment what is to come, so that a schedule or a planned end counts
with nobody awake. The sum up to now is the count.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.db import connection, transaction
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from articles.background import Enough, sweep
from articles.models.editions import Edition, EditionTag
from articles.models.sources import EditionPublisher
from articles.models.tallies import Tally
from articles.moments import microseconds, moment
from articles.months import Month, month_of

TAG, MONTH, HOST = "tag", "month", "host"

Thing = tuple[str, str]  # kind and key
Deltas = Counter[tuple[str, str, int]]  # kind, key and moment: so many articles more from then on


@dataclass(frozen=True, slots=True)
class Counted:
    """How many articles there are of something, and when any of them changed last."""

    count: int
    changed_at: datetime


def counts(kind: str, keys: Collection[str] | None = None) -> dict[str, Counted]:
    """What there is of a kind now, by key; only of `keys`, if any are given. One query."""
    begun = _begun(kind) if keys is None else _begun(kind).filter(key__in=keys)
    found = begun.values("key").annotate(total=Sum("count"), at=Max("at"), changed=Max("changed_at")).order_by()
    return {
        row["key"]: Counted(row["total"], moment(max(row["at"], row["changed"]))) for row in found.filter(total__gt=0)
    }


def numbers(kind: str) -> dict[str, int]:
    """How many articles there are of each of a kind now: `counts`, for half its price. One query."""
    return dict(_begun(kind).order_by().values_list("key").annotate(total=Sum("count")).filter(total__gt=0))


def _begun(kind: str) -> QuerySet[Tally]:
    return Tally.objects.filter(kind=kind, at__lte=microseconds(timezone.now()))


# What verbs do


@contextmanager
def kept(*articles: int) -> Iterator[None]:
    """Around whatever changes when these articles are on show, or what they are of. To be used in a transaction."""
    since = timezone.now()
    before = _deltas(articles, since)
    yield
    _write(_difference(before, _deltas(articles, since)))


def added(articles: Collection[int]) -> None:
    """Count articles that were never counted before."""
    _write(_deltas(articles, timezone.now()))


def _difference(before: Deltas, after: Deltas) -> Deltas:
    """What has to be added; a month is named even where nothing was, for what it holds has changed."""
    after = Counter(after)
    after.subtract(before)
    return Counter({key: count for key, count in after.items() if count or key[0] == MONTH})


def _deltas(articles: Collection[int], since: datetime) -> Deltas:
    """What the editions of articles that were still on show at a moment, or come after it, add up to."""
    editions = Edition.objects.filter(Q(live_until__isnull=True) | Q(live_until__gte=since), live_from__isnull=False)
    rows = list(
        editions.filter(article__in=articles).order_by().values_list("pk", "live_from", "live_until", "published_at")
    )
    things = _things([row[0] for row in rows])
    found: Deltas = Counter()
    for key, start, end, published_at in rows:
        month = month_of(published_at)
        for kind, name in [*things.get(key, ()), *([(MONTH, month_key(month))] if month else [])]:
            found[kind, name, microseconds(cast(datetime, start))] += 1
            if end:
                found[kind, name, microseconds(end)] -= 1
    return found


def _things(editions: Collection[int]) -> dict[int, set[Thing]]:
    found: dict[int, set[Thing]] = {}
    for edition, tag in EditionTag.objects.filter(edition__in=editions).order_by().values_list("edition", "tag"):
        found.setdefault(edition, set()).add((TAG, str(tag)))
    for edition, host in EditionPublisher.objects.filter(edition__in=editions).values_list("edition", "host"):
        found.setdefault(edition, set()).add((HOST, host))
    return found


def month_key(month: Month) -> str:
    """2026-04."""
    return f"{month.year:04}-{month.month:02}"


def month_named(key: str) -> Month:
    """The month of a key."""
    year, month = key.split("-")
    return Month(int(year), int(month))


def _write(deltas: Deltas) -> None:
    """Add them up, in the order of their keys, so that no two transactions wait for each other."""
    now = microseconds(timezone.now())
    summed: Deltas = Counter()
    for (kind, key, at), count in deltas.items():
        summed[kind, key, at if at > now else 0] += count
    rows = [(kind, key, at, count, now) for (kind, key, at), count in sorted(summed.items())]
    with connection.cursor() as cursor:
        cursor.executemany(_ADD, rows)


_ADD = (
    "INSERT INTO articles_tally (kind, key, at, count, changed_at) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (kind, key, at) DO UPDATE SET"
    " count = articles_tally.count + excluded.count, changed_at = excluded.changed_at"
)


# Housekeeping


@sweep(every=timedelta(minutes=10))
def fold(enough: Enough) -> None:
    """Put what has come to pass to what is past, so that sums stay short. Counts do not change by it."""
    while not enough():
        with transaction.atomic():
            passed = Tally.objects.filter(at__gt=0, at__lte=microseconds(timezone.now())).order_by("kind", "key", "at")
            rows = list(passed.select_for_update()[:500])
            if not rows:
                return
            with connection.cursor() as cursor:
                cursor.executemany(_ADD, [(row.kind, row.key, 0, row.count, row.at) for row in rows])
            Tally.objects.filter(pk__in=[row.pk for row in rows]).delete()


@transaction.atomic
def rebuild() -> None:
    """Count all anew."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE articles_tally IN EXCLUSIVE MODE")
    now = timezone.now()
    Tally.objects.all().delete()
    for kind, count in _COUNTS.items():
        Tally.objects.bulk_create(
            (
                Tally(kind=kind, key=key, at=0, count=number, changed_at=microseconds(changed or now))
                for key, number, changed in count(now)
            ),
            batch_size=1_000,
        )
    coming = Edition.objects.filter(Q(live_from__gt=now) | Q(live_from__lte=now, live_until__gt=now))
    articles = list(coming.order_by().values_list("article", flat=True).distinct())
    _write(Counter({key: count for key, count in _deltas(articles, now).items() if key[2] > microseconds(now)}))


def recount(tags: Collection[int]) -> None:
    """Count some tags anew, whose rows were changed by no verb of an article. Costs what there is of them."""
    Tally.objects.filter(kind=TAG, key__in=[str(tag) for tag in tags]).delete()
    tagged = EditionTag.objects.filter(tag__in=tags).order_by()
    articles = list(tagged.values_list("edition__article", flat=True).distinct())
    wanted = {str(tag) for tag in tags}
    deltas = _deltas(articles, timezone.now())
    _write(Counter({key: count for key, count in deltas.items() if key[0] == TAG and key[1] in wanted}))


def differences() -> list[str]:
    """Where the tallies and a count of what is on show disagree, a line each."""
    now = timezone.now()
    found = []
    for kind, count in _COUNTS.items():
        told = numbers(kind)
        true = {key: number for key, number, _changed in count(now)}
        for key in sorted(told.keys() | true.keys()):
            if told.get(key, 0) != true.get(key, 0):
                found.append(f"{kind} {key}: {told.get(key, 0)} ≠ {true.get(key, 0)}")
    return found


Rows = Iterator[tuple[str, int, datetime | None]]


def _tags(now: datetime) -> Rows:
    rows = EditionTag.objects.filter(edition__in=Edition.objects.live(now).order_by()).order_by().values("tag")
    for tag, number, changed in rows.annotate(n=Count("pk"), c=Max("edition__updated_at")).values_list("tag", "n", "c"):
        yield str(tag), number, changed


def _months(now: datetime) -> Rows:
    zone = timezone.get_default_timezone()
    live = Edition.objects.live(now).order_by()
    starts = live.annotate(start=TruncMonth("published_at", tzinfo=zone)).values("start")
    for start, number, changed in starts.annotate(n=Count("pk"), c=Max("updated_at")).values_list("start", "n", "c"):
        if month := month_of(start):
            yield month_key(month), number, changed


def _hosts(now: datetime) -> Rows:
    standing = EditionPublisher.objects.filter(edition__in=Edition.objects.live(now).order_by()).values("host")
    yield from standing.annotate(n=Count("pk"), c=Max("edition__updated_at")).values_list("host", "n", "c")


_COUNTS: dict[str, Callable[[datetime], Rows]] = {TAG: _tags, MONTH: _months, HOST: _hosts}
