"""Serve the site in production: look whether it can be, then become the server.

SERVE_BIND, SERVE_WORKERS and SERVE_THREADS in the environment say where and with how much; docs/operating.md tells
the way. SIGHUP brings new code in without a request lost, SIGTERM ends it after the requests at work.
"""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from newsdesk import serving


class Command(BaseCommand):
    help = "Serve the site in production, once database and static files are in order."
    requires_system_checks = []  # of those that matter here, `refusals` says more

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only look whether the site can be served")
        parser.add_argument("--bind", metavar="HOST:PORT", help="where to listen; SERVE_BIND by default")

    def handle(self, *, check: bool, bind: str | None, **options: Any) -> None:
        """Raises CommandError with all that is not in order; else it does not return, but for `--check`."""
        try:
            wanted = serving.Serving.of(bind or settings.SERVE_BIND, settings.SERVE_WORKERS, settings.SERVE_THREADS)
        except serving.Unservable as error:
            raise CommandError(str(error)) from error
        if reasons := list(serving.refusals()):
            raise CommandError("\n".join(["The site is not served as it is:", *reasons]))
        if check:
            self.stdout.write("The site can be served.")
            return
        connections.close_all()
        self.stderr.write(f"Serving on {wanted.bind}: {wanted.workers} processes of {wanted.threads} threads.")
        sys.stdout.flush()
        sys.stderr.flush()
        command = wanted.command()
        os.execve(command[0], command, serving.environment(os.environ))  # noqa: S606  # it becomes the server
