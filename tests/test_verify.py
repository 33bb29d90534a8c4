"""`verify` finds each thing that can be wrong, says nothing of a site that is well, and changes nothing."""

import io
import json
import os
import sqlite3
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from articles import publishing
from articles.models import Commentator, Edition, Picture, Tally
from articles.models.commentators import Remark
from articles.models.passages import Passage
from articles.models.sources import Citation, EditionPublisher
from articles.safekeeping import verifying
from articles.safekeeping.verifying import changed_since, findings
from articles.search import index
from newsdesk.sound_sqlite import is_sound
from tests.newsroom import changed, published
from tests.test_backup import backup, illustrated
from tests.test_settings import SAFE, run

pytestmark = pytest.mark.django_db(transaction=True)


def kinds() -> list[str]:
    """The kinds of what is found."""
    return [finding.kind for finding in findings()]


def test_a_site_that_is_well() -> None:
    illustrated("港")
    changed(published("橋").article, "橋と駅")

    assert kinds() == []
    call_command("verify", stdout=io.StringIO())


def test_a_document_that_cannot_be_read() -> None:
    Edition.objects.filter(pk=published().pk).update(document={"schema": 99})

    assert kinds() == ["unreadable"]


def test_an_edition_that_is_not_what_a_backup_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "AT_ONCE", 2)
    first = published("港")
    for _ in range(10):
        changed(first.article, f"港 {uuid4()}")
    archive = backup(tmp_path / "backup.tar.gz")
    published("空")
    call_command("verify", against=archive, stdout=io.StringIO())
    first.document["takeaways"] = ["書き換え"]
    Edition.objects.filter(pk=first.pk).update(document=first.document)

    assert [each.subject for each in changed_since(archive)] == [f"edition {first.pk}"]
    archive.write_bytes(archive.read_bytes()[:-50])
    with pytest.raises(CommandError):
        call_command("verify", against=archive, stdout=io.StringIO())
    with pytest.raises(CommandError, match="none"):
        call_command("verify", against=tmp_path / "none", stdout=io.StringIO())


def test_a_title_that_is_not_the_documents() -> None:
    Edition.objects.filter(pk=published().pk).update(title="別の題")

    assert kinds() == ["title"]


def test_an_edition_that_is_not_written_down() -> None:
    edition = published()
    index.remove(list(Passage.objects.values_list("pk", flat=True)))
    Passage.objects.filter(edition=edition).delete()

    assert kinds() == ["index"]


def test_a_passage_that_the_index_lacks() -> None:
    edition = published()
    index.remove(list(Passage.objects.filter(edition=edition, number=0).values_list("pk", flat=True)))

    assert kinds() == ["index"]


def test_a_picture_that_is_lost(tmp_path: Path) -> None:
    edition = illustrated("港")
    (tmp_path / "media" / next(iter(edition.media["pictures"]))).unlink()
    out = io.StringIO()

    with pytest.raises(CommandError):
        call_command("verify", "--json", stdout=out)

    assert {json.loads(line)["kind"] for line in out.getvalue().splitlines()} == {"missing"}


def test_a_file_that_no_row_names(tmp_path: Path) -> None:
    illustrated("港")
    for name, age in (("old", timedelta(days=2)), ("new", timedelta())):
        file = tmp_path / "media" / "pictures" / f"{name}.png"
        file.touch()
        at = (timezone.now() - age).timestamp()
        os.utime(file, (at, at))

    assert [(finding.kind, finding.subject) for finding in findings()] == [("unnamed", "pictures/old.png")]


def test_sources_that_are_not_the_editions() -> None:
    edition = illustrated("港")
    EditionPublisher.objects.filter(edition=edition).update(host="other.example")

    assert set(kinds()) == {"sources", "tally"}
    publishing.write_lists([edition])
    Citation.objects.filter(edition=edition).update(section=7)
    assert kinds() == ["sources"]


def test_voices_that_are_not_the_editions() -> None:
    person = Commentator.objects.create(name="解説")
    Remark.objects.create(commentator=person, edition=published(), section=7, position=7)

    assert kinds() == ["voices"]


