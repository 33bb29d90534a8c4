"""Pictures: what is stored is always one of our own making."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.forms import ModelForm
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from articles import images
from articles.images import LONGEST_SIDE, UnusablePicture, measure, normalise
from articles.models import Commentator
from tests.newsroom import picture

UPRIGHT, GPS, ORIENTATION = 6, 0x8825, 0x0112


def photograph(size: tuple[int, int] = (40, 30), orientation: int = 1) -> BytesIO:
    """A JPEG as a phone makes it: with where it was taken, a note, and which side is up."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010E] = "secret note"
    exif.get_ifd(GPS).update({1: "N", 2: (35.0, 1.0, 2.0)})
    return picture("JPEG", size, exif=exif, comment=b"secret comment", quality=95)


def opened(file: images.NormalPicture) -> Image.Image:
    file.seek(0)
    return Image.open(BytesIO(file.read()))


def test_photograph_loses_where_it_was_taken() -> None:
    assert b"secret note" in photograph().getvalue()
    stored = normalise(photograph())
    stored.seek(0)
    data = stored.read()
    assert not any(word in data for word in (b"Exif", b"GPS", b"secret"))
    assert opened(stored).format == "JPEG"
    assert not opened(stored).getexif()


def test_photograph_is_turned_upright() -> None:
    """Orientation 6: the camera was turned right; the left half of the file is the upper half of the picture."""
    upright = opened(normalise(photograph((40, 30), UPRIGHT)))
    assert upright.size == (30, 40)
    red, blue = upright.getpixel((15, 5)), upright.getpixel((15, 35))
    assert isinstance(red, tuple)
    assert isinstance(blue, tuple)
    assert red[0] > 150 > red[2]
    assert blue[2] > 150 > blue[0]


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_everything_else_becomes_png(kind: str) -> None:
    made = normalise(picture(kind))
    assert opened(made).format == "PNG"
    assert str(made.name).endswith(".png")
    assert (made.width, made.height) == opened(made).size == (40, 30)


def test_transparency_is_kept() -> None:
    out = BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(out, "PNG")
    out.seek(0)
    assert opened(normalise(out)).mode == "RGBA"


def test_animation_becomes_its_first_frame() -> None:
    out = BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "lime", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    out.seek(0)
    still = opened(normalise(out)).convert("RGB")
    assert still.getpixel((4, 4)) == (255, 0, 0)
    assert getattr(still, "n_frames", 1) == 1


def test_print_colours_become_screen_colours() -> None:
    out = BytesIO()
    Image.new("CMYK", (8, 8)).save(out, "JPEG")
    out.seek(0)
    assert opened(normalise(out)).mode == "RGB"


def test_large_picture_is_made_smaller() -> None:
    made = normalise(picture("JPEG", (4800, 1200)))
    assert (made.width, made.height) == (LONGEST_SIDE, 600)


def test_text_in_a_png_is_dropped() -> None:
    info = PngInfo()
    info.add_text("Comment", "secret <script>alert(1)</script>")
    made = normalise(picture("PNG", pnginfo=info))
    made.seek(0)
    assert b"secret" not in made.read()


def bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that says it is that large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


TRUNCATED = photograph((400, 300)).getvalue()[:2000]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        b"%PDF-1.7\n",
        b"GIF89a",
        b"\xff\xd8\xff\xe0",
        TRUNCATED,
        picture("PNG").getvalue()[:60],
        picture("BMP").getvalue(),
        picture("TIFF").getvalue(),
        picture("ICO").getvalue(),
        bomb(13_000, 13_000),
        bomb(8_000, 6_000),
        bomb(60_000, 60_000),
        b"x" * (10 * 1024 * 1024 + 1),
    ],
    ids=lambda data: f"{data[:12]!r}{len(data)}",
)
def test_what_is_no_sound_picture_is_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(UnusablePicture) as caught:
        normalise(BytesIO(data))
    assert len(caught.value.messages[0]) > 10


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow warns of the damage
@settings(max_examples=150, deadline=None)
@given(st.integers(0, 700), st.binary(min_size=1, max_size=8))
def test_damaged_photograph_is_read_or_refused(place: int, damage: bytes) -> None:
    data = bytearray(photograph().getvalue())
    data[place : place + len(damage)] = damage
    with suppress(UnusablePicture):
        assert normalise(BytesIO(bytes(data))).width


@pytest.mark.django_db
def test_same_picture_is_stored_once() -> None:
    people = [Commentator(name=name) for name in ("灘", "岬")]
    for person, name in zip(people, ("IMG_0001.JPG", "../../other name.png"), strict=True):
        person.portrait.save(name, ContentFile(photograph().getvalue()))
    first, second = Commentator.objects.order_by("pk")
    assert first.portrait.name == second.portrait.name
    assert (first.portrait_width, first.portrait_height) == (40, 30)
    stored = [path for path in Path(default_storage.path("")).rglob("*") if path.is_file()]
    assert [str(path.relative_to(default_storage.path(""))) for path in stored] == [first.portrait.name]


class PersonForm(ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    class Meta:
        model = Commentator
        fields = ["name", "portrait"]


def _upload(name: str, data: bytes) -> PersonForm:
    upload = ContentFile(data, name)
    request = RequestFactory().post("/", {"name": "灘", "portrait": upload})
    return PersonForm(request.POST, request.FILES)


@pytest.mark.django_db
def test_form_takes_a_picture_and_refuses_what_only_calls_itself_one() -> None:
    bad = _upload("portrait.png", b"<svg/>")
    assert not bad.is_valid()
    assert bad.errors["portrait"]
    good = _upload("portrait.png", photograph().getvalue())
    assert good.is_valid(), good.errors
    person = good.save()
    assert person.portrait.name.startswith("pictures/")
    assert person.portrait_width == 40


@pytest.mark.django_db
def test_picture_taken_away_takes_its_size_along() -> None:
    person = _upload("portrait.png", photograph().getvalue()).save()
    form = PersonForm({"name": "灘", "portrait-clear": "on"}, instance=person)
    assert form.is_valid()
    form.save()
    person = Commentator.objects.get()
    assert not person.portrait
    assert person.portrait_width is None


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "nowhere.png", "a\0b", "", ".", "x" * 5000, "~", "c:\\a", "\ud800"]
)
def test_measuring_odd_names_is_safe(name: str) -> None:
    assert measure(name) is None


def test_measuring_tells_the_size() -> None:
    name = default_storage.save("a.png", ContentFile(picture(size=(12, 34)).getvalue()))
    assert measure(name) == (12, 34)
    text = default_storage.save("b.png", ContentFile(b"text"))
    assert measure(text) is None
    huge = default_storage.save("c.png", ContentFile(bomb(12_000, 12_000)))
    assert measure(huge) == (12_000, 12_000)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec=None), max_size=30))
def test_measuring_any_name_is_safe(name: str) -> None:
    measure(name)
