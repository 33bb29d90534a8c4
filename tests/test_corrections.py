"""The list of corrections: what readers of an article are told, for all articles, and never before its time."""

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

from articles import drafting, publishing
from articles.document import Document, Section
from articles.models import Edition
from tests.newsroom import changed, published
from tests.reading import following, page

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def corrected(title: str, text: str, at: datetime | None = None, *, edition: Edition | None = None) -> Edition:
    """An article's edition that tells of a correction."""
    before = edition or published(f"{title}（前）")
    newer = changed(before.article, title)
    return publishing.publish(newer, by=None, at=at, correction=text, despite_findings=True)


def test_the_newest_correction_stands_first(client: Client, noon: time_machine.Traveller) -> None:
    first = corrected("港", "日付の誤り。")
    published("訂正のない記事")
    noon.shift(HOUR)
    second = corrected("橋", "人数の誤り。\n正しくは三人。")
    noon.shift(HOUR)
    corrected("港、再び", "場所の誤り。", edition=first)
    shown = page(client.get("/corrections/")).one("main")
    entries = shown.all("article", "corrected")
    assert [entry.one("h2").text for entry in entries] == ["港、再び", "橋"]
    assert [each.text for each in entries[0].all("dd")] == ["場所の誤り。", "日付の誤り。"]
    assert entries[1].one("a")["href"] == second.get_absolute_url()
    assert "訂正のない記事" not in shown.text


def test_a_correction_stands_where_the_wrong_words_stood_and_goes_with_them(client: Client) -> None:
    one, two, new = (Section(heading=name, question=f"{name}？") for name in ("一", "二", "新"))
    edition = published("港", sections=(one, two))
    fixed = changed(edition.article, "港の今")
    edition = publishing.publish(fixed, by=None, correction="二の誤り。", correction_part=2, despite_findings=True)
    shown = page(client.get(edition.get_absolute_url()))
    assert shown.one("section", id="s2").one("p", "correction").text.endswith("二の誤り。")
    assert not shown.one("section", id="s1").all("p", "correction")
    assert shown.one("section", "corrections").one("a")["href"] == "#s2"
    place = page(client.get("/corrections/")).one("article", "corrected").one("dl").one("a")["href"]
    assert place == f"{edition.get_absolute_url()}#s2"

    drafting.write(edition.article, Document(title="港の今", sections=(new, one, two)))
    publishing.publish(publishing.save(edition.article, by=None), by=None, despite_findings=True)
    shown = page(client.get(edition.get_absolute_url()))
    assert shown.one("section", id="s3").one("p", "correction").text.endswith("二の誤り。")

    drafting.write(edition.article, Document(title="港の今", sections=(new, one)))
    publishing.publish(publishing.save(edition.article, by=None), by=None, despite_findings=True)
    shown = page(client.get(edition.get_absolute_url()))
    assert not shown.all("p", "correction"), "its section is gone"
    assert "二の誤り。" in shown.one("section", "corrections").text


def test_what_is_not_on_show_is_not_told(client: Client, noon: time_machine.Traveller) -> None:
    corrected("予約", "まだ秘密。", at=NOW + HOUR)
    gone = corrected("取り下げ", "もうない。")
    publishing.withdraw(gone.article, by=None)
    text = client.get("/corrections/").content.decode()
    assert "まだ秘密。" not in text
    assert "もうない。" not in text
    assert "訂正のあった記事はありません" in text
    noon.move_to(NOW + HOUR)
    assert "まだ秘密。" in client.get("/corrections/").content.decode()


def test_a_schedule_that_is_moved_takes_its_correction_along(noon: time_machine.Traveller) -> None:
    edition = corrected("予約", "直しました。", at=NOW + HOUR)
    moved = publishing.reschedule(edition, NOW + 5 * HOUR, was=NOW + HOUR, by=None)
    assert moved.corrected_at == NOW + 5 * HOUR


@pytest.mark.parametrize(("number", "length"), [(0, 16), (1, 5)])
def test_the_list_costs_the_same_however_long_and_loads_no_documents(client: Client, number: int, length: int) -> None:
    for each in range(21):
        corrected(f"記事{each}", "一つの誤り。")
    address = following(client, "/corrections/", number)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert len(page(answer).all("article", "corrected")) == length
    assert len(asked) <= 4
    assert not any('"document"' in query["sql"] for query in asked.captured_queries)


def test_what_was_corrected_before_is_in_the_list_after_the_migration(client: Client) -> None:
    edition = corrected("港", "日付の誤り。")
    published("訂正のない記事")
    Edition.objects.update(corrected_at=None)
    assert "日付の誤り。" not in client.get("/corrections/").content.decode()
    write = import_module("articles.migrations.0015_when_corrected").write
    for _ in range(2):
        write(apps, SimpleNamespace(connection=connection))
    edition.refresh_from_db()
    assert edition.corrected_at == NOW
    assert Edition.objects.filter(corrected_at__isnull=False).count() == 1
