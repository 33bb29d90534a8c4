"""Leafing through lists: from a place in them on, so that the last page costs what the first one costs.

A place is the moment and the number by which a list is ordered. `?before=` shows what is older than a place and
`?after=` what is newer; nothing is counted or passed over, and what is published meanwhile moves no page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, Self, TypeVar

from django.db.models import F, Field, Func, Model, Q, QuerySet, Value
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual
from django.http import QueryDict

Row = TypeVar("Row", bound=Model)

_PLACE = re.compile(r"(\d{1,18})-(\d{1,18})(?:-(\d{1,6}))?", re.ASCII)
_EPOCH = datetime(1, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class NoSuchPage(LookupError):
    """The list has no page there."""


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in a list: its moment, its number and, where several rows share these, that of the row."""

    at: datetime
    key: int
    number: int | None = None

    def __str__(self) -> str:
        """As it stands in an address: microseconds since the year 1, and the numbers."""
        written = f"{(self.at - _EPOCH) // _MICROSECOND}-{self.key}"
        return written if self.number is None else f"{written}-{self.number}"

    @classmethod
    def read(cls, written: str) -> Self:
        """Raises NoSuchPage for what is no place."""
        found = _PLACE.fullmatch(written)
        try:
            return cls(_EPOCH + int(found[1]) * _MICROSECOND, int(found[2]), int(found[3]) if found[3] else None)  # type: ignore[index]
        except (TypeError, OverflowError) as error:
            raise NoSuchPage(written) from error


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which page of a list is asked for: the first, or the one before or after a place."""

    before: Place | None = None
    after: Place | None = None

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """Read from an address. Raises NoSuchPage where it names no place, or two."""
        places = {name: Place.read(query.get(name, "")) for name in ("before", "after") if name in query}
        if len(places) > 1:
            raise NoSuchPage
        return cls(**places)

    @property
    def query(self) -> str:
        """As it stands in an address; empty for the first page."""
        return f"before={self.before}" if self.before else f"after={self.after}" if self.after else ""


FIRST = Wanted()


@dataclass(frozen=True, slots=True)
class Leaf(Generic[Row]):
    """One page of a list, newest first.

    `here`, `earlier` and `later` are the queries in the addresses of the page itself and of those beside it, in time:
    "" is the list's first page, None is none.
    """

    rows: Sequence[Row]
    here: str = ""
    earlier: str | None = None
    later: str | None = None

    @property
    def is_first(self) -> bool:
        return not self.here

    @property
    def begins(self) -> datetime | None:
        """The moment of its newest row."""
        return _place(self.rows[0]).at if self.rows else None


def leaf(rows: "QuerySet[Row]", wanted: Wanted, length: int) -> Leaf[Row]:
    """The page that is asked for; the first may be empty. A query, and one or two more for any but the first.

    The rows come in the order of a moment and a number, the greatest first, and of a third column where two do not
    tell them apart; an index that has them so finds every page at once. Raises NoSuchPage.
    """
    at, key, *number = (str(name).removeprefix("-") for name in rows.query.order_by)
    placed: Any = rows.annotate(place_at=F(at), place_key=F(key), **({"place_number": F(number[0])} if number else {}))
    found: list[Row]
    if wanted.after:
        found = list(_newer(placed, wanted.after)[: length + 1])
        shown, has_earlier = found[:length][::-1], bool(found) and _older(placed, _place(found[0])).exists()
    else:
        found = list((_older(placed, wanted.before) if wanted.before else placed)[: length + 1])
        shown, has_earlier = found[:length], len(found) > length
    if wanted != FIRST and not shown:
        raise NoSuchPage
    return Leaf(
        shown,
        wanted.query,
        f"before={_place(shown[-1])}" if has_earlier else None,
        None if wanted == FIRST else _later(placed, _place(shown[0]), length),
    )


def _later(placed: "QuerySet[Row]", first: Place, length: int) -> str | None:
    """The page with what is newer: the list's own address, where that shows all of it."""
    newer = len(_newer(placed, first).values_list("pk")[: length + 1])
    return None if not newer else "" if newer <= length else f"after={first}"


def _row(at: Any, key: Any) -> Func:
    """Two values compared as one. Django's own tuples become `OR` on SQLite, which it may not look up in an index."""
    return Func(at, key, function="", output_field=Field())


_HERE = _row(F("place_at"), F("place_key"))


def _older(placed: "QuerySet[Row]", place: Place) -> "QuerySet[Row]":
    there = _row(Value(place.at), Value(place.key))
    if place.number is None:
        return placed.filter(LessThan(_HERE, there))
    same = Q(place_at=place.at, place_key=place.key)
    return placed.filter(LessThanOrEqual(_HERE, there)).exclude(same, place_number__lte=place.number)


def _newer(placed: "QuerySet[Row]", place: Place) -> "QuerySet[Row]":
    """Those newer than a place, the nearest first."""
    there = _row(Value(place.at), Value(place.key))
    if place.number is None:
        return placed.filter(GreaterThan(_HERE, there)).reverse()
    same = Q(place_at=place.at, place_key=place.key)
    from_there = placed.filter(GreaterThanOrEqual(_HERE, there))
    return from_there.exclude(same, place_number__gte=place.number).reverse()


def _place(row: Any) -> Place:
    return Place(row.place_at, row.place_key, getattr(row, "place_number", None))
