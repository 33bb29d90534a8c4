"""Statements that no source card bears out: dates, numbers and names of the text that stand on none of its cards.

Japanese writes no spaces between words, and no dictionary is asked here: names are told by their shape (katakana, a
title behind them, an ending as of a place, an institution or an event) or by a short list. So this is a list for the
editor to look through, never a verdict: a statement may be right, and its card only short.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks import places
from articles.checks.findings import Found, Proof
from articles.checks.rules import rule
from articles.checks.words import COMMON_KATAKANA, EVENTS, NAMES, NOT_NAMES, PLACES, TITLES
from articles.document import Document
from articles.text import fold

CHECKED = frozenset({"lead", "question", "answer", "body"})
MOST_NAMED = 8  # in one finding; more would be noise


@rule(gettext_lazy("dates, numbers and names that no key point or caption contains"))
def unsupported_statement(proof: Proof) -> Iterator[Found]:
    cards = Cards(proof.document)
    told: set[str] = set()  # a word is named where it stands first
    if not cards.text:
        return
    for place, text in ((each.place, each.text) for each in proof.texts if each.field in CHECKED):
        missing = [
            words for words in dict.fromkeys(statements(text)) if words.key not in told and not cards.support(words)
        ]
        told.update(words.key for words in missing)
        if missing:
            named = "、".join(words.shown for words in missing[:MOST_NAMED])
            more = "…" * (len(missing) > MOST_NAMED)
            yield Found(place, _("On no source card: %(words)s") % {"words": named + more})


class Statement(NamedTuple):
    """A date, a number or a name of a text. Two are the same where `key` is."""

    kind: str
    shown: str  # as it is written
    key: str


class Day(NamedTuple):
    """A date as far as it is told: 2025年1月 has no day, 24日 has neither year nor month."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def is_part_of(self, other: "Day") -> bool:
        """Whether everything that is told here is told there, too."""
        return all(mine is None or mine == theirs for mine, theirs in zip(self, other, strict=True))


