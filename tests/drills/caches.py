"""The cache goes away and comes back (D6), and pages expire under many readers (D13)."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

from newsdesk.bench.servers import free_port
from tests.drills.people import Browser, at_work, editors, lost, reading
from tests.drills.records import Record
from tests.drills.saving import SOON
from tests.drills.trial import Trial, drill

RECOVERS = 10.0  # seconds


def no_redis_server() -> str:
    return "" if shutil.which("redis-server") else "redis-server is not installed"


@contextmanager
def redis(folder: Path, port: int) -> Iterator[int]:
    """A Redis of the drill's own; the number of its process."""
    line = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with (folder / "redis.log").open("a") as out, subprocess.Popen(line, stdout=out, stderr=out) as server:
        try:
            _wait_for(port)
            yield server.pid
        finally:
            os.kill(server.pid, signal.SIGCONT)
            server.kill()


def _wait_for(port: int) -> None:
    until = time.monotonic() + RECOVERS
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def _wrong(port: int) -> list[str]:
    """What the site says is wrong with it."""
    found: list[str] = json.loads(Browser(port).ask("GET", "/readyz").content)["wrong"]
    return found


def _recovered(port: int) -> float:
    """Seconds until the site finds its cache well."""
    began = time.monotonic()
    while "cache" in _wrong(port) and time.monotonic() < began + 2 * RECOVERS:
        time.sleep(0.2)
    return time.monotonic() - began


@drill("D6", seconds=60, short=6, cannot=no_redis_server)
def no_cache(trial: Trial) -> None:
    """Redis is killed, comes back, hangs and goes on, while readers read and an editor saves."""
    port, third = free_port(), trial.seconds / 3
    with trial.site.serving(CACHE_URL=f"redis://127.0.0.1:{port}/1") as server:
        with redis(trial.site.folder, port):
            people = editors(trial.site, server.port, 1)
            articles = [people[0].article]
            with reading(server.port, 4, articles) as quiet, at_work(people, 0.5):
                time.sleep(third)
        with reading(server.port, 4, articles) as gone, at_work(people, 0.5):
            time.sleep(third)
            trial.figure("told when it is gone", "cache" in _wrong(server.port), least=1)
        with redis(trial.site.folder, port) as pid:
            trial.figure("recovered within", _recovered(server.port), most=RECOVERS)
            os.kill(pid, signal.SIGSTOP)
            with reading(server.port, 4, articles) as hanging, at_work(people, 0.5):
                time.sleep(third)
                trial.figure("told when it hangs", "cache" in _wrong(server.port), least=1)
            os.kill(pid, signal.SIGCONT)
            trial.figure("recovered again within", _recovered(server.port), most=RECOVERS)
    trial.readers(quiet, gone, hanging)
    trial.figure("saves", len(people[0].saves.asked), least=1)
    trial.figure("saves failed", people[0].saves.failed(), most=0)
    trial.figure("reader p95, quiet", quiet.p(95))
    for name, record in (("gone", gone), ("hanging", hanging)):
        trial.time(f"reader p95, {name}", record.p(95), most=quiet.p(95) + SOON)
    trial.figure("acknowledged saves lost", lost(trial.site, people), most=0)


PUBLISH_ANOTHER = """
from articles.models import Article
article = Article.objects.get(pk={pk})
Article.objects.filter(pk={pk}).update(title="{title}")
article.refresh_from_db()
publishing.publish(publishing.save(article, by=None), by=None, despite_findings=True)
"""
READERS = 50
A_SECOND = 1.0  # for less than that, whoever asks while a page is made may get the one that was true before


@drill("D13", seconds=30, short=4)
def expiring_pages(trial: Trial) -> None:
    """Fifty readers ask for one page at the moment when it has become another."""
    made: list[int] = []
    record = Record()
    with trial.site.serving() as server, ThreadPoolExecutor(READERS) as readers:
        (editor,) = editors(trial.site, server.port, 1)
        path = f"/articles/{editor.article}/"
        until, number, asked = time.monotonic() + trial.seconds, 0, 0.0
        while time.monotonic() < until or number < 2:
            number += 1
            title = f"{number}版目"
            trial.site.does(PUBLISH_ANOTHER.format(pk=editor.article, title=title))
            time.sleep(max(0.1, asked + A_SECOND - time.monotonic()))
            answers = list(readers.map(_asking(server.port, path, Barrier(READERS), record), range(READERS)))
            asked = time.monotonic()
            made.append(Counter(how for how, _body in answers)["made"])
            stale = sum(title.encode() not in body.replace(b"<wbr>", b"") for _how, body in answers)
            trial.figure("stale pages", max(stale, trial.figures.get("stale pages", 0)), most=0)
    trial.figure("times it expired", number, least=2)
    trial.figure("made at once", max(made), most=2)
    trial.figure("made", sum(made), least=number)
    trial.time("p99", record.p(99), most=1)
    trial.readers(record)


def _asking(port: int, path: str, together: Barrier, record: Record) -> Callable[[int], tuple[str, bytes]]:
    """Asks at the same moment as the others; where the page was found, and the page."""

    def ask(_number: int) -> tuple[str, bytes]:
        together.wait()
        began = time.monotonic()
        answer = Browser(port).ask("GET", path, X_Page="1")
        record.note(began, answer.status)
        return answer.headers.get("X-Page", ""), answer.content

    return ask
