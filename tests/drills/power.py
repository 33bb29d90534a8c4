"""The power goes (D3): what the disk has by then is what was written through, and torn bytes behind it."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.drills.trial import Trial, drill


def no_sqlite() -> str:
    return "" if connection.vendor == "sqlite" else "a matter of SQLite’s files; PostgreSQL’s are the server’s"


# Says after each save how far the write-ahead log reached when it was acknowledged, and which log it was (its salts).
WRITER = """
import django, os, sys; django.setup()
from django.db import connection
from articles import drafting, publishing
from articles.document import Document
number = 0
while True:
    number += 1
    publishing.save(drafting.create(Document(title=f"保存{number}", lead="本文。" * 200)), by=None)
    with open(sys.argv[1] + "-wal", "rb") as log:
        salts = log.read(32)[16:24].hex()
        print(number, os.fstat(log.fileno()).st_size, salts, flush=True)
"""


@drill("D3", seconds=30, short=3, cannot=no_sqlite)
def power_cuts(trial: Trial) -> None:
    """A writer is stopped where it stands; a copy of its files, cut behind what it wrote through, is opened.

    A stand-in: no program can take away what a disk has in its own memory. What SQLite wrote after its last `fsync` is
    lost or torn here, which is what a loss of power does to it.
    """
    database = trial.site.folder / "site.sqlite3"
    lost = unsound = cuts = 0
    with (trial.site.folder / "writer.log").open("w+") as said:
        line = [sys.executable, "-c", WRITER, str(database)]
        with subprocess.Popen(line, env=trial.site.environment, cwd=settings.BASE_DIR, stdout=said) as writer:
            try:
                _wait(said.name)
                while cuts < max(3, trial.seconds):
                    time.sleep(trial.chance.uniform(0.05, 0.6))
                    os.kill(writer.pid, signal.SIGSTOP)
                    cuts += 1
                    copy = trial.site.folder / f"cut{cuts}.sqlite3"
                    number = _cut(trial, database, copy, Path(said.name).read_text())
                    os.kill(writer.pid, signal.SIGCONT)
                    there, sound = _opened(copy)
                    lost += number not in there
                    unsound += not sound
            finally:
                os.kill(writer.pid, signal.SIGCONT)
                writer.kill()
    trial.figure("cuts", cuts, least=3)
    trial.figure("saves", number, least=1)
    trial.figure("acknowledged lost", lost, most=0)
    trial.figure("files that are unsound", unsound, most=0)


def _wait(said: str) -> None:
    until = time.monotonic() + 30
    while "\n" not in Path(said).read_text() and time.monotonic() < until:
        time.sleep(0.1)


def _cut(trial: Trial, database: Path, copy: Path, said: str) -> int:
    """Copy the files as a loss of power would leave them; the number of the last save that was acknowledged."""
    number, reached, salts = said[: said.rfind("\n")].splitlines()[-1].split()
    shutil.copy(database, copy)
    log = Path(f"{database}-wal").read_bytes()
    # A log that was begun anew holds nothing that was acknowledged: the file had all of that, written through, before.
    kept = int(reached) if log[16:24].hex() == salts else 0
    cut = trial.chance.randint(min(kept, len(log)), len(log))
    torn = bytes(trial.chance.randbytes(min(200, len(log) - cut)))
    Path(f"{copy}-wal").write_bytes(log[:cut] + torn)
    return int(number)


def _opened(copy: Path) -> tuple[set[int], bool]:
    """The saves that are in the copy, and whether it is sound."""
    with closing(sqlite3.connect(copy)) as opened:
        sound = opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        titles = opened.execute("SELECT title FROM articles_edition WHERE title LIKE '保存%'").fetchall()
    return {int(title.removeprefix("保存")) for (title,) in titles}, sound
