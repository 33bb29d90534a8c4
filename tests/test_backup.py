"""A backup has everything, is whole or not there, and comes back as it was; a damaged one is refused."""

import io
import os
import signal
import sqlite3
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import connection

from articles import picturing, publishing
from articles.document import Document, Section, Source
from articles.drafting import create
from articles.models import Edition
from articles.safekeeping import archive
from articles.safekeeping.manifest import MEDIA, BadArchive, Manifest
from tests.catalogue import ROOT
from tests.newsroom import permitted, picture, published

pytestmark = pytest.mark.django_db(transaction=True)

Manage = Callable[..., subprocess.CompletedProcess[str]]


def quiet(name: str) -> None:
    """No progress."""


def illustrated(title: str) -> Edition:
    """A published article with a picture."""
    file = str(picturing.keep(picture(size=(40, 30 + Edition.objects.count())), by=None).file)
    permitted(file)
    source = Source(caption="図", url="https://example.com/", image=file, image_credit="撮影")
    article = create(Document(title=title, sections=(Section(heading="一", body="本文。", sources=(source,)),)))
    return publishing.publish(publishing.save(article, by=None), by=None, despite_findings=True)


def backup(target: Path) -> Path:
    """The archive of the site as it is."""
    out = io.StringIO()
    call_command("backup", str(target), stdout=out)
    return Path(out.getvalue().strip())


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of another site, with an empty database of the same engine and an empty storage."""
    wanted = {"SECRET_KEY": "k" * 50, "STORAGE_URL": f"file://{tmp_path / 'other-media'}"}
    if connection.vendor == "sqlite":
        yield {**wanted, "DATABASE_URL": f"sqlite:///{tmp_path / 'other' / 'site.sqlite3'}"}
        return
    name, to = f"restored_{uuid4().hex[:12]}", configured.DATABASES["default"]
    server = {"host": to["HOST"], "port": to["PORT"], "user": to["USER"], "password": to["PASSWORD"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as postgres:
        postgres.execute(f'CREATE DATABASE "{name}"')
        login = f"{to['USER']}:{to['PASSWORD']}@{to['HOST']}:{to['PORT'] or 5432}"
        yield {**wanted, "DATABASE_URL": f"postgres://{login}/{name}"}
        postgres.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def manage(elsewhere: dict[str, str]) -> Manage:
    """Run a command of the other site."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        environment = {**os.environ, **elsewhere, "LANGUAGE": "en"}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    return run


def editions_of(manage: Manage) -> str:
    """Every edition of the other site."""
    code = (
        "from articles.models import Edition; print(list(Edition.objects.order_by('pk').values_list('pk', 'document')))"
    )
    return manage("shell", "--no-imports", "-c", code).stdout.strip()


def test_a_site_comes_back_elsewhere_as_it_was(tmp_path: Path, manage: Manage) -> None:
    shown = [illustrated("港"), illustrated("橋"), published("駅")]
    taken = backup(tmp_path)
    manifest = archive.read_through(taken, quiet)

    done = manage("restore", str(taken))

    assert done.returncode == 0, done.stderr
    wanted = list(Edition.objects.order_by("pk").values_list("pk", "document"))
    assert len(wanted) == len(shown)
    assert editions_of(manage) == str(wanted)
    for name, held in manifest.files.items():
        if name.startswith(MEDIA):
            assert (tmp_path / "other-media" / name.removeprefix(MEDIA)).stat().st_size == held.size
    assert manifest.counts["articles_edition"] == len(shown)
    assert manifest.missing == []
    assert taken.stat().st_mode & 0o777 == 0o600


def test_what_is_not_empty_is_left_alone(tmp_path: Path, manage: Manage) -> None:
    illustrated("港")
    taken = backup(tmp_path)
    assert manage("restore", str(taken)).returncode == 0
    before = editions_of(manage)

    again = manage("restore", str(taken))

    assert again.returncode == 1
    assert "articles_" in again.stderr
    assert editions_of(manage) == before


def test_a_migrated_place_is_empty_and_a_restore_goes_on_after_an_interruption(tmp_path: Path, manage: Manage) -> None:
    illustrated("港")
    taken = backup(tmp_path)
    assert manage("migrate", "-v0").returncode == 0
    name = next(name for name in archive.read_through(taken, quiet).files if name.startswith(MEDIA))
    half = tmp_path / "other-media" / name.removeprefix(MEDIA)
    half.parent.mkdir(parents=True)
    with tarfile.open(taken) as tar:
        inside = tar.extractfile(name)
        assert inside
        half.write_bytes(inside.read())

    done = manage("restore", str(taken))

    assert done.returncode == 0, done.stderr


