"""What a search page was asked for, and the live articles among which it looks."""

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from taggit.models import Tag

from articles.changes import State
from articles.ledger import cited_on
from articles.models.editions import Edition, EditionQuerySet
from articles.models.tags import FormerTag
from articles.months import Month
from articles.search.finding import Results, find
from articles.search.queries import LONGEST, read
from articles.text import fold, line

_MONTH = re.compile(r"(\d{4})[-/年](\d{1,2})月?")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed into the search form, as it is shown again: words, and what narrows the search."""

    words: str = ""
    tag: str = ""
    month: str = ""
    publisher: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """Read from an address; what is too long is cut."""
        return cls(*(line(query.get(name, ""))[:LONGEST] for name in ("q", "tag", "month", "publisher")))

    @property
    def narrowed(self) -> bool:
        """Whether more is asked for than words."""
        return bool(self.tag or self.month or self.publisher)

    @property
    def query(self) -> str:
        """As it stands in an address, without the number of a page."""
        named = {"q": self.words, "tag": self.tag, "month": self.month, "publisher": self.publisher}
        return urlencode({name: value for name, value in named.items() if value})


def results_for(asked: Asked, page: str | None, site: State) -> Results | None:
    """One page of what was found; None where no word was asked for. Raises leafing.NoSuchPage."""
    words = read(asked.words)
    return find(words, _among(asked), site, page) if words else None


def _among(asked: Asked) -> EditionQuerySet:
    """The live editions that the search is narrowed to; none where there can be none."""
    live = Edition.objects.live()
    if asked.tag:
        live = live.filter(edition_tags__tag__in=_tags(asked.tag))
    if asked.month:
        month = _month(asked.month)
        live = live.published_between(month.start, month.end) if month else live.none()
    if asked.publisher:
        live = live.filter(pk__in=cited_on(fold(asked.publisher).removeprefix("https://").strip("/")))
    return live


def _tags(name: str) -> "list[Tag]":
    """The tag of that name or address, whatever it was called before."""
    wanted = Q(name__iexact=name) | Q(slug=name) | Q(name__iexact=fold(name))
    former = FormerTag.objects.filter(Q(name__iexact=name) | Q(slug=name)).values("tag")
    return list(Tag.objects.filter(wanted | Q(pk__in=former)).distinct()[:1])


def _month(value: str) -> Month | None:
    found = _MONTH.fullmatch(fold(value))
    try:
        return Month(int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None
