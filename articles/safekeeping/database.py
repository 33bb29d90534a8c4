"""The database as one file, by each engine's own means; and that file as the database again."""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction
from django.utils.translation import gettext as _

# Tables that a database has rows in as soon as it is migrated.
MADE_BY_MIGRATIONS = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "django_site",
}
# Columns in which rows name stored files.
NAMING = (("articles_picture", "file"), ("articles_sourcelink", "image"), ("articles_commentator", "portrait"))

Ask = Callable[[str], Iterator[tuple[Any, ...]]]


class DatabaseTrouble(Exception):
    """The database could not be taken down or put back; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The database at one moment: its copy in a file, and a way to ask just that state."""

    file: Path
    ask: Ask

    def counts(self) -> dict[str, int]:
        """Rows of every table."""
        with connection.cursor() as cursor:
            tables = sorted(connection.introspection.table_names(cursor))
        return {table: next(self.ask(f'SELECT count(*) FROM "{table}"'))[0] for table in tables}  # noqa: S608

    def migrations(self) -> list[list[str]]:
        """What was migrated: [app, name], in order."""
        return [list(row) for row in self.ask("SELECT app, name FROM django_migrations ORDER BY app, name")]

    def named_files(self) -> Iterator[str]:
        """Stored files that rows name."""
        for table, column in NAMING:
            rows = self.ask(f'SELECT DISTINCT "{column}" FROM "{table}" WHERE "{column}" <> \'\'')  # noqa: S608
            yield from (name for (name,) in rows)

    def edition_sums(self) -> Iterator[str]:
        """For every edition a line: the SHA-256 of its Document, and its key."""
        for key, document in self.ask("SELECT id, document FROM articles_edition ORDER BY id"):
            yield f"{document_sum(document)}  {key}\n"


def document_sum(document: Any) -> str:
    """The SHA-256 of a Document's JSON form, the same whatever engine keeps it: keys sorted, UTF-8."""
    form = json.loads(document) if isinstance(document, str) else document
    text = json.dumps(form, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def snapshot(file: Path) -> Iterator[Snapshot]:
    """Copy the database into a new file while others write on. Raises DatabaseTrouble."""
    taking = _postgresql_snapshot if connection.vendor == "postgresql" else _sqlite_snapshot
    with taking(file) as taken:
        yield taken


@contextmanager
def _sqlite_snapshot(file: Path) -> Iterator[Snapshot]:
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)  # in one step, so that no writer makes it begin again
        copy.execute("PRAGMA journal_mode=DELETE")  # the copy is one file
        yield Snapshot(file, lambda query: iter(copy.execute(query)))


@contextmanager
def _postgresql_snapshot(file: Path) -> Iterator[Snapshot]:
    """One state for pg_dump and for what is counted: the transaction exports what it sees."""
    tool = _tool("pg_dump")

    def ask(query: str) -> Iterator[tuple[Any, ...]]:
        with connection.chunked_cursor() as cursor:
            cursor.execute(query)
            while rows := cursor.fetchmany(200):
                yield from rows

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            exported = cursor.fetchone()[0]
        _run([tool, "--format=custom", "--compress=0", f"--snapshot={exported}", f"--file={file}"])
        yield Snapshot(file, ask)


def rows_there() -> list[str]:
    """Tables with rows that no migration made."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - MADE_BY_MIGRATIONS
        found = []
        for table in sorted(tables):
            if table.startswith("articles_search_"):  # FTS5's own, with rows when there is nothing to find
                continue
            cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')  # noqa: S608
            if cursor.fetchone():
                found.append(table)
    return found


def put_back(file: Path) -> None:
    """Make the file the database, instead of one that `rows_there` found empty. Raises DatabaseTrouble."""
    if connection.vendor == "postgresql":
        _put_back_postgresql(file)
    else:
        _put_back_sqlite(file)


def needs_tools() -> None:
    """Raise DatabaseTrouble where putting the database back would fail for want of PostgreSQL's programs."""
    if connection.vendor == "postgresql":
        _tool("pg_restore")


def place() -> Path | None:
    """The folder of the database file, where there is one: a copy from there takes its place in one step."""
    return None if connection.vendor == "postgresql" else Path(connection.settings_dict["NAME"]).parent


def _put_back_sqlite(file: Path) -> None:
    with closing(sqlite3.connect(file)) as copy:
        (answer,) = copy.execute("PRAGMA integrity_check").fetchone()
    if answer != "ok":
        raise DatabaseTrouble(answer)
    connections.close_all()
    target = Path(connection.settings_dict["NAME"])
    with file.open("rb") as copied:
        os.fsync(copied.fileno())
    for stale in ("-wal", "-shm"):  # of the empty database; SQLite would play them into this one
        Path(f"{target}{stale}").unlink(missing_ok=True)
    file.replace(target)
    sync_folder(target.parent)


def _put_back_postgresql(file: Path) -> None:
    tool = _tool("pg_restore")
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'DROP TABLE IF EXISTS "{table}" CASCADE')
    connections.close_all()
    target = [f"--dbname={connection.settings_dict['NAME']}", "--single-transaction", "--exit-on-error"]
    _run([tool, "--no-owner", "--no-privileges", "--no-comments", *target, str(file)])


def sync_folder(folder: Path) -> None:
    """See to it that names in the folder survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _tool(name: str) -> str:
    """The path of a program of PostgreSQL, as new as the server or newer. Raises DatabaseTrouble."""
    path = shutil.which(name)
    if not path:
        raise DatabaseTrouble(
            _("%(program)s is not there. Install the client programs of PostgreSQL (postgresql-client).")
            % {"program": name}
        )
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    number = re.search(r"\d+", said)
    connection.ensure_connection()
    server = connection.connection.info.server_version // 10000
    if number and int(number[0]) < server:
        raise DatabaseTrouble(
            _("%(program)s %(version)s is older than the server (%(server)s). Install its client programs.")
            % {"program": name, "version": number[0], "server": server}
        )
    return path


def _run(command: list[str]) -> None:
    """Run a program of PostgreSQL on our database; the password goes by the environment, which others cannot see."""
    to = connection.settings_dict
    wanted = {"PGHOST": to["HOST"], "PGPORT": to["PORT"], "PGUSER": to["USER"], "PGPASSWORD": to["PASSWORD"]}
    environment = {**os.environ, **{name: str(value) for name, value in wanted.items() if value}}
    environment["PGDATABASE"] = str(to["NAME"])
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise DatabaseTrouble(done.stderr.strip())
