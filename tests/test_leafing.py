"""Leafing through lists: places in addresses, and what the database does to find a page."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from taggit.models import Tag

from articles import changes, ledger, questions, voices
from articles.archiving import Entry, archive
from articles.beside import beside
from articles.document import from_json
from articles.leafing import FIRST, NoSuchPage, Place, Wanted, leaf
from articles.models import Edition, EditionPublisher, Passage, Remark
from articles.months import Month
from articles.samples.synthetic import documents

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)


@given(st.datetimes(timezones=st.just(UTC)), st.integers(0, 10**18 - 1), st.none() | st.integers(0, 999_999))
def test_a_place_is_read_as_it_was_written(at: datetime, key: int, number: int | None) -> None:
    place = Place(at, key, number)
    assert Place.read(str(place)) == place
    assert Wanted.of(QueryDict(Wanted(before=place).query)) == Wanted(before=place)
    assert Wanted.of(QueryDict(Wanted(after=place).query)) == Wanted(after=place)


@given(st.text(max_size=30))
def test_anything_else_is_no_place(text: str) -> None:
    try:
        place = Place.read(text)
    except NoSuchPage:
        return
    assert str(place).split("-") == [str(int(part)) for part in text.split("-")]


def test_an_address_without_a_place_is_that_of_the_first_page() -> None:
    assert Wanted.of(QueryDict("utm_source=x")) == FIRST
    assert FIRST.query == ""


def lists() -> dict[str, Any]:
    """The lists that readers leaf through, of 300 articles."""
    documents_ = enumerate(documents(300))
    archive([Entry(from_json(form), NOW - timedelta(hours=hour)) for hour, form in documents_], publish=True)
    Edition.objects.update(corrected_at=F("published_at"))
    tag, month = Tag.objects.filter(name=next(documents(1))["tags"][0]).get(), Month(2026, 3)
    live = Edition.objects.live()
    return {
        "front": live.newest_first().listed(),
        "tag": live.tagged(tag).newest_first().listed(),
        "month": live.published_between(month.start, month.end).newest_first().listed(),
        "corrections": live.corrected(),
        "questions": questions.asked(),
        "questions of a month": questions.asked(month=month),
        "questions of a tag": questions.asked(tag=tag),
        "publisher": ledger.standing_on(most_common(EditionPublisher.objects.values_list("host", flat=True))),
        "commentator": voices.speaking_in(most_common(Remark.objects.values_list("commentator", flat=True))).live(),
    }


def most_common(values: Iterable[Any]) -> Any:
    return Counter(values).most_common(1)[0][0]


@pytest.mark.django_db
def test_a_page_in_the_middle_walks_an_index_and_sorts_nothing() -> None:
    """Whatever the number of articles: the plan of the database says so."""
    with connection.cursor() as cursor:
        for name, rows in lists().items():
            cursor.execute("ANALYZE")
            if connection.vendor == "postgresql":  # of 300 rows it would sort them; the question is whether it has to
                cursor.execute("SET LOCAL enable_sort = off")
                cursor.execute("SET LOCAL enable_seqscan = off")
            first = leaf(rows, FIRST, 5)
            assert first.earlier
            second = leaf(rows, Wanted.of(QueryDict(first.earlier)), 5)
            assert len(second.rows) == 5
            assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}
            for wanted in (
                FIRST,
                Wanted.of(QueryDict(first.earlier)),
                Wanted.of(QueryDict(second.later or first.earlier)),
            ):
                with CaptureQueriesContext(connection) as queries:
                    leaf(rows, wanted, 5)
                plan = explained(queries[0]["sql"])
                assert "USE TEMP B-TREE FOR ORDER BY" not in plan, (name, plan)
                assert not re.search(r"(?<!Incremental )Sort  \(", plan), (name, plan)
                assert "newest" in plan or "corrected" in plan or "questions" in plan, (name, plan)
                if wanted != FIRST:
                    assert (
                        re.search(r"\)\s*(<|>)=?\s*(\(|ROW\()", plan) or "published_at>? AND published_at<?" in plan
                    ), (name, plan)


def explained(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + ("QUERY PLAN " if connection.vendor == "sqlite" else "") + sql)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


@pytest.mark.skipif(
    "connection.vendor == 'postgresql'", reason="of 300 rows PostgreSQL reads all, and of many it counts"
)
@pytest.mark.django_db
def test_what_stands_beside_an_article_or_a_question_is_looked_up_and_not_looked_for() -> None:
    lists()
    edition = Edition.objects.live().newest_first()[150]
    keys = list(Passage.objects.filter(edition=edition).exclude(question_key="").values_list("question_key", flat=True))
    assert keys
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as queries:
        beside(edition)
        questions.same(keys)
        changes.made_of(edition.article_id)
    for query in queries:
        plan = explained(query["sql"])
        assert "SCAN articles" not in plan, plan
        assert "edition_newest" not in plan, plan


@pytest.mark.skipif("connection.vendor == 'postgresql'", reason="PostgreSQL counts how many rows there are of each")
@pytest.mark.django_db
def test_all_of_a_tag_or_a_commentator_are_walked_along_for_the_page_alone(client: Client) -> None:
    """Not for what else is asked of some of them: who spoke, and what was withdrawn of late."""
    lists()
    tag = Tag.objects.filter(name=next(documents(1))["tags"][0]).get()
    person = most_common(Remark.objects.values_list("commentator", flat=True))
    for url in (f"/tags/{tag.slug}/rss.xml", f"/commentators/{person}/rss.xml", f"/commentators/{person}/"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        walked = [query["sql"] for query in queries if re.search("(tag|remark)_newest", explained(query["sql"]))]
        assert len(walked) == 1, (url, walked)
        assert "LIMIT" in walked[0], url
