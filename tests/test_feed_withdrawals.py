"""Withdrawals travel: a feed says which articles readers had and now have not, and nothing of what they said."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest
import time_machine
from django.test import Client

from articles import publishing
from articles.document import Comment, Section
from articles.feeds import contents
from articles.models import Commentator, Edition
from tests.newsroom import changed, drafted, published
from tests.test_feeds import ATOM, NOW

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
FEEDS = ["/feeds/feed.json", "/feeds/facts/feed.json", "/feeds/brief/feed.json", "/tags/港/feed.json"]


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def told(client: Client, url: str = "/feeds/feed.json") -> list[tuple[str | None, ...]]:
    """What a JSON Feed says was withdrawn: id, time and reason of each."""
    gone = client.get(url).json()["_newsdesk"]["withdrawn"]
    return [(each["id"], each["at"], each["reason"] or None) for each in gone]


def withdrawn(title: str = "消える題", reason: str = "", at: datetime = NOW - DAY) -> Edition:
    """An article that readers had for a while, next to one that stays."""
    published("残る題", tags=("港",))
    edition = published(title, at=at, lead="消えるリード。", tags=("港",))
    publishing.withdraw(edition.article, by=None, reason=reason)
    return edition


@pytest.mark.parametrize("url", FEEDS)
def test_a_withdrawal_is_told_with_its_time_and_reason_and_nothing_else(client: Client, url: str) -> None:
    edition = published("消える題", at=NOW - DAY, lead="消えるリード。", tags=("港",))
    published("残る題", tags=("港",))
    way = {"facts": contents.Way.FACTS, "brief": contents.Way.BRIEF}.get(url.split("/")[2], contents.Way.WHOLE)
    assert told(client, url) == []
    publishing.withdraw(edition.article, by=None, reason="事実に誤りがありました。")
    id_in_feed = contents._id(edition, way)
    assert told(client, url) == [(id_in_feed, "2025-04-01T12:00:00+09:00", "事実に誤りがありました。")]
    body = client.get(url).content.decode()
    assert "消える" not in body


def test_a_withdrawal_is_told_in_the_feeds_it_was_in(client: Client) -> None:
    said = Section(heading="今", body="工事。", opening=(Comment("港野", "待ちます。"), Comment("港野", "まだです。")))
    for title in ("残る題", "消える題"):
        edition = published(title, at=NOW - DAY, tags=("橋",), sections=(said,))
    published("別の題", tags=("港",), sections=(Section(heading="今", closing=(Comment("浜田", "はい。"),)),))
    publishing.withdraw(edition.article, by=None)
    people = {person.name: person.pk for person in Commentator.objects.all()}
    for url, number in (
        ("/tags/橋/feed.json", 1),
        ("/tags/港/feed.json", 0),
        (f"/commentators/{people['港野']}/feed.json", 1),
        (f"/commentators/{people['浜田']}/feed.json", 0),
    ):
        assert len(told(client, url)) == number, url


def test_without_a_reason_none_is_told(client: Client) -> None:
    edition = withdrawn()
    assert told(client) == [(edition.permanent_id, "2025-04-01T12:00:00+09:00", None)]


def test_a_planned_end_is_told_as_well(client: Client, noon: time_machine.Traveller) -> None:
    edition = publishing.save(drafted("期限つき"), by=None)
    publishing.publish(edition, by=None, until=NOW + DAY, despite_findings=True)
    assert told(client) == []
    noon.move_to(NOW + DAY)
    assert told(client) == [(edition.permanent_id, "2025-04-02T12:00:00+09:00", None)]


def test_nothing_is_told_of_an_article_that_is_on_show_again(client: Client, noon: time_machine.Traveller) -> None:
    edition = withdrawn()
    noon.shift(60)
    publishing.publish(changed(edition.article, "直した題"), by=None, despite_findings=True)
    assert told(client) == []


def test_a_newer_edition_and_a_schedule_are_no_withdrawals(client: Client, noon: time_machine.Traveller) -> None:
    edition = published()
    noon.shift(60)
    publishing.publish(changed(edition.article, "直した題"), by=None, despite_findings=True)
    published("予定", at=NOW + 2 * DAY)
    noon.shift(60)
    assert told(client) == []


def test_a_withdrawn_article_with_a_schedule_is_still_withdrawn(client: Client, noon: time_machine.Traveller) -> None:
    edition = withdrawn()
    noon.shift(60)
    publishing.publish(changed(edition.article, "あとの題"), by=None, at=NOW + DAY, despite_findings=True)
    assert [id_ for id_, _, _ in told(client)] == [edition.permanent_id]
    assert "あとの題" not in client.get("/feeds/atom.xml").content.decode()
    noon.move_to(NOW + DAY)
    assert told(client) == []


def test_it_is_told_for_thirty_days_and_once(client: Client, noon: time_machine.Traveller) -> None:
    edition = withdrawn()
    for number in range(3):  # on show and withdrawn again: the last time counts
        noon.shift(60)
        edition = publishing.publish(edition, by=None, despite_findings=True)
        noon.shift(60)
        publishing.withdraw(edition.article, by=None, reason=f"{number}")
    (entry,) = told(client)
    assert entry[2] == "2"
    noon.shift((30 * DAY - timedelta(seconds=1)).total_seconds())
    assert told(client) == [entry]
    noon.shift(1)
    assert told(client) == []


def test_the_latest_stand_first_and_only_so_many(
    client: Client, noon: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "MOST_WITHDRAWN", 2)
    editions = []
    for _ in range(3):
        editions.append(withdrawn())
        noon.shift(60)
    assert [id_ for id_, _, _ in told(client)] == [editions[2].permanent_id, editions[1].permanent_id]


def test_older_pages_say_nothing_of_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "LENGTH", 1)
    edition = withdrawn()
    published("もう一つ")
    published("さらに一つ")
    assert [id_ for id_, _, _ in told(client)] == [edition.permanent_id]
    assert told(client, client.get("/feeds/feed.json").json()["next_url"]) == []


def test_a_tag_tells_of_its_own_articles_only(client: Client) -> None:
    published("山の題", tags=("山",))
    withdrawn()
    assert told(client, "/tags/山/feed.json") == []


def test_the_feed_is_as_new_as_the_withdrawal(client: Client, noon: time_machine.Traveller) -> None:
    edition = published(at=NOW - DAY)
    published("残る題", at=NOW - DAY)
    noon.shift(3600)
    publishing.withdraw(edition.article, by=None)
    feed = ElementTree.fromstring(client.get("/feeds/atom.xml").content)  # noqa: S314  # our own
    assert feed.findtext(f"{ATOM}updated") == "2025-04-01T13:00:00+09:00"


def test_hostile_reason_is_shown_as_it_is(client: Client) -> None:
    withdrawn(reason="]]></at:comment><script>&amp;\x0b\ufffe")
    ((_, _, reason),) = told(client)
    assert reason == "]]></at:comment><script>&amp;"


@pytest.mark.parametrize("url", ["/feeds/rss.xml", "/feeds/atom.xml"])
def test_reader_programs_go_on_reading(client: Client, url: str) -> None:
    withdrawn(reason="誤り。")
    found = feedparser.parse(client.get(url).content)
    assert not found.bozo
    assert [entry.title for entry in found.entries] == ["残る題"]


@pytest.mark.parametrize("url", ["/feeds/rss.xml", "/feeds/atom.xml"])
def test_other_formats_say_nothing_of_it(client: Client, url: str) -> None:
    edition = withdrawn(reason="誤り。")
    assert edition.permanent_id not in client.get(url).content.decode()
