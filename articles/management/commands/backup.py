"""Take a backup while the site runs: one archive with the database and all pictures.

    python manage.py backup /srv/backups --keep 14

In a folder the archive is called after the moment; a file is written under the name given. Exit status 1: no archive,
or one without pictures that rows name and the storage has lost.
"""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from articles.safekeeping import archive
from articles.safekeeping.database import DatabaseTrouble


class Command(BaseCommand):
    help = "Write database and pictures into one archive, while editors go on working."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, metavar="FOLDER_OR_FILE")
        parser.add_argument("--keep", type=int, metavar="N", help="in a folder: remove archives but the newest N")

    def handle(self, *, target: Path, keep: int | None, **options: Any) -> None:
        """Write it, then remove older ones."""
        if keep is not None and (keep < 1 or not target.is_dir()):
            raise CommandError(_("--keep takes a number from 1, and the archive a folder that is there."))
        file = target / archive.own_name(datetime.now(UTC)) if target.is_dir() else target
        try:
            with tqdm(unit="", disable=None) as bar:
                manifest = archive.write(file, lambda name: bar.update())
        except (OSError, DatabaseTrouble) as error:
            raise CommandError(_("No backup was written: %(error)s") % {"error": error}) from error
        self.stdout.write(str(file))
        if keep is not None:
            archive.remove_older(target, keep)
        if manifest.missing:
            raise CommandError(
                _("The backup is written, but the storage has lost files that rows name: %(files)s")
                % {"files": ", ".join(manifest.missing)}
            )
