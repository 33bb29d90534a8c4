"""Whole feeds as they are sent, compared part by part with the ones kept in `golden/`.

One article with everything in it and one that was withdrawn, at a time that stands still. Texts of the interface are
those of the msgids, so that the catalogue may change. Numbers that a database gives out have words in their place.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
import time_machine
from django.core.files import File
from django.utils import translation

from articles import publishing
from articles.document import Document
from articles.feeds import xml
from articles.feeds.contents import Feed, feed_of
from articles.feeds.json_feed import json_feed
from articles.feeds.smartformat import smartformat
from articles.models import Article, Commentator, Edition, SourceLink
from tests.newsroom import changed, drafted, permitted, picture
from tests.test_feed_content import WHOLE

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2025, 4, 1, 3, 0, tzinfo=UTC)  # noon in Tokyo
FEEDS: dict[str, Callable[[Feed], bytes]] = {
    "rss.xml": xml.rss,
    "atom.xml": xml.atom,
    "feed.json": json_feed,
    "smartnews.xml": smartformat,
}
NAMES = {"rss.xml": "rss", "atom.xml": "atom", "feed.json": "json-feed", "smartnews.xml": "smartnews"}


@pytest.fixture
def numbers() -> Iterator[dict[str, str]]:
    """The newsroom; gives the addresses that hold a number of this database, and what they are in `golden/`."""
    with time_machine.travel(NOW, tick=False) as clock:
        gone = whole(Document(title="消える記事", lead="消えるリード。"), UUID(int=2))
        edition = whole(replace(WHOLE, tags=("港", "町の 暮らし")), UUID(int=1))
        clock.shift(timedelta(hours=1))
        publishing.withdraw(gone.article, by=None, reason="誤りがありました。")
        publishing.publish(
            changed(edition.article, "港は、いつ開く？"),
            by=None,
            correction="年数を直しました。",
            despite_findings=True,
        )
        assert edition.picture
        yield {
            f"/articles/{edition.article_id}/": "/articles/live/",
            f"/articles/{gone.article_id}/": "/articles/gone/",
            edition.picture["file"]: "pictures/minato.png",
        }


def whole(document: Document, uid: UUID) -> Edition:
    """The article, live, known by that id; its first source has a picture."""
    article = drafted(
        document.title, **{name: getattr(document, name) for name in document.__slots__ if name != "title"}
    )
    Article.objects.filter(pk=article.pk).update(uid=uid)
    article.refresh_from_db()
    Commentator.objects.filter(name="灯台もと子").update(role="灯台守", disclosure="港湾協会の顧問。")
    for link in SourceLink.objects.filter(section__article=article)[:1]:
        link.image_alt = "赤い岸壁"
        link.image.save("minato.png", File(picture(size=(400, 300))))
        permitted(link.image.name)
    return publishing.publish(publishing.save(article, by=None), by=None, despite_findings=True)


def parts(element: ElementTree.Element) -> Any:
    """What an element says, whatever the spaces between its parts and the order of its attributes."""
    text, html = (element.text or "").strip(), "</" in (element.text or "")
    return element.tag, element.attrib, text.split("\n") if html else text, [parts(part) for part in element]


def structure(file: str, text: str) -> Any:
    return json.loads(text) if file.endswith(".json") else parts(ElementTree.fromstring(text))  # noqa: S314  # our own


@pytest.mark.parametrize("file", FEEDS)
def test_feed_is_the_one_that_is_kept(file: str, numbers: dict[str, str]) -> None:
    with translation.override("en"):
        text = FEEDS[file](feed_of(NAMES[file])).decode()
    for number, kept in numbers.items():
        text = text.replace(number, kept)
    assert structure(file, text) == structure(file, (GOLDEN / f"feed-{file}").read_text(encoding="utf-8"))
