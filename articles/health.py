"""How the site is: `/healthz` says that the process lives, `/readyz` whether requests should be sent to it.

Both are for programs. What they tell is names of what is wrong, and nothing of versions, hosts or files.
"""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache, wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache as kept
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_safe

from articles.models.background import SweepRun

PATIENCE = 0.8  # seconds for all checks together
DATABASE_PATIENCE = 600  # ms that a statement, or a lock, may take
LEAST_FREE = 0.05  # of a disk
LONGEST_PAUSE = timedelta(minutes=3)  # between two runs of the background work; a sweep comes round every minute

View = Callable[..., HttpResponseBase]
Check = Callable[[], Iterator[str]]


def for_machines(view: View) -> View:
    """Declare that programs that watch over the site may GET or HEAD the view, and that nothing may keep the answer."""

    @require_safe
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    asked.audience = "machines"  # type: ignore[attr-defined]  # read by the test that walks every address
    return asked


@for_machines
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. It asks nothing and nobody, so that it is not ended for what another has broken."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@for_machines
def readyz(request: HttpRequest) -> HttpResponse:
    """200 where readers and editors are served, 503 where they are not. `degraded` is served, but wants a look."""
    wrong = found_wrong()
    failing = [name for name in wrong if name not in DEGRADING]
    status = "failing" if failing else "degraded" if wrong else "ready"
    return JsonResponse({"status": status, "wrong": wrong}, status=503 if failing else 200)


def found_wrong() -> list[str]:
    """The names of what is wrong, in order. Takes a second at most: a check that does not end by then has failed."""
    until = time.monotonic() + PATIENCE
    running = [_Running.of(name) for name in CHECKS]
    wrong: set[str] = set()
    for each in running:
        each.done.wait(max(0.0, until - time.monotonic()))
        wrong |= set(each.wrong if each.done.is_set() else [each.name])
    return sorted(wrong)


class _Running:
    """A check in a thread of its own; one that hangs is waited for again, and not begun a second time beside itself."""

    now: "dict[str, _Running]" = {}
    lock = threading.Lock()

    def __init__(self, name: str) -> None:
        self.name = name
        self.wrong: list[str] = []
        self.done = threading.Event()

    @classmethod
    def of(cls, name: str) -> "_Running":
        with cls.lock:
            if name in cls.now:
                return cls.now[name]
            begun = cls.now[name] = cls(name)
        threading.Thread(target=begun.run, name=f"readyz-{name}", daemon=True).start()
        return begun

    def run(self) -> None:
        try:
            self.wrong = list(CHECKS[self.name]())
        except Exception:  # whatever it is, the answer is no
            self.wrong = [self.name]
        finally:
            connection.close()  # this thread's own
            with self.lock:
                del self.now[self.name]
            self.done.set()


# What is looked at


def _database() -> Iterator[str]:
    """Whether rows can be written, whether they have the form that this code expects, and when work was last done."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA busy_timeout = {DATABASE_PATIENCE}")
        else:
            cursor.execute(f"SET lock_timeout = {DATABASE_PATIENCE}; SET statement_timeout = {DATABASE_PATIENCE}")
    if not _migrated():
        yield "migrations"
        return  # the rows below may not be there yet
    with transaction.atomic():
        SweepRun.objects.create(name=f"readyz-{get_random_string(12)}")
        transaction.set_rollback(True)
    last = SweepRun.objects.aggregate(last=Max("begun_at"))["last"]
    if not last or timezone.now() - last > LONGEST_PAUSE:
        yield "background"


def _migrated() -> bool:
    applied = MigrationRecorder(connection).applied_migrations()
    return all(names & applied.keys() for names in _migrations())


@cache
def _migrations() -> list[frozenset[tuple[str, str]]]:
    """The migrations there are: each with its own name and those that stand for it, any of which will do."""
    found = MigrationLoader(None).disk_migrations or {}
    standing_for: dict[tuple[str, str], set[tuple[str, str]]] = {key: {key} for key in found}
    for key, migration in found.items():
        for app, name in migration.replaces or []:
            standing_for.setdefault((app, name), {(app, name)}).add(key)
            standing_for[key].add((app, name))
    return [frozenset(names) for names in standing_for.values()]


def _cache() -> Iterator[str]:
    """Whether what is kept is found again. Pages are made without it, more slowly."""
    if not settings.CACHES["default"]["BACKEND"].endswith("DummyCache"):  # which keeps nothing, as it should
        token = get_random_string(12)
        kept.set(f"readyz-{token}", token, 5)
        if kept.get(f"readyz-{token}") != token:
            yield "cache"


def _disk() -> Iterator[str]:
    """Whether there is room where files of this machine are kept."""
    for folder in _folders():
        there = next(path for path in (folder, *folder.parents) if path.exists())
        usage = shutil.disk_usage(there)
        if usage.free < LEAST_FREE * usage.total:
            yield "disk"
            return


def _folders() -> Iterator[Path]:
    options = settings.STORAGES["default"].get("OPTIONS", {})
    if "location" in options:
        yield Path(options["location"]).absolute()
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and not name.startswith((":memory:", "file:")):
        yield Path(name).absolute().parent


CHECKS: dict[str, Check] = {"database": _database, "cache": _cache, "disk": _disk}
DEGRADING = {"background", "cache"}
