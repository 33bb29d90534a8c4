"""Move a site from SQLite to the empty PostgreSQL database that DATABASE_URL names.

    DATABASE_URL=postgres://… python manage.py move_database sqlite:////srv/newsdesk.sqlite3

Rows and checksums of every table are compared before anything counts; interrupted, it is simply run again. The old
file is left as it is.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from articles.safekeeping.moving import NotMoved, move


class Command(BaseCommand):
    help = "Copy a site's SQLite database into the empty PostgreSQL database of DATABASE_URL, and compare."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("old", metavar="SQLITE_URL", help="such as sqlite:////srv/newsdesk/var/newsdesk.sqlite3")

    def handle(self, *, old: str, **options: Any) -> None:
        """Migrate, copy, compare, make the index, verify."""
        call_command("migrate", interactive=False, verbosity=0)
        try:
            with tqdm(unit="", disable=None) as bar:
                counts = move(old, lambda table: bar.update())
        except NotMoved as error:
            raise CommandError(str(error)) from error
        call_command("rebuild_search", stdout=self.stdout)
        call_command("verify", stdout=self.stdout)
        moved = _("Moved, and equal in all tables: %(rows)d rows of %(tables)d tables.")
        self.stdout.write(self.style.SUCCESS(moved % {"rows": sum(counts.values()), "tables": len(counts)}))
