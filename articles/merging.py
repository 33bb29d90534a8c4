"""Three texts into one: what two editors made of the same Document. Pure: no Django models.

Field by field, whoever alone touched it has it; where both did, in different ways, the editor decides. Sections,
sources and comments are followed through additions, removals and moves. Nothing that either wrote gets lost: it stands
in the merged Document or in a conflict.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from articles.comparing import Change, aligned, compare
from articles.comparing.alignment import Part
from articles.comparing.changes import PARTS, text_of, title_of
from articles.document import Document


class Side(Enum):
    """Whose text."""

    MINE = "mine"
    THEIRS = "theirs"


# What to do about a conflict: take a side, or this text instead of either.
Choice = Side | str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place of the merged Document where both sides changed the same in different ways; texts as in `Change`.

    A whole part, as "sections[2]": one side removed it, the text of that side is empty, and the other changed it.
    A list of parts, as "sections": both brought it into another order; the texts are what the parts are known by.
    """

    place: str
    base: str
    mine: str
    theirs: str

    @property
    def takes_text(self) -> bool:
        """Whether another text than either side's can be chosen."""
        name = self.place.rpartition(".")[2]
        return not name.endswith("]") and name not in PARTS


@dataclass(frozen=True, slots=True)
class Merge:
    """The merged Document, what has to be decided, and what came in from the other side without a question.

    Until it is decided, the Document carries mine; of a part that one side removed and the other changed, the change.
    """

    document: Document
    conflicts: list[Conflict]
    taken: list[Change]
    texts: tuple[Document, Document, Document] = field(repr=False)  # base, mine, theirs


def merge(base: Document, mine: Document, theirs: Document) -> Merge:
    """What both made of `base`, in one. Never raises: what cannot be merged is a conflict."""
    work = _Work({})
    document: Document = work.merged("", base, mine, theirs)
    undecided = {conflict.place for conflict in work.conflicts}
    taken = [change for change in compare(mine, document) if not undecided.intersection(_with_outer(change.place))]
    return Merge(document, work.conflicts, taken, (base, mine, theirs))


def resolve(merge: Merge, choices: Mapping[str, Choice]) -> Document:
    """The merged Document after the editor decided, by place of conflict; what is not decided stays as it was.

    Raises ValueError where a text is chosen for a whole part or an order, or for a date and is none.
    """
    for conflict in merge.conflicts:
        if isinstance(choices.get(conflict.place), str) and not conflict.takes_text:
            raise ValueError(f"{conflict.place}: a side has to be taken, not a text")
    document: Document = _Work(choices).merged("", *merge.texts)
    return document


def _with_outer(place: str) -> Iterable[str]:
    """A place and the parts that hold it."""
    names = place.split(".")
    return (".".join(names[:count]) for count in range(1, len(names) + 1))


@dataclass(slots=True)
class _Work:
    """One walk through three Documents. Places are those of the Document before any choice, whatever was chosen."""

    choices: Mapping[str, Choice]
    conflicts: list[Conflict] = field(default_factory=list)

    def merged(self, place: str, base: Any, mine: Any, theirs: Any) -> Any:
        """Three Documents, or versions of one part, in one."""
        fields = {}
        for name in mine.__slots__:
            here = f"{place}.{name}".lstrip(".")
            values = getattr(base, name), getattr(mine, name), getattr(theirs, name)
            fields[name] = self._parts(here, *values) if name in PARTS else self._field(name, here, *values)
        return type(mine)(**fields)

    def _field(self, name: str, place: str, base: Any, mine: Any, theirs: Any) -> Any:
        if mine in (theirs, base) or theirs == base:
            return theirs if mine == base else mine
        if name == "tags":
            return _tags(base, mine, theirs)
        choice = self._choice(place, text_of(base), text_of(mine), text_of(theirs))
        if isinstance(choice, str):
            return _read(choice, name)
        return theirs if choice is Side.THEIRS else mine

    def _parts(self, place: str, base: Sequence[Part], mine: Sequence[Part], theirs: Sequence[Part]) -> list[Part]:
        versions = _Versions(base, mine, theirs)
        order = versions.order
        if versions.are_in_two_orders:
            texts = ("\n".join(title_of(part) for part in side) for side in (base, mine, theirs))
            if self._choice(place, *texts) is Side.THEIRS:
                order = versions.order_of_theirs
        found = {key: self._part(f"{place}[{number}]", *versions.of(key)) for number, key in enumerate(versions.order)}
        return [part for key in order if (part := found[key])]

    def _part(self, place: str, base: Part | None, mine: Part | None, theirs: Part | None) -> Part | None:
        if base is None:
            return mine or theirs
        if mine and theirs and _Work({}).merged(place, base, mine, theirs):
            part: Part = self.merged(place, base, mine, theirs)
            return part
        # One removed what the other changed, or emptied what the other left of it: rather ask than lose it.
        choice = self._choice(place, *(text_of_part(part) if part else "" for part in (base, mine, theirs)))
        if choice is None:
            return mine or theirs
        return theirs if choice is Side.THEIRS else mine

    def _choice(self, place: str, base: str, mine: str, theirs: str) -> Choice | None:
        """Note a conflict. What was decided about it, if anything."""
        self.conflicts.append(Conflict(place, base, mine, theirs))
        return self.choices.get(place)