def test_strange_files_in_the_storage_keep_a_restore_from_it(tmp_path: Path, manage: Manage) -> None:
    taken = backup(tmp_path)
    (tmp_path / "other-media").mkdir()
    (tmp_path / "other-media" / "mine.txt").write_text("mine", encoding="utf-8")

    done = manage("restore", str(taken))

    assert done.returncode == 1
    assert "mine.txt" in done.stderr


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_damaged_archive_is_refused_before_anything_is_touched(
    tmp_path: Path, manage: Manage, elsewhere: dict[str, str], place: float
) -> None:
    illustrated("港")
    taken = backup(tmp_path)
    data = bytearray(taken.read_bytes())
    data[int(len(data) * place)] ^= 0xFF
    taken.write_bytes(data)

    done = manage("restore", str(taken))

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "other-media").exists()
    if connection.vendor == "sqlite":
        assert not (tmp_path / "other" / "site.sqlite3").exists() or not tables_of(tmp_path / "other" / "site.sqlite3")


def test_whichever_byte_is_wrong_it_is_refused_or_does_not_matter(tmp_path: Path) -> None:
    illustrated("港")
    taken = backup(tmp_path)
    whole, wrong = taken.read_bytes(), tmp_path / "wrong.tar.gz"
    manifest = archive.read_through(taken, lambda name: None)
    refused = 0
    for place in range(0, len(whole), max(1, len(whole) // 150)):
        data = bytearray(whole)
        data[place] ^= 0xFF
        wrong.write_bytes(data)
        try:
            assert archive.read_through(wrong, lambda name: None) == manifest, place
        except BadArchive:
            refused += 1
    assert refused > 100


def tables_of(file: Path) -> int:
    """How many tables a SQLite file has."""
    with closing(sqlite3.connect(file)) as opened:
        return int(opened.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def test_a_cut_archive_is_not_whole(tmp_path: Path) -> None:
    taken = backup(tmp_path)
    taken.write_bytes(taken.read_bytes()[:-5])

    with pytest.raises(BadArchive):
        archive.read_through(taken, quiet)


def test_an_archive_of_a_newer_site_is_refused(tmp_path: Path, manage: Manage, monkeypatch: pytest.MonkeyPatch) -> None:
    dumped = Manifest.dumped

    def newer(manifest: Manifest) -> bytes:
        manifest.migrations.append(["articles", "9999_to_come"])
        return dumped(manifest)

    monkeypatch.setattr(Manifest, "dumped", newer)
    taken = backup(tmp_path)

    done = manage("restore", str(taken))

    assert done.returncode == 1
    assert "9999_to_come" in done.stderr


def test_what_was_published_before_the_start_is_in_it_whatever_goes_on(tmp_path: Path) -> None:
    acknowledged = [illustrated("港").pk]
    stop = threading.Event()

    def work() -> None:
        try:
            while not stop.is_set():
                acknowledged.append(illustrated(f"港{len(acknowledged)}").pk)
        finally:
            connection.close()

    writer = threading.Thread(target=work)
    writer.start()
    try:
        for number in range(3):
            before = len(acknowledged)
            manifest = archive.write(tmp_path / f"{number}.tar.gz", quiet)
            assert manifest.counts["articles_edition"] >= before
            assert manifest.missing == []
            assert archive.read_through(tmp_path / f"{number}.tar.gz", quiet).files == manifest.files
    finally:
        stop.set()
        writer.join()


def test_a_lost_picture_is_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    edition = illustrated("港")
    (tmp_path / "media" / next(iter(edition.media["pictures"]))).unlink()
    (tmp_path / "backups").mkdir()

    with pytest.raises(CommandError):
        backup(tmp_path / "backups")

    (taken,) = (tmp_path / "backups").iterdir()
    assert archive.read_through(taken, quiet).missing


def test_only_our_own_older_archives_are_removed(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    others = ["newsdesk-20200101T000000Z.tar.gz.old", "notes.txt"]
    for name in ["newsdesk-20200101T000000Z.tar.gz", "newsdesk-20210101T000000Z.tar.gz", *others]:
        (folder / name).touch()

    call_command("backup", str(folder), keep=2, stdout=io.StringIO())

    left = sorted(file.name for file in folder.iterdir())
    assert "newsdesk-20200101T000000Z.tar.gz" not in left
    assert len(left) == 4
    assert set(others) <= set(left)


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.tar.gz").write_text("mine", encoding="utf-8")

    with pytest.raises(CommandError):
        backup(tmp_path / "mine.tar.gz")

    assert (tmp_path / "mine.tar.gz").read_text(encoding="utf-8") == "mine"


def test_a_killed_backup_leaves_nothing_that_looks_whole(
    tmp_path: Path, elsewhere: dict[str, str], manage: Manage
) -> None:
    assert manage("migrate", "-v0").returncode == 0
    folder = tmp_path / "backups"
    folder.mkdir()
    (tmp_path / "other-media").mkdir()
    for number in range(40):
        (tmp_path / "other-media" / f"{number}.bin").write_bytes(os.urandom(2_000_000))
    process = subprocess.Popen(
        [sys.executable, "manage.py", "backup", str(folder)],
        cwd=ROOT,
        env={**os.environ, **elsewhere},
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and not list(folder.glob(f"{archive.UNFINISHED}*/archive")):
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()

    assert process.returncode == -signal.SIGKILL
    assert not [file for file in folder.iterdir() if file.is_file()]
