"""How far back a search looks: among the newest articles first, and further only where those hold too little. Pure.

A word that stands everywhere would else be looked up everywhere: an index knows what holds it, but not which of that is
new. So every part of an article is held with its year, month and day besides its words, and a query names those that
together hold so many articles.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from math import ceil

from articles.months import Month

SIZES = (1_000, 8_000, 64_000)  # articles among which is looked, one after the other; and then among all
LITTLE_MORE = 1.25  # times as many articles as are wanted

Eras = Sequence[str]  # years, months and days, and ten days by what they begin with: 2026, 202604, 20260401, 2026042
TEN = 7  # letters of the last kind
EVERYWHERE: Eras = ()


def eras_of(day: date | None) -> Eras:
    """What the index holds of a day; nothing where no day is known."""
    return (f"{day:%Y}", f"{day:%Y%m}", f"{day:%Y%m%d}") if day else ()


def days_of(ten: str) -> Eras:
    """The days of a month that begin so: of 2026053 the 30th and the 31st of May."""
    last = monthrange(int(ten[:4]), int(ten[4:6]))[1]
    first = 10 * int(ten[6:])
    return tuple(f"{ten[:6]}{day:02}" for day in range(max(1, first), min(last, first + 9) + 1))


def bands(months: Mapping[Month, int], today: date) -> Iterator[Eras]:
    """The newest of so many articles a month, then more and more of them, and everything at the end."""
    articles = sum(months.values())
    for size in SIZES:
        if articles > 2 * size:
            yield tuple(_newest(months, size, today))
    yield EVERYWHERE


def _newest(months: Mapping[Month, int], wanted: int, today: date) -> Iterator[str]:
    """About so many articles: whole years, then whole months of the year before, then days at the end of a month.

    A month that holds little more than is wanted is taken whole, and so are ten days of which half are wanted: each
    that is named is one more list that the index goes through.
    """
    for year, group in groupby(sorted(months, reverse=True), key=lambda month: month.year):
        of_year = list(group)
        if (held := sum(months[month] for month in of_year)) <= wanted:
            yield f"{year:04}"
            wanted -= held
            continue
        for month in of_year:
            if months[month] > LITTLE_MORE * wanted:
                yield from _last_days(month, wanted / months[month], today)
                return
            yield f"{month.year:04}{month.month:02}"
            wanted -= months[month]
            if wanted <= 0:
                return


def _last_days(month: Month, share: float, today: date) -> Iterator[str]:
    """The days at the end of a month in which that share of its articles lies, as if every day had as many."""
    last = (
        today.day if (month.year, month.month) == (today.year, today.month) else monthrange(month.year, month.month)[1]
    )
    first = last + 1 - ceil(last * share)
    for ten in range(last // 10, first // 10 - 1, -1):
        held = range(max(1, 10 * ten), min(last, 10 * ten + 9) + 1)
        wanted = [day for day in held if day >= first]
        if 2 * len(wanted) >= len(held):
            yield f"{month.year:04}{month.month:02}{ten}"
        else:
            yield from (f"{month.year:04}{month.month:02}{day:02}" for day in reversed(wanted))
