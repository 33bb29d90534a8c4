"""The marks of a manuscript: how a line, or a part of a glued line, says what it is.

In the house layout most lines carry no mark and are known by their place (`articles.manuscripts.places`):

    title · lead heading · lead · then for each section
    heading · question · answer · caption
    公開日:2025/03/22
    ✅ key point                        also ☑ ✔ ✓
    さらに読む ⇒PUBLISHER               also 続きを読む, もっと読む and → ➡ =>
    出典/画像元: https://…              出典: for the text alone, 画像元: for the picture alone
    画像: file-name.jpg                 a stored picture
    💬 NAME: comment                    one line, one comment; before the report it opens, after it it closes
    report, a paragraph a line
    then  まとめ 💬 NAME: remark        on the whole article
    💡 takeaway                         also 🔆
    タグ: 港、観光                      after the title or at the end

Where a line could be mistaken, it can carry a label instead: 題: リード見出し: リード: 見出し: 問: 答: 要旨: 本文:.
見出し: begins a section and 要旨: (the caption) a card, also with nothing after them; after a bare 本文: comments
close. A line that begins with 〃 goes on with the comment, lead or report above it. A backslash before a line, or after
a mark, says that what follows is text as it stands: `\\✅` is a tick, not a key point. In a commentator's name and in
tags a backslash stands before a sign that would end them.
"""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from unicodedata import category, normalize

from articles.text import leading_date


class Kind(Enum):
    """What a piece of text is."""

    TEXT = auto()  # no mark: known by its place
    TITLE = auto()
    LEAD_HEADING = auto()
    LEAD = auto()
    HEADING = auto()
    QUESTION = auto()
    ANSWER = auto()
    CAPTION = auto()
    DATE = auto()
    POINT = auto()
    MORE = auto()
    SOURCE = auto()  # a link: 出典
    CREDIT = auto()  # of the picture: 画像元
    SOURCE_AND_CREDIT = auto()  # 出典/画像元
    PUBLISHER = auto()  # a name where the link is expected
    IMAGE = auto()
    COMMENT = auto()  # opens or closes, by its place
    OPENING = auto()
    BODY = auto()
    CLOSING = auto()
    REMARK = auto()  # on the whole article
    MORE_TEXT = auto()  # 〃
    TAKEAWAY = auto()
    TAGS = auto()
    NO_DATE = auto()  # behind 公開日 without being a date
    NO_LINK = auto()  # an address that is neither http nor https
    LEFT_OVER = auto()  # of a line whose mark is read


