"""The commentators' faces: flat, friendly, told apart at the size of a thumbnail."""

from articles.samples.canvas import (
    AMBER,
    BLUSH,
    BRICK,
    CREAM,
    DUSK,
    INK,
    MIST,
    NIGHT,
    PAPER,
    RED,
    SAND,
    Canvas,
    Colour,
    around,
    curve,
)

MIDDLE = 256.0  # of a portrait of 512 × 512 pixels


def editor(canvas: Canvas) -> None:
    """A bob, round glasses, a pencil behind the ear."""
    _ground(canvas, MIST, "#dde2df")
    canvas.shape(
        [*curve((128, 420), (112, 250), (150, 128), (256, 92), (362, 128), (400, 250), (384, 420))], INK, shadow=8
    )
    _shoulders(canvas, NIGHT)
    canvas.shape([(206, 388), (256, 470), (306, 388)], PAPER)
    canvas.shape([(196, 384), (212, 376), (258, 478), (240, 500)], DUSK)
    canvas.shape([(316, 384), (300, 376), (254, 478), (272, 500)], DUSK)
    canvas.disc(336, 462, 11, RED)
    _head(canvas, "#f0cdb0")
    canvas.shape(
        [
            *curve((140, 274), (132, 190), (180, 116), (260, 94), (340, 116), (382, 190), (372, 274)),
            *curve((352, 262), (330, 208), (286, 190), (214, 206), (176, 214), (162, 270)),
        ],
        INK,
    )
    canvas.shape(
        [*curve((140, 260), (136, 340), (150, 404), (182, 412)), *curve((182, 410), (168, 350), (164, 262))], INK
    )
    canvas.shape(
        [*curve((372, 260), (376, 340), (362, 404), (330, 412)), *curve((330, 410), (344, 350), (348, 262))], INK
    )
    _eyes(canvas)
    for x in (212, 300):
        canvas.bow(x, 266, 36, 0, 360, BRICK, 6)
    canvas.stroke([(248, 262), (264, 262)], BRICK, 6)
    _smile(canvas, 22)
    canvas.stroke([(330, 196), (412, 144)], AMBER, 13)
    canvas.shape([(407, 138), (432, 131), (416, 152)], PAPER)
    canvas.disc(428, 134, 4, INK)


def pilot(canvas: Canvas) -> None:
    """A captain's cap, a white beard, a face that saw much weather."""
    _ground(canvas, "#e9c3a8", "#f3d9c4")
    _shoulders(canvas, NIGHT)
    canvas.shape([(190, 380), (322, 380), (340, 430), (256, 470), (172, 430)], CREAM, shadow=4)
    for row in range(3):
        canvas.stroke(
            curve((178 + row * 4, 404 + row * 16), (256, 430 + row * 14), (334 - row * 4, 404 + row * 16)), SAND, 4
        )
    _head(canvas, "#d9a07a")
    canvas.shape(
        [
            *curve((146, 262), (150, 350), (196, 414), (256, 428), (316, 414), (362, 350), (366, 262)),
            *curve((352, 270), (336, 316), (296, 318), (256, 306), (216, 318), (176, 316), (160, 270)),
        ],
        "#f6f1e7",
        shadow=5,
    )
    canvas.shape(
        [
            *curve((196, 322), (226, 304), (256, 312), (286, 304), (316, 322)),
            *curve((316, 326), (286, 338), (256, 328), (226, 338), (196, 326)),
        ],
        "#ffffff",
    )
    canvas.bow(256, 330, 18, 25, 155, BRICK, 6)
    _eyes(canvas, wrinkled=True)
    for x, lean in ((212, -3), (300, 3)):
        canvas.stroke([(x - 24, 236 - lean), (x, 228), (x + 24, 236 + lean)], "#f6f1e7", 11)
    canvas.disc(256, 290, 17, "#cc8a64", flat=0.85)
    _cap(canvas)


def _cap(canvas: Canvas) -> None:
    canvas.shape(
        [*curve((116, 158), (150, 96), (256, 70), (362, 96), (396, 158)), (372, 196), (140, 196)], PAPER, shadow=6
    )
    canvas.shape([(140, 172), (372, 172), (368, 216), (144, 216)], NIGHT)
    canvas.shape(
        [
            *curve((136, 214), (190, 206), (256, 204), (322, 206), (376, 214)),
            *curve((376, 220), (320, 244), (256, 250), (192, 244), (136, 220)),
        ],
        INK,
        shadow=5,
    )
    canvas.disc(256, 184, 25, RED)
    canvas.bow(256, 190, 12, 20, 160, AMBER, 5)
    canvas.stroke([(256, 170), (256, 202)], AMBER, 5)
    canvas.stroke([(247, 178), (265, 178)], AMBER, 5)


