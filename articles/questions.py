"""Every question that live articles answer, newest first, and where the same one was asked before or since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import QuerySet
from taggit.models import Tag

from articles.listings import NoSuchPage, page_number
from articles.models.editions import Edition
from articles.models.passages import Passage
from articles.months import Month

LENGTH = 30  # questions a page
MOST = 100  # places of the same question that are looked at


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
    """One page of the index. `earlier` and `later` are the numbers of the pages beside it, in time, or None."""

    number: int
    questions: Sequence[Question]
    earlier: int | None

    @property
    def later(self) -> int | None:
        return self.number - 1 if self.number > 1 else None


def page_of(number: str | None, *, month: Month | None = None, tag: Tag | None = None) -> Page:
    """The page of the index that `?page=` asks for: of all questions, or of those of a month or tag. Two queries.

    Raises NoSuchPage for a number that is none or lies beyond the end.
    """
    index = page_number(number)
    start = (index - 1) * LENGTH
    asked = _asked()
    if month:
        asked = asked.filter(published_at__gte=month.start, published_at__lt=month.end)
    if tag:
        asked = asked.filter(edition__edition_tags__tag=tag)
    rows = list(asked.select_related("edition").only(*_COLUMNS)[start : start + LENGTH + 1])
    if not rows and index > 1:
        raise NoSuchPage(number)
    others = same(row.question_key for row in rows[:LENGTH])
    return Page(index, [_question(row, others) for row in rows[:LENGTH]], index + 1 if len(rows) > LENGTH else None)


_COLUMNS = ("number", "question", "question_key", "answer", "published_at", "edition__article", "edition__title")


def _asked() -> QuerySet[Passage]:
    live = Passage.objects.exclude(question_key="").filter(edition__in=Edition.objects.live().order_by())
    return live.order_by("-published_at", "-edition_id", "number")


def _question(row: Passage, others: dict[str, list[Place]]) -> Question:
    elsewhere = [place for place in others.get(row.question_key, ()) if place.article != row.edition.article_id]
    return Question(row.question, row.answer, _place(row), elsewhere)


def _place(row: Passage) -> Place:
    published_at = cast(datetime, row.published_at)  # what is on show was published
    return Place(row.edition.article_id, row.number, row.edition.title, published_at)


def same(keys: Iterable[str]) -> dict[str, list[Place]]:
    """By key, every place in which the question is answered, newest first. One query."""
    found: dict[str, list[Place]] = {}
    for row in _asked().filter(question_key__in=set(keys)).select_related("edition").only(*_COLUMNS)[:MOST]:
        found.setdefault(row.question_key, []).append(_place(row))
    return found
