"""Places of a Document, written as the form of an article writes them, in reading order."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from articles.document import Comment, Document, Section, Source


class Text(NamedTuple):
    """A text and its place. Key points and takeaways are one text, a line each, as their field in the form is."""

    place: str
    text: str

    @property
    def field(self) -> str:
        """The field's name: "body", "caption"."""
        return self.place.rpartition(".")[2]


def sections(document: Document) -> Iterator[tuple[str, Section]]:
    """Each section with its place."""
    return ((f"sections[{number}]", section) for number, section in enumerate(document.sections))


def sources(document: Document) -> Iterator[tuple[str, Source]]:
    """Each source with its place."""
    for place, section in sections(document):
        yield from ((f"{place}.sources[{number}]", source) for number, source in enumerate(section.sources))


def comments(document: Document) -> Iterator[tuple[str, Comment]]:
    """Each comment with its place, the remarks on the whole last."""
    for place, section in sections(document):
        yield from _numbered(f"{place}.opening", section.opening)
        yield from _numbered(f"{place}.closing", section.closing)
    yield from _numbered("closing", document.closing)


def _numbered(place: str, spoken: tuple[Comment, ...]) -> Iterator[tuple[str, Comment]]:
    return ((f"{place}[{number}]", comment) for number, comment in enumerate(spoken))


def texts(document: Document) -> Iterator[Text]:
    """Every text that readers see and that is not empty."""
    return (text for text in _texts(document) if text.text)


def _texts(document: Document) -> Iterator[Text]:
    yield Text("title", document.title)
    yield Text("lead_heading", document.lead_heading)
    yield Text("lead", document.lead)
    for place, section in sections(document):
        yield from _texts_of_section(place, section)
    yield from _spoken("closing", document.closing)
    yield Text("takeaways", "\n".join(document.takeaways))


def _texts_of_section(place: str, section: Section) -> Iterator[Text]:
    for name in ("heading", "question", "answer"):
        yield Text(f"{place}.{name}", getattr(section, name))
    for number, source in enumerate(section.sources):
        for name in ("caption", "site_name"):
            yield Text(f"{place}.sources[{number}].{name}", getattr(source, name))
        yield Text(f"{place}.sources[{number}].key_points", "\n".join(source.key_points))
        yield Text(f"{place}.sources[{number}].image_credit", source.image_credit)
    yield from _spoken(f"{place}.opening", section.opening)
    yield Text(f"{place}.body", section.body)
    yield from _spoken(f"{place}.closing", section.closing)


def _spoken(place: str, spoken: tuple[Comment, ...]) -> Iterator[Text]:
    return (Text(f"{each}.text", comment.text) for each, comment in _numbered(place, spoken))


def in_reading_order(document: Document) -> dict[str, int]:
    """Every place there is, with its number in the order in which the form shows them."""
    places = ["", "unplaced", "title", "lead_heading", "lead"]
    for place, section in sections(document):
        places += [place, *(f"{place}.{name}" for name in ("heading", "question", "answer"))]
        for number in range(len(section.sources)):
            source = f"{place}.sources[{number}]"
            places += [source, *(f"{source}.{name}" for name in SOURCE_FIELDS)]
        places += _places_of_comments(f"{place}.opening", section.opening)
        places.append(f"{place}.body")
        places += _places_of_comments(f"{place}.closing", section.closing)
    places += [*_places_of_comments("closing", document.closing), "takeaways", "tags"]
    return {place: number for number, place in enumerate(places)}


SOURCE_FIELDS = (
    "caption",
    "url",
    "site_name",
    "published_on",
    "key_points",
    "image",
    "image_alt",
    "image_credit",
)


def _places_of_comments(place: str, spoken: tuple[Comment, ...]) -> list[str]:
    return [f"{each}.{name}" for each, _ in _numbered(place, spoken) for name in ("commentator", "text")]


_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")


def put(document: Document, place: str, text: str) -> Document:
    """The Document with another text at a place; of key points and takeaways, a line is one of them."""
    steps = [(name, int(number) if number else None) for name, number in _STEP.findall(place)]
    changed: Document = _put(document, steps, text)
    return changed


def _put(part: Any, steps: list[tuple[str, int | None]], text: str) -> Any:
    (name, number), *rest = steps
    if number is None:
        several = isinstance(getattr(part, name), tuple)
        return replace(part, **{name: tuple(text.splitlines()) if several else text})
    parts = list(getattr(part, name))
    parts[number] = _put(parts[number], rest, text)
    return replace(part, **{name: tuple(parts)})
