"""Whether what publishing wrote beside an edition, for lists and look-ups, is what the edition says."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.addresses import host
from articles.citing import cited
from articles.document import Document, from_json
from articles.models.editions import Edition
from articles.models.passages import Passage
from articles.passages import entry_of, parts_of, places_of, to_be_found
from articles.safekeeping.finding import AT_ONCE, Finding
from articles.search import index

BESIDE = ("citations__address", "edition_publishers", "passages", "remarks")
TOLD = ("heading", "question", "answer", "text", "published_at")  # of a passage; its key may be one of its own


def findings() -> Iterator[Finding]:
    """What disagrees with the editions that readers find or will find, in memory that does not grow with the site."""
    editions: QuerySet[Edition] = to_be_found().order_by("pk").prefetch_related(*BESIDE)
    for edition in editions.iterator(chunk_size=AT_ONCE):
        try:
            document = from_json(edition.document)
        except Exception:  # noqa: S112  # whatever is wrong with it; another look tells of it
            continue
        yield from _sources(edition)
        yield from _remarks(edition, document)
        yield from _passages(edition, document)


def _sources(edition: Edition) -> Iterator[Finding]:
    said = set(cited(edition))
    written = {(each.section, each.position, each.address.url) for each in edition.citations.all()}
    publishers = {each.host for each in edition.edition_publishers.all()}
    if said != written or publishers != {host(url) for _section, _position, url in said}:
        yield Finding("sources", f"edition {edition.pk}", _again(_("The list of its sources is not its own.")))


def _remarks(edition: Edition, document: Document) -> Iterator[Finding]:
    """A voice without a row may be of somebody who became a commentator later; a row without a voice may not be."""
    said = {(section, place) for place, (section, _comment) in enumerate(places_of(document))}
    if not {(each.section, each.position) for each in edition.remarks.all()} <= said:
        yield Finding("voices", f"edition {edition.pk}", _again(_("The list of its voices is not its own.")))


def _passages(edition: Edition, document: Document) -> Iterator[Finding]:
    written = {each.number: each for each in edition.passages.all()}
    if not written:  # another look tells of it
        return
    parts = list(parts_of(edition, document))
    if {part.number: _told(part) for part, _tags in parts} != {number: _told(each) for number, each in written.items()}:
        yield Finding("passages", f"edition {edition.pk}", _again(_("Its parts in lists are not its own.")))
        return
    entries = [entry_of(written[part.number], tags) for part, tags in parts]
    for passage in index.differing(entries):
        advice = _("Readers find it by other words than it has: run manage.py rebuild_search.")
        yield Finding("index", f"passage {passage}", advice)


def _told(passage: Passage) -> list[object]:
    return [getattr(passage, name) for name in TOLD]


def _again(what: str) -> str:
    return f"{what} {_('Publish the article again.')}"
