"""Four processes publish, withdraw, schedule and read at random: nobody reads what was not true a second ago."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests.busy_process import ARTICLES, EDITIONS, TITLE
from tests.figures import Measure
from tests.services import no_redis
from tests.test_settings import REDIS

PROCESSES, DEEDS = 4, 250
A_SECOND = 1.0

SET_UP = f"""
import django; django.setup()
from articles import drafting, publishing
from articles.document import Document
from articles.models import Article
for number in range(1, {ARTICLES} + 1):
    article = drafting.create(Document(title="", tags=("港",)))
    assert article.pk == number, article.pk
    for edition in range(1, {EDITIONS} + 1):
        Article.objects.filter(pk=number).update(title=f"記事{{number}}版{{edition}}")
        article.refresh_from_db()
        publishing.save(article, by=None)
"""

LOOK = """
import django, json; django.setup()
from articles.models import Edition
rows = Edition.objects.filter(live_from__isnull=False).values_list("title", "live_from", "live_until")
print(json.dumps([(title, start.timestamp(), end and end.timestamp()) for title, start, end in rows]))
"""


@dataclass(frozen=True)
class Shown:
    """What one process read, and when."""

    path: str
    status: int
    titles: frozenset[tuple[int, int]]
    began: float
    ended: float


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Of processes on a site of their own: SQLite with pages in a file, or PostgreSQL with pages in Redis."""
    own = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'own.sqlite3'}", "CACHE_URL": "locmemcache://"}
    own |= {"STORAGE_URL": f"file://{tmp_path / 'media'}", "PAGE_STORE_FILE": str(tmp_path / "pages.sqlite3")}
    own |= {"STATIC_ROOT": str(tmp_path / "static")}
    if connection.vendor != "postgresql":
        yield own
        return
    import psycopg

    base, _, _name = os.environ["DATABASE_URL"].rpartition("/")
    name = f"newsdesk_stale_{os.getpid()}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            own["DATABASE_URL"] = f"{base}/{name}"
            if not no_redis(REDIS):
                own["CACHE_URL"] = REDIS
            yield own
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(*command: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *command], env=environment, cwd=settings.BASE_DIR, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_nobody_reads_what_is_no_longer_true(environment: dict[str, str], record_property: Measure) -> None:
    run("manage.py", "migrate", "--skip-checks", "-v0", environment=environment)
    run("manage.py", "collectstatic", "--noinput", "--skip-checks", "-v0", environment=environment)
    run("-c", SET_UP, environment=environment)
    command = [sys.executable, "-m", "tests.busy_process"]
    started = [
        subprocess.Popen(
            [*command, str(seed), str(DEEDS)], env=environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE
        )
        for seed in range(PROCESSES)
    ]
    said = [process.communicate()[0].decode() for process in started]
    assert [process.returncode for process in started] == [0] * PROCESSES
    done = [json.loads(line) for lines in said for line in lines.splitlines()]
    assert len(done) == PROCESSES * DEEDS
    reads = [
        Shown(each["read"], each["status"], frozenset(map(tuple, each["shown"])), each["began"], each["ended"])
        for each in done
        if "read" in each
    ]
    verbs = [each for each in done if "verb" in each]
    intervals = intervals_of(json.loads(run("-c", LOOK, environment=environment)), verbs)
    assert {each["how"] for each in done if "how" in each} >= {"memory", "made", "shared"}
    unchanged = [read for read in reads if read.status == 304]
    record_property("answers 304", len(unchanged))
    record_property("stale answers 304", sum(any(faults(read, intervals)) for read in unchanged))
    assert unchanged
    wrong = [fault for read in reads for fault in faults(read, intervals)]
    assert not wrong, "\n".join([*wrong[:20], *map(str, sorted(verbs, key=lambda verb: float(verb["began"])))])


@dataclass(frozen=True)
class OnShow:
    """From when until when a title was on show, and when the verbs that made it so were through.

    In between, some may know of it and others not yet: a transaction is seen when it commits, and not when it begins.
    """

    start: float
    started: float
    end: float
    ended: float

    def ever(self, since: float, until: float) -> bool:
        """Whether anybody could see it at any moment between the two."""
        return self.start <= until and self.ended >= since

    def always(self, since: float, until: float) -> bool:
        """Whether everybody had to see it all the time between the two."""
        return self.started < since and self.end > until


Intervals = dict[tuple[int, int], list[OnShow]]


def intervals_of(rows: list[Any], verbs: list[dict[str, Any]]) -> Intervals:
    """When each title was on show."""
    found: Intervals = {}
    for title, start, end in rows:
        article, number = edition_of(title)
        mine = [verb for verb in verbs if verb["article"] == article]
        found.setdefault((article, number), []).append(
            OnShow(start, through(start, mine), end or float("inf"), through(end, mine) if end else float("inf"))
        )
    for title, start in filter(None, (verb["scheduled"] for verb in verbs)):
        # A verb that began before that moment and took the schedule back after it: until then it was on show.
        article, number = edition_of(title)
        until = through(start, [verb for verb in verbs if verb["article"] == article])
        found.setdefault((article, number), []).append(OnShow(start, until, start, until))
    return found


def edition_of(title: str) -> tuple[int, int]:
    """The numbers of article and edition that a title names."""
    matched = TITLE.fullmatch(title)
    assert matched
    return int(matched[1]), int(matched[2])


def through(moment: float, verbs: list[dict[str, Any]]) -> float:
    """When the verbs that were at work at a moment had ended."""
    ends: list[float] = [verb["ended"] for verb in verbs if verb["began"] <= moment <= verb["ended"]]
    return max([moment, *ends])


def faults(read: Shown, intervals: Intervals) -> Iterator[str]:
    """What a reader saw, or missed, that was otherwise for the whole second before and until the answer was there."""
    since, until = read.began - A_SECOND, read.ended
    for title in read.titles:
        if not any(time.ever(since, until) for time in intervals.get(title, [])):
            yield f"{read.path} showed {title} at {read.began}: {intervals.get(title)}"
    had_to_be_there = {title for title, times in intervals.items() if any(time.always(since, until) for time in times)}
    if not read.path.startswith("/articles/"):
        missing = had_to_be_there - read.titles
    else:
        mine = {title for title in had_to_be_there if title[0] == int(read.path.split("/")[2])}
        missing = mine if read.status not in (200, 304) else set()
    for title in missing:
        yield f"{read.path} ({read.status}) did not show {title} at {read.began}: {intervals[title]}"
