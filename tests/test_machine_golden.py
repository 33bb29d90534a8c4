"""What machines are told of a whole site, compared with kept files: JSON-LD of an article, and the sitemaps.

After a change that is meant, write them anew:  UPDATE_GOLDEN=1 pytest tests/test_machine_golden.py
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client

from articles import drafting, publishing
from articles.document import Document, Section
from articles.models import Article
from tests.newsroom import changed
from tests.test_feed_golden import NOW
from tests.test_pages import WHOLE

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parent / "golden"
SITEMAPS = {
    "sitemap-index.xml": "/sitemap.xml",
    "sitemap-pages.xml": "/sitemaps/pages.xml",
    "sitemap-month.xml": f"/sitemaps/{NOW:%Y/%m}.xml",
    "sitemap-news.xml": "/news-sitemap.xml",
}


@pytest.fixture(autouse=True)
def site() -> Iterator[Article]:
    """An article of all pieces, corrected at a section."""
    with time_machine.travel(NOW, tick=False) as clock:
        uid = UUID("3f1c7f0e-95b1-4b43-8a5e-2f1b7c0d9e11")
        article = drafting.create(Document(**{"title": "港はいつ開く？", **WHOLE}), uid=uid)
        publishing.publish(publishing.save(article, by=None), by=None, despite_findings=True)
        clock.shift(3600)
        newer = changed(article, "港はいつ、どこから開く？")
        publishing.publish(newer, by=None, correction="題を直しました。", correction_part=1, despite_findings=True)
        yield article


def kept(name: str, text: str) -> str:
    """The kept text of that name, which is this one where files are to be written anew."""
    if os.environ.get("UPDATE_GOLDEN"):
        (GOLDEN / name).write_text(text, encoding="utf-8")
    return (GOLDEN / name).read_text(encoding="utf-8")


def linked_data(client: Client, article: Article) -> list[Any]:
    html = client.get(article.get_absolute_url()).content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    data: list[Any] = json.loads(block)
    return json.loads(json.dumps(data).replace(f"/articles/{article.pk}/", "/articles/1/"))  # type: ignore[no-any-return]


def test_linked_data_of_an_article(client: Client, site: Article) -> None:
    data = linked_data(client, site)
    assert data == json.loads(kept("article.jsonld", json.dumps(data, ensure_ascii=False, indent=1) + "\n"))


@pytest.mark.parametrize("name", SITEMAPS)
def test_sitemaps(client: Client, site: Article, name: str) -> None:
    text = client.get(SITEMAPS[name]).content.decode()
    text = re.sub(r"/(articles|commentators)/\d+/", r"/\1/1/", text)
    ours, theirs = (ElementTree.fromstring(each) for each in (text, kept(name, text)))  # noqa: S314  # our own
    assert shape(ours) == shape(theirs)


def shape(element: ElementTree.Element) -> tuple[Any, ...]:
    """An element without the spaces that only lay it out."""
    return element.tag, (element.text or "").strip(), sorted(element.items()), [shape(each) for each in element]


def test_an_article_of_sections_without_names_has_linked_data_too(client: Client) -> None:
    article = drafting.create(Document(title="題", sections=(Section(body="文"),)))
    publishing.publish(publishing.save(article, by=None), by=None, despite_findings=True)
    assert {each["@type"] for each in linked_data(client, article)} == {"NewsArticle", "BreadcrumbList"}
