"""The record of security events: who signed in, failed to, or changed what an account may do. Kept for 90 days."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from articles.background import Enough, sweep
from articles.client_address import client_address
from articles.models.accounts import SecurityEvent

KEPT = timedelta(days=90)
LONGEST = 150  # characters of a name

KINDS: dict[str, str | Promise] = {
    "signed_in": pgettext_lazy("security event", "signed in"),
    "sign_in_failed": pgettext_lazy("security event", "failed to sign in"),
    "code_failed": pgettext_lazy("security event", "gave a wrong code"),
    "locked": pgettext_lazy("security event", "was locked out for a while"),
    "signed_out": pgettext_lazy("security event", "signed out"),
    "session_ended": pgettext_lazy("security event", "ended sessions"),
    "factor_on": pgettext_lazy("security event", "turned on the second factor"),
    "factor_off": pgettext_lazy("security event", "turned off the second factor"),
    "recovery_code_used": pgettext_lazy("security event", "used a recovery code"),
    "recovery_codes_made": pgettext_lazy("security event", "made new recovery codes"),
    "password_changed": pgettext_lazy("security event", "changed the password"),
    "password_reset": pgettext_lazy("security event", "set a new password by a link"),
    "roles_changed": pgettext_lazy("security event", "changed roles"),
    "account_made": pgettext_lazy("security event", "made an account"),
    "account_deactivated": pgettext_lazy("security event", "deactivated an account"),
    "denied": pgettext_lazy("security event", "was refused a page"),
}
LABELS: dict[str, str | Promise] = {
    "page": gettext_lazy("page"),
    "count": gettext_lazy("how many"),
    "left": gettext_lazy("codes left"),
    "was": gettext_lazy("before"),
    "roles": gettext_lazy("roles"),
    "with": gettext_lazy("with"),
}


def record(kind: str, request: HttpRequest | None, *, by: User | None = None, person: str = "", **details: Any) -> None:
    """Write down what just happened, never a password or a code. `request` is None for a command.

    `by` is who acted, `person` whose account it was if not the actor's own, or the name that was typed.
    Raises KeyError for a kind that KINDS does not know.
    """
    if kind not in KINDS:
        raise KeyError(kind)
    SecurityEvent.objects.create(
        kind=kind,
        by=by,
        by_name=printable(by.get_username()) if by else "",
        person=printable(person),
        address=client_address(request) if request else None,
        details={name: _storable(value) for name, value in details.items() if value not in (None, "", [])},
    )


def _storable(value: Any) -> Any:
    """A value as PostgreSQL takes it: an address that somebody asked for may hold any sign."""
    return printable(value) if isinstance(value, str) else value


def printable(text: str) -> str:
    """The text in one line, without signs that hide or turn round what stands beside them."""
    return "".join(sign if sign.isprintable() else "�" for sign in text)[:LONGEST]


def tell(event: SecurityEvent) -> str:
    """The details of an event in a line."""
    return "、".join(f"{LABELS.get(name, name)}: {_value(value)}" for name, value in event.details.items())


def _value(value: Any) -> str:
    return printable(" ".join(map(str, value)) if isinstance(value, list) else str(value))


@sweep(every=timedelta(days=1))
def forget(enough: Enough) -> None:
    """Delete what happened more than 90 days ago."""
    SecurityEvent.objects.filter(at__lt=timezone.now() - KEPT).delete()
