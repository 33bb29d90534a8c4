"""Health: each fault is told by its name, in a second, and nothing else is told."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from articles import health
from articles.models import SweepRun
from tests.hosts import silent
from tests.test_settings import SAFE, run

pytestmark = pytest.mark.django_db(transaction=True)

LONGEST = 2.5  # seconds; one is promised, on a machine that is not busy


@pytest.fixture(autouse=True)
def worked_lately() -> None:
    SweepRun.objects.create(name="tests.sweep", begun_at=timezone.now())
    health._migrations()  # read once in the life of a process


def ask(client: Client) -> tuple[int, dict[str, Any]]:
    begun = time.monotonic()
    answer = client.get("/readyz")
    assert time.monotonic() - begun < LONGEST
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    return answer.status_code, answer.json()


def failing(*names: str) -> tuple[int, dict[str, Any]]:
    return 503, {"status": "failing", "wrong": list(names)}


def degraded(*names: str) -> tuple[int, dict[str, Any]]:
    return 200, {"status": "degraded", "wrong": list(names)}


READY = 200, {"status": "ready", "wrong": []}


def test_healthz_asks_nobody(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert client.head("/healthz").status_code == 200


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_nothing_can_be_sent(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


def test_all_is_well_and_the_probe_leaves_no_rows(client: Client) -> None:
    assert ask(client) == READY
    assert SweepRun.objects.count() == 1


def test_it_is_asked_without_https_on_the_machine_itself(client: Client, settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
    assert client.get("/").status_code == 301
    assert client.get("/healthz").status_code == 200


@contextmanager
def locked() -> Iterator[None]:
    """Another connection holds what the probe needs to write."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("LOCK TABLE articles_sweeprun IN ACCESS EXCLUSIVE MODE")
            held.set()  # on SQLite a transaction holds the one lock from its beginning
            done.wait(30)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(30)
    try:
        yield
    finally:
        done.set()
        holder.join()


def test_a_locked_database(client: Client) -> None:
    with locked():
        assert ask(client) == failing("database")
    assert ask(client) == READY


def test_a_migration_that_was_not_applied(client: Client) -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("articles", "0017_search")
    try:
        assert ask(client) == failing("migrations")
    finally:
        recorder.record_applied("articles", "0017_search")
    assert ask(client) == READY


@pytest.mark.parametrize("ago", [None, timedelta(minutes=4)])
def test_background_work_that_stands_still(client: Client, ago: timedelta | None) -> None:
    SweepRun.objects.update(begun_at=timezone.now() - ago if ago else None)
    assert ask(client) == degraded("background")


def test_a_disk_that_is_full(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LEAST_FREE", 1.01)  # of this machine's disk, more than there can be
    assert ask(client) == failing("disk")


def test_no_disk_is_looked_at_where_files_lie_elsewhere(settings: LazySettings) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "storages.backends.s3.S3Storage"}}
    expected = [Path(str(connection.settings_dict["NAME"])).parent] if connection.vendor == "sqlite" else []
    assert list(health._folders()) == expected


def redis_at(port: int) -> dict[str, Any]:
    return {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{port}/1",
            "OPTIONS": {"socket_timeout": 3},
        }
    }


def test_a_cache_that_hangs(client: Client, settings: LazySettings) -> None:
    with silent() as port:
        settings.CACHES = redis_at(port)
        assert ask(client) == degraded("cache")
        begun = [each for each in threading.enumerate() if each.name == "readyz-cache"]
        assert ask(client) == degraded("cache")
        assert [each for each in threading.enumerate() if each.name == "readyz-cache"] == begun, "asked twice at once"
    for thread in begun:
        thread.join(10)


def test_a_cache_that_is_not_there(client: Client, settings: LazySettings) -> None:
    with silent() as port:
        pass
    settings.CACHES = redis_at(port)
    assert ask(client) == degraded("cache")


def test_a_cache_that_keeps_nothing_by_choice(client: Client, settings: LazySettings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert ask(client) == READY
    assert cache.get("x") is None


ASKED = """
import django, json, time; django.setup()
from articles import health; health._migrations()
from django.test import Client
begun = time.monotonic()
answer = Client().get('/readyz', headers={'Host': 'news.example.com'})
print(json.dumps([answer.status_code, answer.json(), time.monotonic() - begun]))
import os, sys; sys.stdout.flush(); os._exit(0)
"""


def asked_of(database: str) -> tuple[int, dict[str, Any]]:
    """What a site with that database says of itself; a process of its own."""
    done = run(ASKED, {**SAFE, "DATABASE_URL": database, "CACHE_URL": "dummycache://"})
    assert done.returncode == 0, done.stderr
    status, told, took = json.loads(done.stdout)
    assert took < LONGEST
    assert "127.0.0.1" not in json.dumps(told)
    return status, told


def test_postgresql_that_refuses() -> None:
    with silent() as port:
        pass
    assert asked_of(f"postgres://desk:word@127.0.0.1:{port}/news") == failing("database")


def test_postgresql_that_hangs() -> None:
    with silent() as port:
        assert asked_of(f"postgres://desk:word@127.0.0.1:{port}/news") == failing("database")


def test_a_new_database_without_tables(tmp_path: Path) -> None:
    assert asked_of(f"sqlite:///{tmp_path}/new.sqlite3") == failing("migrations")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "odd.sqlite3").write_bytes(b"not a database at all, whatever its name says" * 40)
    assert asked_of(f"sqlite:///{tmp_path}/odd.sqlite3") == failing("database")


def test_a_check_that_hangs_is_waited_for_and_not_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = [], threading.Event()

    def hang() -> Iterator[str]:
        begun.append(1)
        go_on.wait(30)
        yield from ()

    monkeypatch.setattr(health, "CHECKS", {"disk": hang})
    monkeypatch.setattr(health, "PATIENCE", 0.1)
    assert health.found_wrong() == ["disk"]
    assert health.found_wrong() == ["disk"]
    assert len(begun) == 1
    go_on.set()
    time.sleep(0.2)
    assert health.found_wrong() == []
