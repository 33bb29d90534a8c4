"""Fetching: hostile addresses lead nowhere, hostile servers get little time and memory, kind ones are asked kindly."""

import ast
import gzip
import itertools
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from articles.fetching import (
    Answer,
    BadAddress,
    Disallowed,
    Fetcher,
    FetchError,
    NotAPage,
    NotPublic,
    Refused,
    TooManyRedirects,
    TooSlow,
    Unreachable,
    Unreadable,
    address,
)
from articles.fetching import fetcher as module
from articles.fetching.guard import Deadline
from articles.fetching.networks import is_public
from articles.fetching.robots import Robots
from tests.figures import Measure
from tests.hosts import Talk, connections, endlessly, host, reply, slowly, to

PAGE = reply("<title>港</title>")

Nowhere = Callable[[list[Any]], None]


@pytest.fixture
def nowhere(record_property: Measure) -> Nowhere:
    """Takes the connections that led where nobody may go, notes how many there were, and wants none."""

    def nowhere(seen: list[Any]) -> None:
        record_property("addresses and servers", 1)
        record_property("connections to where nobody may go", len(seen))
        assert seen == []

    return nowhere


def quick(seconds: float = 3.0) -> Fetcher:
    """A fetcher that does not wait for its turn."""
    return Fetcher(seconds=seconds, pace=0)


# Addresses

# By the numbers of the list of bad inputs (`tests.attack`).
HOSTILE_OF_KIND: dict[int, tuple[str, list[str]]] = {
    87: (
        "loopback in other clothes",
        [
            *(
                "http://127.0.0.1/",
                "http://127.1/",
                "http://127.0.1/",
                "http://0/",
                "http://0.0.0.0/",
                "http://2130706433/",
            ),
            *(
                "http://0x7f000001/",
                "http://0x7f.0.0.1/",
                "http://017700000001/",
                "http://0177.0.0.1/",
                "http://0177.1/",
            ),
            *(
                "http://①②⑦.⓪.⓪.①/",
                "http://①②⑦.0.0.1/",
                "http://127。0。0。1/",
                "http://127．0．0．1/",
                "http://１２７.０.０.１/",
            ),
            *(
                "http://localhost/",
                "http://localhost./",
                "http://LOCALHOST/",
                "http://ｌｏｃａｌｈｏｓｔ/",
                "http://ip6-localhost/",
            ),
            *("http://127.0.0.1./", "http://127.255.255.254/", "http://0x7f.0x0.0x0.0x1/", "http://00000177.0.0.1/"),
        ],
    ),
    88: (
        "IPv6",
        [
            *(
                "http://[::1]/",
                "http://[::]/",
                "http://[0:0:0:0:0:0:0:1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://[::127.0.0.1]/",
            ),
            *(
                "http://[::ffff:7f00:1]/",
                "http://[::ffff:169.254.169.254]/",
                "http://[::1%25lo]/",
                "http://[fe80::1%25eth0]/",
            ),
        ],
    ),
    89: (
        "ways through",
        [
            *("http://[64:ff9b::7f00:1]/", "http://[64:ff9b::a9fe:a9fe]/", "http://[64:ff9b:1::a9fe:a9fe]/"),
            *(
                "http://[2002:7f00:1::]/",
                "http://[2002:a9fe:a9fe::1]/",
                "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
            ),
            *(
                "http://192.88.99.1/",
                "http://[2001:db8::1]/",
                "http://[fec0::1]/",
                "http://[ff02::1]/",
                "http://[100::1]/",
            ),
        ],
    ),
    90: (
        "other people's insides",
        [
            *(
                "http://10.0.0.1/",
                "http://172.16.0.1/",
                "http://172.31.255.255/",
                "http://192.168.1.1/",
                "http://100.64.0.1/",
            ),
            *(
                "http://169.254.169.254/latest/meta-data/",
                "http://100.100.100.200/",
                "http://192.0.0.192/",
                "http://198.18.0.1/",
            ),
            *(
                "http://[fd00:ec2::254]/",
                "http://[fc00::1]/",
                "http://[fe80::1]/",
                "http://168.63.129.16/",
                "http://240.0.0.1/",
            ),
            *(
                "http://224.0.0.1/",
                "http://255.255.255.255/",
                "http://192.0.2.1/",
                "http://203.0.113.1/",
                "http://0251.254.169.254/",
            ),
            *("http://2852039166/", "http://0xa9fea9fe/", "http://198.51.100.1/"),
        ],
    ),
    91: (
        "schemes",
        [
            *(
                "file:///etc/passwd",
                "ftp://127.0.0.1/",
                "gopher://127.0.0.1:70/_",
                "javascript:alert(1)",
                "data:text/html,x",
            ),
            *(
                "//127.0.0.1/",
                "dict://127.0.0.1:11211/",
                "ws://127.0.0.1/",
                "HTTPS:127.0.0.1",
                "about:blank",
                "view-source:http://x/",
            ),
        ],
    ),
    92: (
        "ports",
        [
            *(
                "http://127.0.0.1:22/",
                "http://8.8.8.8:25/",
                "http://8.8.8.8:8080/",
                "https://8.8.8.8:6379/",
                "http://8.8.8.8:0/",
            ),
            "http://8.8.8.8:99999/",
        ],
    ),
    93: (
        "tricks",
        [
            *(
                "http://news.example@127.0.0.1/",
                "http://user:word@8.8.8.8/",
                "http://8.8.8.8\\@127.0.0.1/",
                "http://127.0.0.1#@8.8.8.8/",
            ),
            *(
                "http://127.0.0.1?@8.8.8.8/",
                "http://127.0.0.1%00.example.jp/",
                "http://127.0.0.1%2f@8.8.8.8/",
                "http://8.8.8.8&@127.0.0.1/",
            ),
            *(
                "http://127.0.0.1\t/",
                "http://127.0.0.1\r\nHost: x/",
                "http:\\\\127.0.0.1/",
                "http:/127.0.0.1/",
                "http:127.0.0.1/",
            ),
        ],
    ),
    94: (
        "no addresses",
        [
            *(
                "",
                " ",
                "http://",
                "http:///",
                "http://.",
                "http://..",
                "http://a b/",
                "http://[::1/",
                "http://[]/",
                "http://\x00/",
            ),
            *(
                "港",
                "http://" + "a" * 5_000 + "/",
                "http://" + "a." * 200 + "jp/",
                "http://-/",
                "http://xn--/",
                "http://%31/",
            ),
        ],
    ),
}
HOSTILE = [url for _name, urls in HOSTILE_OF_KIND.values() for url in urls]


