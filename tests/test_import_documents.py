"""import_documents: an archive becomes articles, whatever is wrong with single lines and whenever the power fails."""

import gzip
import io
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from articles import archiving, drafting, publishing
from articles.archiving import BadEntry, Entry, archive, read_entry
from articles.document import from_json
from articles.images import normalise
from articles.jsonlines import LONGEST
from articles.management.commands import import_documents
from articles.models import Article, Comment, Edition, ImportRun, Section, SourceLink
from articles.samples.synthetic import document, documents

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def written(path: Path, lines: Sequence[Any]) -> Path:
    """A file of these lines; what is not bytes yet is written as JSON."""
    path.write_bytes(b"".join((x if isinstance(x, bytes) else json.dumps(x).encode()) + b"\n" for x in lines))
    return path


def imported(path: Path | str, *options: str) -> None:
    call_command("import_documents", str(path), *options)


def test_import_publishes_every_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    imported(written(tmp_path / "a.jsonl", list(documents(7))), "--publish")
    assert "7" in capsys.readouterr().out
    assert [edition.title for edition in Edition.objects.live().order_by("pk")] == [d["title"] for d in documents(7)]
    edition = Edition.objects.live().newest_first()[0]
    assert edition.published_at == edition.updated_at == datetime.fromisoformat(document(6)["published_at"])
    assert edition.appeared_at is not None
    assert edition.appeared_at > datetime.fromisoformat(document(6)["published_at"]), "caches and feeds learn of it now"
    assert [row.tag.name for row in edition.edition_tags.all()] == document(6)["tags"]


def test_no_texts_of_queries_are_kept_while_debugging(tmp_path: Path) -> None:
    """What Django notes of each query would outgrow a small server within a few thousand articles."""
    connection.force_debug_cursor = True
    try:
        imported(written(tmp_path / "a.jsonl", list(documents(3))), "--publish")
        assert len(connection.queries_log) < 10
    finally:
        connection.force_debug_cursor = False
        connection.queries_log.clear()


def test_import_without_publish_leaves_drafts(tmp_path: Path) -> None:
    imported(written(tmp_path / "a.jsonl", list(documents(3))))
    assert Article.objects.count() == Edition.objects.count() == 3
    assert not Edition.objects.filter(live_from__isnull=False).exists()


@time_machine.travel(NOW, tick=False)
def test_archive_leaves_the_same_rows_as_one_by_one() -> None:
    picture = normalise(_png())
    name = default_storage.save(str(picture.name), ContentFile(picture.read()))
    forms = [
        *documents(4),
        {"title": "題", "tags": ["AI", "ai", "！？", "ＡＩ", "Δ株", "港"], "takeaways": ["一", " ", "二"]},
        {"title": "絵", "sections": [{"sources": [{"image": name, "caption": "a"}, {"image": "not/there.png"}]}]},
        {"title": "声", "sections": [{"opening": [{"text": "誰"}]}], "closing": [{"commentator": "灘", "text": "か"}]},
        {"title": "また", "tags": ["ai", "δ株"], "published_at": "2030-01-01"},
    ]
    entries = [read_entry(json.dumps(form).encode()) for form in forms]
    together = [edition.article for edition in archive(entries, publish=True)]
    for entry, article in zip(entries, together, strict=True):
        single = drafting.create(entry.document)
        edition = publishing.save(single, by=None)
        publishing.publish(edition, by=None, at=entry.published_at, despite_findings=True)
        assert _everything(article) == _everything(single)


def _png() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "#225588").save(out, "PNG")
    out.seek(0)
    return out


def _everything(article: Article) -> dict[str, Any]:
    """All that is stored of an article but ids and what the checks found."""
    rows = {
        "article": [Article.objects.get(pk=article.pk)],
        "sections": Section.objects.filter(article=article).order_by("pk"),
        "sources": SourceLink.objects.filter(section__article=article).order_by("pk"),
        "comments": Comment.objects.filter(article=article).order_by("pk"),
        "editions": Edition.objects.filter(article=article),
    }
    found: dict[str, Any] = {
        name: [{f.attname: getattr(row, f.attname) for f in row._meta.fields if f.name not in _IDS} for row in some]
        for name, some in rows.items()
    }
    found["tags"] = list(article.editions.values_list("edition_tags__tag", "edition_tags__position"))
    found["tag dates"] = list(article.editions.values_list("edition_tags__published_at", flat=True))
    return {**found, "document": drafting.read(article), "unplaced": article.unplaced}


