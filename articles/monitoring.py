"""`/metrics`: how the newsroom is and what its server did, for Prometheus. Only for who has the token.

What was counted comes from `newsdesk.metrics`; the rest is asked of the database whenever it is looked at, so that it
is the same whichever process answers, and right after any restart.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Max, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from articles.health import for_machines
from articles.models.background import BackgroundTask, SweepRun
from articles.models.editions import Edition
from articles.models.sources import Address
from newsdesk.metrics import counted

STATM = Path("/proc/self/statm")


@for_machines
def metrics(request: HttpRequest) -> HttpResponse:
    """The metrics; 401 without the token, and Http404 on a site that has none."""
    if not settings.METRICS_TOKEN:
        raise Http404
    sent = request.headers.get("Authorization", "")
    if not constant_time_compare(sent, f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    asked = CollectorRegistry()
    asked.register(Newsroom())
    return HttpResponse(counted() + generate_latest(asked), content_type=CONTENT_TYPE_LATEST)


class Newsroom(Collector):
    """Gauges of the newsroom, and whether they could be asked for at all."""

    def collect(self) -> Iterator[Metric]:
        """The gauges, in some ten queries; without a database, only that there is none."""
        yield from _memory()
        try:
            found = [*_articles(), *_tasks(), *_sweeps()]
        except DatabaseError:
            found = []
        yield GaugeMetricFamily("newsdesk_database_up", "1 where the database answers", bool(found))
        yield from found

    def describe(self) -> list[Metric]:
        """Nothing is asked of the database to learn the names."""
        return []


def _articles() -> Iterator[Metric]:
    live, scheduled = Edition.objects.live().count(), Edition.objects.scheduled().count()
    yield GaugeMetricFamily("newsdesk_articles_live", "Articles on show", live)
    yield GaugeMetricFamily("newsdesk_articles_scheduled", "Editions that wait for their time", scheduled)
    last = Edition.objects.begun(timezone.now()).aggregate(last=Max("live_from"))["last"]
    yield GaugeMetricFamily("newsdesk_last_publication_seconds", "When an edition last appeared (Unix)", _unix(last))
    dead = Address.objects.filter(health=Address.Health.GONE).count()
    yield GaugeMetricFamily("newsdesk_sources_dead", "Pages that articles stand on and that are gone", dead)


def _tasks() -> Iterator[Metric]:
    tasks = BackgroundTask.objects
    numbers = {"waiting": tasks.ready().count(), "running": tasks.running().count(), "failed": tasks.failed().count()}
    family = GaugeMetricFamily("newsdesk_tasks", "Background tasks, by state", labels=["state"])
    for state, number in numbers.items():
        family.add_metric([state], number)
    yield family
    oldest = tasks.ready().aggregate(oldest=Min("enqueued_at"))["oldest"]
    age = (timezone.now() - oldest).total_seconds() if oldest else 0.0
    yield GaugeMetricFamily("newsdesk_tasks_oldest_seconds", "For how long the oldest task has waited", age)


def _sweeps() -> Iterator[Metric]:
    run = GaugeMetricFamily("newsdesk_sweep_run_seconds", "When a sweep last began (Unix)", labels=["sweep"])
    failed = GaugeMetricFamily("newsdesk_sweep_failed", "1 where its last run failed", labels=["sweep"])
    for sweep in SweepRun.objects.all():
        run.add_metric([sweep.name], _unix(sweep.begun_at))
        failed.add_metric([sweep.name], bool(sweep.error))
    yield run
    yield failed


def _memory() -> Iterator[Metric]:
    """Of the process that answers; where the system tells it as Linux does."""
    if STATM.exists():
        pages = int(STATM.read_text().split()[1])
        yield GaugeMetricFamily(
            "newsdesk_memory_bytes", "Memory of the process that answers", pages * os.sysconf("SC_PAGE_SIZE")
        )


def _unix(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0
