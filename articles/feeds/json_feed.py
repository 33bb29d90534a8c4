"""JSON Feed 1.1 (jsonfeed.org/version/1.1), with an extension of our own, `_newsdesk`."""

import json
from typing import Any

from django.conf import settings

from articles.feeds.addresses import icon_url
from articles.feeds.contents import Feed, Item, Withdrawal
from articles.feeds.documents import about, newsdesk


def json_feed(feed: Feed) -> bytes:
    """The feed as JSON Feed 1.1."""
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page_url,
        "feed_url": feed.url,
        **({"next_url": feed.earlier_url} if feed.earlier_url else {}),
        "description": feed.description,
        "icon": icon_url(),
        "favicon": icon_url(),
        "authors": [{"name": settings.SITE_NAME, "url": settings.SITE_URL + "/"}],
        "language": settings.LANGUAGE_CODE,
        **({"hubs": [{"type": "WebSub", "url": hub} for hub in feed.hubs]} if feed.hubs else {}),
        "items": [_item(item) for item in feed.items],
        "_newsdesk": {"about": about(), "withdrawn": [_withdrawal(each) for each in feed.withdrawn]},
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "summary": item.summary,
        "content_html": item.html,
        "date_published": item.published.isoformat(timespec="seconds"),
        "date_modified": item.updated.isoformat(timespec="seconds"),
        **({"image": item.image.url} if item.image else {}),
        **({"tags": [tag.name for tag in item.tags]} if item.tags else {}),
        "_newsdesk": newsdesk(item),
    }


def _withdrawal(each: Withdrawal) -> dict[str, str]:
    return {"id": each.id, "url": each.url, "at": each.at.isoformat(timespec="seconds"), "reason": each.reason}
