"""Every question that live articles answer, newest first, and where the same one was asked before or since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import Exists, OuterRef, QuerySet
from taggit.models import Tag

from articles.leafing import FIRST, Leaf, Wanted, leaf
from articles.models.editions import Edition
from articles.models.passages import Passage
from articles.months import Month

LENGTH = 30  # questions a page


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question is answered: a section of an article."""

    article: int
    number: int
    title: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answer, where it stands, and where the same was asked in other articles, newest first."""

    question: str
    answer: str
    place: Place
    others: Sequence[Place]

    @property
    def later(self) -> Sequence[Place]:
        """Where it was asked again."""
        return [other for other in self.others if other.published_at > self.place.published_at]

    @property
    def earlier(self) -> Sequence[Place]:
        """Where it was asked before."""
        return [other for other in self.others if other.published_at <= self.place.published_at]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the index; `leaf` tells where it stands."""

    questions: Sequence[Question]
    leaf: Leaf[Passage]


def page_of(wanted: Wanted = FIRST, *, month: Month | None = None, tag: Tag | None = None) -> Page:
    """The page of the index that is asked for: of all questions, or of those of a month or tag. Two queries for the
    first, which may be empty. Raises leafing.NoSuchPage.
    """
    found = leaf(asked(month, tag).select_related("edition").only(*_COLUMNS), wanted, LENGTH)
    others = same(row.question_key for row in found.rows)
    return Page([_question(row, others) for row in found.rows], found)


_COLUMNS = ("number", "question", "question_key", "answer", "published_at", "edition__article", "edition__title")


def asked(month: Month | None = None, tag: Tag | None = None) -> QuerySet[Passage]:
    """The questions of live articles, of a month or of a tag, in an order in which an index has them."""
    # A question of each: databases then walk the index of questions, and look whether what they meet is on show.
    on_show = Exists(Edition.objects.live().filter(pk=OuterRef("edition")).order_by())
    live = Passage.objects.exclude(question_key="").filter(on_show)
    if month:
        live = live.filter(published_at__gte=month.start, published_at__lt=month.end)
    if tag:
        of_tag = "edition__edition_tags"
        return live.filter(**{f"{of_tag}__tag": tag}).order_by(
            f"-{of_tag}__published_at", f"-{of_tag}__edition", "number"
        )
    return live.order_by("-published_at", "-edition_id", "number")


def _question(row: Passage, others: dict[str, list[Place]]) -> Question:
    elsewhere = [place for place in others.get(row.question_key, ()) if place.article != row.edition.article_id]
    return Question(row.question, row.answer, _place(row), elsewhere)


def _place(row: Passage) -> Place:
    published_at = cast(datetime, row.published_at)  # what is on show was published
    return Place(row.edition.article_id, row.number, row.edition.title, published_at)


def same(keys: Iterable[str]) -> dict[str, list[Place]]:
    """By key, every place in which the question is answered, newest first. One query, by the index of keys.

    It is put in order here: asked to do so, a database may rather walk all questions by their dates.
    """
    found: dict[str, list[Place]] = {}
    rows = asked().filter(question_key__in=set(keys)).order_by().select_related("edition").only(*_COLUMNS)
    for row in sorted(rows, key=lambda row: (row.published_at, row.edition_id), reverse=True):
        found.setdefault(row.question_key, []).append(_place(row))
    return found
