"""The score that the HTTP Observatory of MDN gives a page: its published rules, for what an application answers for.

https://github.com/mdn/mdn-http-observatory: begin with 100, subtract, and add the extras from 90 on. Redirection and
the preload list are the deployed site's and are left out.
"""

import re
from collections.abc import Iterator, Mapping
from http.cookies import SimpleCookie

BROAD = {"ftp:", "http:", "https:", "*", "http://*", "https://*"}
UNSAFE = {"'unsafe-inline'", "data:"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
SIX_MONTHS = 15_768_000
EXTRAS_FROM = 90


def score(headers: Mapping[str, str], cookies: "SimpleCookie | None" = None, html: str = "") -> int:
    """The score of a page on https."""
    points = [
        _policy(headers.get("Content-Security-Policy", "")),
        _cookies(cookies or SimpleCookie()),
        _transport(headers.get("Strict-Transport-Security", "")),
        _referrer(headers.get("Referrer-Policy", "")),
        0 if headers.get("X-Content-Type-Options") == "nosniff" else -5,
        _framing(headers),
        _embedding(headers.get("Cross-Origin-Resource-Policy", "")),
        _scripts(html),
    ]
    lowest = 100 + sum(point for point in points if point < 0)
    return lowest + sum(point for point in points if point > 0) if lowest >= EXTRAS_FROM else lowest


def directives(policy: str) -> dict[str, set[str]]:
    """A Content-Security-Policy in its parts."""
    parts = (part.split() for part in policy.lower().split(";") if part.strip())
    return {name: set(sources) or {"'none'"} for name, *sources in parts}


def _policy(policy: str) -> int:
    found = directives(policy)
    if not found:
        return -25

    def of(name: str) -> set[str]:
        return found.get(name, found.get("default-src", {"*"}))

    if of("script-src") & (BROAD | UNSAFE) or of("object-src") & BROAD:
        return -20
    if any(source.startswith(("http:", "ftp:")) for name in found if name != "img-src" for source in found[name]):
        return -20
    if "'unsafe-eval'" in of("script-src") | of("style-src"):
        return -10
    if any(source.startswith(("http:", "ftp:")) for source in of("img-src")):
        return -10
    if of("style-src") & (BROAD | UNSAFE):
        return 0
    return 10 if found.get("default-src") == {"'none'"} else 5


def _cookies(cookies: SimpleCookie) -> int:
    if not cookies:
        return 0
    worst = 5
    for name, cookie in cookies.items():
        session = "sess" in name.lower() or name.lower() in ("sid", "login")
        if not cookie["secure"]:
            worst = min(worst, -40 if session else -20)
        if session and not cookie["httponly"]:
            worst = min(worst, -30)
        if "csrf" in name.lower() and cookie["samesite"] not in ("Lax", "Strict"):
            worst = min(worst, -20)
        worst = worst if cookie["samesite"] else min(worst, 0)
    return worst


def _transport(header: str) -> int:
    found = re.search(r"max-age=(\d+)", header)
    if not found:
        return -20
    return 0 if int(found[1]) >= SIX_MONTHS else -10


def _referrer(header: str) -> int:
    if not header:
        return 0
    return 5 if header.split(",")[-1].strip() in PRIVATE else -5


def _framing(headers: Mapping[str, str]) -> int:
    ancestors = directives(headers.get("Content-Security-Policy", "")).get("frame-ancestors", {"*"})
    if not ancestors & BROAD:
        return 5
    return 0 if headers.get("X-Frame-Options", "").upper() in ("DENY", "SAMEORIGIN") else -20


def _embedding(header: str) -> int:
    return {"": 0, "same-origin": 10, "same-site": 10, "cross-origin": 0}.get(header, -5)


def _scripts(html: str) -> int:
    """Scripts of other hosts, none of which has a hash that it must match."""
    return -5 if any(_foreign(html)) else 0


def _foreign(html: str) -> Iterator[str]:
    yield from re.findall(r"<script[^>]+src=[\"']?((?:https?:)?//[^\"'> ]+)", html)
