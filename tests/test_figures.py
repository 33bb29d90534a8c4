"""The twelve figures: docs/operating.md names commands that print them, and what the tests measure is added up."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attack.everything import KINDS
from tests.catalogue import ROOT
from tests.drills.everything import DRILLS
from tests.figures import FIGURES, Figure, Measured
from tests.test_threats import DRILL, is_there, section

ROW = re.compile(r"^\| (\d+) \|.*\| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
IN_CODE = re.compile(r"`([^`]+)`")
NAMES = {figure.name for figure in FIGURES}


def rows() -> dict[int, tuple[list[str], list[str]]]:
    """The commands of each figure, and the names under which they print it."""
    found = ROW.findall(section("operating.md", "Twelve figures"))
    return {int(number): (IN_CODE.findall(commands), IN_CODE.findall(names)) for number, commands, names in found}


def sources(pattern: str) -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "tests").glob(pattern)))


PRINTED_BY = {target: sources(f"{target}/*.py") for target in ("drills", "attack")}
PRINTED_BY["audit"] = sources("supply_chain.py")


def prints(command: str, number: int, name: str) -> bool:
    """Whether a command prints a figure of that name."""
    target = command.split()[1]
    if target == "figures":
        return name in {figure.name for figure in FIGURES if figure.number == number}
    return (f" {name}" if target == "audit" else f'"{name}"') in PRINTED_BY[target]


def test_there_are_twelve_and_each_is_printed_by_its_command() -> None:
    assert list(rows()) == list(range(1, 13))
    lost = [
        (number, name)
        for number, (commands, names) in rows().items()
        for name in names or [""]
        if not any(prints(command, number, name) for command in commands)
    ]
    assert lost == []


def test_every_command_is_one_of_the_makefile_with_arguments_that_it_takes() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for number, (commands, _names) in rows().items():
        for command in commands:
            target, _, arguments = command.removeprefix("make ").partition(" ARGS=")
            assert f"\n{target}: $(DEV) ## " in makefile, command
            assert set(DRILL.findall(arguments)) <= set(DRILLS), command
            if target == "figures":
                assert arguments == str(number), command
            for first, last in re.findall(r"(\d+)-(\d+)", arguments):
                assert {int(first), int(last)} <= set(KINDS), command


def test_the_table_leaves_none_out() -> None:
    for figure in FIGURES:
        assert figure.name in rows()[figure.number][1]


def test_every_figure_is_noted_by_tests_that_there_are() -> None:
    for figure in FIGURES:
        for test in figure.tests:
            file, _, name = test.partition("::")
            assert is_there(file.removesuffix(".py"), name or "*"), test
        noted = "\n".join((ROOT / "tests" / test.partition("::")[0]).read_text() for test in figure.tests)
        for name in filter(None, (figure.name, figure.of)):
            assert f'record_property("{name}", ' in noted, name


# How it is added up

FEWEST = Figure(5, "words", ("test_a.py::test_one", "test_b.py"), "pages")


def report(test: str, outcome: str = "passed", when: str = "teardown", **noted: float) -> pytest.TestReport:
    reason = ("test_a.py", 1, "Skipped: no browser") if outcome == "skipped" else None
    return pytest.TestReport(
        f"tests/{test}", ("", 0, ""), {}, outcome, reason, when, user_properties=list(noted.items())  # type: ignore[arg-type]
    )  # fmt: skip


def said(*reports: pytest.TestReport, figure: Figure = FEWEST) -> dict[str, object]:
    found = Measured()
    for each in reports:
        found.pytest_runtest_logreport(each)
    told = found.said(figure)
    assert (told.pop("number"), told.pop("name")) == (figure.number, figure.name)
    return told


def test_what_is_noted_is_added_up_once() -> None:
    during = report("test_a.py::test_one[a]", when="call", words=0, pages=10)
    told = said(during, report("test_a.py::test_one[a]", words=0, pages=10), report("test_b.py::test_two", pages=5))
    assert told == {"figure": 0, "of": 15, "goal": "at most 0", "passed": True}
    assert said(report("test_a.py::test_one", words=2)) == {"figure": 2, "of": 0, "goal": "at most 0", "passed": False}


def test_the_longest_and_the_least_are_told() -> None:
    noted = [report("test_b.py::test_two", points=points) for points in (130, 99.5)]
    longest = Figure(6, "points", ("test_b.py",), most=130, together=max)
    assert said(*noted, figure=longest) == {"figure": 130, "goal": "at most 130", "passed": True}
    least = Figure(6, "points", ("test_b.py",), least=100, together=min)
    assert said(*noted, figure=least) == {"figure": 99.5, "goal": "at least 100", "passed": False}


def test_a_test_that_fails_is_no_figure_that_is_kept() -> None:
    failed = report("test_a.py::test_one[a]", "failed", "call")
    assert said(failed, report("test_a.py::test_one[a]", words=0))["passed"] is False
    assert said(failed)["failed"] == ["tests/test_a.py::test_one[a]"]
    assert said()["passed"] is False, "nothing noted is nothing kept"
    other = report("test_a.py::test_one_more", "failed", "call")
    assert said(other, report("test_b.py::test_two", words=0))["passed"] is True


def test_what_cannot_run_here_is_told_and_no_failure() -> None:
    assert said(report("test_a.py::test_one", "skipped", "setup")) == {"not run": "no browser"}


RUN = """
import json
from tests.figures import FIGURES, measured
wanted = [figure for figure in FIGURES if figure.name == "warnings of the deploy check"]
print(json.dumps(measured(wanted, "-n0", "-p", "no:randomly")))
"""


def test_a_figure_is_measured_from_end_to_end(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", RUN], cwd=ROOT, check=False, capture_output=True, text=True)
    (told,) = json.loads(done.stdout)
    assert told.pop("database") in ("sqlite", "postgresql")
    name = "warnings of the deploy check"
    assert told == {"number": 12, "name": name, "figure": 0, "goal": "at most 0", "passed": True}, done.stderr
