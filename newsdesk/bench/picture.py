"""A drawing of cost against size: what making a page takes in corpora of several sizes, both axes logarithmic."""

from collections.abc import Sequence
from html import escape
from math import floor, log10
from typing import Any

from newsdesk.bench.report import cost

WIDTH, HEIGHT = 800, 420
LEFT, RIGHT, TOP, BOTTOM = 72, 604, 56, 372  # of the plot
APART = 16  # between names at the ends of lines
# Pages that are drawn, with their colours on light and on dark ground (by Okabe and Ito, told apart by most eyes).
DRAWN = {
    "archive": ("#b34d00", "#f0875a"),
    "rss": ("#8a5a00", "#e6b04a"),
    "search, common word": ("#a6447d", "#dd92bd"),
    "tag, common": ("#00795a", "#3cc09a"),
    "front": ("#0064a3", "#62b4ea"),
    "article": ("#333333", "#e8e8e8"),
}

Point = tuple[float, float]  # articles, milliseconds


def picture(runs: Sequence[dict[str, Any]], database: str) -> str:
    """The drawing as SVG, for light and dark pages; of the runs on that database."""
    lines = {page: found for page in DRAWN if (found := _points(runs, database, page))}
    shares = [point for found in lines.values() for point in found]
    scale = _Scale(shares)
    parts = [*scale.grid(), *(_line(scale, number, found) for number, found in enumerate(lines.values()))]
    parts += _names(scale, lines)
    rules = [f".c{number} {{ --c: {DRAWN[page][0]} }}" for number, page in enumerate(lines)]
    dark = [f".c{number} {{ --c: {DRAWN[page][1]} }}" for number, page in enumerate(lines)]
    return _SVG.format(
        width=WIDTH, height=HEIGHT, rules=" ".join(rules), dark=" ".join(dark), body="\n".join(parts),
        title=escape(f"What making a page costs, by number of articles ({database})"), left=LEFT,
    )  # fmt: skip


def _points(runs: Sequence[dict[str, Any]], database: str, page: str) -> list[Point]:
    return sorted(
        (run["articles"], cost(row["made"]))
        for run in runs
        for row in run["pages"]
        if run["database"] == database and row["page"] == page and cost(row["made"])
    )


class _Scale:
    """From articles and milliseconds to places in the drawing."""

    def __init__(self, points: Sequence[Point]) -> None:
        sizes, costs = zip(*points, strict=True) if points else ((1,), (1,))
        self.sizes = sorted(set(sizes))
        self.low, self.high = floor(log10(min(costs))), floor(log10(max(costs))) + 1

    def x(self, size: float) -> float:
        first, last = log10(self.sizes[0]), log10(self.sizes[-1])
        return LEFT + 16 + (RIGHT - LEFT - 32) * ((log10(size) - first) / (last - first) if last > first else 0.5)

    def y(self, milliseconds: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (log10(milliseconds) - self.low) / (self.high - self.low)

    def grid(self) -> list[str]:
        lines = []
        for power in range(self.low, self.high + 1):
            y = self.y(10**power)
            lines.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{RIGHT}"/>')
            lines.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10**power:g} ms</text>')
        for size in self.sizes:
            lines.append(f'<text x="{self.x(size):.1f}" y="{BOTTOM + 22}" text-anchor="middle">{size:,}</text>')
        return [*lines, f'<text x="{(LEFT + RIGHT) / 2}" y="{BOTTOM + 42}" text-anchor="middle">articles</text>']


def _line(scale: _Scale, number: int, points: Sequence[Point]) -> str:
    places = [(scale.x(size), scale.y(milliseconds)) for size, milliseconds in points]
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in places)
    return f'<g class="c{number}"><polyline points="{way}"/>{dots}</g>'


def _names(scale: _Scale, lines: dict[str, list[Point]]) -> list[str]:
    """The name of each line at its end, with its last figure; none upon another."""
    ends = sorted((scale.y(points[-1][1]), number, page) for number, (page, points) in enumerate(lines.items()))
    parts, lowest = [], float("-inf")
    for y, number, page in ends:
        lowest = max(y, lowest + APART)
        name = escape(f"{page} {lines[page][-1][1]:.3g}")
        parts.append(f'<text class="c{number} name" x="{RIGHT + 8}" y="{lowest + 4:.1f}">{name}</text>')
    return parts


_SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="t">
<title id="t">{title}</title>
<style>
svg {{ background: #fff; font: 13px system-ui, sans-serif }}
text {{ fill: #444 }} .head {{ fill: #111; font-size: 15px; font-weight: 600 }} .grid {{ stroke: #ddd; fill: none }}
polyline {{ fill: none; stroke: var(--c); stroke-width: 2 }} circle, .name {{ fill: var(--c) }}
{rules}
@media (prefers-color-scheme: dark) {{
svg {{ background: #16181b }} text {{ fill: #b8bcc2 }} .head {{ fill: #f2f2f2 }} .grid {{ stroke: #34383d }}
circle, .name {{ fill: var(--c) }}
{dark}
}}
</style>
<text class="head" x="{left}" y="28">{title}</text>
{body}
</svg>
"""
