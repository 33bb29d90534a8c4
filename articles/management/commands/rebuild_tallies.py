"""Count anew how many articles there are of each tag, month and publisher.

    python manage.py rebuild_tallies [--check]

Publishing keeps them by itself; it is needed after rows were changed by hand. `--check` changes nothing, and says what
differs.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from articles import tallies


class Command(BaseCommand):
    help = "Count anew how many articles there are of each tag, month and publisher."

    def add_arguments(self, parser: CommandParser) -> None:
        """--check."""
        parser.add_argument("--check", action="store_true", help="change nothing, and say what differs")

    def handle(self, *, check: bool, **options: Any) -> None:
        """Raises CommandError where --check finds a difference."""
        if not check:
            tallies.rebuild()
        found = tallies.differences()
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(_("The tallies differ from the articles. Run rebuild_tallies without --check."))
        self.stdout.write(self.style.SUCCESS(_("The tallies are what the articles are.")))
