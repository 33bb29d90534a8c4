"""Which published editions stand on which addresses, and what of that readers see."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from articles import changes
from articles.addresses import host, normal
from articles.models.editions import Edition
from articles.models.sources import Address, Citation, EditionPublisher

AT_ONCE = 20  # addresses that are new together and looked at soon; those of an archive are spread over a round
ROUND = timedelta(days=30)


def write_citations(editions: Sequence[Edition]) -> None:
    """Write down what the editions stand on, instead of what was written for them before.

    The number of queries does not grow with that of the editions.
    """
    Citation.objects.filter(edition__in=editions).delete()
    sources = [(edition, section, position, url) for edition in editions for section, position, url in cited(edition)]
    addresses = known({url for *_, url in sources})
    EditionPublisher.objects.filter(edition__in=editions).delete()
    EditionPublisher.objects.bulk_create(
        EditionPublisher(edition=edition, host=name, published_at=edition.published_at)
        for edition, name in dict.fromkeys((edition, host(url)) for edition, _section, _position, url in sources)
    )
    Citation.objects.bulk_create(
        Citation(edition=edition, section=section, position=position, address_id=addresses[url])
        for edition, section, position, url in sources
    )


def cited(edition: Edition) -> Iterator[tuple[int, int, str]]:
    """Where in the edition a source with an address stands, and the address as it is known."""
    for section, part in enumerate(edition.document["sections"]):
        for position, source in enumerate(part["sources"]):
            if url := normal(source["url"]):
                yield section, position, url


def known(urls: Iterable[str]) -> dict[str, int]:
    """The keys of normal addresses, which are written down where they were not known yet."""
    wanted = set(urls)
    keys = _keys(wanted)
    new = sorted(wanted - set(keys))
    if new:
        now = timezone.now()
        spread = timedelta(0) if len(new) <= AT_ONCE else ROUND
        Address.objects.bulk_create(
            (Address(url=url, host=host(url), due_at=now + spread * random.random()) for url in new),  # noqa: S311
            ignore_conflicts=True,  # another publication may write the same ones now
        )
        keys |= _keys(new)
    return keys


def _keys(urls: Iterable[str]) -> dict[str, int]:
    return dict(Address.objects.filter(url__in=urls).values_list("url", "pk"))


def gone(urls: Iterable[str], *, without_copy: bool = False) -> set[str]:
    """Those of the addresses, as they were typed, whose page is gone, or gone and kept nowhere else. One query."""
    spelt = {url: normal(url) for url in urls}
    lost = Address.objects.filter(url__in=set(spelt.values()), health=Address.Health.GONE)
    lost = lost.filter(archive_url="") if without_copy else lost
    found = set(lost.values_list("url", flat=True))
    return {url for url, spelling in spelt.items() if spelling in found}


def address_changes(address: Address) -> None:
    """Say that pages which name the address change now: stored copies of them are out of date."""
    now = timezone.now()
    citing = Edition.objects.live(now).filter(citations__address=address).order_by("-pk").distinct()
    rows = list(citing.values_list("pk", "article")[: changes.MOST + 1])
    if rows:
        Edition.objects.filter(pk=rows[0][0]).update(appeared_at=now)
        changes.announce(changes.pages_of([article for _edition, article in rows]))


# What readers see


@dataclass(frozen=True, slots=True)
class LostSource:
    """A source whose original is gone. `archive_url` is where a copy is kept, or empty."""

    archive_url: str


def url_of(edition: Edition, section: int, position: int) -> str:
    """The address of a source as it stands in the edition, by its place."""
    source: dict[str, Any] = edition.document["sections"][section]["sources"][position]
    return str(source["url"])
