"""Events of the trail in the words of the desk."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from articles.models.desk import Event
from articles.trail import VERBS


def verb_in_words(event: Event) -> str:
    """What was done; the bare verb where this version of newsdesk does not know it."""
    return str(VERBS.get(event.verb, event.verb))


def details_in_words(event: Event) -> list[str]:
    """What the event keeps besides, in an order that reads well. What has no words here is left out."""
    details = event.details if isinstance(event.details, dict) else {}
    return [words(details[name]) for name, words in _DETAILS.items() if details.get(name) not in (None, "", [])]


def _moment(value: Any) -> str:
    at = value if isinstance(value, datetime) else parse_datetime(str(value))
    return date_format(localtime(at), "DATETIME_FORMAT") if at else str(value)


def _listed(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


_DETAILS: dict[str, Callable[[Any], str]] = {
    "edition": lambda value: _("edition %(number)s") % {"number": value},
    "recipient": lambda value: _("for %(name)s") % {"name": value},
    "assignee": lambda value: _("asked: %(name)s") % {"name": value},
    "was": lambda value: _("was to begin %(time)s") % {"time": _moment(value)},
    "at": lambda value: _("from %(time)s") % {"time": _moment(value)},
    "until": lambda value: _("until %(time)s") % {"time": _moment(value)},
    "tags": _listed,
    "correction": lambda value: _("correction: %(text)s") % {"text": value},
    "reason": lambda value: _("reason: %(text)s") % {"text": value},
    "section": _listed,
    "request": _listed,
    "answer": _listed,
    "text": _listed,
    "note": _listed,
}
