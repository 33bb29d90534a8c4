"""Logs: one line an event, whatever a stranger sends; no secrets; the same reference in the log and on the page."""

import io
import json
import logging
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.conf import settings as site
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from articles import publishing, sharing
from newsdesk.logs import JsonLines, TextLines, reference
from newsdesk.redacting import one_line, without_secrets
from newsdesk.request_log import RequestLog
from newsdesk.urls import handler500  # noqa: F401  # of the addresses below
from tests.desk import editor, signed_in
from tests.newsroom import drafted, published

pytestmark = pytest.mark.django_db

HOSTILE = [
    'a\r\n{"level": "FORGED"}',
    "a\nforged",
    "\x1b[2J\x1b[31mred",
    "\u2028line",
    "\u2029paragraph",
    "\x85next",
    "\x9b31m",
    "\u202egnp.exe",
    "\x00nul",
    "\ud800half",
    '"},{"level":"FORGED"',
]


def boom(request: HttpRequest, signed: str = "") -> HttpResponse:
    password = "p4ssw0rd-in-a-variable"
    raise ValueError(f"broken {len(password)}")


urlpatterns = [path("boom/", boom), path("drafts/<str:signed>/boom/", boom), path("", include("newsdesk.urls"))]


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the site writes, as the settings of production have it written."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    yield out
    logging.getLogger().removeHandler(handler)


def read(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def of_requests(out: io.StringIO) -> list[dict[str, Any]]:
    return [line for line in read(out) if line["logger"] == "newsdesk.request"]


def test_a_request_is_one_line(client: Client, lines: io.StringIO) -> None:
    client.get("/tags/?secret=1", headers={"Cookie": "sessionid=abcdef"})
    (line,) = read(lines)
    assert line.keys() == {"time", "level", "logger", "message", "request", "method", "path", "status", "ms"}
    assert (line["method"], line["path"], line["status"], line["level"]) == ("GET", "/tags/", 200, "INFO")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["time"])
    assert line["ms"] > 0
    assert "secret" not in lines.getvalue()
    assert "abcdef" not in lines.getvalue()


def test_the_desk_is_told_by_number_and_not_by_name(lines: io.StringIO) -> None:
    user = editor("hamada-taro")
    signed_in(user).get("/admin/")
    (line,) = of_requests(lines)
    assert line["user"] == user.pk
    assert "hamada" not in lines.getvalue()


def test_readers_pages_ask_for_nobody(lines: io.StringIO) -> None:
    signed_in(editor()).get("/")
    (line,) = of_requests(lines)
    assert "user" not in line


def test_what_machines_ask_every_few_seconds_is_not_told(client: Client, lines: io.StringIO) -> None:
    client.get("/healthz")
    assert read(lines) == []


def test_a_link_to_a_draft_is_shortened(client: Client, lines: io.StringIO) -> None:
    made = sharing.share(publishing.save(drafted(), by=None), by=None)
    client.get(made.get_absolute_url())
    (line,) = of_requests(lines)
    assert line["path"] == "/drafts/…/"
    assert made.key.hex not in lines.getvalue()


@pytest.mark.urls("tests.test_logs")
def test_a_mistake_has_its_traceback_without_variables(lines: io.StringIO) -> None:
    client = Client(raise_request_exception=False)
    answer = client.get("/drafts/0123456789abcdef:sIgNeD-0123456789012345/boom/")
    assert answer.status_code == 500
    mistake = next(line for line in read(lines) if "traceback" in line)
    assert mistake["level"] == "ERROR"
    assert "ValueError: broken" in mistake["traceback"]
    assert "p4ssw0rd-in-a-variable" not in lines.getvalue()
    assert "sIgNeD" not in lines.getvalue()
    told = answer["X-Request-ID"]
    assert mistake["request"] == told
    assert {line["request"] for line in read(lines)} == {told}
    assert told in answer.content.decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_path_forges_a_line(client: Client, lines: io.StringIO, text: str) -> None:
    client.get("/" + "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass")))
    written = lines.getvalue()
    (line,) = of_requests(lines)
    assert line["level"] == "INFO"
    assert written.count("\n") == len(read(lines))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e]", written)
    written.encode()


