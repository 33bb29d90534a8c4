"""The first account of a site: whoever gets the link that is printed chooses the password."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from articles import security_events
from articles.admin import passwords


class Command(BaseCommand):
    help = "Makes an account that may do everything, and prints a link at which its password is set (valid 24 hours)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="the name to sign in with; asked for if it is not given")
        parser.add_argument("--email", default=None, help="where mails to this editor go")
        parser.add_argument("--despite-others", action="store_true", help="even if there are accounts already")

    def handle(self, *, name: str | None, email: str | None, despite_others: bool, **options: Any) -> None:
        """Make the account. Raises CommandError where there are others, or for a name that is taken or no name."""
        if User.objects.exists() and not despite_others:
            raise CommandError(
                _("There are accounts already. To make another one all the same: %(option)s")
                % {"option": "--despite-others"}
            )
        if name is None:
            name = input(_("Name to sign in with: "))
            email = email if email is not None else input(_("Mail address (may be empty): "))
        user = User(username=name, email=email or "", is_staff=True, is_superuser=True)
        user.set_unusable_password()
        try:
            user.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.save()
        security_events.record("account_made", None, person=name)
        self.stdout.write(_("Open this address within 24 hours and choose a password:"))
        self.stdout.write(passwords.link(user))
