"""Feeds: every reader program can read them, they say the same in all formats, and nothing unpublished is in them."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
import time_machine
from django.conf import LazySettings
from django.core.files import File
from django.test import Client
from taggit.models import Tag

from articles import publishing
from articles.document import Section, Source
from articles.feeds import contents
from articles.leafing import Place
from articles.models import Article, Edition, SourceLink
from tests.figures import Measure
from tests.newsroom import changed, drafted, permitted, picture, published

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 4, 1, 3, 0, tzinfo=UTC)  # noon in Tokyo
FEEDS = {
    "/feeds/rss.xml": "application/rss+xml",
    "/feeds/atom.xml": "application/atom+xml",
    "/feeds/feed.json": "application/feed+json",
}
TAG_FEEDS = ("/tags/港/rss.xml", "/tags/港/atom.xml", "/tags/港/feed.json")
ATOM, CONTENT, MEDIA, DC = (
    "{http://www.w3.org/2005/Atom}",
    "{http://purl.org/rss/1.0/modules/content/}",
    "{http://search.yahoo.com/mrss/}",
    "{http://purl.org/dc/elements/1.1/}",
)
every_feed = pytest.mark.parametrize("url", [*FEEDS, *TAG_FEEDS])


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def ids(client: Client, url: str) -> list[str]:
    """The ids in a feed, in its order, as a reader program finds them."""
    body = client.get(url).content
    assert faults(url, body) == []
    if ".json" in url:
        return [item["id"] for item in json.loads(body)["items"]]
    return [entry.id for entry in feedparser.parse(body).entries]


def faults(url: str, body: bytes) -> list[str]:
    """What programs find wrong with a feed: one that reads feeds of all kinds, and a strict parser of XML or JSON."""
    found = feedparser.parse(body) if ".json" not in url else {}
    wrong = [str(found["bozo_exception"])] if found.get("bozo") else []
    try:
        json.loads(body) if ".json" in url else ElementTree.fromstring(body)  # noqa: S314  # our own
    except (ValueError, ElementTree.ParseError) as error:
        wrong.append(str(error))
    return wrong


@pytest.fixture
def is_read(client: Client, record_property: Measure) -> Callable[[str], None]:
    """Looks for faults of a feed, and notes that it did."""

    def read(url: str) -> None:
        wrong = faults(url, client.get(url).content)
        record_property("feeds read", 1)
        record_property("errors in feeds", len(wrong))
        assert wrong == []

    return read


def xml(client: Client, url: str) -> ElementTree.Element:
    return ElementTree.fromstring(client.get(url).content)  # noqa: S314  # our own


def data(client: Client, url: str = "/feeds/feed.json") -> dict[str, Any]:
    return json.loads(client.get(url).content)  # type: ignore[no-any-return]


def illustrated(**more: Any) -> Edition:
    """A live edition with a picture."""
    article = drafted(
        lead="港が変わる。",
        tags=("港", "町の 暮らし"),
        sections=(
            Section(body="町が決めた。", sources=(Source(url="https://mati.example/", image_credit="町だより"),)),
        ),
    )
    link = SourceLink.objects.get(section__article=article)
    link.image_alt = "赤い岸壁"
    link.image.save("minato.png", File(picture(size=(40, 30))))
    permitted(link.image.name)
    return publishing.publish(publishing.save(article, by=None), by=None, **more)


@every_feed
def test_live_articles_are_in_every_feed_newest_first(client: Client, url: str) -> None:
    days = [published(f"第{day}報", at=NOW - timedelta(days=day), tags=("港",)) for day in (2, 3, 1)]
    assert ids(client, url) == [days[2].permanent_id, days[0].permanent_id, days[1].permanent_id]


def test_id_is_permanent_and_the_same_in_all_formats(client: Client, settings: LazySettings) -> None:
    edition = published()
    before = {url: ids(client, url) for url in FEEDS}
    settings.SITE_URL = "https://moved.example"
    publishing.publish(changed(edition.article, "新しい題"), by=None)
    assert {url: ids(client, url) for url in FEEDS} == before
    assert set(map(tuple, before.values())) == {(f"urn:uuid:{edition.uid}",)}


@pytest.mark.parametrize(("url", "kind"), FEEDS.items())
def test_feed_is_served_as_what_it_is(client: Client, url: str, kind: str) -> None:
    published()
    response = client.get(url)
    assert response["Content-Type"] == f"{kind}; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in response
    assert "Cookie" not in response.get("Vary", "")


@every_feed
def test_draft_scheduled_and_withdrawn_articles_are_in_no_feed(client: Client, url: str) -> None:
    live = published("出ている", tags=("港",))
    publishing.save(drafted("下書き", tags=("港",)), by=None)
    published("予定", at=NOW + timedelta(days=1), tags=("港",))
    publishing.withdraw(published("取り下げ", tags=("港",)).article, by=None)
    changed(live.article, "書きかけ")
    body = client.get(url).content.decode()
    assert ids(client, url) == [live.permanent_id]
    assert not [word for word in ("下書き", "予定", "取り下げ", "書きかけ") if word in body]


@every_feed
def test_article_is_in_the_feed_from_its_start_to_its_end(
    client: Client, url: str, noon: time_machine.Traveller
) -> None:
    published("ずっと", tags=("港",))
    article = publishing.save(drafted("少しの間", tags=("港",)), by=None)
    edition = publishing.publish(article, by=None, at=NOW + timedelta(hours=1), until=NOW + timedelta(hours=2))
    seen = []
    for minutes in (59, 60, 119, 120):
        noon.move_to(NOW + timedelta(minutes=minutes))
        seen.append(edition.permanent_id in ids(client, url))
    assert seen == [False, True, True, False]


@every_feed
def test_subscriber_hears_of_a_withdrawal(client: Client, url: str, noon: time_machine.Traveller) -> None:
    published("残る", tags=("港",))
    gone = published("消える", tags=("港",))
    noon.shift(60)
    first = client.get(url)
    noon.shift(60)
    publishing.withdraw(gone.article, by=None)
    noon.shift(60)
    for name, header in (("if-none-match", "ETag"), ("if-modified-since", "Last-Modified")):
        assert client.get(url, headers={name: first[header]}).status_code == 200
    assert gone.permanent_id not in ids(client, url)


def test_update_keeps_the_date_of_publication(client: Client, noon: time_machine.Traveller) -> None:
    edition = published()
    noon.shift(3600)
    publishing.publish(changed(edition.article, "直した題"), by=None, correction="題を直しました。")
    (item,) = data(client)["items"]
    assert (item["title"], item["date_published"], item["date_modified"]) == (
        "直した題",
        "2025-04-01T12:00:00+09:00",
        "2025-04-01T13:00:00+09:00",
    )
    assert item["content_html"].find("題を直しました。") > 0
    entry = xml(client, "/feeds/atom.xml").find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}published") == "2025-04-01T12:00:00+09:00"
    assert entry.findtext(f"{ATOM}updated") == "2025-04-01T13:00:00+09:00"
    assert xml(client, "/feeds/rss.xml").findtext("channel/item/pubDate") == "Tue, 01 Apr 2025 12:00:00 +0900"


def test_rss_says_all_there_is_of_channel_and_item(client: Client) -> None:
    edition = illustrated()
    channel = xml(client, "/feeds/rss.xml").find("channel")
    assert channel is not None
    assert [channel.findtext(name) for name in ("title", "link", "description", "language", "copyright")] == [
        "試験新聞",
        "http://news.example/",
        "試験のための新聞です。",
        "ja",
        "© 試験新聞",
    ]
    assert channel.findtext("lastBuildDate") == "Tue, 01 Apr 2025 12:00:00 +0900"
    assert [channel.findtext(f"image/{name}") for name in ("title", "link")] == ["試験新聞", "http://news.example/"]
    (link,) = channel.findall(f"{ATOM}link")
    assert link.attrib == {"rel": "self", "href": "http://news.example/feeds/rss.xml"}
    item = channel.find("item")
    assert item is not None
    assert item.findtext("link") == f"http://news.example/articles/{edition.article_id}/"
    assert item.findtext("description") == "港が変わる。"
    assert "<p>町が決めた。</p>" in (item.findtext(f"{CONTENT}encoded") or "")
    assert item.findtext(f"{DC}creator") == "試験新聞"
    assert [category.text for category in item.findall("category")] == ["港", "町の 暮らし"]
    guid = item.find("guid")
    assert guid is not None
    assert (guid.text, guid.attrib) == (edition.permanent_id, {"isPermaLink": "false"})


def test_rss_shows_the_picture_with_its_words_and_credit(client: Client) -> None:
    edition = illustrated()
    assert edition.list_picture
    media = xml(client, "/feeds/rss.xml").find(f"channel/item/{MEDIA}content")
    assert media is not None
    size = {"type": "image/png", "medium": "image", "width": "40", "height": "30"}
    assert media.attrib == {"url": f"http://news.example{edition.list_picture.url}", **size}
    assert media.findtext(f"{MEDIA}description") == "赤い岸壁"
    assert media.findtext(f"{MEDIA}credit") == "町だより"


def test_atom_says_all_there_is_of_feed_and_entry(client: Client) -> None:
    edition = illustrated()
    feed = xml(client, "/feeds/atom.xml")
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "ja"
    assert feed.findtext(f"{ATOM}id") == "tag:news.example,2026:newsdesk"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "試験新聞"
    assert feed.findtext(f"{ATOM}updated") == "2025-04-01T12:00:00+09:00"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"alternate": "http://news.example/", "self": "http://news.example/feeds/atom.xml"}
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}id") == edition.permanent_id
    (summary,) = entry.findall(f"{ATOM}summary")
    assert (summary.text, summary.attrib) == ("港が変わる。", {"type": "text"})
    content = entry.find(f"{ATOM}content")
    assert content is not None
    assert content.get("type") == "html"
    assert "<p>町が決めた。</p>" in (content.text or "")
    terms = [(category.get("term"), category.get("label")) for category in entry.findall(f"{ATOM}category")]
    assert terms == [("港", "港"), ("町の-暮らし", "町の 暮らし")]


def test_json_feed_says_all_there_is_of_feed_and_item(client: Client) -> None:
    edition = illustrated()
    assert edition.list_picture
    feed = data(client)
    (item,) = feed.pop("items")
    assert feed.pop("icon").startswith("http://news.example/static/img/icon")
    assert feed.pop("favicon").startswith("http://news.example/static/img/icon")
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "試験新聞",
        "home_page_url": "http://news.example/",
        "feed_url": "http://news.example/feeds/feed.json",
        "description": "試験のための新聞です。",
        "authors": [{"name": "試験新聞", "url": "http://news.example/"}],
        "language": "ja",
        "_newsdesk": {"about": "http://news.example/feeds/#newsdesk", "withdrawn": []},
    }
    assert item.pop("_newsdesk")["sections"][0]["body"] == "町が決めた。"
    assert "<p>町が決めた。</p>" in item.pop("content_html")
    assert item == {
        "id": edition.permanent_id,
        "url": f"http://news.example/articles/{edition.article_id}/",
        "title": "港はいつ開く？",
        "summary": "港が変わる。",
        "image": f"http://news.example{edition.list_picture.url}",
        "date_published": "2025-04-01T12:00:00+09:00",
        "date_modified": "2025-04-01T12:00:00+09:00",
        "tags": ["港", "町の 暮らし"],
    }


def test_feed_of_a_tag_names_the_tag_and_its_page(client: Client) -> None:
    published("港の記事", tags=("港",))
    published("山の記事", tags=("山",))
    feed = data(client, "/tags/港/feed.json")
    assert "試験新聞" in feed["title"]
    assert "港" in feed["title"]
    assert feed["home_page_url"] == "http://news.example/tags/%E6%B8%AF/"
    assert feed["feed_url"] == "http://news.example/tags/%E6%B8%AF/feed.json"
    assert [item["title"] for item in feed["items"]] == ["港の記事"]
    tag = Tag.objects.get(name="港")
    assert xml(client, "/tags/港/atom.xml").findtext(f"{ATOM}id") == f"tag:news.example,2026:newsdesk/tags/{tag.pk}"


@pytest.mark.parametrize("file", ["rss.xml", "atom.xml", "feed.json"])
def test_tag_without_a_live_article_has_no_feed(client: Client, file: str) -> None:
    publishing.save(drafted(tags=("極秘",)), by=None)
    published(at=NOW + timedelta(days=1), tags=("あした",))
    publishing.withdraw(published(tags=("取下",)).article, by=None)
    for tag in ("極秘", "あした", "取下", "無い"):
        assert client.get(f"/tags/{tag}/{file}").status_code == 404


@pytest.mark.parametrize("slug", ["%00", "%0a", "a%00", "%ff", "%ed%a0%80", "..", "a" * 8000, "%25zz", "港%0b"])
def test_address_that_no_tag_can_have_has_no_feed(client: Client, slug: str) -> None:
    assert client.get(f"/tags/{slug}/rss.xml").status_code == 404


@pytest.mark.parametrize("url", FEEDS)
def test_feed_of_an_empty_site_is_a_feed(client: Client, url: str) -> None:
    assert ids(client, url) == []
    assert client.get(url).content == client.get(url).content


def test_feed_has_the_newest_twenty_articles(client: Client) -> None:
    editions = [published(f"第{hour}報", at=NOW - timedelta(hours=hour)) for hour in range(21)]
    assert ids(client, "/feeds/atom.xml") == [edition.permanent_id for edition in editions[:20]]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Feeds of two articles a page."""
    monkeypatch.setattr(contents, "LENGTH", 2)


