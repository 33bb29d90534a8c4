"""Sources are looked at politely and judged with patience: what is there is never called gone."""

import itertools
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles import citing, drafting, link_health, publishing
from articles.citing import gone
from articles.document import Document, Section, Source
from articles.link_health import BadArchive, Look, due, look_at_addresses, note, waiting
from articles.models import Address, AddressCheck, Article, Citation, Edition, Event
from tests.desk import editor
from tests.hosts import Talk, host, reply, slowly, to

pytestmark = pytest.mark.django_db

Health = Address.Health
START = datetime(2026, 11, 23, 9, tzinfo=UTC)
FINE, MISSING = reply("本文"), reply("", "404 Not Found")


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.fetching.fetcher.PACE", 0)


def cited(*urls: str, title: str = "橋は？") -> Edition:
    """A live edition that stands on those addresses."""
    section = Section(heading="今", sources=tuple(Source(caption=f"{url}から", url=url) for url in urls))
    with time_machine.travel(START - timedelta(minutes=5)):
        article = drafting.create(Document(title=title, sections=(section,)))
        return publishing.publish(publishing.save(article, by=None), by=None, despite_findings=True)


def never() -> bool:
    return False


def looked_at(*, days: float) -> None:
    """What the round finds while so many days pass, six hours from one to the next."""
    for step in range(int(days * 4) + 1):
        with time_machine.travel(START + timedelta(hours=6 * step, minutes=step)):
            look_at_addresses(never)


# -- what editions stand on


def test_a_publication_writes_down_what_it_stands_on() -> None:
    edition = cited("http://News.example/a?utm_source=x#top", "javascript:alert(1)", "https://news.example/b")
    assert list(edition.citations.values_list("section", "position", "address__url", "address__host")) == [
        (0, 0, "https://news.example/a", "news.example"),
        (0, 2, "https://news.example/b", "news.example"),
    ]
    assert due().count() == 2


def test_two_articles_stand_on_one_address_and_a_new_edition_on_its_own() -> None:
    first, _ = cited("https://news.example/a"), cited("http://news.example/a#x", title="駅は？")
    address = Address.objects.get()
    assert address.citations.count() == 2
    article = Article.objects.get(pk=first.article_id)
    drafting.write(
        article,
        Document(title="橋は？", sections=(Section(heading="今", sources=(Source(url="https://b.example/"),)),)),
    )
    publishing.publish(publishing.save(article, by=None), by=None, despite_findings=True)
    assert address.citations.filter(edition__in=Edition.objects.live()).count() == 1


def test_a_publication_moved_in_time_is_written_down_once() -> None:
    edition = cited("https://news.example/a")
    publishing.write_lists([edition])
    assert Citation.objects.count() == 1


def test_addresses_of_an_archive_are_spread_over_a_round() -> None:
    citing.known(f"https://news.example/{number}" for number in range(200))
    assert 0 < Address.objects.filter(due_at__lt=timezone.now() + citing.ROUND / 2).count() < 200


# -- the round


def test_a_page_that_is_there_is_well_and_looked_at_again_in_a_month(
    monkeypatch: pytest.MonkeyPatch, unhurried: None
) -> None:
    with host(monkeypatch, a=FINE) as server:
        cited(f"{server.url}/a")
        look_at_addresses(never)
        look_at_addresses(never)
        assert [method for _, method, path, _ in server.asked if path == "/a"] == ["HEAD"]
    address = Address.objects.get()
    assert (address.health, address.status, address.failures) == (Health.WELL, 200, 0)
    assert timedelta(days=23) < address.due_at - timezone.now() < timedelta(days=37)
    assert address.checks.get().verdict == Health.WELL


def test_a_page_that_is_missing_three_days_is_gone_and_comes_back(
    monkeypatch: pytest.MonkeyPatch, unhurried: None
) -> None:
    with host(monkeypatch, a=MISSING, b=FINE) as server:
        cited(f"{server.url}/a", f"{server.url}/b")
        looked_at(days=1.5)
        address = Address.objects.get(url__endswith="/a")
        assert (address.health, address.failures) == (Health.FAILING, 2)
        looked_at(days=4)
        address.refresh_from_db()
        assert (address.health, address.failures, address.status) == (Health.GONE, 3, 404)
        assert address.failing_since
        assert address.failing_since - START < timedelta(minutes=1)
        assert gone([f"{server.url}/a#x", f"{server.url}/b", "港"]) == {f"{server.url}/a#x"}
        failures = list(address.checks.filter(verdict=Health.FAILING).order_by("at").values_list("at", flat=True))
        assert all(later - earlier >= timedelta(days=1) for earlier, later in itertools.pairwise(failures))
        server.answers["/a"] = FINE
        looked_at(days=45)
    address.refresh_from_db()
    assert (address.health, address.failures) == (Health.WELL, 0)
    assert address.failing_since is None


