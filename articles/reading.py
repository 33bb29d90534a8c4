"""What every page outside the desk has in common: who may ask for it, and when it has to be sent again.

Nothing here or below it may import the draft models, touch the session or set a cookie.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.encoding import escape_uri_path
from django.views.decorators.http import condition, require_safe

from articles import changes

# What files shape pages, by the ends of their names.
SHAPING = (".html", ".xml", ".txt", ".css", ".js", ".py", ".svg", ".png", ".ico", ".mo")

_NUMBER = re.compile(r"[1-9]\d{0,5}", re.ASCII)  # of a page

View = Callable[..., HttpResponseBase]
Subjects = Callable[..., Sequence[str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """How the finished pages of a view are kept (newsdesk.page_store), and what tells whether they are still true."""

    of: Subjects  # by the arguments of the address, the subjects it is made of (articles.changes)
    params: frozenset[str]  # the parameters of the query that it knows; all others are as if they were not there


def _of_the_site(**kwargs: Any) -> Sequence[str]:
    return [changes.SITE]


def for_readers(
    max_age: int = 0,
    *,
    ages: bool = False,
    of: Subjects = _of_the_site,
    params: Collection[str] = (),
    leafed: bool = False,
    kept: bool = True,
) -> Callable[[View], View]:
    """Declare that anybody may GET or HEAD the view, and answer 304 to whoever has its present state.

    The validators cost one query and are made from data alone (RFC 9110 §8.8), so that either of them works by itself
    and a HEAD has those of a GET. `max_age` is how many seconds a cache need not ask again. A page that
    `ages` changes by the mere passing of time, too: it has one validator, which holds for an hour. `of` and `params`
    tell what finished pages are made of and named by; none are `kept` where there is no end of them, or they age.
    A list that is `leafed` through knows `before` and `after`; where pages had numbers once, its first one answers.
    """
    known = {*params, *(("before", "after", "page") if leafed else ())}
    keep = None if ages or not kept else Kept(of, frozenset(known))

    def declare(view: View) -> View:
        conditional = condition(_hourly_etag if ages else _etag, None if ages else _last_modified)(view)

        @require_safe
        @wraps(view)
        def public(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if leafed and "page" in request.GET:
                return _beginning(request)
            response: HttpResponseBase = conditional(request, *args, **kwargs)
            patch_cache_control(response, public=True, max_age=max_age)
            return response

        public.audience = "readers"  # type: ignore[attr-defined]  # read by the test that walks every address
        public.kept = keep  # type: ignore[attr-defined]  # read by the page store
        return public

    return declare


def _beginning(request: HttpRequest) -> HttpResponseBase:
    """The way to a list's first page, from where its pages had numbers. Raises Http404 for what was no page's."""
    if not _NUMBER.fullmatch(request.GET.get("page", "")):
        raise Http404
    return HttpResponsePermanentRedirect(escape_uri_path(request.path))


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


def site_state(request: HttpRequest) -> changes.State:
    """The state of the whole site: whatever a page is made of, it changes with that. Asked once a request."""
    if not hasattr(request, "site_state"):
        request.site_state = changes.state([changes.SITE])  # type: ignore[attr-defined]
    return request.site_state  # type: ignore[attr-defined, no-any-return]


def _etag(request: HttpRequest, *args: Any, **kwargs: Any) -> str:
    return _hash(f"{fingerprint()} {request.get_full_path()} {site_state(request).text}")


def _hourly_etag(request: HttpRequest, *args: Any, **kwargs: Any) -> str:
    return _hash(f"{_etag(request)} {timezone.now():%Y-%m-%d %H}")


def _hash(state: str) -> str:
    return f'"{hashlib.sha256(state.encode()).hexdigest()[:32]}"'


def _last_modified(request: HttpRequest, *args: Any, **kwargs: Any) -> datetime | None:
    """The last change, unless another may follow in the same second, which the header could not tell."""
    changed = site_state(request).changed_at
    return changed if changed and changed < timezone.now() - timedelta(seconds=1) else None


def fingerprint() -> str:
    """A hash of everything but data that shapes a page: templates, style sheets, code and the site's settings."""
    return _fingerprint() if not settings.DEBUG else _fingerprint.__wrapped__()


@lru_cache(maxsize=1)
def _fingerprint() -> str:
    named = (settings.SITE_URL, settings.SITE_NAME, settings.SITE_DESCRIPTION, settings.SITE_TAGLINE)
    lists = (*settings.WEBSUB_HUB, *settings.SECURITY_CONTACT, repr(settings.STORAGES["default"]))
    digest = hashlib.sha256(" ".join([*named, str(settings.WAREKI), *lists]).encode())
    for folder in ("templates", "static", "articles", "newsdesk"):
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*.*")):
            if path.suffix in SHAPING:
                digest.update(f"{path} {path.stat().st_mtime_ns}".encode() if settings.DEBUG else path.read_bytes())
    return digest.hexdigest()
