"""What every page outside the desk has in common: who may ask for it, and when it has to be sent again.

Nothing here or below it may import the draft models, touch the session or set a cookie.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from articles.models.editions import Edition

# What files shape pages, by the ends of their names.
SHAPING = (".html", ".xml", ".txt", ".css", ".js", ".py", ".svg", ".png", ".ico", ".mo")

View = Callable[..., HttpResponseBase]
Etag = Callable[..., str]


def for_readers(max_age: int = 0, *, ages: bool = False, state: Etag | None = None) -> Callable[[View], View]:
    """Declare that anybody may GET or HEAD the view, and answer 304 to whoever has its present state.

    The validators cost one query and are made from data alone (RFC 9110 §8.8), so that either of them works by itself
    and a HEAD has those of a GET. `max_age` is how many seconds a cache need not ask again. A page that
    `ages` changes by the mere passing of time, too: it has one validator, which holds for an hour. One that shows
    what no edition tells of has one as well: `state`, called as the view is, gives that in words, for a query more.
    """

    def declare(view: View) -> View:
        etag = _hourly_etag if ages else _etag
        conditional = condition(_with(state, etag) if state else etag, None if ages or state else _last_modified)(view)

        @require_safe
        @wraps(view)
        def public(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            response: HttpResponseBase = conditional(request, *args, **kwargs)
            patch_cache_control(response, public=True, max_age=max_age)
            return response

        public.audience = "readers"  # type: ignore[attr-defined]  # read by the test that walks every address
        return public

    return declare


def for_holders(view: View) -> View:
    """Declare that whoever holds the address may GET or HEAD the view, and that nothing may keep, find or pass it on.

    There are no validators: a copy that cannot be kept is never asked about.
    """

    @require_safe
    @wraps(view)
    def held(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    held.audience = "holders"  # type: ignore[attr-defined]  # read by the test that walks every address
    return held


def _changed(request: HttpRequest) -> datetime | None:
    """When anything readers see last changed; asked once a request."""
    if not hasattr(request, "last_change"):
        request.last_change = Edition.objects.last_change(timezone.now())  # type: ignore[attr-defined]
    return request.last_change  # type: ignore[attr-defined, no-any-return]


def _etag(request: HttpRequest, *args: Any, **kwargs: Any) -> str:
    return _hash(f"{fingerprint()} {request.get_full_path()} {_changed(request)}")


def _hourly_etag(request: HttpRequest, *args: Any, **kwargs: Any) -> str:
    return _hash(f"{_etag(request)} {timezone.now():%Y-%m-%d %H}")


def _with(state: Etag, etag: Etag) -> Etag:
    def both(request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return _hash(f"{etag(request)} {state(request, *args, **kwargs)}")

    return both


def _hash(state: str) -> str:
    return f'"{hashlib.sha256(state.encode()).hexdigest()[:32]}"'


def _last_modified(request: HttpRequest, *args: Any, **kwargs: Any) -> datetime | None:
    """The last change, unless another may follow in the same second, which the header could not tell."""
    changed = _changed(request)
    return changed if changed and changed < timezone.now() - timedelta(seconds=1) else None


def fingerprint() -> str:
    """A hash of everything but data that shapes a page: templates, style sheets, code and the site's settings."""
    return _fingerprint() if not settings.DEBUG else _fingerprint.__wrapped__()


@lru_cache(maxsize=1)
def _fingerprint() -> str:
    named = (settings.SITE_URL, settings.SITE_NAME, settings.SITE_DESCRIPTION, settings.SITE_TAGLINE)
    lists = (*settings.WEBSUB_HUB, *settings.SECURITY_CONTACT)
    digest = hashlib.sha256(" ".join([*named, str(settings.WAREKI), *lists]).encode())
    for folder in ("templates", "static", "articles", "newsdesk"):
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*.*")):
            if path.suffix in SHAPING:
                digest.update(f"{path} {path.stat().st_mtime_ns}".encode() if settings.DEBUG else path.read_bytes())
    return digest.hexdigest()
