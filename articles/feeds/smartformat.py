"""SmartFormat 2.1, the dialect of RSS 2.0 that SmartNews takes articles in (publishers.smartnews.com, 360010977813).

It stands at an address of its own and is for that aggregator alone, as it differs from the public feeds in what makes
sense only there: `pubDate` is the last update, since a changed one is how an article is taken again, and what was
withdrawn is an item of its own, which names the article's id and address and says nothing else of it.
"""

from collections.abc import Sequence

import nh3
from django.conf import settings
from django.templatetags.static import static
from django.utils.feedgenerator import Rss201rev2Feed, rfc2822_date
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from articles.feeds.addresses import in_full
from articles.feeds.contents import Feed, Image, Item, Withdrawal
from articles.feeds.xml import NONE, Attributes, Dated, channel, written
from articles.text import line

LARGEST = 1_000_000  # bytes that are taken
FRESH = 5  # minutes until it is fetched again; 1 to 5 are taken
LONGEST_DESCRIPTION = 15  # characters
SMALLEST_IMAGE, LONGEST_SIDE = 200, 3.3  # pixels of a thumbnail's shorter side; how many times longer the other may be

# Of the published list of elements those that our articles use. Whatever else is in one loses its marks, not its words.
ELEMENTS = {
    *("h2", "p", "br", "strong", "b", "em", "a", "ul", "ol", "li"),
    *("blockquote", "cite", "figure", "figcaption", "img"),
}
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt", "width", "height"}, "ol": {"start"}}


class SmartFormat(Dated, Rss201rev2Feed):
    """RSS 2.0 with content, Dublin Core, Media RSS and SmartNews's own elements."""

    def rss_attributes(self) -> Attributes:
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:media": "http://search.yahoo.com/mrss/",
            "xmlns:snf": "http://www.smartnews.be/snf",
        }

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("pubDate", rfc2822_date(self.latest_post_date()))
        for name in ("snf:logo", "snf:darkModeLogo"):  # the same, for it stands on light and dark grounds
            handler.startElement(name, NONE)
            handler.addQuickElement("url", in_full(static("img/logo.png")))
            handler.endElement(name)

    def add_item_elements(self, handler: SimplerXMLGenerator, item: Attributes) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["html"])
        if item["image"]:
            handler.addQuickElement("media:thumbnail", "", {"url": item["image"].url})
        # SmartNews reads the word, Media RSS 1.5 (§ media:status) the attribute.
        handler.addQuickElement("media:status", item["state"], {"state": item["state"]})


def smartformat(feed: Feed) -> bytes:
    """The feed as SmartFormat, in at most LARGEST bytes: an article for which there is no room any more is left out."""
    body = _body(feed, feed.items)
    return body if len(body) <= LARGEST else _body(feed, _fitting(feed))


def _fitting(feed: Feed) -> list[Item]:
    """The newest articles that fit."""
    empty = len(_body(feed, []))
    found, room = [], LARGEST - empty
    for item in feed.items:
        size = len(_body(feed, [item])) - empty
        if size <= room:
            found.append(item)
            room -= size
    return found


def _body(feed: Feed, items: Sequence[Item]) -> bytes:
    described = {**channel(feed), "description": tagline()}
    xml = SmartFormat(**described, ttl=FRESH)
    for item in items:
        xml.add_item(**_active(item))
    for withdrawal in feed.withdrawn:
        xml.add_item(**_deleted(withdrawal))
    return written(xml)


def tagline() -> str:
    """What the publication is, in as many characters as are taken."""
    text = line(settings.SITE_TAGLINE or settings.SITE_DESCRIPTION)
    return text if len(text) <= LONGEST_DESCRIPTION else text[: LONGEST_DESCRIPTION - 1] + "…"


def _active(item: Item) -> Attributes:
    return {
        **_item(item.id, item.url),
        "title": item.title,
        "description": item.summary,
        "pubdate": item.updated,
        "categories": [tag.name for tag in item.tags],
        "html": nh3.clean(item.html, tags=ELEMENTS, attributes=ATTRIBUTES, link_rel=None),
        "image": item.image if item.image and _is_thumbnail(item.image) else None,
        "state": "active",
    }


def _deleted(withdrawal: Withdrawal) -> Attributes:
    return {
        **_item(withdrawal.id, withdrawal.url),
        "title": _("Withdrawn article"),
        "description": None,
        "pubdate": withdrawal.at,
        "html": "<p>{}</p>".format(_("This article was withdrawn.")),
        "image": None,
        "state": "deleted",
    }


def _item(id_: str, url: str) -> Attributes:
    return {"link": url, "unique_id": id_, "unique_id_is_permalink": False, "author_name": settings.SITE_NAME}


def _is_thumbnail(image: Image) -> bool:
    shorter, longer = sorted((image.width, image.height))
    return shorter >= SMALLEST_IMAGE and longer <= LONGEST_SIDE * shorter
