"""RSS 2.0 and Atom, on Django's feed generator.

RSS follows the RSS Advisory Board's Best Practices Profile 1.0, Atom RFC 4287. What Django's generators lack is added
here: the whole content, pictures (Media RSS 1.5), both dates, plain-text summaries.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.xmlutils import SimplerXMLGenerator

from articles.feeds.addresses import icon_url
from articles.feeds.contents import Feed, Image, Item

Attributes = dict[str, Any]
NONE: "AttributesImpl[str]" = AttributesImpl({})


class Dated:
    """A feed that is as old as its newest content, not as the moment it is asked for: equal content, equal bytes."""

    feed: Attributes

    def latest_post_date(self) -> datetime:
        return self.feed["updated"]  # type: ignore[no-any-return]


class Rss(Dated, Rss201rev2Feed):
    """RSS 2.0 with content, Dublin Core and Media RSS."""

    content_type = "application/rss+xml; charset=utf-8"

    def rss_attributes(self) -> Attributes:
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:media": "http://search.yahoo.com/mrss/",
        }

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        _add_links(handler, "atom:link", self.feed["links"])
        handler.startElement("image", NONE)
        for name, value in (("url", icon_url()), ("title", self.feed["title"]), ("link", self.feed["link"])):
            handler.addQuickElement(name, value)
        handler.endElement("image")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: Attributes) -> None:
        super().add_item_elements(handler, item)
        article: Item = item["article"]
        handler.addQuickElement("dc:creator", settings.SITE_NAME)
        handler.addQuickElement("content:encoded", article.html)
        if article.image:
            _add_image(handler, article.image)


def _add_links(handler: SimplerXMLGenerator, element: str, links: Sequence[tuple[str, str]]) -> None:
    for relation, url in links:
        if url:
            handler.addQuickElement(element, "", {"rel": relation, "href": url})


def _add_image(handler: SimplerXMLGenerator, image: Image) -> None:
    size = {"width": str(image.width), "height": str(image.height)}
    attributes = {"url": image.url, "medium": "image", "type": image.type, **size}
    handler.startElement("media:content", AttributesImpl(attributes))
    if image.alt:
        handler.addQuickElement("media:description", image.alt, {"type": "plain"})
    if image.credit:
        handler.addQuickElement("media:credit", image.credit)
    handler.endElement("media:content")


class Atom(Dated, Atom1Feed):
    """Atom 1.0 with content as HTML and summaries as text."""

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        _add_links(handler, "link", self.feed["links"])
        handler.addQuickElement("icon", icon_url())
        handler.startElement("author", NONE)
        handler.addQuickElement("name", settings.SITE_NAME)
        handler.addQuickElement("uri", settings.SITE_URL + "/")
        handler.endElement("author")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: Attributes) -> None:
        super().add_item_elements(handler, item)
        article: Item = item["article"]
        handler.addQuickElement("summary", article.summary, {"type": "text"})
        handler.addQuickElement("content", article.html, {"type": "html"})
        for tag in article.tags:
            handler.addQuickElement("category", "", {"term": tag.term, "label": tag.name})


def rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0."""
    xml = Rss(**channel(feed))
    for item in feed.items:
        xml.add_item(**_entry(item), unique_id_is_permalink=False, categories=[tag.name for tag in item.tags])
    return written(xml)


def atom(feed: Feed) -> bytes:
    """The feed as Atom."""
    xml = Atom(**channel(feed), feed_guid=feed.id, subtitle=feed.description)
    for item in feed.items:
        xml.add_item(**{**_entry(item), "description": None})  # the generator would call the summary HTML
    return written(xml)


def channel(feed: Feed) -> Attributes:
    """What Django's generators are told of the feed itself."""
    return {
        "title": feed.title,
        "link": feed.page_url,
        "description": feed.description,
        "language": settings.LANGUAGE_CODE,
        "feed_url": feed.url,
        "feed_copyright": f"© {settings.SITE_NAME}",
        "updated": timezone.localtime(feed.updated),
        "links": [
            *(("hub", hub) for hub in feed.hubs),
            ("next", feed.earlier_url),  # RFC 5005: next is further from the newest
            ("previous", feed.later_url),
        ],
    }


def _entry(item: Item) -> Attributes:
    return {
        "title": item.title,
        "link": item.url,
        "description": item.summary,
        "unique_id": item.id,
        "pubdate": item.published,
        "updateddate": item.updated,
        "article": item,
    }


def written(xml: SyndicationFeed) -> bytes:
    """The feed as it is sent."""
    return xml.writeString("utf-8").encode()
