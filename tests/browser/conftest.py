"""Tests in a real browser: Chromium where the machine has one, skipped with the reason where it has none."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.signals import request_finished, request_started
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.signing import sign_in
from tests.desk import editor
from tests.services import CHROMIUMS, chromium

QUIET = 0.05  # seconds without a request after which the browser has said all it had to say
PATIENCE = 30.0  # seconds; machines that run tests may be busy

expect.set_options(timeout=PATIENCE * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, and skip it where there is no browser to drive.

    An unattended run gives each a second try, and its summary names those that took it (docs/decisions/0011).
    """
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if os.environ.get("CI"):
                item.add_marker(pytest.mark.flaky(reruns=1))
            if not chromium():
                item.add_marker(pytest.mark.skip(reason=f"no browser: none of {', '.join(CHROMIUMS)} is installed"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium, without the sandbox that a container's root cannot have."""
    return {**browser_type_launch_args, "executable_path": chromium(), "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A reader in Japan."""
    return {**browser_context_args, "locale": "ja-JP", "timezone_id": "Asia/Tokyo"}


@pytest.fixture(scope="session")
def base_url() -> None:
    """No address of its own: tests ask `live_server`. The plugin's fixture of this name warns under pytest 9."""


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """The plugin's server, with static files where they are written: it looks for their app by Django's own name."""
    with patch("django.test.testcases._StaticFilesHandler", StaticFilesHandler):
        server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture
def desk(page: Page, live_server: LiveServer) -> Page:
    """The list of articles at the desk, signed in as an editor."""
    editor()
    return sign_in(page, live_server)


@pytest.fixture(autouse=True)
def answered(transactional_db: None) -> Iterator[None]:
    """Empty the database only when the server has answered all: a page that closes says so with a last request."""
    running: list[float] = []

    def started(**_: Any) -> None:
        running.append(time.monotonic())

    def finished(**_: Any) -> None:
        running.pop()

    request_started.connect(started)
    request_finished.connect(finished)
    yield
    latest = time.monotonic()
    until = latest + PATIENCE
    while (running or time.monotonic() < latest + QUIET) and time.monotonic() < until:
        latest = time.monotonic() if running else latest
        time.sleep(0.01)
    request_started.disconnect(started)
    request_finished.disconnect(finished)
