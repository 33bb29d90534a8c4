"""A canvas for pictures of cut paper: flat shapes, soft shadows between the layers, the grain of paper over all.

Positions and lengths are in pixels of the finished picture, y downwards. Everything is drawn larger and made smaller at
the end, which smooths the edges. Chance comes from a seed alone: the same script draws the same picture.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from math import cos, pi, radians, sin
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Point = tuple[float, float]
Colour = str

# Paper, ink and one accent; the rest is what lies between them.
PAPER, CREAM, SAND, CLAY, STONE = "#f5eee2", "#eadfce", "#d8cab5", "#bba88f", "#8f8273"
MIST, FOG, SLATE, DUSK, NIGHT, INK = "#ccd3d1", "#a5b2b4", "#6f7f87", "#475762", "#2a3641", "#1c232a"
RED, BRICK, CORAL, BLUSH, LAMP, AMBER = "#cf3f28", "#a5311f", "#e2775c", "#f0bda6", "#fbe6b4", "#f0bd62"

COARSER = 4  # how much smaller a shadow is drawn: it is blurred anyway


class Canvas:
    """A picture in the making. The later shape lies on top."""

    def __init__(self, width: int, height: int, ground: Colour, seed: int, *, finer: int = 2) -> None:
        self.width, self.height, self.random = width, height, Random(seed)  # noqa: S311  # a drawing, not a secret
        self.finer = finer  # how many times larger than the finished picture it is drawn
        self.image = Image.new("RGB", (width * finer, height * finer), ground)
        self._brush = ImageDraw.Draw(self.image)

    def sky(self, *colours: Colour, top: float = 0, bottom: float | None = None) -> None:
        """A fade from colour to colour downwards, at even distances, between two heights."""
        height = round((bottom or self.height) - top)
        column = Image.new("RGB", (1, len(colours)))
        for row, colour in enumerate(colours):
            column.paste(colour, (0, row, 1, row + 1))
        reach = (0, 0.5, 1, len(colours) - 0.5)  # from the middle of the first colour to the middle of the last
        fade = column.resize((1, height * self.finer), Image.Resampling.BILINEAR, box=reach)
        self.image.paste(fade.resize((self.image.width, height * self.finer)), (0, round(top * self.finer)))

    def shape(self, points: Iterable[Point], colour: Colour, *, shadow: float = 0) -> None:
        """A filled polygon; `shadow` is how far it stands off what lies below, in pixels."""
        corners = list(points)
        if shadow:
            self._stencil([(x, y + shadow * 0.4) for x, y in corners], INK, 0.34, shadow)
        self._brush.polygon([(x * self.finer, y * self.finer) for x, y in corners], fill=colour)

    def box(self, x: float, y: float, width: float, height: float, colour: Colour, *, round_: float = 0) -> None:
        """A rectangle by its upper left corner; `round_` is the radius of its corners."""
        frame = tuple(part * self.finer for part in (x, y, x + width, y + height))
        self._brush.rounded_rectangle(frame, radius=round_ * self.finer, fill=colour)

    def card(self, x: float, y: float, width: float, height: float, colour: Colour, shadow: float = 5) -> None:
        """A rectangle that stands off the layer below."""
        self.shape([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], colour, shadow=shadow)

    def disc(self, x: float, y: float, radius: float, colour: Colour, flat: float = 1) -> None:
        """A disc around a point; `flat` presses it down to an ellipse."""
        frame = (
            (x - radius) * self.finer,
            (y - radius * flat) * self.finer,
            (x + radius) * self.finer,
            (y + radius * flat) * self.finer,
        )
        self._brush.ellipse(frame, fill=colour)

    def stroke(self, points: Sequence[Point], colour: Colour, width: float = 3) -> None:
        """A line through points."""
        self._brush.line(
            [(x * self.finer, y * self.finer) for x, y in points],
            fill=colour,
            width=max(1, round(width * self.finer)),
            joint="curve",
        )

    def bow(self, x: float, y: float, radius: float, start: float, end: float, colour: Colour, width: float) -> None:
        """A part of a circle's line, from one angle to another in degrees, clockwise from three o'clock."""
        frame = tuple(part * self.finer for part in (x - radius, y - radius, x + radius, y + radius))
        self._brush.arc(frame, start, end, fill=colour, width=max(1, round(width * self.finer)))

    def glow(self, x: float, y: float, radius: float, colour: Colour = LAMP, strength: float = 0.6) -> None:
        """Light around a lamp, fading outwards."""
        side = round(radius * 2 * self.finer)
        mask = _halo().resize((side, side)).point(lambda value: round(value * strength))
        self.image.paste(colour, (round((x - radius) * self.finer), round((y - radius) * self.finer)), mask)

    def veil(self, points: Iterable[Point], colour: Colour, strength: float, soft: float = 0) -> None:
        """A polygon that lets through what lies below; `soft` blurs its edge."""
        self._stencil(list(points), colour, strength, soft)

    def ridge(self, height: float, swing: float, colour: Colour, *, wave: float = 700, shadow: float = 7) -> None:
        """Hills from edge to edge: their middle height, how far they swing, how long a hill is."""
        phases = [self.random.uniform(0, 2 * pi) for _ in range(3)]
        top = [
            (
                x,
                height
                - swing * sum(sin(x * 2 * pi * n / wave + p) / n for n, p in zip((1, 2, 5), phases, strict=True)),
            )
            for x in range(-20, self.width + 40, 10)
        ]
        self.shape([*top, (self.width + 40, self.height + 20), (-20, self.height + 20)], colour, shadow=shadow)

    def waves(self, height: float, colour: Colour, *, swing: float = 7, wave: float = 130, shadow: float = 5) -> None:
        """A sheet of water with a scalloped edge, down to the bottom."""
        start = self.random.uniform(0, wave)
        top = [(x, height - swing * abs(sin((x + start) * pi / wave))) for x in range(-10, self.width + 20, 5)]
        self.shape([*top, (self.width + 20, self.height + 20), (-10, self.height + 20)], colour, shadow=shadow)

    def finish(self, *, grain: bool = True) -> Image.Image:
        """The picture at its size, on paper."""
        small = self.image.resize((self.width, self.height), Image.Resampling.LANCZOS)
        return ImageChops.multiply(small, _paper(self.width, self.height)) if grain else small

    def _stencil(self, points: list[Point], colour: Colour, strength: float, soft: float) -> None:
        """Let a colour through a polygon with soft edges. Only the part of the picture that it touches is worked on."""
        margin = soft * 2.5 + COARSER
        left, right = _span([x for x, _ in points], margin, self.width)
        top, bottom = _span([y for _, y in points], margin, self.height)
        if right <= left or bottom <= top:
            return
        mask = Image.new("L", ((right - left) // COARSER, (bottom - top) // COARSER))
        corners = [((x - left) / COARSER, (y - top) / COARSER) for x, y in points]
        ImageDraw.Draw(mask).polygon(corners, fill=round(255 * strength))
        blurred = mask.filter(ImageFilter.GaussianBlur(soft / COARSER)) if soft else mask
        place = (left * self.finer, top * self.finer, right * self.finer, bottom * self.finer)
        size = (place[2] - place[0], place[3] - place[1])
        self.image.paste(colour, place, blurred.resize(size, Image.Resampling.BILINEAR))


def _span(values: list[float], margin: float, limit: int) -> tuple[int, int]:
    """From where to where a shape reaches along one side of the picture, in whole pixels of a mask."""
    lowest = int(max(0, min(values) - margin)) // COARSER * COARSER
    return lowest, min(limit, -(-int(max(values) + margin) // COARSER) * COARSER)


def around(x: float, y: float, radius: float, angle: float) -> Point:
    """The point at a distance and an angle in degrees, clockwise from three o'clock."""
    return x + radius * cos(radians(angle)), y + radius * sin(radians(angle))


