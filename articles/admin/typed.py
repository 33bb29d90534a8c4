"""An article's form as somebody typed it, and a Document: each as the other, without a word being saved.

The preview, the checks beside the fields, the switch to text, unsaved text that is offered back and the merging of two
editors' texts all go this way. Field names are those of the form: "sections-0-sources-1-caption".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import DateField
from django.http import QueryDict
from django.utils.translation import gettext as _

from articles import drafting
from articles.document import Comment, Document, Section, Source
from articles.drafting import Media
from articles.models import drafts
from articles.models.commentators import Commentator
from articles.rewriting import matched
from articles.rows import (
    Columns,
    Facts,
    People,
    Placement,
    article_columns,
    comment_columns,
    section_columns,
    section_of,
    source_columns,
    source_of,
    voice_of,
)
from articles.tags import join_names, tag_names
from articles.text import leading_date

MOST_ROWS = 5_000  # of one kind in one place; a form that claims more was not written by hand


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form says. `media` has the facts about pictures and commentators that a page of the Document needs."""

    document: Document
    media: Media
    unplaced: str


# The form as a Document


def typed(data: QueryDict, article: drafts.Article | None) -> Typed:
    """Read a form as it was sent, valid or not; what cannot be read as a date goes among the unplaced lines.

    A picture that is only being uploaded is not seen; one of the library is named by `<row>-picture`.
    Four queries, whatever the length.
    """
    form = _Form(data, article)
    document = Document(
        title=form.text("title"),
        lead_heading=form.text("lead_heading"),
        lead=form.text("lead"),
        sections=tuple(form.section(row) for row in form.rows("sections")),
        closing=tuple(form.comment(row) for row in form.rows("comments")),
        takeaways=tuple(form.text("takeaways").splitlines()),
        tags=tuple(tag_names(form.text("tags"))),
    )
    unplaced = "\n".join([*form.text("unplaced").splitlines(), *form.unread])
    return Typed(document, form.media(document), unplaced)


class _Form:
    """The fields of one form by their names."""

    def __init__(self, data: QueryDict, article: drafts.Article | None) -> None:
        self.data, self.article = data, article
        self.words: dict[str, str] = {}  # alternative texts by file
        self.unread: list[str] = []

    def text(self, name: str) -> str:
        return (self.data.get(name) or "").replace("\r\n", "\n")

    def number(self, name: str) -> int:
        found = self.text(name)
        return int(found) if found.isdecimal() and len(found) < 9 else 0

    def rows(self, prefix: str) -> list[str]:
        """The names before the fields of each row that is not being removed, in the order of the page."""
        count = min(self.number(f"{prefix}-TOTAL_FORMS"), MOST_ROWS)
        names = [f"{prefix}-{number}" for number in range(count)]
        kept = [name for name in names if not self.data.get(f"{name}-DELETE")]
        return sorted(kept, key=lambda name: self.number(f"{name}-position"))

    def section(self, row: str) -> Section:
        comments = [(self.text(f"{each}-placement"), self.comment(each)) for each in self.rows(f"{row}-comments")]
        return Section(
            heading=self.text(f"{row}-heading"),
            question=self.text(f"{row}-question"),
            answer=self.text(f"{row}-answer"),
            sources=tuple(self.source(each) for each in self.rows(f"{row}-sources")),
            opening=tuple(comment for placement, comment in comments if placement == Placement.OPENING),
            body=self.text(f"{row}-body"),
            closing=tuple(comment for placement, comment in comments if placement != Placement.OPENING),
        )

    def source(self, row: str) -> Source:
        image = self.image(row)
        self.words.setdefault(image, self.text(f"{row}-image_alt"))
        return Source(
            caption=self.text(f"{row}-caption"),
            url=self.text(f"{row}-url"),
            site_name=self.text(f"{row}-site_name"),
            published_on=self.date(row),
            key_points=tuple(self.text(f"{row}-key_points").splitlines()),
            image=image,
            image_credit=self.text(f"{row}-image_credit"),
        )

    def date(self, row: str) -> date | None:
        text = self.text(f"{row}-published_on").strip()
        found = _date(text)
        if text and not found:
            self.unread.append(_("Published on: %(text)s") % {"text": text})
        return found

    def image(self, row: str) -> str:
        """The stored picture that the source shows: the one that the form names, or else the row's own."""
        if self.data.get(f"{row}-image-clear"):
            return ""
        if f"{row}-picture" in self.data:
            return self.text(f"{row}-picture")
        return self.images.get(self.number(f"{row}-id"), "")

    def comment(self, row: str) -> Comment:
        return Comment(self.people.get(self.number(f"{row}-commentator"), ""), self.text(f"{row}-text"))

    @cached_property
    def images(self) -> dict[int, str]:
        """Pictures of the article's sources, by the number of the source."""
        rows = drafts.SourceLink.objects.filter(section__article=self.article).exclude(image="")
        return dict(rows.values_list("pk", "image")) if self.article else {}

    @cached_property
    def people(self) -> dict[int, str]:
        return dict(Commentator.objects.values_list("pk", "name"))

    def media(self, document: Document) -> Media:
        pictures = drafting.facts_of_pictures([document])
        for file, facts in pictures.items():
            facts["alt"] = self.words.get(file, "")
        return {"pictures": pictures, "voices": drafting.facts_of_people(document)}


