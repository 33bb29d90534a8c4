"""A copy of the database is read for readers' pages while it has all that they may show, and never otherwise."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from tests.hosts import Away, refusing, silent
from tests.sites import PUBLISH, WITHDRAW, postgres_database, prepared

ASK = """
import django, json; django.setup()
from django.test import Client
client = Client()
asked = [client.get(path, headers={{"host": "news.example"}}) for path in {paths}]
print(json.dumps([(answer.status_code, answer.content.decode().replace("<wbr>", "")) for answer in asked]))
"""


class Copied:
    """A site whose database has a copy, which is behind until it is told to `follow`."""

    def __init__(self, folder: Path, url: str, copy: str) -> None:
        self.site = prepared(folder, DATABASE_URL=url, PAGE_STORE_BYTES="0")
        self.url, self.copy = url, copy

    def follow(self) -> None:
        """Bring the copy to the present."""
        if self.url.startswith("sqlite"):
            with closing(_opened(self.url)) as database, closing(_opened(self.copy)) as copy:
                database.backup(copy)
            return
        import psycopg

        base, _, name = self.copy.rpartition("/")
        with psycopg.connect(f"{base}/postgres", autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {name} TEMPLATE {self.url.rpartition('/')[2]}")

    def mark(self) -> None:
        """Change the titles in the copy alone, so that one sees what is read from there."""
        change = "UPDATE articles_edition SET title = title || '（写し）'"
        if self.copy.startswith("sqlite"):
            with closing(_opened(self.copy)) as database, database:
                database.execute(change)
            return
        import psycopg

        with psycopg.connect(self.copy) as server:
            server.execute(change)

    def get(self, *paths: str) -> list[tuple[int, str]]:
        """Status and page of what a process answers that has just started, with the copy as its replica."""
        done = self.site.run("-c", ASK.format(paths=paths), DATABASE_REPLICA_URL=self.copy)
        assert done.returncode == 0, done.stderr
        return [(status, body) for status, body in json.loads(done.stdout)]


def _opened(url: str) -> sqlite3.Connection:
    return sqlite3.connect(url.removeprefix("sqlite:///"))


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Copied]:
    folder = tmp_path_factory.mktemp("replica")
    if connection.vendor == "sqlite":
        yield Copied(folder, f"sqlite:///{folder / 'first.sqlite3'}", f"sqlite:///{folder / 'copy.sqlite3'}")
    else:
        with postgres_database("first") as url, postgres_database("copy") as copy:
            yield Copied(folder, url, copy)


def test_a_copy_is_read_only_while_it_has_all_that_readers_may_see(copied: Copied) -> None:
    pk = copied.site.does(PUBLISH.format(title="写される題"))
    copied.follow()
    copied.mark()
    front, article, login = copied.get("/", f"/articles/{pk}/", "/admin/login/")
    assert "写される題（写し）" in front[1], "it is read, since it has all there is"
    assert "写される題（写し）" in article[1]
    assert login[0] == 200

    copied.site.does(PUBLISH.format(title="新しい題"))
    [behind] = copied.get("/")
    assert "新しい題" in behind[1]
    assert "（写し）" not in behind[1], "a copy that lags is not read"

    copied.follow()
    copied.mark()
    copied.site.does(WITHDRAW.format(pk=pk))
    front, article = copied.get("/", f"/articles/{pk}/")
    assert article[0] == 410, "what was withdrawn is not shown from the copy"
    assert "写される題" not in front[1]

    copied.follow()
    copied.mark()
    assert "新しい題（写し）" in copied.get("/")[0][1], "it has caught up"


@pytest.mark.parametrize("away", [refusing, silent])
def test_a_copy_that_is_away_is_not_missed(copied: Copied, away: Away) -> None:
    copied.site.does(PUBLISH.format(title="独りの題"))
    with away() as port:
        replica = {"DATABASE_REPLICA_URL": f"postgres://x:x@127.0.0.1:{port}/x"}
        done = copied.site.run("-c", ASK.format(paths=["/", "/feeds/rss.xml"]), **replica)
    assert [status for status, _body in json.loads(done.stdout)] == [200, 200]
    assert done.stderr.count("The replica does not answer") == 1, "and it is left alone for a while"


def test_the_desk_writes_and_reads_in_the_database_itself(copied: Copied) -> None:
    code = """
import django; django.setup()
from articles.models import Edition
from django.contrib.auth.models import User
from newsdesk.replica import REPLICA, ReplicaRouter, _is_read
from django.db import router, transaction
told = [router.db_for_read(Edition), router.db_for_write(Edition), router.allow_migrate(REPLICA, "articles")]
_is_read.set(True)
told += [router.db_for_read(Edition), router.db_for_write(Edition)]
with transaction.atomic():
    told.append(router.db_for_read(Edition))
print(told)
"""
    done = copied.site.run("-c", code, DATABASE_REPLICA_URL=copied.copy)
    assert done.stdout.strip() == "['default', 'default', False, 'replica', 'default', 'default']", done.stderr
