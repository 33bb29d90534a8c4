"""The source ledger: on which publishers the articles stand that readers have, and which of them on one source alone.

A publisher is the host of an address (`Address.host`); several spellings of an address are one (`articles.addresses`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import NoReverseMatch, reverse

from articles import tallies
from articles.models.editions import Edition, EditionQuerySet
from articles.models.sources import Citation, EditionPublisher
from articles.months import Month

MOST = 500  # publishers on a page


@dataclass(frozen=True, slots=True)
class Publisher:
    """A host, and how many articles stand on it.

    `share` is its part of all namings of publishers by articles, in per cent.
    """

    host: str
    articles: int
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
    counted = _of_month(month) if month else tallies.numbers(tallies.HOST)
    rows = sorted(counted.items(), key=lambda row: (-row[1], row[0]))
    total = sum(counted.values())
    return [Publisher(host, articles, share=100 * articles / total) for host, articles in rows[:MOST]]


def _of_month(month: Month) -> dict[str, int]:
    live = Edition.objects.live().published_between(month.start, month.end).order_by()
    standing = EditionPublisher.objects.filter(edition__in=live.values("pk")).values("host")
    return dict(standing.annotate(articles=Count("pk")).values_list("host", "articles"))


def standing_on(host: str) -> EditionQuerySet:
    """The articles that stand on a publisher, newest first: in the order of rows whose index has them so."""
    standing = Edition.objects.live().filter(edition_publishers__host=host)
    return standing.order_by("-edition_publishers__published_at", "-edition_publishers__edition_id")


def cited_on(host: str) -> QuerySet[EditionPublisher, Any]:
    """The editions, on show or not, that stand on a publisher, for `pk__in`."""
    return EditionPublisher.objects.filter(host=host).values("edition")


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
