"""Many articles out of some: every row that belongs to an article is copied by the database itself.

Which rows those are is read from the models: what refers to an article, or to what refers to one, and so on. A new
table or column is copied without a word here, unless it holds a number or a hash that nothing says so of.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max
from django.utils import timezone
from taggit.models import TaggedItem

from articles.models import Address, Article, Passage, StoryPart
from articles.search import index
from newsdesk.bench.documents import serial

Model = type[models.Model]

# Every article has sources of its own, though an address knows nothing of the articles that name it.
ROOTS: tuple[Model, ...] = (Article, Address)
# Numbers of rows that are no foreign keys: (model, column) → whose.
NUMBERS: dict[tuple[Model, str], Model] = {(StoryPart, "story"): Article, (TaggedItem, "object_id"): Article}
# Hashes of a text, which differ from copy to copy where the text does: (model, column) → the column of the text.
HASHES: dict[tuple[Model, str], str] = {(Passage, "question_key"): "question"}
# Copies in which a text without their word has the hash that it has in the first: what stands in more articles is too
# common to be led to (`articles.passages.COMMON`).
ALIKE = 10
TEXTS = (models.CharField, models.TextField, models.JSONField)
INDEX = "articles_search"  # what the search knows of a passage, by its key; no model tells of it


def belonging() -> list[Model]:
    """The models whose rows are copied, what is referred to before what refers to it."""
    found: list[Model] = list(ROOTS)
    while more := [model for model in apps.get_models() if model not in found and _copied_keys(model, found)]:
        found += more
    return found


def _copied_keys(model: Model, copied: Iterable[Model]) -> list[Any]:
    """The columns of a model that hold numbers of copied rows."""
    return [field for field in _columns(model) if _owner(model, field) in set(copied)]


def _owner(model: Model, field: Any) -> Model | None:
    return NUMBERS.get((model, field.name)) or (field.related_model if field.is_relation else None)


def _columns(model: Model) -> list[Any]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


class Multiplier:
    """Copies what a database holds of articles when this is made, again and again."""

    def __init__(self) -> None:
        self.models = belonging()
        self.last: dict[Model, int] = {
            model: model._base_manager.aggregate(last=Max("pk"))["last"] or 0 for model in self.models
        }
        self.quote = connection.ops.quote_name

    def copy(self, copy: int, earlier: timedelta) -> None:
        """Write copy number `copy` (from 1 on), all of whose times lie so much `earlier`. One transaction."""
        with transaction.atomic(), connection.cursor() as cursor:
            for model in self.models:
                if self.last[model]:
                    cursor.execute(*self._statement(model, copy, earlier))
            cursor.execute(*self._index_statement(copy))

    def finish(self) -> None:
        """Let the database count on from the last copy, and look at what there is."""
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), self.models):
                cursor.execute(statement)
            cursor.execute("ANALYZE")

    def _statement(self, model: Model, copy: int, earlier: timedelta) -> tuple[str, list[Any]]:
        columns = _columns(model)
        values, parameters = [], []
        for field in columns:
            value, more = self._value(model, field, copy, earlier)
            values.append(value)
            parameters += more
        table, names = self.quote(model._meta.db_table), ", ".join(self.quote(field.column) for field in columns)
        rows, more = self._rows(model)
        return f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} WHERE {rows}", parameters + more  # noqa: S608

    def _rows(self, model: Model) -> tuple[str, list[Any]]:
        """Which rows are copied: those there were, as far as they belong to an article."""
        condition, parameters = f"{self.quote(model._meta.pk.column or 'id')} <= %s", [self.last[model]]
        keys = [field.column for field in _copied_keys(model, self.models)]
        if model not in ROOTS:
            condition += f" AND COALESCE({', '.join(map(self.quote, keys))}, NULL) IS NOT NULL"
        for field in model._meta.private_fields:
            if isinstance(field, GenericForeignKey):
                condition += f" AND {self.quote(f'{field.ct_field}_id')} = %s"
                parameters.append(ContentType.objects.get_for_model(Article).pk)
        return condition, parameters

    def _value(self, model: Model, field: Any, copy: int, earlier: timedelta) -> tuple[str, list[Any]]:
        """What stands in a column of a copied row, with its parameters."""
        column = self.quote(field.column)
        owner = model if field.primary_key else _owner(model, field)
        if owner in self.last:
            return f"{column} + %s", [copy * self.last[owner]]
        if text := HASHES.get((model, field.name)):
            return self._hash(column, self.quote(text), copy)
        if isinstance(field, models.UUIDField):
            return self._uuid(column), [f"{copy:08x}"]
        if isinstance(field, models.DateTimeField):
            return self._time(column), [_minutes(earlier)]
        if isinstance(field, TEXTS):
            return self._text(column, field.db_type(connection) or "text"), [serial(0), serial(copy)]
        return column, []

    def _hash(self, column: str, text: str, copy: int) -> tuple[str, list[Any]]:
        """Another one of the same length, where the word of the copy stands in the text, or after so many copies."""
        other = f"CASE WHEN {column} = '' THEN '' ELSE %s || substr({column}, 6) END"
        if copy >= ALIKE:
            return other, [serial(copy)]
        return f"CASE WHEN replace({text}, %s, '') = {text} THEN {column} ELSE {other} END", [serial(0), serial(copy)]

    def _uuid(self, column: str) -> str:
        if connection.vendor == "postgresql":
            return f"(%s || substr({column}::text, 9))::uuid"
        return f"%s || substr({column}, 9)"

    def _time(self, column: str) -> str:
        if connection.vendor == "postgresql":
            return f"{column} + %s::interval"
        return f"strftime('%%Y-%%m-%%d %%H:%%M:%%f', {column}, %s)"

    def _text(self, column: str, kind: str) -> str:
        if connection.vendor == "postgresql":
            return f"replace({column}::text, %s, %s)::{kind}"
        return f"replace({column}, %s, %s)"

    def _index_statement(self, copy: int) -> tuple[str, list[Any]]:
        """The same for the table of the search, whose keys are those of passages, and which knows their days."""
        last, words = self.last[Passage], [serial(0), serial(copy)]
        passages = self.quote(Passage._meta.db_table)
        if connection.vendor == "postgresql":
            zone = timezone.get_default_timezone_name()
            return (
                f"INSERT INTO {INDEX} (passage, tokens) SELECT copied.id, "  # noqa: S608
                f"ts_delete(replace(tokens::text, %s, %s)::tsvector, {_eras('this')}) || "
                f"array_to_tsvector({_eras('copied')}) FROM {INDEX} "
                f"JOIN {passages} this ON this.id = passage JOIN {passages} copied ON copied.id = passage + %s "
                "WHERE passage <= %s",
                [*words, *[index.ERA, zone] * 6, copy * last, last],
            )
        offset = f"+{timezone.localtime().utcoffset() // timedelta(minutes=1)} minutes"  # type: ignore[operator]
        eras = " || ".join(f"%s || strftime('{form}', copied.published_at, %s) || ' '" for form in _FORMS["sqlite"])
        return (
            f"INSERT INTO {INDEX} (rowid, head, rest) SELECT copied.id, replace(head, %s, %s), "  # noqa: S608
            f"{eras} || substr(rest, {_UNDATED}) FROM {INDEX} "
            f"JOIN {passages} copied ON copied.id = {INDEX}.rowid + %s WHERE {INDEX}.rowid <= %s",
            [*words, *[index.ERA, offset] * 3, copy * last, last],
        )


# Of a year, a month and a day, as `articles.search.bands` has them.
_FORMS = {"sqlite": ("%%Y", "%%Y%%m", "%%Y%%m%%d"), "postgresql": ("YYYY", "YYYYMM", "YYYYMMDD")}
_UNDATED = len("+2026 +202604 +20260401 ") + 1  # where the words begin behind them


def _eras(row: str) -> str:
    """What PostgreSQL's index holds of the day of a passage."""
    named = (f"%s || to_char({row}.published_at AT TIME ZONE %s, '{form}')" for form in _FORMS["postgresql"])
    return f"ARRAY[{', '.join(named)}]"


