"""Everything of a site on SQLite into an empty PostgreSQL: all or nothing, and compared before it counts."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, cast

from django.apps import apps
from django.core.management.color import no_style
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model
from django.utils.translation import gettext as _

from articles.safekeeping import database
from newsdesk.database_url import database_from_url

OLD = "old"  # what Django calls the database that is left
AT_ONCE = 500  # rows

Progress = Callable[[str], object]


class NotMoved(Exception):
    """The database cannot be moved; the new one is as it was. The message says what to do."""


@contextmanager
def old_database(url: str) -> Iterator[BaseDatabaseWrapper]:
    """The database at an address, beside that of the site, while the block lasts. Raises NotMoved."""
    config = database_from_url(url)
    if config["ENGINE"] != "django.db.backends.sqlite3" or not Path(config["NAME"]).is_file():
        example = "sqlite:////srv/newsdesk/var/newsdesk.sqlite3"
        raise NotMoved(
            _("There is no SQLite database at %(url)s. Name one like %(example)s.") % {"url": url, "example": example}
        )
    connections.databases[OLD] = connections.configure_settings({"default": {}, OLD: config})[OLD]
    try:
        with closing(connections[OLD]) as old:
            yield old
    finally:
        del connections[OLD], connections.databases[OLD]


def move(url: str, progress: Progress) -> dict[str, int]:
    """Copy every row of the SQLite database at an address into the database of the site; how many of each table.

    Nobody can write to the old one meanwhile. The index of the search is not copied: it is made anew from the rows.
    Raises NotMoved; then nothing was copied.
    """
    with old_database(url) as old:
        _check(old)
        try:
            with transaction.atomic(using=OLD), transaction.atomic():  # the first locks whoever writes out
                return _copied(progress)
        except DatabaseError as error:
            raise NotMoved(_("PostgreSQL refuses what SQLite held: %(error)s") % {"error": error}) from error


def _check(old: BaseDatabaseWrapper) -> None:
    if connection.vendor != "postgresql":
        raise NotMoved(_("Name the PostgreSQL database that is to be filled in DATABASE_URL."))
    here, there = (set(MigrationRecorder(each).applied_migrations()) for each in (connection, old))
    if differing := here ^ there:
        names = ", ".join(".".join(name) for name in sorted(differing)[:5])
        raise NotMoved(
            _("The databases are of different versions (%(names)s). Run manage.py migrate with each first.")
            % {"names": names}
        )
    if tables := database.rows_there():
        raise NotMoved(
            _("The database is not empty (%(tables)s). Name an empty one in DATABASE_URL, or move this one away.")
            % {"tables": ", ".join(tables[:5])}
        )


def _copied(progress: Progress) -> dict[str, int]:
    models = list(_models())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
        cursor.execute(f"TRUNCATE {tables}")
        counts = {}
        for model in models:
            counts[model._meta.db_table] = _copy(model, cursor)
            progress(model._meta.db_table)
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    differing = [model._meta.db_table for model in models if summed(model, OLD) != summed(model, connection.alias)]
    if differing:
        raise NotMoved(_("These tables differ after the copy: %(tables)s") % {"tables": ", ".join(differing)})
    return counts


def _models() -> Iterator[type[Model]]:
    """All models with a table of their own, those between two others included."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield model


def _copy(model: type[Model], cursor: Any) -> int:
    """Copy the rows of a table; their number."""
    fields = model._meta.local_concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(cast("str", field.column)) for field in fields)
    count = 0
    with cursor.copy(f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN") as copy:
        for row in _rows(model, OLD):
            values = zip(fields, row, strict=True)
            copy.write_row([field.get_db_prep_save(value, connection) for field, value in values])
            count += 1
    return count


def _rows(model: type[Model], using: str) -> Iterator[tuple[Any, ...]]:
    names = [field.attname for field in model._meta.local_concrete_fields]
    rows = model._base_manager.using(using).order_by().values_list(*names)
    return cast("Iterator[tuple[Any, ...]]", rows.iterator(chunk_size=AT_ONCE))


def summed(model: type[Model], using: str) -> tuple[int, int]:
    """How many rows a table has, and a sum of their SHA-256 that is the same in whichever order they come."""
    count = total = 0
    for row in _rows(model, using):
        count += 1
        text = json.dumps(row, ensure_ascii=False, sort_keys=True, default=str)
        total += int.from_bytes(hashlib.sha256(text.encode()).digest())
    return count, total
