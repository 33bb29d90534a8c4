"""The pictures by the sea."""

from articles.samples.canvas import (
    AMBER,
    BRICK,
    CORAL,
    CREAM,
    DUSK,
    FOG,
    INK,
    LAMP,
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
from articles.samples.figures import boat, glints, gulls, pine, stars, town


def harbour_ferry(canvas: Canvas) -> None:
    """The last ferry comes in between a red and a green light."""
    canvas.sky("#33424e", "#5d6f79", "#b9a9a0", "#efb193", "#f6cfae", bottom=560)
    canvas.glow(1180, 500, 420, "#fde3c0", 0.9)
    canvas.disc(1180, 470, 62, RED)
    canvas.ridge(470, 34, "#8b96a0", wave=900)
    canvas.ridge(515, 46, "#66747f", wave=760)
    canvas.waves(560, "#5a6b76", swing=3, wave=240)
    glints(canvas, 1180, 575, 720, CORAL, 120)
    _breakwater(canvas)
    _ferry(canvas, 420, 690)
    canvas.waves(700, "#3f4f5b", swing=9, wave=150)
    glints(canvas, 760, 715, 790, LAMP, 420)
    _buoy(canvas, 250, 760, RED)
    _buoy(canvas, 1330, 770, "#7fa58d")
    canvas.waves(790, NIGHT, swing=11, wave=190)
    canvas.waves(852, INK, swing=12, wave=230)
    gulls(canvas, (380, 190, 62), (470, 250, 44), (300, 290, 36), (1420, 220, 48))


def foggy_night(canvas: Canvas) -> None:
    """A night on which no ferry goes: fog over the harbour, one red and one green light in it."""
    canvas.sky("#2b3540", "#46525c", "#6f7a80", "#99a09f", bottom=640)
    canvas.ridge(520, 40, "#5f6b74", wave=820)
    canvas.waves(610, "#56626b", swing=3, wave=240)
    _breakwater(canvas)
    canvas.waves(680, "#48545e", swing=6, wave=170)
    _buoy(canvas, 330, 730, RED)
    _buoy(canvas, 860, 720, "#7fa58d")
    for x, y, radius in ((240, 520, 300), (700, 470, 360), (1120, 560, 280), (1480, 480, 260)):
        canvas.glow(x, y, radius, "#c9cfcd", 0.35)
    canvas.waves(780, NIGHT, swing=11, wave=190)
    canvas.waves(852, INK, swing=12, wave=230)


def _breakwater(canvas: Canvas) -> None:
    canvas.shape([(1250, 560), (1640, 540), (1640, 640), (1230, 600)], NIGHT, shadow=6)
    town(canvas, 1380, 1590, 546, 34)
    canvas.card(1270, 470, 22, 92, PAPER)
    canvas.box(1266, 488, 30, 16, RED)
    canvas.glow(1281, 462, 70)
    canvas.box(1272, 452, 18, 18, LAMP, round_=4)


def _ferry(canvas: Canvas, x: float, water: float) -> None:
    canvas.card(x + 150, water - 300, 380, 120, CREAM)
    canvas.card(x + 215, water - 372, 210, 84, PAPER)
    canvas.shape(
        [(x + 440, water - 300), (x + 458, water - 410), (x + 530, water - 410), (x + 520, water - 300)], RED, shadow=4
    )
    canvas.box(x + 455, water - 388, 72, 16, PAPER)
    canvas.stroke([(x + 300, water - 372), (x + 300, water - 480)], INK, 5)
    canvas.shape([(x + 300, water - 480), (x + 246, water - 466), (x + 300, water - 448)], RED)
    canvas.box(x + 268, water - 398, 64, 10, INK, round_=4)
    canvas.card(x + 70, water - 196, 580, 90, PAPER)
    hull = [(x, water - 120), (x + 760, water - 120), (x + 690, water + 30), (x + 80, water + 30)]
    canvas.shape(hull, NIGHT, shadow=8)
    canvas.shape([(x, water - 120), (x + 760, water - 120), (x + 751, water - 100), (x + 11, water - 100)], RED)
    for window in range(9):
        canvas.glow(x + 122 + window * 58, water - 150, 44, LAMP, 0.5)
        canvas.box(x + 104 + window * 58, water - 168, 36, 34, AMBER, round_=6)
    for window in range(6):
        canvas.box(x + 178 + window * 56, water - 266, 34, 42, AMBER, round_=5)
    canvas.box(x + 232, water - 352, 176, 34, DUSK, round_=5)


def _buoy(canvas: Canvas, x: float, water: float, colour: str) -> None:
    canvas.glow(x, water - 92, 90, colour, 0.75)
    canvas.shape(
        [(x - 14, water - 70), (x + 14, water - 70), (x + 34, water + 20), (x - 34, water + 20)], colour, shadow=4
    )
    canvas.stroke([(x - 9, water - 70), (x, water - 92), (x + 9, water - 70)], INK, 4)
    canvas.disc(x, water - 94, 9, PAPER)


def bridge(canvas: Canvas) -> None:
    """The cable-stayed bridge before a red sun, a lift climbing one of its cables."""
    canvas.sky("#e9e2d6", "#f3e7d5", "#f5d9c0", bottom=620)
    canvas.disc(1130, 330, 150, RED)
    canvas.ridge(530, 36, MIST, wave=820)
    canvas.ridge(586, 26, FOG, wave=640)
    canvas.waves(640, SLATE, swing=3, wave=260)
    glints(canvas, 1130, 655, 800, CORAL, 210)
    for x in (480, 1120):
        _tower(canvas, x)
    canvas.card(-20, 578, 1640, 26, NIGHT, 9)
    canvas.box(-20, 572, 1640, 7, RED)
    for x in range(10, 1600, 64):
        canvas.stroke([(x, 572), (x, 552)], NIGHT, 2)
    _lift(canvas)
    canvas.waves(770, DUSK, swing=9, wave=170)
    boat(canvas, 190, 800, 190, NIGHT)
    canvas.waves(836, NIGHT, swing=11, wave=210)
    gulls(canvas, (760, 210, 54), (830, 260, 38), (680, 280, 32), colour=DUSK)


def _tower(canvas: Canvas, x: float) -> None:
    for reach in range(1, 13):
        for side in (-1, 1):
            canvas.stroke([(x, 118 + (12 - reach) * 15), (x + side * reach * 26, 576)], DUSK, 2.4)
    legs = [(x - 12, 90), (x + 12, 90), (x + 44, 760), (x + 18, 760), (x, 330), (x - 18, 760), (x - 44, 760)]
    canvas.shape(legs, NIGHT, shadow=7)
    canvas.box(x - 30, 520, 60, 14, NIGHT)
    canvas.box(x - 66, 742, 132, 60, INK)


def _lift(canvas: Canvas) -> None:
    """It holds on to the ninth cable of the first tower, halfway up."""
    x, y = 480 + 9 * 26 * 0.52, 163 + (576 - 163) * 0.52
    canvas.glow(x, y, 90, LAMP, 0.8)
    canvas.card(x - 24, y - 12, 48, 54, RED, 4)
    canvas.disc(x, y + 4, 8, "#e5bd9c")
    canvas.box(x - 10, y + 10, 20, 20, PAPER, round_=6)
    canvas.box(x - 11, y - 6, 22, 7, LAMP, round_=3)


def lighthouse(canvas: Canvas) -> None:
    """The lighthouse on the cape, and the keeper's stone house beside it."""
    canvas.sky("#394a57", "#64747d", "#a9a6a3", "#e9b59b", "#f5cdb0", bottom=590)
    stars(canvas, 40, 200)
    canvas.glow(330, 470, 380, "#fde3c0", 0.85)
    canvas.disc(330, 470, 84, RED)
    canvas.ridge(545, 16, "#8b96a0", wave=900)
    canvas.waves(570, "#7b8b94", swing=4, wave=200)
    glints(canvas, 330, 585, 690, CORAL, 150)
    canvas.waves(660, "#5f707b", swing=8, wave=160)
    boat(canvas, 250, 700, 130, NIGHT)
    canvas.waves(726, DUSK, swing=10, wave=190)
    _cape(canvas)
    _light_tower(canvas, 1130, 470)
    _keepers_house(canvas, 1240, 480)
    canvas.waves(820, NIGHT, swing=12, wave=220)
    gulls(canvas, (640, 250, 66), (740, 310, 46), (560, 340, 40), (900, 190, 40), colour=PAPER)


def _cape(canvas: Canvas) -> None:
    canvas.shape(
        [*curve((820, 900), (860, 740), (930, 640), (960, 540), (1060, 478), (1300, 468), (1640, 440)), (1640, 920)],
        STONE,
        shadow=10,
    )
    canvas.shape(
        [*curve((900, 900), (950, 760), (1060, 690), (1130, 600), (1330, 560), (1640, 560)), (1640, 920)],
        "#766a5e",
        shadow=6,
    )
    canvas.shape(
        [
            *curve((960, 541), (1060, 476), (1300, 466), (1640, 438)),
            (1640, 478),
            *curve((1640, 478), (1300, 500), (1070, 506), (960, 541)),
        ],
        "#93987f",
    )
    for x, y in ((1480, 452), (1524, 448), (1570, 446)):
        pine(canvas, x, y, 120, "#4d5a50")


def _light_tower(canvas: Canvas, x: float, ground: float) -> None:
    canvas.veil([(x, 168), (-60, 40), (-60, 260)], LAMP, 0.55, soft=14)
    canvas.shape([(x - 32, 205), (x + 32, 205), (x + 52, ground + 12), (x - 52, ground + 12)], PAPER, shadow=7)
    canvas.shape([(x + 8, 205), (x + 32, 205), (x + 52, ground + 12), (x + 14, ground + 12)], "#e0d5c4")
    canvas.shape([(x - 38, 280), (x + 38, 280), (x + 43, 345), (x - 43, 345)], RED)
    canvas.box(x - 44, 196, 88, 13, NIGHT)
    canvas.glow(x, 168, 120)
    canvas.box(x - 24, 144, 48, 52, LAMP)
    for dx in (-24, -2, 20):
        canvas.box(x + dx, 144, 4, 52, NIGHT)
    canvas.shape([(x - 34, 146), (x, 104), (x + 34, 146)], RED)
    canvas.box(x - 12, ground - 38, 24, 48, NIGHT, round_=8)
    canvas.box(x - 8, 392, 16, 24, DUSK, round_=6)


def _keepers_house(canvas: Canvas, x: float, ground: float) -> None:
    canvas.card(x, ground - 96, 210, 96, SAND, 6)
    for row in range(4):
        for stone in range(7):
            canvas.box(x + 6 + stone * 30 - row % 2 * 9, ground - 90 + row * 24, 24, 16, "#cdbda6", round_=4)
    canvas.shape(
        [(x - 14, ground - 94), (x + 26, ground - 150), (x + 184, ground - 150), (x + 224, ground - 94)],
        NIGHT,
        shadow=4,
    )
    canvas.box(x + 150, ground - 176, 22, 34, BRICK)
    for dx in (24, 150):
        canvas.glow(x + dx + 18, ground - 56, 60)
        canvas.box(x + dx, ground - 72, 38, 34, LAMP)
        canvas.box(x + dx + 17, ground - 72, 4, 34, NIGHT)
    canvas.box(x + 90, ground - 66, 34, 66, RED, round_=3)


def island_clinic(canvas: Canvas) -> None:
    """The clinic on a stormy day, its window lit."""
    canvas.sky("#5b6770", "#87929a", "#b6bab8", bottom=620)
    for start, y, wide in ((-60, 90, 560), (420, 60, 640), (980, 120, 700), (200, 180, 460)):
        canvas.veil(
            [around(start + wide / 2, y, wide / 2, angle) for angle in range(0, 180, 10)], "#3d4850", 0.45, soft=40
        )
    canvas.ridge(560, 30, "#78858c", wave=900)
    canvas.waves(600, "#5d6d77", swing=20, wave=170)
    canvas.waves(660, DUSK, swing=28, wave=230)
    canvas.shape(
        [*curve((560, 920), (640, 760), (820, 690), (1200, 680), (1640, 640)), (1640, 920)], "#6d6a5f", shadow=10
    )
    _clinic(canvas, 880, 700)
    for x in (1400, 1480, 1550):
        pine(canvas, x, 668, 210, "#36443f")
    canvas.waves(800, "#34434f", swing=34, wave=260)
    canvas.waves(868, NIGHT, swing=30, wave=210)
    for _ in range(170):
        left, top = canvas.random.uniform(-40, 1640), canvas.random.uniform(-20, 900)
        canvas.stroke([(left, top), (left - 14, top + 46)], "#c3cbcc", 1.3)


def _clinic(canvas: Canvas, x: float, ground: float) -> None:
    canvas.card(x, ground - 190, 430, 200, PAPER, 9)
    canvas.shape(
        [(x - 30, ground - 186), (x + 60, ground - 280), (x + 380, ground - 280), (x + 460, ground - 186)],
        NIGHT,
        shadow=6,
    )
    canvas.glow(x + 130, ground - 96, 240, LAMP, 0.8)
    canvas.box(x + 46, ground - 150, 190, 110, "#f6cf7f", round_=4)
    canvas.box(x + 150, ground - 122, 66, 46, DUSK, round_=4)
    canvas.disc(x + 183, ground - 102, 11, "#e5bd9c")
    canvas.box(x + 168, ground - 92, 30, 16, PAPER, round_=6)
    canvas.disc(x + 102, ground - 98, 17, "#d9ab88")
    canvas.shape([around(x + 102, ground - 100, 20, angle) for angle in range(180, 361, 12)], PAPER)
    canvas.box(x + 78, ground - 80, 48, 40, CORAL, round_=14)
    canvas.box(x + 290, ground - 130, 78, 140, RED, round_=4)
    canvas.box(x + 302, ground - 114, 54, 44, LAMP, round_=3)
    canvas.stroke([(x + 340, ground - 280), (x + 340, ground - 400)], INK, 5)
    canvas.bow(x + 340, ground - 400, 34, 200, 340, RED, 5)
    canvas.bow(x + 340, ground - 400, 58, 205, 335, RED, 5)
    canvas.disc(x + 340, ground - 402, 8, RED)
