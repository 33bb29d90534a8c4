"""The pictures from the town."""

from articles.samples.canvas import (
    AMBER,
    BLUSH,
    BRICK,
    CLAY,
    CORAL,
    CREAM,
    DUSK,
    FOG,
    INK,
    LAMP,
    NIGHT,
    PAPER,
    RED,
    SAND,
    SLATE,
    STONE,
    Canvas,
    around,
)
from articles.samples.figures import glints, person, stars, tree


def night_bus(canvas: Canvas) -> None:
    """The last bus waits under the moon."""
    canvas.sky("#18212b", "#2a3946", "#4e5f6b", "#8a8583", bottom=660)
    stars(canvas, 110, 420)
    canvas.glow(1290, 190, 230, "#fdf0d3", 0.35)
    canvas.disc(1290, 190, 74, "#fbf0d8")
    canvas.disc(1322, 172, 66, "#31404c")
    for base, tone, low, high in ((610, "#3d4c58", 170, 330), (640, "#2b3742", 90, 240)):
        _skyline(canvas, base, tone, low, high)
    canvas.card(-20, 640, 1640, 300, "#222a31", 9)
    canvas.box(-20, 640, 1640, 26, "#59636a")
    canvas.veil([(1180, 640), (1640, 700), (1640, 820), (1180, 706)], LAMP, 0.5, soft=20)
    _bus(canvas, 380, 690)
    _stop(canvas, 240, 690)
    person(canvas, 306, 690, 176, STONE)
    for x in range(-40, 1640, 210):
        canvas.shape([(x, 812), (x + 120, 812), (x + 108, 826), (x - 12, 826)], "#79807f")
    glints(canvas, 780, 722, 880, AMBER, 620)
    glints(canvas, 240, 722, 860, CORAL, 70)


