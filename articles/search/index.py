"""The index: a table beside the passages, of FTS5 on SQLite and of tsvector on PostgreSQL.

Both hold the same tokens, cut in Python (`words`), in two places: the head, which is title, heading, question and tags,
and the rest. Beside them stand the year, the month and the day (`bands`), behind a sign that no text is cut to. What is
asked is a `Condition`; what comes back are passages. The table is made by a migration.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Protocol

from django.db import connection
from django.db.models.expressions import RawSQL

from articles.search.bands import EVERYWHERE, TEN, Eras, days_of, eras_of
from articles.search.queries import Condition, Phrase
from articles.search.words import is_wide, tokens

# Tokens that are held of a head and of a rest: with the longest words of the rarest letters they keep to 1 MB.
MOST_OF_HEAD, MOST = 1_000, 10_000
ERA = "\ue000"  # before a year, month or day; for private use, so no text is cut to it


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index holds of a passage, by its key; `day` is that of its article."""

    passage: int
    head: str
    rest: str
    day: date | None = None

    @property
    def eras(self) -> Sequence[str]:
        return [f"{ERA}{era}" for era in eras_of(self.day)]


def held(text: str, most: int = MOST) -> list[str]:
    """The tokens of a text that the index holds, on either database: of a section those of its first 10,000 letters.

    Nobody reads more in one piece; and a longer one must be published all the same.
    """
    return tokens(text)[:most]


class _Engine(Protocol):
    make: str
    insert: str
    delete: str
    remove_lost: str
    differing: str
    function: str  # that has to be made once, if any
    matching: str
    any: str  # one that matches
    of_those: str  # the same, to be narrowed to some passages
    late: str  # to merge what is added in larger lots
    usual: str  # to merge it as usual
    key: str
    by_days: bool  # whether words are sooner looked up for all passages of some days than for each of some passages

    def row(self, entry: Entry) -> tuple[int | str, ...]: ...

    def query(self, condition: Condition, head: bool, eras: Eras) -> str: ...

    def where_any(self, newest: Eras) -> Iterable[Eras]: ...


class _SQLite:
    """FTS5 (sqlite.org/fts5.html): tokens with spaces between them, phrases in quotation marks.

    What begins with a letter is held by itself (`prefix`), for else all pairs with it would be put together first.
    """

    make = (
        "CREATE VIRTUAL TABLE articles_search USING fts5(head, rest, prefix=1, "
        "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'\")"
    )
    insert = "INSERT OR REPLACE INTO articles_search (rowid, head, rest) VALUES (%s, %s, %s)"
    delete = "DELETE FROM articles_search WHERE rowid = %s"
    remove_lost = "DELETE FROM articles_search WHERE rowid NOT IN (SELECT id FROM articles_passage)"
    differing = "SELECT 1 FROM articles_search WHERE rowid = %s AND (head <> %s OR rest <> %s)"
    function = ""
    matching = of_those = "SELECT rowid FROM articles_search WHERE articles_search MATCH %s"
    any = f"{matching} ORDER BY rowid DESC LIMIT 1"
    configure = "INSERT INTO articles_search (articles_search, rank) VALUES ('{}', {})"
    late, usual = configure.format("automerge", 16), configure.format("automerge", 4)
    key = "rowid"
    by_days = True

    def row(self, entry: Entry) -> tuple[int | str, ...]:
        return entry.passage, " ".join(held(entry.head, MOST_OF_HEAD)), " ".join([*entry.eras, *held(entry.rest)])

    def query(self, condition: Condition, head: bool, eras: Eras) -> str:
        ways = (" AND ".join(self._phrase(phrase) for phrase in way) for way in condition)
        wanted = " OR ".join(f"({way})" for way in ways)
        wanted = f"head : ({wanted})" if head else wanted
        # What only begins so FTS5 puts together before it looks through it; days that are named, it does not.
        named = chain.from_iterable(days_of(era) if len(era) == TEN else (era,) for era in eras)
        then = " OR ".join(f'"{ERA}{era}"' for era in named)
        return f"({then}) AND ({wanted})" if then else wanted

    def where_any(self, newest: Eras) -> Iterable[Eras]:
        """Everywhere at once: FTS5 goes through passages one by one, the last ones first."""
        return (EVERYWHERE,)

    def _phrase(self, phrase: Phrase) -> str:
        found, goes_on = phrase.tokens
        return f'"{" ".join(found)}"{"*" if goes_on else ""}'


