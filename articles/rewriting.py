"""Make an article's rows say what a Document says: what stays of the text keeps its rows, and so its notes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from django.db.models import Model

from articles.comparing import aligned
from articles.document import Comment as Voice
from articles.document import Document, Section, Source
from articles.models import drafts
from articles.rows import (
    Columns,
    Facts,
    People,
    Placement,
    comment_columns,
    section_columns,
    section_of,
    source_columns,
    source_of,
    voice_of,
)

Row = TypeVar("Row", bound=Model)
Part = TypeVar("Part", Section, Source, Voice)
Pairs = list[tuple[drafts.Section, Section]]


def rewrite(article: drafts.Article, document: Document, *, known: Facts, facts: Facts, people: People) -> None:
    """Change, add and delete the article's sections, sources and comments. At most fifteen queries.

    Of a picture, `known` facts win over those of the row that shows it, and those over the other `facts`.
    """
    old = list(article.sections.prefetch_related("sources", "comments__commentator"))
    remarks = list(article.comments.filter(section=None).select_related("commentator"))
    pairs: Pairs = list(matched(old, document.sections, section_of, lambda: drafts.Section(article=article)))
    _settle(old, [(row, section_columns(position, section)) for position, (row, section) in enumerate(pairs)])
    sources = [found for row, section in pairs for found in _sources(row, section, known, facts)]
    _settle(_hanging(old, "sources"), sources)
    comments = [found for row, section in pairs for found in _comments_of_section(row, section, people)]
    of_whole = _comments(remarks, document.closing, Placement.CLOSING, people, lambda: drafts.Comment(article=article))
    _settle([*remarks, *_hanging(old, "comments")], [*comments, *of_whole])


def _sources(
    section: drafts.Section, part: Section, known: Facts, facts: Facts
) -> Iterator[tuple[drafts.SourceLink, Columns]]:
    rows = _hanging([section], "sources")
    found = matched(rows, part.sources, source_of, lambda: drafts.SourceLink(section=section))
    for position, (row, source) in enumerate(found):
        yield row, source_columns(position, source, {**facts, **_facts_of(row), **known})


def _facts_of(row: drafts.SourceLink) -> Facts:
    if not row.image.name or not row.image_width:
        return {}
    return {row.image.name: {"width": row.image_width, "height": row.image_height, "alt": row.image_alt}}


def _comments_of_section(
    section: drafts.Section, part: Section, people: People
) -> Iterator[tuple[drafts.Comment, Columns]]:
    rows = _hanging([section], "comments")
    for placement, voices in ((Placement.OPENING, part.opening), (Placement.CLOSING, part.closing)):
        here = [row for row in rows if row.placement == placement]
        yield from _comments(
            here, voices, placement, people, lambda: drafts.Comment(article=section.article, section=section)
        )


def _comments(
    rows: Sequence[drafts.Comment],
    voices: Sequence[Voice],
    placement: str,
    people: People,
    new: Callable[[], drafts.Comment],
) -> Iterator[tuple[drafts.Comment, Columns]]:
    for position, (row, voice) in enumerate(matched(rows, voices, voice_of, new)):
        yield row, comment_columns(position, placement, voice, people)


def matched(
    rows: Sequence[Row], parts: Sequence[Part], part_of: Callable[[Row], Part], new: Callable[[], Row]
) -> Iterator[tuple[Row, Part]]:
    """Each part of the Document with the row that it continues, or else with a new one."""
    for number, at in aligned([part_of(row) for row in rows], parts):
        if at is not None:
            yield new() if number is None else rows[number], parts[at]


def _hanging(sections: Iterable[drafts.Section], name: str) -> list[Any]:
    """The rows that hung on the sections when those were read; on a new section there are none."""
    return [row for section in sections for row in getattr(section, "_prefetched_objects_cache", {}).get(name, ())]


def _settle(old: Sequence[Row], wanted: Sequence[tuple[Row, Columns]]) -> None:
    """Give the rows their columns, writing only those that change, and delete the old rows that are not among them.

    At most one query to write and those that a deletion needs, however many rows there are.
    """
    kept = {row.pk for row, _ in wanted}
    gone = [row for row in old if row.pk not in kept]
    if gone:
        type(gone[0])._default_manager.filter(pk__in=[row.pk for row in gone]).delete()
    changed = [(row, columns) for row, columns in wanted if fit(row, columns) or row.pk is None]
    if changed:
        columns = list(changed[0][1])
        type(changed[0][0])._default_manager.bulk_create(
            (row for row, _ in changed), update_conflicts=True, unique_fields=["pk"], update_fields=columns
        )


def fit(row: Model, columns: Columns) -> bool:
    """Set the columns that differ. Whether any did."""
    different = {name: value for name, value in columns.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)
