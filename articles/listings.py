"""What readers can leaf through: lists of editions a page at a time, the tags in use, the months there are.

Every function here starts from what is live; how many queries it costs does not grow with the lists.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Count, Max, Prefetch, QuerySet, Subquery
from django.db.models.functions import TruncMonth
from django.utils import timezone
from taggit.models import Tag

from articles.models.editions import HEAVY, Edition, EditionQuerySet, EditionTag
from articles.models.tags import FormerTag
from articles.months import Month, month_of

PAGE_LENGTH = 16  # a lead story, three cards and six rows of two
LAST_PAGE = 100_000  # beyond it nobody leafs, and an OFFSET would outgrow the database's integers


class NoSuchPage(LookupError):
    """The list has no page of that number."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. `earlier` and `later` are the numbers of the pages beside it, in time, or None."""

    number: int
    editions: Sequence[Edition]
    earlier: int | None

    @property
    def later(self) -> int | None:
        return self.number - 1 if self.number > 1 else None


def page_of(
    editions: EditionQuerySet, number: str | None, length: int = PAGE_LENGTH, *, without: Sequence[str] = HEAVY
) -> Page:
    """The page of a list that `?page=` asks for; without a number, the first, which may be empty.

    The list is not counted: one row more than the page shows tells whether another one follows.
    Editions come `without` the columns that lists do not show.
    Raises NoSuchPage for a number that is none or lies beyond the end.
    """
    index = page_number(number)
    start = (index - 1) * length
    tags = Prefetch("edition_tags", EditionTag.objects.select_related("tag"))
    rows = list(editions.defer(*without).prefetch_related(tags)[start : start + length + 1])
    if not rows and index > 1:
        raise NoSuchPage(number)
    return Page(index, rows[:length], index + 1 if len(rows) > length else None)


def page_number(value: str | None) -> int:
    """The number that `?page=` names; 1 where it is absent. Raises NoSuchPage for anything else."""
    if value is None:
        return 1
    if not (value.isascii() and value.isdecimal() and len(value) <= 6 and 1 <= int(value) <= LAST_PAGE):
        raise NoSuchPage(value)
    return int(value)


def tag_at(slug: str) -> Tag | None:
    """The tag of an address, or the one that took its place, if readers have articles of that.

    Its own address is another then: whoever asked is to be led there.
    """
    tag = Tag.objects.filter(slug=slug).first()
    former = None if tag else FormerTag.objects.filter(slug=slug).select_related("tag").first()
    if former and Edition.objects.live().tagged(former.tag).exists():
        return former.tag
    return tag


def tags_in_use() -> QuerySet[Tag]:
    """The tags of live articles, those of most articles first, each with its `count` of them."""
    live = Edition.objects.live().values("pk")
    used = Tag.objects.filter(edition_tags__edition__in=live)
    counted: QuerySet[Tag] = used.annotate(count=Count("edition_tags")).order_by("-count", "name")
    return counted


@dataclass(frozen=True, slots=True)
class MonthCount:
    """A month and how many live articles were first published in it."""

    month: Month
    count: int
    updated_at: datetime  # the newest update of an article among them


def years() -> list[tuple[int, list[MonthCount]]]:
    """The months that have live articles, newest first, by year."""
    return [(year, list(months)) for year, months in groupby(_months(), lambda entry: entry.month.year)]


def _months() -> Iterator[MonthCount]:
    zone = timezone.get_default_timezone()
    starts = Edition.objects.live().annotate(start=TruncMonth("published_at", tzinfo=zone)).values("start")
    counted = starts.annotate(count=Count("pk"), updated=Max("updated_at")).order_by("-start")
    for start, count, updated in counted.values_list("start", "count", "updated"):
        if month := month_of(start):
            yield MonthCount(month, count, updated)


def months_beside(month: Month) -> tuple[Month | None, Month | None]:
    """The nearest months before and after that have live articles."""
    live = Edition.objects.live().order_by()
    before = live.filter(published_at__lt=month.start).order_by("-published_at").values("published_at")[:1]
    after = live.filter(published_at__gte=month.end).order_by("published_at").values("published_at")[:1]
    moments = live.values_list(Subquery(before), Subquery(after)).first() or (None, None)
    return month_of(moments[0]), month_of(moments[1])
