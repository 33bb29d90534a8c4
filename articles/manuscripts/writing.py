"""Writing a manuscript: a Document as text that reads back to the same Document.

The house layout is tried first; where it would be read otherwise, labels are added, group by group.
"""

import re
from collections.abc import Iterable, Iterator

from articles.document import Comment, Document, Section, Source
from articles.manuscripts.marks import Kind, is_link, link, pieces
from articles.manuscripts.reading import LEFT_OVER_OF_TYPESETTING, parse
from articles.text import line as clean_line

# What the house layout leaves without a mark, in the order in which marks for it are added.
_HOUSE: frozenset[Kind] = frozenset()
_VOICES_MARKED = frozenset({Kind.COMMENT, Kind.BODY})
_BLOCKS_MARKED = _VOICES_MARKED | {Kind.HEADING, Kind.QUESTION, Kind.ANSWER, Kind.CAPTION}
_ALL_MARKED = _BLOCKS_MARKED | {Kind.TITLE, Kind.LEAD_HEADING, Kind.LEAD}

_MARKS = {
    Kind.TITLE: "題: ",
    Kind.LEAD_HEADING: "リード見出し: ",
    Kind.LEAD: "リード: ",
    Kind.HEADING: "見出し: ",
    Kind.QUESTION: "問: ",
    Kind.ANSWER: "答: ",
    Kind.CAPTION: "要旨: ",
    Kind.DATE: "公開日:",
    Kind.POINT: "✅ ",
    Kind.MORE: "さらに読む ⇒",
    Kind.SOURCE: "出典: ",
    Kind.CREDIT: "画像元: ",
    Kind.SOURCE_AND_CREDIT: "出典/画像元: ",
    Kind.IMAGE: "画像: ",
    Kind.COMMENT: "💬 ",
    Kind.REMARK: "まとめ 💬 ",
    Kind.BODY: "本文: ",
    Kind.MORE_TEXT: "〃 ",
    Kind.TAKEAWAY: "💡 ",
    Kind.TAGS: "タグ: ",
}
_NAME_SIGN = re.compile(r"[\\:：。！？!?「」]")
_TAG_SIGN = re.compile(r"[\\、，,]")


def dump(document: Document) -> str:
    """The manuscript of a Document, ended by a line feed; `parse` reads it to an equal Document."""
    for marked in (_HOUSE, _VOICES_MARKED, _BLOCKS_MARKED):
        text = _text(document, marked)
        if parse(text).document == document:
            return text
    return _text(document, _ALL_MARKED)


def _text(document: Document, marked: frozenset[Kind]) -> str:
    return "".join(f"{line}\n" for line in _Writer(marked).article(document))


class _Writer:
    """Writes lines; the kinds in `marked` carry a label, the others stand as they are."""

    def __init__(self, marked: frozenset[Kind]) -> None:
        self.marked = marked

    def article(self, document: Document) -> Iterator[str]:
        yield from self._field(Kind.TITLE, document.title)
        yield from self._field(Kind.LEAD_HEADING, document.lead_heading)
        yield from self._block(Kind.LEAD, document.lead)
        for section in document.sections:
            yield from self._section(section)
        yield from self._comments(Kind.REMARK, document.closing)
        for takeaway in document.takeaways:
            yield _marked(Kind.TAKEAWAY, takeaway)
        if document.tags:
            yield _MARKS[Kind.TAGS] + "、".join(_TAG_SIGN.sub(r"\\\g<0>", tag) for tag in document.tags)

    def _section(self, section: Section) -> Iterator[str]:
        yield from self._field(Kind.HEADING, section.heading, begins=True)
        yield from self._field(Kind.QUESTION, section.question)
        yield from self._field(Kind.ANSWER, section.answer)
        for source in section.sources:
            yield from self._source(source)
        yield from self._comments(Kind.COMMENT, section.opening)
        yield from self._block(Kind.BODY, section.body, begins=bool(section.closing))
        yield from self._comments(Kind.COMMENT, section.closing)

    def _source(self, source: Source) -> Iterator[str]:
        yield from self._field(Kind.CAPTION, source.caption, begins=True)
        if day := source.published_on:
            yield f"{_MARKS[Kind.DATE]}{day.year:04}/{day.month:02}/{day.day:02}"
            yield ""
        for point in source.key_points:
            yield _marked(Kind.POINT, point)
        if source.site_name:
            yield _marked(Kind.MORE, source.site_name)
        yield from self._links(source)

    def _links(self, source: Source) -> Iterator[str]:
        shared = source.url == source.image_credit and is_link(source.url)
        if shared:
            yield _marked(Kind.SOURCE_AND_CREDIT, source.url)
        elif source.url:
            yield _marked(Kind.SOURCE, source.url)
        if source.image:
            yield _marked(Kind.IMAGE, source.image)
        if source.image_credit and not shared:
            yield _marked(Kind.CREDIT, source.image_credit)

    def _field(self, kind: Kind, value: str, begins: bool = False) -> Iterator[str]:
        """A line of text; `begins` where its label has to stand although the text is empty."""
        if kind in self.marked and (value or begins):
            yield _marked(kind, value)
        elif value:
            yield _plain(value)

    def _block(self, kind: Kind, value: str, begins: bool = False) -> Iterator[str]:
        first, *rest = value.split("\n")
        yield from self._field(kind, first, begins)
        for line in rest:
            yield _marked(Kind.MORE_TEXT, line) if kind in self.marked else _plain(line)

    def _comments(self, kind: Kind, comments: Iterable[Comment]) -> Iterator[str]:
        for comment in comments:
            first, *rest = comment.text.split("\n")
            marked = Kind.COMMENT in self.marked or comment.commentator
            yield _MARKS[kind] + _spoken(comment.commentator, first) if marked else _plain(first)
            for line in rest:
                yield _marked(Kind.MORE_TEXT, line) if marked else _plain(line)


def _marked(kind: Kind, value: str) -> str:
    """A line that reads as this text of this kind, with a backslash where it would not without."""
    text = (_MARKS[kind] + value).strip()
    return text if _reads_as(text, kind, value) and link(value) == value else f"{_MARKS[kind]}\\{value}"


def _plain(value: str) -> str:
    """A line without a mark, with a backslash where it would be taken for something else."""
    glued = LEFT_OVER_OF_TYPESETTING.search(value)
    splits = glued and glued.end() < len(value)
    return value if _reads_as(value, Kind.TEXT, value) and not splits else "\\" + value


def _reads_as(text: str, kind: Kind, value: str) -> bool:
    """Whether a line is read as this and no more; an accent at the start of a text may change the sign before it."""
    return [(piece.kind, piece.value) for piece in pieces(1, clean_line(text))] == [(kind, value)]


def _spoken(name: str, text: str) -> str:
    """A comment behind its mark: the name, where there is one, a colon and the text."""
    text = "\\" + text if text.startswith("\\") else text
    if name:
        return _NAME_SIGN.sub(r"\\\g<0>", name) + ": " + text
    return f": {text}" if ":" in text or "：" in text or text.startswith("\\") else text
