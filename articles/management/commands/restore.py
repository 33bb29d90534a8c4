"""Put a backup back into an empty place: an empty database and an empty storage.

    python manage.py restore /srv/backups/newsdesk-20260401T030000Z.tar.gz

The archive is read through before anything is touched. Interrupted, it is simply run again.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from articles.safekeeping import restoring
from articles.safekeeping.database import DatabaseTrouble
from articles.safekeeping.manifest import BadArchive


class Command(BaseCommand):
    help = "Put an archive that `backup` wrote back into an empty database and storage."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path, metavar="ARCHIVE")

    def handle(self, *, archive: Path, **options: Any) -> None:
        """Check, restore, migrate, compare, verify."""
        try:
            with tqdm(unit="", disable=None) as bar:
                manifest = restoring.check(archive, lambda name: bar.update())
                changed = restoring.restore(archive, manifest, lambda name: bar.update())
        except BadArchive as error:
            raise CommandError(_("The archive is damaged or not whole: %(error)s") % {"error": error}) from error
        except (OSError, restoring.NotRestored, DatabaseTrouble) as error:
            raise CommandError(str(error)) from error
        call_command("migrate", interactive=False, verbosity=0)
        if changed:
            raise CommandError(_("Restored, but these editions differ: %(editions)s") % {"editions": changed})
        call_command("verify", stdout=self.stdout)
        self.stdout.write(self.style.SUCCESS(_("Restored as of %(time)s.") % {"time": manifest.taken_at}))
