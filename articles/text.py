"""Japanese text: cleaning, readings, folding, excerpts, dates and a sentence's voice. Pure: no Django models."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

# Everything that some system takes for the end of a line (Unicode UAX #14, classes BK, CR, LF, NL).
LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")

# Characters dropped from every text: controls, halves of surrogate pairs, non-characters, and what is invisible and
# turns text around (bidi controls, Unicode UAX #9) or hides in names (zero-width marks). U+200D, the joiner, stays:
# emoji are built with it. So do private-use characters: they are the gaiji of old texts.
UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)


def line(value: str) -> str:
    """One clean line: NFC (never NFKC: full-width letters are the writer's), nothing unwanted, no outer space.

    Tabs and ends of lines become spaces.
    """
    return unicodedata.normalize("NFC", UNWANTED.sub("", LINE_END.sub(" ", value).replace("\t", " "))).strip()


def block(value: str) -> str:
    """Clean lines without empty ones between them: in the house layout every line is a paragraph."""
    lines = (line(part) for part in LINE_END.split(value))
    return "\n".join(part for part in lines if part)


# Readings as Aozora Bunko writes them (www.aozora.gr.jp/annotation/etc.html): 帆影港《ほかげこう》 over the kanji
# before, among them 仝々〆〇ヶ, ｜エキ《駅》 over what follows the bar. Without a bar a reading has no kanji itself,
# for 組曲《港の四季》 is a title. Brackets in brackets are no reading, and a backslash keeps a mark.
LONGEST_READING = 30  # letters, as of what stands after a bar
_KANJI = "仝々〆〇ヶ\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\ufe00-\ufe0f\U000e0100-\U000e01ef"
_READING = re.compile(
    r"\\(?P<kept>[｜《》])"
    r"|(?P<nested>《[^《》]*(?:《[^《》]*》[^《》]*)+》)"
    rf"|(?:｜(?P<barred>(?!\s*《)[^｜《》\\\n]{{1,{LONGEST_READING}}})《(?P<any>(?!\s*》)[^｜《》\\\n]{{1,{LONGEST_READING}}})》)"
    rf"|(?<![{_KANJI}])(?P<kanji>[{_KANJI}]{{1,{LONGEST_READING}}})"
    rf"《(?P<kana>(?!\s*》)[^｜《》\\\n{_KANJI}]{{1,{LONGEST_READING}}})》"
)


def with_readings(value: str) -> Iterator[tuple[str, str]]:
    """The text in parts, each with its reading, which is empty where none is given. Their marks are gone."""
    start = 0
    for mark in _READING.finditer(value):
        yield value[start : mark.start()], ""
        yield mark["kept"] or mark["nested"] or mark["barred"] or mark["kanji"], mark["any"] or mark["kana"] or ""
        start = mark.end()
    yield value[start:], ""


def without_ruby(value: str) -> str:
    """The text without readings, for wherever only plain words can stand."""
    return "".join(words for words, _ in with_readings(value))


def excerpt(value: str, width: int) -> str:
    """The beginning of a text in at most `width` full-width columns (a half-width letter counts a half), ended by …."""
    flat = " ".join(value.split())
    used = 0
    for index, char in enumerate(flat):
        used += 2 if unicodedata.east_asian_width(char) in "FWA" else 1
        if used > 2 * width:
            return flat[: max(index - 1, 0)].rstrip() + "…"
    return flat


def fold(value: str) -> str:
    """The form in which texts are compared and searched: NFKC, without case, every space a single half-width one."""
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


_HIRAGANA = "".join(map(chr, range(0x3041, 0x3097)))
_KATAKANA = "".join(map(chr, range(0x30A1, 0x30F7)))
_TO_KATAKANA, _TO_HIRAGANA = str.maketrans(_HIRAGANA, _KATAKANA), str.maketrans(_KATAKANA, _HIRAGANA)


def kana_forms(value: str) -> set[str]:
    """The text as it is, with its kana all in katakana, and all in hiragana: ミナト, みなと."""
    return {value, value.translate(_TO_KATAKANA), value.translate(_TO_HIRAGANA)}


# Where a sentence can end, and the brackets inside which no sentence of the surrounding text ends.
_SENTENCE_SIGN = re.compile("[「『（(【〈《“」』）)】〉》”]|[。．！？!?]+")
_OPENING, _CLOSING = "「『（(【〈《“", "」』）)】〉》”"


def sentences(value: str) -> list[str]:
    """The sentences of a line, each with its end mark; quotations and brackets belong to the sentence around them.

    A bracket that is never closed does not swallow the rest: from there on, brackets are passed over.
    """
    found, rest = _sentences(value, heed_brackets=True)
    if rest and any(bracket in rest for bracket in _OPENING):
        found, rest = [*found, *_sentences(rest, heed_brackets=False)[0]], ""
    return [part for part in (*found, rest.strip()) if part]


def _sentences(value: str, heed_brackets: bool) -> tuple[list[str], str]:
    found, start, depth = [], 0, 0
    for sign in _SENTENCE_SIGN.finditer(value):
        if sign.group() in _OPENING:
            depth += heed_brackets
        elif sign.group() in _CLOSING:
            depth = max(depth - 1, 0)
        elif not depth:
            found.append(value[start : sign.end()].strip())
            start = sign.end()
    rest = value[start:]
    return (found, rest) if heed_brackets else ([*found, rest.strip()], "")


# How a commentator's sentence ends: it turns to the reader (ね, よ, ましょう, ください), says what the speaker thinks,
# feels, wishes or finds, or asks. A plain でしょう is not among them: reports use it for forecasts.
_SPEAKS = re.compile(
    r"(?:(?:です|ます|ました|でした|ません|でしょう|だ|だった|[いたる])(?:よ|ね|よね|よな|かな)"
    r"|ましょう|ましょうか|でしょうか|だろうか|ませんか|かな|かしら|ください|下さい|ないか"
    r"|思い(?:ます|ました)|思って(?:い|おり)ます|思え(?:ます|てなりません)|思う|思うのです"
    r"|感じ(?:ます|ました|ています|ております|られます|てなりません|る)"
    r"|たい(?:です|ものです|ところです|ところだ)|(?:[てで](?:いき|み)|注目し|期待し|見守り|願い|祈り|応援し|歓迎し)たい"
    r"|(?:期待|注目|応援|心配|感謝|歓迎)(?:して(?:い|おり)ます|します|です)|期待(?:でき|が持て|が高まり)ます"
    r"|(?:願|祈)(?:って(?:い|おり)ます|います|うばかりです|るばかりです)"
    r"|楽しみ(?:です|にしています|でなりません)|気に(?:なります|かかります|なるところです)|気がします"
    r"|(?:うれし|嬉し|悲し|寂し|頼もし|心強|心配|残念|素晴らし|すばらし|ほし|欲し|ありがた)(?:い?です|い限りです|い?でした)"
    r"|ですから|ますから|ますけど|ですけど|ですが|かもしれませんね)$"
)
# Hopes that a report may voice as well, of the people it is about.
_HOPES = re.compile(
    r"(?:期待され(?:ます|ています)|望まれ(?:ます|ています)|(?:期待|注目|心配|歓迎|感謝)して(?:い|おり)ます|"
    r"(?:願|祈|思)って(?:い|おり)ます|感じて(?:い|おり)ます|待たれます)$"
)
_SOMEBODY = re.compile(
    r"^[^、。「」]{0,30}?(?:氏|さん|様|[市町村県府都国社家長者員人校院生省庁署局側団]|(?<!機)会|団体|住民|[市町村区]民"
    r"|政府|業界|店主|組合|労組|連盟|ら|たち)(?:は|も|では|からは)"
)
_OURSELVES = re.compile(r"^(?:私|わたし|僕|ぼく|我々|われわれ|みな|皆)")
_TRAILING = re.compile(r"(?:（[^（）]*）|\([^()]*\))$")
_END_SIGNS = "。．.！!？?…‥〜～ー♪☆♡♥ 　"


def is_commentary(sentence: str) -> bool:
    """True where a sentence is a commentator speaking to the reader, false where it reports.

    Judged by its end, as Japanese marks the speaker's stance there. A hope counts as commentary unless the sentence
    names whose it is (住民は…を願っています is a report).
    """
    end = _sentence_end(sentence)
    if _HOPES.search(end):
        return not _SOMEBODY.match(sentence) or bool(_OURSELVES.match(sentence))
    return bool(_SPEAKS.search(end))


def is_firm_commentary(sentence: str) -> bool:
    """True for commentary that could not stand in a report: 期待されます, said of nobody, could."""
    return is_commentary(sentence) and not _PASSIVE_HOPE.search(_sentence_end(sentence))


_PASSIVE_HOPE = re.compile("(?:され(?:ます|ています)|まれ(?:ます|ています)|待たれます|ですから|ますから|ですが)$")


def _sentence_end(sentence: str) -> str:
    """The last few words, without end marks, laughter in brackets or emoji."""
    end = sentence[-60:].rstrip(_END_SIGNS)
    end = _TRAILING.sub("", end)
    while end and unicodedata.category(end[-1]) in ("So", "Sk", "Mn", "Cf"):
        end = end[:-1]
    return end.rstrip(_END_SIGNS)


_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
_DATE = re.compile(
    r"(?:西暦\s*)?(?:(?P<era>令和|平成|昭和|大正|明治)\s*)?(?P<year>\d{1,4}|元)\s*(?:年|[/／.．\-－‐‑–−])\s*"
    r"(?P<month>\d{1,2})\s*(?:月|[/／.．\-－‐‑–−])\s*(?P<day>\d{1,2})(?!\d)(?:\s*日)?"
    r"(?:\s*[（(][月火水木金土日](?:曜日?)?[)）])?"
)


# The first day of each era, the newest first. Meiji is reckoned from 1873, its sixth year, for until then Japan had the
# lunar calendar, and the days of its months were others (太政官布告第337号, 1872).
_ERAS_BEGAN = (
    (date(2019, 5, 1), "令和"),
    (date(1989, 1, 8), "平成"),
    (date(1926, 12, 25), "昭和"),
    (date(1912, 7, 30), "大正"),
    (date(1873, 1, 1), "明治"),
)


def wareki(day: date) -> str:
    """The day by its era: 令和8年4月1日, 令和元年5月1日. Before 1873 by the western calendar."""
    return f"{_era_year(day)}{day.month}月{day.day}日"


def wareki_month(first: date) -> str:
    """The month that begins on that day, with both years where an era began in it: 昭和64年・平成元年1月."""
    last = first.replace(day=28) + timedelta(days=4)
    return f"{_era_years(first, last - timedelta(days=last.day))}{first.month}月"


def wareki_year(year: int) -> str:
    """The year: 令和8年, or 平成31年・令和元年, where an era began in it."""
    return _era_years(date(year, 1, 1), date(year, 12, 31))


def _era_years(first: date, last: date) -> str:
    return "・".join(dict.fromkeys(map(_era_year, (first, last))))


def _era_year(day: date) -> str:
    for began, era in _ERAS_BEGAN:
        if day >= began:
            year = day.year - _ERAS[era]
            return f"{era}{'元' if year == 1 else year}年"
    return f"{day.year}年"


def leading_date(value: str) -> tuple[date | None, int]:
    """The date at the beginning of a text, and how many characters it takes (0: there is none).

    Reads 2025/03/22, 2025-03-22, 2025.3.22, 2025年3月22日 and 令和7年3月22日, in half-width or full-width digits, with
    the day of the week in brackets. A year of fewer than four digits needs its era. None, with a length, is a date
    that does not exist, such as 30 February.
    """
    found = _DATE.match(value)
    if not found or (not found["era"] and len(found["year"]) < 4):
        return None, 0
    year = 1 if found["year"] == "元" else int(found["year"])
    if found["era"]:
        year = year + _ERAS[found["era"]] if year else 0
    try:
        return date(year, int(found["month"]), int(found["day"])), found.end()
    except ValueError:
        return None, found.end()
