"""`manage.py serve`: refuses what is not in order, takes new code without losing a request, ends in good order."""

import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import RemoteDisconnected
from pathlib import Path

import pytest

from newsdesk import serving
from newsdesk.bench.processes import family
from newsdesk.bench.servers import Server
from newsdesk.serving import Serving, Unservable
from tests.sites import PUBLISH, Site, get, on_this_database

# Settings that a test can change as a new version of the code would, and requests that take as long as they say.
OWN_SETTINGS = """
import time
from newsdesk.bench.settings import *
SITE_NAME = "{name}"
time.sleep({starts})
MIDDLEWARE = ["own_settings.as_slow_as_wanted", *MIDDLEWARE]
def as_slow_as_wanted(get_response):
    def answer(request):
        time.sleep(float(request.headers.get("X-Seconds", "0")))
        return get_response(request)
    return answer
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Site]:
    with on_this_database(tmp_path_factory.mktemp("serving"), "serving") as found:
        yield found


def changeable(site: Site, name: str, starts: int = 0) -> dict[str, str]:
    """What the environment adds for settings that say this name; a process sleeps so many seconds before it starts."""
    (site.folder / "own_settings.py").write_text(OWN_SETTINGS.format(name=name, starts=starts), encoding="utf-8")
    return {
        "DJANGO_SETTINGS_MODULE": "own_settings",
        "PYTHONPATH": str(site.folder),
        "PYTHONDONTWRITEBYTECODE": "1",  # two versions in one second have one time stamp
    }


def test_a_site_in_order_can_be_served(site: Site) -> None:
    done = site.run("manage.py", "serve", "--check")
    assert (done.returncode, done.stdout) == (0, "The site can be served.\n"), done.stderr


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"DEBUG": "1"}, "Set DEBUG=0"),
        ({"DATABASE_URL": "sqlite:///{tmp}/new.sqlite3"}, "migrations are not applied. Run: manage.py migrate"),
        ({"DATABASE_URL": "postgres://x:secret@127.0.0.1:9/x"}, "The database does not answer"),
        ({"BENCH_FOLDER": "{tmp}"}, "Run: manage.py collectstatic --noinput"),
        ({"SERVE_BIND": "8000"}, "SERVE_BIND must be like 127.0.0.1:8000"),
        ({"SERVE_WORKERS": "many"}, "SERVE_WORKERS must be a number from 1 to 256"),
        ({"SERVE_THREADS": "0"}, "SERVE_THREADS must be a number from 1 to 256"),
    ],
    ids=str,
)
def test_what_is_not_in_order_is_refused(site: Site, tmp_path: Path, wrong: dict[str, str], told: str) -> None:
    done = site.run("manage.py", "serve", **{name: value.format(tmp=tmp_path) for name, value in wrong.items()})
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_files_that_came_after_the_last_collecting_are_missed(site: Site) -> None:
    manifest = site.folder / "static" / "staticfiles.json"
    whole = manifest.read_text()
    manifest.write_text(whole.replace('"img/seal.svg"', '"img/another.svg"'))
    try:
        assert "before there was img/seal.svg" in site.run("manage.py", "serve", "--check").stderr
    finally:
        manifest.write_text(whole)


@pytest.mark.parametrize("bind", ["8000", ":8000", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", "a:８０", "unix:/x"])
def test_addresses_that_are_none_are_refused(bind: str) -> None:
    with pytest.raises(Unservable):
        Serving.of(bind, "", "4")


def test_defaults_are_for_this_machine() -> None:
    assert Serving.of("127.0.0.1:8000", "", "4").workers >= 2
    assert Serving.of("[::1]:81", "3", "5").command()[3:] == ["::1", "81", "3", "5", "newsdesk.wsgi:application"]


def test_connections_to_the_database_are_kept_unless_told_otherwise() -> None:
    assert serving.environment({})["CONN_MAX_AGE"] == "3600"
    assert serving.environment({"CONN_MAX_AGE": "5"})["CONN_MAX_AGE"] == "5"


def test_it_becomes_the_server_and_logs_no_queries(site: Site) -> None:
    pk = site.does(PUBLISH.format(title="港はいつ開く"))
    with site.serving("plain") as server:
        assert len(family(server.pid)) >= 3, "it is the first process of two workers"
        assert get(server.port, f"/articles/{pk}/").status == 200
        assert get(server.port, "/search/?q=himitsu").status == 200
        assert get(server.port, "/", host="evil.example").status == 400
        sheet = get(server.port, f"/static/{_collected(site, 'css/')}")
        assert sheet.headers["cache-control"] == "max-age=315360000, public, immutable"
    said = site.log("plain").read_text()
    assert '"path": "/search/"' in said
    assert "himitsu" not in said


def _collected(site: Site, start: str) -> str:
    """The name of a collected file, with the hash of its content in it."""
    paths: dict[str, str] = json.loads((site.folder / "static" / "staticfiles.json").read_text())["paths"]
    return next(found for name, found in paths.items() if name.startswith(start) and found.endswith(".css"))


@contextmanager
def readers(port: int, path: str, number: int) -> Iterator[tuple[Counter[object], list[str]]]:
    """While the block lasts, so many ask for a page: how often what was said, and what was shown, in order.

    A connection that ends before anything was said is no failure: a server that ends may close it while it does not
    see a request yet, and browsers ask again, as nginx does (RFC 9110, section 9.2.2).
    """
    said: Counter[object] = Counter()
    shown: list[str] = []
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            try:
                answer = get(port, path)
                said[answer.status] += 1
                shown.append(answer.body)
            except RemoteDisconnected:
                continue
            except Exception as error:  # whatever a reader would have met
                said[repr(error)] += 1

    threads = [threading.Thread(target=read) for _ in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield said, shown
    finally:
        over.set()
        for thread in threads:
            thread.join()


def replaced(server: Server, before: set[int]) -> bool:
    """Whether all processes of a server became others, within a minute."""
    until = time.monotonic() + 60
    while before & set(family(server.pid)) and time.monotonic() < until:
        time.sleep(0.2)
    return not before & set(family(server.pid))


# Starting takes less and more than the old process is left at work.
@pytest.mark.parametrize("starts", [0, 8], ids=["soon", "late"])
def test_new_code_comes_in_without_a_failed_request(site: Site, starts: int) -> None:
    with site.serving(f"reload{starts}", **changeable(site, "朝の新聞")) as server:
        assert "朝の新聞" in get(server.port, "/").body
        slow: list[int] = []
        waiting = threading.Thread(target=lambda: slow.append(get(server.port, "/search/", X_Seconds="2").status))
        with readers(server.port, "/search/?q=a", 3) as (said, shown):
            waiting.start()
            time.sleep(0.5)
            changeable(site, "夕の新聞", starts)
            before = set(family(server.pid)) - {server.pid}
            os.kill(server.pid, signal.SIGHUP)
            assert replaced(server, before), "no old process is left"
            waiting.join()
            assert "夕の新聞" in get(server.port, "/").body
        assert slow == [200], "what was at work when the signal came was finished"
        assert set(said) == {200}, said
        assert "朝の新聞" in shown[0]
        assert all("夕の新聞" in body for body in shown[-3:])


def listening(port: int) -> set[str]:
    """The sockets of this machine at which connections to a port wait, by their numbers in the kernel."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {row[9] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "0A"}


