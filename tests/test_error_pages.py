"""Pages of errors: they say what to do, need nothing that may be broken, and hold what an editor typed."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.conf import LazySettings
from django.contrib.flatpages.models import FlatPage
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, ProgrammingError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path
from django.utils.html import escape
from django.utils.translation import override

from articles.models import Commentator
from newsdesk.database_away import is_away
from newsdesk.error_pages import NOT_SENT_BY_US, TOLD, page
from tests.desk import editor, fields, signed_in
from tests.newsroom import published
from tests.test_settings import SAFE, run

pytestmark = pytest.mark.django_db

ERRORS: dict[str, Any] = {
    "400": SuspiciousOperation("x"),
    "403": PermissionDenied(),
    "404": Http404(),
    "500": ValueError("a secret of the code"),
    "503": OperationalError("the server is gone"),
    "query": ProgrammingError("no such thing"),
}


def fail(request: HttpRequest, name: str) -> HttpResponse:
    raise ERRORS[name]


urlpatterns = [path("fail/<str:name>/", fail), path("admin/fail/<str:name>/", fail), path("", include("newsdesk.urls"))]
from newsdesk.urls import handler400, handler403, handler404, handler500  # noqa: E402, F401


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def says(answer: Any, *texts: Any) -> None:
    """The answer is a page of ours that says that, in Japanese."""
    shown = answer.content.decode()
    with override("ja"):
        for text in texts:
            assert escape(str(text)) in shown
    assert '<html lang="ja">' in shown
    assert "css/tokens.css" in shown
    assert not answer.cookies


@pytest.mark.urls("tests.test_error_pages")
@pytest.mark.parametrize("status", [400, 403, 500, 503])
@pytest.mark.parametrize("way", ["/fail", "/admin/fail"])
def test_each_says_what_happened_and_what_to_do(client: Client, way: str, status: int) -> None:
    answer = client.get(f"{way}/{status}/?token=SECRET")
    assert answer.status_code == status
    says(answer, *TOLD[status])
    assert answer["X-Request-ID"] in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert ('href="/admin/"' in answer.content.decode()) == (way == "/admin/fail")
    for secret in ("SECRET", "a secret of the code", "Traceback", "ValueError"):
        assert secret not in answer.content.decode()


@pytest.mark.urls("tests.test_error_pages")
def test_only_what_passes_is_called_that(client: Client) -> None:
    assert client.get("/fail/503/")["Retry-After"] == "10"
    assert client.get("/fail/query/").status_code == 500
    assert "Retry-After" not in client.get("/fail/500/").headers


@pytest.mark.parametrize("status", sorted(TOLD))
def test_every_page_can_be_made_without_a_database(
    rf: RequestFactory, status: int, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        answer = page(rf.get("/somewhere/"), status, retry_after=30 if status == 429 else 0)
    says(answer, *TOLD[status])
    assert answer.get("Retry-After") == ("30" if status == 429 else None)


def test_more_than_can_be_taken(settings: LazySettings) -> None:
    desk = signed_in(editor())
    form = fields(desk.get("/admin/articles/commentator/add/"))
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = desk.post("/admin/articles/commentator/add/", {**form, "note": "長" * 2000})
    assert answer.status_code == 413
    says(answer, *TOLD[413])
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    assert desk.post("/admin/articles/commentator/add/", {str(n): "1" for n in range(9)}).status_code == 413


def test_a_host_that_is_not_ours(client: Client) -> None:
    answer = client.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    says(answer, *TOLD[400])
    assert "evil.example" not in answer.content.decode()


def test_a_form_that_another_site_sent() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        "/admin/login/", {"username": "a", "password": "b"}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    says(answer, *NOT_SENT_BY_US)
    assert 'type="hidden"' not in answer.content.decode()


# What passes and what does not


@pytest.mark.parametrize(
    ("code", "away"),
    [
        (sqlite3.SQLITE_BUSY, True), (sqlite3.SQLITE_LOCKED, True), (sqlite3.SQLITE_FULL, True),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, True), (sqlite3.SQLITE_IOERR_WRITE, True), (sqlite3.SQLITE_READONLY, True),
        (sqlite3.SQLITE_ERROR, False),
    ],
)  # fmt: skip
def test_sqlite_tells_them_apart_by_its_codes(code: int, away: bool) -> None:
    cause = sqlite3.OperationalError("x")
    cause.sqlite_errorcode = code
    error = OperationalError("x")
    error.__cause__ = cause
    assert is_away(error) is away


def test_sqlite_without_the_table_is_a_mistake() -> None:
    with pytest.raises(sqlite3.OperationalError) as caught, sqlite3.connect(":memory:") as database:
        database.execute("SELECT 1 FROM nowhere")
    error = OperationalError("x")
    error.__cause__ = caught.value
    assert not is_away(error)


@pytest.mark.parametrize(
    ("cause", "away"),
    [
        (psycopg.errors.LockNotAvailable(), True), (psycopg.errors.QueryCanceled(), True),
        (psycopg.errors.AdminShutdown(), True), (psycopg.errors.TooManyConnections(), True),
        (psycopg.errors.DeadlockDetected(), True), (psycopg.errors.DiskFull(), True),
        (psycopg.OperationalError("connection refused"), True), (psycopg.errors.ProgramLimitExceeded(), False),
    ],
)  # fmt: skip
def test_postgresql_tells_them_apart_by_its_states(cause: psycopg.Error, away: bool) -> None:
    error = OperationalError("x")
    error.__cause__ = cause
    assert is_away(error) is away


def test_a_connection_that_was_closed_passes_and_a_cursor_does_not() -> None:
    assert is_away(InterfaceError("the connection is closed"))
    assert not is_away(InterfaceError("the cursor is closed"))
    assert not is_away(ProgrammingError("x"))
    assert not is_away(ValueError("x"))
    assert not is_away(None)


# A database that is busy, or is not there


@contextmanager
def somebody_holds_everything() -> Iterator[None]:
    """Another connection writes, and ours does not wait for long."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("LOCK TABLE articles_commentator, django_flatpage IN ACCESS EXCLUSIVE MODE")
            held.set()
            done.wait(30)
        connection.close()

    writer = threading.Thread(target=hold)
    writer.start()
    assert held.wait(30)
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 200" if postgres else "PRAGMA busy_timeout = 200")
    try:
        yield
    finally:
        done.set()
        writer.join()
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0" if postgres else "PRAGMA busy_timeout = 10000")


