"""Background work: `task` marks a function that no request waits for, `sweep` one that comes round by itself.

A task is called with `function.enqueue(...)`, after the transaction that needs it (`transaction.on_commit`). Its
arguments are JSON. A sweep looks for rows that are due and does what they need. `manage.py newsdesk_tick` runs both.

Every task and sweep can run twice without harm, at the same time too: a worker that is killed leaves its task running
for ever as far as the database knows, and `recover` gives it to another one.
"""

import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResultQuerySet

from articles.models.background import BackgroundTask, SweepRun

try:
    from django.tasks import task  # type: ignore[import-not-found, unused-ignore]  # Django 6
except ImportError:
    from django_tasks import task  # type: ignore[no-redef, unused-ignore]

__all__ = ["Enough", "failed_sweeps", "failed_tasks", "sweep", "task", "tick"]

logger = logging.getLogger(__name__)

LONGEST_TASK = timedelta(minutes=15)  # after that, whoever ran it was killed
MOST_TRIES = 3  # of a task that does not come back
LONGEST_TURN = 60.0  # seconds that tasks may run before the sweeps have their turn
LONGEST_SWEEP = 20.0  # seconds until a sweep is asked to end
KEPT, FAILURES_KEPT = timedelta(days=7), timedelta(days=30)  # how long a task that is done can be looked up

Enough = Callable[[], bool]


class Lost(Exception):
    """A task was begun several times and never came back."""


# Sweeps


@dataclass(frozen=True, slots=True)
class Sweep:
    """Work that comes round."""

    name: str
    run: Callable[[Enough], object]
    every: timedelta


SWEEPS: dict[str, Sweep] = {}


def sweep(every: timedelta) -> Callable[[Callable[[Enough], object]], Callable[[Enough], object]]:
    """Declare a function that the tick runs whenever so much time has passed.

    It is called with a function to ask after each piece of its work, small ones: once that says `True`, the sweep
    returns and is run again soon. What it is to do it finds in the database, and claims with conditional updates.
    """

    def declare(function: Callable[[Enough], object]) -> Callable[[Enough], object]:
        name = f"{function.__module__}.{function.__qualname__}"
        SWEEPS[name] = Sweep(name, function, every)
        return function

    return declare


def run_sweeps(stopped: Enough) -> None:
    """Run the sweeps that are due, each at most once however many ticks there are."""
    for name in _due_sweeps():
        if stopped():
            return
        now = timezone.now()
        claimed = {"due_at": now + SWEEPS[name].every, "begun_at": now}
        if SweepRun.objects.filter(name=name, due_at__lte=now).update(**claimed):
            _run_sweep(SWEEPS[name], stopped)


def _due_sweeps() -> list[str]:
    due_at = dict(SweepRun.objects.filter(name__in=SWEEPS).values_list("name", "due_at"))
    new = [name for name in SWEEPS if name not in due_at]
    if new:
        SweepRun.objects.bulk_create((SweepRun(name=name) for name in new), ignore_conflicts=True)
    now = timezone.now()
    return [*new, *(name for name in SWEEPS if name in due_at and due_at[name] <= now)]


def _run_sweep(sweep: Sweep, stopped: Enough) -> None:
    deadline = time.monotonic() + LONGEST_SWEEP

    def enough() -> bool:
        return stopped() or time.monotonic() > deadline or waiting_tasks().exists()

    outcome = {"error": ""}
    try:
        sweep.run(enough)
    except Exception:
        logger.exception("Sweep %s failed", sweep.name)
        outcome["error"] = traceback.format_exc()
    else:
        if enough():  # it was told to end, and may not be through
            SweepRun.objects.filter(name=sweep.name).update(due_at=timezone.now())
    SweepRun.objects.filter(name=sweep.name).update(ended_at=timezone.now(), **outcome)


# Tasks


def waiting_tasks() -> DBTaskResultQuerySet:
    """Tasks that nobody has begun yet and that may begin now."""
    return BackgroundTask.objects.ready()


def failed_tasks() -> DBTaskResultQuerySet:
    """Tasks that failed and were not run again, the latest first."""
    return BackgroundTask.objects.failed().order_by("-finished_at")


def failed_sweeps() -> QuerySet[SweepRun]:
    """Sweeps that failed when they last ran."""
    return SweepRun.objects.exclude(error="")


def run_tasks(stopped: Enough) -> None:
    """Run the tasks that wait, one after the other. A task that fails is kept with what went wrong."""
    deadline = time.monotonic() + LONGEST_TURN
    while not stopped() and time.monotonic() < deadline and waiting_tasks().exists():
        _run_one()


def _run_one() -> None:
    """Claim the most urgent task and run it, unless other workers took all of them meanwhile."""
    name = get_random_string(32)
    with transaction.atomic():
        claimed = waiting_tasks().get_locked()
        if claimed:
            claimed.claim(name)
    if claimed:
        worker(name).run_task(claimed)


def worker(name: str) -> Worker:
    """The library's worker, of which only the running of one task is used: it knows nothing of sweeps and signals."""
    return Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        backend_name="default",
        batch=True,
        max_tasks=1,
        interval=0,
        startup_delay=False,
        worker_id=name,
    )


def again(tasks: QuerySet[BackgroundTask]) -> int:
    """Let tasks that failed wait for another try. Returns how many."""
    return tasks.filter(status="FAILED").update(status="READY", finished_at=None, worker_ids=[], traceback="")


@sweep(every=timedelta(minutes=1))
def recover(enough: Enough) -> None:
    """Give tasks that were begun and never came back to another worker; fail those that this happened to often."""
    long_ago = timezone.now() - LONGEST_TASK
    for lost in BackgroundTask.objects.running().filter(started_at__lt=long_ago):
        as_seen = BackgroundTask.objects.running().filter(pk=lost.pk, started_at=lost.started_at)
        if len(lost.worker_ids) < MOST_TRIES:
            as_seen.update(status="READY", started_at=None)
        else:
            as_seen.update(
                status="FAILED",
                finished_at=timezone.now(),
                exception_class_path=f"{Lost.__module__}.{Lost.__qualname__}",
                traceback=f"It was begun {len(lost.worker_ids)} times and never came back.",
            )


@sweep(every=timedelta(days=1))
def forget(enough: Enough) -> None:
    """Delete what is known of tasks done long ago."""
    now = timezone.now()
    BackgroundTask.objects.successful().filter(finished_at__lt=now - KEPT).delete()
    failed_tasks().filter(finished_at__lt=now - FAILURES_KEPT).delete()


def tick(stopped: Enough = lambda: False) -> None:
    """Do everything that is due. May run many times at once. `stopped` is asked whether to end early."""
    run_tasks(stopped)
    run_sweeps(stopped)
