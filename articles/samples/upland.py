"""The pictures from the river and the mountains."""

from articles.samples.canvas import (
    AMBER,
    BRICK,
    CORAL,
    CREAM,
    DUSK,
    INK,
    LAMP,
    MIST,
    NIGHT,
    PAPER,
    RED,
    STONE,
    Canvas,
    Point,
    around,
    curve,
)
from articles.samples.figures import house, person, pine, stars


def observatory(canvas: Canvas) -> None:
    """The dome on the mountain, the stars turning around the pole."""
    canvas.sky("#1b2430", "#2a3846", "#4d5e6b", "#a58f88", "#e8ac8c", bottom=760)
    stars(canvas, 170, 520)
    for ring in range(46):
        start = canvas.random.uniform(0, 360)
        tone = RED if ring in (13, 27) else canvas.random.choice(("#5b6b77", "#8797a0", "#c3cbcc"))
        canvas.bow(
            430,
            250,
            50 + ring * 21,
            start,
            start + canvas.random.uniform(26, 62),
            tone,
            canvas.random.choice((1.4, 2, 2.6)),
        )
    canvas.disc(430, 250, 5, PAPER)
    canvas.ridge(640, 46, "#6d7480", wave=940)
    canvas.ridge(715, 44, "#48535f", wave=760)
    hill = curve((-20, 880), (400, 800), (760, 716), (960, 664), (1240, 660), (1420, 726), (1640, 800))
    canvas.shape([*hill, (1640, 920), (-20, 920)], NIGHT, shadow=12)
    _dome(canvas, 1100, 668)
    for x, ground, tall in (
        (1390, 728, 120),
        (1450, 752, 150),
        (1520, 776, 130),
        (760, 730, 110),
        (690, 744, 90),
        (120, 866, 150),
        (60, 872, 120),
    ):
        pine(canvas, x, ground, tall, "#1d2a30")
    person(canvas, 520, 800, 78, CORAL)
    person(canvas, 560, 794, 54, AMBER)
    canvas.stroke([(474, 800), (490, 752), (506, 798)], INK, 4)
    canvas.stroke([(468, 730), (512, 764)], PAPER, 9)
    canvas.waves(860, INK, swing=8, wave=260)


def _dome(canvas: Canvas, x: float, ground: float) -> None:
    canvas.glow(x, ground - 190, 340, "#f6d7b0", 0.35)
    canvas.card(x - 250, ground - 84, 190, 92, CREAM, 7)
    canvas.box(x - 258, ground - 92, 206, 12, STONE)
    for window in range(3):
        canvas.box(x - 232 + window * 56, ground - 62, 34, 32, AMBER, round_=3)
    canvas.card(x - 128, ground - 140, 256, 152, PAPER, 9)
    canvas.box(x + 52, ground - 140, 76, 152, "#ded3c1")
    canvas.shape([around(x, ground - 146, 142, angle) for angle in range(180, 361, 4)], "#fbf6ec", shadow=8)
    canvas.shape(
        [*(around(x, ground - 146, 142, angle) for angle in range(300, 361, 4)), (x + 40, ground - 146)], "#dfd6c6"
    )
    canvas.shape(
        [
            around(x, ground - 146, 143, 228),
            around(x, ground - 146, 143, 254),
            (x - 6, ground - 170),
            (x - 62, ground - 170),
        ],
        INK,
    )
    canvas.stroke([(x - 30, ground - 176), (x - 74, ground - 274)], CORAL, 20)
    canvas.box(x - 148, ground - 152, 296, 16, RED)
    canvas.box(x - 22, ground - 70, 46, 80, BRICK, round_=4)
    canvas.glow(x, ground - 92, 60)
    canvas.disc(x, ground - 92, 7, LAMP)


def flood_map(canvas: Canvas) -> None:
    """A folded map: the river, three tones of water, and one house."""
    canvas.sky("#6d6256", "#574e45")
    canvas.shape([(110, 70), (1490, 50), (1520, 830), (90, 850)], PAPER, shadow=26)
    river = curve((104, 240), (330, 330), (560, 300), (760, 420), (1000, 520), (1250, 470), (1503, 620), steps=40)
    _streets(canvas)
    for reach, tone in ((150, "#d5dedd"), (100, "#b4c5c9"), (58, "#8ba3ab")):
        canvas.shape(_banks(canvas, river, reach), tone, shadow=3)
    _houses_on_map(canvas, river)
    canvas.stroke(river, DUSK, 46)
    canvas.stroke(river, "#5b7380", 36)
    for x, tilt in ((560, 12), (1110, -10)):
        y = min(river, key=lambda point: abs(point[0] - x))[1]
        canvas.stroke([(x - tilt, y - 52), (x + tilt, y + 52)], PAPER, 18)
        canvas.stroke([(x - tilt, y - 52), (x + tilt, y + 52)], STONE, 3)
    _pin(canvas, 905, 300)
    for x in (455, 800, 1150):
        canvas.veil([(x, 40), (x + 60, 40), (x + 60, 860), (x, 860)], INK, 0.10, soft=26)
        canvas.veil([(x - 60, 40), (x, 40), (x, 860), (x - 60, 860)], "#ffffff", 0.22, soft=26)


