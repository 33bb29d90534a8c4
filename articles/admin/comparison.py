"""Two versions of an article beside each other, as the comparison shows them: part by part, what stayed folded away."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.utils.formats import date_format

from articles.admin.places import in_words
from articles.comparing import Change, Kind, Run, marks, side_by_side
from articles.history import Version

_WHOLE_PARTS = frozenset({Kind.ADDED, Kind.REMOVED})
_WHOLE = frozenset({"published_on"})  # fields in which no part of the old text makes sense beside the new


@dataclass(frozen=True, slots=True)
class Row:
    """One field, or a source or comment of a section, with what became of it."""

    change: Change
    label: str
    anchor: str
    runs: Sequence[Run] = ()
    lines: bool = False  # whether each run is an item of its own
    pictures: tuple[str, str] | None = None  # addresses of what was and is shown, "" where there is nothing

    @property
    def is_changed(self) -> bool:
        return self.change.kind is not Kind.SAME


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows that follow each other and all changed, or all stayed."""

    is_changed: bool
    rows: Sequence[Row]

    @property
    def labels(self) -> list[str]:
        return [row.label for row in self.rows]


@dataclass(slots=True)
class Group:
    """A section with all that is in it; or what stands before, between and after the sections."""

    part: Change | None
    label: str
    anchor: str = ""
    rows: list[Row] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return any(row.is_changed for row in self.rows) or (self.part is not None and self.part.kind is not Kind.SAME)

    @property
    def stretches(self) -> list[Stretch]:
        return [Stretch(changed, list(rows)) for changed, rows in groupby(self.rows, lambda row: row.is_changed)]


def groups(old: Version, new: Version) -> list[Group]:
    """Everything either version says, in reading order."""
    found: list[Group] = [Group(None, "")]
    lines = side_by_side(old.document, new.document, old_media=old.media, new_media=new.media)
    for number, change in enumerate(lines):
        if change.is_part and change.label == "sections":
            found.append(Group(change, in_words(change.place), f"change-{number}"))
            continue
        outer = found[-1].part
        if outer and not change.place.startswith(f"{outer.place}."):
            found.append(Group(None, ""))
            outer = None
        if change.is_part and change.kind is Kind.SAME:
            continue  # its fields say where they stand
        found[-1].rows.append(_row(change, f"change-{number}", outer, old, new))
    return [group for group in found if group.rows or group.part]


def changed_places(found: Iterable[Group]) -> Iterator[tuple[str, str]]:
    """Every change, by its anchor and words: what leads through a long comparison. A whole part counts once."""
    for group in found:
        if group.part and group.part.kind is not Kind.SAME:
            yield group.anchor, group.label
        whole = group.part if group.part and group.part.kind in _WHOLE_PARTS else None
        for row in group.rows:
            if whole and row.change.place.startswith(f"{whole.place}.") and row.change.kind is whole.kind:
                continue
            if row.change.is_part and row.change.kind in _WHOLE_PARTS:
                whole = row.change
            if row.is_changed:
                yield row.anchor, f"{group.label} {row.label}".strip()


def _row(change: Change, anchor: str, outer: Change | None, old: Version, new: Version) -> Row:
    label = in_words(change.place, inside=1 if outer else 0)
    if change.is_part:
        return Row(change, label, anchor)
    if change.label == "tags":
        return Row(change, label, anchor, list(_tags(change)), lines=True)
    if change.label == "image":
        return Row(change, label, anchor, pictures=(old.address_of(change.old), new.address_of(change.new)))
    if change.label in _WHOLE:
        return Row(change, label, anchor, list(_whole(change)))
    return Row(change, label, anchor, marks(change.old, change.new))


def _tags(change: Change) -> Iterator[Run]:
    """Tags are compared as names: those gone first, then those there are."""
    before, after = change.old.split("\n"), change.new.split("\n")
    yield from (Run("gone", tag) for tag in before if tag and tag not in after)
    yield from (Run("same" if tag in before else "new", tag) for tag in after if tag)


def _whole(change: Change) -> Iterator[Run]:
    if change.kind is Kind.SAME:
        yield Run("same", _day(change.new))
        return
    if change.old:
        yield Run("gone", _day(change.old))
    if change.new:
        yield Run("new", _day(change.new))


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text))
