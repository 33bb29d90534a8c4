"""What a page tells of an article before and after its text: questions with answers, sources, reading time. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from articles import addresses
from articles.document import Document, Section, Source
from articles.text import without_ruby

A_MINUTE = 600  # characters that a reader of Japanese reads; what publications in Japan reckon with


@dataclass(frozen=True, slots=True)
class Entry:
    """A section as the table of contents names it: by its question or, where it asks none, by its heading.

    `number` is that of its place in the page, `#s<number>`. The title is in plain words, the answer as it was typed.
    """

    number: int
    title: str
    answer: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A source as the list of sources has it, and the numbers of the sections that stand on it."""

    source: Source
    numbers: tuple[int, ...]


def named(document: Document) -> list[Entry]:
    """The sections that can be named."""
    return [
        Entry(number, title_of(section), section.answer)
        for number, section in enumerate(document.sections, start=1)
        if title_of(section)
    ]


def title_of(section: Section) -> str:
    """What a section is called, in plain words: its question, or else its heading. It may have neither."""
    return without_ruby(section.question or section.heading)


def contents(document: Document) -> list[Entry]:
    """The table of contents; none where there are fewer than two sections to name, which need none."""
    entries = named(document)
    return entries if len(entries) > 1 else []


def answered(document: Document) -> list[Entry]:
    """Every question, with its answer."""
    return [
        Entry(number, without_ruby(section.question), section.answer)
        for number, section in enumerate(document.sections, start=1)
        if section.question
    ]


def cited(document: Document) -> list[Cited]:
    """Every source once, in reading order: one for each address, however it is spelt; without one, for each name."""
    first: dict[str, Source] = {}
    numbers: dict[str, list[int]] = {}
    for number, section in enumerate(document.sections, start=1):
        for source in section.sources:
            key = addresses.normal(source.url) or source.site_name or source.caption
            if not key:
                continue
            first.setdefault(key, source)
            if number not in numbers.setdefault(key, []):
                numbers[key].append(number)
    return [Cited(source, tuple(numbers[key])) for key, source in first.items()]


def minutes(document: Document, *, facts_only: bool = False) -> int:
    """How long it takes to read, at least a minute; with or without what commentators say."""
    count = sum(len("".join(without_ruby(text).split())) for text in _texts(document, facts_only=facts_only))
    return max(1, round(count / A_MINUTE))


def _texts(document: Document, *, facts_only: bool) -> Iterator[str]:
    yield from (document.title, document.lead_heading, document.lead, *document.takeaways)
    for section in document.sections:
        yield from _report(section)
    if not facts_only:
        yield from (comment.text for comment in document.comments)


def _report(section: Section) -> Iterator[str]:
    yield from (section.heading, section.question, section.answer, section.body)
    for source in section.sources:
        yield from (source.caption, *source.key_points)
