"""What unmarked lines are, by their place and by the voice of their sentences. Pure functions on runs of lines."""

import re
from dataclasses import dataclass, field

from articles.manuscripts.marks import Kind, Piece
from articles.text import is_commentary, is_firm_commentary, sentences

LONGEST_HEADING = 80  # characters; a heading, question, answer or caption is shorter

_QUESTION = re.compile("[?？]")
_SENTENCE_END = tuple("。．.、，,…")
_STATEMENT_END = re.compile(r"(?:です|ます|ました|ません|でした|でしょう)[!！]*$")
_LIST_SIGN = re.compile(r"[・*＊•‐\-]|[0-9０-９]{1,2}[.．、)）]")


def is_voice(piece: Piece) -> bool:
    """True where any sentence of a line speaks to the reader; a quotation in it does not."""
    return any(map(is_commentary, sentences(piece.value)))


def is_firm_voice(piece: Piece) -> bool:
    """True where a line could not stand in a report."""
    return any(map(is_firm_commentary, sentences(piece.value)))


def is_heading(piece: Piece) -> bool:
    """True for a short line that is no sentence: a heading, a question, or an answer without a full stop."""
    value = piece.value
    return (
        0 < len(value) <= LONGEST_HEADING
        and not piece.glued
        and not value.endswith(_SENTENCE_END)
        and "。" not in value
        and not _STATEMENT_END.search(value)
        and not _LIST_SIGN.match(value)
        and not is_voice(piece)
    )


def is_question(piece: Piece) -> bool:
    """True for a heading that asks."""
    return bool(_QUESTION.search(piece.value)) and is_heading(piece)


def answers_itself(piece: Piece) -> bool:
    """True for a question that the first answer follows on the same line."""
    return is_question(piece) and not piece.value.endswith(("?", "？"))


def is_brief(piece: Piece) -> bool:
    """True for what can stand in a heading block: a heading, or a short line that reports."""
    return len(piece.value) <= LONGEST_HEADING and not piece.glued and not is_voice(piece)


# -- the block of heading, question, answer and caption before a source card

_FULL = [Kind.HEADING, Kind.QUESTION, Kind.ANSWER, Kind.CAPTION]


def heading_block(lines: list[Piece]) -> list[Kind]:
    """What the last lines before a source card are; as many kinds as the block has lines.

    A question third from the end settles it; else the block is what is short enough and does not speak to the reader.
    """
    if len(lines) >= len(_FULL) and is_question(lines[-3]) and is_heading(lines[-4]):
        return _FULL
    block = _brief_end(lines)
    start = _block_start(block)
    if start is None:
        return [Kind.CAPTION] if block else []
    return _block_kinds(block[start:])


def _brief_end(lines: list[Piece]) -> list[Piece]:
    block: list[Piece] = []
    for piece in reversed(lines[-len(_FULL) :]):
        if not is_brief(piece):
            break
        block.insert(0, piece)
    return block


def _block_start(block: list[Piece]) -> int | None:
    """Where the heading is: before the question, which stands third from the end, or else the first that can be one."""
    size = len(block)
    asked = [at for at in (size - 3, size - 2, size - 1) if at >= 0 and is_question(block[at])]
    if asked:
        return asked[0] - 1 if asked[0] and is_heading(block[asked[0] - 1]) else asked[0]
    headings = [at for at in range(size) if is_heading(block[at])]
    for at in headings:
        if size - at <= 2 or not block[at + 1].value.endswith("。"):
            return at
    return headings[0] if headings else None


def _block_kinds(block: list[Piece]) -> list[Kind]:
    match [is_question(piece) for piece in block]:
        case [_]:
            return [Kind.HEADING]
        case [_, second]:
            return [Kind.HEADING, Kind.QUESTION if second else Kind.CAPTION]
        case [_, True, _]:
            last = Kind.CAPTION if answers_itself(block[1]) else Kind.ANSWER
            return [Kind.HEADING, Kind.QUESTION, last]
        case [True, _, _]:
            return [Kind.QUESTION, Kind.ANSWER, Kind.CAPTION]
        case [_, _, _]:
            second_kind = Kind.ANSWER if block[1].value.endswith("。") else Kind.QUESTION
            return [Kind.HEADING, second_kind, Kind.CAPTION]
    return _FULL


# -- headings amid the text, of sections without a source


@dataclass(slots=True)
class Part:
    """Lines of one section: its heading block, where it has one here, and what follows."""

    head: list[tuple[Piece, Kind]] = field(default_factory=list)
    text: list[Piece] = field(default_factory=list)


def parts(lines: list[Piece], may_begin: bool, goes_on: bool) -> list[Part]:
    """Lines cut at headings. `may_begin`: the first can be one; `goes_on`: text of the section follows the last.

    The first part has no head, and no text where a heading begins.
    """
    found = [Part()]
    at = 0
    while at < len(lines):
        size = _head_size(lines, at, may_begin, goes_on)
        if size:
            kinds = (Kind.HEADING, Kind.QUESTION, Kind.ANSWER)
            found.append(Part(head=list(zip(lines[at : at + size], kinds, strict=False))))
            at += size
        else:
            found[-1].text.append(lines[at])
            at += 1
    return found


def _head_size(lines: list[Piece], at: int, may_begin: bool, goes_on: bool) -> int:
    """How many lines from here are a heading with its question and answer; 0 where there is none."""
    if not is_heading(lines[at]) or (at == 0 and not may_begin) or (at and is_heading(lines[at - 1])):
        return 0
    size = 1 + answered(lines[at + 1 : at + 4], goes_on)
    last = at + size == len(lines)
    in_a_list = size == 1 and not last and is_heading(lines[at + 1])
    return 0 if in_a_list or (last and not goes_on) else size


def answered(lines: list[Piece], goes_on: bool) -> int:
    """How many lines behind a heading are a question and its answer."""
    if not lines or not is_question(lines[0]):
        return 0
    has_answer = len(lines) > 1 and is_brief(lines[1]) and (len(lines) > 2 or goes_on)
    return 2 if has_answer and not answers_itself(lines[0]) else 1


# -- voices around the report


@dataclass(frozen=True, slots=True)
class Voices:
    """How many lines at the beginning and at the end of a section's text are commentary."""

    opening: int
    closing: int


def voices(lines: list[Piece], may_open: bool, may_close: bool) -> Voices:
    """Where the report lies between the comments.

    What is glued to a link opens; so do lines in a commentator's voice right behind it. Lines in that voice at the end
    close if one of them could not stand in a report.
    """
    opening = leading_voices(lines) if may_open else 0
    closing = 0
    if may_close:
        for piece in reversed(lines[opening:]):
            if not is_voice(piece):
                break
            closing += 1
    firm = any(is_firm_voice(piece) for piece in lines[len(lines) - closing :])
    return Voices(opening, closing if firm else 0)


def leading_voices(lines: list[Piece]) -> int:
    """How many lines from the first on are glued to a link or speak to the reader."""
    for count, piece in enumerate(lines):
        if not piece.glued and not is_voice(piece):
            return count
    return len(lines)
