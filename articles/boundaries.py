"""Where comment, report and comment meet in a manuscript: shown line by line, and moved as the editor says.

Pure: no Django models. A line is known by its number among the placements of the Reading.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from articles.document import Comment, Document, Section
from articles.manuscripts import Reading

OPENING, BODY, CLOSING, REMARK = ROLES = ("opening", "body", "closing", "remark")

_FIELD = re.compile(
    r"(?:sections\[(?P<section>\d+)\]\.)?(?P<role>opening|body|closing)(?:\[(?P<comment>\d+)\])?(?:\.text)?"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report or comment. `placement` is its number in the Reading, `comment` the one it came from."""

    placement: int
    section: int
    role: str
    comment: Comment | None
    text: str


def lines(reading: Reading) -> list[Line]:
    """Every line whose boundary can be moved, in reading order; remarks on the whole belong to the last section.

    Empty where the manuscript has no section.
    """
    document = reading.document
    if not document.sections:
        return []
    rest: dict[str, list[str]] = {}
    found = (_line(document, number, place.field, place.text, rest) for number, place in enumerate(reading.placements))
    return [each for each in found if each]


def _line(document: Document, number: int, place: str, shown: str, rest: dict[str, list[str]]) -> Line | None:
    found = _FIELD.fullmatch(place)
    if not found:
        return None
    last = len(document.sections) - 1
    section = int(found["section"]) if found["section"] else last
    role = found["role"] if found["section"] else REMARK
    comment = _comments(document, section, role)[int(found["comment"])] if found["comment"] else None
    waiting = rest.setdefault(place, (comment.text if comment else document.sections[section].body).split("\n"))
    # A label that stands alone on its line has a placement, but no text of its own.
    if not waiting or not waiting[0] or not shown.endswith(waiting[0]):
        return None
    return Line(number, section, role, comment, waiting.pop(0))


def _comments(document: Document, section: int, role: str) -> tuple[Comment, ...]:
    if role == REMARK:
        return document.closing
    return document.sections[section].opening if role == OPENING else document.sections[section].closing


def choices(line: Line, document: Document) -> tuple[str, ...]:
    """What a line can be: only in the last section can it be a remark on the whole article."""
    return ROLES if line.section == len(document.sections) - 1 else ROLES[:-1]


def moved(reading: Reading, roles: Mapping[int, str]) -> Document:
    """The Document with lines moved to other roles, by number of placement; all other lines stay as they were."""
    found = [
        replace(line, role=role) if (role := roles.get(line.placement, "")) in choices(line, reading.document) else line
        for line in lines(reading)
    ]
    if found == lines(reading):
        return reading.document
    sections = (
        _section(section, [line for line in found if line.section == number])
        for number, section in enumerate(reading.document.sections)
    )
    remarks = tuple(_voices(line for line in found if line.role == REMARK))
    return replace(reading.document, sections=tuple(sections), closing=remarks)


def _section(section: Section, found: list[Line]) -> Section:
    return replace(
        section,
        opening=tuple(_voices(line for line in found if line.role == OPENING)),
        body="\n".join(line.text for line in found if line.role == BODY),
        closing=tuple(_voices(line for line in found if line.role == CLOSING)),
    )


@dataclass(slots=True)
class _Voice:
    comment: Comment | None
    texts: list[str] = field(default_factory=list)


def _voices(found: "Iterator[Line]") -> Iterator[Comment]:
    """Comments of lines: those of one comment stay together, and a line out of the report joins the one before it."""
    voices: list[_Voice] = []
    for line in found:
        if not voices or (line.comment is not None and line.comment is not voices[-1].comment):
            if voices and voices[-1].comment is None:
                voices[-1].comment = line.comment  # lines out of the report join the comment after them
            else:
                voices.append(_Voice(line.comment))
        voices[-1].texts.append(line.text)
    for voice in voices:
        yield Comment(voice.comment.commentator if voice.comment else "", "\n".join(voice.texts))
