"""Finished pages: kept, found, checked, made once; what an asker sends besides never reaches them."""

import gzip
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import brotli
import pytest
import time_machine
from django.contrib.flatpages.models import FlatPage
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import DatabaseError, close_old_connections, connection, connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from articles import changes, publishing, tagging
from articles.models import Article, Change
from newsdesk.page_store import PageStore, asking, clock, store
from newsdesk.page_store.asking import Environ
from newsdesk.page_store.memory import Kept, Memory
from newsdesk.page_store.pages import Page
from newsdesk.page_store.shared import Alone, InBoth, InFile, InRedis, Shared, shared_by
from tests.desk import editor
from tests.newsroom import changed, drafted, published
from tests.services import no_redis
from tests.test_settings import REDIS

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
SOON = timedelta(seconds=2)  # longer than anything is believed without being looked at


@dataclass(frozen=True)
class Said:
    """What was answered; `how` tells where the store found it, and is empty for what Django answered itself."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def how(self) -> str:
        return self.headers.get("X-Page", "")

    @property
    def text(self) -> str:
        """With titles in one piece, wherever their lines may end."""
        return self.body.decode().replace("<wbr>", "")


def environ_of(path: str, **more: str) -> Environ:
    path, _, query = path.partition("?")
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "news.example",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "news.example",
        "HTTP_X_PAGE": "1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        **more,
    }


def ask(pages: Any, path: str, **more: str) -> Said:
    said: list[Any] = []
    body = pages(environ_of(path, **more), lambda status, headers, exc_info=None: said.extend((status, headers)))
    whole = b"".join(body)
    getattr(body, "close", lambda: None)()
    return Said(int(said[0][:3]), dict(said[1]), whole)


@pytest.fixture(autouse=True)
def time_flies(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store asks the database each time, so that a test need not wait a tenth of a second."""
    monkeypatch.setattr(clock, "FRESH", 0.0)


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The test's own transaction is what every request sees, as Django's test client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def pages() -> PageStore:
    return PageStore(WSGIHandler(), 8_000_000, Alone())


