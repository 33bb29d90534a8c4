"""Who is signed in where. A session ends two weeks after it was last seen."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from articles.background import Enough, sweep
from articles.client_address import client_address
from articles.models.accounts import EditorSession
from articles.security_events import printable

GRAIN = timedelta(minutes=15)  # how exactly it is known when a session was last seen: one write for so long
KEY = "seen"
# As browsers name themselves; the first that is found counts, for most name others besides.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "FxiOS": "Firefox", "CriOS": "Chrome"} | {
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "Mac"} | {
    "Linux": "Linux"
}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session as its owner sees it; `handle` names it without giving it away."""

    handle: str
    browser: str
    address: str
    begun: datetime | None
    seen: datetime | None
    here: bool


@receiver(user_logged_in, dispatch_uid="articles.sessions.begun")
def begun(request: HttpRequest, **_more: Any) -> None:
    """Keep when, where from and with what the session began."""
    now = timezone.now().isoformat()
    agent = request.META.get("HTTP_USER_AGENT", "")[:300]
    request.session[KEY] = {"begun": now, "at": now, "agent": agent, "address": client_address(request) or ""}


def seen(request: HttpRequest) -> None:
    """Note that the session is in use, and so keep it, if that was not noted of late."""
    known = request.session.get(KEY) or {"begun": timezone.now().isoformat()}
    at = parse_datetime(known.get("at", ""))
    if at is None or at < timezone.now() - GRAIN:
        where = {"address": client_address(request) or "", "agent": request.META.get("HTTP_USER_AGENT", "")[:300]}
        request.session[KEY] = {**known, **where, "at": timezone.now().isoformat()}


def of(user: User, here: str | None = None) -> list[SignedIn]:
    """The sessions of a person, those last seen first; `here` is the key of the one that asks."""
    found = [_told(row, here) for row in _rows(user)]
    return sorted(found, key=lambda each: (each.here, each.seen or each.begun or timezone.now()), reverse=True)


def end(user: User, handle: str) -> int:
    """End one session of the person's. Returns how many that were."""
    return _delete([row.session_key for row in _rows(user) if _handle(row.session_key) == handle])


def end_all(user: User, but: str | None = None) -> int:
    """End all sessions of the person's but the one of that key. Returns how many."""
    return _delete([row.session_key for row in _rows(user) if row.session_key != but])


def browser_in_words(agent: str) -> str:
    """The browser and the machine that a User-Agent names, as a person would."""
    browser = next((name for sign, name in BROWSERS.items() if sign in agent), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("another browser")


@sweep(every=timedelta(days=1))
def forget(enough: Enough) -> None:
    """Delete sessions that ended by themselves."""
    EditorSession.objects.filter(expire_date__lt=timezone.now()).delete()


def _rows(user: User) -> list[EditorSession]:
    return list(EditorSession.objects.filter(user=user, expire_date__gt=timezone.now()))


def _delete(keys: list[str]) -> int:
    return EditorSession.objects.filter(session_key__in=keys).delete()[0]


def _told(row: EditorSession, here: str | None) -> SignedIn:
    known = row.get_decoded().get(KEY) or {}
    return SignedIn(
        handle=_handle(row.session_key),
        browser=browser_in_words(known.get("agent", "")),
        address=printable(known.get("address", "")),
        begun=parse_datetime(known.get("begun", "")),
        seen=parse_datetime(known.get("at", "")),
        here=row.session_key == here,
    )


def _handle(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:20]
