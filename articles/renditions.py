"""Smaller copies of stored pictures: which there are, what they are called, and how a page names them. Pure.

A copy's name follows from the picture's, so that an edition need only keep which widths there are.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

WIDTHS = (320, 640, 1280, 1920)  # pixels


@dataclass(frozen=True, slots=True)
class _Encoding:
    format: str
    media_type: str
    ending: str
    options: dict[str, Any]


class Kind(Enum):
    """A format of copies. In the order in which a browser is offered them: the smallest files first."""

    AVIF = "avif"
    WEBP = "webp"
    JPEG = "jpeg"
    PNG = "png"

    @staticmethod
    def of(*, see_through: bool) -> "tuple[Kind, ...]":
        """The kinds that are made of a picture; transparency is lost in a JPEG."""
        return (Kind.AVIF, Kind.WEBP, Kind.PNG if see_through else Kind.JPEG)

    @property
    def format(self) -> str:
        """Pillow's name of it."""
        return ENCODINGS[self].format

    @property
    def media_type(self) -> str:
        return ENCODINGS[self].media_type

    @property
    def ending(self) -> str:
        return ENCODINGS[self].ending

    @property
    def options(self) -> dict[str, Any]:
        """How it is encoded."""
        return ENCODINGS[self].options


JPEG, PNG = Kind.JPEG, Kind.PNG
ENCODINGS = {
    Kind.AVIF: _Encoding("AVIF", "image/avif", "avif", {"quality": 60, "speed": 7}),
    Kind.WEBP: _Encoding("WEBP", "image/webp", "webp", {"quality": 78, "method": 4}),
    Kind.JPEG: _Encoding("JPEG", "image/jpeg", "jpg", {"quality": 85, "optimize": True, "progressive": True}),
    Kind.PNG: _Encoding("PNG", "image/png", "png", {"optimize": True}),
}


def rendition_name(file: str, kind: Kind, width: int) -> str:
    """The name of a picture's copy of that width: "pictures/ab/abcd-640.avif"."""
    return f"{stem(file)}-{width}.{kind.ending}"


def stem(file: str) -> str:
    """What the names of a picture and of its copies begin with."""
    return file.rpartition(".")[0] or file


def rendition_names(file: str, made: "dict[str, list[int]] | None") -> list[str]:
    """The names of all copies that were made of a picture."""
    return [rendition_name(file, Kind(kind), width) for kind, widths in (made or {}).items() for width in widths]


STEPS = 10  # into which a focal point is rounded, since a style sheet can only have so many classes


def focal_class(focal: "tuple[float, float] | list[float] | None") -> str:
    """The classes that keep a focal point in sight where a page crops; none for the middle."""
    x, y = (round(share * STEPS) for share in focal or (0.5, 0.5))
    return "" if (x, y) == (STEPS // 2, STEPS // 2) else f"focal-x-{x} focal-y-{y}"


def smallest(made: "dict[str, list[int]] | None") -> tuple[Kind, int] | None:
    """Kind and width of the smallest copy that every browser can show, if one was made."""
    for kind in (Kind.JPEG, Kind.PNG):
        if widths := (made or {}).get(kind.value):
            return kind, min(widths)
    return None


def in_order(facts: "dict[str, Any]") -> "list[tuple[Kind, list[int]]]":
    """The kinds of copies that an edition knows of a picture, with their widths, as a browser is offered them."""
    made = facts.get("renditions") or {}
    return [(kind, made[kind.value]) for kind in Kind if made.get(kind.value)]
