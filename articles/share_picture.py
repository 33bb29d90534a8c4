"""The picture of an article that is shown where its address is shared: its title, set in type, and the site's name.

Pure: texts in, a PNG out, the same bytes for the same texts on every machine. The font comes with a package.
"""

from functools import lru_cache
from io import BytesIO

import pylopdf_fonts_jp
from PIL import Image, ImageColor, ImageDraw, ImageFont

from articles.typesetting import balanced, cut, in_lines, measured, phrases, placed

SIZE = (1200, 630)  # pixels: what social sites show uncut (ogp.me; X and Facebook ask for 1.91:1)
MOST_LETTERS = 300  # of a title that are looked at; four lines hold fewer
MOST_LINES = 4

# As in tokens.css, by day; the seal as in seal.svg.
PAPER, INK, INK_SOFT, RULE, SHU = "#faf6ec", "#211c16", "#5f564a", "#ddd2bd", "#b5321b"
SEAL, SEAL_LINE = "#bf3a21", "#fdf8ef"
SEAL_STROKES = (  # 問, in a square of 64
    ((14, 53), (14, 13), (28, 13), (28, 30), (14, 30)),
    ((14, 21.5), (28, 21.5)),
    ((50, 53), (50, 13), (36, 13), (36, 30), (50, 30)),
    ((36, 21.5), (50, 21.5)),
    ((25.5, 38), (38.5, 38), (38.5, 49), (25.5, 49), (25.5, 38)),
)
SEAL_STROKE = 4.2

MARGIN = 80
BAR = 15
TITLE = (BAR, 494)  # from where to where the title's room reaches
TITLE_SIZES = (92, 84, 76, 68, 60, 54)  # of letters; the largest in which the title has room
LEADING = 1.36  # from line to line, in em
NAME_SIZE = 34
SEAL_SIZE = 72
WEIGHT = 0.011  # em by which strokes are made heavier on each side: pictures are shown small
# Every colour there is, with how many steps lie between two where the edges of letters and lines are smooth.
RAMPS = ((PAPER, INK, 64), (PAPER, INK_SOFT, 24), (PAPER, SEAL, 16), (SEAL, SEAL_LINE, 16), (RULE, SHU, 2))


def drawn(title: str, site: str) -> bytes:
    """The picture, as PNG. Signs that the font does not have are left out; a title that is too long ends in ….

    Where nothing is left of a title, the site's name stands for it.
    """
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE[0], BAR - 1), fill=SHU)
    _write_title(draw, _known(title) or _known(site))
    draw.rectangle((MARGIN, TITLE[1], SIZE[0] - MARGIN - 1, TITLE[1] + 1), fill=RULE)
    middle = (TITLE[1] + SIZE[1]) // 2
    image.paste(_seal(SEAL_SIZE), (MARGIN, middle - SEAL_SIZE // 2))
    _write_name(draw, _known(site), MARGIN + SEAL_SIZE + 22, middle)
    out = BytesIO()
    image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


def _known(text: str) -> str:
    """What the font has of the beginning of a text, with single spaces."""
    known = "".join(letter if _has(letter) else " " * letter.isspace() for letter in text[:MOST_LETTERS])
    return " ".join(known.split()) + "…" * (len(text) > MOST_LETTERS)


def _write_title(draw: ImageDraw.ImageDraw, title: str) -> None:
    size, lines = _set(title)
    step = size * LEADING
    middle = (TITLE[0] + TITLE[1]) / 2
    for number, line in enumerate(lines):
        _write(draw, line, MARGIN, middle + step * (number - (len(lines) - 1) / 2), size, INK)


def _set(title: str) -> tuple[int, list[str]]:
    """The largest size in which the title has room and no phrase is taken apart, or else the smallest; its lines."""
    parts, room = phrases(title), SIZE[0] - 2 * MARGIN
    widest = max((measured(part, _advance) for part in parts), default=0)
    for size in TITLE_SIZES:
        most = min(MOST_LINES, int((TITLE[1] - TITLE[0] - MARGIN) / (size * LEADING)))
        if widest <= room / size and len(in_lines(parts, room / size, _advance)) <= most:
            return size, balanced(parts, room / size, _advance)
    return size, cut(in_lines(parts, room / size, _advance), MOST_LINES, room / size, _advance)


def _write_name(draw: ImageDraw.ImageDraw, site: str, left: int, middle: float) -> None:
    room = (SIZE[0] - MARGIN - left) / NAME_SIZE
    for line in cut(in_lines(phrases(site), room, _advance), 1, room, _advance):
        _write(draw, line, left, middle, NAME_SIZE, INK_SOFT)


def _write(draw: ImageDraw.ImageDraw, line: str, left: float, middle: float, size: int, colour: str) -> None:
    """A line of letters about a height."""
    base = middle + size * 0.38  # the baseline: a square letter reaches 0.88 em above it and 0.12 below
    for at, letter in placed(line, _advance):
        draw.text((left + at * size, base), letter, colour, _font(size), "ls", stroke_width=size * WEIGHT)


def _seal(side: int, finer: int = 4) -> Image.Image:
    """The site's seal on paper."""
    scale = side * finer / 64
    seal = Image.new("RGB", (side * finer, side * finer), PAPER)
    draw = ImageDraw.Draw(seal)
    draw.rounded_rectangle([part * scale for part in (3, 3, 61, 61)], 6 * scale, SEAL)
    for stroke in SEAL_STROKES:
        corners = [(x * scale, y * scale) for x, y in stroke]
        draw.line(corners, SEAL_LINE, round(SEAL_STROKE * scale))
        for x, y in corners:
            draw.circle((x, y), SEAL_STROKE / 2 * scale, SEAL_LINE)
    return seal.resize((side, side), Image.Resampling.LANCZOS)


@lru_cache(maxsize=1)
def _palette() -> Image.Image:
    """The colours of the picture, as Pillow wants them: with so few, it takes a third of the bytes."""
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for ramp in RAMPS for colour in _ramp(*ramp) for part in colour])
    return palette


def _ramp(first: str, last: str, steps: int) -> list[list[int]]:
    ends = zip(ImageColor.getrgb(first), ImageColor.getrgb(last), strict=True)
    parts = [[round(start + (end - start) * step / (steps - 1)) for step in range(steps)] for start, end in ends]
    return [list(colour) for colour in zip(*parts, strict=True)]


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    """The font. Laid out by Pillow itself: Raqm is not on every machine, and would set otherwise."""
    return ImageFont.truetype(pylopdf_fonts_jp.serif_path(), size, layout_engine=ImageFont.Layout.BASIC)


MEASURED_AT = 1000  # pixels, so that rounding to whole ones does not tell


@lru_cache(maxsize=8192)
def _advance(letter: str) -> float:
    return _font(MEASURED_AT).getlength(letter) / MEASURED_AT


@lru_cache(maxsize=8192)
def _has(letter: str) -> bool:
    """Whether the font has a sign for it: what it has not, it shows as it shows a code that means nothing."""
    return _shape(letter) != _shape("\U0010ffff")


def _shape(letter: str) -> bytes:
    return bytes(_font(NAME_SIZE).getmask(letter))
