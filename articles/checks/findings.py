"""What the rules look at, and what they find."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from articles.checks.places import Text, texts
from articles.document import Document

Media = Mapping[str, Mapping[str, Any]]  # as an edition keeps it: {"pictures": {file: …}, "voices": {name: …}}


class Level(StrEnum):
    """What a finding means for publication."""

    REQUIRED = "required"  # stops it
    RECOMMENDED = "recommended"
    OFF = "off"  # the rule is not run


class Found(NamedTuple):
    """What a rule yields: where, what to tell the editor, and the text that would put it right, where that is sure."""

    place: str
    message: str
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found at one place.

    `place` is written as the form writes it: "title", "sections[0].sources[1].caption"; "sections[0]" is a whole
    section and "" the whole article. `fix` is a new text for the field at that place.
    """

    rule: str
    level: Level
    place: str
    message: str
    fix: str | None = None

    @property
    def is_required(self) -> bool:
        return self.level is Level.REQUIRED


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known beside the Document. What is not known (None) is not judged."""

    today: date | None = None
    unplaced: str = ""  # lines of the manuscript that found no place
    permissions: Mapping[str, str] | None = None  # of stored pictures: file → value of Picture.Permission
    dead: Collection[str] = ()  # addresses that no longer answer


@dataclass(frozen=True)
class Proof:
    """An article laid out for the rules."""

    document: Document
    media: Media = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)

    @cached_property
    def texts(self) -> list[Text]:
        """Every text of the article, in reading order."""
        return list(texts(self.document))