# Finding them

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_DATE = re.compile(  # of folded text; 2年間, 3か月 and 2026年度 are numbers
    r"""
    (?: (?P<era>令和|平成|昭和) (?P<era_year>\d{1,2}|元) | (?<!\d) (?P<year>\d{4}) ) 年 (?![間度])
        (?: (?P<month>\d{1,2}) 月 (?!間) (?: (?P<day>\d{1,2}) 日 )? )?
    | (?<![\d/.\-]) (?P<year2>\d{4}) [/.\-] (?P<month2>\d{1,2}) (?: [/.\-] (?P<day2>\d{1,2}) )? (?![\d/])
    | (?<![\d/.\-]) (?P<month3>\d{1,2}) 月 (?!間) (?: (?P<day3>\d{1,2}) 日 )?
    | (?<![\d/.\-]) (?P<day4>\d{1,2}) 日 (?![間目])
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(
    r"""
    (?<! [\d.a-z] )
    (?P<number> \d[\d,]* (?:\.\d+)? (?: [百千]? [万億兆] (?:\d[\d,]*)? | [百千] )* )
    (?P<unit>
        % | [a-z]{1,4} (?![a-z]) | (?:時|週|年|日|か月)間 | [かカヶ]月 | 年度 | 車線 | [一-龠] | [ァ-ヶ][ァ-ヶー]*
    )?
    """,
    re.VERBOSE,
)
_SCALES = {"百": 100, "千": 1000, "万": 10**4, "億": 10**8, "兆": 10**12}
_PLAIN = re.compile(r"\]\([^()\s]*\)|https?://[!-~]+")  # addresses in the text state nothing

_KANJI = "一-龠々〆ヶ"
_KATAKANA = re.compile(r"[ァ-ヴー]{3,}(?:[・=][ァ-ヴー]+)*")
_LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*")
_PERSON = re.compile(
    rf"(?P<name>[{_KANJI}]{{1,8}}?|[ァ-ヴー・=]{{2,}}[{_KANJI}]{{0,4}}?)(?:{'|'.join(TITLES)})(?![{_KANJI}])"
)
_COMPOUND = re.compile(rf"[{_KANJI}]{{2,}}")
_LISTED = re.compile("|".join(sorted(NAMES, key=len, reverse=True)))
_ENDING = re.compile(rf"(?:{'|'.join(sorted({*PLACES, *EVENTS}, key=len, reverse=True))})$")


def statements(text: str) -> Iterator[Statement]:
    """The dates, numbers and names of a text, those of a kind in their order."""
    text = _PLAIN.sub(" ", text)
    folded = fold(text)
    for found, day in _dates(folded):
        yield Statement("date", found, str(tuple(day)))
    for found, value, unit in _numbers(_DATE.sub(" ", folded)):
        yield Statement("number", found, f"{value}{unit[:1]}")
    for name in _names(_NUMBER.sub(" ", _DATE.sub(" ", unicodedata.normalize("NFKC", text)))):
        yield Statement("name", name, fold(name))


def _dates(folded: str) -> Iterator[tuple[str, Day]]:
    for found in _DATE.finditer(folded):
        day = _day(found)
        if (day.month is None or 1 <= day.month <= 12) and day != Day(day=1):  # 1日 alone is mostly "a day"
            yield found.group(), day


def _day(found: "re.Match[str]") -> Day:
    told = {name.rstrip("234"): int(value) for name, value in found.groupdict().items() if value and value.isdecimal()}
    if found["era"]:
        told["year"] = _ERAS[found["era"]] + told.pop("era_year", 1)  # 元年 is the first year
    return Day(**told)


def _numbers(folded: str) -> Iterator[tuple[str, float, str]]:
    for found in _NUMBER.finditer(folded):
        unit = found["unit"] or ""
        value = _value(found["number"])
        if value > 2 or unit in ("%", "割", "倍", "度"):  # one or two of something are hardly ever the news
            yield found.group(), value, unit


def _value(number: str) -> float:
    """1万9千 → 19000, 3億8千万 → 380000000, 1,380 → 1380."""
    total = part = 0.0
    for piece in re.findall(r"\d+(?:\.\d+)?|[百千万億兆]", number.replace(",", "")):
        scale = _SCALES.get(piece)
        if scale is None:
            part += float(piece)
        elif scale < 10**4:
            part = (part or 1) * scale
        else:
            total, part = total + (part or 1) * scale, 0.0
    return total + part


def _names(text: str) -> Iterator[str]:
    for found in _KATAKANA.finditer(text):
        if found.group() not in COMMON_KATAKANA:
            yield found.group()
    yield from (found.group() for found in _LATIN.finditer(text))
    for found in _COMPOUND.finditer(text):
        yield from _names_in_compound(found.group())
    for found in _PERSON.finditer(text):
        if found["name"] not in NOT_NAMES and not _KATAKANA.search(found["name"]):
            yield found["name"]


def _names_in_compound(run: str) -> Iterator[str]:
    if run in NOT_NAMES:
        return
    if len(run) > 2 and _ENDING.search(run) and not _is_person(run):
        yield run
    else:
        yield from (found.group() for found in _LISTED.finditer(run))


def _is_person(run: str) -> bool:
    return any(run.endswith(title) for title in TITLES)


# Looking for them on the cards


@dataclass(frozen=True)
class Cards:
    """What stands on the source cards of an article: captions, key points, publishers and dates."""

    document: Document

    @cached_property
    def text(self) -> str:
        """All of it, folded."""
        pieces = (
            piece
            for _place, source in places.sources(self.document)
            for piece in (source.caption, source.site_name, *source.key_points)
        )
        return fold("\n".join(pieces))

    @cached_property
    def days(self) -> set[Day]:
        published = (source.published_on for source in self.document.sources if source.published_on)
        return {day for _found, day in _dates(self.text)} | {Day(on.year, on.month, on.day) for on in published}

    @cached_property
    def numbers(self) -> set[tuple[float, str]]:
        return {(value, unit[:1]) for _found, value, unit in _numbers(self.text)}

    @cached_property
    def values(self) -> set[float]:
        return {value for value, _unit in self.numbers}

    def support(self, words: Statement) -> bool:
        """Whether the cards say that, in whatever notation."""
        if words.kind == "date":
            return any(stated.is_part_of(day) for _found, stated in _dates(words.shown) for day in self.days)
        if words.kind == "number":
            return all(self._holds(value, unit) for _found, value, unit in _numbers(words.shown))
        return self._names(words.key)

    def _holds(self, value: float, unit: str) -> bool:
        """The number with its unit; a large one or one without unit with any."""
        return (value, unit[:1]) in self.numbers or (value in self.values and (not unit or value >= 1000))

    def _names(self, name: str) -> bool:
        """The name, or every part of a compound: 日米防衛相会談 is borne out by 日米 and 防衛相 and 会談."""
        return name in self.text or bool(_COMPOUND.fullmatch(name) and self._covers(name))

    def _covers(self, compound: str) -> bool:
        """Whether the compound can be cut into parts of at least two characters that all stand on the cards.

        A part may be longer by one character that builds words (省, 化, 新), but not consist of it.
        """
        reached = {0}
        for end in range(2, len(compound) + 1):
            if any(end - start >= 2 and compound[start:end] in self.text for start in reached):
                reached.add(end)
        return len(compound) in reached