_IDS = {"id", "uid", "article", "section", "required_findings", "other_findings"}  # an archive is not checked


def test_archive_costs_the_same_queries_for_more(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    entries = [Entry(replace(from_json(form), tags=("港", "橋"))) for form in documents(12)]
    archive(entries, publish=True)  # from here on tags and commentators are known
    with django_assert_num_queries(_queries(entries[:3])):
        archive(entries[3:9], publish=True)


def _queries(entries: list[Entry]) -> int:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as context:
        archive(entries, publish=True)
    return len(context)


@time_machine.travel(NOW, tick=False)
def test_published_and_updated_at_are_kept() -> None:
    form = {"title": "題", "published_at": "2020-01-02T03:04:05", "updated_at": "2020-02-01T00:00:00Z"}
    (edition,) = archive([read_entry(json.dumps(form).encode())], publish=True)
    edition.refresh_from_db()
    assert edition.published_at == datetime(2020, 1, 1, 18, 4, 5, tzinfo=UTC), "a time without zone is Tokyo's"
    assert edition.updated_at == datetime(2020, 2, 1, tzinfo=UTC)
    assert edition.is_updated
    (later,) = archive([read_entry(b'{"title": "a", "published_at": "2026-11-02T00:00:00Z"}')], publish=True)
    assert not Edition.objects.live().filter(pk=later.pk).exists(), "a time to come schedules"
    assert Edition.objects.live(NOW + timedelta(days=1)).filter(pk=later.pk).exists()
    (undated,) = archive([read_entry(b'{"title": "a"}')], publish=True)
    assert undated.published_at == NOW


BAD = [
    (b"{", "JSON"),
    (b'{"title": "\xff"}', "UTF-8"),
    (b"[1, 2]", "object"),
    (b'"text"', "object"),
    (b'{"title": 5}', "title"),
    (b'{"schema": 99, "title": "a"}', "schema"),
    (b"{}", ""),
    (b'{"title": " \\u0000 "}', ""),
    (b'{"lead": "no title"}', ""),
    (b'{"title": "a", "published_at": "yesterday"}', "published_at"),
    (b'{"title": "a", "published_at": 20250322}', "published_at"),
    (b'{"title": "a", "published_at": "2025-02-30T00:00:00Z"}', "published_at"),
    (b'{"title": "a", "published_at": "0001-01-01T00:00:00+09:00"}', "published_at"),
    (b'{"title": "a", "published_at": "9999-12-31T23:59:59Z"}', "published_at"),
    (b'{"title": "a", "updated_at": "2025-01-01"}', "updated_at"),
    (b'{"title": "a", "published_at": "2025-01-02", "updated_at": "2025-01-01"}', "updated_at"),
    (b'{"title": "a", "published_at": "2025-01-02", "updated_at": "2999-01-01"}', "updated_at"),
    (b'{"title": "a", "uid": "x"}', "uid"),
    (b'{"title": "a", "uid": 5}', "uid"),
    (b'{"title": "a", "closing": [{"commentator": "' + b"n" * 101 + b'", "text": "t"}]}', "100"),
    (b'{"title": ' + b"9" * 5000 + b"}", ""),
    (b"[" * 100_000, ""),
    (b'{"title": "' + b"x" * LONGEST + b'"}', ""),
]


@pytest.mark.parametrize(("data", "word"), BAD)
def test_bad_line_is_refused_with_a_reason(data: bytes, word: str) -> None:
    with pytest.raises(BadEntry) as caught:
        read_entry(data if len(data) <= LONGEST else None, titled=True)
    assert word in str(caught.value)
    assert 5 < len(str(caught.value)) < 300


def test_bad_lines_are_named_and_stop_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines: list[Any] = []
    for number, (data, _) in enumerate(BAD):
        lines += [document(number), data]
    path = written(tmp_path / "a.jsonl", [b"", *lines, b"  "])
    with pytest.raises(CommandError) as caught:
        imported(path, "--publish")
    assert caught.value.returncode == 1
    assert str(len(BAD)) in str(caught.value)
    assert Edition.objects.live().count() == len(BAD)
    named = [text for text in capsys.readouterr().err.splitlines() if text]
    numbers = [int("".join(filter(str.isdigit, text.split(":")[0].split("行")[0]))) for text in named]
    assert numbers == [3 + 2 * n for n in range(len(BAD))]
    run = ImportRun.objects.get()
    assert (run.articles, run.refused, run.offset) == (len(BAD), len(BAD), path.stat().st_size)


def test_file_of_bad_lines_moves_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_documents, "BATCH_LINES", 2)
    with pytest.raises(CommandError):
        imported(written(tmp_path / "a.jsonl", [b"x"] * 5))
    imported(tmp_path / "a.jsonl")  # nothing left to do
    assert ImportRun.objects.get().line == 5


