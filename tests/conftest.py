"""What every test may ask for."""

import os
import subprocess
import threading
import time
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import SimpleTestCase
from hypothesis import settings as hypothesis_settings

# How long an example takes says more of the machine than of the code.
hypothesis_settings.register_profile("newsdesk", deadline=None)
hypothesis_settings.load_profile("newsdesk")


WHICH = {"connection", "on_this_database", "postgres_database"}  # what a module looks at, or has, for a database's kind
CLOCKS = (subprocess, threading, time)  # what a test waits for by the clock of the machine


@pytest.hookimpl(tryfirst=True)  # before pytest looks which marks are wanted
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that need no second database, and those that may have a second try.

    An unattended run gives that to a test of processes, threads and time, and names those that took it: a machine that
    runs other tests beside it can hold any of them up for seconds (docs/decisions/0011).
    """
    for item in items:
        if not _goes_by_the_database(item):
            item.add_marker("once")
        if os.environ.get("CI") and _goes_by_clocks(item):
            item.add_marker(pytest.mark.flaky(reruns=1))


def _goes_by_the_database(item: pytest.Item) -> bool:
    """Whether a test uses the database of the tests, or is in a module that looks at what kind it is."""
    if not isinstance(item, pytest.Function):
        return True
    uses = item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames)
    return bool(uses or (item.cls and issubclass(item.cls, SimpleTestCase)) or WHICH & set(vars(item.module)))


def _goes_by_clocks(item: pytest.Item) -> bool:
    module = getattr(item, "module", None)
    return module is not None and any(value in CLOCKS for value in vars(module).values() if type(value) is type(os))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, as on a site: in memory, threads would share one connection's locks and never wait for one."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(autouse=True)
def own_folders(settings: LazySettings, tmp_path: Path) -> None:
    """Uploads of a test go to a folder of its own; static files need no manifest."""
    settings.STORAGES = {
        "default": {
            "BACKEND": "newsdesk.whole_files.WholeFiles",
            "OPTIONS": {"location": tmp_path / "media"},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def no_pages_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tick makes no pages: as every request does, that gives up the connection, and with it the test's changes."""
    from articles.background import SWEEPS  # Django is not set up when this file is read
    from newsdesk.page_store.finishing import finish

    monkeypatch.delitem(SWEEPS, f"{finish.__module__}.{finish.__qualname__}")
