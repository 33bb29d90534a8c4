"""The source ledger: which articles stand on which publisher, as readers may know it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import publishing
from articles.document import Section, Source
from articles.ledger import standing_on
from articles.models import Edition, EditionPublisher
from tests.newsroom import drafted, published
from tests.reading import page

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def on(title: str, *urls: str, at: datetime | None = None) -> Edition:
    """An article on show that stands on these addresses."""
    return published(title, at=at, sections=(Section(heading="今", sources=tuple(Source(url=url) for url in urls)),))


def listed(client: Client, url: str) -> list[tuple[str, str]]:
    """The publishers of a page of the ledger, with what it counts of each."""
    entries = page(client.get(url)).one("main").all("ol", "ledger")
    return [
        (row.all()[1].text, " ".join(each.text for each in row.all("span", "count"))) for row in entries[0].all("li")
    ]


def test_publishers_stand_in_the_order_of_how_many_articles_name_them(client: Client) -> None:
    on("港", "https://wire.example/1?utm_source=x", "https://town.example/a")
    on("橋", "http://wire.example/1#top", "https://wire.example/2")
    assert listed(client, "/sources/") == [("wire.example", "2本 67%"), ("town.example", "1本 33%")]


def test_the_mix_of_publishers_adds_up(client: Client) -> None:
    on("港", "https://wire.example/1", "https://town.example/a")
    on("橋", "https://wire.example/2")
    on("駅", "https://wire.example/3")
    shares = [meter["value"] for meter in page(client.get("/sources/")).all("meter")]
    assert shares == ["75.0", "25.0"]


def test_an_article_that_stands_on_one_source_says_so(client: Client) -> None:
    single = on("港", "https://wire.example/1")
    double = on("橋", "https://wire.example/1", "https://town.example/2")
    assert page(client.get(single.get_absolute_url())).one("p", "alone-note")
    assert not page(client.get(double.get_absolute_url())).all("p", "alone-note")


def test_a_publisher_shows_its_articles_and_those_that_stand_on_one_source_alone(client: Client) -> None:
    on("港", "https://wire.example/1", "https://town.example/a", at=NOW - DAY)
    single = on("橋", "https://wire.example/2", "http://wire.example/2#b")
    first, second = page(client.get("/sources/wire.example/")).all("article", "standing")
    assert first.one("h2").one("a")["href"] == single.get_absolute_url()
    assert first.one("span", "alone").text == "リンクのある出典はこの1件だけ"
    assert [link["href"] for link in first.one("ul").all("a")] == ["https://wire.example/2"]
    assert not second.all("span", "alone")
    assert [link["href"] for link in second.one("ul").all("a")] == ["https://wire.example/1"]


def test_a_month_tells_of_its_own_articles(client: Client) -> None:
    on("旧", "https://old.example/", at=NOW - 40 * DAY)
    on("新", "https://new.example/")
    assert [host for host, _ in listed(client, "/sources/2026/02/")] == ["old.example"]
    assert [host for host, _ in listed(client, "/sources/2026/04/")] == ["new.example"]
    assert client.get("/sources/2026/03/").status_code == 404
    published("出典なし", at=NOW - 70 * DAY)
    for link in page(client.get("/sources/")).one("main").all("a"):
        assert client.get(link["href"]).status_code == 200, link["href"]


def test_only_what_is_on_show_is_told(client: Client, noon: time_machine.Traveller) -> None:
    drafted("下書き", sections=(Section(heading="今", sources=(Source(url="https://secret.example/1"),)),))
    on("予約", "https://later.example/1", at=NOW + DAY)
    gone = on("取り下げ", "https://gone.example/1")
    publishing.withdraw(gone.article, by=None)
    assert not page(client.get("/sources/")).all("ol", "ledger")
    for host in ("secret.example", "later.example", "gone.example", "nobody.example"):
        assert client.get(f"/sources/{host}/").status_code == 404
    noon.move_to(NOW + DAY)
    assert listed(client, "/sources/") == [("later.example", "1本 100%")]


def test_hosts_that_no_address_can_hold_are_named_and_not_linked(client: Client) -> None:
    on("港", "https://[::1]/a", "https://[2001:db8::1]/b", "https://例え.example/c")
    hosts = [host for host, _ in listed(client, "/sources/")]
    assert sorted(hosts) == ["2001:db8::1", "::1", "xn--r8jz45g.example"]
    assert client.get("/sources/xn--r8jz45g.example/").status_code == 200
    for wrong in ("a" * 300, "UPPER.example", "a..b", ".", "a%00b"):
        assert client.get(f"/sources/{wrong}/").status_code == 404


def test_an_article_leads_to_the_publishers_it_stands_on(client: Client) -> None:
    edition = on("港", "https://www.wire.example/1")
    cited = page(client.get(edition.get_absolute_url())).one("section", "cited")
    assert [link["href"] for link in cited.all("a", "host")] == ["/sources/www.wire.example/"]
    assert client.get("/sources/www.wire.example/").status_code == 200


@pytest.mark.parametrize("url", ["/sources/", "/sources/2026/04/", "/sources/wire.example/"])
def test_what_a_page_costs_does_not_grow(client: Client, url: str) -> None:
    on("一", "https://wire.example/1", "https://town.example/a")
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        costs.append(len(asked))
        assert not any('"document"' in query["sql"] for query in asked.captured_queries)
        for number in range(20):
            on(f"多{number}", "https://wire.example/1", f"https://other{number}.example/", "https://wire.example/3")
    assert costs[0] == costs[1] <= 4


def test_a_publishers_articles_are_in_order_once_each(client: Client, noon: time_machine.Traveller) -> None:
    moved = on("予約", "https://wire.example/1", "https://wire.example/2", at=NOW + DAY)
    on("港", "https://wire.example/3", "https://wire.example/3#x", at=NOW - DAY)
    publishing.reschedule(moved, NOW + 2 * DAY, was=NOW + DAY, by=None)
    noon.move_to(NOW + 3 * DAY)
    on("橋", "https://wire.example/1", at=NOW + DAY)
    assert [each.title for each in standing_on("wire.example")] == ["予約", "橋", "港"]


def test_what_was_published_before_has_its_publishers_after_the_migration() -> None:
    first = on("港", "https://wire.example/1", "https://wire.example/2", "https://town.example/1")
    second = on("橋", "https://wire.example/1")
    rows = sorted(EditionPublisher.objects.values_list("edition", "host", "published_at"))
    assert rows == [
        (first.pk, "town.example", NOW),
        (first.pk, "wire.example", NOW),
        (second.pk, "wire.example", NOW),
    ]
    EditionPublisher.objects.all().delete()
    migration = import_module("articles.migrations.0020_standing")
    for batch in (1, 2_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(migration, "BATCH", batch)
            migration.write(apps, SimpleNamespace(connection=connection))
        assert sorted(EditionPublisher.objects.values_list("edition", "host", "published_at")) == rows
