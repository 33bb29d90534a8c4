"""The shipped configuration of nginx before the site: fast, within a second true, and the same for everybody."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.bench import nginx, servers
from newsdesk.bench.servers import free_port
from newsdesk.front_cache import NEVER, TOO_EARLY, until
from newsdesk.headers import PERMISSIONS
from tests.sites import HOST, Answer, get

PUBLIC = [("Cache-Control", "max-age=0, public")]


@given(st.floats(1e9, 2e9))
def test_nothing_is_shown_for_as_long_as_a_second(asked: float) -> None:
    name, value = until("200 OK", PUBLIC, asked)
    shown_until = int(value.removeprefix("@")) + 1  # nginx counts in whole seconds
    assert -TOO_EARLY < shown_until - asked <= 1 - TOO_EARLY
    assert name == "X-Accel-Expires"


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("200 OK", [("Cache-Control", "private, no-store")]),
        ("200 OK", []),
        ("200 OK", [*PUBLIC, ("Set-Cookie", "a=b")]),
        ("404 Not Found", PUBLIC),
        ("500 Internal Server Error", PUBLIC),
        ("302 Found", PUBLIC),
    ],
)
def test_what_is_not_for_everybody_is_never_kept(status: str, headers: list[tuple[str, str]]) -> None:
    assert until(status, headers, 1e9 + 0.5) == NEVER


@dataclass(frozen=True)
class Site:
    """nginx before two workers of the site, on loopback; `upstream` is where these are asked themselves."""

    port: int
    upstream: int
    environment: dict[str, str]

    def get(self, path: str, host: str = HOST, **headers: str) -> Answer:
        return get(self.port, path, host, **headers)

    def does(self, code: str) -> float:
        """Has another process do something, and returns when it was done (seconds since 1970)."""
        before = "import django, time; django.setup(); from articles import drafting, publishing"
        whole = f"{before}\n{code}\nprint(time.time())"
        return float(run("-c", whole, environment=self.environment).split()[-1])

    def last_otherwise(self, path: str, text: str, *, at_last: bool) -> float:
        """When the last request was begun that did not show the text, or still did; 0 where there was none.

        That it was slow to be answered says something of the machine alone. At most ten seconds are waited.
        """
        until, last = time.time() + 10, 0.0
        while (began := time.time()) < until:
            if (text in self.get(path).body) is at_last:
                return last
            last = began
            time.sleep(0.005)
        raise AssertionError(f"{path}: {text}")


def run(*command: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *command], env=environment, cwd=settings.BASE_DIR, check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if not nginx.program():
        pytest.skip("nginx is not installed")
    folder = tmp_path_factory.mktemp("nginx")
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "CACHE_URL": "locmemcache://",
        "STORAGE_URL": f"file://{folder / 'media'}",
        "PAGE_STORE_FILE": str(folder / "pages.sqlite3"),
        "STATIC_ROOT": str(folder / "static"),
        "SITE_URL": f"http://{HOST}",
        "ALLOWED_HOSTS": HOST,
    }
    run("manage.py", "migrate", "--skip-checks", "-v0", environment=environment)
    run("manage.py", "collectstatic", "--noinput", "--skip-checks", "-v0", environment=environment)
    upstream = free_port()
    configuration, ports = nginx.before(folder, HOST, upstream, 1)
    (folder / "media").mkdir(exist_ok=True)
    (folder / "media" / "picture.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    )
    text = configuration.read_text().replace("/srv/newsdesk/media/", f"{folder / 'media'}/")
    configuration.write_text(text.replace("http {", "http { include /etc/nginx/mime.types;", 1))
    gunicorn = [sys.executable, "-m", "gunicorn", "newsdesk.wsgi:application", "--workers", "2", "--threads", "4"]
    lines = [[*gunicorn, "--bind", f"127.0.0.1:{upstream}"], nginx.line(configuration)]
    log = (folder / "log").open("w")
    started = [subprocess.Popen(line, env=environment, cwd=settings.BASE_DIR, stdout=log, stderr=log) for line in lines]
    try:
        yield _answering(ports, upstream, environment, folder)
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
        for process in started:
            process.wait(20)
        log.close()


def _answering(ports: list[int], upstream: int, environment: dict[str, str], folder: Path) -> Site:
    """The site, on whichever port it answers, once it does."""
    until = time.time() + 30
    while time.time() < until:
        for port in ports:
            found = Site(port, upstream, environment)
            try:
                if found.get("/").status == 200:
                    return found
            except (OSError, http.client.HTTPException):
                pass
        time.sleep(0.1)
    raise AssertionError((folder / "log").read_text() + (folder / "nginx.log").read_text())


PUBLISH = """
from articles.document import Document
edition = publishing.save(drafting.create(Document(title="{title}", tags=("港",))), by=None)
publishing.publish(edition, by=None, despite_findings=True)
"""
CHANGE = """
from articles.models import Article
article = Article.objects.latest("pk")
Article.objects.filter(pk=article.pk).update(title="{title}")
article.refresh_from_db()
publishing.publish(publishing.save(article, by=None), by=None, despite_findings=True)
"""
WITHDRAW = """
from articles.models import Article
publishing.withdraw(Article.objects.latest("pk"), by=None)
"""


def test_a_publication_a_change_and_a_withdrawal_show_within_a_second(site: Site) -> None:
    for code, text, at_last in (
        (PUBLISH.format(title="新しい題"), "新しい題", True),
        (CHANGE.format(title="改めた題"), "改めた題", True),
        (WITHDRAW, "改めた題", False),
    ):
        site.get("/"), site.get("/feeds/rss.xml")
        done = site.does(code)
        for path in ("/", "/feeds/rss.xml"):
            assert site.last_otherwise(path, text, at_last=at_last) - done <= 1
        for _ in range(200):
            assert (text in site.get("/").body) is at_last, "and never back again"


def test_pages_come_from_nginx_itself(site: Site) -> None:
    """The site says where it found a page to whoever asks for that; nginx tells everybody what the first was told."""
    time.sleep(1.3 - time.time() % 1)  # a new second, where pages are kept
    told = site.get("/feeds/atom.xml", X_Page="1").headers["x-page"]
    assert told in ("memory", "shared", "made")
    assert site.get("/feeds/atom.xml").headers.get("x-page") == told, "nobody asked for it"
    time.sleep(1.3 - time.time() % 1)
    assert "x-page" not in site.get("/feeds/atom.xml").headers, "and the site is asked again in the next second"
    for _ in range(2):
        assert site.get("/feeds/atom.xml?utm_source=x", X_Page="1").headers["x-page"] == "memory", (
            "kept by the site alone"
        )


def test_whoever_has_a_page_is_told_so_at_any_moment(site: Site) -> None:
    tag = site.get("/").headers["etag"]
    until = time.time() + 1.2
    while time.time() < until:
        assert site.get("/", If_None_Match=tag).status == 304, f"{time.time() % 1:.3f} of a second"


def test_nothing_that_an_asker_sends_reaches_others(site: Site) -> None:
    plain = site.get("/").body
    for _ in range(3):
        for headers in (
            {"Cookie": "sessionid=x; django_language=en"},
            {"Accept-Language": "en"},
            {"X-Forwarded-Host": "evil.example"},
            {"X-Forwarded-Proto": "http"},
            {"X-Accel-Expires": "99999"},
            {"X-Front-Cache": "0"},
            {"Authorization": "Basic eDp4"},
            {"Range": "bytes=0-3"},
        ):
            odd = site.get("/?utm_source=<script>", **headers)
            assert "<script>" not in odd.body
            site.get("/", **headers)
        after = site.get("/")
        assert (after.status, after.body) == (200, plain)
        assert "set-cookie" not in after.headers
        assert "x-accel-expires" not in after.headers, "it is between the two of them"


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("BR ; q=0.0, GZIP", "gzip"),
        ("gzip;q=0", ""),
        ("brotli, xgzip2", ""),
    ],
)
def test_everybody_gets_an_encoding_they_take(site: Site, asked: str, given: str) -> None:
    for _ in range(2):  # as the site sends it, and as nginx keeps it
        assert site.get("/", Accept_Encoding=asked).headers.get("content-encoding", "") == given


@pytest.mark.parametrize(
    "path", ["/", "/feeds/", "/feeds/rss.xml", "/feeds/none.xml", "/articles/999999/", "/robots.txt", "/admin/login/"]
)
def test_the_headers_that_nginx_adds_are_there_once_and_say_the_same(site: Site, path: str) -> None:
    """Whatever an asker says of them: as the site gives them to a server that adds none."""
    expected = policies(site.upstream, path)
    assert ("Permissions-Policy", PERMISSIONS) in expected
    assert {"X-Frame-Options", "X-Content-Type-Options", "Cross-Origin-Opener-Policy"} < {name for name, _ in expected}
    for _ in range(2):  # as the site gives it, and as nginx keeps it
        assert policies(site.port, path, **{"X-Front-Adds": "Content-Security-Policy"}) == expected


def policies(port: int, path: str, **headers: str) -> list[tuple[str, str]]:
    """The headers that tell a browser what it may do, in order of their names; one that is there twice stands twice."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Host": HOST, **headers})
    given = connection.getresponse().getheaders()
    connection.close()
    names = ("policy", "x-content-type-options", "x-frame-options", "strict-transport-security")
    return sorted((name.title(), value) for name, value in given if name.lower().endswith(names))


