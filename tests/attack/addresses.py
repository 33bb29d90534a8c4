"""Kinds 87 to 106: addresses that lead where the site must not go, and servers that mean harm.

Addresses are given to the one place that fetches, while every connection of the process is watched, and pasted at the
desk. The servers are on loopback, behind the one door that tests have.
"""

import time
import tracemalloc
from collections.abc import Callable

import pytest

from articles.cards import read_card
from articles.fetching import Fetcher, FetchError
from tests.attack.kinds import REFUSED, SOUND, Target, Tries, kind
from tests.hosts import Talk, connections, host, reply
from tests.test_fetching import HARMFUL, HOSTILE_OF_KIND

LONGEST, LARGEST = 12.0, 64 * 1024 * 1024  # seconds and bytes
SECONDS = 2.0  # that a server is given here; ten on a site


def _watched(url: str) -> str:
    with connections() as seen:
        try:
            Fetcher(seconds=SECONDS, pace=0).ask("GET", url)
        except FetchError:
            return f"{url!r} was connected to" if seen else REFUSED
    return f"{url!r} was fetched"


def _enter(number: int, name: str, urls: list[str]) -> None:
    @kind(number, name)
    def tries(target: Target) -> Tries:
        editor = target.browsers["editor"]
        for url in urls:
            yield _watched(url)
            token = editor.cookies["csrftoken"]
            status = editor.post("/admin/articles/article/1/card/", {"url": url, "csrfmiddlewaretoken": token}).status
            yield f"status {status} for {url!r} at the desk" if status >= 500 else REFUSED if status >= 400 else SOUND


for _number, (_name, _urls) in HOSTILE_OF_KIND.items():
    _enter(_number, _name, _urls)


@kind(95, "names that answer differently the second time")
def rebinding(_target: Target) -> Tries:
    for answers in (["8.8.8.8", "127.0.0.1"], ["127.0.0.1"], ["1.1.1.1", "10.0.0.1"], ["::1"]):
        with connections() as seen:
            try:
                # One answer that is not public spoils all; nothing is dialled before all were judged.
                Fetcher(resolve=_always(answers), seconds=SECONDS, pace=0).ask("GET", "http://a.example/")
                yield "fetched"
            except FetchError:
                yield "connected to" if seen else REFUSED


def _always(answers: list[str]) -> Callable[[str], list[str]]:
    return lambda _name: answers


HARMS: dict[int, tuple[str, Callable[[str], bool]]] = {
    96: ("redirects to where nobody may go", lambda name: name.startswith("to_")),
    97: ("pages that lead on by themselves", lambda name: name == "meta_refresh"),
    98: ("slow and silent servers", lambda name: "slow" in name or "silence" in name),
    99: ("endless answers", lambda name: name.startswith("endless")),
    100: ("answers that are packed", lambda name: "bomb" in name or "pack" in name or "gzip" in name),
    102: ("what is no page", lambda name: name in ("pdf", "picture", "no_type")),
    104: ("cookies and passwords asked for", lambda name: name == "cookie_and_401"),
    106: ("to be asked again in three thousand years", lambda name: name == "later"),
}
HARMS[101] = ("broken answers", lambda name: not any(wanted(name) for key, (_, wanted) in HARMS.items() if key != 101))


def _asked(name: str, talk: Talk) -> str:
    patch = pytest.MonkeyPatch()
    with host(patch, **{name: talk, "fine": reply("<title>港</title>")}) as server, connections() as seen:
        tracemalloc.start()
        began, came = time.monotonic(), SOUND
        try:
            Fetcher(seconds=SECONDS, pace=0).ask("GET", f"{server.url}/{name}")
        except FetchError:
            came = REFUSED
        took, most = time.monotonic() - began, tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        elsewhere = set(seen) - {("127.0.0.1", server.port)}
    patch.undo()
    if elsewhere:
        return f"{name}: connected to {elsewhere}"
    return f"{name}: {took:.1f} seconds, {most} bytes" if took > LONGEST or most > LARGEST else came


def _enter_harm(number: int, name: str, wanted: Callable[[str], bool]) -> None:
    @kind(number, name)
    def tries(_target: Target) -> Tries:
        for each, (talk, _outcome) in HARMFUL.items():
            if wanted(each):
                yield _asked(each, talk)


for _number, (_name, _wanted) in HARMS.items():
    _enter_harm(_number, _name, _wanted)

PAGE = "<html><head><title>{}</title></head></html>"
CHARSETS: tuple[tuple[str, bytes], ...] = (
    ("text/html; charset=euc-jp", PAGE.format("港").encode("cp932")),
    ("text/html; charset=nothing-known", PAGE.format("港").encode()),
    ("text/html; charset=utf-7", b"<title>+ADw-script+AD4-alert(1)+ADw-/script+AD4-</title>"),
    ("text/html", b'<meta charset="utf-16"><title>a</title>'),
    ("text/html", b"\xff\xfe<\x00t\x00"),
)
ODD_PAGES: tuple[bytes, ...] = (
    PAGE.format("港" * 500_000).encode(),
    PAGE.format("前\x00\x01\u202e\u200b後").encode(),
    b"<div>" * 50_000 + b"<title>a</title>",
    PAGE.format("&#0;&#xD800;&#x110000;&lt;script&gt;&amp;amp;" * 500).encode(),
    b'<script type="application/ld+json">' + b'{"a":' * 20_000 + b"</script>",
    b"<title>" + b"<" * 100_000,
)


def _read(kind_of: str, body: bytes) -> str:
    began = time.monotonic()
    try:
        card = read_card(body, kind_of, "https://example.com/")
    except FetchError:
        return REFUSED
    bad = any(ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000 or sign in "\u202e\u200b" for sign in card.caption)
    slow = time.monotonic() - began > LONGEST
    return (
        "a control in the caption" if bad else "too slow" if slow else "too long" if len(card.caption) > 300 else SOUND
    )


@kind(103, "encodings that are wrong, unknown or dangerous")
def charsets(_target: Target) -> Tries:
    for kind_of, body in CHARSETS:
        yield _read(kind_of, body)


@kind(105, "endless titles, controls, deep nesting, entities")
def odd_pages(_target: Target) -> Tries:
    for body in ODD_PAGES:
        yield _read("text/html; charset=utf-8", body)
