"""Document: the one shape of an article, as a tree of frozen values, and its JSON form.

Rows, manuscripts, editions, pages and feeds all convert to or from it. Text inside a Document is always clean
(see `articles.text.line` and `block`) and nothing in it is empty: an empty key point, comment, source or section is
left out when the value is built. So two Documents are equal exactly when they say the same.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, TypeVar

from articles.text import block, line

SCHEMA = 1

T = TypeVar("T")


class NotADocument(ValueError):
    """The JSON does not have the form of a Document; the message names the place."""


class _Clean:
    """Cleans every text of a value while it is built; fields named in `_blocks` keep their lines."""

    __slots__: ClassVar[tuple[str, ...]] = ()  # in the dataclasses below: the names of their fields
    _blocks: ClassVar[frozenset[str]] = frozenset()

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, str):
                object.__setattr__(self, name, block(value) if name in self._blocks else line(value))
            elif isinstance(value, (tuple, list)):
                parts = (line(part) if isinstance(part, str) else part for part in value)
                object.__setattr__(self, name, tuple(part for part in parts if part))

    def __bool__(self) -> bool:
        """False where there is nothing to keep."""
        return any(getattr(self, name) for name in self.__slots__)


@dataclass(frozen=True, slots=True)
class Comment(_Clean):
    """A commentator's voice. `commentator` is a name, empty where the text names nobody; `text` is a block."""

    commentator: str = ""
    text: str = ""

    _blocks: ClassVar[frozenset[str]] = frozenset({"text"})

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Source(_Clean):
    """A source card. `image` is the name of a stored file, `image_credit` who or what the picture is credited to."""

    caption: str = ""
    url: str = ""
    site_name: str = ""
    published_on: date | None = None
    key_points: tuple[str, ...] = ()
    image: str = ""
    image_credit: str = ""


@dataclass(frozen=True, slots=True)
class Section(_Clean):
    """One part of an article: question and answer, sources, and the report (`body`, a block) between two voices."""

    heading: str = ""
    question: str = ""
    answer: str = ""
    sources: tuple[Source, ...] = ()
    opening: tuple[Comment, ...] = ()
    body: str = ""
    closing: tuple[Comment, ...] = ()

    _blocks: ClassVar[frozenset[str]] = frozenset({"body"})


@dataclass(frozen=True, slots=True)
class Document(_Clean):
    """A whole article. `lead` is a block, `closing` the remarks on the whole, `takeaways` lines without their marks."""

    title: str = ""
    lead_heading: str = ""
    lead: str = ""
    sections: tuple[Section, ...] = ()
    closing: tuple[Comment, ...] = ()
    takeaways: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    _blocks: ClassVar[frozenset[str]] = frozenset({"lead"})

    @property
    def comments(self) -> Iterator[Comment]:
        """Every voice in it, in reading order."""
        for section in self.sections:
            yield from section.opening
            yield from section.closing
        yield from self.closing

    @property
    def sources(self) -> Iterator[Source]:
        """Every source in it, in reading order."""
        for section in self.sections:
            yield from section.sources


def to_json(document: Document) -> dict[str, Any]:
    """The JSON form: plain dicts, lists and strings; a date as YYYY-MM-DD or null."""
    return {"schema": SCHEMA, **_plain(document)}


def _plain(value: Any) -> Any:
    if isinstance(value, _Clean):
        return {name: _plain(getattr(value, name)) for name in value.__slots__}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def from_json(data: object) -> Document:
    """Read the JSON form. Absent keys are empty and unknown ones passed over, so that older and newer forms read.

    Raises NotADocument where a value is of another kind than it should be, or the schema is newer than this program's.
    """
    form = _Form(data, "document")
    schema = form.data.get("schema", SCHEMA)
    if not isinstance(schema, int) or not 1 <= schema <= SCHEMA:
        raise NotADocument(
            f"document.schema: {schema!r} is not a schema this version of newsdesk reads (1 to {SCHEMA})"
        )
    return Document(
        title=form.text("title"),
        lead_heading=form.text("lead_heading"),
        lead=form.text("lead"),
        sections=form.each("sections", _section),
        closing=form.each("closing", _comment),
        takeaways=form.texts("takeaways"),
        tags=form.texts("tags"),
    )


def _section(form: "_Form") -> Section:
    return Section(
        heading=form.text("heading"),
        question=form.text("question"),
        answer=form.text("answer"),
        sources=form.each("sources", _source),
        opening=form.each("opening", _comment),
        body=form.text("body"),
        closing=form.each("closing", _comment),
    )


def _source(form: "_Form") -> Source:
    return Source(
        caption=form.text("caption"),
        url=form.text("url"),
        site_name=form.text("site_name"),
        published_on=form.day("published_on"),
        key_points=form.texts("key_points"),
        image=form.text("image"),
        image_credit=form.text("image_credit"),
    )


def _comment(form: "_Form") -> Comment:
    return Comment(commentator=form.text("commentator"), text=form.text("text"))


class _Form:
    """A JSON object being read; knows its place, so that an error can name it."""

    def __init__(self, data: object, place: str) -> None:
        if not isinstance(data, Mapping):
            raise NotADocument(f"{place}: an object is expected, not {_kind(data)}")
        self.data, self.place = data, place

    def text(self, key: str) -> str:
        value = self.data.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise NotADocument(f"{self.place}.{key}: a text is expected, not {_kind(value)}")
        return value

    def day(self, key: str) -> date | None:
        value = self.text(key)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            raise NotADocument(f"{self.place}.{key}: {value!r} is not a date of the form YYYY-MM-DD") from None

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._list(key)
        for number, value in enumerate(values):
            if not isinstance(value, str):
                raise NotADocument(f"{self.place}.{key}[{number}]: a text is expected, not {_kind(value)}")
        return tuple(values)

    def each(self, key: str, read: "Callable[[_Form], T]") -> tuple[T, ...]:
        return tuple(
            read(_Form(value, f"{self.place}.{key}[{number}]")) for number, value in enumerate(self._list(key))
        )

    def _list(self, key: str) -> list[Any]:
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise NotADocument(f"{self.place}.{key}: a list is expected, not {_kind(value)}")
        return value


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
