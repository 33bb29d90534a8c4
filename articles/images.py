"""Pictures: the only place that decodes them. What is stored is always a picture of our own making.

An upload is checked before it is decoded (bytes, format, pixels, frames), turned upright, brought to the colours of
screens, freed of metadata (a phone writes where it was taken) and encoded again, so that no hidden payload survives.
The file is named by its content: the same picture is stored once, and an address can be cached for ever.
"""

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO, Any

from django import forms
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from articles.renditions import JPEG, PNG, WIDTHS, Kind, rendition_name

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000  # of all frames together
MOST_FRAMES = 100
LONGEST_SIDE = 2400  # pixels; twice what the widest column of a page shows

SCREEN = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


class UnusablePicture(ValidationError):
    """The upload is no picture we can keep; the message tells the editor what to do."""


class NormalPicture(ContentFile):  # type: ignore[type-arg]  # generic for type checkers only
    """A picture that went through `normalise`; knows its size in pixels."""

    def __init__(self, content: bytes, name: str, size: tuple[int, int]) -> None:
        super().__init__(content, name)
        self.width, self.height = size


def normalise(upload: IO[bytes]) -> NormalPicture:
    """Check a picture, decode it and encode it anew: upright, in sRGB, without metadata, at most 2,400 pixels long.

    A photograph (JPEG) stays one; everything else becomes PNG, an animation its first frame.
    Raises UnusablePicture for what is no picture, is too large, or is damaged.
    """
    data = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UnusablePicture(_("The picture is larger than 10 MB. Save it smaller and try again."))
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _encode(_open(data))
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise _too_many_pixels() from error
        except UnidentifiedImageError as error:
            raise UnusablePicture(_("This is not a picture of the kind JPEG, PNG, WebP or GIF.")) from error
        except (OSError, SyntaxError, ValueError, EOFError) as error:  # what Pillow's decoders raise on damage
            raise UnusablePicture(_("The picture is damaged and cannot be read. Export it once more.")) from error


def _too_many_pixels() -> UnusablePicture:
    return UnusablePicture(_("The picture has more than 40 million pixels. Save it smaller and try again."))


def _open(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data), formats=FORMATS)
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels()
    frames = getattr(image, "n_frames", 1)
    if frames > MOST_FRAMES:
        raise UnusablePicture(_("The animation has more than 100 frames. Save one frame as a picture."))
    if image.width * image.height * frames > MOST_PIXELS:
        raise _too_many_pixels()
    image.seek(0)
    image.load()
    return image


def _encode(image: Image.Image) -> NormalPicture:
    photograph = image.format == "JPEG"
    clean = _for_screens(ImageOps.exif_transpose(image), see_through=not photograph)
    clean.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    clean.info.clear()  # comments, profiles and Exif would else be written again
    content = _encoded(clean, JPEG if photograph else PNG)
    return NormalPicture(content, _name(content, "jpg" if photograph else "png"), clean.size)


def _for_screens(image: Image.Image, *, see_through: bool) -> Image.Image:
    """The picture in sRGB, whatever its profile, number of channels and depth; with its transparency if wanted."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # 16 bits a pixel; converting would cut all but the darkest off
        image = image.point(lambda value: value / 256).convert("L")
    alpha = image.convert("RGBA").getchannel("A") if see_through and image.has_transparency_data else None
    colours = image if image.mode in ("RGB", "CMYK", "L") else image.convert("RGB")
    plain = _in_srgb(colours, profile) if profile else colours.convert("RGB")
    if alpha:
        plain.putalpha(alpha)
    return plain


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """The colours that the profile means. A profile that cannot be read, or is not for such pictures, means nothing."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, SCREEN, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        converted = None
    return converted or image.convert("RGB")


def _encoded(image: Image.Image, kind: Kind) -> bytes:
    out = BytesIO()
    image.save(out, kind.format, **kind.options)
    return out.getvalue()


def _name(content: bytes, ending: str) -> str:
    digest = hashlib.sha256(content).hexdigest()[:32]
    return f"pictures/{digest[:2]}/{digest}.{ending}"


def store(upload: IO[bytes]) -> str:
    """Keep a picture, once however often it comes. Its name. Raises UnusablePicture."""
    return keep_file(normalise(upload))


def keep_file(picture: NormalPicture) -> str:
    """Write a picture that went through `normalise`. Its name. Raises UnusablePicture where there is no room."""
    return _write(str(picture.name), picture)