@pytest.mark.django_db(transaction=True)
def test_what_an_editor_typed_is_held_and_can_be_sent_again() -> None:
    desk = Client(enforce_csrf_checks=True)
    desk.force_login(editor())
    address = "/admin/articles/commentator/add/"
    form = {**fields(desk.get(address)), "name": '港野 "はま" <b>', "role": "一行目"}
    upload = SimpleUploadedFile("顔.png", b"x", "image/png")
    with somebody_holds_everything():
        answer = desk.post(address, {**form, "elsewhere": upload})
        assert answer.status_code == 503
        assert answer["Retry-After"] == "10"
        assert "顔.png" in answer.content.decode()
        shown = fields(answer)
    assert (shown["name"], shown["role"]) == ('港野 "はま" <b>', "一行目")
    assert not Commentator.objects.exists()
    assert desk.post(address, shown).status_code == 302
    assert Commentator.objects.get().name == '港野 "はま" <b>'


@pytest.mark.django_db(transaction=True)
def test_a_password_is_not_held() -> None:
    desk = signed_in(editor())
    address = "/admin/auth/user/add/"
    form = {
        **fields(desk.get(address)),
        "username": "kishi",
        "password1": "w0rd-of-kishi",
        "password2": "w0rd-of-kishi",
    }
    with somebody_holds_everything():
        answer = desk.post(address, form)
        if connection.vendor == "sqlite":
            assert answer.status_code == 503
            assert "w0rd-of-kishi" not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_reader_is_told_to_come_back(client: Client) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("readers of SQLite wait for no writer")
    FlatPage.objects.create(url="/about/", title="編集部", content="港の町です。")
    with somebody_holds_everything():
        answer = client.get("/about/")
    assert answer.status_code == 503
    says(answer, *TOLD[503])


AWAY = """
import django, json; django.setup()
from django.test import Client
client = Client(raise_request_exception=False)
from django.conf import settings
HEADERS = {"Host": "news.example.com", "Cookie": settings.SESSION_COOKIE_NAME + "=" + "a" * 32}
told = {}
for address in ("/", "/articles/1/", "/feeds/rss.xml", "/no-such-page/", "/admin/", "/healthz"):
    answer = client.get(address, headers=HEADERS, secure=True)
    told[address] = [answer.status_code, answer.get("Retry-After"), "503" in answer.content.decode()]
answer = client.post("/admin/articles/commentator/add/", {"name": "港野"}, headers=HEADERS, secure=True)
told["post"] = [answer.status_code, answer.get("Retry-After"), "港野" in answer.content.decode()]
print(json.dumps(told))
"""


def test_a_database_that_is_not_there() -> None:
    import json

    done = run(AWAY, {**SAFE, "DATABASE_URL": "postgres://desk:w0rd@127.0.0.1:1/news"})
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told.pop("/healthz") == [200, None, False]
    assert told == {name: [503, "10", True] for name in told}
    assert "w0rd" not in done.stderr


def test_pages_of_readers_are_not_changed_by_it(client: Client) -> None:
    assert client.get(published().get_absolute_url()).status_code == 200