def test_permanent_ids_come_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = str(uuid4()), str(uuid4())
    lines = [{**document(0), "uid": one}, {**document(1), "uid": two}, {**document(2), "uid": one}, document(3)]
    with pytest.raises(CommandError):
        imported(written(tmp_path / "a.jsonl", lines), "--publish")
    assert Article.objects.count() == Edition.objects.live().count() == 3
    assert {str(edition.uid) for edition in Edition.objects.all()} >= {one, two}
    assert one in capsys.readouterr().err


def test_finished_import_is_not_repeated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "a.jsonl", list(documents(3)))
    imported(path)
    imported(path)
    assert Article.objects.count() == 3
    assert "--again" in capsys.readouterr().out
    imported(path.rename(tmp_path / "renamed.jsonl"))
    assert Article.objects.count() == 3, "it is known by what stands in it"
    imported(tmp_path / "renamed.jsonl", "--again")
    assert Article.objects.count() == 6


def test_grown_file_is_carried_on_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "a.jsonl", list(documents(3)))
    imported(path)
    with path.open("ab") as file:
        file.write(json.dumps(document(3)).encode() + b"\nbad\n")
    with pytest.raises(CommandError):
        imported(path)
    assert Article.objects.count() == 4
    assert "5" in capsys.readouterr().err, "lines are counted from the beginning of the file"