@pytest.mark.parametrize("formatter", [JsonLines(), TextLines()])
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_message_forges_a_line(formatter: logging.Formatter, text: str) -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "name %s", (text,), None)
    record.fields = {"name": text}
    written = formatter.format(record)
    assert "\n" not in written
    assert one_line(written) == written
    written.encode()


def test_what_is_read_back_is_what_was_said() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "港 %s", ('"\u2028\x1b',), None)
    assert json.loads(JsonLines().format(record))["message"] == '港 "\u2028\x1b'


@pytest.mark.parametrize("sent", ["abcdef12", "0af7651916cd43dd8448eb211c80319c", "a.b_c-d-0123"])
def test_a_reference_that_a_proxy_gave_is_kept(client: Client, lines: io.StringIO, sent: str) -> None:
    answer = client.get("/no-such-page/", headers={"X-Request-ID": sent})
    assert answer["X-Request-ID"] == sent
    assert of_requests(lines)[0]["request"] == sent


@pytest.mark.parametrize(
    "sent", ["short", "a" * 65, "<script>alert(1)</script>", "ab cd ef gh", "-leading-dash", "１２３４５６７８"]
)
def test_any_other_is_made_anew(client: Client, sent: str) -> None:
    answer = client.get("/no-such-page/", headers={"X-Request-ID": sent})
    assert re.fullmatch(r"[0-9a-f]{12}", answer["X-Request-ID"])


def test_pages_that_are_well_carry_none(client: Client) -> None:
    published()
    assert "X-Request-ID" not in client.get("/").headers


def test_nor_do_pages_that_caches_keep(client: Client) -> None:
    edition = published()
    publishing.withdraw(edition.article, by=None, reason="誤り")
    answer = client.get(edition.get_absolute_url())
    assert answer.status_code == 410
    assert "X-Request-ID" not in answer.headers


def test_requests_at_once_keep_their_own(rf: Any) -> None:
    seen: dict[str, set[str]] = {}
    together = threading.Barrier(8)

    def view(request: HttpRequest) -> HttpResponse:
        first = reference.get()
        together.wait(10)
        seen[request.headers["X-Request-ID"]] = {first, reference.get()}
        return HttpResponse()

    log = RequestLog(view)
    names = [f"request-{number}" for number in range(8)]
    threads = [threading.Thread(target=log, args=(rf.get("/", headers={"X-Request-ID": name}),)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {name: {name} for name in names}
    assert reference.get() == ""


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Not found: /drafts/abc:def/", "Not found: /drafts/…/"),
        ("/accounts/reset/MQ/c4b1zq-0123456789abcdef0123456789abcdef/", "/accounts/reset/MQ/…/"),
        ("/invite/3f2a:1kQxYz:aB3dE6gH9jK2mN5pQ8sT1vW4/", "/invite/…/"),
        ("GET /search/?q=港&tag=x 200", "GET /search/?… 200"),
        ("/tags/港はいつ開くのか長い名前の札/", "/tags/港はいつ開くのか長い名前の札/"),
        ("/articles/12/brief/ 12:30:01 is well", "/articles/12/brief/ 12:30:01 is well"),
        ("/media/0123456789ABCDEF0123456789abcdef.webp", "/media/0123456789ABCDEF0123456789abcdef.webp"),
        ("ready?", "ready?"),
    ],
)  # fmt: skip
def test_tokens_and_queries_are_left_out(text: str, kept: str) -> None:
    assert without_secrets(text) == kept


def test_no_mails_of_errors_and_no_second_lines() -> None:
    assert "AdminEmailHandler" not in str(site.LOGGING)
    assert site.LOGGING["handlers"]["stderr"]["class"] == "logging.StreamHandler"
    assert not logging.getLogger("django").handlers
    assert not any(type(each).__name__ == "AdminEmailHandler" for each in logging.getLogger().handlers)


def test_who_signs_in_wrongly_is_not_named(client: Client, lines: io.StringIO, settings: LazySettings) -> None:
    User.objects.create_user("kishi", password="right-word")
    client.post("/admin/login/", {"username": "kishi", "password": "wr0ng-word"})
    assert "wr0ng-word" not in lines.getvalue()
