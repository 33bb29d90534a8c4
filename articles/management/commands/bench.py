"""Measure the site beside what the least could cost: a bare view and files of the same bytes (docs/performance.md).

    python manage.py bench --sizes 1000 20000

It works on databases of its own, which it fills with invented articles and keeps for the next time, and serves them on
the loopback address alone.
"""

import signal
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsdesk.bench import databases, report, servers
from newsdesk.bench.load import HINT, WrongAnswer, tool
from newsdesk.bench.measure import Options
from newsdesk.bench.pages import NAMES
from newsdesk.bench.processes import Failed
from newsdesk.bench.run import Plan, run, write

SMALL, BIG = [1_000, 20_000], [1_000, 20_000, 100_000, 1_000_000]
POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"


class Command(BaseCommand):
    help = "Measure pages, feeds, searches and the desk beside a bare view and files of the same bytes."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        var = Path(settings.BASE_DIR, "var")
        parser.add_argument("--size", choices=["small", "big"], default="small", help="big goes to 1,000,000 articles")
        parser.add_argument("--sizes", type=int, nargs="+", metavar="N", help="numbers of articles, instead")
        parser.add_argument("--only", nargs="+", default=[], metavar="PAGE", choices=NAMES, help="some pages only")
        parser.add_argument("--rounds", type=int, default=3, help="rounds, of which medians are taken")
        parser.add_argument("--seconds", type=float, default=1.0, help="seconds of each page in each round")
        parser.add_argument("--workers", type=int, default=2, help="processes of each server")
        parser.add_argument("--server", choices=servers.SERVERS, default=servers.GRANIAN, help="what runs Python")
        parser.add_argument(
            "--databases",
            nargs="+",
            choices=["sqlite", "postgresql"],
            help="where corpora are; SQLite, and PostgreSQL where DATABASE_URL names one",
        )
        parser.add_argument("--cache", default="locmemcache://", help="CACHE_URL of the site")
        parser.add_argument(
            "--publications", type=int, default=5, help="articles published to see when readers do; 0: none"
        )
        parser.add_argument("--imported", type=int, default=5_000, help="articles imported to see how fast; 0: none")
        parser.add_argument("--no-desk", dest="desk", action="store_false", help="leave the desk out")
        parser.add_argument("--check", action="store_true", help="exit with 1 where a goal is not met")
        parser.add_argument("--folder", type=Path, default=var / "bench", help="where corpora are kept (SQLite)")
        parser.add_argument("--json", type=Path, default=var / "bench.json", help="where the figures are written")

    def handle(self, **options: Any) -> None:
        if not tool():
            raise CommandError(HINT)
        signal.signal(signal.SIGTERM, _stop)
        sizes = options["sizes"] or (BIG if options["size"] == "big" else SMALL)
        plan = Plan(sizes, _shelves(options), options["publications"], options["imported"], options["desk"])
        kept = ("folder", "rounds", "seconds", "workers", "server", "only", "cache")
        try:
            found = run(plan, Options(**{name: options[name] for name in kept}), self.stderr.write)
        except (WrongAnswer, Failed, databases.NoRoom) as error:
            raise CommandError(str(error)) from error
        drawings = write(found, options["json"])
        self.stdout.write(report.text(found))
        self.stderr.write(f"Written: {', '.join(map(str, [options['json'], *drawings]))}")
        if options["check"] and any(goal["met"] is False for goal in found["goals"]):
            sys.exit(1)


def _shelves(options: dict[str, Any]) -> list[databases.Shelf]:
    own = settings.DATABASES["default"]
    named = own["ENGINE"].endswith("postgresql")
    wanted = options["databases"] or ["sqlite", *(["postgresql"] if named else [])]
    shelves: list[databases.Shelf] = []
    if "sqlite" in wanted:
        shelves.append(databases.Files(options["folder"]))
    if "postgresql" in wanted:
        shelves.append(databases.Server(_address(own) if named else POSTGRES))
    return shelves


def _address(own: dict[str, Any]) -> str:
    """The address of the site's own PostgreSQL server."""
    password = f":{own['PASSWORD']}" if own.get("PASSWORD") else ""
    return f"postgres://{own['USER']}{password}@{own['HOST'] or '127.0.0.1'}:{own['PORT'] or 5432}/{own['NAME']}"


def _stop(*_: object) -> None:
    """End as on Ctrl-C, so that whatever runs is ended too."""
    raise KeyboardInterrupt