def test_parts_that_are_not_the_editions() -> None:
    Passage.objects.filter(edition=published(), number=0).update(heading="別の題")

    assert kinds() == ["passages"]


def test_an_index_of_other_words() -> None:
    passage = Passage.objects.get(edition=published(), number=0)
    index.add([index.Entry(passage.pk, "別の題", "別の文")])

    assert kinds() == ["index"]
    call_command("rebuild_search", stdout=io.StringIO())
    assert kinds() == []


def test_a_copy_of_a_picture_that_is_lost(tmp_path: Path) -> None:
    illustrated("港")
    shown = Picture.objects.get()
    Picture.objects.update(renditions={"webp": [320]})

    lost = f"{str(shown.file).rpartition('.')[0]}-320.webp"
    assert [(each.kind, each.subject.endswith(lost)) for each in findings()] == [("missing", True)]


def test_a_picture_that_only_an_edition_names() -> None:
    edition = illustrated("港")
    edition.media["pictures"]["pictures/aa/lost.png"] = {}
    edition.save()

    assert [(each.kind, each.subject) for each in findings()] == [
        ("missing", f"edition {edition.pk}: pictures/aa/lost.png")
    ]


@pytest.mark.skipif(connection.vendor == "postgresql", reason="PostgreSQL refuses such rows")
def test_rows_that_point_to_none() -> None:
    edition = published()
    with connection.constraint_checks_disabled():
        Passage.objects.filter(edition=edition, number=0).update(edition=4_000_000)

    assert ("database", True) in [(each.kind, "articles_passage" in each.subject) for each in findings()]
    Passage.objects.filter(edition=4_000_000).delete()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no sequences")
def test_a_sequence_that_would_give_a_key_again() -> None:
    article = published().article
    last = Edition.objects.create(article=article, uid=article.uid, number=99, pk=4_000_000, title="港", document={})

    found = [each for each in findings() if each.kind == "sequence"]

    assert [("articles_edition" in each.subject, str(last.pk) in each.advice) for each in found] == [(True, True)]


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ("3.40.1", False),
        ("3.44.5", False),
        ("3.44.6", True),
        ("3.45.0", False),
        ("3.50.7", True),
        ("3.51.2", False),
        ("3.51.3", True),
        ("3.53.4", True),
        ("4.0.0", True),
    ],
)
def test_which_releases_of_sqlite_are_sound(version: str, sound: bool) -> None:
    assert is_sound(tuple(map(int, version.split(".")))) is sound


@pytest.mark.skipif(connection.vendor == "postgresql", reason="about SQLite")
@pytest.mark.parametrize("debug", ["0", "1"])
def test_a_start_on_an_unsound_sqlite_is_warned_of(tmp_path: Path, debug: str) -> None:
    """By the command line, on a file, as a site starts; whoever only tries it is left in peace."""
    done = run(
        "from django.core.management import execute_from_command_line; execute_from_command_line(['', 'check'])",
        {
            **SAFE,
            "SITE_URL": "http://127.0.0.1:8000",
            "DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite3'}",
            "DEBUG": debug,
        },
    )

    assert done.returncode == 0, done.stderr
    told = debug == "0" and not is_sound(sqlite3.sqlite_version_info)
    assert ("newsdesk.W001" in done.stderr) is told


@pytest.mark.skipif(connection.vendor == "postgresql", reason="a constraint of the database keeps it from happening")
def test_two_editions_on_show_at_once() -> None:
    first = published()
    second = publishing.publish(changed(first.article, "橋はいつ開く？"), by=None, despite_findings=True)
    Edition.objects.filter(pk=first.pk).update(live_until=None)

    assert "overlap" in kinds()
    Edition.objects.filter(pk=first.pk).update(live_until=second.live_from)
    assert kinds() == []


def test_tallies_that_are_not_what_the_articles_are() -> None:
    published(tags=("港",))
    Tally.objects.update(count=7)
    found = [finding for finding in findings() if finding.kind == "tally"]
    assert found
    assert all("7 ≠ 1" in finding.subject and "rebuild_tallies" in finding.advice for finding in found)