def curve(*through: Point, steps: int = 24) -> list[Point]:
    """A smooth line through points (Catmull and Rom, 1974)."""
    ends = [through[0], *through, through[-1]]
    found: list[Point] = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        found += [
            (_between(a[0], b[0], c[0], d[0], t / steps), _between(a[1], b[1], c[1], d[1], t / steps))
            for t in range(steps)
        ]
    return [*found, through[-1]]


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


@cache
def _halo() -> Image.Image:
    side = 256
    fade = Image.radial_gradient("L")  # 0 in the middle, 255 in the corners
    return fade.point(lambda value: round(255 * max(0.0, 1 - value * 1.42 / 255) ** 2.2)).resize((side, side))


@cache
def _paper(width: int, height: int) -> Image.Image:
    """What paper does to colours laid on it: fine grain and slow clouds."""
    chance = Random(20261123)  # noqa: S311  # texture, not a secret
    grain = Image.frombytes("L", (width // 2, height // 2), chance.randbytes((width // 2) * (height // 2)))
    clouds = Image.frombytes("L", (width // 40, height // 40), chance.randbytes((width // 40) * (height // 40)))
    fine = grain.resize((width, height), Image.Resampling.BICUBIC).point(lambda value: 246 + value * 9 // 255)
    slow = clouds.resize((width, height), Image.Resampling.BICUBIC).point(lambda value: 249 + value * 6 // 255)
    return ImageChops.multiply(fine, slow).convert("RGB")
