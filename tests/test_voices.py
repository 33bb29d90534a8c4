"""Commentators' pages and feeds: who was heard in live articles, and everything they said there."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import publishing
from articles.document import Comment, Section
from articles.models import Commentator, Edition, Picture
from tests.newsroom import changed, drafted, published
from tests.reading import page

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def speaking(title: str, name: str, at: datetime | None = None, **more: str) -> Edition:
    """An article on show in which somebody speaks before and after a report, and on the whole."""
    section = Section(
        heading="今",
        question="いつ？",
        opening=(Comment(name, more.get("opening", "前に")), Comment("別人", "別の声")),
        body="報じる",
        closing=(Comment(name, more.get("closing", "後に")),),
    )
    return published(title, at=at, sections=(section,), closing=(Comment(name, "全体に"),))


def url_of(name: str) -> str:
    return Commentator.objects.get(name=name).get_absolute_url()


def test_everything_said_stands_with_its_place(client: Client) -> None:
    edition = speaking("港", "波子")
    Commentator.objects.filter(name="波子").update(role="船長", profile="海の人。", disclosure="船会社の株を持つ。")
    shown = page(client.get(url_of("波子")))
    assert shown.one("h1").text == "波子"
    assert {"船長", "海の人。", "船会社の株を持つ。"} <= {each.text for each in shown.all("p")}
    (heard,) = shown.all("article", "heard")
    assert [said.one("div", "bubble").text for said in heard.all("div", "voice")] == ["前に", "後に", "全体に"]
    here = edition.get_absolute_url()
    places = [each.one("a")["href"] for each in heard.all("p", "said-about")]
    assert places == [f"{here}#s1", f"{here}#s1", f"{here}#closing"]
    assert "別の声" not in shown.text
    assert page(client.get(here)).all(id="closing")


def test_portraits_are_shown_in_their_small_copies(client: Client) -> None:
    speaking("港", "波子")
    Commentator.objects.filter(name="波子").update(portrait="faces/a.png", portrait_width=640, portrait_height=640)
    for address in ("/commentators/", url_of("波子")):
        face = page(client.get(address)).one("img", "face", src="/media/faces/a.png")
        assert (face["width"], face.attributes.get("srcset")) == ("640", None), "no copies are known yet"
    Picture.objects.create(file="faces/a.png", renditions={"webp": [320], "png": [320, 640]})
    for address in ("/commentators/", url_of("波子")):
        shown = page(client.get(address))
        assert shown.one("source", type="image/webp")["srcset"] == "/media/faces/a-320.webp 320w"
        assert "/media/faces/a-320.png 320w" in shown.one("img", "face", src="/media/faces/a.png")["srcset"]


def test_the_index_names_whoever_was_heard(client: Client, noon: time_machine.Traveller) -> None:
    speaking("港", "波子")
    speaking("明日", "明子", at=NOW + DAY)
    drafted("下書き", closing=(Comment("影子", "まだ"),))
    gone = speaking("消える", "去子")
    publishing.withdraw(gone.article, by=None)
    assert [each.text for each in page(client.get("/commentators/")).all("h2")] == ["別人", "波子"]
    for silent in ("明子", "影子", "去子"):
        assert client.get(url_of(silent)).status_code == 404, silent
    noon.move_to(NOW + DAY)
    assert client.get(url_of("明子")).status_code == 200


def test_only_the_live_edition_speaks(client: Client) -> None:
    edition = speaking("港", "波子", opening="古い言葉")
    changed(edition.article, "直しかけ")
    publishing.publish(publishing.save(edition.article, by=None), by=None, despite_findings=True)
    shown = page(client.get(url_of("波子")))
    assert len(shown.all("article", "heard")) == 1
    assert shown.one("article", "heard").one("h2").text == "直しかけ"


def test_a_name_changed_later_is_still_the_person(client: Client) -> None:
    speaking("港", "波子")
    here = url_of("波子")
    Commentator.objects.filter(name="波子").update(name="海子")
    shown = page(client.get(here))
    assert shown.one("h1").text == "海子"
    assert len(shown.all("div", "voice")) == 3


def test_a_changed_profile_reaches_whoever_has_a_copy(client: Client, noon: time_machine.Traveller) -> None:
    speaking("港", "波子")
    person = Commentator.objects.get(name="波子")
    noon.shift(DAY)
    tag = client.get(url_of("波子")).headers["ETag"]
    desk = Client()
    desk.force_login(User.objects.create_superuser("chief"))
    desk.post(
        reverse("admin:articles_commentator_change", args=[person.pk]),
        {"name": "波子", "role": "", "profile": "海の人。", "disclosure": ""},
    )
    response = client.get(url_of("波子"), headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert "海の人。" in response.content.decode()


def test_whoever_was_heard_is_not_deleted() -> None:
    edition = speaking("港", "波子")
    edition.article.comments.all().delete()
    edition.article.sections.all().delete()
    desk = Client()
    desk.force_login(User.objects.create_superuser("chief"))
    url = reverse("admin:articles_commentator_delete", args=[Commentator.objects.get(name="波子").pk])
    assert desk.post(url, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("wrong", ["0", "01", "99999999999999999999", "x"])
def test_other_addresses_are_none(client: Client, wrong: str) -> None:
    assert client.get(f"/commentators/{wrong}/").status_code == 404


def test_what_a_page_costs_does_not_grow(client: Client) -> None:
    speaking("港", "波子")
    url = url_of("波子")
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        costs.append(len(asked))
        for number in range(8):
            speaking(f"港{number}", "波子")
    assert costs[0] == costs[1] <= 5


# Feeds


def feed(client: Client, name: str = "波子", file: str = "feed.json") -> Any:
    return client.get(f"{url_of(name)}{file}")


def test_a_feed_brings_what_a_commentator_says_and_nothing_else_of_the_article(client: Client) -> None:
    edition = speaking("港", "波子")
    data = feed(client).json()
    assert "波子" in data["title"]
    assert data["home_page_url"].endswith(url_of("波子"))
    (item,) = data["items"]
    here = f"{settings.SITE_URL}{edition.get_absolute_url()}"
    assert item["url"] == here
    for said in ("前に", "後に", "全体に"):
        assert said in item["content_html"]
    for other in ("別の声", "報じる"):
        assert other not in json.dumps(data, ensure_ascii=False)
    assert item["summary"] == "前に"
    remarks = item["_newsdesk"]["remarks"]
    assert [each["text"] for each in remarks] == ["前に", "後に", "全体に"]
    assert [each["url"] for each in remarks] == [f"{here}#s1", f"{here}#s1", f"{here}#closing"]


def test_the_same_article_has_an_id_of_its_own_for_each_voice(client: Client) -> None:
    edition = speaking("港", "波子")
    ids = {feed(client, name).json()["items"][0]["id"] for name in ("波子", "別人")}
    assert len(ids | {edition.permanent_id}) == 3
    assert ids == {feed(client, name).json()["items"][0]["id"] for name in ("波子", "別人")}
    parsed = feedparser.parse(feed(client, file="rss.xml").content)
    assert not parsed.bozo
    assert parsed.entries[0].id in ids
    atom = feedparser.parse(feed(client, file="atom.xml").content)
    assert atom.entries[0].id == parsed.entries[0].id
    assert len({atom.feed.id, feedparser.parse(client.get("/feeds/atom.xml").content).feed.id}) == 2


def test_pages_offer_the_feeds_and_whoever_is_silent_has_none(client: Client) -> None:
    gone = speaking("港", "波子")
    links = [link["href"] for link in page(client.get(url_of("波子"))).all("link", rel="alternate")]
    assert links[:3] == [f"{url_of('波子')}{file}" for file in ("rss.xml", "atom.xml", "feed.json")]
    publishing.withdraw(gone.article, by=None)
    assert feed(client).status_code == 404
    for wrong in ("0", "999", "x"):
        assert client.get(f"/commentators/{wrong}/rss.xml").status_code == 404


def test_what_a_feed_costs_does_not_grow(client: Client) -> None:
    speaking("港", "波子")
    url = f"{url_of('波子')}rss.xml"
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        costs.append(len(asked))
        for number in range(8):
            speaking(f"港{number}", "波子")
    assert costs[0] == costs[1] <= 5
