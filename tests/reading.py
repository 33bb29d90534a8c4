"""Pages as tests look at them: elements in reading order, found by name, class or attribute."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.test import Client

VOID = {"meta", "link", "img", "source", "br", "hr", "input", "wbr"}


@dataclass
class Element:
    """An element of a page, with what stands in it."""

    name: str
    attributes: dict[str, str]
    parent: "Element | None" = field(default=None, repr=False)
    parts: "list[Element | str]" = field(default_factory=list, repr=False)

    def __iter__(self) -> "Iterator[Element]":
        """It and every element in it, in reading order."""
        yield self
        for part in self.parts:
            if isinstance(part, Element):
                yield from part

    def __getitem__(self, attribute: str) -> str:
        return self.attributes[attribute]

    @property
    def text(self) -> str:
        """What is read in it, with single spaces."""
        words = "".join(part if isinstance(part, str) else part.as_read for part in self.parts)
        return " ".join(words.split())

    @property
    def as_read(self) -> str:
        """What it adds to the text around it: words apart, but for a place where a line may end."""
        return "" if self.name == "wbr" else f" {self.text} "

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def all(self, name: str = "", css: str = "", **attributes: str) -> "list[Element]":
        """The elements of that name, class and attributes."""
        return [
            element
            for element in self
            if (not name or element.name == name)
            and (not css or css in element.classes)
            and all(element.attributes.get(key) == value for key, value in attributes.items())
        ]

    def one(self, name: str = "", css: str = "", **attributes: str) -> "Element":
        """The only such element."""
        found = self.all(name, css, **attributes)
        assert len(found) == 1, f"{len(found)} elements {name}.{css} {attributes}"
        return found[0]

    def within(self, name: str) -> bool:
        """Whether it stands in an element of that name."""
        return self.parent is not None and (self.parent.name == name or self.parent.within(name))


def following(client: Client, address: str, pages: int = 1) -> str:
    """The address so many pages further on in a list, the way that its links lead."""
    for _ in range(pages):
        address = urljoin(address, page(client.get(address)).one("a", rel="next")["href"])
    return address


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Element("document", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {key: value or "" for key, value in attrs}, self.here)
        self.here.parts.append(element)
        if tag not in VOID:
            self.here = element

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.here.name == tag, f"</{tag}> where <{self.here.name}> is open"
        assert self.here.parent
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.parts.append(data)


def page(response: Any) -> Element:
    """The page in a response. Fails where an element is not closed in its place."""
    reader = _Reader()
    reader.feed(response.content.decode())
    assert reader.here is reader.root, f"<{reader.here.name}> is not closed"
    return reader.root
