"""What PostgreSQL has to be told, as its statistics mislead it. (For SQLite, see `test_scale`.)"""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.beside import beside
from articles.bulk import in_bulk
from articles.models.passages import Passage
from articles.search import index
from articles.search.bands import EVERYWHERE
from articles.search.queries import read
from tests.newsroom import published
from tests.test_leafing import explained

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="about PostgreSQL"),
]


def asked_of_database(sql: str) -> Any:
    with connection.cursor() as cursor:
        for each in sql.split("; "):
            cursor.execute(each)
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("name", "value"), [("jit", "off"), ("random_page_cost", "1.1"), ("gin_pending_list_limit", "256kB")]
)
def test_every_connection_begins_with_our_settings(name: str, value: str) -> None:
    assert asked_of_database(f"SHOW {name}") == value


@pytest.mark.parametrize("words", ["港", "橋", "港の橋", "港の端 橋", "鰐淵諸島"])
def test_a_search_goes_through_no_table_however_small_it_looks(words: str) -> None:
    """By the number of times that the table was gone through in this transaction (PostgreSQL §28.2.22)."""
    with connection.cursor() as cursor:  # or it has the pages of what earlier tests took back, and looks large
        cursor.execute("TRUNCATE articles_search")
    published("港の橋", lead="港の端に橋が架かる。")
    condition = read(words)[0].either
    went_through = "SELECT pg_stat_get_xact_numscans('articles_search'::regclass)"
    before = asked_of_database(f"ANALYZE articles_search; {went_through}")
    there = Passage.objects.filter(pk__in=index.matching(condition)).exists()
    assert index.hold([condition], EVERYWHERE) == there
    assert asked_of_database(went_through) == before
    asked_of_database("SELECT count(*) FROM articles_search WHERE tokens @@ '橋'")
    assert asked_of_database(went_through) != before, "without the function it is"


def test_what_was_added_last_is_merged_when_the_index_is_put_in_order() -> None:
    """A search goes through it besides the index: of a thousand articles that were imported, it took a millisecond."""
    merge = "SELECT gin_clean_pending_list('articles_search_tokens')"
    published("港の橋", lead="港の端に橋が架かる。")
    assert asked_of_database(merge) > 0, "pages of a list by itself"
    published("山の橋", lead="山の端に橋が架かる。")
    with in_bulk():
        assert asked_of_database("SHOW gin_pending_list_limit") == "4MB"
    index.put_in_order()
    assert asked_of_database("SHOW gin_pending_list_limit") == "256kB"
    assert asked_of_database(merge) == 0


def test_what_a_search_calls_goes_with_its_table() -> None:
    """So a restore, which drops every table of an empty place, finds nothing in its way."""
    there = "SELECT count(*) FROM pg_proc WHERE proname = 'articles_search_matching'"
    assert asked_of_database(there) == 1
    assert asked_of_database(f"DROP TABLE articles_search CASCADE; {there}") == 0


def test_where_a_question_was_asked_again_is_a_matter_of_few_rows() -> None:
    """Most passages of a large archive ask nothing; that these are equal is no reason to go through all editions."""
    edition, other = published(), published()
    rows = (
        Passage(edition=other, number=number, question_key=f"{number:032x}" if number % 3 else "")
        for number in range(100, 6_100)
    )
    Passage.objects.bulk_create(rows)
    asked_of_database("ANALYZE articles_passage; SELECT 1")
    with CaptureQueriesContext(connection) as queries:
        beside(edition)
    (rows_believed,) = re.findall(r"^Append .*rows=([0-9]+)", explained(queries[0]["sql"]))
    assert int(rows_believed) < 20  # it is 52 where the empty keys are taken for some that match
