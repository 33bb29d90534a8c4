"""What readers can leaf through: lists of editions a page at a time, the tags in use, the months there are.

Every function here starts from what is live; how many queries it costs does not grow with the lists.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Prefetch, Subquery
from taggit.models import Tag

from articles import tallies
from articles.leafing import FIRST, Leaf, NoSuchPage, Wanted, leaf
from articles.models.editions import HEAVY, Edition, EditionQuerySet, EditionTag
from articles.models.tags import FormerTag
from articles.months import Month, month_of

YEARS_BESIDE = 2  # of which pages that are not the archive name the months
PAGE_LENGTH = 16  # a lead story, three cards and six rows of two
LAST_PAGE = 100_000  # of what is counted in pages: beyond it an OFFSET would outgrow the database's integers


class Page(Leaf[Edition]):
    """One page of a list of articles."""

    @property
    def editions(self) -> Sequence[Edition]:
        return self.rows


def page_of(
    editions: EditionQuerySet, wanted: Wanted = FIRST, length: int = PAGE_LENGTH, *, without: Sequence[str] = HEAVY
) -> Page:
    """The page of a list that is asked for; the first may be empty.

    Editions come `without` the columns that lists do not show. Raises NoSuchPage.
    """
    tags = Prefetch("edition_tags", EditionTag.objects.select_related("tag"))
    found = leaf(editions.defer(*without).prefetch_related(tags), wanted, length)
    return Page(found.rows, found.here, found.earlier, found.later)


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


def tags_in_use() -> list[Tag]:
    """The tags of live articles, those of most articles first, each with its `count` of them. Two queries."""
    counted = tallies.counts(tallies.TAG)
    tags = list(Tag.objects.filter(pk__in=map(int, counted)))
    for tag in tags:
        tag.count = counted[str(tag.pk)].count
    return sorted(tags, key=lambda tag: (-tag.count, tag.name))


@dataclass(frozen=True, slots=True)
class MonthCount:
    """A month and how many live articles were first published in it."""

    month: Month
    count: int
    updated_at: datetime  # when an article of it last changed


def years() -> list[tuple[int, list[MonthCount]]]:
    """The months that have live articles, newest first, by year."""
    return [(year, list(months)) for year, months in groupby(_months(), lambda entry: entry.month.year)]


def newest_years() -> list[tuple[int, list[MonthCount]]]:
    """The same of the newest years, for pages that are about something else: the archive has all of them."""
    return years()[:YEARS_BESIDE]


def _months() -> Iterator[MonthCount]:
    for key, counted in sorted(tallies.counts(tallies.MONTH).items(), reverse=True):
        yield MonthCount(tallies.month_named(key), counted.count, counted.changed_at)


def months_beside(month: Month) -> tuple[Month | None, Month | None]:
    """The nearest months before and after that have live articles."""
    live = Edition.objects.live().order_by()
    before = live.filter(published_at__lt=month.start).order_by("-published_at").values("published_at")[:1]
    after = live.filter(published_at__gte=month.end).order_by("published_at").values("published_at")[:1]
    moments = live.values_list(Subquery(before), Subquery(after)).first() or (None, None)
    return month_of(moments[0]), month_of(moments[1])
