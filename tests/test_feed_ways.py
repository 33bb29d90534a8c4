"""Feeds that bring articles in another way: questions and answers alone, or without commentary."""

from itertools import product
from xml.etree import ElementTree

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import publishing
from articles.models import Commentator, Edition
from tests.newsroom import changed, published
from tests.test_pages import WHOLE

pytestmark = pytest.mark.django_db

WAYS, FILES = ("brief", "facts"), ("rss.xml", "atom.xml", "feed.json")
ADDRESSES = [f"/feeds/{way}/{file}" for way, file in product(WAYS, FILES)]


@pytest.fixture
def edition() -> Edition:
    return published(**WHOLE)


def content(client: Client, address: str) -> str:
    """The HTML of the only article in a feed."""
    if address.endswith(".json"):
        (item,) = client.get(address).json()["items"]
        return str(item["content_html"])
    (entry,) = feedparser.parse(client.get(address).content).entries
    return str(entry.content[0].value)


def ids(client: Client, address: str) -> list[str]:
    if address.endswith(".json"):
        return [item["id"] for item in client.get(address).json()["items"]]
    return [entry.id for entry in feedparser.parse(client.get(address).content).entries]


@pytest.mark.parametrize("file", FILES)
def test_brief_brings_questions_answers_and_takeaways(client: Client, edition: Edition, file: str) -> None:
    html = content(client, f"/feeds/brief/{file}")
    for part in ("リードの文。", "いつ開く？", "五月に開く。", "まとめその二", f"{edition.get_absolute_url()}"):
        assert part in html
    for part in ("報告の一行目。", "開幕の言葉", "要点その一"):
        assert part not in html


@pytest.mark.parametrize("file", FILES)
def test_facts_bring_everything_but_commentary(client: Client, edition: Edition, file: str) -> None:
    Commentator.objects.update(disclosure="港湾協会の顧問。")
    publishing.publish(publishing.save(edition.article, by=None), by=None, despite_findings=True)
    html = content(client, f"/feeds/facts/{file}")
    for part in ("五月に開く。", "報告の一行目。", "要点その二", "まとめその二"):
        assert part in html
    for part in ("開幕の言葉", "結びの言葉", "全体への言葉", "港湾協会の顧問"):
        assert part not in html
        assert part in content(client, f"/feeds/{file}")


@pytest.mark.parametrize("file", FILES)
def test_ids_differ_by_way_and_outlive_every_change(client: Client, edition: Edition, file: str) -> None:
    feeds = [f"/feeds/{file}", *(f"/feeds/{way}/{file}" for way in WAYS)]
    before = [ids(client, feed) for feed in feeds]
    assert len({each for (each,) in before}) == 3
    publishing.publish(
        changed(edition.article, "港は、いつから開く？"), by=None, correction="題の誤り。", despite_findings=True
    )
    assert [ids(client, feed) for feed in feeds] == before
    assert all("題の誤り。" in content(client, feed) for feed in feeds)


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_names_itself_and_answers_304(client: Client, edition: Edition, address: str) -> None:
    answer = client.get(address)
    assert address in answer.content.decode()
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(f"{address}?page=2").status_code == 301
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", ADDRESSES)
def test_they_cost_what_the_whole_feed_costs(client: Client, address: str) -> None:
    for number in range(5):
        published(f"記事{number}", **WHOLE)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) <= 4


def test_the_feeds_of_a_way_have_names_of_their_own(client: Client, edition: Edition) -> None:
    named = {}
    for way in ("", "brief/", "facts/"):
        tree = ElementTree.fromstring(client.get(f"/feeds/{way}atom.xml").content.decode())  # noqa: S314
        atom = "{http://www.w3.org/2005/Atom}"
        named[tree.findtext(f"{atom}id")] = tree.findtext(f"{atom}title")
    assert len(named) == len(set(named.values())) == 3


def test_the_page_of_feeds_leads_to_them(client: Client, edition: Edition) -> None:
    page = client.get("/feeds/").content.decode()
    assert all(f'href="{address}"' in page for address in ADDRESSES)