def _skyline(canvas: Canvas, base: float, tone: str, low: float, high: float) -> None:
    x = -20.0
    while x < 1620:
        wide, tall = canvas.random.uniform(70, 150), canvas.random.uniform(low, high)
        canvas.card(x, base - tall, wide, tall + 60, tone, 4)
        for row in range(int(tall // 34)):
            for column in range(int(wide // 26) - 1):
                if canvas.random.random() < 0.2:
                    canvas.box(
                        x + 16 + column * 26,
                        base - tall + 16 + row * 34,
                        12,
                        16,
                        canvas.random.choice((AMBER, LAMP, "#c98a5d")),
                    )
        x += wide + canvas.random.uniform(-6, 16)


def _bus(canvas: Canvas, x: float, road: float) -> None:
    canvas.veil(
        [(x - 10, road + 26), (x + 830, road + 26), (x + 800, road + 54), (x + 20, road + 54)], "#000000", 0.5, soft=14
    )
    canvas.shape(
        [
            (x, road - 280),
            (x + 22, road - 304),
            (x + 770, road - 304),
            (x + 812, road - 262),
            (x + 826, road - 80),
            (x + 826, road + 4),
            (x, road + 4),
        ],
        PAPER,
        shadow=10,
    )
    canvas.box(x, road - 96, 826, 44, RED)
    canvas.box(x, road - 46, 826, 8, BRICK)
    canvas.glow(x + 400, road - 188, 330, LAMP, 0.5)
    for window in range(6):
        canvas.box(x + 28 + window * 92, road - 252, 80, 118, AMBER, round_=8)
        canvas.box(x + 28 + window * 92, road - 252, 80, 22, "#f8dc9c", round_=8)
    _passengers(canvas, x, road)
    canvas.box(x + 590, road - 256, 96, 250, DUSK, round_=6)
    canvas.box(x + 600, road - 246, 34, 230, AMBER, round_=4)
    canvas.box(x + 642, road - 246, 34, 230, AMBER, round_=4)
    canvas.shape(
        [(x + 706, road - 252), (x + 780, road - 252), (x + 808, road - 130), (x + 706, road - 130)], "#8fa3ab"
    )
    canvas.box(x + 560, road - 294, 190, 30, INK, round_=5)
    for dot in range(9):
        canvas.disc(x + 580 + dot * 19, road - 279, 5, AMBER)
    for wheel in (x + 160, x + 640):
        canvas.disc(wheel, road + 2, 54, INK)
        canvas.disc(wheel, road + 2, 26, FOG)
        canvas.disc(wheel, road + 2, 10, DUSK)
    canvas.glow(x + 818, road - 34, 110)
    canvas.disc(x + 812, road - 34, 15, "#fff6da")


def _passengers(canvas: Canvas, x: float, road: float) -> None:
    for seat, hair in ((1, INK), (3, "#5b4636"), (4, INK)):
        at = x + 68 + seat * 92
        canvas.box(at - 26, road - 168, 52, 34, (DUSK, BRICK, SLATE)[seat % 3], round_=12)
        canvas.disc(at, road - 188, 20, "#d9a884")
        canvas.shape([around(at, road - 191, 22, angle) for angle in range(170, 371, 10)], hair)


def _stop(canvas: Canvas, x: float, road: float) -> None:
    canvas.box(x - 5, road - 250, 10, 256, STONE)
    canvas.box(x - 40, road, 80, 14, STONE, round_=6)
    canvas.disc(x, road - 270, 46, RED)
    canvas.disc(x, road - 270, 36, PAPER)
    canvas.box(x - 36, road - 277, 72, 14, RED)
    canvas.card(x - 32, road - 204, 64, 84, PAPER, 3)
    for row in range(5):
        canvas.box(x - 22, road - 192 + row * 14, 44 - row % 3 * 10, 5, STONE)


def library(canvas: Canvas) -> None:
    """Three floors behind glass at dusk."""
    canvas.sky("#3a4955", "#6b7880", "#c2a698", "#efc0a2", bottom=720)
    stars(canvas, 50, 200)
    canvas.ridge(640, 30, "#6d757c", wave=700)
    canvas.card(250, 150, 1040, 610, PAPER, 14)
    canvas.box(226, 128, 1088, 34, NIGHT)
    for floor in range(3):
        _floor(canvas, 290, 190 + floor * 184, floor)
    _outer_stairs(canvas)
    canvas.card(-20, 742, 1640, 200, "#7b746a", 8)
    canvas.shape([(500, 760), (1040, 760), (1190, 920), (350, 920)], "#958c7e")
    canvas.veil([(520, 760), (1020, 760), (1130, 900), (410, 900)], LAMP, 0.4, soft=30)
    tree(canvas, 130, 760, 420, "#c9762f")
    tree(canvas, 1440, 764, 470, "#b9502f")
    for x, feet, tall, coat in (
        (420, 850, 150, DUSK),
        (478, 852, 104, RED),
        (1120, 840, 146, BRICK),
        (1250, 836, 150, NIGHT),
    ):
        person(canvas, x, feet, tall, coat)
    for _ in range(46):
        canvas.disc(
            canvas.random.uniform(0, 1600),
            canvas.random.uniform(775, 895),
            6,
            canvas.random.choice((AMBER, "#c9762f", CORAL)),
            flat=0.55,
        )


def _floor(canvas: Canvas, x: float, y: float, floor: int) -> None:
    canvas.box(x, y, 960, 158, ("#f2c878", "#f4d08a", "#f7dba0")[floor])
    for shelf in range(5):
        left = x + 30 + shelf * 190
        canvas.box(left, y + 30, 118, 128, "#8a6a4a")
        for board in range(3):
            _books(canvas, left + 6, y + 36 + board * 40, 106, 32)
    for reader, coat in (
        ((172, DUSK), (550, RED), (738, SLATE)) if floor else ((172, CORAL), (362, NIGHT), (550, BRICK), (738, DUSK))
    ):
        person(canvas, x + reader, y + 158, 104, coat)
    for pane in range(9):
        canvas.box(x + pane * 120 - 3, y, 6, 158, NIGHT)


def _books(canvas: Canvas, x: float, y: float, wide: float, tall: float) -> None:
    end = x + wide
    while x < end - 7:
        thick, short = canvas.random.uniform(6, 12), canvas.random.uniform(0, tall * 0.3)
        canvas.box(
            x,
            y + short,
            min(thick, end - x),
            tall - short,
            canvas.random.choice((RED, BRICK, CREAM, DUSK, SLATE, NIGHT, CORAL, CLAY)),
        )
        x += thick + 1


def _outer_stairs(canvas: Canvas) -> None:
    canvas.box(690, 590, 160, 170, NIGHT, round_=6)
    canvas.box(700, 600, 66, 160, "#f9e3b2")
    canvas.box(774, 600, 66, 160, "#f9e3b2")
    canvas.card(660, 560, 220, 22, RED, 6)


def library_stairs(canvas: Canvas) -> None:
    """The great stairs with books on both sides, from the loud floor to the quiet one."""
    canvas.sky("#f6ead6", "#f1dfc4")
    canvas.box(0, 0, 1600, 60, "#d8c6a8")
    for x in (120, 520, 920, 1320):
        canvas.stroke([(x, 60), (x, 120)], INK, 3)
        canvas.glow(x, 150, 150, "#fff1cc", 0.9)
        canvas.shape([(x - 46, 150), (x - 20, 112), (x + 20, 112), (x + 46, 150)], RED, shadow=3)
    for step in range(11):
        x, y = 60 + step * 140, 790 - step * 54
        canvas.card(x, y, 1640 - x, 140, "#8a6a4a" if step % 2 else "#94734f", 7)
        canvas.box(x, y, 1640 - x, 10, "#b58e63")
        _books(canvas, x + 10, y + 18, 126, 36)
    canvas.card(-20, 844, 1640, 90, "#6f5238", 6)
    canvas.shape([(40, 850), (1600, 250), (1600, 300), (170, 850)], "#b9432d")
    for x, y, coat, tall in ((300, 696, SLATE, 128), (1000, 428, NIGHT, 136), (1290, 318, CORAL, 132)):
        person(canvas, x, y, tall, coat)
        canvas.shape(
            [(x - 26, y - 78), (x, y - 70), (x + 26, y - 78), (x + 26, y - 50), (x, y - 42), (x - 26, y - 50)], PAPER
        )
    person(canvas, 640, 572, 104, RED)


def tram(canvas: Canvas) -> None:
    """The low-floor tram at the stop by the market."""
    canvas.sky("#dfe1da", "#f1e9db", "#f7e3ce", bottom=560)
    canvas.disc(1330, 190, 80, CORAL)
    x = -30.0
    for wide, tall, wall in (
        (210, 330, SAND),
        (170, 400, "#cfc4b2"),
        (260, 290, CREAM),
        (190, 420, "#c2b8a8"),
        (240, 320, SAND),
        (180, 380, CREAM),
        (260, 300, "#cfc4b2"),
        (190, 360, SAND),
    ):
        _block(canvas, x, 620, wide, tall, wall)
        x += wide + 6
    canvas.card(-20, 610, 1640, 330, "#cbbfae", 8)
    canvas.box(-20, 700, 1640, 220, "#a39a8c")
    for tree_x in (70, 1540):
        tree(canvas, tree_x, 640, 250, "#8d9a76")
    canvas.stroke([(-20, 236), (1620, 236)], INK, 3)
    for pole in (180, 1420):
        canvas.box(pole, 200, 12, 430, DUSK)
        canvas.box(pole - 70, 226, 150, 8, DUSK)
    canvas.stroke([(700, 330), (760, 284), (700, 238)], INK, 5)
    _tram_car(canvas, 260, 700)
    for rail in (724, 790):
        canvas.box(-20, rail, 1640, 8, "#6b645a")
    canvas.card(-20, 812, 1640, 110, "#d9cfbf", 7)
    canvas.box(-20, 812, 1640, 12, AMBER)
    for at, feet, tall, coat in ((190, 880, 190, DUSK), (270, 884, 130, RED), (1380, 884, 186, BRICK)):
        person(canvas, at, feet, tall, coat)
    _wheelchair(canvas, 1220, 884)


def _block(canvas: Canvas, x: float, ground: float, wide: float, tall: float, wall: str) -> None:
    canvas.card(x, ground - tall, wide, tall, wall, 5)
    for row in range(int(tall // 70)):
        for column in range(int(wide // 54)):
            canvas.box(
                x + 18 + column * 52,
                ground - tall + 24 + row * 66,
                28,
                38,
                "#a3acac" if (row + column) % 4 else BLUSH,
                round_=3,
            )


def _tram_car(canvas: Canvas, x: float, rail: float) -> None:
    body = [
        (x, rail),
        (x + 8, rail - 250),
        (x + 74, rail - 350),
        (x + 1006, rail - 350),
        (x + 1072, rail - 250),
        (x + 1080, rail),
    ]
    canvas.shape(body, "#fbf7ef", shadow=13)
    canvas.shape([(x + 4, rail - 100), (x + 1076, rail - 100), (x + 1080, rail - 20), (x, rail - 20)], RED)
    canvas.box(x + 10, rail - 20, 1060, 24, NIGHT, round_=6)
    canvas.shape(
        [
            (x + 16, rail - 246),
            (x + 78, rail - 318),
            (x + 1002, rail - 318),
            (x + 1064, rail - 246),
            (x + 1068, rail - 130),
            (x + 12, rail - 130),
        ],
        DUSK,
    )
    for window in range(8):
        canvas.box(x + 136 + window * 104, rail - 306, 92, 164, "#8fa3ab" if window % 3 else "#b3c2c5", round_=6)
    for seat in (0, 2, 3, 5, 6):
        at = x + 182 + seat * 104
        canvas.box(at - 26, rail - 190, 52, 60, (CORAL, STONE, BLUSH)[seat // 2 % 3], round_=14)
        canvas.disc(at, rail - 210, 20, "#e0b592")
        canvas.shape([around(at, rail - 213, 22, angle) for angle in range(170, 371, 10)], INK)
    for door in (x + 340, x + 652):
        canvas.box(door, rail - 312, 92, 300, PAPER, round_=4)
        canvas.box(door + 8, rail - 300, 34, 276, "#b3c2c5", round_=3)
        canvas.box(door + 50, rail - 300, 34, 276, "#b3c2c5", round_=3)
    for joint in (x + 306, x + 760):
        canvas.box(joint, rail - 350, 20, 352, "#565f66")
    canvas.card(x + 400, rail - 372, 280, 24, STONE, 3)
    canvas.disc(x + 40, rail - 60, 13, LAMP)
    canvas.disc(x + 1040, rail - 60, 13, LAMP)


def _wheelchair(canvas: Canvas, x: float, feet: float) -> None:
    canvas.box(x - 30, feet - 120, 60, 80, SLATE, round_=20)
    canvas.box(x, feet - 62, 66, 22, NIGHT, round_=10)
    canvas.box(x + 48, feet - 60, 20, 52, NIGHT, round_=8)
    canvas.disc(x, feet - 142, 23, "#e5bd9c")
    canvas.shape([around(x, feet - 145, 26, angle) for angle in range(170, 371, 10)], "#5b4636")
    canvas.bow(x - 6, feet - 34, 38, 0, 360, INK, 6)
    canvas.disc(x - 6, feet - 34, 7, INK)
    canvas.bow(x + 62, feet - 8, 12, 0, 360, INK, 5)
    canvas.stroke([(x - 36, feet - 104), (x - 58, feet - 104)], INK, 6)
