"""Kinds 70 to 86: files that call themselves pictures, given to the library of the desk.

Each has its verdict: refused with a message, or kept, and then it is a picture of our own making without a word in it.
"""

import io
import struct
import zlib
from collections.abc import Callable
from http.client import HTTPException

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.attack.kinds import REFUSED, SOUND, Target, Tries, kind
from tests.attack.uploads import send

ADD = "/admin/articles/picture/add/"
KEPT, NOT_KEPT, EITHER = True, False, None
LOOK = """
from django.core.files.storage import default_storage
from articles.models import Picture
row = Picture.objects.order_by("-pk").first()
data = default_storage.open(row.file.name).read()
from io import BytesIO
from PIL import Image
image = Image.open(BytesIO(data)); image.load()
found = [word for word in (b"Exif", b"GPS", b"<?php", b"<script", b"secret", b"PK\\x03\\x04", b"alert") if word in data]
print(row.pk, image.format, image.size[0], image.size[1], found or "clean")
"""


def _given(target: Target, data: bytes, wanted: bool | None, name: str = "港.jpg") -> str:
    browser = target.browsers["editor"]
    try:
        answer = send(browser, ADD, {}, "files", name, data)
    except (HTTPException, ConnectionError, TimeoutError) as error:
        return REFUSED if wanted is not KEPT else f"no answer: {error!r}"
    if answer.status >= 500:
        return f"status {answer.status}"
    if answer.status != 302:
        return REFUSED if wanted is not KEPT else f"{name}: refused, though it is sound"
    if wanted is NOT_KEPT:
        return f"{name}: kept, though it is no sound picture"
    told = target.site.does(LOOK)
    return SOUND if told.endswith("clean") else f"{name}: {told}"


def _files(number: int, name: str, *files: tuple[str, Callable[[], bytes], bool | None]) -> None:
    """Enter a kind whose tries are these files: name, content, verdict."""

    @kind(number, name)
    def tries(target: Target) -> Tries:
        for called, content, wanted in files:
            yield _given(target, content(), wanted, called)


def encoded(mode: str = "RGB", size: tuple[int, int] = (60, 40), form: str = "JPEG", **options: object) -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new(mode, size, 1).save(out, form, **options)
    return out.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png_of(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG that says it is so large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(data)) + _chunk(b"IEND", b"")


def _jpeg_of(width: int, height: int) -> bytes:
    """A JPEG that says it is so large."""
    data = bytearray(encoded())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def _exif(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "secret note"
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 1.0, 2.0)})
    return encoded(exif=exif)


def _texts() -> bytes:
    words = PngInfo()
    words.add_text("Comment", "<?php system($_GET[0]); ?> secret")
    return encoded(form="PNG", pnginfo=words)


def _animated(frames: int) -> bytes:
    images = [Image.new("P", (4, 4), number % 200) for number in range(frames)]
    out = io.BytesIO()
    images[0].save(out, "GIF", save_all=True, append_images=images[1:], duration=20)
    return out.getvalue()


def _zlib_bomb() -> bytes:
    """Text that unpacks to 64 MB."""
    text = b"Comment\x00\x00" + zlib.compress(b"a" * 64_000_000, 9)
    good = encoded(form="PNG")
    return good[:33] + _chunk(b"zTXt", text) + good[33:]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
XXE = b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>'
LAUGHS = b'<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><svg><text>&b;</text></svg>'

