"""Saves that are acknowledged stay, whatever happens beside them: readers (D1), kills (D2), a held database (D5)."""

import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread

from django.db import connection

from newsdesk.bench.servers import Server
from tests.drills.people import at_work, editors, lost, reading
from tests.drills.trial import Trial, drill
from tests.sites import Site, get

# On a machine that does other things, twice a very short time is no fault: what is shorter than this passes.
SOON = 0.5  # seconds
LEAST_ANSWERED = 95.0  # percent of readers' requests while what answers them is killed every few seconds
REPLACED_WITHIN = 15  # seconds
FULL, KILLS = 120, 300  # seconds of a whole run, and how many are killed in it at least


@drill("D1", seconds=120, short=4)
def readers_and_editors(trial: Trial) -> None:
    """Twenty readers while four editors save once a second each; the readers alone are measured first."""
    with trial.site.serving() as server:
        people = editors(trial.site, server.port, 4)
        articles = [editor.article for editor in people]
        with reading(server.port, 20, articles) as quiet:
            time.sleep(trial.seconds / 4)
        with reading(server.port, 20, articles) as busy, at_work(people, 1):
            time.sleep(trial.seconds)
    saves = [each for editor in people for each in editor.saves.asked]
    trial.readers(quiet, busy)
    trial.figure("reader p95, quiet", quiet.p(95))
    trial.time("reader p95", busy.p(95), most=max(2 * quiet.p(95), SOON))
    trial.figure("saves", len(saves), least=1)
    trial.figure("saves refused", sum(each.status != 302 for each in saves), most=0)
    trial.time("save p95", sorted(each.took for each in saves)[int(len(saves) * 0.95)], most=2 * SOON)
    trial.figure("acknowledged saves lost", lost(trial.site, people), most=0)


@drill("D2", seconds=FULL, short=5)
def killed_workers(trial: Trial) -> None:
    """`kill -9` of whoever saves, uploads or imports, every 0.1 to 0.4 seconds, and of processes that serve."""
    told = killed(trial.site, "saves", trial.seconds)
    trial.figure("kills", told["kills"], least=KILLS if trial.seconds >= FULL else trial.seconds)
    trial.figure("acknowledged", told["acknowledged"], least=1)
    trial.figure("acknowledged lost", told["lost"], most=0)
    trial.figure("half written", told["half"], most=0)
    trial.figure("imported twice or not", told["imported wrongly"], most=0)
    verified = trial.site.run("manage.py", "verify")
    trial.figure("findings of verify", len(verified.stdout.splitlines()), most=0)
    trial.figures |= {"verify says": verified.stdout} if verified.returncode else {}
    _killed_servers(trial)


def killed(site: Site, what: str, seconds: float) -> dict[str, int]:
    """What came of work that was killed again and again (`nursery`)."""
    done = site.run("-m", "tests.drills.nursery", what, str(seconds), str(site.folder / "acknowledged.jsonl"))
    assert done.returncode == 0, done.stderr
    told: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return told


def _killed_servers(trial: Trial) -> None:
    """Processes that serve are killed, each when the one before is replaced; the longest time in which nobody answered.

    One that is killed again within six seconds of its start is taken by the server for one that cannot live: it ends,
    and systemd starts it anew. So it is always the oldest that is killed, and not too soon.
    """
    with trial.site.serving("killed") as server:
        people = editors(trial.site, server.port, 2)
        with reading(server.port, 4, [people[0].article], every=0.05) as record, at_work(people, 0.2):
            whole = _taking(server)
            for _ in range(max(2, int(trial.seconds / 6))):
                time.sleep(3 + trial.chance.uniform(0.1, 0.4))
                oldest = min(pid for pid in server.processes() if pid != server.pid)
                os.kill(oldest, signal.SIGKILL)
                _wait_until(partial(_is_replaced, server, oldest, whole))
            time.sleep(1)
        trial.figure("status in the end", get(server.port, "/").status, most=200, least=200)
    trial.figure("faults", sum(each.status >= 500 for each in record.asked), most=0)
    trial.readers(record, answered=LEAST_ANSWERED)  # lost is what a process was answering when it was killed
    answered = sorted(each.at + each.took for each in record.asked if each.status == 200)
    gaps = [after - before for before, after in pairwise(answered)]
    trial.time("longest without an answer", max(gaps), most=2)
    trial.figure("acknowledged saves lost", lost(trial.site, people), most=0)


def _is_replaced(server: Server, killed: int, whole: int) -> bool:
    """Whether a process is gone, and as many as before take connections."""
    return killed not in server.processes() and _taking(server) >= whole


def _taking(server: Server) -> int:
    """How many of its processes take connections: one that is still starting has no threads."""
    tasks = (Path(f"/proc/{pid}/task") for pid in server.processes() if pid != server.pid)
    return sum(len(list(task.iterdir())) > 1 for task in tasks if task.exists())


def _wait_until(it_is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + REPLACED_WITHIN
    while not it_is_so() and time.monotonic() < until:
        time.sleep(0.05)


@contextmanager
def holding(site: Site, article: int, seconds: float) -> Iterator[None]:
    """Somebody else holds what a save needs for so many seconds, beginning now."""
    taken = Event()

    def hold_sqlite() -> None:
        with closing(sqlite3.connect(site.folder / "site.sqlite3", isolation_level=None)) as held:
            held.execute("BEGIN IMMEDIATE")
            taken.set()
            time.sleep(seconds)
            held.execute("ROLLBACK")

    def hold_postgresql() -> None:
        import psycopg

        with psycopg.connect(site.environment["DATABASE_URL"]) as held:
            held.execute("SELECT 1 FROM articles_article WHERE id = %s FOR UPDATE", [article])
            taken.set()
            time.sleep(seconds)
            held.rollback()

    holder = Thread(target=hold_postgresql if connection.vendor == "postgresql" else hold_sqlite)
    holder.start()
    taken.wait()
    yield
    holder.join()


@drill("D5", seconds=30, short=14)
def a_held_database(trial: Trial) -> None:
    """Held for a moment, saves wait; held for long, editors are told so and keep their text, readers their pages."""
    with trial.site.serving(CONN_MAX_AGE="60") as server:
        (editor,) = editors(trial.site, server.port, 1)
        editor.save("はじめの題")
        with reading(server.port, 4, [editor.article]) as readers:
            with holding(trial.site, editor.article, min(3, trial.seconds / 5)):
                trial.figure("saved after a moment", editor.save("少し待つ題") == 302, least=1)
            with holding(trial.site, editor.article, max(11.5, trial.seconds / 2)):
                trial.figure("refused in the end", editor.save("長く待つ題") == 503, least=1)
            trial.figure("saved again", editor.save("最後の題") == 302, least=1)
    trial.figure("text kept", editor.kept, least=1)
    trial.readers(readers)
    trial.time("reader p95", readers.p(95), most=SOON)
    trial.figure("acknowledged saves lost", lost(trial.site, [editor]), most=0)