def test_there_are_enough_hostile_addresses() -> None:
    assert len(set(HOSTILE)) >= 100


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_leads_nowhere(url: str, nowhere: Nowhere) -> None:
    with connections() as seen, pytest.raises(FetchError):
        quick().ask("GET", url)
    nowhere(seen)


@pytest.mark.parametrize(
    "number",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.192",
            "192.88.99.1",
            "224.0.0.1",
            "0.0.0.0",  # noqa: S104  # not bound to
        ),
        *(
            "::1",
            "::",
            "::ffff:8.8.8.8",
            "::8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
            "2001:0:1::1",
            "fd00:ec2::254",
        ),
        *(
            "fe80::1%2",
            "2606:4700::1%2",
            "ff05::2",
            "2001:db8::1",
            "3fff::1",
            "5f00::1",
            "255.255.255.255",
            "168.63.129.16",
        ),
        *("", "localhost", "127.1", "2130706433"),
    ],
)
def test_a_name_that_leads_to_what_is_not_public_is_not_followed(number: str, nowhere: Nowhere) -> None:
    assert not is_public(number)
    with connections() as seen, pytest.raises(NotPublic):
        Fetcher(resolve=lambda name: [number], pace=0).ask("GET", "https://news.example/")
    nowhere(seen)


@pytest.mark.parametrize(
    "number", ["8.8.8.8", "1.1.1.1", "193.0.6.139", "2606:4700:4700::1111", "2001:200:dff::1", "240b::1"]
)
def test_hosts_of_the_web_are_public(number: str) -> None:
    assert is_public(number)


def test_one_answer_that_is_not_public_spoils_all() -> None:
    with connections() as seen, pytest.raises(NotPublic):
        Fetcher(resolve=lambda name: ["8.8.8.8", "10.0.0.1"], pace=0).ask("GET", "http://news.example/")
    assert seen == []


