"""For who lost the phone and the recovery codes, where no superuser can sign in to help."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from articles import second_factor, security_events, sessions


class Command(BaseCommand):
    help = "Takes the second factor off an account and ends its sessions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the name the person signs in with")

    def handle(self, *, name: str, **options: Any) -> None:
        """Take it off. Raises CommandError for a name that nobody has."""
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(_("Nobody signs in as %(name)s.") % {"name": name})
        if not second_factor.turn_off(user):
            self.stdout.write(_("%(name)s has no second factor.") % {"name": name})
            return
        sessions.end_all(user)
        security_events.record("factor_off", None, person=name)
        self.stdout.write(_("%(name)s signs in with the password alone now.") % {"name": name})