@every_feed
@pytest.mark.usefixtures("short")
def test_older_articles_are_on_further_pages(client: Client, url: str) -> None:
    editions = [published(at=NOW - timedelta(hours=hour), tags=("港",)) for hour in range(3)]
    assert ids(client, url) == [edition.permanent_id for edition in editions[:2]]
    assert ids(client, f"{url}?before={place(editions[1], url)}") == [editions[2].permanent_id]
    published("新しい記事", at=NOW, tags=("港",))
    assert ids(client, f"{url}?before={place(editions[1], url)}") == [editions[2].permanent_id], "no page moves"


def place(edition: Edition, url: str) -> Place:
    """Where an article stands in a feed; those of tags go by the number of the edition."""
    assert edition.published_at
    return Place(edition.published_at, edition.pk if "/tags/" in url else edition.article_id)


def pages(client: Client, url: str) -> dict[str | None, str | None]:
    """Where the pages of an XML feed are said to be."""
    root = xml(client, url)
    channel = root.find("channel")
    links = (root if channel is None else channel).findall(f"{ATOM}link")
    return {link.get("rel"): link.get("href") for link in links}


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("url", ["/feeds/rss.xml", "/feeds/atom.xml"])
def test_pages_of_a_feed_name_one_another(client: Client, url: str) -> None:
    editions = [published(at=NOW - timedelta(hours=hour)) for hour in range(5)]
    queries = ("", f"?before={place(editions[1], url)}", f"?before={place(editions[3], url)}")
    first, second, third = (f"http://news.example{url}{query}" for query in queries)
    found = [pages(client, f"{url}{query}") for query in queries]
    assert [(page["self"], page.get("previous"), page.get("next")) for page in found] == [
        (first, None, second),
        (second, first, third),
        (third, f"http://news.example{url}?after={place(editions[4], url)}", None),
    ]
    back = pages(client, f"{url}?after={place(editions[4], url)}")
    assert (back.get("previous"), back.get("next")) == (first, third)


