"""How many articles there are of a tag, a month, a publisher: the tallies are always what a count would be."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Thread

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from taggit.models import Tag

from articles import after_migrating, changes, listings, publishing, tagging, tallies
from articles.archiving import Entry, archive
from articles.document import Document, Section, Source
from articles.models import Article, Change, Edition, Tally
from tests.desk import editor
from tests.newsroom import drafted, published

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def sections(*hosts: str) -> tuple[Section, ...]:
    return (Section(question="いつ？", sources=tuple(Source(url=f"https://{host}/1") for host in hosts)),)


def counted(kind: str) -> dict[str, int]:
    return {key: found.count for key, found in tallies.counts(kind).items()}


def tag(name: str) -> str:
    return str(Tag.objects.get(name=name).pk)


def test_an_article_counts_once_for_each_thing_it_is_of(clock: time_machine.Traveller) -> None:
    edition = published(tags=("港", "船"), sections=sections("a.example", "a.example", "b.example"))
    assert counted(tallies.TAG) == {tag("港"): 1, tag("船"): 1}
    assert counted(tallies.MONTH) == {"2026-04": 1}
    assert counted(tallies.HOST) == {"a.example": 1, "b.example": 1}
    clock.shift(HOUR)
    edition.article.tags.remove("船")
    edition.article.tags.add("島")
    publishing.publish(publishing.save(edition.article, by=None), by=None, despite_findings=True)
    assert counted(tallies.TAG) == {tag("港"): 1, tag("島"): 1}
    publishing.withdraw(edition.article, by=None)
    assert not counted(tallies.TAG)
    assert not counted(tallies.MONTH)
    assert not tallies.differences()


def test_a_schedule_and_an_end_count_at_their_moment(clock: time_machine.Traveller) -> None:
    draft = publishing.save(drafted(tags=("港",)), by=None)
    publishing.publish(draft, by=None, at=NOON + HOUR, until=NOON + 2 * HOUR, despite_findings=True)
    seen = []
    for _ in range(3):
        seen.append(counted(tallies.TAG).get(tag("港"), 0))
        tallies.fold(lambda: False)
        assert counted(tallies.TAG).get(tag("港"), 0) == seen[-1], "folding changes nothing"
        clock.shift(HOUR)
    assert seen == [0, 1, 0]


@pytest.mark.parametrize("seed", range(6))
def test_tallies_are_what_a_count_would_be_whatever_is_done(seed: int, clock: time_machine.Traveller) -> None:
    chance = Random(seed)  # noqa: S311  # the same every time
    articles = [drafted(f"記事{number}", tags=("港",)) for number in range(4)]
    for article in articles:
        publishing.save(article, by=None)
    deeds: list[Callable[[Article], object]] = [
        lambda article: publishing.withdraw(article, by=None),
        lambda article: publishing.unschedule(article, by=None),
        lambda article: publish(article),
        lambda article: publish(article, at=soon()),
        lambda article: publish(article, until=soon()),
        lambda article: change_tags(article),
        lambda article: reschedule(article),
        lambda article: tallies.fold(lambda: False),
    ]

    def soon() -> datetime:
        return clock_now() + timedelta(minutes=chance.randint(1, 90))

    def clock_now() -> datetime:
        return datetime.now(UTC)

    def publish(article: Article, at: datetime | None = None, until: datetime | None = None) -> None:
        edition = chance.choice(list(article.editions.order_by("pk")))
        publishing.publish(edition, by=None, at=at, until=until, despite_findings=True)

    def change_tags(article: Article) -> None:
        article.tags.set(chance.sample(["港", "船", "島", "灯"], chance.randint(0, 3)))
        publishing.save(article, by=None)

    def reschedule(article: Article) -> None:
        edition = Edition.objects.scheduled().filter(article=article).first()
        if edition and edition.live_from:
            publishing.reschedule(edition, soon(), was=edition.live_from, by=None)

    for _ in range(60):
        with suppress(publishing.PublishingError):
            chance.choice(deeds)(chance.choice(articles))
        assert not tallies.differences()
        clock.shift(timedelta(minutes=chance.randint(0, 40)))
        assert not tallies.differences()
    before = {kind: counted(kind) for kind in (tallies.TAG, tallies.MONTH, tallies.HOST)}
    tallies.rebuild()
    assert {kind: counted(kind) for kind in before} == before
    clock.shift(timedelta(days=1))
    assert not tallies.differences(), "what is to come was counted, too"


def test_an_archive_is_counted(clock: time_machine.Traveller) -> None:
    entries = [
        Entry(Document(title=f"記事{day}", tags=("港",), sections=sections("a.example")), NOON - timedelta(days=day))
        for day in range(40)
    ]
    archive([*entries, Entry(Document(title="明日", tags=("港",)), NOON + HOUR)], publish=True)
    assert counted(tallies.TAG) == {tag("港"): 40}
    assert sum(counted(tallies.MONTH).values()) == 40
    clock.shift(HOUR)
    assert counted(tallies.TAG) == {tag("港"): 41}
    assert not tallies.differences()


def test_merged_and_deleted_tags(client: Client) -> None:
    published(tags=("港", "波止場"))
    published(tags=("波止場",))
    tagging.merge([Tag.objects.get(name="波止場")], Tag.objects.get(name="港"), by=editor())
    assert counted(tallies.TAG) == {tag("港"): 2}
    tagging.rename(Tag.objects.get(), "埠頭", by=editor("nagi"))
    assert [(each.name, each.count) for each in listings.tags_in_use()] == [("埠頭", 2)]
    assert not tallies.differences()


def test_what_was_never_counted_is_counted_after_migrating() -> None:
    published(tags=("港",))
    Tally.objects.all().delete()
    Change.objects.all().delete()
    after_migrating.count_articles("default")
    assert counted(tallies.TAG) == {tag("港"): 1}
    assert changes.state([changes.ARTICLES]).changed_at == NOON


def test_the_command_counts_anew_and_says_what_differs(capsys: pytest.CaptureFixture[str]) -> None:
    published(tags=("港",))
    Tally.objects.filter(kind=tallies.TAG).update(count=5)
    with pytest.raises(CommandError, match="rebuild_tallies"):
        call_command("rebuild_tallies", check=True)
    assert f"tag {tag('港')}: 5 ≠ 1" in capsys.readouterr().out
    call_command("rebuild_tallies")
    call_command("rebuild_tallies", check=True)
    assert counted(tallies.TAG) == {tag("港"): 1}


@pytest.mark.parametrize("address", ["/tags/", "/archive/", "/sources/", "/sitemap.xml", "/feeds/", "/questions/"])
def test_no_page_counts_articles(client: Client, address: str) -> None:
    published(tags=("港",), sections=sections("a.example"))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert not [query["sql"] for query in queries if "COUNT(" in query["sql"] and "articles_change" not in query["sql"]]
    assert len(queries) <= 4


@pytest.mark.django_db(transaction=True)
def test_articles_published_at_once_are_all_counted(clock: time_machine.Traveller) -> None:
    editions = [publishing.save(drafted(f"記事{n}", tags=("港", "船", "島")), by=None) for n in range(6)]

    def publish(edition: Edition) -> None:
        try:
            publishing.publish(edition, by=None, despite_findings=True)
        finally:
            connections.close_all()

    threads = [Thread(target=publish, args=[edition]) for edition in editions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(counted(tallies.TAG).values()) == {6}
    assert not tallies.differences()
