"""Where in a text the words stand that somebody looks for: on the original, not on its folded form. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from articles.search.queries import Phrase
from articles.search.words import edges
from articles.text import fold

BEFORE, LENGTH = 30, 120  # characters of an excerpt before the first mark, and in all


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text, and whether it is what was looked for."""

    text: str
    found: bool = False


def marked(text: str, phrases: Sequence[Phrase]) -> list[Span]:
    """The text in pieces; put together they are the text."""
    return _spans(text, _places(text, phrases), 0, len(text))


def excerpt(text: str, phrases: Sequence[Phrase]) -> list[Span]:
    """The piece of a text around the first place; empty where there is none."""
    places = _places(text, phrases)
    if not places:
        return []
    start = max(0, places[0][0] - BEFORE)
    start = max(start, text.rfind("\n", 0, places[0][0]) + 1)
    end = min(len(text), start + LENGTH)
    line_end = text.find("\n", places[0][1])
    end = min(end, line_end) if line_end >= 0 else end
    spans = _spans(text, places, start, max(end, min(places[0][1], start + LENGTH)))
    cut_before = start > 0 and text[start - 1] != "\n"
    cut_after = end < len(text) and text[end] != "\n"
    return [*([Span("…")] if cut_before else []), *spans, *([Span("…")] if cut_after else [])]


def _spans(text: str, places: Sequence[tuple[int, int]], start: int, end: int) -> list[Span]:
    spans, here = [], start
    for begin, stop in places:
        begin, stop = max(begin, here), min(stop, end)
        if begin < stop:
            spans += [Span(text[here:begin]), Span(text[begin:stop], found=True)]
            here = stop
    return [span for span in (*spans, Span(text[here:end])) if span.text]


def _places(text: str, phrases: Sequence[Phrase]) -> list[tuple[int, int]]:
    """Where the phrases stand, in order; places that meet are one."""
    folded, begins, ends = _folded(text)
    found = sorted(
        (begins[match.start()], ends[match.end() - 1])
        for phrase in phrases
        for match in _pattern(phrase).finditer(folded)
    )
    joined: list[tuple[int, int]] = []
    for begin, end in found:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


@lru_cache(maxsize=256)  # one page marks the same in a hundred texts
def _pattern(phrase: Phrase) -> "re.Pattern[str]":
    first, last = phrase.runs[0], phrase.runs[-1]
    words = r"[\W_]*".join(map(re.escape, phrase.runs))
    goes_on = phrase.tokens[1]
    return re.compile(edges(first)[0] + words + ("" if goes_on else edges(last)[1]))


def _folded(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """The text folded letter by letter, and for each letter where in the text what it came from begins and ends."""
    letters = text.translate(_LETTERS)
    if len(letters) == len(text):  # as in nearly every text: each letter is where it was
        return letters, range(len(text)), range(1, len(text) + 1)
    folded: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    for begin, end in _clusters(text):
        piece = fold(text[begin:end]) or " "
        folded.append(piece)
        begins += [begin] * len(piece)
        ends += [end] * len(piece)
    return "".join(folded), begins, ends


_JOINED = "ﾞﾟ"


def _is_joined(letter: str) -> bool:
    """Whether a letter belongs to the one before: the marks of half-width ﾊﾞ and ﾊﾟ, and combining ones."""
    return letter in _JOINED or unicodedata.combining(letter) > 0


class _Letters(dict[int, str]):
    """What letters are folded to by themselves, for str.translate: one or more; what is joined, to more than one."""

    MOST = 8_192  # that are remembered: more than texts of one language have

    def __missing__(self, code: int) -> str:
        folded = "  " if _is_joined(chr(code)) else fold(chr(code)) or " "
        if len(self) < self.MOST:
            self[code] = folded
        return folded


_LETTERS = _Letters()


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Letters with what is joined to them."""
    begin = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _is_joined(text[place]):
            yield begin, place
            begin = place
