"""What stands beside an article on its page and is not of it: other articles, and what became of its sources.

All of it comes in one query, a row for each thing, whatever kind it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, cast

from django.db.models import BigIntegerField, DateTimeField, Exists, F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat

from articles.citing import LostSource, url_of
from articles.models.editions import Edition
from articles.models.passages import Passage, StoryPart
from articles.models.sources import Address, Citation

RELATED = 4  # articles that a page shows


@dataclass(frozen=True, slots=True)
class Other:
    """Another article that is on show; `number` is that of the section meant, or 0."""

    article: int
    title: str
    published_at: datetime
    number: int = 0


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside an article. Dictionaries are by the address of a source, or by the number of a section."""

    story: int | None = None
    earlier: Sequence[Other] = ()  # parts of its story, the oldest first
    later: Sequence[Other] = ()
    related: Sequence[Other] = ()  # that which shares most with it first
    asked: Mapping[int, Sequence[Other]] = field(default_factory=dict)  # where else, the newest first
    lost: Mapping[str, LostSource] = field(default_factory=dict)
    published_at: datetime | None = None  # of the article itself

    def asked_later(self, number: int) -> list[Other]:
        """Where the question of a section was asked again."""
        return [other for other in self.asked.get(number, ()) if self._is_later(other)]

    def asked_earlier(self, number: int) -> list[Other]:
        """Where the question of a section was asked before."""
        return [other for other in self.asked.get(number, ()) if not self._is_later(other)]

    def _is_later(self, other: Other) -> bool:
        return self.published_at is None or other.published_at > self.published_at


class _Row(NamedTuple):
    """One row of the query. What its numbers mean depends on its kind."""

    kind: str
    number: int  # of the other article, or the place of the section with a lost source
    place: int  # where it stands among its kind, or the place of the source in its section
    section: int  # the section of this article that is meant, or the number of the story
    text: str  # the other article's title, or where a copy of the source is kept
    at: datetime | None  # when the other article was first published


def beside(edition: Edition) -> Beside:
    """What stands beside a live edition. One query."""
    first, *others = _lost(edition), _story(edition), _related(edition), _asked(edition)
    rows = [_Row(*row) for row in first.union(*others, all=True)]
    parts = sorted((row for row in rows if row.kind == "story"), key=_when)
    me = (edition.published_at, edition.article_id)
    related = sorted((row for row in rows if row.kind == "related"), key=lambda row: row.place)
    asked: dict[int, list[Other]] = {}
    for row in sorted((row for row in rows if row.kind == "asked"), key=_when, reverse=True):
        asked.setdefault(row.section, []).append(_other(row, row.place))
    return Beside(
        story=parts[0].section if len(parts) > 1 else None,
        earlier=[_other(row) for row in parts if _when(row) < me],
        later=[_other(row) for row in parts if _when(row) > me],
        related=[_other(row) for row in related][:RELATED],
        asked=asked,
        published_at=edition.published_at,
        lost={url_of(edition, row.number, row.place): LostSource(row.text) for row in rows if row.kind == "lost"},
    )


def _when(row: _Row) -> tuple[Any, int]:
    return row.at, row.number


def _other(row: _Row, number: int = 0) -> Other:
    return Other(row.number, row.text, cast(datetime, row.at), number)  # what is on show was published


def _lost(edition: Edition) -> QuerySet[Any, Any]:
    lost = Citation.objects.filter(edition=edition, address__health=Address.Health.GONE)
    return _rows(lost, "lost", F("section"), F("position"), Value(0), F("address__archive_url"), _NEVER)


def _story(edition: Edition) -> QuerySet[Any, Any]:
    story = StoryPart.objects.filter(article=edition.article_id).values("story")
    parts = Edition.objects.live().filter(article__story_part__story__in=story)
    return _rows(parts, "story", F("article"), Value(0), F("article__story_part__story"), F("title"), F("published_at"))


def _related(edition: Edition) -> QuerySet[Any, Any]:
    related = Edition.objects.live().filter(article__related_to__article=edition.article_id)
    place = F("article__related_to__position")
    return _rows(related, "related", F("article"), place, Value(0), F("title"), F("published_at"))


def _asked(edition: Edition) -> QuerySet[Any, Any]:
    mine = Passage.objects.filter(edition=edition).exclude(question_key="").order_by()
    # Keys first, by their index, and then whether what was found is on show; the other way round all editions are met.
    on_show = Exists(Edition.objects.live().filter(pk=OuterRef("edition")).exclude(pk=edition.pk).order_by())
    # Put together from two, so that PostgreSQL does not take the many empty keys for keys that have to be found.
    keys = mine.values(key=Concat("question_key", Value("")))
    again = Passage.objects.filter(on_show, question_key__in=keys).exclude(question_key="")
    section = Subquery(mine.filter(question_key=OuterRef("question_key")).values("number")[:1])
    return _rows(
        again, "asked", F("edition__article"), F("number"), section, F("edition__title"), F("edition__published_at")
    )


_NEVER = Value(None, output_field=DateTimeField())


def _rows(
    found: QuerySet[Any], kind: str, number: Any, place: Any, section: Any, text: Any, at: Any
) -> QuerySet[Any, Any]:
    """The rows that a query brings, all of one shape."""
    columns = {"n": number, "p": place, "s": section}
    numbers = {name: Cast(column, BigIntegerField()) for name, column in columns.items()}
    rows: QuerySet[Any, Any] = found.order_by().annotate(k=Value(kind), **numbers, t=Cast(text, TextField()), at=at)
    return rows.values_list("k", "n", "p", "s", "t", "at")
