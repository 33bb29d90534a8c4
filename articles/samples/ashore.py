"""The pictures of what the harbour town lives on: its market, its school's kitchen, its festival."""

from articles.samples.canvas import (
    BLUSH,
    BRICK,
    CLAY,
    CORAL,
    CREAM,
    DUSK,
    FOG,
    INK,
    MIST,
    NIGHT,
    PAPER,
    RED,
    SAND,
    SLATE,
    STONE,
    Canvas,
    around,
    curve,
)
from articles.samples.figures import boat, glints, gulls, person, stars


def morning_market(canvas: Canvas) -> None:
    """Stalls on the quay before sunrise is over."""
    canvas.sky("#f2c6a8", "#f6dcc2", "#f7ebdb", bottom=520)
    canvas.disc(800, 420, 120, CORAL)
    canvas.ridge(440, 26, "#c3bdb4", wave=800)
    canvas.waves(470, FOG, swing=3, wave=200)
    for x, long in ((470, 130), (700, 210), (1010, 120)):
        boat(canvas, x, 520, long, DUSK)
    for x, wide, wall in ((-60, 420, "#b3a895"), (1180, 480, "#a99d8b")):
        _warehouse(canvas, x, 540, wide, wall)
    canvas.waves(516, SLATE, swing=4, wave=160)
    canvas.card(-20, 560, 1640, 360, SAND, 8)
    canvas.shape([(-20, 700), (1640, 680), (1640, 920), (-20, 920)], "#cdbda5")
    for x, awning in ((60, RED), (580, NIGHT), (1100, RED)):
        _stall(canvas, x, awning)
    for x, feet, coat in ((470, 860, DUSK), (545, 868, CORAL), (1030, 862, STONE)):
        person(canvas, x, feet, 200 if coat != CORAL else 160, coat)
    _pennants(canvas)
    gulls(canvas, (690, 250, 60), (780, 300, 42), (900, 240, 52), colour=DUSK)


def _warehouse(canvas: Canvas, x: float, ground: float, wide: float, wall: str) -> None:
    canvas.card(x, ground - 170, wide, 180, wall, 6)
    canvas.shape([(x - 20, ground - 168), (x + wide / 2, ground - 270), (x + wide + 20, ground - 168)], DUSK, shadow=5)
    for window in range(5):
        canvas.box(x + 30 + window * wide / 5, ground - 150, 34, 40, "#8b8071", round_=4)


def _pennants(canvas: Canvas) -> None:
    for start, end in (((-20, 70), (800, 50)), ((800, 50), (1620, 70))):
        line = curve(start, ((start[0] + end[0]) / 2, 150), end)
        canvas.stroke(line, DUSK, 2.5)
        for number, (x, y) in enumerate(line[2::4]):
            canvas.shape([(x - 22, y), (x + 22, y), (x, y + 52)], (RED, PAPER, NIGHT)[number % 3], shadow=3)


def _stall(canvas: Canvas, x: float, awning: str) -> None:
    keeper = x + 200
    for post in (x + 16, x + 378):
        canvas.box(post, 470, 10, 340, INK)
    canvas.box(keeper - 42, 600, 84, 130, "#7d8c92", round_=30)
    canvas.disc(keeper, 580, 34, "#e5bd9c")
    canvas.shape([around(keeper, 576, 38, angle) for angle in range(165, 376, 10)], CREAM if awning == RED else BLUSH)
    canvas.card(x, 690, 404, 130, CLAY, 7)
    canvas.box(x, 690, 404, 14, "#a48f74")
    for crate in range(3):
        _crate(canvas, x + 14 + crate * 130, 640, crate)
    canvas.card(x - 18, 410, 440, 26, awning, 6)
    for strip in range(8):
        colour = awning if strip % 2 else PAPER
        canvas.box(x - 18 + strip * 55, 430, 55, 50, colour)
        canvas.disc(x + 9.5 + strip * 55, 480, 27.5, colour)
    canvas.card(x + 170, 716, 64, 76, PAPER, 3)
    _code(canvas, x + 180, 728)


def _crate(canvas: Canvas, x: float, y: float, kind: int) -> None:
    colours = (("#8fa3ab", "#b9c6c9"), (CORAL, RED), ("#8c9a6e", "#a9b489"))[kind]
    for item in range(6):
        canvas.disc(x + 14 + item * 18, y + 6 - canvas.random.uniform(0, 12), 15, colours[item % 2], flat=0.7)
    canvas.card(x, y + 6, 118, 46, "#d9c19a", 3)
    canvas.stroke([(x + 4, y + 28), (x + 114, y + 28)], "#b99d72", 3)