def test_looks_within_a_day_are_one_failure() -> None:
    address = Address.objects.create(url="https://news.example/a", host="news.example")
    for hours in (0, 1, 12, 23):
        with time_machine.travel(START + timedelta(hours=hours), tick=False):
            note(address, Look(Health.FAILING, 404))
    address.refresh_from_db()
    assert (address.failures, address.health, address.checks.count()) == (1, Health.FAILING, 4)


Answers = Callable[[int], Talk]  # by the number of the look

NEVER_GONE: dict[str, tuple[Answers, Health]] = {
    "well": (lambda n: FINE, Health.WELL),
    "forbidden": (lambda n: reply("", "403 Forbidden"), Health.UNKNOWN),
    "sign_in": (lambda n: reply("", "401 Who?"), Health.UNKNOWN),
    "paywall": (lambda n: reply("", "402 Pay"), Health.UNKNOWN),
    "too_many": (lambda n: reply("", "429 Slowly", Retry_After="3600"), Health.UNKNOWN),
    "too_many_without_end": (lambda n: reply("", "429 Slowly", Retry_After="1" + "0" * 11), Health.UNKNOWN),
    "broken": (lambda n: reply("", "500 Oops"), Health.UNKNOWN),
    "gateway": (lambda n: reply("", "502 Bad"), Health.UNKNOWN),
    "maintenance": (lambda n: reply("", "503 Later", Retry_After="Tue, 24 Nov 2026 09:00:00 GMT"), Health.UNKNOWN),
    "law": (lambda n: reply("", "451 Law"), Health.UNKNOWN),
    "robots_unwelcome": (lambda n: reply("", "999 Denied"), Health.UNKNOWN),
    "slow": (lambda n: slowly(b"HTTP/1.1 200 OK\r\n\r\n"), Health.UNKNOWN),
    "garbage": (lambda n: b"SSH-2.0-OpenSSH_9.2\r\n", Health.UNKNOWN),
    "moved": (lambda n: to("/new", "301 Moved"), Health.MOVED),
    "elsewhere_today": (lambda n: to("/new"), Health.WELL),
    "round_in_circles": (lambda n: to("/round_in_circles"), Health.UNKNOWN),
    "file": (lambda n: reply(b"%PDF", kind="application/pdf"), Health.WELL),
    "missing_for_a_day": (lambda n: MISSING if n < 3 else FINE, Health.WELL),
    "missing_and_broken": (lambda n: MISSING if n < 3 else reply("", "500 Oops"), Health.FAILING),
    "on_and_off": (lambda n: MISSING if n // 3 % 2 == 0 else FINE, Health.WELL),
    "into_the_machine": (lambda n: to("http://127.0.0.1:1/"), Health.UNKNOWN),
}


@pytest.mark.parametrize("name", NEVER_GONE)
def test_what_is_not_known_to_be_missing_is_never_gone(
    monkeypatch: pytest.MonkeyPatch, unhurried: None, name: str
) -> None:
    answers, outcome = NEVER_GONE[name]
    if name == "slow":
        monkeypatch.setattr("articles.fetching.fetcher.TIME", 0.5)
    with host(monkeypatch, new=FINE) as server:
        cited(f"{server.url}/{name}")
        seen: set[str] = set()
        for step in range(24):  # twelve days; due at once each time, as if an editor asked
            server.answers[f"/{name}"] = answers(step)
            with time_machine.travel(START + timedelta(hours=12 * step)):
                Address.objects.update(due_at=timezone.now())
                look_at_addresses(never)
            seen.add(Address.objects.get().health)
            if name == "slow" and step > 2:
                break
    assert Health.GONE not in seen
    assert Address.objects.get().health == outcome


def test_there_are_twenty_such_cases() -> None:
    assert len(NEVER_GONE) >= 20


def test_a_server_that_knows_no_head_is_asked_for_the_page(monkeypatch: pytest.MonkeyPatch, unhurried: None) -> None:
    with host(monkeypatch, a=FINE) as server:
        server.no_head = "405 No"
        cited(f"{server.url}/a")
        look_at_addresses(never)
    assert Address.objects.get().health == Health.WELL


def test_what_moved_is_told_but_not_for_a_new_scheme_or_a_mark(
    monkeypatch: pytest.MonkeyPatch, unhurried: None
) -> None:
    with host(monkeypatch, a=to("/a?utm_source=x", "301 Moved"), b=to("/c", "308 Moved"), c=FINE) as server:
        server.answers["/a?utm_source=x"] = FINE
        cited(f"{server.url}/a", f"{server.url}/b")
        look_at_addresses(never)
        moved = Address.objects.get(url__endswith="/b")
        assert (moved.health, moved.moved_to) == (Health.MOVED, f"{server.url}/c")
        assert Address.objects.get(url__endswith="/a").health == Health.WELL


def test_robots_txt_is_respected(monkeypatch: pytest.MonkeyPatch, unhurried: None) -> None:
    answers = {"robots.txt": reply("User-agent: newsdesk\nDisallow: /", kind="text/plain"), "a": MISSING}
    with host(monkeypatch, **answers) as server:
        cited(f"{server.url}/a")
        looked_at(days=1)
        assert server.paths == []
    assert Address.objects.get().health == Health.UNKNOWN


def test_a_host_is_asked_once_a_second_and_others_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    with host(monkeypatch, **dict.fromkeys("abc", FINE)) as server:
        cited(*(f"{server.url}/{name}" for name in "abc"))
        begin = time.monotonic()
        look_at_addresses(never)
        times = sorted(at for at, *_ in server.asked)
    assert len(times) == 4
    # The first may come late on a busy machine, and the next look closer to it than they were sent; none comes early.
    assert all(at - begin >= number for number, at in enumerate(times))
    rows = [Address(url=f"{name}{number}", host=name) for name in "ab" for number in range(2)] + [
        Address(url="c0", host="c")
    ]
    assert [each.url for each in link_health.in_turns(rows)] == ["a0", "b0", "c0", "a1", "b1"]


def test_an_overloaded_host_is_left_alone_with_all_its_pages(monkeypatch: pytest.MonkeyPatch, unhurried: None) -> None:
    with host(monkeypatch, a=reply("", "429 Slowly", Retry_After="7200"), b=FINE) as server:
        cited(f"{server.url}/a", f"{server.url}/b")
        first, second = Address.objects.order_by("url")
        Address.objects.filter(pk=first.pk).update(due_at=START - timedelta(days=1))
        look_at_addresses(never)
        assert server.paths == ["/a"]
    second.refresh_from_db()
    assert second.due_at - timezone.now() > timedelta(minutes=119)


@pytest.mark.parametrize(
    ("status", "said", "hours"),
    [
        (429, "", 24),
        (429, "7200", 2),
        (503, "1", 1),
        (503, "1" + "0" * 4_000, 60 * 24),
        (429, "Tue, 24 Nov 2026 09:00:00 GMT", 24),
        (429, "Tue, 24 Nov 2026 09:00:00", 24),
        (429, "Tue, 24 Nov 1926 09:00:00 GMT", 1),
        (429, "-5", 24),
        (503, "soon", 24),
    ],
)
def test_what_a_site_asks_for_is_kept_within_reason(status: int, said: str, hours: int) -> None:
    with time_machine.travel(START, tick=False):
        assert waiting(status, said) == timedelta(hours=hours)
    assert waiting(500, said) is None


def test_when_our_own_line_is_down_nobody_is_blamed(monkeypatch: pytest.MonkeyPatch, unhurried: None) -> None:
    with host(monkeypatch, a=FINE) as server:
        cited(f"{server.url}/a", "https://away.invalid/b")
    later = START.replace(year=2099)
    Address.objects.filter(url__endswith="/a").update(health=Health.WELL, checked_at=START, due_at=later)
    look_at_addresses(never)  # nobody listens any more at the one, and the other has no name
    address = Address.objects.get(host="away.invalid")
    assert (address.health, address.failures, address.checks.count()) == (Health.UNKNOWN, 0, 0)


def test_a_host_that_is_no_more_is_gone_while_others_answer(monkeypatch: pytest.MonkeyPatch, unhurried: None) -> None:
    with host(monkeypatch, a=FINE) as server:
        cited(f"{server.url}/a", "https://no-such-host.invalid/b")
        looked_at(days=4)
    assert Address.objects.get(host="no-such-host.invalid").health == Health.GONE


def test_what_readers_are_not_led_to_is_not_looked_at() -> None:
    edition = cited("https://news.example/a")
    assert due().count() == 1
    publishing.withdraw(edition.article, by=None)
    assert due().count() == 0


def test_an_address_is_looked_at_by_one_tick_only() -> None:
    cited("https://news.example/a")
    address = due().get()
    assert link_health._claim(address)
    assert not link_health._claim(address)
    assert due().count() == 0


def test_the_round_makes_way(monkeypatch: pytest.MonkeyPatch, unhurried: None) -> None:
    with host(monkeypatch, a=FINE, b=FINE) as server:
        cited(f"{server.url}/a", f"{server.url}/b")
        look_at_addresses(lambda: True)
        assert len(server.paths) == 1
    assert due().count() == 1


def test_old_looks_are_forgotten() -> None:
    address = Address.objects.create(url="https://news.example/a", host="news.example")
    for _ in range(link_health.CHECKS_KEPT + 3):
        note(address, Look(Health.WELL, 200))
    assert AddressCheck.objects.count() == link_health.CHECKS_KEPT


# -- what readers see


def lost(url: str = "https://news.example/a") -> Address:
    """The address, gone."""
    Address.objects.filter(url=url).update(health=Health.GONE, failures=3)
    return Address.objects.get(url=url)


def test_readers_see_that_the_original_is_gone_and_where_a_copy_is(client: Client) -> None:
    edition = cited("http://news.example/a", "https://news.example/b")
    page = client.get(edition.get_absolute_url()).content.decode()
    assert "元記事はリンク切れ" not in page
    address = lost()
    page = client.get(edition.get_absolute_url()).content.decode()
    assert page.count("元記事はリンク切れ") == 2, "at its card, and in the list of sources"
    assert 'href="http://news.example/a"' not in page
    assert 'href="https://news.example/b"' in page
    link_health.set_archive(address, "https://web.archive.org/web/2026/http://news.example/a", by=editor())
    page = client.get(edition.get_absolute_url()).content.decode()
    assert 'href="https://web.archive.org/web/2026/http://news.example/a"' in page


def test_readers_who_have_the_page_learn_of_it(client: Client) -> None:
    edition = cited("https://news.example/a")
    url = edition.get_absolute_url()
    address = Address.objects.get()

    def etag() -> str:
        return client.get(url)["ETag"]

    tags = [etag()]
    for hours in (0, 25, 50):
        with time_machine.travel(timezone.now() + timedelta(hours=hours)):
            note(address, Look(Health.FAILING, 404))
        time.sleep(0.002)
    assert Address.objects.get().health == Health.GONE
    with time_machine.travel(timezone.now() + timedelta(hours=60)):
        tags.append(etag())
        link_health.set_archive(Address.objects.get(), "https://web.archive.org/a", by=editor())
        tags.append(etag())
        note(address, Look(Health.WELL, 200))
        tags.append(etag())
    assert len(set(tags)) == 4


@pytest.mark.parametrize("sources", [1, 40])
def test_an_article_costs_the_same_queries_whatever_was_lost(
    client: Client, django_assert_max_num_queries: Callable[[int], Iterator[None]], sources: int
) -> None:
    edition = cited(*(f"https://news.example/{number}" for number in range(sources)))
    Address.objects.update(health=Health.GONE, archive_url="https://web.archive.org/a")
    with django_assert_max_num_queries(4):  # type: ignore[attr-defined]
        client.get(edition.get_absolute_url())


# -- what editors do


def test_leaving_an_address_alone_stops_looks_and_alarms(client: Client) -> None:
    edition = cited("https://news.example/a")
    lost()
    assert link_health.leave_alone(Address.objects.all(), by=editor()) == 1
    assert due().count() == 0
    assert "元記事はリンク切れ" not in client.get(edition.get_absolute_url()).content.decode()
    assert Event.objects.filter(verb="change_address").exists()


def test_an_address_is_looked_at_when_an_editor_asks() -> None:
    cited("https://news.example/a")
    Address.objects.update(due_at=timezone.now() + timedelta(days=9), ignored=True)
    link_health.recheck(Address.objects.all(), by=editor())
    assert due().count() == 1


@pytest.mark.parametrize("url", ["javascript:alert(1)", "web.archive.org/a", "http://a:b@c/"])
def test_a_copy_is_on_the_web(url: str) -> None:
    cited("https://news.example/a")
    with pytest.raises(BadArchive):
        link_health.set_archive(Address.objects.get(), url, by=editor())