CARD = frozenset(
    {Kind.DATE, Kind.POINT, Kind.MORE, Kind.SOURCE, Kind.CREDIT, Kind.SOURCE_AND_CREDIT, Kind.PUBLISHER, Kind.IMAGE}
    | {Kind.NO_DATE, Kind.NO_LINK}
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A line or a part of one. `shown` is what stands in the text, `value` what it says without mark and escape."""

    line: int
    kind: Kind
    shown: str
    value: str
    name: str = ""
    tags: tuple[str, ...] = ()
    literal: bool = False
    glued: bool = False

    def as_(self, kind: Kind) -> "Piece":
        """The same piece, understood as another kind."""
        return replace(self, kind=kind)


_ARROW = r"(?:⇒|→|➡|➔|⇨|▶|=>|＝＞|＝>)\ufe0f?"
_READ_ON = rf"(?:さらに読む|続きを読む|もっと読む)\s*{_ARROW}"
_BOTH = r"(?:出典\s*[/／・]\s*画像元|画像元\s*[/／・]\s*出典)\s*[:：]"
_LABELS = {
    Kind.SOURCE_AND_CREDIT: _BOTH,
    Kind.SOURCE: r"出典\s*[:：]",
    Kind.CREDIT: r"画像元\s*[:：]",
    Kind.IMAGE: r"画像\s*[:：]",
    Kind.DATE: r"公開日\s*(?:[:：]|(?=\d))",
    Kind.POINT: r"[✅☑✔✓🗹]\ufe0f?",
    Kind.MORE: rf"(?:{_READ_ON}|(?:さらに読む|続きを読む|もっと読む)\s*[:：])",
    Kind.REMARK: r"まとめ\s*[💬🗨]\ufe0f?",
    Kind.COMMENT: r"[💬🗨]\ufe0f?",
    Kind.TAKEAWAY: r"[💡🔆]\ufe0f?",
    Kind.MORE_TEXT: r"〃",
    Kind.TITLE: r"題\s*[:：]",
    Kind.LEAD_HEADING: r"リード見出し\s*[:：]",
    Kind.LEAD: r"リード\s*[:：]",
    Kind.HEADING: r"見出し\s*[:：]",
    Kind.QUESTION: r"問\s*[:：]",
    Kind.ANSWER: r"答\s*[:：]",
    Kind.CAPTION: r"要旨\s*[:：]",
    Kind.BODY: r"本文\s*[:：]",
    Kind.TAGS: r"タグ\s*[:：]",
}
_MARK = re.compile("|".join(f"(?P<{kind.name}>{label})" for kind, label in _LABELS.items()))
_READ_ON_WITHIN = re.compile(_READ_ON)
_CREDIT_WITHIN = re.compile(rf"{_BOTH}|(?:出典|画像元)\s*[:：]")

# A URL ends at its last ASCII character; one typed in full-width letters at its last full-width one.
_URL = re.compile(r"https?://[!-~]+|[hｈ][tｔ][tｔ][pｐ][sｓ]?[:：][/／][/／][!-～]+", re.IGNORECASE)
_OTHER_ADDRESS = re.compile(r"[a-zａ-ｚ][a-z0-9ａ-ｚ０-９+.\-]*[:：]\S|[/／\\]{2}", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:[\s、，,;；・]*(?=[hｈ][tｔ][tｔ][pｐ]|$))?", re.IGNORECASE)

# A name ends at the first colon that is no part of an address or a time and is not escaped.
_NAME = re.compile(r"((?:[^\\:：。！？!?「」]|\\.)*)[:：](?!//)(?!(?<=\d.)\d)")
_TAG_SIGN = re.compile(r"\\(.)|([、，,])")
_ESCAPED = re.compile(r"\\(.)")


def pieces(number: int, text: str) -> Iterator[Piece]:
    """The pieces of one clean line, in order; what they show adds up to the line, spaces aside."""
    glued = False
    while text:
        text = yield from _first(number, text, glued)
        glued = True


def is_link(value: str) -> bool:
    """True for an http or https address and nothing besides."""
    return bool(_URL.fullmatch(value))


def link(value: str) -> str:
    """A text as it is kept where an address belongs: one in full-width letters becomes half-width."""
    return normalize("NFKC", value) if not value.isascii() and is_link(value) else value


def split_tags(value: str) -> tuple[str, ...]:
    """The tags of a list separated by 、 ， or ,; a backslash keeps the sign after it."""
    parts = [""]
    last = 0
    for sign in _TAG_SIGN.finditer(value):
        parts[-1] += value[last : sign.start()] + (sign[1] or "")
        parts += [""] if sign[2] else []
        last = sign.end()
    parts[-1] += value[last:]
    return tuple(part.strip() for part in parts if part.strip())


Found = Generator[Piece, None, str]  # pieces, and in the end the rest of the line


def _first(number: int, text: str, glued: bool) -> Found:
    """The first mark of a line and what belongs to it."""
    if text.startswith("\\") and not glued:
        yield Piece(number, Kind.TEXT, text, text[1:].strip(), literal=True)
        return ""
    mark = _MARK.match(text)
    if not mark:
        return (yield from _text(number, text, glued))
    kind, value = Kind[mark.lastgroup or ""], text[mark.end() :].strip()
    if value.startswith("\\") and kind not in (Kind.TAGS, Kind.COMMENT, Kind.REMARK, Kind.DATE):
        yield Piece(number, kind, text, value[1:].strip(), literal=True)
        return ""
    return (yield from _marked(number, kind, text, mark.end()))


def _marked(number: int, kind: Kind, text: str, start: int) -> Found:
    value = text[start:].strip()
    match kind:
        case Kind.POINT:
            return (yield from _cut(number, kind, text, start, _READ_ON_WITHIN))
        case Kind.MORE:
            return (yield from _cut(number, kind, text, start, _CREDIT_WITHIN))
        case Kind.DATE:
            return (yield from _date(number, text, start))
        case Kind.SOURCE | Kind.CREDIT | Kind.SOURCE_AND_CREDIT:
            return (yield from _credit(number, kind, text, start))
        case Kind.COMMENT | Kind.REMARK:
            name, value = _speaker(value)
            yield Piece(number, kind, text, value, name=name)
        case Kind.TAGS:
            yield Piece(number, kind, text, value, tags=split_tags(value))
        case _:
            yield Piece(number, kind, text, value)
    return ""


def _text(number: int, text: str, glued: bool) -> Found:
    """A line without a mark, or what is glued behind a marked piece; bare punctuation there is nobody's sentence."""
    if glued and not any(category(char)[0] in "LN" for char in text):
        yield Piece(number, Kind.LEFT_OVER, text, text)
        return ""
    return (yield from _cut(number, Kind.TEXT, text, 0, _READ_ON_WITHIN, glued))


def _cut(number: int, kind: Kind, text: str, start: int, at: re.Pattern[str], glued: bool = False) -> Found:
    """A piece up to where another mark stands in the middle of the line."""
    found = at.search(text, start)
    end = found.start() if found else len(text)
    yield Piece(number, kind, text[:end].strip(), text[start:end].strip(), glued=glued)
    return text[end:].strip()


def _date(number: int, text: str, start: int) -> Found:
    start += len(text[start:]) - len(text[start:].lstrip())
    day, length = leading_date(text[start:])
    if not day:
        yield Piece(number, Kind.NO_DATE, text, text[start:].strip())
        return ""
    rest = text[start + length :].strip()
    yield Piece(number, Kind.DATE, text[: start + length].strip(), day.isoformat())
    if _MARK.match(rest) or not rest:
        return rest
    yield Piece(number, Kind.LEFT_OVER, rest, rest)
    return ""


def _credit(number: int, kind: Kind, text: str, start: int) -> Found:
    """A credit's name and addresses; every address after the first is a further source."""
    url = _URL.search(text, start)
    before = text[start : url.start() if url else len(text)].strip()
    if not url or (before and kind is Kind.CREDIT):
        value = text[start:].strip()
        yield Piece(number, _unlinked(kind, value), text, value)
        return ""
    if before:
        yield Piece(number, _unlinked(Kind.SOURCE, before), text[: url.start()].strip(), before)
    begin = url.start() if before else 0
    while url:
        end = _BETWEEN.match(text, url.end()).end()  # type: ignore[union-attr]  # it matches the empty text
        yield Piece(number, kind, text[begin:end].strip(), url.group())
        begin = end
        url = _URL.match(text, end)
    return text[begin:].strip()


def _unlinked(kind: Kind, value: str) -> Kind:
    """What a credit without an address is: a picture may be credited to anybody, a text to its publisher."""
    if not value or kind is not Kind.SOURCE:
        return kind if kind is Kind.SOURCE else Kind.CREDIT
    return Kind.NO_LINK if _OTHER_ADDRESS.match(value) else Kind.PUBLISHER


def _speaker(value: str) -> tuple[str, str]:
    """Who speaks (empty: nobody is named), and what is said."""
    found = _NAME.match(value)
    if not found:
        return "", _unescaped(value)
    return _ESCAPED.sub(r"\1", found[1]).strip(), _unescaped(value[found.end() :].strip())


def _unescaped(value: str) -> str:
    return value[1:].strip() if value.startswith("\\") else value
