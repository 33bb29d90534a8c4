"""Backups are whole whatever goes on beside them, and come back elsewhere (D9)."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from articles.samples.synthetic import document
from tests.drills.trial import Trial, drill
from tests.sites import Site, get, postgres_database

EVERY = 5.0  # seconds
LARGE = 10_000  # articles of a site that is to be back within five minutes


def no_pg_dump() -> str:
    return "" if connection.vendor == "sqlite" or shutil.which("pg_dump") else "pg_dump is not installed"


@contextmanager
def _at_work(site: Site, acknowledged: Path) -> Iterator[None]:
    """Two who save and one who uploads, until the block ends; what they were told is done is in the file."""
    line = [sys.executable, "-m", "tests.drills.nursery", "work", "0", str(acknowledged)]
    with (site.folder / "work.log").open("w") as log:
        worker = subprocess.Popen(
            line, env=site.environment, cwd=settings.BASE_DIR, stdout=log, stderr=log, stdin=subprocess.PIPE
        )
        try:
            until = time.monotonic() + 30
            while not (acknowledged.exists() and acknowledged.stat().st_size) and time.monotonic() < until:
                time.sleep(0.1)
            yield
        finally:
            worker.communicate()  # its input ends, and with it the work


COMPARE = """
import json, sys
from django.core.files.storage import default_storage
from articles.models import Edition
said = [json.loads(line) for line in open("{said}")]
shown = set(Edition.objects.live().values_list("title", flat=True))
missing = [each for each in said if "title" in each and each["title"] not in shown]
missing += [each for each in said if "picture" in each and not default_storage.exists(each["picture"])]
print(json.dumps([len(said), len(missing)]))
"""


@contextmanager
def _elsewhere(site: Site, name: str) -> Iterator[Site]:
    """An empty place for the same site."""
    folder = site.folder / f"elsewhere-{name}"
    folder.mkdir()
    place = {"STORAGE_URL": f"file://{folder / 'media'}", "PAGE_STORE_FILE": str(folder / "pages.sqlite3")}
    if connection.vendor == "postgresql":
        with postgres_database(f"restored_{name}") as url:
            yield Site(folder, {**site.environment, **place, "DATABASE_URL": url})
    else:
        yield Site(folder, {**site.environment, **place, "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}"})


@drill("D9", seconds=100, short=1, cannot=no_pg_dump)
def backups_under_load(trial: Trial) -> None:
    """While others save and upload, a backup every five seconds, and each comes back elsewhere."""
    site, acknowledged = trial.site, trial.site.folder / "acknowledged.jsonl"
    rounds = max(1, int(trial.seconds / EVERY))
    before: list[tuple[Path, str]] = []
    with _at_work(site, acknowledged):
        for number in range(rounds):
            said = acknowledged.read_text()
            began, archive = time.monotonic(), site.folder / f"backup{number}.tar.gz"
            done = site.run("manage.py", "backup", str(archive))
            assert done.returncode == 0, done.stderr
            before.append((archive, said[: said.rfind("\n") + 1]))
            time.sleep(max(0, EVERY - (time.monotonic() - began)) if number + 1 < rounds else 0)
    missing = wrong = there = 0
    longest = 0.0
    for number, (archive, said) in enumerate(before):
        with _elsewhere(site, str(number)) as other:
            took, faults = _restored(other, archive)
            longest, wrong = max(longest, took), wrong + faults
            (other.folder / "said.jsonl").write_text(said)
            found = json.loads(other.does(COMPARE.format(said=other.folder / "said.jsonl")))
            there, missing = max(there, found[0]), missing + found[1]
            archive.unlink()
            if number + 1 == rounds:
                with other.serving("restored") as server:
                    trial.figure("it answers", get(server.port, "/").status, most=200, least=200)
    trial.figure("backups", rounds, least=1)
    trial.figure("acknowledged before the last", there, least=1)
    trial.figure("acknowledged missing", missing, most=0)
    trial.figure("longest restore", longest, most=300)
    trial.figure("restored or verified wrongly", wrong + _large(trial), most=0)


def _restored(other: Site, archive: Path) -> tuple[float, int]:
    """Bring a backup back there: the seconds it took, and how much of it went wrong."""
    began = time.monotonic()
    done = other.run("manage.py", "restore", str(archive))
    took = time.monotonic() - began
    verified = other.run("manage.py", "verify", "--against", str(archive))
    return took, (done.returncode != 0) + (verified.returncode != 0)


def _large(trial: Trial) -> int:
    """The site gets many articles, is backed up once more and comes back; how much of that went wrong."""
    number = min(LARGE, int(trial.seconds * LARGE / 100))
    documents, archive = trial.site.folder / "documents.jsonl", trial.site.folder / "large.tar.gz"
    with documents.open("w") as out:
        out.writelines(json.dumps(document(each)) + "\n" for each in range(number))
    for line in (["import_documents", str(documents), "--publish"], ["backup", str(archive)]):
        done = trial.site.run("manage.py", *line)
        assert done.returncode == 0, done.stderr
    with _elsewhere(trial.site, "large") as other:
        took, wrong = _restored(other, archive)
        there = int(other.does("from articles.models import Edition; print(Edition.objects.live().count())"))
    trial.figure("articles of a large site", there, least=number)
    trial.figure("seconds to restore it", took, most=300)
    return wrong
