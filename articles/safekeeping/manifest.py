"""What an archive says of itself: when, of what, and the checksum of every file in it. It stands last."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

FORMAT = 1
NAME = "manifest.json"
DATABASE = "database"
EDITIONS = "editions.sha256"
MEDIA = "media/"


class BadArchive(Exception):
    """The archive is not one of ours, or not whole."""


@dataclass(frozen=True, slots=True)
class Held:
    """One file in the archive: its size in bytes and its SHA-256."""

    size: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """What is in an archive. `missing` are files that rows named and the storage did not have."""

    taken_at: str
    newsdesk: str
    engine: str
    migrations: list[list[str]]
    counts: dict[str, int]
    files: dict[str, Held] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    format: int = FORMAT

    def dumped(self) -> bytes:
        """Its JSON form."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()


def loaded(data: bytes) -> Manifest:
    """The manifest of a JSON form. Raises BadArchive."""
    try:
        form: dict[str, Any] = json.loads(data)
        if form["format"] != FORMAT:
            raise BadArchive(f"format {form['format']}")
        form["files"] = {name: Held(**held) for name, held in form["files"].items()}
        return Manifest(**form)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadArchive(str(error)) from error
