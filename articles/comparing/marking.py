"""The characters by which two texts differ, in runs that a person can read.

Japanese has no spaces to compare words by, and characters alone make confetti. So sentences are paired first, and
only within two sentences that are much alike are characters compared. Numbers and words in Latin letters are not taken
apart. The time is bounded whatever the texts: what would take too long is marked as a whole.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from articles.comparing.alignment import grams, likeness, longest_rise

RunKind = Literal["same", "gone", "new"]

MUCH_ALIKE = 0.35  # two sentences below this are marked whole
SMALL = 3  # characters; what stays between two changes at least as long as itself is no comfort to the reader
REACH = 12  # how many sentences apart two versions of one may stand within a stretch that changed
LONG = 300  # characters; a longer sentence is taken apart at its commas
WORK = 6_000_000  # steps that comparing characters may take in one text, at worst some 0.3 s

# A sentence with its end marks, closing brackets and ends of lines; together the pieces are the text.
_SENTENCE = re.compile(r"[^。．！？!?\n]*(?:[。．！？!?]+[」』）)】〉》”]*\n*|\n+)|[^。．！？!?\n]+$")
_CLAUSE = re.compile(r"[^、，,]{0,80}[、，,]?", re.DOTALL)
# A number or a word in Latin letters, or a character with what is written onto it (marks, variants, joined emoji).
_ONTO = "\u0300-\u036f\u3099\u309a\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef"
_TOKEN = re.compile(rf"\d+(?:[.,]\d+)*|[A-Za-z]+|.[{_ONTO}]*(?:\u200d.[{_ONTO}]*)*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that stayed the same, is gone, or is new. Never empty."""

    kind: RunKind
    text: str


def marks(old: str, new: str) -> list[Run]:
    """Both texts in one: same and gone together are the old one, same and new the new one.

    Where something was replaced, what is gone stands before what is new.
    """
    purse = _Purse(WORK)
    runs = (
        run
        for before, after in _paired(_SENTENCE.findall(old), _SENTENCE.findall(new))
        for run in _within(before, after, purse)
    )
    return list(_joined(runs))


@dataclass(slots=True)
class _Purse:
    """What may still be spent on comparing characters."""

    left: int

    def pays(self, old: Sequence[str], new: Sequence[str]) -> bool:
        """Whether it covers the comparison at its worst: every match looked at once for each stretch that is found."""
        counts = Counter(new)
        price = (len(old) + sum(counts[token] for token in old)) * min(len(old), len(new))
        if price > self.left:
            return False
        self.left -= price
        return True


# -- which sentence is which


