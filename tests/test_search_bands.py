"""How far back a search looks: what is newest first, nothing twice, and whatever there is of a rare word."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles import publishing
from articles.changes import SITE, state
from articles.document import Section
from articles.models import Edition, Passage
from articles.months import Month
from articles.search import bands, finding, index
from articles.search.bands import EVERYWHERE
from articles.search.queries import Phrase, read
from tests.newsroom import drafted
from tests.reading import page
from tests.test_search import found

NOW = datetime(2026, 4, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 4, 20)


def test_a_small_site_is_looked_through_at_once() -> None:
    assert list(bands.bands({}, TODAY)) == [EVERYWHERE]
    assert list(bands.bands({Month(2026, 4): 1_500}, TODAY)) == [EVERYWHERE]


def test_whole_years_then_months_then_days_hold_as_many_as_are_wanted() -> None:
    months = {
        Month(2026, 4): 200,
        Month(2026, 1): 300,
        Month(2025, 12): 400,
        Month(2025, 11): 3_000,
        Month(2024, 5): 19_000,
    }
    first, second, last = bands.bands(months, TODAY)
    assert first == ("2026", "202512", "2025113")
    assert second == ("2026", "2025", "2024053", "2024052"), "of whose days the last seven are wanted"
    assert last == EVERYWHERE


def test_a_month_is_named_whole_where_most_of_it_is_wanted() -> None:
    months = {Month(2026, month): 620 for month in range(1, 5)}
    months[Month(2026, 3)] = 470
    assert next(bands.bands(months, TODAY)) == ("202604", "202603")
    months[Month(2026, 3)] = 480
    assert next(bands.bands(months, TODAY)) == (
        "202604",
        *("2026033", "2026032", "2026031"),  # 10 to 31
        *(f"202603{day:02}" for day in range(9, 6, -1)),
    )


def test_the_days_of_this_month_are_counted_from_today() -> None:
    first = next(iter(bands.bands({Month(2026, 4): 4_000}, TODAY)))
    assert first == ("2026042", "20260419", "20260418", "20260417", "20260416")


def test_ten_days_are_those_that_the_month_has() -> None:
    assert bands.days_of("2026020") == tuple(f"202602{day:02}" for day in range(1, 10))
    assert bands.days_of("2026022") == tuple(f"202602{day}" for day in range(20, 29))
    assert bands.days_of("2028022")[-1] == "20280229"
    assert bands.days_of("2026053") == ("20260530", "20260531")


@given(st.dictionaries(st.builds(Month, st.integers(1990, 2026), st.integers(1, 12)), st.integers(1, 9_000)))
def test_each_band_holds_what_the_one_before_holds(months: dict[Month, int]) -> None:
    def holds(eras: bands.Eras, month: Month) -> float:
        if eras == EVERYWHERE:
            return 1.0
        days = (f"{month.year:04}{month.month:02}{day:02}" for day in range(1, 32))
        return sum(day.startswith(tuple(eras)) for day in days) / 31

    looked_at = list(bands.bands(months, TODAY))
    assert looked_at[-1] == EVERYWHERE
    assert all(len(eras) < 60 for eras in looked_at)
    for before, after in pairwise(looked_at):
        assert all(holds(before, month) <= holds(after, month) for month in months)


# On a database


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Edition]]:
    """Forty articles, one every ten days, and bands of few of them. 港 is in all, 灯台 in two old ones."""
    monkeypatch.setattr(bands, "SIZES", (3, 9))
    with time_machine.travel(NOW, tick=False):
        made = []
        for number in range(40):
            words = "港 灯台" if number in (12, 39) else "港"
            title = "港の題" if number % 7 == 5 else "題"
            document = drafted(f"{title}{number}", sections=(Section(heading="今", body=words),))
            edition = publishing.save(document, by=None)
            at = NOW - timedelta(days=10 * number)
            made.append(publishing.publish(edition, by=None, at=at, despite_findings=True))
        yield made


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("era", "days"),
    [
        ("2026", {2, 19, 20, 29, 30}),
        ("202603", {2, 19, 20, 29, 30}),
        ("2026032", {20, 29}),
        ("2026033", {30}),
        ("2026030", {2}),
        ("20260302", {2}),
        ("20260303", set()),
    ],
)
def test_an_era_holds_its_days(era: str, days: set[int]) -> None:
    with time_machine.travel(NOW, tick=False):
        for day in (2, 19, 20, 29, 30):
            edition = publishing.save(drafted(f"{day}日の港"), by=None)
            publishing.publish(edition, by=None, at=datetime(2026, 3, day, 3, tzinfo=UTC), despite_findings=True)
    held = Passage.objects.filter(pk__in=index.matching([[Phrase(("港",))]], eras=(era,)))
    assert {timezone.localtime(passage.published_at).day for passage in held if passage.published_at} == days


@pytest.mark.django_db
def test_of_a_common_word_the_newest_come_first_and_all_come_once(many: list[Edition]) -> None:
    listed = found("港")
    assert sorted(listed) == sorted(edition.title for edition in many)
    places = [int("".join(filter(str.isdecimal, title))) for title in listed]
    assert max(places[:3]) < 9, "those of the newest band"
    assert max(places[:20]) < 40
    assert "港の題5" in listed[:9], "a title counts among those of its band"


@pytest.mark.django_db
def test_a_rare_word_is_found_however_old(many: list[Edition]) -> None:
    assert found("灯台") == ["港の題12", "題39"]
    assert found("港 灯台") == ["港の題12", "題39"]
    assert found("灯") == ["港の題12", "題39"]


@pytest.mark.django_db
def test_what_is_nowhere_is_not_looked_for_band_after_band(many: list[Edition]) -> None:
    site = state([SITE])
    for before in (1, 0):
        with CaptureQueriesContext(connection) as queries:
            results = finding.find(read("鰐淵諸島"), Edition.objects.live(), site)
        assert not results.hits
        each = 2 if connection.vendor == "postgresql" else 1
        assert len(queries) == before + 2 * each, "for the words and for parts: anywhere, or among the newest first"


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor == 'postgresql'", reason="GIN knows no order")
def test_whether_anything_is_there_is_asked_of_the_last_passages_first() -> None:
    """By what FTS5 tells SQLite of its plan: its number has 128 in it where it goes backwards (fts5_main.c)."""
    with CaptureQueriesContext(connection) as queries:
        index.hold([read(word)[0].either for word in ("港", "灯台")], EVERYWHERE)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + queries[0]["sql"])
        plans = re.findall(r"VIRTUAL TABLE INDEX (\d+)", str(cursor.fetchall()))
    assert len(plans) == 2
    assert all(int(plan) & 128 for plan in plans)


@pytest.mark.django_db
def test_what_is_published_meanwhile_is_found(many: list[Edition]) -> None:
    assert found("新月 港") == []
    publishing.publish(publishing.save(drafted("新月の港"), by=None), by=None, despite_findings=True)
    assert found("新月 港") == ["新月の港"]
    assert "新月の港" in found("港")


@pytest.mark.django_db
def test_the_places_in_articles_are_the_same_whether_their_days_are_named_or_not(many: list[Edition]) -> None:
    some = [many[number] for number in (5, 12, 20, 39)]
    days = tuple(bands.eras_of(timezone.localdate(edition.published_at))[-1] for edition in some)
    keys = [edition.pk for edition in some]
    for condition in ([[Phrase(("港",))]], [[Phrase(("港",)), Phrase(("灯台",))], [Phrase(("題",))]]):
        named, unnamed = (
            set(
                Passage.objects.filter(pk__in=index.matching_of(keys, condition, eras)).values_list("edition", "number")
            )
            for eras in (days, bands.EVERYWHERE)
        )
        assert named == unnamed
        assert {edition for edition, _ in named} <= set(keys)
        assert named


@pytest.mark.django_db
def test_what_comes_near_is_looked_for_as_far_back(many: list[Edition]) -> None:
    results = finding.find(read("灯台守"), Edition.objects.live(), state([SITE]))
    assert results.near
    assert [hit.edition.title for hit in results.hits] == ["港の題12", "題39"]


@pytest.mark.django_db
def test_no_more_are_listed_than_anybody_leafs_through(
    many: list[Edition], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST", 20)
    shown = page(client.get("/search/?q=港&page=2"))
    assert len(shown.all("article", "hit")) == 10
    assert "これより多くの記事" in shown.text
    assert not [link for link in shown.all("a") if link.attributes.get("rel") == "next"]
    assert "これより多くの記事" not in page(client.get("/search/?q=港")).text
    assert client.get("/search/?q=港&page=3").status_code == 404


@pytest.mark.django_db
def test_an_article_without_a_day_that_has_a_name_is_found_all_the_same(many: list[Edition]) -> None:
    edition = publishing.save(drafted("遠い昔", sections=(Section(heading="今", body="港と石碑"),)), by=None)
    publishing.publish(edition, by=None, at=datetime(900, 1, 1, tzinfo=UTC), despite_findings=True)
    assert found("石碑") == ["遠い昔"]