def test_a_name_that_is_rebound_is_looked_up_once_a_connection_and_judged_each_time(
    monkeypatch: pytest.MonkeyPatch, nowhere: Nowhere
) -> None:
    with host(monkeypatch, a=to("/b"), b=PAGE) as server:
        answers = iter([["127.0.0.1"], ["127.0.0.1"], ["127.0.0.2"]])  # robots.txt, /a, /b
        with connections() as seen, pytest.raises(NotPublic):
            Fetcher(resolve=lambda name: next(answers), pace=0).ask("GET", f"http://news.example:{server.port}/a")
        nowhere([each for each in seen if each != ("127.0.0.1", server.port)])
        assert len(seen) == 2
        assert next(answers, None) is None


def test_the_host_is_named_though_its_number_is_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    with host(monkeypatch, a=PAGE) as server:
        Fetcher(resolve=lambda name: ["127.0.0.1"], pace=0).ask("GET", f"http://news.example:{server.port}/a")
        assert f"Host: news.example:{server.port}" in server.asked[-1][3]


def test_tls_asks_for_the_host_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    monkeypatch.setattr(module, "DOORS", {("127.0.0.1", port)})
    listener.settimeout(5)
    hello: list[bytes] = []

    def resolve(name: str) -> list[str]:
        def serve() -> None:
            connection, _ = listener.accept()
            hello.append(connection.recv(4096))
            connection.close()

        threading.Thread(target=serve, daemon=True).start()
        return ["127.0.0.1"]

    with listener, pytest.raises(Unreachable):
        Fetcher(resolve=resolve, pace=0).ask("GET", f"https://news.example:{port}/")
    assert b"news.example" in hello[0]


def test_proxies_of_the_environment_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with host(monkeypatch, a=PAGE) as server:
        assert quick().page(f"{server.url}/a").status == 200


def test_no_door_is_open_but_in_tests() -> None:
    assert not module.DOORS
    for path in (Path(__file__).parent.parent / "articles").rglob("*.py"):
        assert path.name in ("fetcher.py", "guard.py") or "DOORS" not in path.read_text(encoding="utf-8"), path


FETCHES = {"httpx2", "httpcore2", "urllib.request", "http.client", "socket", "requests", "httpx", "ftplib", "smtplib"}


