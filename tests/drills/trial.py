"""What a drill is: a name, how long it lasts, and figures with goals."""

import random
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

from tests.drills.records import Record
from tests.sites import Site, on_this_database

SEED = 20260401
READERS, FAILED, ANSWERED = "readers' requests", "readers' requests failed", "percent of readers answered"


@dataclass
class Trial:
    """One run of a drill: its site, how long it lasts, and what came of it."""

    name: str
    site: Site
    seconds: float
    chance: random.Random
    short: bool = False
    figures: dict[str, Any] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    read: Record = field(default_factory=Record)

    def readers(self, *records: Record, answered: float = 100.0) -> None:
        """Note what came of readers' requests, of which so many percent have to be answered."""
        self.read.asked += [each for record in records for each in record.asked]
        self.figure(READERS, len(self.read.asked), least=1)
        self.figure(FAILED, self.read.failed())
        self.figure(ANSWERED, self.read.answered(), least=answered)

    def figure(self, name: str, value: float, *, most: float | None = None, least: float | None = None) -> None:
        """Note a figure, and whether it keeps to its goal."""
        self.figures[name] = round(value, 3)
        if (most is not None and value > most) or (least is not None and value < least):
            self.missed.append(
                f"{name}: {value:g}, wanted {'at most' if most is not None else 'at least'} "
                f"{most if most is not None else least:g}"
            )

    def time(self, name: str, seconds: float, *, most: float) -> None:
        """Note how long something took. It is judged in a whole run only: tests share their machine with others."""
        self.figure(name, seconds, most=None if self.short else most)

    def said(self) -> dict[str, Any]:
        """What is printed of it."""
        told = {"drill": self.name, "database": connection.vendor, "seconds": self.seconds, "passed": not self.missed}
        return {**told, **self.figures, **({"missed": self.missed} if self.missed else {})}


def together(all_said: list[dict[str, Any]]) -> dict[str, Any]:
    """What is printed of several drills together: whether all passed, and what readers had of them."""
    asked, failed = (sum(said.get(name, 0) for said in all_said) for name in (READERS, FAILED))
    answered = {ANSWERED: round(100 * (1 - failed / asked), 3)} if asked else {}
    return {
        "drill": "all",
        "passed": all(said["passed"] for said in all_said),
        READERS: asked,
        FAILED: failed,
        **answered,
    }


def no_reason() -> str:
    return ""


@dataclass(frozen=True)
class Drill:
    """A drill. `seconds` are those of the whole, `short` those in the tests; `cannot` says why it cannot run here."""

    name: str
    run: Callable[[Trial], None]
    seconds: float
    short: float
    cannot: Callable[[], str] = no_reason

    def trial(self, folder: Path, seconds: float) -> Trial:
        """Run it on a new site in an empty folder."""
        with ExitStack() as site:
            made = site.enter_context(on_this_database(folder, f"drill_{self.name.lower()}"))
            chance = random.Random(SEED)  # noqa: S311  # the same every time
            trial = Trial(self.name, made, seconds, chance, short=seconds <= self.short)
            self.run(trial)
        return trial


DRILLS: dict[str, Drill] = {}


def drill(
    name: str, *, seconds: float, short: float, cannot: Callable[[], str] = no_reason
) -> Callable[[Callable[[Trial], None]], Callable[[Trial], None]]:
    """Enter a drill in the list of them."""

    def enter(run: Callable[[Trial], None]) -> Callable[[Trial], None]:
        DRILLS[name] = Drill(name, run, seconds, short, cannot)
        return run

    return enter
