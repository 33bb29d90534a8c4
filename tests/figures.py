"""Figures that tests measure: `python -m tests.figures [5 7 …]` runs those tests and prints a line of JSON for each.

A test notes what it measured with pytest's `record_property` before it judges it; here that is added up. With the
figures of drills and attacks these are the twelve of docs/operating.md. Exit status 1 where one misses its goal, or a
test that measures it fails. What pytest says goes to stderr, and options for it may stand behind the numbers.
"""

import argparse
import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

HERE = Path(__file__).parent
Measure = Callable[[str, object], None]  # pytest's `record_property`


@dataclass(frozen=True)
class Figure:
    """A figure: its number among the twelve, the name under which tests note it, and those tests.

    Its goal is at most `most` or, where that is given, at least `least`. `of` names the count of what was looked at.
    """

    number: int
    name: str
    tests: tuple[str, ...]
    of: str = ""
    most: float = 0
    least: float | None = None
    together: Callable[[list[float]], float] = sum

    def is_measured_by(self, test: str) -> bool:
        """Whether pytest's name of a test, with or without its parameters, is one of these."""
        whole = (test, test.partition("[")[0], test.partition("::")[0])
        return any(f"{HERE.name}/{each}" in whole for each in self.tests)

    def is_good(self, value: float) -> bool:
        """Whether it keeps to its goal."""
        return value >= self.least if self.least is not None else value <= self.most

    @property
    def goal(self) -> str:
        """The goal in words."""
        return f"at least {self.least:g}" if self.least is not None else f"at most {self.most:g}"


FIGURES = (
    Figure(4, "addresses undeclared", ("test_access.py::test_every_address_declares_who_it_is_for",), "addresses"),
    Figure(
        4,
        "cells wrong",
        ("test_access.py::test_the_desk_sends_strangers_to_sign_in", "test_matrix.py::test_every_cell_of_the_table"),
        "cells",
    ),
    Figure(5, "planted words shown", ("test_visibility.py",), "pages read"),
    Figure(
        6,
        "connections to where nobody may go",
        (
            "test_fetching.py::test_a_hostile_address_leads_nowhere",
            "test_fetching.py::test_a_name_that_leads_to_what_is_not_public_is_not_followed",
            "test_fetching.py::test_a_name_that_is_rebound_is_looked_up_once_a_connection_and_judged_each_time",
            "test_fetching.py::test_a_harmful_server_gets_little_time_and_memory",
        ),
        "addresses and servers",
    ),
    Figure(
        6,
        "seconds of the longest fetch",
        (
            "test_fetching.py::test_a_harmful_server_gets_little_time_and_memory",
            "test_fetching.py::test_time_is_up_after_ten_seconds_whatever_comes_in",
        ),
        most=12,
        together=max,
    ),
    Figure(
        6,
        "megabytes of the largest fetch",
        ("test_fetching.py::test_a_harmful_server_gets_little_time_and_memory",),
        most=64,
        together=max,
    ),
    Figure(
        7,
        "sentences overwritten in silence",
        ("test_interleavings.py::test_nobody_overwrites_unseen_and_nothing_typed_is_lost",),
        "interleavings",
    ),
    Figure(
        7,
        "characters lost",
        (
            "test_interleavings.py::test_nobody_overwrites_unseen_and_nothing_typed_is_lost",
            "test_resending.py::test_what_was_typed_is_saved_after_signing_in_again",
        ),
        "characters typed",
    ),
    Figure(
        7,
        "seconds until what is typed is kept",
        ("browser/test_keeping.py::test_text_comes_back_after_the_tab_was_killed",),
        most=10,
        together=max,
    ),
    Figure(
        11,
        "dialogs and reports of the policy",
        ("browser/test_every_screen.py::test_text_becomes_no_script_on_any_page",),
        "pages opened",
    ),
    Figure(
        11,
        "points of the Observatory",
        ("test_headers.py::test_readers_pages_score_full_marks", "test_headers.py::test_the_desk_scores_full_marks"),
        least=100,
        together=min,
    ),
    Figure(12, "warnings of the deploy check", ("test_settings.py::test_deploy_check_finds_nothing",)),
    Figure(
        12,
        "errors in feeds",
        (
            "test_feeds.py::test_hostile_text_is_shown_as_it_is",
            "test_feeds.py::test_character_that_xml_forbids_never_breaks_a_feed",
        ),
        "feeds read",
    ),
    Figure(
        12, "stale answers 304", ("test_no_stale_page.py::test_nobody_reads_what_is_no_longer_true",), "answers 304"
    ),
)


@dataclass(eq=False)
class Measured:
    """What tests noted, and which of them failed or could not run: a plugin of pytest."""

    noted: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Called by pytest before, after and at the end of each test; by then a test has noted all it will."""
        if report.failed:
            self.failed.append(report.nodeid)
        elif report.skipped and isinstance(report.longrepr, tuple):
            self.skipped[report.nodeid] = report.longrepr[2].removeprefix("Skipped: ")
        if report.when == "teardown":
            for name, value in report.user_properties:
                self.noted[name].append(value)  # type: ignore[arg-type]  # what these tests note is numbers

    def said(self, figure: Figure) -> dict[str, Any]:
        """What is printed of a figure. One that no test could measure here is no failure; the reason is told."""
        told: dict[str, Any] = {"number": figure.number, "name": figure.name}
        failed = [test for test in self.failed if figure.is_measured_by(test)]
        skipped = [reason for test, reason in self.skipped.items() if figure.is_measured_by(test)]
        values = self.noted.get(figure.name, [])
        if not values and skipped and not failed:
            return {**told, "not run": skipped[0]}
        if values:
            told["figure"] = round(figure.together(values), 2)
        if figure.of:
            told["of"] = sum(self.noted.get(figure.of, []))
        passed = bool(values) and not failed and figure.is_good(told["figure"])
        return {**told, "goal": figure.goal, "passed": passed, **({"failed": failed[:5]} if failed else {})}


def measured(figures: Iterable[Figure], *options: str) -> list[dict[str, Any]]:
    """Run the tests of these figures, with options for pytest; what is to be said of each."""
    wanted = list(figures)
    tests = dict.fromkeys(str(HERE / test) for figure in wanted for test in figure.tests)
    found = Measured()
    os.environ.setdefault("INTERLEAVINGS", "50")
    with redirect_stdout(sys.stderr):
        pytest.main(["-q", "--rootdir", str(HERE.parent), *options, *tests], plugins=[found])
    return [{"database": connection.vendor, **found.said(figure)} for figure in wanted]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    numbers = sorted({figure.number for figure in FIGURES})
    parser.add_argument("numbers", nargs="*", type=int, metavar="5", help=f"of {', '.join(map(str, numbers))}")
    wanted, options = parser.parse_known_args()
    if unknown := set(wanted.numbers) - set(numbers):
        parser.error(f"drills or attacks print {unknown}, or nobody does; here are {numbers}")
    figures = [figure for figure in FIGURES if figure.number in (wanted.numbers or numbers)]
    said = measured(figures, "-n", "auto", "--dist", "worksteal", *options)
    for each in said:
        print(json.dumps(each, ensure_ascii=False), flush=True)
    return 0 if all(each.get("passed", True) for each in said) else 1


if __name__ == "__main__":
    sys.exit(main())