def _code(canvas: Canvas, x: float, y: float) -> None:
    for row in range(5):
        for column in range(5):
            if canvas.random.random() < 0.55 or (row % 4 == 0 and column % 4 == 0):
                canvas.box(x + column * 9, y + row * 9, 9, 9, INK)


def school_lunch(canvas: Canvas) -> None:
    """A school lunch from above: two small fish in the middle."""
    for plank in range(6):
        canvas.box(0, plank * 150, 1600, 150, ("#c9a983", "#c4a37b", "#cdae89")[plank % 3])
        canvas.box(0, plank * 150, 1600, 3, "#ad8c65")
    tray = [(190, 90), (1410, 90), (1440, 120), (1440, 790), (1410, 820), (190, 820), (160, 790), (160, 120)]
    canvas.shape(tray, NIGHT, shadow=16)
    canvas.box(184, 112, 1232, 686, DUSK, round_=26)
    _dish(canvas, 800, 360, 225, PAPER)
    _fish(canvas, 800, 320, 1)
    _fish(canvas, 820, 405, -1)
    canvas.disc(930, 468, 30, "#d98aa0")
    _bowl_of_rice(canvas, 410, 590)
    _bowl_of_soup(canvas, 1180, 590)
    _dish(canvas, 400, 275, 118, CREAM)
    for leaf in range(60):
        x, y = around(400, 275, 78 * canvas.random.random() ** 0.5, canvas.random.uniform(0, 360))
        canvas.disc(x, y, canvas.random.uniform(9, 17), ("#7f9168", "#98a87c", CORAL)[leaf % 3], flat=0.6)
    _milk(canvas, 1230, 270)
    for shift in (0, 24):
        canvas.shape([(590, 716 + shift), (1010, 706 + shift), (1010, 712 + shift), (590, 726 + shift)], RED, shadow=4)


def _dish(canvas: Canvas, x: float, y: float, radius: float, colour: str) -> None:
    canvas.shape([around(x, y, radius, angle) for angle in range(0, 360, 4)], colour, shadow=10)
    canvas.disc(x, y, radius * 0.78, "#e6dccb")
    canvas.disc(x, y, radius * 0.75, "#f8f3e9")


def _fish(canvas: Canvas, x: float, y: float, way: int) -> None:
    back = curve((x - way * 150, y), (x - way * 60, y - 34), (x + way * 60, y - 26), (x + way * 122, y - 4))
    belly = curve((x + way * 122, y + 4), (x + way * 40, y + 28), (x - way * 70, y + 30), (x - way * 150, y))
    canvas.shape([(x + way * 108, y), (x + way * 168, y - 36), (x + way * 152, y), (x + way * 168, y + 36)], SLATE)
    canvas.shape([*back, *belly], "#8496a0", shadow=5)
    canvas.shape([*back, *curve((x + way * 122, y), (x, y - 4), (x - way * 150, y))], DUSK)
    for scar in range(4):
        at = x - way * (66 - scar * 44)
        canvas.stroke([(at, y - 18), (at + way * 18, y + 14)], "#6b4a33", 5)
    canvas.disc(x - way * 118, y - 4, 8, PAPER)
    canvas.disc(x - way * 118, y - 4, 4.5, INK)


def _bowl_of_rice(canvas: Canvas, x: float, y: float) -> None:
    canvas.shape([around(x, y, 158, angle) for angle in range(0, 360, 4)], RED, shadow=12)
    canvas.disc(x, y, 142, BRICK)
    canvas.disc(x, y, 134, "#fbf7ef")
    for _ in range(210):
        px, py = around(x, y, 126 * canvas.random.random() ** 0.5, canvas.random.uniform(0, 360))
        canvas.disc(px, py, 7, canvas.random.choice(("#ffffff", "#f1e9dc", "#f7f1e6")), flat=0.55)
    canvas.disc(x, y, 19, CORAL)


def _bowl_of_soup(canvas: Canvas, x: float, y: float) -> None:
    canvas.shape([around(x, y, 150, angle) for angle in range(0, 360, 4)], INK, shadow=12)
    canvas.disc(x, y, 134, BRICK)
    canvas.disc(x, y, 126, "#b98a57")
    canvas.disc(x - 20, y + 16, 92, "#c79b68")
    for px, py in ((-50, -30), (20, -50), (46, 20), (-24, 44), (-70, 22)):
        canvas.box(x + px, y + py, 36, 36, "#f6ecd8", round_=5)
    for px, py in ((-8, -8), (64, -26), (6, 78), (-86, -14), (30, 62)):
        canvas.bow(x + px, y + py, 13, 0, 360, "#7f9168", 6)