def _paired(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Sentences side by side, "" where one has no counterpart; those found once in both texts hold the others."""
    start, end = _ends(old, new)
    yield from zip(old[:start], new[:start], strict=True)
    i = j = start
    for i_next, j_next in [*_anchors(old, new, start, end), (len(old) - end, len(new) - end)]:
        yield from _stretch(old[i:i_next], new[j:j_next])
        if i_next < len(old) - end:
            yield old[i_next], new[j_next]
        i, j = i_next + 1, j_next + 1
    yield from zip(old[len(old) - end :], new[len(new) - end :], strict=True)


def _ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many pieces are the same at the start, and how many of the others at the end."""
    most = min(len(old), len(new))
    start = next((at for at in range(most) if old[at] != new[at]), most)
    end = next((at for at in range(most - start) if old[-1 - at] != new[-1 - at]), most - start)
    return start, end


def _anchors(old: list[str], new: list[str], start: int, end: int) -> list[tuple[int, int]]:
    """Where sentences stand that are found once in either text, as many as are in the same order in both."""
    single_old, single_new = (_single(texts, start, len(texts) - end) for texts in (old, new))
    both = [(i, single_new[text]) for text, i in single_old.items() if text in single_new]
    stayed = longest_rise([j for _, j in both])
    return [pair for place, pair in enumerate(both) if place in stayed]


def _single(texts: list[str], start: int, end: int) -> dict[str, int]:
    counts = Counter(texts[start:end])
    return {text: at for at, text in enumerate(texts[start:end], start) if counts[text] == 1}


def _stretch(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Pair the sentences of a stretch that changed so that, in order, they are as much alike as can be."""
    if not old or not new:
        yield from ((text, "") for text in old)
        yield from (("", text) for text in new)
        return
    i = j = 0
    for i_next, j_next in [*_best_pairs(old, new), (len(old), len(new))]:
        yield from ((text, "") for text in old[i:i_next])
        yield from (("", text) for text in new[j:j_next])
        if i_next < len(old):
            yield old[i_next], new[j_next]
        i, j = i_next + 1, j_next + 1


def _best_pairs(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """The rising pairs of greatest likeness in all, no further than REACH apart (Needleman and Wunsch, in a band)."""
    grams_old, grams_new = [grams(text) for text in old], [grams(text) for text in new]
    best: dict[tuple[int, int], float] = {}
    step: dict[tuple[int, int], str] = {}
    for i in range(len(old) - 1, -1, -1):
        middle = i * len(new) // len(old)
        for j in range(min(middle + REACH, len(new) - 1), max(middle - REACH, 0) - 1, -1):
            holds = old[i] in new[j] or new[j] in old[i]
            alike = 1.0 if holds else likeness(grams_old[i], grams_new[j])
            ways = [(best.get((i + 1, j), 0.0), "old"), (best.get((i, j + 1), 0.0), "new")]
            if alike >= MUCH_ALIKE:
                ways.append((alike + best.get((i + 1, j + 1), 0.0), "both"))
            best[i, j], step[i, j] = max(ways, key=lambda way: way[0])
    return list(_walk(step, len(old), len(new)))


def _walk(step: dict[tuple[int, int], str], count_old: int, count_new: int) -> Iterator[tuple[int, int]]:
    """The pairs on the best way. Where the way leaves the band, it goes back to it."""
    i = j = 0
    while i < count_old and j < count_new:
        way = step.get((i, j)) or ("new" if j < i * count_new // count_old else "old")
        if way == "both":
            yield i, j
        i, j = i + (way != "new"), j + (way != "old")


# -- within a sentence


def _within(old: str, new: str, purse: _Purse) -> Iterable[Run]:
    if old == new:
        return _run("same", old)
    if not old or not new:
        return [*_run("gone", old), *_run("new", new)]
    cut = _TOKEN if max(len(old), len(new)) <= LONG else _CLAUSE
    before, after = cut.findall(old), cut.findall(new)
    start, end = _ends(before, after)
    middle = slice(start, len(before) - end), slice(start, len(after) - end)
    runs = [
        *_run("same", "".join(before[:start])),
        *_compared(before[middle[0]], after[middle[1]], purse),
        *_run("same", "".join(before[len(before) - end :])),
    ]
    return _without_confetti(list(_joined(runs)))


def _compared(old: list[str], new: list[str], purse: _Purse) -> Iterator[Run]:
    if not purse.pays(old, new):
        yield from (*_run("gone", "".join(old)), *_run("new", "".join(new)))
        return
    for tag, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from _run("same", "".join(old[i:i_end]))
        else:
            yield from (*_run("gone", "".join(old[i:i_end])), *_run("new", "".join(new[j:j_end])))


def _run(kind: RunKind, text: str) -> list[Run]:
    return [Run(kind, text)] if text else []


def _without_confetti(runs: list[Run]) -> Iterator[Run]:
    """The runs, where what stayed between two changes is given up if it is small beside both of them."""
    stretches = [list(group) for _, group in groupby(runs, lambda run: run.kind == "same")]
    sizes = [max(len(run.text) for run in stretch) for stretch in stretches]
    for at, stretch in enumerate(stretches):
        is_island = stretch[0].kind == "same" and 0 < at < len(stretches) - 1
        if is_island and sizes[at] <= min(SMALL, sizes[at - 1], sizes[at + 1]):
            yield from (Run("gone", stretch[0].text), Run("new", stretch[0].text))
        else:
            yield from stretch


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """The runs with each change as one: all that is gone, then all that is new."""
    for is_same, group in groupby(runs, lambda run: run.kind == "same"):
        found = list(group)
        kinds: tuple[RunKind, ...] = ("same",) if is_same else ("gone", "new")
        for kind in kinds:
            yield from _run(kind, "".join(run.text for run in found if run.kind == kind))