@pytest.mark.parametrize(
    "path", ["/", "/articles/{0}/", "/tags/", "/feeds/rss.xml", "/archive/", "/questions/", "/robots.txt"]
)
def test_a_page_is_made_once_and_is_the_one_that_django_makes(pages: PageStore, client: Client, path: str) -> None:
    path = path.format(published(tags=("港",)).article.pk)
    made = ask(pages, path)
    found = ask(pages, path)
    assert (made.status, made.how, found.how) == (200, "made", "memory")
    assert made.body == found.body == client.get(path).content
    plain = client.get(path)
    for name in ("Content-Type", "Cache-Control", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy"):
        assert found.headers[name] == plain[name], name


def test_a_page_from_memory_costs_one_query_or_none(pages: PageStore, monkeypatch: pytest.MonkeyPatch) -> None:
    path = published().get_absolute_url()
    ask(pages, path)
    with CaptureQueriesContext(connection) as queries:
        ask(pages, path)
    assert len(queries) == 1, "the state of the site"
    monkeypatch.setattr(clock, "FRESH", 60.0)
    ask(pages, path)
    with CaptureQueriesContext(connection) as queries:
        assert ask(pages, path).how == "memory"
    assert not queries


def test_what_changes_is_made_anew_and_what_does_not_is_not(pages: PageStore) -> None:
    one, other = published("一の題").article, published("別の題").article
    for path in ("/", f"/articles/{one.pk}/", f"/articles/{other.pk}/"):
        ask(pages, path)
    publishing.publish(changed(one, "改めた題"), by=None)
    for path in ("/", f"/articles/{one.pk}/"):
        again = ask(pages, path)
        assert again.how == "made", path
        assert "改めた題" in again.text
        assert "一の題" not in again.text
    assert ask(pages, f"/articles/{other.pk}/").how == "memory"


def test_a_withdrawn_article_is_gone_at_once_and_back_at_once(pages: PageStore) -> None:
    edition = published("消える題")
    path = edition.get_absolute_url()
    assert ask(pages, path).status == 200
    assert "消える題" in ask(pages, "/").text
    publishing.withdraw(edition.article, by=None, reason="誤り")
    assert ask(pages, path).status == 410
    assert ask(pages, path).how == "memory", "that it is gone is kept, too"
    assert "消える題" not in ask(pages, "/").text
    publishing.publish(edition, by=None)
    assert ask(pages, path).status == 200


def test_a_schedule_and_an_end_pass_with_nobody_awake(pages: PageStore) -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        path = published("明日の題", at=NOON + timedelta(hours=1)).get_absolute_url()
        ending = publishing.save(drafted("終わる題"), by=None)
        publishing.publish(ending, by=None, until=NOON + timedelta(hours=2))
        assert ask(pages, path).status == 404
        assert "明日の題" not in ask(pages, "/").text
        traveller.shift(timedelta(hours=1))
        assert ask(pages, path).status == 200
        assert "明日の題" in ask(pages, "/").text
        assert "終わる題" in ask(pages, "/").text
        traveller.shift(timedelta(hours=1))
        assert "終わる題" not in ask(pages, "/").text
        assert ask(pages, ending.get_absolute_url()).status == 410


def test_a_renamed_tag_and_an_edited_page_of_the_publication_show_at_once(pages: PageStore) -> None:
    article = published(tags=("港",)).article
    flat = FlatPage.objects.create(url="/about/", title="私たち", content="古い文。")
    flat.sites.set([1])
    paths = (f"/articles/{article.pk}/", "/about/")
    for path in paths:
        assert ask(pages, path).status == 200
    tagging.rename(article.tags.get(), "波止場", by=editor())
    flat.content = "新しい文。"
    flat.save()
    assert "波止場" in ask(pages, paths[0]).text
    assert "新しい文。" in ask(pages, paths[1]).text


# What askers send


ODD = {
    "HTTP_COOKIE": "sessionid=abc; csrftoken=def; django_language=en",
    "HTTP_ACCEPT_LANGUAGE": "en-US,en;q=0.9",
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_FOR": "203.0.113.9",
    "HTTP_X_ORIGINAL_URL": "/admin/",
    "HTTP_X_REWRITE_URL": "/admin/",
    "HTTP_X_HTTP_METHOD_OVERRIDE": "POST",
    "HTTP_AUTHORIZATION": "Basic Zm9vOmJhcg==",
    "HTTP_USER_AGENT": "<script>alert(1)</script>",
    "HTTP_REFERER": "https://evil.example/",
    "HTTP_ACCEPT": "application/json",
    "HTTP_RANGE": "bytes=0-10",
    "HTTP_PRAGMA": "no-cache",
    "HTTP_CACHE_CONTROL": "no-cache",
    "HTTP_EXPECT": "x",
    "HTTP_ORIGIN": "null",
    "CONTENT_LENGTH": "5",
    "HTTP_TE": "trailers",
    "HTTP_FORWARDED": "host=evil.example",
    "SCRIPT_NAME": "/evil",
}


@pytest.mark.parametrize("odd", sorted(ODD))
def test_odd_headers_change_nothing_for_anybody(pages: PageStore, odd: str) -> None:
    path = published().get_absolute_url()
    plain = ask(PageStore(WSGIHandler(), 8_000_000, Alone()), path)
    first = ask(pages, path, **{odd: ODD[odd]})
    second = ask(pages, path)
    assert (first.status, second.how) == (200, "memory")
    assert first.body == second.body == plain.body
    for answer in (first, second):
        assert "Set-Cookie" not in answer.headers
        assert answer.headers == {**plain.headers, "X-Page": answer.how}


def test_parameters_that_a_page_does_not_know_are_as_if_they_were_not_there(pages: PageStore) -> None:
    path = published().get_absolute_url()
    first = ask(pages, f"{path}?utm_source=x&page=7&next=//evil.example")
    assert first.how == "made"
    assert "utm_source" not in first.text
    for query in ("", "?", "?fbclid=1", "?page=3", "?" + "x=1&" * 90):
        assert ask(pages, path + query).how == "memory", query
    assert len(pages.memory) == 1
    too_long = ask(pages, f"{path}?{'x' * 5000}")
    assert (too_long.status, too_long.how) == (200, ""), "Django has it"
    assert ask(pages, f"{path}?{'x=1&' * 400}").body == first.body, "more than anybody counts"


def test_requests_that_no_reader_makes_are_left_to_django(pages: PageStore) -> None:
    path = published().get_absolute_url()
    ask(pages, path)
    assert ask(pages, path, REQUEST_METHOD="POST").how == ""
    assert ask(pages, path, HTTP_HOST="evil.example").status == 400
    assert ask(pages, path, HTTP_HOST="news.example:99999x").status == 400
    assert ask(pages, "/admin/").status == 302
    for nowhere in ("/nowhere/", "/articles/999999/", "/%00", "/\x00", "/" + "a" * 3000):
        assert ask(pages, nowhere).status == 404
    before = len(pages.memory)
    assert ask(pages, "/search/?q=%E6%B8%AF").how == ""
    assert len(pages.memory) == before == 1, "of what is nowhere, and of searches, there is no end"


def test_a_page_with_a_cookie_or_for_one_person_is_never_kept(pages: PageStore) -> None:
    def django(headers: list[tuple[str, str]], status: str = "200 OK") -> Callable[..., Any]:
        def application(environ: Environ, start_response: Any) -> list[bytes]:
            start_response(status, headers)
            return [b"page"]

        return application

    public = ("Cache-Control", "max-age=0, public")
    for headers, status in (
        ([public, ("Set-Cookie", "a=b")], "200 OK"),
        ([("Cache-Control", "private")], "200 OK"),
        ([], "200 OK"),
        ([public], "500 Internal Server Error"),
        ([public, ("Location", "/")], "301 Moved Permanently"),
    ):
        pages.application = django(headers, status)
        for _ in range(2):
            assert ask(pages, "/").how == "passed", (headers, status)
    pages.application = django([public])
    assert [ask(pages, "/").how, ask(pages, "/").how] == ["made", "memory"]


def test_readers_are_kept_on_https(pages: PageStore, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    pages = PageStore(WSGIHandler(), 8_000_000, Alone())
    assert ask(pages, "/", HTTP_X_FORWARDED_PROTO="https").status == 200
    assert ask(pages, "/", HTTP_X_FORWARDED_PROTO="http").status == 301
    assert ask(pages, "/").status == 301


# The forms a page is sent in


def test_every_encoding_holds_the_same_page(pages: PageStore) -> None:
    published()
    plain = ask(pages, "/")
    for accepted, coding, read in (
        ("gzip", "gzip", gzip.decompress),
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
        ("*", "br", brotli.decompress),
        ("identity", "", bytes),
        ("gzip;q=0", "", bytes),
        ("deflate", "", bytes),
    ):
        answer = ask(pages, "/", HTTP_ACCEPT_ENCODING=accepted)
        assert answer.headers.get("Content-Encoding", "") == coding, accepted
        assert read(answer.body) == plain.body
        assert int(answer.headers["Content-Length"]) == len(answer.body)
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["ETag"].removeprefix("W/") == plain.headers["ETag"]
        assert answer.headers["ETag"].startswith("W/") is bool(coding)
        head = ask(pages, "/", HTTP_ACCEPT_ENCODING=accepted, REQUEST_METHOD="HEAD")
        assert (head.body, head.headers) == (b"", answer.headers)


def test_whoever_has_the_page_is_told_so(pages: PageStore) -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        path = published().get_absolute_url()
        assert "Last-Modified" not in ask(pages, path).headers, "another change may follow in the same second"
        traveller.shift(SOON)
        first = ask(pages, path)
        tag, date = first.headers["ETag"], first.headers["Last-Modified"]
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = ask(pages, path, HTTP_IF_NONE_MATCH=known)
            assert (again.status, again.body) == (304, b""), known
            assert again.headers["ETag"] == tag
            assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
            assert not [name for name in again.headers if name.startswith("Content-")]
        assert ask(pages, path, HTTP_IF_MODIFIED_SINCE=date).status == 304
        assert ask(pages, path, HTTP_IF_NONE_MATCH='"other"', HTTP_IF_MODIFIED_SINCE=date).status == 200
        for unread in ("Wed, 01 Apr 2020 00:00:00 GMT", "yesterday", "", "\x00", "Mon, 99 Foo 99999 99:99:99 GMT"):
            assert ask(pages, path, HTTP_IF_MODIFIED_SINCE=unread).status == 200, unread
        publishing.withdraw(Article.objects.get(), by=None)
        assert ask(pages, path, HTTP_IF_NONE_MATCH=tag).status == 410
        assert ask(pages, path, HTTP_IF_MODIFIED_SINCE=date).status == 410


def test_a_page_made_again_without_a_change_is_the_same_to_whoever_has_it(pages: PageStore) -> None:
    published()
    first = ask(pages, "/tags/")
    published("別の記事")
    again = ask(pages, "/tags/", HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert (again.how, again.status) == ("made", 304)


# What is shared


@pytest.fixture(params=["file", "redis"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shared]:
    if request.param == "file":
        yield InFile(tmp_path / "deep" / "pages.sqlite3", 50_000_000)
        return
    if reason := no_redis(REDIS):
        pytest.skip(f"Redis: {reason}")
    # A database of each test process: what one clears away, another may be about to look for.
    number = 2 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 14
    kept = InRedis(REDIS.rpartition("/")[0] + f"/{number}")
    yield kept
    kept._redis.delete(*kept._redis.keys("newsdesk *") or ["none"])


def test_processes_share_what_one_of_them_made(shared: Shared) -> None:
    edition = published("共有の題")
    path = edition.get_absolute_url()
    one, other = (PageStore(WSGIHandler(), 8_000_000, shared) for _ in range(2))
    assert ask(one, path).how == "made"
    found = ask(other, path, HTTP_ACCEPT_ENCODING="gzip")
    assert found.how == "shared"
    assert gzip.decompress(found.body) == ask(one, path).body
    publishing.withdraw(edition.article, by=None)
    assert [ask(other, path).status, ask(one, path).status] == [410, 410]
    assert one.answered == {"made": 1, "memory": 1, "shared": 1}


def test_who_claims_a_page_makes_it(shared: Shared) -> None:
    key = f"a page {time.monotonic_ns()}"
    assert shared.claim(key, 0.2)
    assert not shared.claim(key, 0.2)
    assert shared.claim(f"{key} b", 0.2)
    time.sleep(0.3)
    assert shared.claim(key, 5), "whoever had it is gone"
    shared.release(key)
    assert shared.claim(key, 5)
    shared.release(key)


def test_a_broken_file_is_no_page_and_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "pages.sqlite3"
    path.write_bytes(b"no database " * 1000)
    kept = InFile(path, 1_000_000)
    assert kept.get("a") is None
    assert kept.claim("a", 1), "nobody waits for what is broken"
    assert not path.exists()
    kept = InFile(path, 1_000_000)
    page = Page.made("200 OK", [("Content-Type", "text/html")], b"page", ("site",), "1.1")
    kept.put("a", page)
    assert kept.get("a") == page
    kept._file.execute("UPDATE page SET data = x'00112233445566'")
    assert kept.get("a") is None


def test_a_file_keeps_to_its_bytes_and_what_was_made_last(tmp_path: Path) -> None:
    kept = InFile(tmp_path / "pages.sqlite3", 1_000_000)
    page = Page.made("200 OK", [], b"x" * 30_000, ("site",), "1.1")
    for number in range(60):
        kept.put(f"{number}", page)
    assert kept._used(kept._file) <= 1_000_000
    assert not kept.get("0")
    assert kept.get("59") == page
    kept.put("too large", Page.made("200 OK", [], b"x" * 2_000_000, ("site",), "1.1"))
    assert kept.get("too large") is None


def test_what_redis_forgot_is_in_the_file(tmp_path: Path) -> None:
    forgetful, file = Alone(), InFile(tmp_path / "pages.sqlite3", 1_000_000)
    edition = published("忘れない題")
    one, other = (PageStore(WSGIHandler(), 0, InBoth(forgetful, file)) for _ in range(2))
    assert [ask(each, edition.get_absolute_url()).how for each in (one, other)] == ["made", "shared"]
    publishing.withdraw(edition.article, by=None)
    assert ask(other, edition.get_absolute_url()).status == 410


def test_a_redis_that_is_gone_or_hangs_is_as_none() -> None:
    import socket

    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(50)
        for port in (1, deaf.getsockname()[1]):
            pages = PageStore(WSGIHandler(), 8_000_000, InRedis(f"redis://127.0.0.1:{port}/0"))
            published()
            began = time.monotonic()
            assert ask(pages, "/").how == "made"
            assert ask(pages, "/").how == "memory"
            assert time.monotonic() - began < 5


def test_the_store_is_chosen_by_settings(tmp_path: Path) -> None:
    both = shared_by("redis://127.0.0.1:1/0", str(tmp_path / "x"), 1)
    assert isinstance(both, InBoth)
    assert isinstance(both.redis, InRedis)
    assert isinstance(both.file, InFile)
    assert isinstance(shared_by("locmemcache://", str(tmp_path / "x"), 1), InFile)
    assert isinstance(shared_by("locmemcache://", "", 1), Alone)
    handler = WSGIHandler()
    with override_settings(PAGE_STORE_BYTES=0):
        assert store.in_front_of(handler) is handler
    with override_settings(PAGE_STORE_BYTES=1, PAGE_STORE_FILE=""):
        assert isinstance(store.in_front_of(handler), PageStore)


# Memory


def test_memory_keeps_to_its_budget_and_what_was_asked_for_last() -> None:
    def kept(size: int) -> Kept:
        return Kept(Page("200 OK", (), {"": b"x" * size}, "t", (), "s", 0.0), "site", 0.0)

    memory = Memory(5_000)
    for key in "abc":
        memory.put(key, kept(500))
    assert memory.get("a")
    memory.put("d", kept(500))
    assert [key for key in "abcd" if memory.get(key)] == ["a", "c", "d"]
    memory.put("large", kept(6_000))
    assert memory.get("large") is None
    assert memory.size <= memory.budget
    memory.put("a", kept(10))
    memory.forget("c")
    assert memory.size == sum(found.page.size for key in "ad" if (found := memory.get(key)))


# Together


@pytest.mark.django_db(transaction=True)
def test_fifty_askers_at_an_expired_page_have_it_made_once(shared: Shared) -> None:
    edition = published("五十の題")
    path = edition.get_absolute_url()
    stores = [PageStore(WSGIHandler(), 8_000_000, shared) for _ in range(2)]
    for pages in stores:
        ask(pages, path)
    publishing.publish(changed(edition.article, "改めた五十の題"), by=None)
    answers: list[Said] = []
    start = threading.Barrier(50)

    def reader(number: int) -> None:
        start.wait()
        try:
            answers.append(ask(stores[number % 2], path))
        finally:
            connections.close_all()

    readers = [threading.Thread(target=reader, args=[number]) for number in range(50)]
    for thread in readers:
        thread.start()
    for thread in readers:
        thread.join()
    assert len(answers) == 50
    assert {answer.status for answer in answers} == {200}
    assert sum(answer.how == "made" for answer in answers) <= 2
    assert all("改めた五十の題" in answer.text for answer in answers if answer.how != "old")
    assert all("改めた五十の題" in ask(pages, path).text for pages in stores)


@pytest.mark.django_db(transaction=True)
def test_a_page_that_took_long_to_make_is_old_by_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """It shows what was true when it was begun, and is not sent while a new one is made."""
    edition = published("前の題")
    path, django = edition.get_absolute_url(), WSGIHandler()
    is_made, may_go_on = threading.Event(), threading.Event()

    def slow(environ: Any, start_response: Any) -> list[bytes]:
        made = list(django(environ, start_response))
        is_made.set()
        may_go_on.wait(10)
        return made

    def ask_it() -> None:
        try:
            answers.append(ask(pages, path))
        finally:
            connections.close_all()

    pages, answers = PageStore(slow, 8_000_000, Alone()), list[Said]()
    first = threading.Thread(target=ask_it)
    first.start()
    is_made.wait(10)
    time.sleep(store.OLD_FOR)
    publishing.publish(changed(edition.article, "後の題"), by=None)
    may_go_on.set()
    first.join()
    may_go_on.clear()
    others = [threading.Thread(target=ask_it) for _ in range(5)]
    for thread in others:
        thread.start()
    time.sleep(0.1)
    may_go_on.set()
    for thread in others:
        thread.join()
    assert [answer.how for answer in answers].count("made") == 2
    assert ["後の題" in answer.text for answer in answers] == [False, *[True] * 5]


@pytest.mark.django_db(transaction=True)
def test_a_cache_in_front_is_given_nothing_old(pages: PageStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """It shows what it is given until the second ends: neither a state of a moment ago will do, nor an old page."""
    edition = published("前の題")
    path = edition.get_absolute_url()
    ask(pages, path)
    monkeypatch.setattr(clock, "FRESH", 60.0)
    publishing.publish(changed(edition.article, "後の題"), by=None)
    assert "前の題" in ask(pages, path).text, "nobody asked for the state"
    answers: list[Said] = []
    start = threading.Barrier(10)

    def front() -> None:
        start.wait()
        try:
            answers.append(ask(pages, path, HTTP_X_FRONT_CACHE="1"))
        finally:
            connections.close_all()

    askers = [threading.Thread(target=front) for _ in range(10)]
    for thread in askers:
        thread.start()
    for thread in askers:
        thread.join()
    assert len(answers) == 10
    assert all("後の題" in answer.text for answer in answers)


# While the database is away


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Takes the database away, or gives it back: a table that is not there is as bad as no answer."""

    def take(is_away: bool) -> None:
        monkeypatch.setattr(changes, "_STATE", "SELECT 1 FROM nowhere WHERE %s" if is_away else STATE)

    return take


STATE = changes._STATE


@pytest.mark.django_db(transaction=True)
def test_readers_keep_their_pages_while_the_database_is_away(
    pages: PageStore, away: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        published("残る題")
        draft = publishing.save(drafted("終わる題"), by=None)
        publishing.publish(draft, by=None, until=NOON + timedelta(hours=1))
        assert "残る題" in ask(pages, "/").text
        away(True)
        monkeypatch.setattr(clock, "AWAY", 0.0)
        for _ in range(3):
            assert ask(pages, "/").how == "memory"
        traveller.shift(timedelta(hours=1))
        with pytest.raises(DatabaseError):
            changes.state([changes.SITE])
        assert ask(pages, "/").status >= 500, "what was to end may not be shown, whoever is away"
        away(False)
        found = ask(pages, "/")
        assert "残る題" in found.text
        assert "終わる題" not in found.text


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite answers or refuses, and does not hang")
@pytest.mark.django_db(transaction=True)
def test_a_database_that_hangs_takes_one_thread_and_no_reader(
    pages: PageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    published("残る題")
    ask(pages, "/")
    monkeypatch.setattr(changes, "_STATE", STATE.replace("FROM ", "FROM pg_sleep(6), "))
    monkeypatch.setattr(clock, "HANGS", 0.5)

    def hangs() -> None:
        try:
            ask(pages, "/")
        finally:
            connections.close_all()

    thread = threading.Thread(target=hangs)
    thread.start()
    time.sleep(0.2)
    began = time.monotonic()
    for _ in range(20):
        assert "残る題" in ask(pages, "/").text
    assert time.monotonic() - began < 4, "half a second for the first, none for the others"
    thread.join()
    monkeypatch.setattr(changes, "_STATE", STATE)
    published("新しい題")
    assert "新しい題" in ask(pages, "/").text


def test_a_state_that_cannot_be_told_apart_is_never_seen_twice() -> None:
    published()
    seen = {changes.state([changes.SITE]).text}
    for _ in range(20):
        changes.announce(())
        text = changes.state([changes.SITE]).text
        assert text not in seen
        seen.add(text)
    assert Change.objects.filter(subject=changes.SITE).count() >= 20


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", set()),
        ("gzip", {"gzip"}),
        ("GZIP , br", {"gzip", "br"}),
        ("br ; q = 0 , *", {"gzip"}),
        ("*;q=0", set()),
        (",;,=", set()),
        ("gzip\x00", set()),
    ],
)
def test_accepted_codings(accepted: str, expected: set[str]) -> None:
    assert asking.codings(accepted) == expected