def text_of_part(part: Part) -> str:
    """All that a section, source or comment says, as lines in reading order."""
    lines: list[str] = []
    for name in part.__slots__:
        value = getattr(part, name)
        lines += map(text_of_part, value) if name in PARTS else [text_of(value)]
    return "\n".join(filter(None, lines))


def _tags(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """My tags without those they took away, then those they added."""
    kept = [tag for tag in mine if tag in theirs or tag not in base]
    return [*kept, *(tag for tag in theirs if tag not in base and tag not in mine)]


def _read(text: str, name: str) -> Any:
    """A field from its text: the way back from `text_of`."""
    if name == "published_on":
        return date.fromisoformat(text.strip()) if text.strip() else None
    return tuple(text.splitlines()) if name in ("key_points", "takeaways") else text


# A part, by who has it first (0 base, 1 mine, 2 theirs) and its number there.
_Key = tuple[int, int]


class _Versions:
    """The parts of three lists, each found again where another list has it, and the order to bring them into.

    Left out is what one side removed and the other did not touch.
    """

    def __init__(self, base: Sequence[Part], mine: Sequence[Part], theirs: Sequence[Part]) -> None:
        self._lists = base, mine, theirs
        self._numbers: dict[_Key, list[int | None]] = {(0, number): [number, None, None] for number in range(len(base))}
        keys_mine = self._keys(1, mine, {})
        keys_theirs = self._keys(2, theirs, self._added(mine, keys_mine))
        self._mine = [key for key in keys_mine if not self._is_removed(key)]
        self._theirs = [key for key in keys_theirs if not self._is_removed(key)]

    def of(self, key: _Key) -> tuple[Part | None, Part | None, Part | None]:
        """Base's, mine and theirs."""
        base, mine, theirs = (
            None if number is None else parts[number]
            for parts, number in zip(self._lists, self._numbers[key], strict=True)
        )
        return base, mine, theirs

    @property
    def order(self) -> list[_Key]:
        """As in mine where I moved something, else as in theirs."""
        return _woven(self._mine, self._theirs) if _is_moved(self._mine) else _woven(self._theirs, self._mine)

    @property
    def order_of_theirs(self) -> list[_Key]:
        return _woven(self._theirs, self._mine)

    @property
    def are_in_two_orders(self) -> bool:
        """Whether both moved parts, and not to the same end."""
        both = set(self._mine) & set(self._theirs)
        orders = [[key for key in keys if key in both] for keys in (self._mine, self._theirs)]
        return orders[0] != orders[1] and all(map(_is_moved, orders))

    def _keys(self, side: int, parts: Sequence[Part], added: dict[Part, list[_Key]]) -> list[_Key]:
        """The keys of a side's parts in its order. `added` are the keys of what the other side added."""
        keys = []
        for before, number in aligned(self._lists[0], parts):
            if number is not None:
                twins = added.get(parts[number]) if before is None else None
                key = (0, before) if before is not None else twins.pop(0) if twins else (side, number)
                self._numbers.setdefault(key, [None, None, None])[side] = number
                keys.append(key)
        return keys

    def _added(self, parts: Sequence[Part], keys: Sequence[_Key]) -> dict[Part, list[_Key]]:
        found = defaultdict(list)
        for part, key in zip(parts, keys, strict=True):
            if key[0]:
                found[part].append(key)
        return found

    def _is_removed(self, key: _Key) -> bool:
        base, mine, theirs = self.of(key)
        return base is not None and (mine or base) == base == (theirs or base) and not (mine and theirs)


def _is_moved(keys: Sequence[_Key]) -> bool:
    numbers = [number for side, number in keys if side == 0]
    return numbers != sorted(numbers)


def _woven(leading: Sequence[_Key], following: Sequence[_Key]) -> list[_Key]:
    """The one order, and what only the other has, each behind what it follows there."""
    woven, known = list(leading), set(leading)
    for before, key in zip([None, *following], following, strict=False):
        if key not in known:
            woven.insert(woven.index(before) + 1 if before else 0, key)
    return woven
