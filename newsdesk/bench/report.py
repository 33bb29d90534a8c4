"""What the figures say: ratios, growth, the goals and whether they are met, and tables for a person to read."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

Row = dict[str, Any]  # a page as `measure` reports it
Run = dict[str, Any]  # {database, articles, pages: [Row], memory}

MAIN = ("article", "article, one", "front", "tag, common", "rss")  # what most readers and programs ask for


def cost(figures: dict[str, float]) -> float:
    """CPU milliseconds of a request, of the server and of the database."""
    return figures["cpu"] + figures["database_cpu"]


def share(row: Row, kind: str, of: str = "bare") -> float | None:
    """How much of the anchor's speed a page has, by CPU: 1 is as cheap, 0.5 costs twice as much. None: not measured.

    Nothing where the clock of the processes, which counts 10 ms, saw no time at all.
    """
    if kind not in row or of not in row or not (spent := cost(row[kind])):
        return None
    return cost(row[of]) / spent


def rate_share(row: Row, kind: str, of: str = "bare") -> float | None:
    """The same by requests a second: what the goals are about, though the client and other work bear on it."""
    return row[kind]["per_second"] / row[of]["per_second"] if kind in row and of in row else None


def growth(runs: Iterable[Run], kind: str = "cold") -> dict[str, dict[str, float]]:
    """By database and page, how many times as much a page costs in the largest corpus as in the smallest.

    Reckoned out is by how much the machine was slower or faster meanwhile, as the bare views tell: the middle of all.
    """
    grown: dict[str, dict[str, float]] = {}
    for database, found in _by_database(runs).items():
        small, large = _costs(found[0], kind), _costs(found[-1], kind)
        if len(found) > 1:
            before, after = _costs(found[0], "bare"), _costs(found[-1], "bare")
            slower = median(after[page] / before[page] for page in before if page in after)
            grown[database] = {page: large[page] / small[page] / slower for page in small if page in large}
    return grown


def _by_database(runs: Iterable[Run]) -> dict[str, list[Run]]:
    found: dict[str, list[Run]] = {}
    for run in sorted(runs, key=lambda run: run["articles"]):
        found.setdefault(run["database"], []).append(run)
    return found


def _costs(run: Run, kind: str) -> dict[str, float]:
    """What pages cost; without those at which the clock of the processes, which counts 10 ms, saw no time at all."""
    return {row["page"]: spent for row in run["pages"] if kind in row and (spent := cost(row[kind]))}


# Goals


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal, the figure that is furthest from it, and where that was; no figure where nothing was measured."""

    name: str
    limit: float
    least: bool  # whether the limit is the least, not the most, that a figure may be
    figure: float | None
    where: str

    @property
    def met(self) -> bool | None:
        if self.figure is None:
            return None
        return self.figure >= self.limit if self.least else self.figure <= self.limit

    def report(self) -> dict[str, Any]:
        return {**asdict(self), "met": self.met}


Figures = Iterable[tuple[float | None, str]]


def goals(report: dict[str, Any]) -> list[Goal]:
    """The goals of the site's speed, each with the worst that was measured."""
    runs: list[Run] = report["runs"]

    def shares(kind: str, pages: tuple[str, ...], of: str = "bare") -> Figures:
        return _of_pages(runs, lambda row: rate_share(row, kind, of), lambda page: page in pages)

    grown = (
        (value, f"{page}, {database}") for database, pages in report["growth"].items() for page, value in pages.items()
    )
    memory = ((each["pss"], _place(run)) for run in runs for each in run["memory"])
    visible = report.get("visible")
    kept_up = (
        (found[-1]["import"] / found[0]["import"], _place(found[-1]))
        for found in _by_database(run for run in runs if "import" in run).values()
        if len(found) > 1
    )
    return [
        _least("warm, of the bare view", 1.0, shares("warm", MAIN)),
        _least("304, of the bare view", 1.0, shares("unchanged", MAIN)),
        _least("behind nginx, of nginx with files", 0.9, shares("nginx", MAIN, "static")),
        _least("cold article, of the bare view", 0.30, shares("cold", ("article",))),
        _least("cold front and tag page, of the bare view", 0.20, shares("cold", ("front", "tag, common"))),
        _most("queries of these", 4, _of_pages(runs, lambda row: row["queries"], lambda page: page in MAIN)),
        _most("growth from the smallest corpus to the largest", 1.3, grown),
        _most("search, p99 in ms", 100, _of_pages(runs, lambda row: row["made"]["p99"], lambda page: "search" in page)),
        _least("import into the largest corpus, of the rate into the smallest", 0.9, kept_up),
        _most("memory of a process, MB", 150, memory),
        _most("publish to visible, s", 1.0, [(visible["most"], "front page and article")] if visible else []),
    ]


def _of_pages(runs: list[Run], figure: Callable[[Row], float | None], chosen: Callable[[str], bool]) -> Figures:
    return [
        (figure(row), f"{row['page']}, {_place(run)}") for run in runs for row in run["pages"] if chosen(row["page"])
    ]


