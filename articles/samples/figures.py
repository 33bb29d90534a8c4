"""What more than one picture shows: people, houses, trees, boats, birds, stars."""

from articles.samples.canvas import BRICK, CREAM, DUSK, INK, LAMP, NIGHT, PAPER, RED, Canvas, Colour, around


def person(canvas: Canvas, x: float, feet: float, tall: float, coat: Colour, hair: Colour = INK) -> None:
    """Somebody standing."""
    head, wide = tall * 0.11, tall * 0.17
    canvas.box(x - wide * 0.55, feet - tall * 0.42, wide * 0.48, tall * 0.42, NIGHT)
    canvas.box(x + wide * 0.07, feet - tall * 0.42, wide * 0.48, tall * 0.42, NIGHT)
    canvas.box(x - wide, feet - tall * 0.8, wide * 2, tall * 0.48, coat, round_=wide * 0.7)
    canvas.disc(x, feet - tall * 0.89, head, "#e5bd9c")
    canvas.shape([around(x, feet - tall * 0.9, head * 1.12, angle) for angle in range(180, 361, 12)], hair)


def house(
    canvas: Canvas, x: float, ground: float, wide: float, tall: float, wall: Colour, roof: Colour = NIGHT
) -> None:
    """A house with a gable, one window lit."""
    canvas.card(x, ground - tall, wide, tall, wall, shadow=4)
    gable = [
        (x - wide * 0.1, ground - tall),
        (x + wide / 2, ground - tall - wide * 0.42),
        (x + wide * 1.1, ground - tall),
    ]
    canvas.shape(gable, roof)
    canvas.box(x + wide * 0.18, ground - tall * 0.72, wide * 0.24, tall * 0.3, LAMP)
    canvas.box(x + wide * 0.6, ground - tall * 0.62, wide * 0.22, tall * 0.62, roof)


def town(canvas: Canvas, left: float, right: float, ground: float, size: float = 44) -> None:
    """A row of houses along a shore."""
    x = left
    while x < right:
        wide = size * canvas.random.uniform(0.8, 1.5)
        wall = canvas.random.choice((CREAM, PAPER, "#c9bba6", "#b3b4ad"))
        house(
            canvas,
            x,
            ground,
            wide,
            size * canvas.random.uniform(0.7, 1.3),
            wall,
            canvas.random.choice((NIGHT, DUSK, BRICK)),
        )
        x += wide * 1.12


def pine(canvas: Canvas, x: float, ground: float, tall: float, colour: Colour) -> None:
    """A pine of three tiers."""
    canvas.box(x - tall * 0.03, ground - tall * 0.2, tall * 0.06, tall * 0.25, INK)
    for tier in range(3):
        low, wide = ground - tall * (0.14 + tier * 0.25), tall * (0.27 - tier * 0.06)
        canvas.shape([(x - wide, low), (x, low - tall * 0.42), (x + wide, low)], colour)


def tree(canvas: Canvas, x: float, ground: float, tall: float, colour: Colour) -> None:
    """A round tree."""
    canvas.box(x - tall * 0.035, ground - tall * 0.5, tall * 0.07, tall * 0.5, INK)
    for dx, dy, radius in ((0, 0.72, 0.28), (-0.19, 0.58, 0.2), (0.19, 0.6, 0.21)):
        canvas.disc(x + dx * tall, ground - dy * tall, radius * tall, colour)


def boat(canvas: Canvas, x: float, water: float, long: float, hull: Colour, band: Colour = RED) -> None:
    """A small fishing boat."""
    top = water - long * 0.16
    canvas.shape(
        [(x, top), (x + long, top - long * 0.06), (x + long * 0.86, water), (x + long * 0.12, water)], hull, shadow=4
    )
    canvas.shape(
        [
            (x, top),
            (x + long, top - long * 0.06),
            (x + long * 0.975, top + long * 0.01),
            (x + long * 0.03, top + long * 0.05),
        ],
        band,
    )
    canvas.box(x + long * 0.3, top - long * 0.2, long * 0.24, long * 0.2, PAPER)
    canvas.box(x + long * 0.34, top - long * 0.16, long * 0.16, long * 0.07, DUSK)
    canvas.stroke([(x + long * 0.62, top), (x + long * 0.62, top - long * 0.5)], INK, 3)


def gulls(canvas: Canvas, *places: tuple[float, float, float], colour: Colour = PAPER) -> None:
    """Gulls far off: x, y and span of each."""
    for x, y, span in places:
        canvas.bow(x - span / 2, y + span * 0.28, span / 2, 215, 325, colour, span * 0.08)
        canvas.bow(x + span / 2 - span * 0.16, y + span * 0.28, span / 2, 215, 325, colour, span * 0.08)


def stars(canvas: Canvas, count: int, lowest: float, colour: Colour = PAPER) -> None:
    """Stars above a height, few large and many small."""
    for _ in range(count):
        radius = canvas.random.choice((0.8, 0.8, 1.2, 1.2, 1.7, 2.4))
        canvas.disc(canvas.random.uniform(0, canvas.width), canvas.random.uniform(0, lowest), radius, colour)


def glints(canvas: Canvas, x: float, top: float, bottom: float, colour: Colour, wide: float = 60) -> None:
    """A light's reflection on water: short strokes below one another."""
    y = top
    while y < bottom:
        half = wide * canvas.random.uniform(0.25, 1) / 2
        shift = canvas.random.uniform(-0.25, 0.25) * wide
        canvas.box(x + shift - half, y, half * 2, 3.4, colour, round_=1.7)
        y += canvas.random.uniform(9, 17)
