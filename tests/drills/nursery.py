"""Works on a site in processes that are killed, one after another: `python -m tests.drills.nursery WHAT SECONDS FILE`.

Each begins where its parent stands, so that it is at work at once. What it was told that is done, it appends to the
file; in the end the parent compares that with what the site holds, and prints it as JSON.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.drills.trial import SEED

IMPORTED = 300  # documents
SCHEDULING = 3  # seconds until what is scheduled comes due
SECTIONS = 3


def main(what: str, seconds: float, file: Path) -> None:
    import django

    django.setup()
    kills = WORK[what](seconds, file)
    print(json.dumps({"kills": kills, **COMPARED[what](file)}))


def kill_at_random(work: list[Callable[[Any], None]], seconds: float, file: Path) -> int:
    """Have each of them at work in a process of its own, and kill one every 0.1 to 0.4 seconds; how many."""
    from django.db import connections

    connections.close_all()  # no child may share a connection
    chance, until, kills = random.Random(SEED), time.monotonic() + seconds, 0  # noqa: S311  # the same every time
    children = [_born(each, file) for each in work]
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.1, 0.4))
        number = chance.randrange(len(work))
        _kill(children[number])
        kills += 1
        children[number] = _born(work[number], file)
    for child in children:
        _kill(child)
    return kills


def _born(work: Callable[[Any], None], file: Path) -> int:
    if child := os.fork():
        return child
    try:
        with file.open("ab", buffering=0) as out:

            def told(**facts: Any) -> None:
                out.write(json.dumps(facts).encode() + b"\n")  # one write, so whole or not there

            while True:
                work(told)
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)


def _kill(child: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _document(title: str) -> dict[str, Any]:
    from articles.document import Document, Section, to_json

    sections = tuple(Section(heading=f"{number}", body="本文。") for number in range(SECTIONS))
    return to_json(Document(title=title, lead="訓練。", sections=sections, tags=("港",)))


def _save(told: Any) -> None:
    from articles import drafting, publishing
    from articles.document import from_json

    title = f"保存{uuid4()}"
    edition = publishing.save(drafting.create(from_json(_document(title))), by=None)
    publishing.publish(edition, by=None, despite_findings=True)
    told(title=title)


def _upload(told: Any) -> None:
    from PIL import Image

    from articles import picturing

    out = BytesIO()
    Image.frombytes("RGB", (64, 48), os.urandom(64 * 48 * 3)).save(out, "PNG")
    out.seek(0)
    told(picture=str(picturing.keep(out, by=None).file))


def _import(archive: Path, told: Any) -> None:
    from django.core.management import call_command

    call_command("import_documents", str(archive), "--publish", stdout=StringIO(), stderr=StringIO())
    if told:
        time.sleep(0.2)


# D2: saves, uploads and imports


def _saving(seconds: float, file: Path) -> int:
    archive = file.with_name("archive.jsonl")
    archive.write_text("".join(json.dumps(_document(f"輸入{number}")) + "\n" for number in range(IMPORTED)))
    kills = kill_at_random(
        [_gently(_save), _gently(_save), _gently(_upload), lambda told: _import(archive, told)], seconds, file
    )
    _import(archive, None)
    return kills


def _saved(file: Path) -> dict[str, int]:
    from django.core.files.storage import default_storage
    from django.db.models import Count

    from articles.models import Article, Edition

    said = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    shown = set(Edition.objects.live().values_list("title", flat=True))
    missing = [each for each in said if "title" in each and each["title"] not in shown]
    missing += [each for each in said if "picture" in each and not default_storage.exists(each["picture"])]
    half = Article.objects.annotate(parts=Count("sections")).exclude(parts=SECTIONS).count()
    imported = Counter(Edition.objects.live().filter(title__startswith="輸入").values_list("title", flat=True))
    wrong = sum(imported[f"輸入{number}"] != 1 for number in range(IMPORTED))
    return {"acknowledged": len(said), "lost": len(missing), "half": half, "imported wrongly": wrong}


# D7: schedules that come due while three run the background work


def _scheduling(seconds: float, file: Path) -> int:
    from django.utils import timezone

    from articles import drafting, publishing
    from articles.document import from_json

    due = timezone.now() + timedelta(seconds=SCHEDULING)
    for number in range(_scheduled(seconds)):
        edition = publishing.save(drafting.create(from_json(_document(f"予約{number}"))), by=None)
        publishing.publish(edition, by=None, at=max(due, timezone.now() + timedelta(seconds=2)), despite_findings=True)
    return kill_at_random([_tick, _tick, _tick], seconds + SCHEDULING, file)


def _scheduled(seconds: float) -> int:
    return min(1_000, int(seconds * 10))


def _tick(told: Any) -> None:
    """The background work, as if each of its sweeps were due all the time."""
    from articles.background import tick
    from articles.models.background import SweepRun

    SweepRun.objects.update(begun_at=None)
    tick()


def _came_due(file: Path) -> dict[str, int]:
    from articles import tallies
    from articles.models import Edition, Event

    shown = Counter(Edition.objects.live().values_list("title", flat=True))
    articles = Edition.objects.filter(title__startswith="予約").values("article")
    planned = articles.count()
    events = Counter(Event.objects.filter(verb="schedule", article__in=articles).values_list("article", flat=True))
    return {
        "due": planned,
        "on show": sum(shown[f"予約{number}"] == 1 for number in range(planned)),
        "on show twice": sum(count > 1 for count in shown.values()),
        "more than one event": sum(count > 1 for count in events.values()),
        "events": sum(events.values()),
        "wrong counts": len(tallies.differences()),
    }


# D9: others who go on working while backups are taken


def _working(_seconds: float, file: Path) -> int:
    """Work until the input ends."""
    from django.db import connections

    connections.close_all()  # no child may share a connection
    children = [_born(work, file) for work in (_gently(_save), _gently(_save), _gently(_upload))]
    sys.stdin.read()
    for child in children:
        _kill(child)
    return len(children)


def _gently(work: Callable[[Any], None]) -> Callable[[Any], None]:
    """With a pause between: who never pauses would keep all others from SQLite."""

    def gently(told: Any) -> None:
        work(told)
        time.sleep(0.02)

    return gently


WORK = {"saves": _saving, "schedules": _scheduling, "work": _working}
COMPARED = {"saves": _saved, "schedules": _came_due, "work": _saved}

if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]))
