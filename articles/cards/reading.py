"""A page's own description of itself, from Open Graph, structured data, meta elements and its title. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from articles.cards.charsets import decode
from articles.cards.structured import Structured
from articles.markup import safe_url
from articles.text import fold, leading_date, line

LONGEST_TITLE, LONGEST_NAME, LONGEST_URL = 300, 100, 2_000
TOKYO = ZoneInfo("Asia/Tokyo")

_TITLES = ("og:title", "twitter:title", "dc.title")
_NAMES = ("og:site_name", "application-name", "apple-mobile-web-app-title", "dc.publisher")
_DATES = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish_date",
    "published_time",
    "date",
    "dc.date.issued",
    "dc.date",
    "dcterms.issued",
    "dcterms.created",
    "citation_publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
)
_IMAGES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
_SEPARATOR = re.compile(r"\s*[|｜│]\s*|\s+[-–—－:：»·]\s+|\s*[＜≪]\s*")
_OTHER_TAGS = re.compile(r"</?(?!(?:meta|link|title|script|style)\b)[a-z][^<>]{0,4000}>", re.IGNORECASE)
_TAG = re.compile("<[^<>]*>")
_PUBLISHED = re.compile(r"datePublished|\bpubdate\b")
_DATETIME = re.compile(r"""\bdatetime\s*=\s*["']?([^"'>]*)""", re.IGNORECASE)
_SPACES = re.compile(r"[ \xa0]{2,}|\xa0")
_BAR = re.compile(r"\s*[|｜│]\s*")
_OTHER_FACES = re.compile(r"^(?:www\d?|m|sp|amp|mobile|touch)\.")


@dataclass(frozen=True, slots=True)
class Card:
    """What a page says of itself: texts, empty where it does not say. `published_on` is a date in Japan, YYYY-MM-DD.

    `image` is the address of a picture that the page shows of itself; it is never fetched. `canonical` is the address
    the page wants to be known by, if that is one of its own site, else the one it was found at.
    """

    caption: str = ""
    site_name: str = ""
    published_on: str = ""
    image: str = ""
    canonical: str = ""


def read_card(body: bytes, content_type: str, url: str) -> Card:
    """The card of a page with that body, that Content-Type and that address. Never raises, whatever the bytes are."""
    page = _Page(decode(body, content_type))
    name = _name(page)
    title, name = _without_name(page.first(_TITLES) or page.data.text("headline") or page.title, name)
    return Card(
        caption=_short(title or page.heading, LONGEST_TITLE),
        site_name=_short(name, LONGEST_NAME),
        published_on=_published(page),
        image=next(filter(None, (_absolute(url, each) for each in _images(page))), ""),
        canonical=next(filter(None, (_own(url, each) for each in _canonicals(page))), safe_url(url)),
    )


class _Page:
    """The parts of a page that say what it is."""

    def __init__(self, text: str) -> None:
        # Only what never holds another element is parsed: a parser takes minutes over elements in elements in elements.
        tree = LexborHTMLParser(_OTHER_TAGS.sub(" ", text.replace("\x00", "")))
        self.meta: dict[str, str] = {}
        for node in tree.css("meta[content]"):
            for key in ("property", "name", "itemprop"):
                for name in (node.attributes.get(key) or "").lower().split():
                    self.meta.setdefault(name, node.attributes.get("content") or "")
        self.title = next((node.text() for node in tree.css("title")), "")
        self.canonical = next((node.attributes.get("href") or "" for node in tree.css('link[rel~="canonical" i]')), "")
        self.data = Structured(node.text() for node in tree.css('script[type="application/ld+json" i]')[:50])
        self.heading = next((_TAG.sub("", inner) for _, inner in _elements(text, "h1", 1)), "")
        times = sorted(_elements(text, "time", 20), key=lambda time: not _PUBLISHED.search(time[0]))
        self.times = [day for tag, inner in times for day in (*_DATETIME.findall(tag), _TAG.sub("", inner))]

    def first(self, names: Iterable[str]) -> str:
        """The first of the meta elements that says something."""
        return next(filter(None, (self.meta.get(name, "").strip() for name in names)), "")


def _elements(text: str, name: str, most: int) -> Iterator[tuple[str, str]]:
    """The first elements of that name: what stands in the tag, and what stands in the element."""
    at = 0
    for _ in range(most):
        at = text.find(f"<{name}", at) + 1
        if not at:
            return
        tag, _, inner = text[at : at + 2_000].partition(">")
        yield tag, inner.partition(f"</{name}")[0]


def _short(value: str, most: int) -> str:
    """One clean line; entities that were escaped twice are read."""
    return _SPACES.sub(" ", line(unescape(value[: 20 * most])))[:most].strip()


def _name(page: _Page) -> str:
    return page.first(_NAMES[:1]) or page.data.text("publisher") or page.first(_NAMES[1:])


def _without_name(title: str, name: str) -> tuple[str, str]:
    """The title without the site's name behind it. Where no name is known, what stands behind a bar is the name."""
    title, name = _short(title, 2 * LONGEST_TITLE), _short(name, LONGEST_NAME)
    cuts = [found for found in _SEPARATOR.finditer(title) if found.start()]
    for cut in cuts:
        if name and not _SEPARATOR.search(title, cut.end()) and _is_name(title[cut.end() :], name):
            return title[: cut.start()].strip(), name
    if cuts and not name and _BAR.fullmatch(cuts[-1].group()) and 1 < len(title) - cuts[-1].end() <= 20:
        return title[: cuts[-1].start()].strip(), title[cuts[-1].end() :].strip()
    return title, name


def _is_name(end: str, name: str) -> bool:
    """Whether the end of a title is the site's name, as it is or a little longer or shorter."""
    one, other = fold(end).replace(" ", ""), fold(name).replace(" ", "")
    return bool(one) and (one == other or (min(len(one), len(other)) >= 3 and (one in other or other in one)))


def _published(page: _Page) -> str:
    said = (page.data.text("datePublished"), *(page.meta.get(name, "") for name in _DATES), *page.times)
    return next(filter(None, map(_day, said)), "")


def _day(value: str) -> str:
    """The day in Japan, or empty where no day can be read, or none on which there was a web."""
    text = line(value)[:60]
    found = _moment(text) or leading_date(text)[0]
    return found.isoformat() if found and 1990 <= found.year < 2100 else ""


def _moment(text: str) -> date | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = read(text)
            return (at.astimezone(TOKYO) if at.tzinfo else at).date()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _images(page: _Page) -> Iterator[str]:
    yield from (page.meta.get(name, "") for name in _IMAGES)
    yield page.data.text("image")
    yield page.data.text("thumbnailUrl")


def _canonicals(page: _Page) -> Iterator[str]:
    yield page.canonical
    yield page.meta.get("og:url", "")
    yield page.data.text("mainEntityOfPage")


def _absolute(url: str, link: str) -> str:
    """The web address a link of the page leads to, or empty."""
    try:
        found = urljoin(url, link.strip()) if link.strip() else ""
    except ValueError:
        return ""
    return safe_url(line(found)) if len(found) <= LONGEST_URL else ""


def _own(url: str, link: str) -> str:
    """The same, if it is another address of this very page: of the same site, and not its front page."""
    found = _absolute(url, link)
    if not found:
        return ""
    here, there = urlsplit(url), urlsplit(found)
    faces = {_OTHER_FACES.sub("", host or "") for host in (here.hostname, there.hostname)}
    is_front_page = there.path in ("", "/") and not there.query and here.path not in ("", "/")
    return found if len(faces) == 1 and not is_front_page else ""
