"""One archive, a gzipped tar: the database first, then all media, last the manifest, without which it is not whole.

A picture without an article does no harm, so pictures may come while media are read. One that the copy of the database
names is in the archive, or the archive says that the storage had lost it.
"""

import gzip
import hashlib
import os
import re
import shutil
import tarfile
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, cast

from django.core.files.storage import default_storage
from django.db import connection

from articles.safekeeping import database, media
from articles.safekeeping.manifest import DATABASE, EDITIONS, MEDIA, NAME, BadArchive, Held, Manifest, loaded
from newsdesk import __version__

OWN_NAME = re.compile(r"newsdesk-\d{8}T\d{6}Z\.tar\.gz")
UNFINISHED = ".newsdesk-unfinished-"
LEFT_BEHIND = 86_400  # seconds after which what a killed backup left is taken away
MOST_TRIES = 3
PIECE = 1 << 20

Progress = Callable[[str], object]


class Measured:
    """A file as it is read: how long it was and its SHA-256."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.size, self._sum = file, 0, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self.file.read(size)
        self.size += len(data)
        self._sum.update(data)
        return data

    def held(self) -> Held:
        """What was read until now."""
        return Held(self.size, self._sum.hexdigest())


def own_name(at: datetime) -> str:
    """What an archive of that moment is called in a folder of archives."""
    return f"newsdesk-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.tar.gz"


def write(target: Path, progress: Progress) -> Manifest:
    """Write an archive under a name that is not taken; it stands there when it is whole and on the disk, or not at all.

    Pictures that were removed between database and media are looked for again with a new copy of the database.
    Raises FileExistsError, OSError, database.DatabaseTrouble.
    """
    if target.exists():
        raise FileExistsError(target)
    _clear(target.parent)
    lost: list[str] | None = None
    for _ in range(MOST_TRIES):
        with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=target.parent) as folder:
            manifest = _written(Path(folder), progress)
            if manifest.missing and manifest.missing != lost:
                lost = manifest.missing
                continue
            os.link(Path(folder) / "archive", target)  # refuses a name that was taken meanwhile
        break
    else:
        raise database.DatabaseTrouble(", ".join(lost or []))
    database.sync_folder(target.parent)
    return manifest


def _written(folder: Path, progress: Progress) -> Manifest:
    with _private(folder / "archive") as out:
        # Pictures are packed already: more than the least effort gains nothing.
        with gzip.GzipFile("", "wb", 1, out) as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
            with database.snapshot(folder / DATABASE) as taken:
                at = datetime.now(UTC).isoformat()
                counts, migrations = taken.counts(), taken.migrations()
                manifest = Manifest(at, __version__, connection.vendor, migrations, counts)
                named = set(taken.named_files())
                with _private(folder / EDITIONS) as sums:
                    sums.writelines(line.encode() for line in taken.edition_sums())
            for name in (DATABASE, EDITIONS):
                with (folder / name).open("rb") as file:
                    _add(tar, manifest, name, file, (folder / name).stat().st_size)
                progress(name)
            for name in media.stored():
                if _add_stored(tar, manifest, name):
                    progress(name)
            # Stored after the listing came by, or lost.
            named = {name for name in named if MEDIA + name not in manifest.files}
            manifest.missing = [name for name in sorted(named) if not _add_stored(tar, manifest, name)]
            data = manifest.dumped()
            _add(tar, Manifest("", "", "", [], {}), NAME, BytesIO(data), len(data))
        out.flush()
        os.fsync(out.fileno())
    return manifest


def _add_stored(tar: tarfile.TarFile, manifest: Manifest, name: str) -> bool:
    """Add a stored file, unless it went meanwhile."""
    try:
        file = default_storage.open(name)
        size = default_storage.size(name)
    except FileNotFoundError:
        return False
    with file:
        _add(tar, manifest, MEDIA + name, cast("IO[bytes]", file), size)
    return True


def _add(tar: tarfile.TarFile, manifest: Manifest, name: str, file: IO[bytes], size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, int(time.time())
    measured = Measured(file)
    tar.addfile(entry, cast("IO[bytes]", measured))
    manifest.files[name] = measured.held()


def read_through(source: Path, progress: Progress) -> Manifest:
    """Read an archive from end to end; its manifest, where every byte is as it was written. Raises BadArchive."""
    found: dict[str, Held] = {}
    data = b""
    try:
        for name, file in members(source):
            measured = Measured(file)
            kept = []
            while piece := measured.read(PIECE):
                if name == NAME:
                    kept.append(piece)
            if name in found:
                raise BadArchive(name)
            found[name], data = measured.held(), b"".join(kept)
            progress(name)
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
            raise
        raise BadArchive(str(error)) from error
    if found.pop(NAME, None) is None or not data:  # it stands last
        raise BadArchive(NAME)
    manifest = loaded(data)
    differing = [name for name in sorted(found.keys() | manifest.files) if found.get(name) != manifest.files.get(name)]
    if differing:
        raise BadArchive(", ".join(differing[:5]))
    return manifest


def members(source: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """The files of an archive, in order; each can be read until the next is asked for. Raises what tarfile raises."""
    with gzip.open(source) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
        for entry in tar:
            file = tar.extractfile(entry) if entry.isreg() else None
            if file is None or ".." in entry.name.split("/") or entry.name.startswith("/"):
                raise BadArchive(entry.name)
            yield entry.name, file
        while packed.read(PIECE):  # to the checksum at its end
            pass


def remove_older(folder: Path, keep: int) -> list[Path]:
    """Remove archives beyond the newest so many; nothing that is not called as ours are."""
    ours = sorted((file for file in folder.iterdir() if OWN_NAME.fullmatch(file.name)), reverse=True)
    for file in ours[keep:]:
        file.unlink()
    return ours[keep:]


def _clear(folder: Path) -> None:
    """Take away what killed backups left long ago."""
    for left in folder.glob(f"{UNFINISHED}*"):
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - LEFT_BEHIND:
                shutil.rmtree(left)


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """A new file that only its owner can read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file
