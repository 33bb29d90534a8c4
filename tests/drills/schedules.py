"""What is scheduled comes on show once and at its time, with workers that are killed (D7), and by the clock (D8)."""

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from tests.drills.people import Browser
from tests.drills.records import Record
from tests.drills.saving import killed
from tests.drills.trial import Trial, drill

LATEST = 60.0  # seconds after its time at which nobody waits for an article any more
ONE_BY_ONE = """
from datetime import timedelta
from django.utils import timezone
from articles.document import Document
for number in range({number}):
    at = timezone.now() + timedelta(seconds=2 + number * {apart})
    edition = publishing.save(drafting.create(Document(title=f"定刻{{number}}", lead="訓練。")), by=None)
    publishing.publish(edition, by=None, at=at, despite_findings=True)
    print(edition.article_id, at.timestamp())
"""


@drill("D7", seconds=60, short=3)
def killed_schedulers(trial: Trial) -> None:
    """A thousand articles come due while three processes do the background work and are killed again and again.

    Beside them some come due one by one, and somebody asks for each of these from before its time on.
    """
    record = Record()
    number = int(trial.seconds) + 2
    with trial.site.serving() as server, ThreadPoolExecutor(number) as waiting:
        lines = trial.site.does(ONE_BY_ONE.format(number=number, apart=2)).splitlines()
        due = [(int(article), float(at)) for article, at in map(str.split, lines)]
        late = [waiting.submit(_late, server.port, *each, record) for each in due]
        told = killed(trial.site, "schedules", trial.seconds)
    seconds = sorted(each.result() for each in late)
    trial.readers(record)
    trial.figure("watched", len(seconds), least=number)
    trial.figure("shown early", sum(each < 0 for each in seconds), most=0)
    trial.figure("seconds late, p99", seconds[int(len(seconds) * 0.99)], most=LATEST)
    trial.figure("kills", told["kills"], least=trial.seconds)
    trial.figure("due", told["due"], least=1)
    trial.figure("not on show", told["due"] - told["on show"], most=0)
    trial.figure("on show twice", told["on show twice"], most=0)
    trial.figure("events", told["events"], least=told["due"])
    trial.figure("more than one event", told["more than one event"], most=0)
    trial.figure("wrong counts", told["wrong counts"], most=0)


def _late(port: int, article: int, due: float, record: Record) -> float:
    """How many seconds after its time a reader has an article; fewer than none where it comes early."""
    reader = Browser(port)
    time.sleep(max(0.0, due - 1 - time.time()))
    while time.time() < due + LATEST:
        began, status = time.monotonic(), 0
        with suppress(OSError, http.client.HTTPException):
            status = reader.ask("GET", f"/articles/{article}/").status
        record.note(began, status)
        if status == 200:
            break
        time.sleep(0.02)
    return time.time() - due


LOOK = """
import json, re
from datetime import timedelta
import time_machine
from django.test import Client
from django.utils import timezone
from articles.background import tick
from articles.document import Document
from articles.models import Event

due = timezone.now() + timedelta(hours=1)
edition = publishing.save(drafting.create(Document(title="予約の記事", tags=("港",))), by=None)
publishing.publish(edition, by=None, at=due, despite_findings=True)
paths = ["/", f"/articles/{edition.article_id}/", "/tags/", "/archive/", "/feeds/rss.xml", "/feeds/feed.json",
         "/news-sitemap.xml", "/search/?q=予約"]
def seen(at):
    with time_machine.travel(at, tick=True):
        tick()
        pages = [Client().get(path, headers={"Host": "news.example"}).content.decode() for path in paths]
        return sum("予約の記事" in re.sub("</?(wbr|mark)>", "", page) for page in pages)
early = [seen(due - timedelta(minutes=1)), seen(due - timedelta(hours=2))]
there = [seen(due + timedelta(seconds=1)), seen(due + timedelta(days=1)), seen(due + timedelta(seconds=2))]
print(json.dumps({"early": early, "there": there, "events": Event.objects.filter(article=edition.article_id).count()}))
"""


@drill("D8", seconds=20, short=5)
def the_clock(trial: Trial) -> None:
    """The clock stands before a due time, behind it, a day on, and is put right again."""
    told = json.loads(trial.site.does(LOOK))
    trial.figure("shown early", sum(told["early"]), most=0)
    trial.figure("places at its time", told["there"][0], least=1)
    trial.figure("places lost later", told["there"][0] - min(told["there"]), most=1)  # news sitemaps end after two days
    trial.figure("events", told["events"], most=1)