def _place(run: Run) -> str:
    return f"{run['database']} {run['articles']:,}"


def _least(name: str, limit: float, found: Figures) -> Goal:
    return Goal(name, limit, True, *min(_measured(found), default=(None, "")))


def _most(name: str, limit: float, found: Figures) -> Goal:
    return Goal(name, limit, False, *max(_measured(found), default=(None, "")))


def _measured(found: Figures) -> Iterator[tuple[float, str]]:
    return ((figure, where) for figure, where in found if figure is not None)


# Tables


def text(report: dict[str, Any]) -> str:
    """The figures for a person to read: ratios first."""
    parts = [line for run in report["runs"] for line in _run_lines(run)]
    for database, pages in report["growth"].items():
        made = growth(report["runs"], "made")[database]
        parts += ["", f"Growth on {database}, cost in the largest corpus ÷ in the smallest:     cold  made"]
        parts += [f"  {page:<60} {value:5.2f} {made.get(page, 0):5.2f}" for page, value in pages.items()]
    parts += ["", *_desk_lines(report), *_other_lines(report), "", "Goals:"]
    return "\n".join([*parts, *map(_goal_line, goals(report))]).lstrip("\n")


def _run_lines(run: Run) -> Iterator[str]:
    yield ""
    yield f"{run['articles']:,} articles on {run['database']}. Speed of the bare view, by CPU (by requests a second):"
    yield f"  {'page':<20}{'warm':>17}{'304':>17}{'cold':>17}{'made':>17} " + _heads(
        "made cold warm bare first p50 p99 bytes SQL"
    )
    for row in run["pages"]:
        ratios = "".join(_ratio(row, kind) for kind in ("warm", "unchanged", "cold", "made"))
        made, cold, warm, bare = (cost(row[kind]) for kind in ("made", "cold", "warm", "bare"))
        yield (
            f"  {row['page']:<20}{ratios} {made:>8.2f}{cold:>8.3f}{warm:>8.3f}{bare:>8.3f}{row['first']['p50']:>8.0f}"
            f"{row['made']['p50']:>8.0f}{row['made']['p99']:>8.0f}{row['bytes']:>8,}{row['queries']:>8}"
        )
    anchors = [line for row in run["pages"] for line in _anchor_lines(row)]
    yield from ["  Anchors, requests a second [CPU ms]:", *anchors] if anchors else []
    sizes = ", ".join(f"{each['pss']:.0f}/{each['rss']:.0f}" for each in run["memory"])
    yield f"  Memory of the site’s processes, MB PSS/RSS: {sizes}"


def _heads(names: str) -> str:
    return "".join(f"{name:>8}" for name in names.split())


def _ratio(row: Row, kind: str) -> str:
    by_cpu, by_rate = share(row, kind), rate_share(row, kind)
    found = "–" if by_cpu is None or by_rate is None else f"{_short(by_cpu)} ({_short(by_rate)})"
    return f"{found:>17}"


def _short(ratio: float) -> str:
    """Two digits that say something, whatever the size."""
    return f"{ratio:.1f}" if ratio >= 10 else f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.2g}"


def _anchor_lines(row: Row) -> Iterator[str]:
    names = {
        "static": "nginx, file",
        "nginx": "nginx before the site",
        "bare": "bare view",
        "site_cache": "Django’s cache",
    }
    if "site_cache" in row:
        shown = {label: row[kind] for kind, label in {**names, "warm": "site"}.items() if kind in row}
        figures = (f"{label} {found['per_second']:,.0f} [{found['cpu']:.3f}]" for label, found in shown.items())
        yield f"    {row['page']:<20} {', '.join(figures)}"


def _desk_lines(report: dict[str, Any]) -> Iterator[str]:
    for run in report["runs"]:
        found = ", ".join(f"{each['page']} {each['cpu']:.0f} ms, {each['queries']} SQL" for each in run.get("desk", []))
        if found:
            yield f"{_place(run)}: {found}"
        if "import" in run:
            yield f"{_place(run)}: import of more, {run['import']:.0f} articles a second"


def _other_lines(report: dict[str, Any]) -> Iterator[str]:
    if visible := report.get("visible"):
        yield (
            f"Publish to visible: {visible['most']:.2f} s at most, in {visible['times']} publications and "
            f"{visible['processes']} processes."
        )
    if rate := report.get("import"):
        yield (
            f"Import of {rate['articles']:,} articles: {rate['first']:.0f} a second in the first tenth, "
            f"{rate['last']:.0f} in the last."
        )


def _goal_line(goal: Goal) -> str:
    mark = {True: "[x]", False: "[ ]", None: "[?]"}[goal.met]
    figure = "not measured" if goal.figure is None else f"{_short(goal.figure)} ({goal.where})"
    return f"  {mark} {goal.name}: {'≥' if goal.least else '≤'} {goal.limit:g}; {figure}"