def teacher(canvas: Canvas) -> None:
    """Hair in a bun, a red cardigan, a wide smile."""
    _ground(canvas, "#f6e3c4", "#fbf0dc")
    canvas.disc(256, 78, 58, "#6b4632")
    canvas.bow(256, 84, 34, 200, 330, "#7d5640", 6)
    canvas.shape([around(256, 236, 134, angle) for angle in range(0, 360, 4)], "#6b4632", shadow=7)
    canvas.box(214, 112, 84, 15, RED, round_=7)
    _shoulders(canvas, RED)
    canvas.shape([(200, 390), (256, 512), (312, 390)], PAPER)
    canvas.stroke([(200, 388), (256, 512)], BRICK, 6)
    canvas.stroke([(312, 388), (256, 512)], BRICK, 6)
    for x in (222, 290):
        canvas.shape([(256, 402), (x - 12, 384), (x + 12, 424)], PAPER, shadow=3)
    _head(canvas, "#f3d0b1")
    canvas.shape(
        [
            *curve((142, 268), (150, 168), (256, 114), (362, 168), (370, 268)),
            *curve((354, 244), (330, 196), (282, 166), (236, 204), (180, 222), (158, 250)),
        ],
        "#6b4632",
    )
    _eyes(canvas)
    for x in (180, 332):
        canvas.disc(x, 312, 20, "#f0b295", flat=0.7)
    canvas.shape(
        [
            *curve((224, 322), (256, 328), (288, 322)),
            *curve((288, 322), (278, 350), (256, 356), (234, 350), (224, 322)),
        ],
        BRICK,
    )
    canvas.shape([(232, 325), (280, 325), (276, 335), (236, 335)], "#ffffff")
    for x in (146, 366):
        canvas.disc(x, 318, 8, AMBER)


def _ground(canvas: Canvas, tone: Colour, light: Colour) -> None:
    canvas.box(0, 0, 512, 512, tone)
    canvas.disc(MIDDLE, 250, 224, light)


def _shoulders(canvas: Canvas, coat: Colour) -> None:
    body = curve((36, 540), (70, 446), (150, 402), (256, 390), (362, 402), (442, 446), (476, 540))
    canvas.shape(body, coat, shadow=10)


def _head(canvas: Canvas, skin: Colour) -> None:
    canvas.box(216, 340, 80, 76, skin, round_=30)
    canvas.veil([(214, 366), (298, 366), (290, 396), (222, 396)], BRICK, 0.22, soft=10)
    for x in (150, 362):
        canvas.disc(x, 280, 22, skin, flat=1.25)
    canvas.shape(
        curve(
            (152, 240),
            (160, 160),
            (256, 122),
            (352, 160),
            (360, 240),
            (344, 326),
            (300, 374),
            (256, 386),
            (212, 374),
            (168, 326),
            (152, 240),
        ),
        skin,
        shadow=6,
    )


def _eyes(canvas: Canvas, *, wrinkled: bool = False) -> None:
    for x, way in ((212, -1), (300, 1)):
        canvas.disc(x, 268, 10, INK, flat=1.2)
        canvas.disc(x + 3, 263, 3.4, PAPER)
        if wrinkled:
            for lean in (-9, 4):
                canvas.stroke([(x + way * 26, 266 + lean / 2), (x + way * 42, 262 + lean)], "#b97c58", 3)
        else:
            canvas.stroke(curve((x - 20, 230), (x, 222), (x + 20, 230)), "#5a4436", 6)


def _smile(canvas: Canvas, half: float) -> None:
    canvas.stroke(curve((250, 290), (262, 306), (250, 310)), "#d19f7d", 5)
    canvas.stroke(
        curve((256 - half, 330), (256 - half / 2, 338), (256, 341), (256 + half / 2, 338), (256 + half, 330)), BRICK, 7
    )
    for x in (188, 324):
        canvas.disc(x, 316, 17, BLUSH, flat=0.65)
