"""Every threat, and every part that may be missing, names what shows that it is met, and that is there.

docs/threats.md has the threats, docs/operating.md the parts. And what no other file shows.
"""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.catalogue import ROOT
from tests.drills.everything import DRILLS

ROW = re.compile(r"^\| (?!#)([^|]+) \|.*\| ([^|]*`[^|]*) \|$", re.MULTILINE)
SHOWN = re.compile(r"`([a-z0-9_/]+)::(test_[a-z0-9_]+|\*)`")
DRILL = re.compile(r"\bD\d+\b")
PARTS = [
    "Redis is gone",
    "Redis hangs",
    "`newsdesk_tick` does not run",
    "the mail server refuses or hangs",
    "the store of pictures (S3) is away or hangs",
    "the disk of pictures is full",
    "the replica is behind, away or hangs",
    "SQLite is locked",
    "the database is away or restarts",
    "the file of finished pages cannot be used",
]


def section(document: str, heading: str) -> str:
    """What a document says under a heading of the second level."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def threats() -> str:
    return (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")


def missing_parts() -> str:
    return section("operating.md", "When a part is missing")


def shown(table: str) -> dict[str, list[tuple[str, str]]]:
    """The rows of a table by their first cell, each with the tests that its last one names: file and test."""
    return {first: SHOWN.findall(last) for first, last in ROW.findall(table)}


@pytest.mark.parametrize("told", [threats, missing_parts])
def test_every_drill_that_is_named_exists(told: Callable[[], str]) -> None:
    named = set(DRILL.findall(told()))
    assert named
    assert named <= set(DRILLS)


@pytest.mark.parametrize(
    ("told", "rows"), [(threats, [str(number) for number in range(1, 46)]), (missing_parts, PARTS)]
)
def test_every_row_names_tests_that_there_are(told: Callable[[], str], rows: list[str]) -> None:
    found = shown(told())
    assert list(found) == rows
    missing = [
        (row, file, name)
        for row, tests in found.items()
        for file, name in tests or [("", "")]
        if not is_there(file, name)
    ]
    assert missing == []


def is_there(file: str, name: str) -> bool:
    """Whether a file has a test of that name, `*` for any."""
    path = ROOT / "tests" / f"{file}.py"
    wanted = "def test_" if name == "*" else f"def {name}("
    return bool(file) and path.is_file() and wanted in path.read_text(encoding="utf-8")


@pytest.mark.django_db
@pytest.mark.parametrize("screen", ["articles/article", "articles/event", "auth/user", "articles/picture"])
@pytest.mark.parametrize("column", ["password", "created_by__password", "by__password", "added_by__email"])
def test_filters_of_the_desk_tell_nothing_of_passwords(screen: str, column: str, admin_client: Client) -> None:
    """A right guess and a wrong one are answered alike."""
    password = User.objects.get().password
    answers = [
        admin_client.get(f"/admin/{screen}/", {f"{column}__startswith": guess}) for guess in (password[:8], "wrong")
    ]

    assert len({answer.status_code for answer in answers}) == 1
    assert answers[0].status_code in (302, 400)


def test_nothing_writes_tables_for_spreadsheets() -> None:
    for folder in ("articles", "newsdesk"):
        for file in (ROOT / folder).rglob("*.py"):
            assert not re.search(r"^\s*(import|from) csv\b|text/csv|openpyxl", file.read_text(), re.MULTILINE), file
