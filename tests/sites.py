"""Sites of their own for tests that start real servers: a database, folders, and processes that end with the test."""

import atexit
import http.client
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from django.conf import settings
from django.db import connection

from newsdesk.bench.servers import Server, free_port, served
from tests.services import no_redis
from tests.test_settings import REDIS

HOST = "news.example"
SETTINGS = "newsdesk.bench.settings"
PUBLISH = """
from articles.document import Document
edition = publishing.save(drafting.create(Document(title="{title}", tags=("港",))), by=None)
publishing.publish(edition, by=None, despite_findings=True)
print(edition.article_id)
"""
WITHDRAW = """
from articles.models import Article
publishing.withdraw(Article.objects.get(pk={pk}), by=None)
"""


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class Site:
    """A site by its environment."""

    folder: Path
    environment: dict[str, str]

    def run(self, *command: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """Run Python on the site to its end, with more in its environment."""
        return subprocess.run(
            [sys.executable, *command],
            env={**self.environment, **more},
            cwd=settings.BASE_DIR,
            check=False,
            capture_output=True,
            text=True,
        )

    def does(self, code: str) -> str:
        """What another process says that does this with the newsroom."""
        done = self.run("-c", f"import django; django.setup(); from articles import drafting, publishing\n{code}")
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @contextmanager
    def serving(self, name: str = "serve", **more: str) -> Iterator[Server]:
        """`manage.py serve` on a free port while the block lasts."""
        port = free_port()
        environment = {**self.environment, "SERVE_BIND": f"127.0.0.1:{port}", "SERVE_WORKERS": "2", **more}
        line = [sys.executable, "manage.py", "serve"]
        with served(line, port, environment, self.log(name)) as server:
            yield server

    def log(self, name: str = "serve") -> Path:
        return self.folder / f"{name}.log"


def prepared(folder: Path, **more: str) -> Site:
    """A site on SQLite, or on the PostgreSQL database that is named: migrated, its static files collected."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "CACHE_URL": "locmemcache://",
        "STORAGE_URL": f"file://{folder / 'media'}",
        "PAGE_STORE_FILE": str(folder / "pages.sqlite3"),
        "SITE_URL": f"http://{HOST}",
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "BENCH_FOLDER": str(folder),
        **more,
    }
    site = Site(folder, environment)
    made = _made()
    if environment["DATABASE_URL"].startswith("sqlite:"):
        shutil.copy(made / "site.sqlite3", environment["DATABASE_URL"].removeprefix("sqlite:///"))
    else:
        _did(site.run("manage.py", "migrate", "--skip-checks", "-v0"))
    static = Path(environment["BENCH_FOLDER"], "static")
    if not static.exists():
        shutil.copytree(made / "static", static)
    return site


@cache
def _made() -> Path:
    """A folder with a migrated SQLite database and the static files, made once in the life of the process."""
    folder = Path(mkdtemp(prefix="newsdesk-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    own = {"DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}", "BENCH_FOLDER": str(folder)}
    site = Site(folder, {**os.environ, **own, "SITE_URL": f"http://{HOST}", "DJANGO_SETTINGS_MODULE": SETTINGS})
    with ThreadPoolExecutor() as both:
        commands = (["migrate", "--skip-checks", "-v0"], ["collectstatic", "--noinput", "-v0"])
        for done in both.map(lambda command: site.run("manage.py", *command), commands):
            _did(done)
    with closing(sqlite3.connect(folder / "site.sqlite3")) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # so that the file alone is the database
    return folder


def _did(done: "subprocess.CompletedProcess[str]") -> None:
    assert done.returncode == 0, done.stderr


@contextmanager
def on_this_database(folder: Path, name: str) -> Iterator[Site]:
    """A site as the tests run: on SQLite, or on a PostgreSQL database of its own, with Redis where there is one."""
    if connection.vendor != "postgresql":
        yield prepared(folder)
        return
    with postgres_database(name) as url:
        yield prepared(folder, DATABASE_URL=url, **({} if no_redis(REDIS) else {"CACHE_URL": REDIS}))


@contextmanager
def postgres_database(name: str) -> Iterator[str]:
    """The address of a new database beside that of the tests; it is dropped in the end."""
    import psycopg

    base, _, _name = os.environ["DATABASE_URL"].rpartition("/")
    name = f"newsdesk_{name}_{os.getpid()}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{base}/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def get(port: int, path: str, host: str = HOST, **headers: str) -> Answer:
    """What the server on a port answers to a GET on a connection of its own."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        asked.request("GET", path, headers={"Host": host, "Connection": "close", **named})
        answer = asked.getresponse()
        body = answer.read().decode(errors="replace").replace("<wbr>", "")
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)
    finally:
        asked.close()
