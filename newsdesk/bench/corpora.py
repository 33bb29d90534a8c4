"""Filling a database with so many articles: some by the real import, the rest as copies of them."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from math import ceil
from typing import Any

from django.core.management import call_command

from articles import bulk, neighbours, publishing, tallies
from articles.archiving import Entry, archive
from articles.document import from_json
from articles.models import Article, Edition
from newsdesk.bench.documents import BASE, PER_DAY, YEARS, documents
from newsdesk.bench.multiply import Each, Multiplier, in_bulk

BATCH = 200  # articles a transaction, as `import_documents` has them
NEWEST = datetime(2026, 6, 1, 9, tzinfo=UTC)  # when the newest article was published
EVERY = timedelta(days=1) / PER_DAY
FOLLOW_UPS, CORRECTED = 20, 25  # one article in so many goes on from the one before, or was corrected

Progress = Callable[[int], object]  # told how many articles were added


def make(size: int, progress: Progress) -> int:
    """Migrate an empty database and fill it with so many articles, or the few more that make whole copies.

    Returns how many there are.
    """
    call_command("migrate", verbosity=0, interactive=False)
    copies = ceil(size / BASE)
    base = ceil(size / copies)
    import_base(base, progress)
    multiply(base, copies, progress)
    return base * copies


def multiply(base: int, copies: int, progress: Progress) -> None:
    """Make the first `base` articles, which are all there are, `copies` times as many."""
    if copies == 1:
        Multiplier().finish()
        return
    with in_bulk() as each:
        copy(base, copies, progress, each)


def copy(base: int, copies: int, progress: Progress, each: Each = map) -> None:
    """The same, with the database as careful and as slow as ever."""
    multiplier = Multiplier()
    for _done in each(lambda number: multiplier.copy(number, earlier(number, base, copies)), range(1, copies)):
        progress(base)
    multiplier.finish()
    tallies.rebuild()


def earlier(number: int, base: int, copies: int) -> timedelta:
    """How long before the first articles those of a copy were published: side by side, or, where that would be more
    than the newsroom's years, among one another; at another time of the day each."""
    apart = min(base * EVERY, timedelta(days=365) * YEARS / copies)
    return number * (apart + timedelta(minutes=7))


def import_base(count: int, progress: Progress, copy: int = 0, before: timedelta = timedelta(0)) -> None:
    """Import so many articles as `import_documents --publish` does, then go on from some and correct some."""
    editions: list[Edition] = []
    for batch in batches(_entries(count, copy, before)):
        editions += archive(batch, publish=True)
        progress(len(batch))
    for former, latter in zip(editions[::FOLLOW_UPS], editions[1::FOLLOW_UPS], strict=False):
        Article.objects.filter(pk=latter.article_id).update(follows=former.article_id)
        neighbours.write_neighbours([latter])
    for edition in editions[::CORRECTED]:
        _correct(edition)


def _correct(edition: Edition) -> None:
    article = edition.article
    Article.objects.filter(pk=article.pk).update(lead_heading=f"{article.lead_heading}（訂正済み）")
    article.refresh_from_db()
    corrected = publishing.save(article, by=None)
    publishing.publish(corrected, by=None, correction="年度の数字に誤りがありました。", despite_findings=True)


def import_rate(count: int) -> tuple[float, float]:
    """Articles a second of the real import into an empty database: of the first tenth, and of the last."""
    call_command("migrate", verbosity=0, interactive=False)
    times: list[tuple[int, float]] = []
    with bulk.in_bulk():
        for batch in batches(_entries(count, 0, timedelta(0)), size=max(1, min(BATCH, count // 10))):
            start = time.perf_counter()
            archive(batch, publish=True)
            times.append((len(batch), time.perf_counter() - start))
    tenth = max(1, len(times) // 10)
    return _rate(times[:tenth]), _rate(times[-tenth:])


def _rate(times: list[tuple[int, float]]) -> float:
    return sum(count for count, _seconds in times) / sum(seconds for _count, seconds in times)


def _entries(count: int, copy: int, before: timedelta) -> Iterator[Entry]:
    for number, form in enumerate(documents(count, copy)):
        yield Entry(from_json(form), NEWEST - before - (count - 1 - number) * EVERY)


def batches(entries: Iterator[Any], size: int = BATCH) -> Iterator[list[Any]]:
    while batch := list(islice(entries, size)):
        yield batch