@pytest.mark.usefixtures("short")
def test_json_feed_leads_to_older_articles(client: Client) -> None:
    editions = [published(at=NOW - timedelta(hours=hour)) for hour in range(3)]
    second = f"/feeds/feed.json?before={place(editions[1], '')}"
    assert data(client)["next_url"] == f"http://news.example{second}"
    last = data(client, second)
    assert last["feed_url"] == f"http://news.example{second}"
    assert "next_url" not in last


@every_feed
@pytest.mark.parametrize("page", ["0", "-1", "2", "1-1", "x", "", "9" * 5000, "２", "1 OR 1"])
def test_page_that_a_feed_does_not_have_is_not_found(client: Client, url: str, page: str) -> None:
    published(tags=("港",))
    assert client.get(url, {"before": page}).status_code == 404


HOSTILE = [
    "]]>",
    "<script>alert(1)</script>",
    "&amp;&lt;b&gt;",
    '"><img src=x onerror=alert(1)>',
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
    "𠮷野家👨‍👩‍👧㈱",
    "\u0338<\u0338>\u0338",
    "admin",
    "=1+1",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("url", FEEDS)
def test_hostile_text_is_shown_as_it_is(client: Client, url: str, text: str, is_read: Callable[[str], None]) -> None:
    edition = published(text, lead=text, tags=(f"港{text}",), sections=(Section(body=text),))
    is_read(url)
    assert ids(client, url) == [edition.permanent_id]
    (item,) = data(client)["items"]
    assert item["title"] == edition.title
    assert xml(client, "/feeds/rss.xml").findtext("channel/item/title") == edition.title
    assert "<script" not in item["content_html"]
    assert "<img" not in item["content_html"]


@pytest.mark.parametrize("bad", ["\x01", "\x0b", "\x1f", "\x7f", "\ufffe", "\uffff"])
@pytest.mark.parametrize("url", FEEDS)
def test_character_that_xml_forbids_never_breaks_a_feed(
    client: Client, url: str, bad: str, is_read: Callable[[str], None]
) -> None:
    edition = illustrated()
    assert edition.picture
    media = {"pictures": {edition.picture["file"]: {"width": 1, "height": 1, "alt": f"岸{bad}壁"}}}
    Edition.objects.filter(pk=edition.pk).update(
        title=f"題{bad}名",
        summary=f"要{bad}旨",
        media=media,
        picture={**edition.picture, "alt": f"岸{bad}壁"},
        document={**edition.document, "title": f"題{bad}名", "takeaways": [f"港{bad}町"]},
        corrections=[{"at": NOW.isoformat(), "text": f"直{bad}す"}],
    )
    Tag.objects.filter(name="港").update(name=f"みな{bad}と")
    is_read(url)
    assert ids(client, url) == [edition.permanent_id]
    body = client.get(url).content.decode()
    assert bad not in body
    body = body.replace(" ", "")  # what ends a line somewhere becomes a space
    assert all(word in body for word in ("題名", "要旨", "岸壁", "港町", "直す", "みなと"))


def test_feed_never_touches_an_article_row(client: Client) -> None:
    edition = published("出ている題")
    Article.objects.filter(pk=edition.article_id).update(title="下書きの題", lead="極秘")
    for url in FEEDS:
        body = client.get(url).content.decode()
        assert "出ている題" in body
        assert "下書きの題" not in body