class _PostgreSQL:
    """tsvector written out (PostgreSQL §8.11): the head with weight A, a gap behind it, so that no phrase spans both.

    A tsvector counts 16,383 places in at most 1 MB (§12.11); `held` keeps to them. What begins with a letter is held by
    itself, too, for what begins so would else be put together from all pairs with it.
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
    differing = "SELECT 1 FROM articles_search WHERE passage = %s AND tokens <> %s::tsvector"
    # The planner knows how many rows there are, not that their tokens cost a hundred times what a row does: it went
    # through 400,000 passages, three seconds for what the index tells in three milliseconds. So a search calls a
    # function, which is planned by itself, goes through no table, and says how much it brings. It goes with the table.
    function = (
        "CREATE OR REPLACE FUNCTION articles_search_matching(wanted tsquery) RETURNS SETOF bigint "
        "LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000 SET enable_seqscan = off "
        "BEGIN ATOMIC SELECT passage FROM articles_search WHERE tokens @@ wanted; END"
    )
    matching = "SELECT articles_search_matching(%s::tsquery)"
    any = f"{matching} LIMIT 1"
    of_those = "SELECT passage FROM articles_search WHERE tokens @@ %s::tsquery"
    late, usual = "SET gin_pending_list_limit = '4MB'", "RESET gin_pending_list_limit"
    key = "passage"
    by_days = False

    def row(self, entry: Entry) -> tuple[int | str, ...]:
        head = held(entry.head, MOST_OF_HEAD)
        return entry.passage, " ".join(
            chain(
                (f"'{era}'" for era in entry.eras),
                self._places(head, 1, "A"),
                self._places(held(entry.rest), len(head) + 3, ""),
            )
        )

    def _places(self, found: Sequence[str], start: int, weight: str) -> Iterator[str]:
        """Every token at its place, and the letters with which pairs begin where they do so first."""
        letters: dict[str, int] = {}
        for place, token in enumerate(found, start):
            if len(token) == 2 and token[0] not in letters and is_wide(token):
                letters[token[0]] = place
        named = chain(enumerate(found, start), ((place, letter) for letter, place in letters.items()))
        return (f"'{token}':{place}{weight}" for place, token in named)

    def query(self, condition: Condition, head: bool, eras: Eras) -> str:
        weight = "A" if head else ""
        ways = (" & ".join(self._phrase(phrase, weight) for phrase in way) for way in condition)
        wanted = " | ".join(f"({way})" for way in ways)
        then = " | ".join(f"'{ERA}{era}'{':*' if len(era) == TEN else ''}" for era in eras)
        return f"({then}) & ({wanted})" if then else wanted

    def where_any(self, newest: Eras) -> Iterable[Eras]:
        """First among the newest: GIN collects all passages of a word before it gives the first."""
        return dict.fromkeys((newest, EVERYWHERE))

    def _phrase(self, phrase: Phrase, weight: str) -> str:
        found, goes_on = phrase.tokens
        goes_on = goes_on and not (len(found) == len(found[0]) == 1 and is_wide(found[0]))
        last = ("*" if goes_on else "") + weight
        *before, end = found
        marked = [f"'{token}'" + (f":{weight}" if weight else "") for token in before]
        return "(" + " <-> ".join([*marked, f"'{end}'" + (f":{last}" if last else "")]) + ")"


def _engine() -> _Engine:
    return _PostgreSQL() if connection.vendor == "postgresql" else _SQLite()


def make() -> str:
    """The statements that make the index, for the migration."""
    return _engine().make


def make_function() -> None:
    """Make what a search calls, where it calls anything; for the migration."""
    if function := _engine().function:
        with connection.cursor() as cursor:
            cursor.execute(function)


def add(entries: Iterable[Entry]) -> None:
    """Take passages in, instead of what was there under their keys: a database that was emptied counts anew."""
    engine = _engine()
    with connection.cursor() as cursor:
        cursor.executemany(engine.insert, [engine.row(entry) for entry in entries])


@contextmanager
def merged_late() -> Iterator[None]:
    """What is added is merged into the index in larger lots, while many passages are added.

    FTS5 writes what is added as a part of its own, and merges parts of about a size: each passage is written again as
    often as there are sizes, 7 in a million articles. By sixteen instead of four there are half of them
    (sqlite.org/fts5.html, 6.1). GIN merges 4 MB at once, as PostgreSQL does by default (§66.4.1), instead of 256 kB
    (newsdesk.database_url). A search has to look through more meanwhile.
    """
    engine = _engine()
    _execute(engine.late)
    try:
        yield
    finally:
        _execute(engine.usual)


def put_in_order() -> None:
    """Merge what was added to the index; on SQLite its parts that are as many as usually are merged.

    There it takes a few megabytes a transaction.
    """
    if connection.vendor == "postgresql":
        _execute("SELECT gin_clean_pending_list('articles_search_tokens')")
        return
    more = True
    while more:
        before = _changes()
        _execute(_SQLite.configure.format("merge", 500))
        more = _changes() - before > 1  # as FTS5 says that there was something to do (6.9)


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _changes() -> int:
    """Rows that the connection has changed so far."""
    connection.ensure_connection()
    return int(connection.connection.total_changes)


def differing(entries: Iterable[Entry]) -> Iterator[int]:
    """The passages of which the index holds something else than it would by their texts; one query each."""
    engine = _engine()
    with connection.cursor() as cursor:
        for entry in entries:
            cursor.execute(engine.differing, engine.row(entry))
            if cursor.fetchone():
                yield entry.passage


def remove(passages: Collection[int]) -> None:
    """Forget passages, whether they are there or not."""
    engine = _engine()
    with connection.cursor() as cursor:
        cursor.executemany(engine.delete, [(passage,) for passage in passages])


def remove_lost() -> None:
    """Forget what is no passage any more."""
    with connection.cursor() as cursor:
        cursor.execute(_engine().remove_lost)


def matching(condition: Condition, *, head: bool = False, eras: Eras = EVERYWHERE) -> RawSQL:
    """The passages in which the condition is met, for `pk__in`; with `head`, in their heads; with `eras`, of those."""
    engine = _engine()
    return RawSQL(engine.matching, [engine.query(condition, head, eras)])  # noqa: S611  # the query is a parameter


def hold(conditions: Sequence[Condition], newest: Eras) -> bool:
    """Whether each condition is met by any passage, on show or not; `newest` are eras in which many would be.

    One query, which ends at the first passage of each condition; on PostgreSQL one more for those that the newest do
    not meet.
    """
    engine, left = _engine(), conditions
    with connection.cursor() as cursor:
        for eras in engine.where_any(newest):
            met = ", ".join([f"({engine.any}) IS NOT NULL"] * len(left))  # EXISTS would pass over the order
            cursor.execute(f"SELECT {met}", [engine.query(condition, False, eras) for condition in left])
            left = [condition for condition, is_met in zip(left, cursor.fetchone(), strict=True) if not is_met]
            if not left:
                return True
    return False


def matching_of(editions: Collection[int], condition: Condition, days: Eras) -> RawSQL:
    """The passages of some editions in which the condition is met, for `pk__in`; `days` are all days of these, or none.

    FTS5 would look up every word for each of the passages; so it is asked about the days, and their passages are few.
    """
    engine = _engine()
    theirs = f"SELECT id FROM articles_passage WHERE edition_id IN ({', '.join(['%s'] * len(editions))})"  # noqa: S608  # only signs
    query = engine.query(condition, False, days if engine.by_days else EVERYWHERE)
    if engine.by_days and days:
        return RawSQL(f"{theirs} AND +id IN ({engine.of_those})", [*editions, query])  # noqa: S611  # and here
    return RawSQL(f"{engine.of_those} AND {engine.key} IN ({theirs})", [query, *editions])  # noqa: S611