def test_nothing_else_of_the_project_can_fetch() -> None:
    for path in sorted((Path(__file__).parent.parent / "articles").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            assert path.parent.name == "fetching" or not FETCHES & set(names), path


# What is asked, and how


def test_a_request_says_who_asks_and_brings_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    with host(monkeypatch, a=to("/b"), b=PAGE) as server:
        server.answers["/a"] = reply(status="302 Found", Location="/b", Set_Cookie="who=you; Path=/")
        quick().page(f"{server.url}/a")
        for _, _, _, headers in server.asked:
            assert f"User-Agent: newsdesk (+{settings.SITE_URL})" in headers
            assert not any(name in headers.lower() for name in ("cookie", "authorization", "referer"))


def test_a_host_is_asked_once_a_second_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    with host(monkeypatch, a=to("/b"), b=PAGE) as server:
        answer = Fetcher().page(f"{server.url}/a")
        times = [at for at, *_ in server.asked]
    assert answer.url.endswith("/b")
    assert len(times) == 3
    # A second lies between two requests as they are sent; a busy machine may be late to note the first.
    assert all(later - earlier >= 0.5 for earlier, later in itertools.pairwise(times))


def test_a_turn_that_comes_too_late_is_not_waited_for() -> None:
    for _ in range(3):
        module.take_turn("slow.example", Deadline(60), pace=0.01)
    module.take_turn("late.example", Deadline(60), pace=30)
    with pytest.raises(TooSlow):
        module.take_turn("late.example", Deadline(1), pace=30)


def test_robots_txt_is_honoured_and_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    robots = reply("User-agent: *\nDisallow: /a\nAllow: /a/open", kind="text/plain")
    with host(monkeypatch, **{"robots.txt": robots, "a/open": PAGE}) as server:
        fetcher = quick()
        with pytest.raises(Disallowed):
            fetcher.page(f"{server.url}/a/closed")
        assert fetcher.page(f"{server.url}/a/open").status == 200
        assert [path for _, _, path, _ in server.asked] == ["/robots.txt", "/a/open"]


def test_a_redirect_into_what_robots_txt_closes_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    robots = reply("User-agent: newsdesk\nDisallow: /b", kind="text/plain")
    with host(monkeypatch, **{"robots.txt": robots, "a": to("/b"), "b": PAGE}) as server:
        with pytest.raises(Disallowed):
            quick().page(f"{server.url}/a")
        assert server.paths == ["/a"]


@pytest.mark.parametrize("status", ["500 Oops", "503 Later", "429 Slowly"])
def test_a_host_whose_robots_txt_is_broken_is_left_alone(monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    answers: dict[str, Talk] = {"robots.txt": reply(status=status, Retry_After="120"), "a": PAGE}
    with host(monkeypatch, **answers) as server:
        with pytest.raises(Refused) as refusal:
            quick().page(f"{server.url}/a")
        assert server.paths == []
    assert refusal.value.retry_after == "120"


RULES = """
User-agent: other
Disallow: /
User-agent: Newsdesk
User-agent: third
Disallow: /private
Disallow: /*.pdf$
Allow: /private/press
Disallow: /%E7%A7%98/
Disallow: /q?
Disallow:
User-agent: *
Disallow: /all
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        *(("/", True), ("/all", True), ("/private", False), ("/private/x", False), ("/private/press/1", True)),
        *(
            ("/a.pdf", False),
            ("/a.pdf?x", True),
            ("/秘/1", False),
            ("/%e7%a7%98/1", False),
            ("/q", True),
            ("/q?x=1", False),
        ),
    ],
)
def test_the_longest_rule_for_us_decides(path: str, allowed: bool) -> None:
    assert Robots.read(RULES, "newsdesk").allow(path) is allowed


def test_rules_for_all_hold_for_whoever_is_not_named() -> None:
    rules = Robots.read(RULES, "somebody")
    assert not rules.allow("/all/1")
    assert rules.allow("/private")
    assert Robots.read("", "newsdesk").allow("/")
    assert Robots.read("\x00<html>:::", "newsdesk").allow("/")


def test_a_rule_of_many_wildcards_is_decided_in_no_time() -> None:
    started = time.thread_time()
    assert Robots.read("User-agent: *\nDisallow: /" + "*a" * 5_000, "newsdesk").allow("/" + "a" * 4_000)
    assert time.thread_time() - started < 1


def test_answers_tell_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = reply(gzip.compress("港の開通".encode()), Content_Encoding="gzip")
    with host(monkeypatch, a=to("/b", "301 Moved"), b=to("/c", "308 Moved"), c=packed) as server:
        answer = quick().ask("GET", f"{server.url}/a")
    assert answer.body.decode() == "港の開通"
    assert (answer.status, answer.kind) == (200, "text/html")
    assert answer.moved_to == answer.url == f"{server.url}/c"


def test_what_moved_for_now_only_has_not_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    with host(monkeypatch, a=to("/b", "301 Moved"), b=to("/c"), c=PAGE) as server:
        assert quick().ask("GET", f"{server.url}/a").moved_to == f"{server.url}/b"


def test_deflate_of_both_kinds_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = zlib.compressobj(wbits=-15)
    bare = raw.compress(b"x" * 99) + raw.flush()
    answers = {
        name: reply(data, Content_Encoding="deflate") for name, data in (("a", zlib.compress(b"x" * 99)), ("b", bare))
    }
    with host(monkeypatch, **answers) as server:
        assert {quick().page(f"{server.url}/{name}").body for name in "ab"} == {b"x" * 99}


# Servers that mean harm, or do not know better. Kinds 96 to 106.

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def bomb(megabytes: int) -> bytes:
    """Very little that unpacks to very much."""
    packer = zlib.compressobj(wbits=31)
    parts = [packer.compress(b" " * 1_000_000) for _ in range(megabytes)]
    return b"".join([*parts, packer.flush()])


BOMB = bomb(300)
MANY = ", ".join(["gzip"] * 50)


def say(data: bytes, then: float = 0) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        connection.sendall(data)
        time.sleep(then)

    return talk


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    connection.close()


Outcome = type[FetchError] | int

HARMFUL: dict[str, tuple[Talk, Outcome]] = {
    # 96: redirects
    "to_private": (to("http://10.0.0.1/"), NotPublic),
    "to_metadata": (to("http://169.254.169.254/"), NotPublic),
    "to_decimal": (to("http://2130706433/"), NotPublic),
    "to_mapped": (to("http://[::ffff:127.0.0.1]/"), NotPublic),
    "to_file": (to("file:///etc/passwd"), BadAddress),
    "to_script": (to("javascript:alert(1)"), BadAddress),
    "to_data": (to("data:text/html,x"), BadAddress),
    "to_other_port": (to("http://127.0.0.1:1/"), NotPublic),
    "to_user": (to("http://a:b@8.8.8.8/"), BadAddress),
    "to_nothing": (to(""), 302),
    "to_itself": (to("/to_itself"), TooManyRedirects),
    "to_broken": (to("http://[::1/"), BadAddress),
    "to_long": (to("/" + "a" * 9_000), BadAddress),
    "to_301_private": (to("//127.0.0.1/", "301 Moved"), NotPublic),
    "to_307_private": (to("http://0/", "307 Again"), NotPublic),
    "to_308_private": (to("https://localhost/", "308 Moved"), NotPublic),
    "to_spaces": (to("http://a b/"), BadAddress),
    # 97: a page that leads on by itself is read, not followed
    "meta_refresh": (reply('<meta http-equiv="refresh" content="0;url=http://127.0.0.1/">'), 200),
    # 98: slow
    "silence": (lambda connection: time.sleep(30), TooSlow),
    "slow_header": (slowly(HEAD * 20), TooSlow),
    "slow_body": (slowly(b"x" * 99, head=HEAD + b"\r\n"), TooSlow),
    "header_then_silence": (say(HEAD, 30), TooSlow),
    "body_then_silence": (say(HEAD + b"Content-Length: 99\r\n\r\nx", 30), TooSlow),
    # 99: endless
    "endless_body": (endlessly(HEAD + b"\r\n", b"x" * 65536), 200),
    "endless_chunks": (
        endlessly(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"ffff\r\n" + b"x" * 65535 + b"\r\n"),
        200,
    ),
    "endless_header": (endlessly(HEAD, b"X: " + b"x" * 9_000 + b"\r\n"), Unreadable),
    "endless_line": (endlessly(b"HTTP/1.1 200 ", b"x" * 9_000), Unreadable),
    "endless_100": (endlessly(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), TooSlow),
    # 100: packed
    "bomb": (reply(BOMB, Content_Encoding="gzip"), 200),
    "bomb_in_redirect": (reply(BOMB, "302 Found", Content_Encoding="gzip", Location="/fine"), 200),
    "bomb_in_error": (reply(BOMB, "500 Oops", Content_Encoding="gzip"), 500),
    "twice_packed": (reply(gzip.compress(BOMB), Content_Encoding="gzip, gzip"), Unreadable),
    "fifty_packings": (reply(BOMB, Content_Encoding=MANY), Unreadable),
    "broken_gzip": (reply(b"\x1f\x8b\x08xxxxxxxxxxxxxxxxxxxxx", Content_Encoding="gzip"), Unreadable),
    "not_gzip": (reply("plain", Content_Encoding="gzip"), Unreadable),
    "unknown_packing": (reply("plain", Content_Encoding="br"), Unreadable),
    "cut_gzip": (reply(gzip.compress(b"<title>x</title>" * 99)[:40], Content_Encoding="gzip"), 200),
    # 101: broken
    "huge_header": (say(HEAD + b"X: " + b"x" * 5_000_000 + b"\r\n\r\n"), Unreadable),
    "many_headers": (say(HEAD + b"X: x\r\n" * 100_000 + b"\r\n"), Unreadable),
    "too_short": (say(HEAD + b"Content-Length: 9999\r\n\r\nshort"), Unreadable),
    "too_long": (say(HEAD + b"Content-Length: 3\r\n\r\nlonger"), 200),
    "two_lengths": (say(HEAD + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nxxxxx"), Unreadable),
    "negative_length": (say(HEAD + b"Content-Length: -3\r\n\r\nxxx"), Unreadable),
    "absurd_length": (say(HEAD + b"Content-Length: 99999999999999999999999\r\n\r\nxxx"), Unreadable),
    "bad_chunk": (say(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nxx\r\n"), Unreadable),
    "huge_chunk": (say(HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\nxx"), Unreadable),
    "reset": (reset, Unreachable),
    "closed": (say(b""), Unreadable),
    "ssh": (say(b"SSH-2.0-OpenSSH_9.2\r\n"), Unreadable),
    "http_0_9": (say(b"<html>hello"), Unreadable),
    "status_999": (reply("no", "999 Denied"), 999),
    "status_1000": (reply("no", "1000 Denied"), Unreadable),
    "null_in_header": (say(HEAD + b"X: a\x00b\r\n\r\n"), Unreadable),
    # 102: not pages
    "pdf": (reply(b"%PDF", kind="application/pdf"), 200),
    "picture": (reply(b"\x89PNG", kind="image/png"), 200),
    "no_type": (say(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"), 200),
    # 104
    "cookie_and_401": (reply("", "401 Who?", WWW_Authenticate="Basic", Set_Cookie="a=b"), 401),
    # 106
    "later": (reply("", "429 Slowly", Retry_After="1" + "0" * 11), 429),
}


def test_there_are_enough_harmful_servers() -> None:
    assert len(HARMFUL) >= 53


@pytest.mark.parametrize("name", HARMFUL)
def test_a_harmful_server_gets_little_time_and_memory(
    monkeypatch: pytest.MonkeyPatch, name: str, nowhere: Nowhere, record_property: Measure
) -> None:
    talk, outcome = HARMFUL[name]
    with host(monkeypatch, **{name: talk, "fine": PAGE}) as server, connections() as seen:
        tracemalloc.start()
        started = time.monotonic()
        try:
            answer: Answer | None = quick(2).ask("GET", f"{server.url}/{name}")
            found: Outcome = answer.status if answer else 0
        except FetchError as error:
            answer, found = None, type(error)
        took, most = time.monotonic() - started, tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    record_property("seconds of the longest fetch", took)
    record_property("megabytes of the largest fetch", most / 2**20)
    nowhere([each for each in seen if each != ("127.0.0.1", server.port)])
    assert found == outcome
    assert took < 6  # two seconds, and what a busy machine adds
    assert most < 16 * 1024 * 1024
    assert answer is None or len(answer.body) <= module.MOST_BYTES
    assert seen


def test_time_is_up_after_ten_seconds_whatever_comes_in(
    monkeypatch: pytest.MonkeyPatch, record_property: Measure
) -> None:
    with host(monkeypatch, a=slowly(HEAD * 20)) as server:
        started = time.monotonic()
        with pytest.raises(TooSlow):
            Fetcher().page(f"{server.url}/a")
        took = time.monotonic() - started
    record_property("seconds of the longest fetch", took)
    assert 9.5 < took < 12


def test_a_name_server_that_sleeps_is_not_waited_for() -> None:
    started = time.monotonic()
    with pytest.raises(TooSlow):
        Fetcher(resolve=lambda name: time.sleep(30) or [], seconds=1).ask("GET", "http://news.example/")  # type: ignore[func-returns-value]
    assert time.monotonic() - started < 5  # and not 30


@pytest.mark.parametrize(
    ("talk", "error"),
    [
        (reply("", "404 Not Found"), Refused),
        (reply("%PDF", kind="application/pdf"), NotAPage),
        (say(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"), NotAPage),
    ],
)
def test_only_pages_are_pages(monkeypatch: pytest.MonkeyPatch, talk: Talk, error: type[FetchError]) -> None:
    with host(monkeypatch, a=talk) as server, pytest.raises(error):
        quick().page(f"{server.url}/a")


def test_every_error_tells_editors_what_is_wrong() -> None:
    errors = [*FetchError.__subclasses__()]
    for error in errors:
        assert len(str(error(404) if error is Refused else error())) > 10
    assert str(Refused(404)) != str(Refused(503))


def test_japanese_addresses_are_asked_for_as_browsers_do() -> None:
    assert str(address("https://例え.jp/記事?題=港")).isascii()
