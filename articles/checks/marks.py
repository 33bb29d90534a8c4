"""Rules about single signs: marks of the typesetting left behind, brackets, kana, digits, doubled words."""

import re
import unicodedata
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.findings import Found, Level, Proof
from articles.checks.rules import rule

# What editors and typesetting put in place of something to come, and what no reader should see. U+FFFD is a character
# that some program could not read.
_REMOVABLE = (
    r"[(（](?:[?？!！]|はてな|びっくり|疑問符|感嘆符)マーク[)）]"
    r"|[(（【\[](?:仮|仮題|仮見出し|要確認|差し替え)[)）】\]]"
)
_TO_FILL = (
    r"〓+|●{2,}|[○◯〇●XＸxｘ]{2,4}(?=[年月日時]|万?円)|[?？]{3,}|\ufffd+"
    r"|(?<![A-Za-z0-9])(?:TODO|FIXME|TBD)(?![A-Za-z0-9])|ここに(?:本文|見出し|タイトル|説明|画像)を?(?:入れる|入る|入ります)?"
)
_LEFT_OVER = re.compile(f"{_REMOVABLE}|{_TO_FILL}")


@rule(gettext_lazy("left-over mark of the typesetting, or something still to be filled in"), Level.REQUIRED)
def left_over_mark(proof: Proof) -> Iterator[Found]:
    for place, text in proof.texts:
        marks = list(dict.fromkeys(_LEFT_OVER.findall(text)))
        if marks:
            removable = all(re.fullmatch(_REMOVABLE, mark) for mark in marks)
            said = _("%(marks)s is left over from writing.") % {"marks": "、".join(marks)}
            yield Found(place, said, _LEFT_OVER.sub("", text) if removable else None)


_EMPTY = re.compile(r"[(（][ 　]*[)）]|「[ 　]*」|『[ 　]*』|【[ 　]*】|〔[ 　]*〕|〈[ 　]*〉|《[ 　]*》|“[ 　]*”")


@rule(gettext_lazy("brackets with nothing in them"))
def empty_brackets(proof: Proof) -> Iterator[Found]:
    for place, text in proof.texts:
        found = _EMPTY.search(text)
        if found:
            said = _("The brackets %(brackets)s are empty.") % {"brackets": found.group()}
            yield Found(place, said, _EMPTY.sub("", text))


_PAIRS = dict(zip("」』）)】〕〉》”", "「『（（【〔〈《“", strict=True))  # half and full width may be paired
_NUMBERING = re.compile(r"^[ 　]*[0-9０-９A-Za-zア-ンｱ-ﾝ]{1,2}[)）]", re.MULTILINE)  # "1)" opens no bracket
_FACES = re.compile(r"[:;][)(]|[(（][^()（）]{0,2}[*＾^][^()（）]{0,6}[)）]")


@rule(gettext_lazy("bracket that is opened and not closed, or the other way round"))
def unbalanced_brackets(proof: Proof) -> Iterator[Found]:
    for place, text in proof.texts:
        lonely = _lonely_bracket(_FACES.sub("", _NUMBERING.sub("", text)))
        if lonely:
            yield Found(place, _("The bracket %(bracket)s has no counterpart.") % {"bracket": lonely})


def _lonely_bracket(text: str) -> str:
    open_ones: list[str] = []
    for sign in text:
        if sign in "「『（(【〔〈《“":
            open_ones.append(sign)
        elif sign in _PAIRS and (not open_ones or open_ones.pop().replace("(", "（") != _PAIRS[sign]):
            return sign
    return open_ones[-1] if open_ones else ""


_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]+")


@rule(gettext_lazy("half-width kana"))
def half_width_kana(proof: Proof) -> Iterator[Found]:
    for place, text in proof.texts:
        found = _HALF_WIDTH_KANA.search(text)
        if found:
            said = _("%(kana)s is written in half-width kana.") % {"kana": found.group()}
            yield Found(place, said, _HALF_WIDTH_KANA.sub(_normal, text))


def _normal(found: "re.Match[str]") -> str:
    return unicodedata.normalize("NFKC", found.group())


_WIDE_DIGITS = re.compile("[０-９]+")


@rule(gettext_lazy("full-width digits in an article that writes half-width ones"), Level.OFF)
def mixed_digits(proof: Proof) -> Iterator[Found]:
    narrow = sum(char in "0123456789" for _place, text in proof.texts for char in text)
    wide = [(place, text) for place, text in proof.texts if _WIDE_DIGITS.search(text)]
    if narrow:
        for place, text in wide:
            yield Found(
                place, _("Digits are full-width here and half-width elsewhere."), _WIDE_DIGITS.sub(_normal, text)
            )


# A particle typed twice between words; ものの, はは and the like are words. A comma typed twice.
_TWICE = re.compile(
    r"(?<=[一-龠々ァ-ヶーA-Za-z0-9」』）)])(?:のの|がが|をを|にに|とと|でで)(?=(?!字)[一-龠々ァ-ヶA-Za-z0-9「『（(、])|をを|、、|(?<!。)。。(?!。)"
)
_SAME_TWICE = re.compile(  # whole words only: メニューニュース repeats nothing
    r"(?<![一-龠々])(?P<kanji>[一-龠々]{3,12})(?P=kanji)(?![一-龠々])|(?<![ァ-ヶー])(?P<kana>[ァ-ヶー]{3,12})(?P=kana)(?![ァ-ヶー])"
)


@rule(gettext_lazy("word or sign typed twice"))
def repeated_word(proof: Proof) -> Iterator[Found]:
    for place, text in proof.texts:
        yield from _typed_twice(place, text, _TWICE, lambda found: found.group()[0])
        yield from _typed_twice(place, text, _SAME_TWICE, lambda found: found["kanji"] or found["kana"])


def _typed_twice(
    place: str, text: str, pattern: "re.Pattern[str]", once: "Callable[[re.Match[str]], str]"
) -> Iterator[Found]:
    found = pattern.search(text)
    if found:
        said = _("%(word)s stands there twice: %(where)s") % {"word": once(found), "where": _around(found)}
        yield Found(place, said, pattern.sub(once, text))


def _around(found: "re.Match[str]") -> str:
    start, end = max(found.start() - 5, 0), found.end() + 5
    return "…" * (start > 0) + found.string[start:end].replace("\n", " ") + "…" * (end < len(found.string))
