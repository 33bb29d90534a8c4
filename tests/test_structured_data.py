"""What machines are told of an article: the truth of the page, and nothing that could break out of its block."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files import File
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from articles import publishing, sharing
from articles.document import Section, Source
from articles.markup import json_ld
from articles.models import Edition, SourceLink
from tests.newsroom import changed, drafted, permitted, picture, published
from tests.reading import Element, page

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
SOURCES = (
    Source(caption="発表", url="https://paper.example/1", site_name="港日報", published_on=date(2026, 3, 22)),
    Source(site_name="町史"),
)


@pytest.fixture
def noon(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def edition(noon: time_machine.Traveller) -> Edition:
    first = published("港は？", lead="再開が近い。", sections=(Section(heading="今", sources=SOURCES),), tags=("港",))
    noon.shift(timedelta(hours=2))
    newer = changed(first.article, "港はいつ開く？")
    return publishing.publish(newer, by=None, correction="題を直しました。", despite_findings=True)


def told(client: Client, edition: Edition) -> list[dict[str, Any]]:
    html = client.get(edition.get_absolute_url()).content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return list(json.loads(block))


def head(client: Client, url: str) -> dict[str, str]:
    """What a page tells social sites."""
    metas: list[Element] = page(client.get(url)).all("meta")
    return {meta["property"]: meta["content"] for meta in metas if "property" in meta.attributes}


def test_the_article_as_readers_see_it(client: Client, edition: Edition) -> None:
    article, _ = told(client, edition)
    assert article["@type"] == "NewsArticle"
    assert article["headline"] == "港はいつ開く？"
    assert article["description"] == "再開が近い。"
    assert article["datePublished"] == "2026-04-01T12:00:00+09:00"
    assert article["dateModified"] == "2026-04-01T14:00:00+09:00"
    assert article["keywords"] == ["港"]
    assert article["url"].endswith(edition.get_absolute_url())
    assert article["image"] == [f"http://news.example{edition.get_absolute_url()}share.png"]
    assert [(each["text"], each["datePublished"]) for each in article["correction"]] == [
        ("題を直しました。", "2026-04-01T14:00:00+09:00")
    ]


def test_sources_are_citations(client: Client, edition: Edition) -> None:
    article, _ = told(client, edition)
    first, second = article["citation"]
    assert first == {
        "@type": "CreativeWork",
        "name": "発表",
        "url": "https://paper.example/1",
        "datePublished": "2026-03-22",
        "publisher": {"@type": "Organization", "name": "港日報"},
    }
    assert (second["name"], "url" in second) == ("町史", False)
    assert article["isBasedOn"] == ["https://paper.example/1"]


def test_the_way_to_it_leads_there(client: Client, edition: Edition) -> None:
    _, way = told(client, edition)
    steps = [(each["position"], each["name"]) for each in way["itemListElement"]]
    assert [number for number, _ in steps] == [1, 2, 3]
    assert [name for _, name in steps][1:] == ["2026年4月", "港はいつ開く？"]
    for each in way["itemListElement"]:
        assert client.get("/" + each["item"].split("/", 3)[3]).status_code == 200


@pytest.mark.django_db
def test_a_picture_and_long_words_and_dates_without_a_page(client: Client) -> None:
    article = drafted("題" * 150, sections=(Section(heading="今", sources=(Source(caption="写真"),)),))
    source = SourceLink.objects.get()
    source.image_alt = "港の朝"
    source.image.save("port.png", File(picture(size=(1200, 675)), "port.png"))
    permitted(source.image.name)
    edition = publishing.publish(publishing.save(article, by=None), by=None, despite_findings=True)
    shown, _ = told(client, edition)
    assert len(shown["headline"]) == 110
    assert shown["image"][0].startswith("http")
    social = head(client, edition.get_absolute_url())
    assert social["og:image"] == shown["image"][0]
    assert (social["og:image:width"], social["og:image:alt"]) == ("1200", "港の朝")


def test_social_sites_are_told_the_same(client: Client, edition: Edition) -> None:
    social = head(client, edition.get_absolute_url())
    assert (social["og:type"], social["og:title"]) == ("article", "港はいつ開く？")
    assert social["og:url"].endswith(edition.get_absolute_url())
    assert social["article:modified_time"] == "2026-04-01T14:00:00+09:00"
    assert social["og:description"] == "再開が近い。"
    assert head(client, "/")["og:type"] == "website"


def test_drafts_tell_machines_nothing(client: Client, edition: Edition) -> None:
    """A draft that somebody is shown is not to be passed on."""
    link = sharing.share(changed(edition.article, "まだ秘密の題"), by=None)
    html = client.get(link.get_absolute_url()).content.decode()
    assert "まだ秘密の題" in html
    assert "ld+json" not in html
    assert 'property="og:' not in html
    assert "まだ秘密の題" not in str(told(client, edition))


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_no_text_ends_the_block(data: object) -> None:
    html = json_ld(data)
    inside = html.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert "<" not in inside
    assert ">" not in inside
    assert json.loads(inside) == data


@pytest.mark.django_db
def test_the_front_page_says_what_the_site_is_and_how_it_is_searched(client: Client) -> None:
    published("港")
    html = client.get("/").content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    site = json.loads(block)
    assert (site["@type"], site["url"]) == ("WebSite", "http://news.example/")
    target = site["potentialAction"]["target"]["urlTemplate"].replace("{words}", "港")
    assert "港" in page(client.get(target.removeprefix("http://news.example"))).one("h2").text
