"""Which page a request asks for, and in which form. What it says besides never reaches the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve

from articles.reading import Kept

Environ = dict[str, Any]

LONGEST = 2_000  # bytes of an address that is looked at here; Django has the others


@dataclass(frozen=True, slots=True)
class Asked:
    """A page by its path, as WSGI has it, and the parameters that it knows, in one spelling."""

    path: str
    query: str
    keep: Kept
    arguments: Mapping[str, Any]

    @property
    def key(self) -> str:
        """The name under which its finished page is kept."""
        return key_of(self.path, self.query)


def key_of(path: str, query: str) -> str:
    """The name of a page."""
    return f"{path}?{query}" if query else path


def may_be_answered(environ: Environ) -> bool:
    """Whether any reader may ask so: our host, by GET or HEAD, and on https where the site is."""
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and _is_ours(environ.get("HTTP_HOST", ""))
        and (not settings.SECURE_SSL_REDIRECT or _is_secure(environ))
    )


@lru_cache(maxsize=256)
def _is_ours(host: str) -> bool:
    return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def _is_secure(environ: Environ) -> bool:
    name, value = settings.SECURE_PROXY_SSL_HEADER or ("", "")
    return bool(environ["wsgi.url_scheme"] == "https" or (name and environ.get(name) == value))


def asked(environ: Environ) -> Asked | None:
    """The page that is asked for; None for what is no reader's page, or one of which no finished pages are kept."""
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if len(path) + len(query) > LONGEST:
        return None
    found = _view_at(get_path_info(environ))
    if not found:
        return None
    keep, arguments = found
    return Asked(path, _known(query, keep.params) if query else "", keep, arguments)


@lru_cache(maxsize=4_096)
def _view_at(path: str) -> tuple[Kept, Mapping[str, Any]] | None:
    try:
        match = resolve(path)
    except Resolver404:
        return None
    keep = getattr(match.func, "kept", None)
    return (keep, match.kwargs) if keep else None


def _known(query: str, params: frozenset[str]) -> str:
    """The parameters that a page knows, the last of each name, by name: as Django would read them."""
    try:
        given = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=100))
    except ValueError:
        return ""
    return urlencode(sorted((name, value) for name, value in given.items() if name in params))


def plain(environ: Environ, page: Asked) -> Environ:
    """The same question without anything that is the asker's own: headers, cookies, other parameters, a body."""
    kept = {name: value for name, value in environ.items() if name.startswith("wsgi.") or name in _SERVER}
    own = {"REQUEST_METHOD": "GET", "QUERY_STRING": page.query, "PATH_INFO": page.path, "SCRIPT_NAME": ""}
    return {**kept, **own, "HTTP_HOST": _host(environ), "CONTENT_LENGTH": "", "CONTENT_TYPE": ""}


_SERVER = frozenset({"SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SERVER_SOFTWARE", "HTTP_X_FORWARDED_PROTO"})


def _host(environ: Environ) -> str:
    """The site's own host where it answers to that, so that no page is made for another of its names."""
    own = settings.SITE_URL.partition("://")[2]
    return own if _is_ours(own) else str(environ.get("HTTP_HOST", ""))


@lru_cache(maxsize=512)
def codings(accepted: str) -> frozenset[str]:
    """The content codings that an Accept-Encoding takes (RFC 9110 §12.5.3), of those that pages are kept in."""
    named = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        named[name.strip()] = "".join(weight.split()) not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    others = named.get("*", False)
    return frozenset(coding for coding in ("br", "gzip") if named.get(coding, others))