def _milk(canvas: Canvas, x: float, y: float) -> None:
    canvas.shape([around(x, y, 74, angle) for angle in range(0, 360, 4)], PAPER, shadow=14)
    canvas.disc(x, y, 60, MIST)
    canvas.disc(x, y, 52, "#fffdf8")
    canvas.bow(x, y, 66, 0, 360, RED, 7)


def lantern_festival(canvas: Canvas) -> None:
    """A ship of lanterns on many shoulders, in the night of the festival."""
    canvas.sky("#1f2932", "#2f3d49", "#52525a", "#8d5b4b", bottom=640)
    stars(canvas, 90, 330)
    canvas.ridge(560, 34, "#26313b", wave=820)
    canvas.waves(610, "#33424e", swing=3, wave=220)
    glints(canvas, 820, 622, 720, CORAL, 520)
    canvas.card(-20, 720, 1640, 220, "#1d242b", 10)
    canvas.glow(820, 400, 560, "#f6b184", 0.75)
    _sail(canvas, 820)
    hull = [*curve((420, 600), (520, 650), (820, 664), (1120, 650), (1230, 590)), (1130, 730), (520, 730)]
    canvas.shape(hull, INK, shadow=8)
    canvas.shape(
        [
            *curve((420, 600), (520, 650), (820, 664), (1120, 650), (1230, 590)),
            *curve((1222, 612), (1120, 670), (820, 684), (520, 670), (428, 616)),
        ],
        RED,
    )
    canvas.box(330, 736, 980, 14, "#6b5038")
    for place in range(15):
        _bearer(canvas, 372 + place * 64, 900 - place % 2 * 6, place)
    _string_of_lanterns(canvas)


def _sail(canvas: Canvas, x: float) -> None:
    left, right = (
        curve((x - 80, 110), (x - 250, 330), (x - 316, 670)),
        curve((x + 316, 670), (x + 270, 330), (x + 100, 110)),
    )
    canvas.shape([*left, *right], "#dd8f5c", shadow=14)
    for row in range(8):
        y = 150 + row * 58
        reach = 78 + row * 31
        for step in range(-row // 2 - 1, row // 2 + 2):
            at = x + 8 + step * (reach * 2 / (row + 3.4)) + (row % 2) * 10
            canvas.glow(at, y, 52, "#ffe9b8", 0.85)
            canvas.disc(at, y, 14, "#fff4d2", flat=1.2)
            canvas.box(at - 7, y - 18, 14, 4, BRICK)
            canvas.box(at - 7, y + 14, 14, 4, BRICK)
    for seam in (left[8:40:10], right[8:40:10]):
        for knot in seam:
            canvas.disc(*knot, 5, BRICK)
    canvas.stroke([(x + 10, 66), (x + 10, 112)], "#5a3a28", 6)


def _bearer(canvas: Canvas, x: float, feet: float, place: int) -> None:
    coat = (NIGHT, "#3b4b58", DUSK)[place % 3]
    canvas.shape([(x - 30, feet + 10), (x - 22, feet - 130), (x + 22, feet - 130), (x + 30, feet + 10)], coat, shadow=3)
    canvas.shape([(x - 13, feet - 132), (x + 13, feet - 132), (x + 3, feet - 60), (x - 3, feet - 60)], RED)
    canvas.box(x - 27, feet - 62, 54, 9, CREAM)
    canvas.stroke([(x + 20, feet - 118), (x + 30, feet - 158)], coat, 13)
    canvas.disc(x + 30, feet - 160, 8, "#c98f6d")
    canvas.disc(x, feet - 150, 20, "#c98f6d")
    canvas.box(x - 20, feet - 166, 40, 9, PAPER, round_=4)


def _string_of_lanterns(canvas: Canvas) -> None:
    for start, end, sag in (((-20, 60), (760, 30), 120), ((760, 30), (1620, 80), 130)):
        line = curve(start, ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + sag), end)
        canvas.stroke(line, INK, 3)
        for x, y in line[4::9]:
            canvas.glow(x, y + 36, 74, CORAL, 0.55)
            canvas.disc(x, y + 36, 22, RED, flat=1.25)
            canvas.disc(x, y + 36, 12, CORAL, flat=1.6)
            canvas.box(x - 10, y + 8, 20, 6, INK)
            canvas.box(x - 10, y + 60, 20, 6, INK)
