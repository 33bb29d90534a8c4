"""A title in lines, by the rules of Japanese typesetting: broken between phrases, punctuation without holes. Pure.

Widths are in em, the side of a full-width letter. `Advance` gives that of one letter in some font.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import budoux

Advance = Callable[[str], float]

# Signs that fill the right or the left half of their square.
OPENING = "「『（【〈《〔［｛"
CLOSING = "、。，．」』）】〉》〕］｝"
# What begins and what ends no line (JIS X 4051; JLREQ §3.1.7, §3.1.8).
NOT_FIRST = (
    CLOSING + "・：；？！!?:;,.)]}%％‰…‥—―ー〜～’”々〻ヽヾゝゞ"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
)
NOT_LAST = OPENING + "([{‘“#$¥＃＄￥№"

HALF = 0.5  # em: the empty half of such a sign
BESIDE_LATIN = 0.125  # em: what sets a Latin word or a number off from Japanese (CSS Text 4, text-autospace)


def phrases(text: str) -> list[str]:
    """The text in parts between which a line may end: phrases as they are spoken (BudouX), by the rules of kinsoku."""
    return list(_phrases(text))


@lru_cache(maxsize=4_096)  # the titles of lists and feeds, again and again
def _phrases(text: str) -> tuple[str, ...]:
    words = re.split(r"(?<=\s)(?=\S)", text)
    return tuple(_joined(phrase for word in words for phrase in _parser().parse(word)))


def in_lines(parts: Sequence[str], width: float, advance: Advance) -> list[str]:
    """As few lines as there can be, none of them wider. Only a part that is wider than a line is taken apart."""
    lines, waiting = [""], list(reversed(parts))
    while waiting:
        part = waiting.pop()
        if measured(lines[-1] + part, advance) <= width:
            lines[-1] += part
        elif len(part) > 1 and measured(part, advance) > width:
            waiting += reversed(_taken_apart(part))
        else:
            lines.append(part)
    return [line.strip() for line in lines if line.strip()]


def balanced(parts: Sequence[str], width: float, advance: Advance) -> list[str]:
    """The same number of lines, of much the same width: the last one does not hold a word alone."""
    lines = in_lines(parts, width, advance)
    narrower = max((measured(part, advance) for part in parts), default=width)
    while narrower < width:
        tried = in_lines(parts, narrower, advance)
        if len(tried) == len(lines):
            return tried
        narrower += HALF
    return lines


def cut(lines: list[str], most: int, width: float, advance: Advance) -> list[str]:
    """No more than so many lines; what is left out is told by … at the end of the last."""
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and measured(f"{last}…", advance) > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip(NOT_LAST + '、。，．・ 　')}…"]


def measured(line: str, advance: Advance) -> float:
    """How wide a line is when set, without spaces at its end."""
    letters = placed(line.rstrip(), advance)
    return letters[-1][0] + advance(letters[-1][1]) if letters else 0


def placed(line: str, advance: Advance) -> list[tuple[float, str]]:
    """Each letter with its distance from the beginning of the line."""
    at, before, letters = 0.0, "", []
    for letter in line:
        at += _gap(before, letter)
        letters.append((at, letter))
        at += advance(letter)
        before = letter
    return letters


def _gap(before: str, after: str) -> float:
    """What is between two letters besides their own squares: less than nothing where an empty half is taken off.

    JLREQ §3.1.2, §3.1.5; letters and digits only, since signs stand off by themselves.
    """
    if after in OPENING and (not before or before in OPENING + CLOSING):
        return -HALF
    if before and before in CLOSING and after in CLOSING:
        return -HALF
    if before and _is_latin(before) + _is_latin(after) == 1 and before.isalnum() and after.isalnum():
        return BESIDE_LATIN
    return 0


def _joined(parts: Iterable[str]) -> list[str]:
    """The parts, those that no line may end between made one."""
    joined: list[str] = []
    for part in parts:
        if joined and (_is_open(joined[-1]) or not _may_part(joined[-1][-1], part[0])):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def _taken_apart(part: str) -> list[str]:
    """A part in smaller ones: wherever kinsoku allows, or, of a long word, anywhere."""
    smaller = _joined(part)
    return smaller if len(smaller) > 1 else list(part)


def _is_open(part: str) -> bool:
    """Whether it ends as no line may; spaces at its end are not seen there."""
    return part.rstrip().endswith(tuple(NOT_LAST))


def _may_part(before: str, after: str) -> bool:
    if after in NOT_FIRST or before in NOT_LAST or after.isspace():
        return False
    return not (_is_in_word(before) and _is_in_word(after))


def _is_in_word(letter: str) -> bool:
    """Whether it hangs together with its like: Latin words, numbers, addresses."""
    return letter.isdecimal() or (_is_latin(letter) and not letter.isspace())


def _is_latin(letter: str) -> bool:
    """Whether it is of a script whose letters are no squares."""
    width = unicodedata.east_asian_width(letter)
    return width in ("Na", "N") or (width == "A" and letter.isalpha())


@lru_cache(maxsize=1)
def _parser() -> budoux.Parser:
    return budoux.load_default_japanese_parser()