def test_sockets_outlast_the_processes(site: Site) -> None:
    """So nobody who waits at one is turned away with its process, and the kernel spreads connections."""
    with site.serving("sockets", SERVE_WORKERS="3") as server:
        # Each process begins to listen when it is up; the first to be so answers.
        until = time.monotonic() + 60
        while len(sockets := listening(server.port)) < 3 and time.monotonic() < until:
            time.sleep(0.1)
        before = set(family(server.pid)) - {server.pid}
        assert len(sockets) == 3
        os.kill(server.pid, signal.SIGHUP)
        assert replaced(server, before)
        assert listening(server.port) == sockets


def test_it_ends_after_the_requests_at_work(site: Site) -> None:
    with site.serving("stop", **changeable(site, "朝の新聞")) as server:
        slow: list[int] = []
        waiting = threading.Thread(target=lambda: slow.append(get(server.port, "/search/", X_Seconds="2").status))
        waiting.start()
        time.sleep(0.5)
        pids = family(server.pid)
        os.kill(server.pid, signal.SIGTERM)
        waiting.join()
        assert slow == [200]
        until = time.monotonic() + 10
        while any(map(_lives, pids)) and time.monotonic() < until:
            time.sleep(0.1)
        assert not any(map(_lives, pids))


def _lives(pid: int) -> bool:
    with suppress(OSError):
        return Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_a_worker_that_dies_is_replaced(site: Site) -> None:
    with site.serving("dies") as server:
        before = set(family(server.pid)[1:])
        os.kill(max(before), signal.SIGKILL)
        until = time.monotonic() + 15
        while time.monotonic() < until and not (set(family(server.pid)[1:]) - before):
            time.sleep(0.2)
        assert set(family(server.pid)[1:]) - before
        assert get(server.port, "/").status == 200
