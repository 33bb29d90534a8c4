"""Sitemaps and robots.txt: every address that readers have, and no other; when each last changed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import publishing, sitemaps
from articles.models import Edition
from tests.newsroom import changed, drafted, published

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)  # noon in Tokyo
DAY = timedelta(days=1)
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
SITE = "http://testserver"


@pytest.fixture(autouse=True)
def noon(settings: object) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def tree(client: Client, url: str) -> ElementTree.Element:
    answer = client.get(url)
    assert answer.status_code == 200, url
    assert answer["Content-Type"].startswith("application/xml")
    return ElementTree.fromstring(answer.content.decode())  # noqa: S314  # we wrote it


def places(client: Client, url: str) -> dict[str, str]:
    """Addresses, without the site's own, and when what stands there changed."""
    entries = tree(client, url)
    return {_path(entry.findtext(f"{MAP}loc")): entry.findtext(f"{MAP}lastmod") or "" for entry in entries}


def _path(url: str | None) -> str:
    assert url
    scheme, _, rest = url.partition("://")
    assert scheme in ("http", "https")
    return "/" + rest.partition("/")[2]


def test_the_index_leads_to_every_article(client: Client) -> None:
    old = published("旧", at=NOW - 40 * DAY)
    new = published("新", tags=("港",))
    assert places(client, "/sitemap.xml") == {
        "/sitemaps/pages.xml": "",
        "/sitemaps/2026/04.xml": "2026-04-01T12:00:00+09:00",
        "/sitemaps/2026/02.xml": "2026-04-01T12:00:00+09:00",  # it has it since now
    }
    assert places(client, "/sitemaps/2026/04.xml") == {new.get_absolute_url(): "2026-04-01T12:00:00+09:00"}
    assert list(places(client, "/sitemaps/2026/02.xml")) == [old.get_absolute_url()]


def no_news(client: Client) -> bool:
    """Whether the sitemap of news tells of none: it names the front page alone, as sitemap.xsd wants an address."""
    (entry,) = tree(client, "/news-sitemap.xml")
    return _path(entry.findtext(f"{MAP}loc")) == "/" and entry.find(f"{NEWS}news") is None


def test_every_address_answers(client: Client) -> None:
    published("新", tags=("港", "観光"))
    published("旧", at=NOW - 40 * DAY)
    for part in places(client, "/sitemap.xml"):
        for place in places(client, part):
            assert client.get(place).status_code == 200, place


def test_an_update_is_told_and_a_small_change_is_not(client: Client, noon: time_machine.Traveller) -> None:
    edition = published("新")
    noon.shift(DAY)
    publishing.publish(changed(edition.article, "新しい"), by=None, minor=True, despite_findings=True)
    assert list(places(client, "/sitemaps/2026/04.xml").values()) == ["2026-04-01T12:00:00+09:00"]
    publishing.publish(changed(edition.article, "もっと新しい"), by=None, despite_findings=True)
    assert list(places(client, "/sitemaps/2026/04.xml").values()) == ["2026-04-02T12:00:00+09:00"]
    assert places(client, "/sitemap.xml")["/sitemaps/2026/04.xml"] == "2026-04-02T12:00:00+09:00"


def test_what_readers_do_not_have_is_not_told(client: Client, noon: time_machine.Traveller) -> None:
    drafted("下書き")
    later = published("予約", at=NOW + DAY)
    gone = published("取り下げ")
    publishing.withdraw(gone.article, by=None)
    assert list(places(client, "/sitemap.xml")) == ["/sitemaps/pages.xml"]
    assert client.get("/sitemaps/2026/04.xml").status_code == 404
    assert no_news(client)
    noon.move_to(NOW + DAY)
    assert list(places(client, "/sitemaps/2026/04.xml")) == [later.get_absolute_url()]


def test_a_month_of_many_articles_is_told_in_parts(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "LENGTH", 2)
    for number in range(3):
        published(f"記事{number}")
    parts = list(places(client, "/sitemap.xml"))
    assert parts == ["/sitemaps/pages.xml", "/sitemaps/2026/04.xml", "/sitemaps/2026/04.xml?page=2"]
    found = [place for part in parts[1:] for place in places(client, part)]
    assert sorted(found) == sorted(edition.get_absolute_url() for edition in Edition.objects.live())
    for wrong in ("3", "0", "x"):
        assert client.get(f"/sitemaps/2026/04.xml?page={wrong}").status_code == 404


def test_news_are_of_the_last_two_days(client: Client, noon: time_machine.Traveller) -> None:
    published("昔", at=NOW - 3 * DAY)
    edition = published('港は"いつ" <開く> & 何時？')
    (entry,) = tree(client, "/news-sitemap.xml")
    assert _path(entry.findtext(f"{MAP}loc")) == edition.get_absolute_url()
    news = entry.find(f"{NEWS}news")
    assert news is not None
    assert news.findtext(f"{NEWS}title") == '港は"いつ" <開く> & 何時？'
    assert news.findtext(f"{NEWS}publication_date") == "2026-04-01T12:00:00+09:00"
    assert news.findtext(f"{NEWS}publication/{NEWS}language") == "ja"
    assert news.findtext(f"{NEWS}publication/{NEWS}name")


def test_news_grow_old_for_those_who_ask_again_too(client: Client, noon: time_machine.Traveller) -> None:
    published("新")
    first = client.get("/news-sitemap.xml")
    again = {"If-None-Match": first["ETag"]}
    assert "Last-Modified" not in first
    assert client.get("/news-sitemap.xml", headers=again).status_code == 304
    noon.shift(3 * DAY)
    assert client.get("/news-sitemap.xml", headers=again).status_code == 200
    assert no_news(client)


@pytest.mark.parametrize("url", ["/sitemap.xml", "/sitemaps/2026/04.xml", "/sitemaps/pages.xml", "/news-sitemap.xml"])
def test_what_a_sitemap_costs_does_not_grow(client: Client, url: str) -> None:
    for number in range(12):
        published(f"記事{number}", tags=(f"タグ{number}",))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    assert len(asked) <= 8
    assert not any('"document"' in query["sql"] for query in asked.captured_queries)


def test_robots_may_see_all_but_the_desk(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert lines[:2] == ["User-agent: *", "Disallow: /admin/"]
    maps = [line.removeprefix("Sitemap: ") for line in lines if line.startswith("Sitemap: ")]
    assert [_path(each) for each in maps] == ["/sitemap.xml", "/news-sitemap.xml"]
    for each in maps:
        assert client.get(_path(each)).status_code == 200
