"""Structured data in a page (schema.org as JSON-LD): the article it is about. Pure."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

MOST_ITEMS = 500  # of a page that are looked through

# The better one says what the page is, the earlier it stands.
_KINDS = (
    "newsarticle",
    "reportagenewsarticle",
    "analysisnewsarticle",
    "opinionnewsarticle",
    "liveblogposting",
    "article",
    "blogposting",
    "report",
    "scholarlyarticle",
    "techarticle",
    "videoobject",
    "webpage",
)
_WRAPPING = re.compile(
    r"^\s*(?:<!--|/[/*]\s*<!\[CDATA\[\s*(?:\*/)?|<!\[CDATA\[)|(?:-->|(?://|/\*)?\s*\]\]>\s*(?:\*/)?)\s*;?\s*$|;\s*$"
)

Item = Mapping[str, Any]


class Structured:
    """The items of a page, of which `article` is the one it is about; it may be empty."""

    def __init__(self, scripts: Iterable[str]) -> None:
        items = list(_items(scripts))
        self._by_id = {item["@id"]: item for item in reversed(items) if isinstance(item.get("@id"), str)}
        self.article: Item = min((item for item in items if _rank(item) < len(_KINDS)), key=_rank, default={})

    def text(self, key: str, of: Item | None = None) -> str:
        """A text of the article; where there is an item in its place, that item's name or address."""
        return self._text((self.article if of is None else of).get(key), key)

    def _text(self, value: Any, key: str, depth: int = 3) -> str:
        if isinstance(value, list):
            return next(filter(None, (self._text(each, key, depth) for each in value[:5])), "")
        if isinstance(value, Mapping) and depth:
            whole = self._by_id.get(value.get("@id", ""), value) if isinstance(value.get("@id"), str) else value
            names = ("url", "contentUrl", "@id") if key in ("image", "mainEntityOfPage") else ("name", "@value")
            return next(filter(None, (self._text(whole.get(name), name, depth - 1) for name in names)), "")
        return value if isinstance(value, str) else ""


def _rank(item: Item) -> int:
    """How well the item tells what the page is about: 0 is best."""
    kinds = item.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    known = [name.rpartition("/")[2].lower() for name in names if isinstance(name, str)]
    return min((_KINDS.index(name) for name in known if name in _KINDS), default=len(_KINDS))


def _items(scripts: Iterable[str]) -> Iterator[Item]:
    """Every object, whatever it stands in, in the order of the page; outer ones first."""
    waiting: list[Any] = [value for script in scripts for value in _parsed(script)]
    seen = 0
    while waiting and seen < MOST_ITEMS:
        value = waiting.pop(0)
        seen += 1
        if isinstance(value, list):
            waiting += value[:MOST_ITEMS]
        elif isinstance(value, Mapping):
            yield value
            waiting += [part for part in value.values() if isinstance(part, (list, Mapping))]


def _parsed(script: str) -> Iterator[Any]:
    """What a script holds; many hold line ends inside of texts, or stand in wrappings from the days of XHTML."""
    try:
        yield json.loads(_WRAPPING.sub("", script), strict=False)
    except (ValueError, RecursionError):
        return
