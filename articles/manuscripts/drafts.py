"""Parts of a Document while its manuscript is being read: they can still grow."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from articles.document import Comment, Section, Source
from articles.manuscripts.marks import Kind


@dataclass(eq=False)
class CommentDraft:
    """A voice and its lines."""

    commentator: str
    lines: list[str]


@dataclass(eq=False)
class CardDraft:
    """A source card; `open` while lines can still belong to it."""

    values: dict[str, str] = field(default_factory=dict)
    key_points: list[str] = field(default_factory=list)
    published_on: date | None = None
    open: bool = True

    def takes(self, kind: Kind) -> bool:
        """Whether a piece of this kind goes on with this card; otherwise it begins the next one."""
        match kind:
            case Kind.DATE:
                return self.open and not self.published_on
            case Kind.POINT:
                return self.open and not ("url" in self.values and self.key_points)
            case Kind.MORE:
                return self.open and "site_name" not in self.values
            case Kind.SOURCE | Kind.SOURCE_AND_CREDIT:
                return self.open and "url" not in self.values
        return self.open

    @property
    def source(self) -> Source:
        """The source; a link that is credited for text and picture at once stands in both places."""
        values = {"image_credit": self.values.get("both", ""), **self.values}
        values.pop("both", None)
        return Source(published_on=self.published_on, key_points=tuple(self.key_points), **values)


@dataclass(eq=False)
class SectionDraft:
    """A section; `body_begun` is true from where comments close."""

    heading: str = ""
    question: str = ""
    answer: str = ""
    cards: list[CardDraft] = field(default_factory=list)
    opening: list[CommentDraft] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    closing: list[CommentDraft] = field(default_factory=list)
    body_begun: bool = False

    @property
    def under_way(self) -> bool:
        """True once its heading block is behind it."""
        return bool(self.cards or self.opening or self.closing or self.body_begun)


Owner = SectionDraft | CardDraft | CommentDraft | None  # None: the article itself
Paths = dict[int, str]  # from the id of a part to its place in the Document


def built(drafts: list[SectionDraft]) -> tuple[tuple[Section, ...], Paths]:
    """The sections, without empty ones, and where each part came to stand."""
    sections: list[Section] = []
    paths: Paths = {}
    for draft in drafts:
        place = f"sections[{len(sections)}]"
        section = _section(draft, place, paths)
        if section:
            sections.append(section)
            paths[id(draft)] = place
    return tuple(sections), paths


def comments(drafts: list[CommentDraft], place: str, paths: Paths) -> tuple[Comment, ...]:
    """The comments; each is noted in `paths` as `place[0]`, `place[1]`…"""
    paths.update((id(draft), f"{place}[{number}]") for number, draft in enumerate(drafts))
    return tuple(Comment(draft.commentator, "\n".join(draft.lines)) for draft in drafts)


def _section(draft: SectionDraft, place: str, paths: Paths) -> Section:
    return Section(
        heading=draft.heading,
        question=draft.question,
        answer=draft.answer,
        sources=tuple(_sources(draft.cards, place, paths)),
        opening=comments(draft.opening, f"{place}.opening", paths),
        body="\n".join(draft.body),
        closing=comments(draft.closing, f"{place}.closing", paths),
    )


def _sources(cards: list[CardDraft], place: str, paths: Paths) -> Iterator[Source]:
    number = 0
    for card in cards:
        if source := card.source:
            paths[id(card)] = f"{place}.sources[{number}]"
            number += 1
            yield source
