"""A whole run: corpora are made, measured one after the other, and written down."""

import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tqdm import tqdm

from newsdesk.bench import databases, measure, processes, report, visible
from newsdesk.bench.databases import Shelf
from newsdesk.bench.measure import Options
from newsdesk.bench.picture import picture


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure: sizes of corpora, where they are kept; 0 leaves publications or the import out."""

    sizes: Sequence[int]
    shelves: Sequence[Shelf]
    publications: int = 5
    imported: int = 5_000
    desk: bool = True
    imported_into: int = 1_000


def run(plan: Plan, options: Options, say: Callable[[str], object]) -> dict[str, Any]:
    """The report of a run. Raises WrongAnswer where a server does not give the site's pages, Failed where one ends."""
    options.folder.mkdir(parents=True, exist_ok=True)
    options.log.write_text("")
    collect_static(options)
    found: dict[str, Any] = {"machine": machine(options), "runs": []}
    for shelf in plan.shelves:
        for size in sorted(plan.sizes):
            found["runs"].append(_corpus(shelf, size, plan, options, say))
    first = plan.shelves[0]
    if plan.publications:
        with databases.scratch(first, like=_made(first, min(plan.sizes), options)) as url:
            found["visible"] = visible.measured(url, options, plan.publications)
    if plan.imported:
        say(f"Import of {plan.imported:,} articles …")
        with databases.scratch(first) as url:
            [rate] = processes.inside("rate", plan.imported, env=options.environment(url), log=options.log)
            found["import"] = {"database": first.engine, "articles": plan.imported, **rate}
    found["growth"] = report.growth(found["runs"])
    found["goals"] = [goal.report() for goal in report.goals(found)]
    return found


def write(found: dict[str, Any], path: Path) -> list[Path]:
    """Write the figures, and beside them a drawing for each database. Returns the drawings."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    drawn = []
    for database in dict.fromkeys(run["database"] for run in found["runs"]):
        drawn.append(path.with_name(f"{path.stem}-{database}.svg"))
        drawn[-1].write_text(picture(found["runs"], database))
    return drawn


def _corpus(shelf: Shelf, size: int, plan: Plan, options: Options, say: Callable[[str], object]) -> dict[str, Any]:
    url = shelf.url(_made(shelf, size, options))
    say(f"{size:,} articles on {shelf.engine}:")
    found = {"database": shelf.engine, "articles": size, **measure.measure(url, options, say)}
    if plan.imported_into:
        [rate] = processes.inside("rate_into", plan.imported_into, env=options.environment(url), log=options.log)
        found["import"] = rate["rate"]
    if plan.desk:
        found["desk"] = list(processes.inside("desk", env=options.environment(url), log=options.log))
    return found


def _made(shelf: Shelf, size: int, options: Options) -> str:
    """The name of the corpus, which is made where it is not there."""

    def make(job: str, size: int, url: str) -> None:
        with tqdm(total=size, unit=" articles", desc=f"{shelf.engine} {size:,}", disable=None) as bar:
            for row in processes.inside(job, size, env=options.environment(url), log=options.log):
                bar.update(row.get("added", 0))

    return databases.corpus(shelf, size, make)


def collect_static(options: Options) -> None:
    """Collect static files as for production, into the bench's own folder."""
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity", "0"]
    env = options.environment("sqlite://:memory:")
    with processes.running(command, env, options.log) as process:
        if process.wait():
            raise processes.Failed(f"collectstatic: {processes.last_lines(options.log)}")


def machine(options: Options) -> dict[str, Any]:
    """What was measured on."""
    return {
        "python": platform.python_version(),
        "django": version("django"),
        "server": f"{options.server} {version(options.server)}",
        "workers": options.workers,
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "rounds": options.rounds,
        "seconds": options.seconds,
    }
