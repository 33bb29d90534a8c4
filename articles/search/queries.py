"""What somebody typed into the search field. Pure.

Words are parted by spaces, of full width too, and an article has to hold all of them. A word is found as it was typed
or, behind that, in its parts: 石破首相 in 石破茂首相, 防衛費増額 in 防衛費を増額.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from articles.search.dictionary import split
from articles.search.words import is_wide, pairs, phrase, runs
from articles.text import fold

LONGEST = 100  # characters
MOST = 8  # words


@dataclass(frozen=True)
class Phrase:
    """Runs of letters that stand one behind the other."""

    runs: tuple[str, ...]

    @cached_property
    def tokens(self) -> tuple[list[str], bool]:
        """As an index holds them, and whether the last one only begins so."""
        return phrase(list(self.runs))

    def implies(self, other: "Phrase") -> bool:
        """Whether the other stands wherever this one does, as 電車 does where 路面電車 stands."""
        (mine, goes_on), (theirs, begins) = self.tokens, other.tokens
        whole = mine[:-1] if goes_on else mine  # of the last one only the beginning is known then
        *before, last = theirs
        return any(
            whole[at : at + len(before)] == before
            and (mine[at + len(before)].startswith(last) if begins else whole[at + len(before) :][:1] == [last])
            for at in range(len(mine) - len(before))
        )


Condition = Sequence[Sequence[Phrase]]  # any of these, and of each of them all


@dataclass(frozen=True)
class Word:
    """One word that was typed: the phrase it is, and the ways in which its parts may stand for it."""

    exact: Phrase
    parted: tuple[tuple[Phrase, ...], ...] = ()

    @cached_property
    def either(self) -> Condition:
        """As it is or in parts; ways of which others find everything are left out, for each is looked for."""
        kept: list[Sequence[Phrase]] = []
        for way in [(self.exact,), *self.parted]:
            if not any(_implies(way, other) for other in kept):
                kept = [*(other for other in kept if not _implies(other, way)), way]
        return kept

    @property
    def phrases(self) -> list[Phrase]:
        """All phrases that are marked where they stand: it, and its parts."""
        return list(dict.fromkeys([self.exact, *(part for way in self.parted for part in way)]))


def _implies(way: Sequence[Phrase], other: Sequence[Phrase]) -> bool:
    return all(any(mine.implies(phrase) for mine in way) for phrase in other)


def read(typed: str) -> list[Word]:
    """The words of a query; what is beyond the limits is passed over. Empty where there is nothing to look for."""
    found = (tuple(runs(word)) for word in fold(typed[:LONGEST]).split(" "))
    distinct = dict.fromkeys(word for word in found if word)
    return [Word(Phrase(word), _parted(word)) for word in distinct][:MOST]


def near(words: Iterable[Word]) -> list[Phrase]:
    """What to look for where nothing was found: the words by themselves, or the pairs of letters of a single one."""
    words = list(words)
    if len(words) > 1:
        return [word.exact for word in words]
    distinct = dict.fromkeys(pair for word in words for run in word.exact.runs for pair in _pieces(run))
    return [Phrase((piece,)) for piece in distinct][: 2 * MOST]


def _pieces(run: str) -> Iterator[str]:
    if is_wide(run) and len(run) > 2:
        yield from pairs(run)
    else:
        yield run


# A word's parts: where the script changes; and kanji that stand together, at any place that leaves two on both sides.
_SCRIPTS = re.compile("[\u3041-\u3096]+|[\u30a1-\u30faー]+|[^\u3041-\u3096\u30a1-\u30faー]+")
_HIRAGANA = re.compile("[\u3041-\u3096]+")
_KANJI = re.compile("[々\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]{4,}")
_PARTICLES = {*"のをにはがとでもへや", "から", "まで", "より", "など", "では", "には", "とは", "での", "への"}
_MOST_WAYS = 12


def _parted(wanted: tuple[str, ...]) -> tuple[tuple[Phrase, ...], ...]:
    told = [part for run in wanted for part in (_words(run) if is_wide(run) else [run])]
    ways = [*split("".join(wanted)), *islice(_ways(told), _MOST_WAYS)]
    as_phrases = (tuple(dict.fromkeys(Phrase((part,)) for part in way)) for way in ways)
    whole = (Phrase(wanted),)
    return tuple(dict.fromkeys(way for way in as_phrases if way != whole and _says_enough(way)))


def _says_enough(way: Sequence[Phrase]) -> bool:
    """A single letter is found in too much to tell anything beside another word."""
    return bool(way) and all(len("".join(part.runs)) > 1 for part in way)


def _words(run: str) -> list[str]:
    """Where the script changes a word begins, but kana behind kanji are its ending; particles are no words."""
    found: list[str] = []
    begins = True
    for part in _SCRIPTS.findall(run):
        is_ending = found and not begins and _HIRAGANA.fullmatch(part)
        if part in _PARTICLES and found:
            begins = True
        elif is_ending:
            found[-1] += part
        else:
            found.append(part)
            begins = False
    return found


def _ways(parts: Sequence[str]) -> Iterator[list[str]]:
    """Every way to part these, the fewest parts first."""
    if not parts:
        yield []
        return
    first, *others = parts
    for way in _cuts(first):
        for rest in _ways(others):
            yield [*way, *rest]


def _cuts(part: str) -> Iterator[list[str]]:
    yield [part]
    if _KANJI.fullmatch(part):
        for at in range(2, len(part) - 1):
            for rest in _cuts(part[at:]):
                yield [part[:at], *rest]
