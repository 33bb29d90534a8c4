"""Draws the publication's sign, the seal of static/img/seal.svg, as a picture that aggregators take for a logo.

By hand: python -m articles.samples.sign static/img/logo.png. A newsroom puts its own in its place (docs/operating.md).
"""

import sys
from pathlib import Path

from PIL import Image, ImageDraw

SIDE = 100  # pixels: SmartNews wants a logo 100 high, and at most 700 wide
FINER = 8
UNITS = 64  # of the seal's own drawing
RED, PAPER = "#bf3a21", "#fdf8ef"

EDGE = [(9, 3.5), (55.5, 3), (59.4, 4.6), (61, 8.6), (60.7, 55.4), (59.3, 59.4), (55, 61), (8.6, 60.6), (4.6, 59.2)]
EDGE += [(3, 55), (3.4, 8.9), (5.1, 5)]
# The strokes of 問, a question: the two leaves of the gate and what is asked between them.
STROKES: list[list[tuple[float, float]]] = [
    [(14, 53), (14, 13), (28, 13), (28, 30), (14, 30)],
    [(14, 21.5), (28, 21.5)],
    [(50, 53), (50, 13), (36, 13), (36, 30), (50, 30)],
    [(36, 21.5), (50, 21.5)],
    [(25.5, 38), (38.5, 38), (38.5, 49), (25.5, 49), (25.5, 38)],
]
WIDTH = 4.2


def draw(path: Path) -> None:
    """Draw it on nothing, so that it stands on light and dark grounds. Always the same bytes."""
    scale = SIDE * FINER / UNITS
    image = Image.new("RGBA", (SIDE * FINER, SIDE * FINER), f"{RED}00")
    brush = ImageDraw.Draw(image)
    brush.polygon([(x * scale, y * scale) for x, y in EDGE], fill=RED)
    for stroke in STROKES:
        points = [(x * scale, y * scale) for x, y in stroke]
        brush.line(points, fill=PAPER, width=round(WIDTH * scale), joint="curve")
        for x, y in points:
            half = WIDTH * scale / 2
            brush.ellipse((x - half, y - half, x + half, y + half), fill=PAPER)
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(path, optimize=True)


if __name__ == "__main__":
    draw(Path(sys.argv[1] if len(sys.argv) > 1 else "logo.png"))
