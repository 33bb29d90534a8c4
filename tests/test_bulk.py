"""Writing many articles: what SQLite and Python do otherwise meanwhile, and that it ends with the command."""

import gc
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from articles.bulk import RARELY, in_bulk
from articles.management.commands import import_documents, rebuild_search
from articles.models import Passage
from articles.samples.synthetic import documents
from articles.search import index
from articles.search.index import Entry
from tests.newsroom import published
from tests.test_import_documents import written

pytestmark = pytest.mark.django_db
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="of SQLite's files")


def asked(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int((cursor.fetchone() or [0])[0])


def settings_now() -> tuple[int, ...]:
    return (
        asked("PRAGMA cache_size"),
        asked("PRAGMA wal_autocheckpoint"),
        asked("SELECT v FROM articles_search_config WHERE k = 'automerge'"),
        gc.get_threshold()[0],
        min(gc.get_freeze_count(), 1),
    )


def parts() -> int:
    """Of how many parts, each with all words by itself, the index is made."""
    return asked("SELECT count(DISTINCT segid) FROM articles_search_idx")


@pytest.fixture(autouse=True)
def _in_one_part(db: None) -> None:
    """Tests that commit leave parts behind, and sixteen of a size, theirs and others', would be merged."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO articles_search (articles_search) VALUES ('optimize')")


@in_bulk()
def _broken_off(seen: list[tuple[int, ...]]) -> None:
    seen.append(settings_now())
    raise ZeroDivisionError


@on_sqlite
def test_settings_hold_for_as_long_as_the_work() -> None:
    with in_bulk():
        pass
    usual = settings_now()
    seen: list[tuple[int, ...]] = []
    with pytest.raises(ZeroDivisionError):
        _broken_off(seen)
    assert seen == [(-65_536, 16_000, 16, RARELY, 1)]
    assert settings_now() == usual
    assert usual[2] == 4


@on_sqlite
def test_the_index_is_put_in_order_after_it() -> None:
    words = [f"第{number}便" for number in range(1, 13)]
    with in_bulk():
        for key, word in enumerate(words, 1_000_000):
            with transaction.atomic():  # what a transaction adds is a part of its own
                index.add([Entry(key, word, "港")])
    assert parts() >= 12
    index.put_in_order()
    assert parts() < 4, "four parts of a size are merged"
    with connection.cursor() as cursor:
        # A test that empties tables leaves what the index holds, which is no model's: of others there may be any.
        found = "SELECT rowid FROM articles_search WHERE articles_search MATCH '\"港\"*' AND rowid >= 1000000"
        cursor.execute(f"{found} ORDER BY rowid")
        assert [row[0] for row in cursor.fetchall()] == list(range(1_000_000, 1_000_012))
    before = connection.connection.total_changes
    index.put_in_order()
    assert connection.connection.total_changes - before == 1, "there was nothing more to do"


@pytest.mark.parametrize("command", ["import", "rebuild"])
def test_commands_leave_the_index_in_order(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (import_documents, rebuild_search):
        monkeypatch.setattr(module, "BATCH", 1)  # a part of the index for each article, until they are merged
    if command == "import":
        call_command("import_documents", written(tmp_path / "a.jsonl", list(documents(12))), "--publish", "-v0")
    else:
        for number in range(12):
            published(f"港の記事{number}")
        call_command("rebuild_search")
    if connection.vendor == "sqlite":
        assert asked("SELECT v FROM articles_search_config WHERE k = 'automerge'") == 4
        assert parts() < 4
    call_command("verify")
    assert Passage.objects.exists()