def test_the_desk_is_never_kept(site: Site) -> None:
    first, second = (site.get("/admin/login/") for _ in range(2))
    assert first.status == 200
    assert "csrftoken" in first.headers["set-cookie"]
    assert first.headers["set-cookie"] != second.headers["set-cookie"]
    assert "no-store" in first.headers["cache-control"]


@dataclass
class Ending:
    """A server whose every other connection, from the first on, ends without an answer to what was asked."""

    listener: socket.socket
    asked: list[str] = field(default_factory=list)

    def serve(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                connection, _address = self.listener.accept()
                with connection, connection.makefile("rb") as request:
                    self.asked.append(request.readline().split()[0].decode())
                    while request.readline().strip():
                        pass
                    if len(self.asked) % 2 == 0:
                        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")


@pytest.mark.parametrize(
    ("method", "path", "status", "asked"),
    [
        ("GET", "/", 200, ["GET", "GET"]),
        ("GET", "/admin/", 200, ["GET", "GET"]),
        ("POST", "/admin/", 502, ["POST"]),  # nobody knows what became of it
    ],
)
def test_what_got_no_answer_is_asked_once_more(
    tmp_path: Path, method: str, path: str, status: int, asked: list[str]
) -> None:
    if not nginx.program():
        pytest.skip("nginx is not installed")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ending = Ending(listener)
        threading.Thread(target=ending.serve, daemon=True).start()
        configuration, ports = nginx.before(tmp_path, HOST, listener.getsockname()[1], 1)
        with servers.served(nginx.line(configuration), ports[-1], os.environ, tmp_path / "log"):
            connection = http.client.HTTPConnection("127.0.0.1", ports[0], timeout=20)
            connection.request(method, path, headers={"Host": HOST})
            said = connection.getresponse().status
            connection.close()
        listener.shutdown(socket.SHUT_RDWR)
    assert (said, ending.asked) == (status, asked)


def test_other_hosts_get_no_answer(site: Site) -> None:
    with pytest.raises((http.client.HTTPException, OSError)):
        site.get("/", host="evil.example")


def test_uploads_are_no_pages(site: Site) -> None:
    answer = site.get("/media/picture.svg")
    assert answer.status == 200
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert site.get("/media/../site.sqlite3").status in (400, 404)
    assert site.get("/media/%2e%2e/site.sqlite3").status in (400, 404)