def _banks(canvas: Canvas, river: list[Point], reach: float) -> list[Point]:
    swell = [reach * (1 + 0.28 * canvas.random.uniform(-1, 1)) for _ in range(len(river) // 30 + 2)]
    widths = [swell[i // 30] + (swell[i // 30 + 1] - swell[i // 30]) * (i % 30) / 30 for i in range(len(river))]
    above = [(x, y - wide) for (x, y), wide in zip(river, widths, strict=True)]
    below = [(x, y + wide) for (x, y), wide in zip(river, widths, strict=True)]
    return [*above, *reversed(below)]


def _streets(canvas: Canvas) -> None:
    for line in (
        ((100, 640), (520, 600), (900, 700), (1516, 760)),
        ((106, 170), (600, 150), (1000, 240), (1500, 200)),
        ((330, 66), (300, 400), (380, 845)),
        ((720, 62), (690, 400), (760, 842)),
        ((1310, 54), (1290, 400), (1360, 832)),
    ):
        canvas.stroke(curve(*line), "#d9ccb6", 20)
        canvas.stroke(curve(*line), "#fdf9f1", 14)


def _houses_on_map(canvas: Canvas, river: list[Point]) -> None:
    for row in range(11):
        for column in range(26):
            x, y = 150 + column * 52 + row % 2 * 16, 110 + row * 66 + canvas.random.uniform(-8, 8)
            gap = min(abs(x - px) + abs(y - py) for px, py in river[::12])
            if gap > 74 and canvas.random.random() < 0.62 and x < 1450:
                tone = canvas.random.choice(("#cbbca4", "#d8ccb8", "#bcae98")) if gap > 190 else "#6f8791"
                canvas.box(x, y, canvas.random.uniform(18, 30), canvas.random.uniform(16, 26), tone, round_=2)


def _pin(canvas: Canvas, x: float, y: float) -> None:
    canvas.veil([around(x + 10, y + 8, 46, angle) for angle in range(0, 360, 12)], INK, 0.35, soft=12)
    canvas.shape([*(around(x, y - 120, 74, angle) for angle in range(155, 386, 6)), (x, y)], RED, shadow=10)
    canvas.disc(x, y - 120, 52, PAPER)
    canvas.shape([(x - 36, y - 118), (x, y - 154), (x + 36, y - 118)], NIGHT)
    canvas.box(x - 25, y - 120, 50, 34, NIGHT)
    canvas.box(x - 9, y - 110, 18, 24, AMBER)


def wool_museum(canvas: Canvas) -> None:
    """The spinning mill with its saw-tooth roof; sheep, and a thread that leads to them."""
    canvas.sky("#e3e2da", "#f3eadb", "#f6dfc9", bottom=560)
    canvas.disc(300, 220, 82, CORAL)
    canvas.ridge(430, 44, MIST, wave=860)
    canvas.ridge(500, 40, "#aab3a6", wave=640)
    canvas.card(1340, 150, 60, 420, BRICK, 8)
    canvas.box(1332, 150, 76, 20, INK)
    for puff, (x, y, radius) in enumerate(((1380, 110, 26), (1424, 78, 36), (1484, 48, 48))):
        canvas.disc(x, y, radius, ("#f8f3e9", "#f1eadd", "#ebe3d5")[puff])
    _mill(canvas, 560, 600)
    canvas.shape(
        [*curve((-20, 600), (380, 580), (860, 606), (1640, 570)), (1640, 920), (-20, 920)], "#97a07f", shadow=9
    )
    canvas.shape(
        [*curve((-20, 740), (500, 690), (1000, 730), (1640, 680)), (1640, 920), (-20, 920)], "#7f8a6b", shadow=9
    )
    for x, y, size, way in ((250, 640, 0.8, 1), (560, 668, 0.7, -1), (1380, 660, 0.85, -1), (400, 770, 1.25, 1)):
        _sheep(canvas, x, y, size, way)
    thread = curve((560, 800), (740, 850), (880, 800), (960, 842), (1040, 800))
    canvas.stroke(thread, RED, 7)
    _ball_of_yarn(canvas, 1140, 760, 104)


def _mill(canvas: Canvas, x: float, ground: float) -> None:
    canvas.card(x, ground - 200, 740, 220, "#b4543f", 9)
    for row in range(8):
        canvas.box(x, ground - 190 + row * 26, 740, 2, "#a04834")
    for tooth in range(5):
        left = x + tooth * 148
        canvas.shape([(left, ground - 200), (left, ground - 300), (left + 148, ground - 200)], NIGHT, shadow=4)
        canvas.shape(
            [(left, ground - 212), (left, ground - 284), (left + 12, ground - 276), (left + 12, ground - 212)], AMBER
        )
        canvas.box(left + 36, ground - 150, 74, 90, CREAM, round_=6)
        canvas.box(left + 42, ground - 144, 62, 78, DUSK, round_=4)
        canvas.box(left + 71, ground - 144, 4, 78, CREAM)
        canvas.box(left + 42, ground - 108, 62, 4, CREAM)


def _sheep(canvas: Canvas, x: float, y: float, size: float, way: int) -> None:
    for leg in (-44, -22, 22, 44):
        canvas.box(x + leg * size - 5 * size, y + 26 * size, 11 * size, 52 * size, INK, round_=4)
    for dx, dy, radius in (
        (-46, 0, 34),
        (-20, -22, 38),
        (18, -24, 38),
        (46, -2, 34),
        (0, 10, 48),
        (-30, 18, 30),
        (32, 18, 30),
    ):
        canvas.disc(x + dx * size, y + dy * size, radius * size, "#f8f2e6")
    canvas.bow(x - 10 * size, y, 24 * size, 200, 380, "#e2d8c6", 4 * size)
    canvas.bow(x + 24 * size, y + 10 * size, 18 * size, 20, 190, "#e2d8c6", 4 * size)
    face = x + way * 82 * size
    canvas.disc(face - way * 16 * size, y - 30 * size, 12 * size, NIGHT, flat=0.6)
    canvas.disc(face, y - 12 * size, 25 * size, NIGHT, flat=1.25)
    canvas.disc(face - way * 8 * size, y - 40 * size, 20 * size, "#f8f2e6", flat=0.7)
    canvas.disc(face + way * 6 * size, y - 16 * size, 4.5 * size, PAPER)


def _ball_of_yarn(canvas: Canvas, x: float, y: float, radius: float) -> None:
    canvas.shape([around(x, y, radius, angle) for angle in range(0, 360, 4)], RED, shadow=14)
    for turn in range(6):
        canvas.bow(
            x - 34 + turn * 4, y - 30 + turn * 12, radius * 0.92 - turn * 13, 300 + turn * 6, 420 + turn * 4, CORAL, 5
        )
        canvas.bow(x + 46, y + 20 - turn * 6, radius * 0.86 - turn * 13, 150, 250, BRICK, 5)


def rice_terraces(canvas: Canvas) -> None:
    """Terraces like steps of mirrors, and the little box that watches the water."""
    canvas.sky("#f4d9c1", "#f7e7d5", "#eceae1", bottom=430)
    canvas.disc(1180, 210, 90, RED)
    canvas.ridge(300, 50, "#c7d0cc", wave=720)
    canvas.ridge(372, 46, "#9fb0ac", wave=560)
    canvas.veil([(-20, 370), (1620, 340), (1620, 410), (-20, 420)], PAPER, 0.75, soft=40)
    water = ("#f3ddc9", "#ecd5c3", "#dcd6cd", "#c6d0d0", "#aebec3", "#94a9b1", "#7c939d")
    field = ("#a9ad82", "#9aa177", "#8b956c", "#7c8862", "#6d7b58", "#5f6e50", "#525f47")
    for step in range(7):
        y = 430 + step * 66 + step * step * 2
        sway = 30 + step * 9
        edge = curve(
            (-60, y + 30),
            (240, y - sway),
            (560, y + sway * 0.6),
            (900, y - sway * 0.7),
            (1240, y + sway * 0.5),
            (1660, y - sway),
        )
        canvas.shape([*edge, (1660, 940), (-60, 940)], field[step], shadow=9)
        canvas.shape(
            [*((px, py + 15) for px, py in edge), *((px, py + 40 + step * 5) for px, py in reversed(edge))], water[step]
        )
    for x, y, tall in ((110, 408, 90), (180, 400, 120), (1500, 408, 130), (1570, 404, 100)):
        pine(canvas, x, y, tall, "#5b6f66")
    house(canvas, 300, 424, 110, 70, CREAM)
    house(canvas, 440, 430, 84, 56, PAPER, DUSK)
    _seedlings(canvas)
    _watcher(canvas, 1090, 700)
    person(canvas, 520, 690, 132, CORAL)
    canvas.shape([(466, 578), (520, 540), (574, 578)], "#dcbf8d", shadow=3)


def _seedlings(canvas: Canvas) -> None:
    for row in range(5):
        for stem in range(40):
            x, y = -20 + stem * 42 + row * 13, 872 - row * 12 + 8 * (stem % 3)
            for lean in (-7, 0, 7):
                canvas.stroke([(x, y), (x + lean, y - 24)], "#8fa069" if row % 2 else "#a7b581", 3)


def _watcher(canvas: Canvas, x: float, ground: float) -> None:
    canvas.box(x - 5, ground - 120, 10, 190, INK)
    canvas.card(x - 46, ground - 190, 92, 78, RED, 7)
    canvas.box(x - 32, ground - 174, 64, 26, NIGHT, round_=4)
    canvas.disc(x - 18, ground - 161, 5, AMBER)
    canvas.disc(x + 30, ground - 126, 5, PAPER)
    canvas.stroke([(x + 30, ground - 190), (x + 30, ground - 250)], INK, 4)
    for radius in (18, 34, 50):
        canvas.bow(x + 30, ground - 250, radius, 225, 315, RED, 4)
