"""Whether the engine of the database, and what it holds the rows in, is sound."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, register
from django.core.checks import Warning as Warned
from django.db import connection
from django.utils.translation import gettext as _

from newsdesk.sound_sqlite import is_sound


@register
def sqlite_version(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn, whenever a site starts that is no trial, of a SQLite whose write-ahead log can damage the file."""
    if settings.DEBUG or connection.vendor != "sqlite" or connection.is_in_memory_db():  # type: ignore[attr-defined]  # SQLite's
        return []
    version = connection.Database.sqlite_version_info  # type: ignore[attr-defined]
    if is_sound(version):
        return []
    told = _("SQLite %(version)s can, very rarely, damage the database of a site that is written by several processes.")
    hint = _("Install the mended one: pip install --require-hashes -r requirements/sqlite.txt. Or move to PostgreSQL.")
    return [Warned(told % {"version": ".".join(map(str, version))}, hint=hint, id="newsdesk.W001")]


def unsound() -> Iterator[str]:
    """What SQLite finds wrong with its file, and rows that point to none; PostgreSQL refuses both by itself."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(20)")
        yield from (told for (told,) in cursor.fetchall() if told != "ok")
        cursor.execute("PRAGMA foreign_key_check")
        while rows := cursor.fetchmany(200):
            yield from (f"{table} {row} → {other}" for table, row, other, _number in rows)


def sequences_behind() -> Iterator[tuple[str, int]]:
    """PostgreSQL's sequences that would give a key which is taken: the name of each, and the last key."""
    if connection.vendor != "postgresql":
        return
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for each in connection.introspection.get_sequences(cursor, table):
                cursor.execute(f"SELECT max({quote(each['column'])}) FROM {quote(table)}")  # noqa: S608
                (last,) = cursor.fetchone()
                cursor.execute(f"SELECT last_value, is_called FROM {each['name']}")  # noqa: S608  # quoted by the engine
                value, called = cursor.fetchone()
                if last is not None and last >= value + called:
                    yield each["name"], last
