"""The index: a table beside the passages, of FTS5 on SQLite and of tsvector on PostgreSQL.

Both hold the same tokens, cut in Python (`words`), in two places: the head, which is title, heading, question and tags,
and the rest. What is asked is a `Condition`; what comes back are passages. The table is made by a migration.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import chain, islice
from typing import Protocol

from django.db import connection
from django.db.models.expressions import RawSQL

from articles.search.queries import Condition, Phrase
from articles.search.words import tokens

# Tokens that are held of a head and of a rest: with the longest words of the rarest letters they keep to 1 MB.
MOST_OF_HEAD, MOST = 1_000, 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index holds of a passage, by its key."""

    passage: int
    head: str
    rest: str


def held(text: str, most: int = MOST) -> list[str]:
    """The tokens of a text that the index holds, on either database: of a section those of its first 10,000 letters.

    Nobody reads more in one piece; and a longer one must be published all the same.
    """
    return list(islice(tokens(text), most))


class _Engine(Protocol):
    make: str
    insert: str
    delete: str
    remove_lost: str
    matching: str

    def row(self, entry: Entry) -> tuple[int | str, ...]: ...

    def query(self, condition: Condition, head: bool) -> str: ...


class _SQLite:
    """FTS5 (sqlite.org/fts5.html): tokens with spaces between them, phrases in quotation marks."""

    make = (
        "CREATE VIRTUAL TABLE articles_search USING fts5(head, rest, "
        "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'\")"
    )
    insert = "INSERT OR REPLACE INTO articles_search (rowid, head, rest) VALUES (%s, %s, %s)"
    delete = "DELETE FROM articles_search WHERE rowid = %s"
    remove_lost = "DELETE FROM articles_search WHERE rowid NOT IN (SELECT id FROM articles_passage)"
    matching = "SELECT rowid FROM articles_search WHERE articles_search MATCH %s"

    def row(self, entry: Entry) -> tuple[int | str, ...]:
        return entry.passage, " ".join(held(entry.head, MOST_OF_HEAD)), " ".join(held(entry.rest))

    def query(self, condition: Condition, head: bool) -> str:
        ways = (" AND ".join(self._phrase(phrase) for phrase in way) for way in condition)
        wanted = " OR ".join(f"({way})" for way in ways)
        return f"head : ({wanted})" if head else wanted

    def _phrase(self, phrase: Phrase) -> str:
        found, goes_on = phrase.tokens
        return f'"{" ".join(found)}"{"*" if goes_on else ""}'


class _PostgreSQL:
    """tsvector written out (PostgreSQL §8.11): the head with weight A, a gap behind it, so that no phrase spans both.

    A tsvector counts 16,383 places in at most 1 MB (§12.11); `held` keeps to them.
    """

    make = (
        "CREATE TABLE articles_search (passage bigint PRIMARY KEY, tokens tsvector NOT NULL); "
        "CREATE INDEX articles_search_tokens ON articles_search USING gin (tokens)"
    )
    insert = (
        "INSERT INTO articles_search (passage, tokens) VALUES (%s, %s::tsvector) "
        "ON CONFLICT (passage) DO UPDATE SET tokens = EXCLUDED.tokens"
    )
    delete = "DELETE FROM articles_search WHERE passage = %s"
    remove_lost = "DELETE FROM articles_search WHERE passage NOT IN (SELECT id FROM articles_passage)"
    matching = "SELECT passage FROM articles_search WHERE tokens @@ %s::tsquery"

    def row(self, entry: Entry) -> tuple[int | str, ...]:
        head = held(entry.head, MOST_OF_HEAD)
        return entry.passage, " ".join(
            chain(
                (f"'{token}':{place}A" for place, token in enumerate(head, start=1)),
                (f"'{token}':{place}" for place, token in enumerate(held(entry.rest), start=len(head) + 3)),
            )
        )

    def query(self, condition: Condition, head: bool) -> str:
        weight = "A" if head else ""
        ways = (" & ".join(self._phrase(phrase, weight) for phrase in way) for way in condition)
        return " | ".join(f"({way})" for way in ways)

    def _phrase(self, phrase: Phrase, weight: str) -> str:
        found, goes_on = phrase.tokens
        last = ("*" if goes_on else "") + weight
        *before, end = found
        marked = [f"'{token}'" + (f":{weight}" if weight else "") for token in before]
        return "(" + " <-> ".join([*marked, f"'{end}'" + (f":{last}" if last else "")]) + ")"


def _engine() -> _Engine:
    return _PostgreSQL() if connection.vendor == "postgresql" else _SQLite()


def make() -> str:
    """The statements that make the index, for the migration."""
    return _engine().make


def add(entries: Iterable[Entry]) -> None:
    """Take passages in, instead of what was there under their keys: a database that was emptied counts anew."""
    engine = _engine()
    with connection.cursor() as cursor:
        cursor.executemany(engine.insert, [engine.row(entry) for entry in entries])


def remove(passages: Collection[int]) -> None:
    """Forget passages, whether they are there or not."""
    engine = _engine()
    with connection.cursor() as cursor:
        cursor.executemany(engine.delete, [(passage,) for passage in passages])


def remove_lost() -> None:
    """Forget what is no passage any more."""
    with connection.cursor() as cursor:
        cursor.execute(_engine().remove_lost)


def matching(condition: Condition, *, head: bool = False) -> RawSQL:
    """The passages in which the condition is met, for `pk__in`; with `head`, in their heads."""
    engine = _engine()
    return RawSQL(engine.matching, [engine.query(condition, head)])  # noqa: S611  # the query is a parameter
