"""WebSub: feeds name their hubs, hubs hear of every change, and nobody waits for a hub that is down."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from articles import background, publishing, websub
from articles.background import failed_tasks
from articles.models import BackgroundTask, Edition
from articles.models.background import SweepRun
from tests.hosts import Host, Talk, connections, host, reply, to
from tests.newsroom import changed, published
from tests.test_feeds import ATOM
from tests.test_settings import SAFE, run

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 4, 1, 3, 0, tzinfo=UTC)
HUB = "https://hub.example/"
TAKEN = reply("", "204 No Content")
SITE = [
    f"http://news.example/feeds/{way}{file}"
    for way in ("", "brief/", "facts/")
    for file in ("rss.xml", "atom.xml", "feed.json")
]
PORT = [f"http://news.example/tags/%E6%B8%AF/{file}" for file in ("rss.xml", "atom.xml", "feed.json")]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def hubbed(server: Host, settings: LazySettings) -> Host:
    """The server is the site's hub from now on."""
    settings.WEBSUB_HUB = [f"{server.url}/hub"]
    websub.notice_changes(never)
    return server


@pytest.fixture
def hub(clock: time_machine.Traveller, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """A hub that takes what it is told, known to the site from the beginning."""
    monkeypatch.setattr("articles.fetching.fetcher.PACE", 0)
    with host(monkeypatch, hub=TAKEN) as server:
        yield hubbed(server, settings)


def never() -> bool:
    return False


def work(clock: time_machine.Traveller, after: timedelta = timedelta(minutes=1)) -> None:
    """Let time pass, then do what is due."""
    clock.shift(after)
    websub.notice_changes(never)
    background.run_tasks(never)


def told(server: Host) -> list[str]:
    """The feeds that the hub was told of since this was last asked."""
    forms = [parse_qs(form.decode()) for form in server.sent]
    server.sent.clear()
    assert all(form["hub.mode"] == ["publish"] for form in forms)
    return sorted(form["hub.url"][0] for form in forms)


# What feeds say


def links(client: Client, url: str) -> list[str]:
    """The addresses of hubs in a feed itself."""
    if url.endswith(".json"):
        found = client.get(url).json()["hubs"]
        assert {each["type"] for each in found} == {"WebSub"}
        return [each["url"] for each in found]
    root = ElementTree.fromstring(client.get(url).content)  # noqa: S314  # our own
    return [link.attrib["href"] for link in root.iter(f"{ATOM}link") if link.get("rel") == "hub"]


FEEDS = ["/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json", "/feeds/brief/rss.xml", "/tags/港/atom.xml"]


@pytest.mark.parametrize("url", FEEDS)
def test_feeds_name_the_hubs_and_themselves(client: Client, settings: LazySettings, url: str) -> None:
    settings.WEBSUB_HUB = [HUB, "https://second.example/hub"]
    published(tags=("港",))
    assert links(client, url) == settings.WEBSUB_HUB
    self = f"http://news.example{url.replace('港', '%E6%B8%AF')}"
    header = f'<{HUB}>; rel="hub", <https://second.example/hub>; rel="hub", <{self}>; rel="self"'
    for answer in (client.get(url), client.head(url)):
        assert answer["Link"] == header


@pytest.mark.parametrize("url", FEEDS)
def test_without_a_hub_none_is_named(client: Client, url: str) -> None:
    published(tags=("港",))
    answer = client.get(url)
    assert "Link" not in answer
    assert b"hub" not in answer.content


def test_older_pages_and_the_feed_of_an_aggregator_name_none(
    client: Client, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.feeds.contents.LENGTH", 1)
    settings.WEBSUB_HUB = [HUB]
    published(), published()
    second = client.get("/feeds/feed.json").json()["next_url"].partition("?")[2]
    for url in (*(f"/feeds/{name}?{second}" for name in ("atom.xml", "rss.xml", "feed.json")), "/feeds/smartnews.xml"):
        answer = client.get(url)
        assert "Link" not in answer
        assert b"hub" not in answer.content


def test_a_304_has_what_it_has_to(client: Client, settings: LazySettings) -> None:
    settings.WEBSUB_HUB = [HUB]
    published()
    first = client.get("/feeds/rss.xml")
    second = client.get("/feeds/rss.xml", headers={"if-none-match": first["ETag"]})
    assert second.status_code == 304
    assert [second[name] for name in ("ETag", "Cache-Control")] == [first[name] for name in ("ETag", "Cache-Control")]


# What hubs are told


def test_a_publication_is_told_once_to_the_feeds_it_changes(hub: Host, clock: time_machine.Traveller) -> None:
    published(tags=("港",))
    work(clock)
    assert told(hub) == sorted(SITE + PORT)
    work(clock)
    assert told(hub) == []


def test_it_is_told_as_a_form_and_brings_nothing_else(hub: Host, clock: time_machine.Traveller) -> None:
    published()
    work(clock)
    _, method, path, headers = hub.asked[0]
    assert (method, path) == ("POST", "/hub")
    assert "Content-Type: application/x-www-form-urlencoded" in headers
    assert not [name for name in ("cookie", "authorization") if name in headers.lower()]
    assert "/robots.txt" not in [path for _, _, path, _ in hub.asked]


def test_corrections_and_withdrawals_are_told(hub: Host, clock: time_machine.Traveller) -> None:
    edition = published(tags=("港",))
    work(clock)
    told(hub)
    publishing.publish(changed(edition.article, "直した題"), by=None, correction="題の誤り。", despite_findings=True)
    work(clock)
    assert told(hub) == sorted(SITE + PORT)
    publishing.withdraw(edition.article, by=None)
    work(clock)
    assert told(hub) == sorted(SITE + PORT)


def test_a_schedule_and_a_planned_end_are_told_when_they_come(hub: Host, clock: time_machine.Traveller) -> None:
    edition = published(at=NOW + timedelta(hours=1))
    Edition.objects.filter(pk=edition.pk).update(
        expires_at=NOW + timedelta(hours=2), live_until=NOW + timedelta(hours=2)
    )
    heard = []
    for _ in range(5):
        work(clock, timedelta(minutes=31))
        heard.append(len(told(hub)))
    assert heard == [0, 9, 0, 9, 0]


def test_drafts_are_told_to_nobody(hub: Host, clock: time_machine.Traveller) -> None:
    edition = published()
    work(clock)
    told(hub)
    changed(edition.article, "書きかけ")
    work(clock)
    assert told(hub) == []


def test_what_was_there_before_the_hub_is_not_told(
    clock: time_machine.Traveller, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    published()
    with host(monkeypatch, hub=TAKEN) as server:
        clock.shift(60)
        hubbed(server, settings)
        work(clock)
        assert told(server) == []


def test_what_a_transaction_may_still_hold_is_told_later(hub: Host, clock: time_machine.Traveller) -> None:
    published()
    work(clock, websub.SETTLED - timedelta(seconds=1))
    assert told(hub) == []
    work(clock, timedelta(seconds=1))
    assert told(hub) == sorted(SITE)


def test_without_a_hub_nothing_is_written_or_asked(clock: time_machine.Traveller) -> None:
    published()
    with connections() as seen:
        work(clock)
    assert seen == []
    assert not SweepRun.objects.filter(name=websub.TOLD).exists()
    assert not BackgroundTask.objects.exists()


def test_every_hub_is_told(hub: Host, clock: time_machine.Traveller, settings: LazySettings) -> None:
    hub.answers["/other"] = TAKEN
    settings.WEBSUB_HUB = [*settings.WEBSUB_HUB, f"{hub.url}/other"]
    published()
    work(clock)
    assert sorted(set(hub.paths)) == ["/hub", "/other"]
    assert len(told(hub)) == 18


# Hubs in trouble


@pytest.mark.parametrize("answer", [reply("", "503 Later"), reply("", "404 Not Found"), to("/elsewhere"), b"", b"\x00"])
def test_a_hub_that_fails_is_told_again_after_longer_and_longer_waits(
    hub: Host, clock: time_machine.Traveller, answer: bytes
) -> None:
    hub.answers["/hub"] = answer
    published()
    tries, minutes = [], 0
    while minutes < 70:
        work(clock)
        minutes += 1
        if told(hub):
            tries.append(minutes)
    assert tries[:2] == [1, 2]
    gaps = [later - earlier for earlier, later in pairwise(tries)]
    assert gaps == sorted(gaps)
    assert gaps[-1] >= 16
    assert "/elsewhere" not in hub.paths
    assert not failed_tasks().exists()
    hub.answers["/hub"] = TAKEN
    work(clock, timedelta(hours=2))
    assert told(hub) == sorted(SITE)
    work(clock, timedelta(hours=2))
    assert told(hub) == []


def test_a_hub_that_is_down_for_days_is_given_up_and_shown_as_failed(hub: Host, clock: time_machine.Traveller) -> None:
    hub.answers["/hub"] = reply("", "503 Later")
    published()
    for _ in range(4 * 4):
        work(clock, timedelta(hours=6, minutes=1))
    assert failed_tasks().count() == len(SITE)
    reason = failed_tasks().first().reason  # type: ignore[union-attr]
    assert f"{hub.url}/hub" in reason
    assert "503" in reason
    assert not BackgroundTask.objects.filter(status="READY").exists()
    hub.answers["/hub"] = TAKEN
    told(hub)
    background.again(failed_tasks())  # type: ignore[arg-type]  # tasks, whichever class lists them
    background.run_tasks(never)
    assert told(hub) == sorted(SITE)
    assert not failed_tasks().exists()


def test_a_feed_that_waits_to_be_told_of_is_told_of_once(hub: Host, clock: time_machine.Traveller) -> None:
    hub.answers["/hub"] = reply("", "503 Later")
    for _ in range(3):
        published()
        work(clock)
    assert BackgroundTask.objects.filter(status="READY").count() == len(SITE)


def test_a_hub_that_hangs_holds_up_neither_saves_nor_other_work(
    clock: time_machine.Traveller, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.fetching.fetcher.PACE", 0)
    monkeypatch.setattr("articles.fetching.fetcher.TIME", 0.2)

    def hang(connection: Any) -> None:
        time.sleep(5)

    answer: Talk = hang
    with host(monkeypatch, hub=answer) as server:
        hubbed(server, settings)
        with connections() as seen:
            published()
        assert seen == [], "a save talks to nobody"
        started = time.perf_counter()
        work(clock)
        assert time.perf_counter() - started < 8
        assert len(server.paths) == len(SITE)
        waiting = BackgroundTask.objects.filter(status="READY").values_list("run_after", flat=True)
        assert set(waiting) == {timezone.now() + websub.SHORTEST_WAIT}


def test_a_hub_inside_the_machine_is_not_reached(
    clock: time_machine.Traveller, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.fetching.fetcher.PACE", 0)
    settings.WEBSUB_HUB = ["http://127.0.0.1/hub"]
    websub.notice_changes(never)
    published()
    with connections() as seen:
        work(clock)
    assert seen == []


def test_a_hub_that_was_taken_out_is_not_told_any_more(
    hub: Host, clock: time_machine.Traveller, settings: LazySettings
) -> None:
    published()
    clock.shift(60)
    websub.notice_changes(never)
    settings.WEBSUB_HUB = []
    background.run_tasks(never)
    assert told(hub) == []


# Settings


def test_hubs_are_none_or_addresses_of_the_web() -> None:
    ask = "from django.conf import settings; print(settings.WEBSUB_HUB)"
    assert run(ask, SAFE).stdout.strip() == "[]"
    two = run(ask, {**SAFE, "WEBSUB_HUB": "https://hub.example/,https://second.example/x"})
    assert two.stdout.strip() == "['https://hub.example/', 'https://second.example/x']"
    for bad in ("hub.example", "ftp://hub.example/", "https://", 'https://hub.example/">'):
        refused = run(ask, {**SAFE, "WEBSUB_HUB": bad})
        assert refused.returncode
        assert "WEBSUB_HUB" in refused.stderr
