"""The source ledger: on which publishers the articles stand that readers have, and which of them on one source alone.

A publisher is the host of an address (`Address.host`); several spellings of an address are one (`articles.addresses`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import NoReverseMatch, reverse

from articles.models.editions import Edition, EditionQuerySet
from articles.models.sources import Citation
from articles.months import Month

MOST = 500  # publishers on a page


@dataclass(frozen=True, slots=True)
class Publisher:
    """A host, and how many articles stand on how many of its addresses.

    `share` is its part of all namings of publishers by articles, in per cent.
    """

    host: str
    articles: int
    addresses: int
    share: float

    @property
    def path(self) -> str:
        """Its page; empty where a host is no name but a number in brackets, which no address of ours can hold."""
        return path_of(self.host)


@dataclass(frozen=True, slots=True)
class Standing:
    """An article that stands on a publisher: on which of its addresses, and whether on no other address."""

    edition: Edition
    urls: Sequence[str]
    alone: bool


def path_of(host: str) -> str:
    """The page of a publisher, or nothing where there can be none."""
    try:
        return reverse("publisher", args=[host])
    except NoReverseMatch:
        return ""


def publishers(month: Month | None = None) -> list[Publisher]:
    """The publishers of all articles, or of those of a month, that of most articles first, at most MOST. One query."""
    live = Edition.objects.live()
    live = live.published_between(month.start, month.end) if month else live
    cited = Citation.objects.filter(edition__in=live.order_by().values("pk")).order_by()
    counted = cited.values("address__host").annotate(
        articles=Count("edition", distinct=True), addresses=Count("address", distinct=True)
    )
    rows = list(counted.order_by("-articles", "address__host").values_list("address__host", "articles", "addresses"))
    total = sum(articles for _host, articles, _addresses in rows)
    return [Publisher(*row, share=100 * row[1] / total) for row in rows[:MOST]]


def standing_on(host: str) -> EditionQuerySet:
    """The articles that stand on a publisher, newest first."""
    return Edition.objects.live().filter(pk__in=cited_on(host)).newest_first()


def cited_on(host: str) -> QuerySet[Citation, Any]:
    """The editions, on show or not, that stand on a publisher, for `pk__in`."""
    return Citation.objects.filter(address__host=host).order_by().values("edition")


def standings(host: str, editions: Sequence[Edition]) -> list[Standing]:
    """How each of these articles stands on a publisher. One query."""
    rows = Citation.objects.filter(edition__in=editions).values_list("edition", "address__host", "address__url")
    all_of: dict[int, dict[str, str]] = {}
    for edition, here, url in rows:
        all_of.setdefault(edition, {})[url] = here
    return [
        Standing(
            edition,
            [url for url, here in all_of.get(edition.pk, {}).items() if here == host],
            len(all_of.get(edition.pk, {})) == 1,
        )
        for edition in editions
    ]