def _write(name: str, content: "File[Any]") -> str:
    """Write a file under a name that tells its content, unless it lies there. Raises UnusablePicture without room."""
    with _told():
        return name if default_storage.exists(name) else default_storage.save(name, content)


def lies_there(picture: NormalPicture) -> bool:
    """Whether the picture is stored already. Raises UnusablePicture where that cannot be found out."""
    with _told():
        return default_storage.exists(str(picture.name))


@contextmanager
def _told() -> Iterator[None]:
    """Tells the editor where the storage fails."""
    try:
        yield
    except OSError as error:
        raise UnusablePicture(
            _("The picture could not be stored: %(reason)s. Nothing of it was kept. Tell whoever runs the site.")
            % {"reason": error.strerror or error}
        ) from error


# Smaller copies


def make_renditions(name: str) -> dict[str, list[int]]:
    """Encode and store smaller copies of a stored picture; returns the widths by kind.

    Never wider than the picture itself. What lies in the storage already is not made again. Raises OSError where there
    is no such file or no room, UnusablePicture where it is no picture.
    """
    with default_storage.open(name) as file:
        data = file.read()
    try:
        image = _open(data)
        see_through = image.has_transparency_data
        image = image.convert("RGBA" if see_through else "RGB")
    except UnidentifiedImageError as error:
        raise UnusablePicture(_("This is not a picture of the kind JPEG, PNG, WebP or GIF.")) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # what Pillow's decoders raise on damage
        raise UnusablePicture(_("The picture is damaged and cannot be read. Export it once more.")) from error
    widths = sorted({width for width in WIDTHS if width < image.width} | {min(image.width, max(WIDTHS))})
    for width in widths:
        height = max(1, round(image.height * width / image.width))
        smaller = image.resize((width, height), Image.Resampling.LANCZOS) if width < image.width else image
        for kind in Kind.of(see_through=see_through):
            _write_rendition(rendition_name(name, kind, width), smaller, kind)
    return {kind.value: widths for kind in Kind.of(see_through=see_through)}


def _write_rendition(name: str, image: Image.Image, kind: Kind) -> None:
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(_encoded(image, kind)))


def measure(name: str) -> tuple[int, int] | None:
    """Width and height of a stored picture, or None where there is none of that name or it cannot be read."""
    try:
        with default_storage.open(name) as file, warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # nothing is decoded here
            return Image.open(file, formats=FORMATS).size
    except (OSError, SuspiciousOperation, UnidentifiedImageError, Image.DecompressionBombError, ValueError):
        return None


class PictureFile(FieldFile):
    """The stored picture of a row. Whatever is saved through it is normalised first."""

    field: "PictureField"

    def save(self, name: str | None, content: "File[Any]", save: bool = True) -> None:
        """Store a picture, once for all rows that show it, and note its size in the row."""
        picture = content if isinstance(content, NormalPicture) else normalise(content)
        self.name = keep_file(picture)
        setattr(self.instance, self.field.attname, self.name)
        self._committed = True
        self.field.note_size(self.instance, (picture.width, picture.height))
        if save:
            self.instance.save()


class PictureFormField(forms.FileField):
    """Takes a picture from a form; what cannot be kept is refused there, with the reason."""

    widget = forms.ClearableFileInput

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.widget.use_fieldset = False  # it has one label, whatever else Django puts beside it

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        if not upload:
            return upload
        picture = normalise(upload)
        keep_file(picture)  # here, where a full disk can still be told; a file that nothing names is swept away
        return picture

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "accept": "image/jpeg,image/png,image/webp,image/gif"}


class PictureField(models.FileField):
    """A picture; its size in pixels is kept beside it in `<name>_width` and `<name>_height`."""

    attr_class = PictureFile

    def __init__(self, verbose_name: Any = None, **options: Any) -> None:
        super().__init__(verbose_name, **{"max_length": 200, **options})

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        file = super().pre_save(model_instance, add)
        if not file:
            self.note_size(model_instance, (None, None))
        return file

    def note_size(self, instance: models.Model, size: tuple[int | None, int | None]) -> None:
        """Write width and height into the row."""
        for side, value in zip(("width", "height"), size, strict=True):
            setattr(instance, f"{self.attname}_{side}", value)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": PictureFormField, **kwargs})