def _date(value: str) -> date | None:
    try:
        found: date | None = DateField(required=False).clean(value)
    except ValidationError:
        return leading_date(value)[0]
    return found


# A Document as the form


def filled(
    document: Document,
    article: drafts.Article | None,
    *,
    unplaced: str = "",
    media: Media | None = None,
    version: int | None = None,
    more: Mapping[str, str] | None = None,
) -> QueryDict:
    """The form, as a browser would send it, that makes the article say what the Document says.

    Parts that stay keep the numbers of their rows, and rows of other parts are marked for removal. `media` has facts
    about pictures that win over those known; `version` is the article's own where none is given; `more` are further
    fields. A commentator whom nobody knows yet is added.
    """
    filling = _Filling(document, article, (media or {}).get("pictures", {}))
    columns = {
        **article_columns(document),
        "tags": join_names(document.tags),
        "unplaced": unplaced,
        "opened_version": version if version is not None else article.version if article else 0,
        **(more or {}),
    }
    for name, value in columns.items():
        filling.data[name] = _field(value)
    filling.sections()
    return filling.data


class _Filling:
    """Writes the fields of one form."""

    def __init__(self, document: Document, article: drafts.Article | None, known: Facts) -> None:
        self.data = QueryDict(mutable=True)
        self.document, self.article, self.known = document, article, known
        self.facts = drafting.facts_of_pictures([document])
        self.people: People = drafting.people_of([document])

    def sections(self) -> None:
        parts = "sources", "comments__commentator"
        rows = list(self.article.sections.prefetch_related(*parts)) if self.article else []
        pairs = list(matched(rows, self.document.sections, section_of, drafts.Section))
        wanted = [(row, section_columns(at, section)) for at, (row, section) in enumerate(pairs)]
        names = self.rows("sections", rows, wanted, "article", self.article)
        for row, section in pairs:
            self.inside(names[id(row)], row, section)
        for row in rows:
            if id(row) not in names:
                self.inside(f"sections-{rows.index(row)}", row, Section())
        self.remarks()

    def inside(self, prefix: str, row: drafts.Section, section: Section) -> None:
        """The sources and comments of one section."""
        sources = list(row.sources.all()) if row.pk else []
        found = matched(sources, section.sources, source_of, drafts.SourceLink)
        wanted = [(each, self.source(at, each, source)) for at, (each, source) in enumerate(found)]
        self.rows(f"{prefix}-sources", sources, wanted, "section", row)
        comments = list(row.comments.all()) if row.pk else []
        voices = [
            *self.comments(comments, section.opening, Placement.OPENING),
            *self.comments(comments, section.closing, Placement.CLOSING),
        ]
        for position, (_row, columns) in enumerate(voices):
            columns["position"] = position
        self.rows(f"{prefix}-comments", comments, voices, "section", row)

    def remarks(self) -> None:
        rows = list(self.article.comments.filter(section=None).select_related("commentator")) if self.article else []
        wanted = self.comments(rows, self.document.closing, Placement.CLOSING)
        self.rows("comments", rows, wanted, "article", self.article)

    def source(self, position: int, row: drafts.SourceLink, source: Source) -> Columns:
        own = {row.image.name: {"alt": row.image_alt}} if row.image.name else {}
        columns = source_columns(position, source, {**self.facts, **own, **self.known})
        columns["picture"] = columns.pop("image")
        return {name: value for name, value in columns.items() if name not in ("image_width", "image_height")}

    def comments(
        self, rows: Sequence[drafts.Comment], voices: Sequence[Comment], placement: str
    ) -> list[tuple[Model, Columns]]:
        here = [row for row in rows if row.placement == placement]
        found = matched(here, voices, voice_of, drafts.Comment)
        return [(row, comment_columns(at, placement, voice, self.people)) for at, (row, voice) in enumerate(found)]

    def rows(
        self,
        prefix: str,
        old: Sequence[Model],
        wanted: Sequence[tuple[Model, Columns]],
        parent_name: str,
        parent: Model | None,
    ) -> dict[int, str]:
        """Write a set of rows; those of the database come first, as a formset wants it. Their names, by row."""
        columns_of = {id(row): columns for row, columns in wanted}
        new = [row for row, _ in wanted if row.pk is None]
        self.put(prefix, {"TOTAL_FORMS": len(old) + len(new), "INITIAL_FORMS": len(old)})
        self.put(prefix, {"MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000})
        for number, row in enumerate([*old, *new]):
            self.put(f"{prefix}-{number}", {"id": row.pk, parent_name: parent.pk if parent else None})
            self.put(f"{prefix}-{number}", columns_of.get(id(row), {"DELETE": "on"}))
        return {id(row): f"{prefix}-{number}" for number, row in enumerate([*old, *new]) if id(row) in columns_of}

    def put(self, prefix: str, columns: Columns) -> None:
        for name, value in columns.items():
            self.data[f"{prefix}-{name}"] = _field(value)


def _field(value: Any) -> str:
    """A value as a form has it."""
    if value is None:
        return ""
    if isinstance(value, Model):
        return str(value.pk)
    return value.isoformat() if isinstance(value, date) else str(value)
