"""Put an archive back into an empty place: media first, the database last, so that it can be begun again."""

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import IO, cast

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from articles.models.editions import Edition
from articles.safekeeping import archive, database, media
from articles.safekeeping.manifest import DATABASE, EDITIONS, MEDIA, Held, Manifest


class NotRestored(Exception):
    """The archive cannot be put back here; nothing was changed. The message says what to do."""


def check(source: Path, progress: archive.Progress) -> Manifest:
    """Read the whole archive and look at where it is to go. Raises NotRestored, BadArchive, DatabaseTrouble."""
    manifest = archive.read_through(source, progress)
    if manifest.engine != connection.vendor:
        raise NotRestored(
            _("The archive is of %(archive)s and this site's database of %(here)s. Set DATABASE_URL accordingly.")
            % {"archive": manifest.engine, "here": connection.vendor}
        )
    known = MigrationLoader(None, ignore_no_migrations=True)
    newer = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known.disk_migrations]
    if newer:
        raise NotRestored(
            _("The archive was taken by a newer newsdesk (%(version)s; unknown here: %(migrations)s). Install that.")
            % {"version": manifest.newsdesk, "migrations": ", ".join(newer[:5])}
        )
    tables = database.rows_there()
    if tables:
        raise NotRestored(
            _("The database is not empty (%(tables)s). Name an empty one in DATABASE_URL, or move this one away.")
            % {"tables": ", ".join(tables[:5])}
        )
    foreign = [name for name in media.stored() if not _is_of(name, manifest)]
    if foreign:
        raise NotRestored(
            _("The storage is not empty (%(files)s). Name an empty one in STORAGE_URL, or move these files away.")
            % {"files": ", ".join(foreign[:5])}
        )
    database.needs_tools()
    return manifest


def restore(source: Path, manifest: Manifest, progress: archive.Progress) -> list[int]:
    """Put back what `check` allowed. The keys of editions that are not as they were, which is none.

    Raises BadArchive, DatabaseTrouble.
    """
    with tempfile.TemporaryDirectory(prefix=archive.UNFINISHED, dir=database.place()) as folder:
        for name, file in archive.members(source):
            if name in (DATABASE, EDITIONS):
                with (Path(folder) / name).open("wb") as out:
                    shutil.copyfileobj(file, out, archive.PIECE)
            elif name.startswith(MEDIA) and not _is_of(name.removeprefix(MEDIA), manifest):
                wanted = name.removeprefix(MEDIA)
                _store(wanted, file, folder)
            progress(name)
        database.put_back(Path(folder) / DATABASE)
        return _changed(Path(folder) / EDITIONS)


def _store(name: str, file: IO[bytes], folder: str) -> None:
    """Store a file, by way of the disk: S3 wants to go to and fro in what it takes."""
    with tempfile.TemporaryFile(dir=folder) as whole:
        shutil.copyfileobj(file, whole, archive.PIECE)
        whole.seek(0)
        if default_storage.exists(name):  # half of an earlier try
            default_storage.delete(name)
        if default_storage.save(name, File(whole, name=name)) != name:
            raise NotRestored(name)


def _is_of(name: str, manifest: Manifest) -> bool:
    """Whether the stored file is there and just as the archive has it: an earlier try put it back."""
    wanted = manifest.files.get(MEDIA + name)
    if not wanted or not default_storage.exists(name) or default_storage.size(name) != wanted.size:
        return False
    with default_storage.open(name) as file:
        total = hashlib.sha256()
        for piece in file.chunks(archive.PIECE):
            total.update(cast("bytes", piece))
    return Held(wanted.size, total.hexdigest()) == wanted


def _changed(sums: Path) -> list[int]:
    rows = Edition.objects.order_by("pk").values_list("pk", "document").iterator(chunk_size=200)
    with sums.open(encoding="ascii") as lines:
        wanted = {int(key): total for total, key in (line.split() for line in lines)}
    changed = [key for key, document in rows if wanted.pop(key, "") != database.document_sum(document)]
    return sorted([*changed, *wanted])
