"""Addresses of sources: one spelling for each page, whatever it was pasted with. Pure: no Django models."""

import re
from posixpath import normpath
from urllib.parse import quote, unquote_to_bytes, urlsplit, urlunsplit

from articles.markup import safe_url

LONGEST = 2_000  # characters; of longer ones nobody could say where they lead

# What is hung on addresses to follow readers about; the page is the same without.
_TRACKING = re.compile(
    r"utm_\w+|(?:fb|g|d|ms|y|tt|tw|wbra|gbra)clid|mc_[ce]id|igshid?|_ga|_gl|_hs\w+|mkt_tok|oly_\w+_id|vero_\w+"
    r"|yclid|twclid|li_fat_id|s_cid|ns_\w+|spm|srsltid|xtor|cx_\w+|guc\w+|at_(?:medium|campaign|custom\d|link\w*)",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {80, 443}
_KEPT_IN_PATH, _KEPT_IN_QUERY = "/:@!$&'()*+,;=-._~", "/?:@!$'()*+,;-._~"


def normal(url: str) -> str:
    """The page's address as one row stands for it, or '' for what is no address of the web.

    Folded away: http or https, the default ports, the case of the host, its last dot, the fragment, empty queries,
    marks that follow readers about, and spellings of the same characters. Everything else can mean another page.
    """
    try:
        parts = urlsplit(safe_url(url.strip()))
        named = parts.hostname
        if not named or len(url) > LONGEST:
            return ""
        here = _host(named)
    except (ValueError, UnicodeError):
        return ""
    if not here:
        return ""
    port = "" if parts.port in (None, *_DEFAULT_PORTS) else f":{parts.port}"
    query = "&".join(_spelt(each, _KEPT_IN_QUERY + "=") for each in parts.query.split("&") if _means_something(each))
    pages = parts.fragment.startswith("!")  # some sites have their pages there
    fragment = _spelt(parts.fragment, _KEPT_IN_QUERY + "=&") if pages else ""
    return urlunsplit(("https", here + port, _path(parts.path), query, fragment))


def host(url: str) -> str:
    """The host of a normal address."""
    return urlsplit(url).hostname or ""


def _host(name: str) -> str:
    """In small ASCII letters, as name servers know it; '' where they cannot."""
    name = name.rstrip(".").lower()
    if ":" in name:
        return f"[{name}]"
    name = name if name.isascii() else name.encode("idna").decode("ascii")
    return name if re.fullmatch(r"[a-z0-9_.-]+", name) else ""


def _path(path: str) -> str:
    if "/." in path:
        end = "/" if path.endswith(("/", "/.", "/..")) else ""
        path = normpath(path).rstrip("/") + end
    return _spelt("/" + path.lstrip("/") if path.startswith("//") else path or "/", _KEPT_IN_PATH)


def _spelt(part: str, kept: str) -> str:
    """One spelling of the same characters. What is percent-encoded on purpose stays so."""
    tokens = re.split(r"(%[0-9a-fA-F]{2})", part)
    return "".join(_character(token) if index % 2 else quote(token, safe=kept) for index, token in enumerate(tokens))


def _character(token: str) -> str:
    """A percent-encoded byte: itself where it need not be encoded, else in capitals."""
    byte = unquote_to_bytes(token)
    return byte.decode() if re.fullmatch(rb"[A-Za-z0-9._~-]", byte) else token.upper()


def _means_something(pair: str) -> bool:
    return bool(pair) and not _TRACKING.fullmatch(pair.partition("=")[0])
