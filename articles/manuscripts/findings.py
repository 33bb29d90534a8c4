"""What reading a manuscript finds: the Document, where each line went, and what is doubtful."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.document import Document
from articles.text import excerpt


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something the reader is unsure of: the line (from 1; 0 is the whole text), why, and what it assumed."""

    line: int
    reason: str
    assumed: str


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A line, or a part of one, that has no place in the Document; an editor has to look at it."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Placement:
    """Which field a line, or a part of one, went to, mark included: `title`, `sections[0].opening[0].text`."""

    line: int
    text: str
    field: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a manuscript was understood as. Every visible character is in a placement or unplaced."""

    document: Document
    doubts: tuple[Doubt, ...]
    unplaced: tuple[Unplaced, ...]
    placements: tuple[Placement, ...]


def quoted(text: str) -> str:
    """A text short enough for a message, in quotation marks."""
    return _("“%(text)s”") % {"text": excerpt(text, 16)}
