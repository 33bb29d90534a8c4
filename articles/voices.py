"""What a commentator says in live articles, newest first. Whoever was not heard yet has no page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet

from articles import listings
from articles.document import Document
from articles.leafing import FIRST, Wanted
from articles.models.commentators import Commentator, Remark
from articles.models.editions import Edition, EditionQuerySet, shown_picture
from articles.models.pictures import Picture
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


def heard_from() -> list[Commentator]:
    """The commentators who speak in a live article, by name. One query."""
    on_show = Exists(Edition.objects.live().filter(pk=OuterRef("edition")).order_by())
    speaking = Remark.objects.filter(on_show, commentator=OuterRef("pk")).order_by("-published_at", "-edition")
    return list(Commentator.objects.filter(Exists(speaking)))


def with_faces(people: list[Commentator]) -> list[Commentator]:
    """The same, each with its `face`: the portrait in its small copies. One query, where any has a portrait."""
    files = [person.portrait.name for person in people if person.portrait]
    copies = dict(Picture.objects.filter(file__in=files).values_list("file", "renditions")) if files else {}
    for person in people:
        if person.portrait:
            size = {"width": person.portrait_width, "height": person.portrait_height, "alt": ""}
            file = str(person.portrait.name)
            person.face = shown_picture(file, {**size, "renditions": copies.get(file)})
    return people


def speaking_in(key: int) -> EditionQuerySet:
    """The editions, on show or not, in which the commentator of that number speaks, with what `heard` asks for.

    They come newest first, ordered by the remarks, whose index has them so; of each the first remark brings it.
    """
    remarks = Remark.objects.filter(commentator=key)
    spoken = Edition.objects.filter(remarks__commentator=key).annotate(spoken=F("remarks__position"))
    before = remarks.order_by().filter(edition=OuterRef("pk"), position__lt=OuterRef("spoken"))
    newest_first = spoken.filter(~Exists(before)).order_by("-remarks__published_at", "-remarks__edition_id")
    return newest_first.prefetch_related(_mine(key))


def speaking_among(key: int, editions: EditionQuerySet) -> EditionQuerySet:
    """Those of some editions in which the commentator speaks, each looked at by itself; with what `heard` asks for."""
    speaks = Exists(_of_some(key).filter(edition=OuterRef("pk")))
    return editions.filter(speaks).prefetch_related(_mine(key))


def _mine(key: int) -> "Prefetch[str, QuerySet[Remark], str]":
    return Prefetch("remarks", _of_some(key).select_related("commentator"), to_attr="mine")


def _of_some(key: int) -> QuerySet[Remark]:
    """The commentator's remarks, to be narrowed to some editions, by which they are looked up.

    Without the sum SQLite goes through all that the commentator ever said, which may be most of an archive: it takes
    one number to be as rare as another.
    """
    return Remark.objects.alias(whose=F("commentator_id") + 0).filter(whose=key)


def page_of(key: int, wanted: Wanted = FIRST) -> listings.Page:
    """The page of live ones that is asked for, with their Documents. Raises leafing.NoSuchPage."""
    return listings.page_of(speaking_in(key).live().newest_first(), wanted, without=())


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
