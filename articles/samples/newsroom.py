"""What newsroom.toml says: the commentators, the pictures, and what becomes of each manuscript. Pure."""

import tomllib
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from articles.document import Document
from articles.manuscripts import Reading, parse

HERE = Path(__file__).parent
FAMILY = UUID("7f0d6c5e-2b1a-4c39-9d55-3a6e8b90c214")  # a sample is known again by its id, whatever was edited in it


@dataclass(frozen=True, slots=True)
class Person:
    """A commentator; `portrait` is the name of a file that articles.samples.pictures draws."""

    name: str
    role: str
    profile: str
    portrait: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """What the first edition said wrong, what the manuscript says, and the note to readers on which section."""

    wrong: str
    right: str
    note: str
    part: int


def uid_of(manuscript: str) -> UUID:
    """The permanent id of the article that a manuscript becomes."""
    return uuid5(FAMILY, manuscript)


@dataclass(frozen=True, slots=True)
class Sample:
    """A manuscript and what becomes of it. With neither date nor schedule it stays a draft."""

    manuscript: str
    published_at: datetime | None = None
    scheduled_in_days: int | None = None
    withdrawn: str = ""
    correction: Mistake | None = None
    title: str = ""
    tags: tuple[str, ...] = ()
    picture: str = ""
    follows: str = ""

    @property
    def uid(self) -> UUID:
        """The article's permanent id."""
        return uid_of(self.manuscript)

    @property
    def text(self) -> str:
        """The manuscript."""
        return (HERE / "manuscripts" / self.manuscript).read_text(encoding="utf-8")

    @property
    def reading(self) -> Reading:
        """The manuscript as the importer reads it."""
        return parse(self.text)

    @property
    def document(self) -> Document:
        """The article as an editor leaves it: the title put right, tags and picture added where they are missing."""
        return self._completed(self.reading.document)

    @property
    def first_document(self) -> Document:
        """The article as it was first published, with its mistake."""
        if not self.correction:
            return self.document
        return self._completed(parse(self.text.replace(self.correction.right, self.correction.wrong)).document)

    def _completed(self, document: Document) -> Document:
        document = replace(document, title=self.title or document.title, tags=document.tags or self.tags)
        if not self.picture:
            return document
        first, *others = document.sections
        source, *more = first.sources
        pictured = replace(first, sources=(replace(source, image=self.picture, image_credit="絵・編集部"), *more))
        return replace(document, sections=(pictured, *others))


@dataclass(frozen=True, slots=True)
class Newsroom:
    """All of it. `alt` are the pictures' alternative texts by file name."""

    people: tuple[Person, ...]
    alt: dict[str, str]
    samples: tuple[Sample, ...]


@cache
def newsroom() -> Newsroom:
    """The sample newsroom."""
    data = tomllib.loads((HERE / "newsroom.toml").read_text(encoding="utf-8"))
    return Newsroom(
        people=tuple(Person(**person) for person in data["commentator"]),
        alt=data["pictures"],
        samples=tuple(_sample(**article) for article in data["article"]),
    )


def _sample(correction: dict[str, Any] | None = None, tags: tuple[str, ...] = (), **others: Any) -> Sample:
    return Sample(correction=Mistake(**correction) if correction else None, tags=tuple(tags), **others)
