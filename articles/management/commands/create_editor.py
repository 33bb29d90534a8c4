"""An account to try the desk with, on a machine of one's own."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

NAME = "editor"


class Command(BaseCommand):
    help = "Makes the account `editor`, if it is not there, and prints how to sign in. Only where DEBUG is on."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                _("The password of this account is printed, so it is made only where DEBUG is on. Use: %(command)s")
                % {"command": "manage.py create_first_editor"}
            )
        editor = get_user_model().objects.filter(username=NAME).first() or _create()
        shown = password() if editor.check_password(password()) else _("(changed since; set it anew: %(command)s)")
        self._print(_("Site"), settings.SITE_URL + "/")
        self._print(_("Desk"), settings.SITE_URL + reverse("admin:index"))
        self._print(_("User"), NAME)
        self._print(_("Password"), shown % {"command": f"manage.py changepassword {NAME}"})

    def _print(self, label: str, value: str) -> None:
        self.stdout.write(f"  {label}: {value}")


def password() -> str:
    """The sample editor's password: the same at every run on a machine, and another on every machine.

    It follows from SECRET_KEY, so nothing needs to remember it, and a database that is copied elsewhere takes no
    known password with it.
    """
    return salted_hmac("newsdesk.create_editor", NAME, algorithm="sha256").hexdigest()[:16]


def _create() -> User:
    return get_user_model().objects.create_superuser(NAME, f"{NAME}@example.com", password())