def test_changed_file_is_not_imported_twice(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", list(documents(3)))
    imported(path)
    written(path, [document(9), *documents(3)])
    with pytest.raises(CommandError, match="--again"):
        imported(path)
    assert Article.objects.count() == 3


def test_other_way_of_publishing_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", list(documents(2)))
    imported(path)
    with pytest.raises(CommandError, match="--publish"):
        imported(path, "--publish")


def test_gzip_and_byte_order_mark_are_read(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + b"\r\n".join(json.dumps(d).encode() for d in documents(3))
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(content))
    imported(path)
    assert Article.objects.count() == 3
    imported(path)
    assert Article.objects.count() == 3


def test_damaged_gzip_keeps_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    noise = [{**document(n), "lead": random.Random(n).randbytes(4000).hex()} for n in range(60)]  # noqa: S311
    path.write_bytes(gzip.compress(b"\n".join(json.dumps(d).encode() for d in noise))[:-60_000])
    with pytest.raises(CommandError):
        imported(path)
    stored = Article.objects.count()
    assert 0 < stored < 60
    with pytest.raises(CommandError):
        imported(path)
    assert Article.objects.count() == stored


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    text = io.TextIOWrapper(io.BytesIO(json.dumps(document(0)).encode()))
    monkeypatch.setattr(sys, "stdin", text)
    imported("-")
    assert Article.objects.count() == 1
    assert not ImportRun.objects.exists()
    assert capsys.readouterr().err, "it says that this cannot be carried on with"


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere"):
        imported(tmp_path / "nowhere.jsonl")


def test_progress_is_said_where_there_is_no_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(import_documents, "BATCH", 2)
    monkeypatch.setattr(import_documents, "SAY_EVERY", 4)
    imported(written(tmp_path / "a.jsonl", list(documents(9))))
    assert len(capsys.readouterr().err.splitlines()) == 2
    imported(tmp_path / "a.jsonl", "--again", "--verbosity=0")
    assert not capsys.readouterr().err


def test_two_at_once_do_not_double(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one import reads, another one of the same file stores its first batch."""
    path = written(tmp_path / "a.jsonl", list(documents(4)))
    monkeypatch.setattr(import_documents, "BATCH", 2)
    hold: Callable[[ImportRun], None] = archiving.hold

    def overtaken(run: ImportRun) -> None:
        monkeypatch.setattr(archiving, "hold", hold)
        ImportRun.objects.filter(pk=run.pk).update(offset=run.offset + 1)
        hold(run)

    monkeypatch.setattr(archiving, "hold", overtaken)
    with pytest.raises(CommandError):
        imported(path)
    assert not Article.objects.exists()


def test_control_c_says_that_it_can_be_carried_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "a.jsonl", list(documents(6)))
    monkeypatch.setattr(import_documents, "BATCH", 2)
    store = archiving.archive_each

    def interrupted(*args: Any, **kwargs: Any) -> Any:
        if Article.objects.exists():
            raise KeyboardInterrupt
        return store(*args, **kwargs)

    monkeypatch.setattr(archiving, "archive_each", interrupted)
    with pytest.raises(CommandError) as caught:
        imported(path)
    assert caught.value.returncode == 130
    assert Article.objects.count() == 2
    monkeypatch.setattr(archiving, "archive_each", store)
    imported(path)
    assert [a.title for a in Article.objects.order_by("pk")] == [d["title"] for d in documents(6)]


# Killed in earnest: another process, a database of its own, SIGKILL.


@pytest.mark.django_db(transaction=True)
def test_killed_import_carries_on(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", list(documents(700)))
    environment, look = _own_database(tmp_path)
    chance, kills = random.Random(7), 0  # noqa: S311
    while kills < 4:
        process = subprocess.Popen(_command(path), env=environment, stdout=subprocess.DEVNULL)
        before = look()
        while process.poll() is None and look() == before:
            time.sleep(0.02)
        time.sleep(chance.random() * 0.2)
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills += 1
    assert kills, "the import was over before it could be killed"
    subprocess.run(_command(path), env=environment, check=True, stdout=subprocess.DEVNULL)
    titles = _titles(tmp_path)
    assert len(titles) == 700
    assert titles == [d["title"] for d in documents(700)]


def _command(path: Path) -> list[str]:
    return [sys.executable, "manage.py", "import_documents", "--skip-checks", str(path), "--publish"]


def _own_database(tmp_path: Path) -> tuple[dict[str, str], Callable[[], int]]:
    """Environment of the other process, and a look at how far its import has come."""
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    if connection.vendor == "postgresql":
        base, _, _name = os.environ["DATABASE_URL"].rpartition("/")
        url = f"{base}/{connection.settings_dict['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url, "STORAGE_URL": f"file://{tmp_path / 'media'}"}
    if connection.vendor == "sqlite":
        migrate = [sys.executable, "manage.py", "migrate", "--skip-checks", "-v0"]
        subprocess.run(migrate, env=environment, check=True, cwd=settings.BASE_DIR)
    return environment, lambda: sum(row[0] for row in _rows(tmp_path, 'SELECT "offset" FROM articles_importrun'))


def _titles(tmp_path: Path) -> list[str]:
    live = "SELECT title FROM articles_edition WHERE live_from IS NOT NULL ORDER BY id"
    return [row[0] for row in _rows(tmp_path, live)]


def _rows(tmp_path: Path, query: str) -> list[Any]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())
    with sqlite3.connect(tmp_path / "own.sqlite3", timeout=10) as other:
        return other.execute(query).fetchall()


def test_synthetic_articles_are_the_same_every_time() -> None:
    assert document(5) == document(5) == next(documents(1, start=5)) != document(6)
