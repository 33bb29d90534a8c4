"""Addresses made of every pattern that the site has, with what nobody expects in their places."""

import random
import re
from collections.abc import Iterator
from urllib.parse import quote

from django.urls import URLPattern, URLResolver, get_resolver

from tests.attack.kinds import Target, Tries, kind
from tests.drills.trial import SEED

TRIES = 5_000
ODD = (
    *("0", "1", "-1", "01", "9" * 19, "9" * 40, "2026", "13", "00", "１", "٣", "a", "A", "admin", "null", "true"),
    *("港", "ｶﾞ", "𠮷", "\u202e", "\u200b", "　", "%00", "%0a", "%2f", "%ff", "..", ".", "~", "+", " ", ";", "|", "\\"),
    *("'", '"', "<b>", "{{7}}", "${7}", "a" * 300),
)
PLACES = re.compile(r"<[^>]*>|\(\?P<\w+>[^)]*\)")


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every pattern of the site as text, its places as `{}`."""
    for each in (resolver or get_resolver()).url_patterns:
        text = before + PLACES.sub("{}", str(each.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z"))
        if isinstance(each, URLResolver):
            yield from routes(each, text)
        elif isinstance(each, URLPattern):
            yield text


def made(chance: random.Random) -> str:
    """One address: a pattern with odd things in its places, and now and then a query that nobody asks."""
    text = chance.choice(ROUTES)
    while "{}" in text:
        text = text.replace("{}", quote(chance.choice(ODD), safe="%"), 1)
    if chance.random() < 0.3:
        text += quote(chance.choice(ODD), safe="%/")
    if chance.random() < 0.5:
        names = ("q", "page", "before", "after", "tag", "month", "host", "o", "p", "e", "x" * 50)
        pairs = (f"{chance.choice(names)}={quote(chance.choice(ODD))}" for _ in range(chance.randint(1, 3)))
        text += "?" + "&".join(pairs)
    return "/" + text.replace("\\", "%5C").replace(" ", "%20")


ROUTES: list[str] = []


@kind(141, "addresses made of all patterns")
def fuzzed(target: Target) -> Tries:
    """As a stranger two times in three, as an editor else; nothing is sent but GET."""
    ROUTES[:] = sorted(set(routes()))
    chance = random.Random(SEED)  # noqa: S311  # the same every time
    for _ in range(TRIES):
        path = made(chance)
        if "logout" in path:
            continue
        came = target.get(path, chance.choice(("anonymous", "anonymous", "editor")))
        yield f"{came} for {path}" if came.startswith(("status", "no answer")) else came
