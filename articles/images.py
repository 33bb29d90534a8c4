"""Pictures: the only place that decodes them. What is stored is always a picture of our own making.

An upload is checked before it is decoded (bytes, format, pixels), turned upright, freed of metadata (a phone writes
where it was taken) and encoded again, so that no hidden payload survives. The file is named by its content: the same
picture is stored once, and an address can be cached for ever.
"""

import hashlib
import warnings
from io import BytesIO
from typing import IO, Any

from django import forms
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2400  # pixels; twice what the widest column of a page shows


class UnusablePicture(ValidationError):
    """The upload is no picture we can keep; the message tells the editor what to do."""


class NormalPicture(ContentFile):  # type: ignore[type-arg]  # generic for type checkers only
    """A picture that went through `normalise`; knows its size in pixels."""

    def __init__(self, content: bytes, name: str, size: tuple[int, int]) -> None:
        super().__init__(content, name)
        self.width, self.height = size


def normalise(upload: IO[bytes]) -> NormalPicture:
    """Check a picture, decode it and encode it anew: upright, without metadata, at most 2,400 pixels long.

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
        except (UnidentifiedImageError, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise UnusablePicture(_("This is not a picture of the kind JPEG, PNG, WebP or GIF.")) from error
        except (OSError, SyntaxError, ValueError, EOFError) as error:  # what Pillow's decoders raise on damage
            raise UnusablePicture(_("The picture is damaged and cannot be read. Export it once more.")) from error


def _open(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data), formats=FORMATS)
    if image.width * image.height > MOST_PIXELS:
        raise UnusablePicture(_("The picture has more than 40 million pixels. Save it smaller and try again."))
    image.load()
    return image


def _encode(image: Image.Image) -> NormalPicture:
    photograph = image.format == "JPEG"
    upright = ImageOps.exif_transpose(image)
    clean = upright.convert("RGB" if photograph or not upright.has_transparency_data else "RGBA")
    clean.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    clean.info.clear()  # comments, profiles and Exif would else be written again
    out = BytesIO()
    if photograph:
        clean.save(out, "JPEG", quality=85, optimize=True, progressive=True)
    else:
        clean.save(out, "PNG", optimize=True)
    return NormalPicture(out.getvalue(), _name(out.getvalue(), "jpg" if photograph else "png"), clean.size)


def _name(content: bytes, ending: str) -> str:
    digest = hashlib.sha256(content).hexdigest()[:32]
    return f"pictures/{digest[:2]}/{digest}.{ending}"


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
        wanted = str(picture.name)
        self.name = wanted if self.storage.exists(wanted) else self.storage.save(wanted, picture)
        setattr(self.instance, self.field.attname, self.name)
        self._committed = True
        self.field.note_size(self.instance, (picture.width, picture.height))
        if save:
            self.instance.save()


class PictureFormField(forms.FileField):
    """Takes a picture from a form; what cannot be kept is refused there, with the reason."""

    widget = forms.ClearableFileInput

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        return normalise(upload) if upload else upload

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
