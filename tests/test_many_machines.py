"""Several servers as one site: what one publishes, all show, and none depends on the cache, or on a file."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from django.db import connection

from newsdesk.bench.servers import Server, free_port
from tests.sites import PUBLISH, WITHDRAW, Site, get, on_this_database

A_MOMENT = 1.0  # seconds in which every process shows what is new


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Site]:
    with on_this_database(tmp_path_factory.mktemp("machines"), "machines") as found:
        yield found


@contextmanager
def two(site: Site, **more: str) -> Iterator[tuple[Server, Server]]:
    """Two servers of one site, each with a memory of its own."""
    with site.serving("one", SERVE_WORKERS="1", **more) as one, site.serving("two", SERVE_WORKERS="1", **more) as other:
        yield one, other


def shown(server: Server, path: str, text: str, *, at_last: bool) -> bool:
    """Whether it shows the text, or does not, within a moment after it was published."""
    until = time.monotonic() + A_MOMENT
    while (text in get(server.port, path).body) is not at_last:
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def test_two_servers_show_what_either_publishes(site: Site) -> None:
    with two(site) as servers:
        for server in servers:
            assert get(server.port, "/").status == 200, "both have a front page in memory"
        pk = site.does(PUBLISH.format(title="二つの岸の港"))
        for server in servers:
            assert shown(server, "/", "二つの岸の港", at_last=True)
            assert shown(server, f"/articles/{pk}/", "二つの岸の港", at_last=True)
        site.does(WITHDRAW.format(pk=pk))
        for server in servers:
            assert shown(server, "/", "二つの岸の港", at_last=False)
            assert get(server.port, f"/articles/{pk}/").status == 410


def test_a_cache_that_refuses_keeps_no_page_from_anybody(site: Site) -> None:
    pk = site.does(PUBLISH.format(title="港の灯"))
    with two(site, CACHE_URL=f"redis://127.0.0.1:{free_port()}/1") as servers:
        for server in servers:
            assert get(server.port, f"/articles/{pk}/").status == 200
            assert get(server.port, f"/articles/{pk}/share.png").status == 200
            assert get(server.port, "/admin/login/").status == 200


@contextmanager
def a_folder_in_its_place(file: Path) -> Iterator[None]:
    file.mkdir()
    yield


@contextmanager
def held_by_another(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as holder:
        holder.executescript("PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE page (id); BEGIN EXCLUSIVE")
        yield


@pytest.mark.parametrize("unusable", [a_folder_in_its_place, held_by_another])
def test_a_file_of_pages_that_cannot_be_used_keeps_no_page_from_anybody(
    site: Site, unusable: Callable[[Path], AbstractContextManager[None]], tmp_path: Path
) -> None:
    """Each process has its own pages then."""
    pk = site.does(PUBLISH.format(title="港の霧"))
    file = tmp_path / "pages.sqlite3"
    with unusable(file), two(site, CACHE_URL="locmemcache://", PAGE_STORE_FILE=str(file)) as servers:
        for server in servers:
            answers = [get(server.port, f"/articles/{pk}/", X_Page="1") for _ in range(2)]
            assert [(each.status, each.headers["x-page"]) for each in answers] == [(200, "made"), (200, "memory")]


def test_connections_to_the_database_are_kept(site: Site) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("counts connections of PostgreSQL")
    import psycopg

    url = site.environment["DATABASE_URL"]
    asked = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with site.serving("kept", SERVE_WORKERS="1", SERVE_THREADS="1") as server, psycopg.connect(url) as looking:
        seen = set()
        for _ in range(5):
            assert get(server.port, "/search/?q=a").status == 200
            seen |= {row[0] for row in looking.execute(asked)}
            looking.rollback()
        assert len(seen) == 1