def _minutes(earlier: timedelta) -> str:
    return f"-{earlier // timedelta(minutes=1)} minutes"


Each = Callable[[Callable[[Any], object], Iterable[Any]], Iterator[object]]  # `map`, or the like of it


@contextmanager
def in_bulk() -> Iterator[Each]:
    """Without the indexes of the tables that are filled, which are made anew at the end, and without care for a crash.

    For a database that is thrown away where this does not end well. Yields what does several things at once.
    """
    tables = [INDEX, *(model._meta.db_table for model in belonging())]
    with connection.cursor() as cursor, _side_by_side() as each:
        cursor.execute(_INDEXES[connection.vendor].format(tables=", ".join(["%s"] * len(tables))), tables)
        indexes = cursor.fetchall()
        for statement in _CARELESS[connection.vendor]:
            cursor.execute(statement)
        for name, _statement in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        yield each
        longest_first = sorted(
            (statement for _name, statement in indexes), key=lambda statement: INDEX not in statement
        )
        for _done in each(_execute, longest_first):
            pass


@contextmanager
def _side_by_side() -> Iterator[Each]:
    """On PostgreSQL as many at once as there are cores: a connection takes one. SQLite lets one write at a time."""
    if connection.vendor != "postgresql":
        yield map
        return
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield lambda work, over: pool.map(partial(_by_itself, work), over)


def _by_itself(work: Callable[[Any], object], over: Any) -> object:
    """Do something over a connection of this thread's own, without care for a crash."""
    try:
        for statement in _CARELESS[connection.vendor]:
            _execute(statement)
        return work(over)
    finally:
        connection.close()


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({tables})",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() "
    "AND tablename IN ({tables}) AND NOT EXISTS "
    "(SELECT FROM pg_constraint WHERE conindid = format('%%I', indexname)::regclass)",
}
# Foreign keys are not looked up for each row, where the user may say so.
_WITHOUT_KEYS = (
    "DO $$ BEGIN IF current_setting('is_superuser') = 'on' THEN SET session_replication_role = replica; END IF; END $$"
)
_CARELESS = {
    "sqlite": ["PRAGMA synchronous = OFF", "PRAGMA foreign_keys = OFF", "PRAGMA cache_size = -400000"],
    "postgresql": ["SET synchronous_commit = off", "SET maintenance_work_mem = '1GB'", _WITHOUT_KEYS],
}
