"""Look whether editions, search index and stored pictures fit together; change nothing.

    python manage.py verify --json
    python manage.py verify --against /srv/backups/newsdesk-20260401T030000Z.tar.gz

With an archive of the site, editions are compared with the checksums in it, too: an edition never changes.
Exit status 1 where something is wrong.
"""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from articles.safekeeping.manifest import BadArchive
from articles.safekeeping.verifying import changed_since, findings


class Command(BaseCommand):
    help = "Look whether what the site holds fits together. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="a line of JSON for each finding")
        parser.add_argument(
            "--against", type=Path, metavar="ARCHIVE", help="compare editions with a backup of the site"
        )

    def handle(self, **options: Any) -> None:
        """One line for each finding, as it is found."""
        number = 0
        archive: Path | None = options["against"]
        try:
            found = list(changed_since(archive)) if archive else []
        except BadArchive as error:
            raise CommandError(_("The archive is damaged or not whole: %(error)s") % {"error": error}) from error
        except OSError as error:
            raise CommandError(str(error)) from error
        for finding in chain(found, findings()):
            number += 1
            line = f"{finding.kind}: {finding.subject}. {finding.advice}"
            self.stdout.write(json.dumps(asdict(finding), ensure_ascii=False) if options["json"] else line)
        if number:
            raise CommandError(_("Findings: %(number)d") % {"number": number})
