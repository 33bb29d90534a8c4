"""Tests in a real browser: Chromium where the machine has one, skipped with the reason where it has none."""

from pathlib import Path
from typing import Any

import pytest

from tests.services import CHROMIUMS, chromium


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, and skip it where there is no browser to drive."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
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
