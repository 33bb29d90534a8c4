"""Draws the publication's sign, the seal of static/img/seal.svg, as the pictures that programs take for it.

By hand: python -m articles.samples.sign static/img. A newsroom puts its own in their place (docs/operating.md).
"""

import sys
from pathlib import Path

from PIL import Image, ImageDraw

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

# Sides in pixels. The logo: SmartNews wants it 100 high, and at most 700 wide.
SEALS = {"logo.png": 100, "icon-192.png": 192, "icon-512.png": 512}
# Sides, and how much of them the seal takes, where systems cut the picture to a form of their own: Apple's rounds the
# corners; a maskable icon may lose everything beyond a circle of 0.8 of the side (W3C, Web Application Manifest).
FILLED = {"icon-180.png": (180, 0.9), "icon-maskable.png": (512, 0.8)}
FAVICON = (48, 32, 16)


def draw(folder: Path) -> None:
    """Draw all of them. Always the same pictures."""
    for name, side in SEALS.items():
        seal(side).save(folder / name, optimize=True)
    for name, (side, share) in FILLED.items():
        filled(side, share).save(folder / name, optimize=True)
    largest, *others = map(seal, FAVICON)
    largest.save(folder / "favicon.ico", append_images=others, sizes=[(side, side) for side in FAVICON])


def seal(side: int) -> Image.Image:
    """The seal on nothing, so that it stands on light and dark grounds."""
    scale = side * FINER / UNITS
    image = Image.new("RGBA", (side * FINER, side * FINER), f"{RED}00")
    ImageDraw.Draw(image).polygon([(x * scale, y * scale) for x, y in EDGE], fill=RED)
    return _written(image, scale).resize((side, side), Image.Resampling.LANCZOS)


def filled(side: int, share: float) -> Image.Image:
    """What the seal says in the middle of a ground of its red, which reaches every edge."""
    image = Image.new("RGB", (side * FINER, side * FINER), RED)
    return _written(image, side * FINER * share / UNITS).resize((side, side), Image.Resampling.LANCZOS)


def _written(image: Image.Image, scale: float) -> Image.Image:
    """The picture with the strokes in its middle, `scale` pixels to a unit."""
    brush, margin = ImageDraw.Draw(image), (image.width - UNITS * scale) / 2
    half = WIDTH * scale / 2
    for stroke in STROKES:
        points = [(margin + x * scale, margin + y * scale) for x, y in stroke]
        brush.line(points, fill=PAPER, width=round(2 * half), joint="curve")
        for x, y in points:
            brush.ellipse((x - half, y - half, x + half, y + half), fill=PAPER)
    return image


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
