"""What a commentator says in live articles, newest first. Whoever was not heard yet has no page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch

from articles import listings
from articles.document import Document
from articles.models.commentators import Commentator, Remark
from articles.models.editions import Edition, EditionQuerySet
from articles.overview import title_of


@dataclass(frozen=True, slots=True)
class Said:
    """What a commentator says at one place of an article: at a section, or, with number 0, on the whole."""

    number: int
    about: str  # the section's question or heading; empty for the whole article
    text: str

    @property
    def anchor(self) -> str:
        """Its place in the article's page."""
        return f"s{self.number}" if self.number else "closing"


@dataclass(frozen=True, slots=True)
class Heard:
    """An article in which a commentator speaks, and what they say in it."""

    edition: Edition
    said: Sequence[Said]


def heard_from() -> "list[Commentator]":
    """The commentators who speak in a live article, by name. One query."""
    speaking = Remark.objects.filter(commentator=OuterRef("pk"), edition__in=Edition.objects.live().order_by())
    return list(Commentator.objects.filter(Exists(speaking)))


def speaking_in(key: int) -> EditionQuerySet:
    """The editions, on show or not, in which the commentator of that number speaks, with what `heard` asks for."""
    remarks = Remark.objects.filter(commentator=key)
    mine = Prefetch("remarks", remarks.select_related("commentator"), to_attr="mine")
    return Edition.objects.filter(pk__in=remarks.order_by().values("edition")).prefetch_related(mine)


def page_of(key: int, number: str | None) -> listings.Page:
    """The page of live ones that `?page=` asks for, with their Documents. Raises listings.NoSuchPage."""
    return listings.page_of(speaking_in(key).live().newest_first(), number, without=())


def speaker(edition: Edition) -> Commentator:
    """The commentator whom a page, or a feed, of such editions is about."""
    remarks: list[Remark] = edition.mine  # type: ignore[attr-defined]  # prefetched
    return remarks[0].commentator


def heard(edition: Edition) -> Heard:
    """What is said in an article of such a page, by whom the page is about."""
    places: set[int] = {remark.position for remark in edition.mine}  # type: ignore[attr-defined]  # prefetched
    comments = enumerate(_comments(edition.content))
    return Heard(edition, [said for position, said in comments if position in places])


def _comments(document: Document) -> Iterator[Said]:
    """Every comment in the order in which Remark.position counts them."""
    for number, section in enumerate(document.sections, start=1):
        for comment in (*section.opening, *section.closing):
            yield Said(number, title_of(section), comment.text)
    for comment in document.closing:
        yield Said(0, "", comment.text)
