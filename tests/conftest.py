"""What every test may ask for."""

import os
import subprocess
import threading
import time
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from hypothesis import settings as hypothesis_settings

# How long an example takes says more of the machine than of the code.
hypothesis_settings.register_profile("newsdesk", deadline=None)
hypothesis_settings.load_profile("newsdesk")


CLOCKS = (subprocess, threading, time)  # what a test waits for by the clock of the machine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """An unattended run gives a test of processes, threads and time a second try, and names those that took it.

    A machine that runs other tests beside it can hold any of them up for seconds (docs/decisions/0011).
    """
    if os.environ.get("CI"):
        for item in items:
            module = getattr(item, "module", None)
            if module and any(value in CLOCKS for value in vars(module).values() if type(value) is type(os)):
                item.add_marker(pytest.mark.flaky(reruns=1))


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