_files(70, "no bytes", ("a.jpg", lambda: b"", NOT_KEPT))
_files(
    71,
    "text, HTML, PDF, EPS under a picture's name",
    ("a.jpg", lambda: "港".encode(), NOT_KEPT),
    ("a.png", lambda: b"<html><script>alert(1)</script></html>", NOT_KEPT),
    ("a.jpg", lambda: b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", NOT_KEPT),
    ("a.jpg", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", NOT_KEPT),
)
_files(
    72,
    "SVG, and what XML can do",
    ("a.svg", lambda: SVG, NOT_KEPT),
    ("a.png", lambda: SVG, NOT_KEPT),
    ("a.svg", lambda: XXE, NOT_KEPT),
    ("a.svg", lambda: LAUGHS, NOT_KEPT),
)
_files(73, "a program in a PNG's text", ("a.png", _texts, KEPT), ("a.php.png", _texts, KEPT))
_files(
    74,
    "two things at once",
    ("a.jpg", lambda: encoded() + b"PK\x03\x04secret", KEPT),
    ("a.gif", lambda: encoded("P", form="GIF") + b"/*alert(1)*/", KEPT),
)
_files(75, "where a photograph was taken", ("a.jpg", _exif, KEPT))
_files(76, "turned photographs", *((f"{turn}.jpg", lambda turn=turn: _exif(turn), KEPT) for turn in range(1, 9)))
_files(77, "broken Exif", ("a.jpg", lambda: encoded(exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40), KEPT))
_files(
    78,
    "every kind of colour",
    *((f"{mode}.jpg", lambda mode=mode: encoded(mode), KEPT) for mode in ("L", "CMYK", "RGB", "1")),
    *((f"{mode}.png", lambda mode=mode: encoded(mode, form="PNG"), KEPT) for mode in ("P", "LA", "RGBA", "I;16", "1")),
)
_files(
    79,
    "cut off",
    ("scan.jpg", lambda: encoded(size=(600, 400), quality=95)[:-400], EITHER),
    ("head.jpg", lambda: encoded()[:30], NOT_KEPT),
    ("a.png", lambda: encoded(form="PNG", size=(300, 300))[:60], NOT_KEPT),
    ("a.gif", lambda: encoded("P", form="GIF")[:15], NOT_KEPT),
)
_files(
    80,
    "names that do not fit",
    ("a.png", encoded, KEPT),
    ("a.jpg.exe", encoded, KEPT),
    ("a", encoded, KEPT),
    ("a.jpg", lambda: encoded(form="BMP"), NOT_KEPT),
    ("a.tiff", lambda: encoded(form="TIFF"), NOT_KEPT),
)
_files(81, "animations", ("a.gif", lambda: _animated(3), KEPT), ("a.gif", lambda: _animated(5_000), EITHER))
_files(
    82,
    "more pixels than there is memory",
    ("a.jpg", lambda: _jpeg_of(65_500, 65_500), NOT_KEPT),
    ("a.png", lambda: _png_of(13_000, 13_000, b"\0" * 500_000), NOT_KEPT),
    ("a.png", lambda: _png_of(50_000, 50_000), NOT_KEPT),
    ("a.png", lambda: _png_of(2**31 - 1, 2**31 - 1), NOT_KEPT),
)
_files(83, "text that unpacks to 64 MB", ("a.png", _zlib_bomb, EITHER))
_files(
    84,
    "odd sizes",
    ("a.png", lambda: encoded(form="PNG", size=(60_000, 1)), EITHER),
    ("a.png", lambda: encoded(form="PNG", size=(1, 1)), EITHER),
    ("a.png", lambda: _png_of(0, 0), NOT_KEPT),
)
_files(85, "25 MB", ("a.jpg", lambda: encoded() + b"\0" * 25_000_000, NOT_KEPT))
_files(
    86,
    "names of files",
    ("a.jpg/", encoded, EITHER),  # a folder's, from which Django takes no file
    *(
        (name, encoded, KEPT)
        for name in (
            *(
                "../../etc/passwd.jpg",
                "..\\..\\a.jpg",
                "/etc/passwd",
                "C:\\a.jpg",
                "a\0.jpg",
                "a\n.jpg",
                "CON.jpg",
            ),
            *(
                "a" * 300 + ".jpg",
                "港" * 100 + ".jpg",
                "\u202egpj.exe",
                "a;b.jpg",
                'a"b.jpg',
                "<b>.jpg",
                "%00.jpg",
                "%2e%2e%2fa.jpg",
            ),
            *("-rf.jpg", "$(id).jpg", "`id`.jpg", "|.jpg", "~.jpg", ".htaccess", ".jpg", " .jpg", "a..jpg", "=1+1.jpg"),
        )
    ),
)
