"""What each part and field of a Document said and says, in reading order."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from articles.comparing.alignment import Part, aligned, moved
from articles.document import Comment, Document, Section, Source

# What an edition keeps beside its Document: see Edition.media.
Media = Mapping[str, Mapping[str, Mapping[str, Any]]]

# The names of fields that hold parts of their own.
PARTS = frozenset({"sections", "sources", "opening", "closing"})
# Pages show a source's pictures after its words, and what the picture shows with it.
ALT = "image_alt"


class Kind(StrEnum):
    """What became of a part or field."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """A field, or a whole part, of two Documents.

    `place` is where it stands in the new one ("title", "sections[0].sources[1].caption", "sections[2]"), or, of what
    was removed, where it stood; `old_place` where it stood, "" for what was added. `old` and `new` are the texts of a
    field (lines for takeaways, key points and tags; a date as YYYY-MM-DD), or words by which a part is known.
    A part that only holds changes is SAME itself.
    """

    place: str
    kind: Kind
    old: str
    new: str
    old_place: str

    @property
    def label(self) -> str:
        """The name of the field, or of the field that holds the part."""
        return re.sub(r"\[\d+\]$", "", self.place).rpartition(".")[2]

    @property
    def is_part(self) -> bool:
        """Whether it stands for a whole section, source or comment."""
        return self.place.endswith("]")


def compare(
    old: Document, new: Document, *, old_media: Media | None = None, new_media: Media | None = None
) -> list[Change]:
    """What changed from the old Document to the new one; nothing exactly where they are equal.

    An added or removed part comes with each of its fields. With media, alternative texts of pictures and roles of
    commentators are compared too.
    """
    lines = side_by_side(old, new, old_media=old_media, new_media=new_media)
    return [line for line in lines if line.kind is not Kind.SAME]


def side_by_side(
    old: Document, new: Document, *, old_media: Media | None = None, new_media: Media | None = None
) -> list[Change]:
    """Every part and every field that says something in either Document, what stayed the same too."""
    pictures = (old_media or {}).get("pictures", {}), (new_media or {}).get("pictures", {})
    lines = list(_fields(_Spot(old, ""), _Spot(new, ""), pictures))
    return [*lines, *_roles(old_media or {}, new_media or {})]


def text_of(value: str | date | tuple[str, ...] | None) -> str:
    """A field as text. No two values of a field have the same."""
    if isinstance(value, tuple):
        return "\n".join(value)
    return value.isoformat() if isinstance(value, date) else value or ""


def title_of(part: Part) -> str:
    """Words by which a part is known among others of its kind."""
    match part:
        case Section():
            return part.heading or part.question or part.answer or part.body
        case Source():
            return part.caption or part.site_name or part.url or " ".join(part.key_points)
        case Comment():
            return part.commentator or part.text


@dataclass(frozen=True, slots=True)
class _Spot:
    """A Document or a part of it, and where it stands; an empty one where there is none."""

    value: Any
    place: str | None

    def place_of(self, name: str) -> str:
        return "" if self.place is None else f"{self.place}.{name}".lstrip(".")

    def part(self, name: str, number: int | None, kind: type) -> "_Spot":
        if number is None:
            return _Spot(kind(), None)
        return _Spot(getattr(self.value, name)[number], f"{self.place_of(name)}[{number}]")


_Pictures = tuple[Mapping[str, Mapping[str, Any]], Mapping[str, Mapping[str, Any]]]


def _fields(old: _Spot, new: _Spot, pictures: _Pictures) -> Iterator[Change]:
    for name in new.value.__slots__:
        if name in PARTS:
            yield from _parts(name, old, new, pictures)
        else:
            yield from _line(name, old, new, text_of(getattr(old.value, name)), text_of(getattr(new.value, name)))
        if name == "image":
            alts = (
                facts.get(spot.value.image, {}).get("alt", "") for spot, facts in zip((old, new), pictures, strict=True)
            )
            yield from _line(ALT, old, new, *alts)


def _parts(name: str, old: _Spot, new: _Spot, pictures: _Pictures) -> Iterator[Change]:
    olds, news = getattr(old.value, name), getattr(new.value, name)
    pairs = aligned(olds, news)
    elsewhere = moved(pairs)
    for i, j in pairs:
        kind = type(olds[i] if i is not None else news[j])
        before, after = old.part(name, i, kind), new.part(name, j, kind)
        became = Kind.ADDED if i is None else Kind.REMOVED if j is None else Kind.MOVED if j in elsewhere else Kind.SAME
        yield Change(
            place=after.place or before.place or "",
            kind=became,
            old=title_of(before.value),
            new=title_of(after.value),
            old_place=before.place or "",
        )
        yield from _fields(before, after, pictures)


def _line(name: str, old: _Spot, new: _Spot, before: str, after: str) -> Iterator[Change]:
    if not before and not after:
        return
    kind = Kind.CHANGED
    if before == after:
        kind = Kind.SAME
    elif not before:
        kind = Kind.ADDED
    elif not after:
        kind = Kind.REMOVED
    yield Change(new.place_of(name) or old.place_of(name), kind, before, after, old.place_of(name))


def _told_of(name: str, facts: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (name, facts.get("role", ""), facts.get("disclosure", ""))))


def _roles(old: Media, new: Media) -> Iterator[Change]:
    """How the page described commentators who speak in both."""
    voices = old.get("voices", {}), new.get("voices", {})
    both = sorted(voices[0].keys() & voices[1].keys())
    told = ({name: _told_of(name, facts[name]) for name in both} for facts in voices)
    was, now = told
    changed = [name for name in both if was[name] != now[name]]
    if changed:
        before, after = ("\n".join(facts[name] for name in changed) for facts in (was, now))
        yield Change("voices", Kind.CHANGED, before, after, "voices")
