"""Two editors, two processes: what happens when verbs of publishing meet."""

from collections.abc import Callable
from datetime import datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from articles import publishing
from articles.models import Article, Edition
from articles.publishing import StaleArticle
from tests.newsroom import changed, drafted, published

pytestmark = pytest.mark.django_db


def line(article: Article) -> list[tuple[datetime | None, datetime | None]]:
    """Start and end of every edition that has a start."""
    editions = Edition.objects.filter(article=article, live_from__isnull=False).order_by("live_from", "number")
    return list(editions.values_list("live_from", "live_until"))


def test_claim_lets_one_copy_through() -> None:
    article = drafted()
    publishing.claim(article, 0)
    with pytest.raises(StaleArticle):
        publishing.claim(Article.objects.get(), 0)
    publishing.claim(article, article.version)
    assert Article.objects.get().version == 2


def at_once(*work: Callable[[], object]) -> list[object]:
    """What each piece of work returned or raised, all begun at the same moment in threads of their own."""
    barrier, results = Barrier(len(work)), [None] * len(work)

    def run(index: int) -> None:
        barrier.wait()
        try:
            results[index] = work[index]()  # type: ignore[call-overload]
        except Exception as error:
            results[index] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [Thread(target=run, args=(index,)) for index in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(results)


@pytest.mark.django_db(transaction=True)
def test_of_many_savers_at_once_one_wins() -> None:
    article = drafted()

    def save() -> Any:
        with transaction.atomic():
            publishing.claim(Article(pk=article.pk), 0)
            return publishing.save(Article.objects.get(), by=None)

    results = at_once(*[save] * 6)
    assert [type(result) for result in results].count(StaleArticle) == 5, results
    assert Edition.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_publications_at_once_leave_one_on_show() -> None:
    article = drafted()
    editions = [changed(article, f"題{number}") for number in range(6)]
    results = at_once(*[lambda edition=edition: publishing.publish(edition, by=None) for edition in editions])
    assert all(isinstance(result, Edition) for result in results), results
    intervals = line(article)
    assert len(intervals) == 6
    assert [end for _, end in intervals[:-1]] == [start for start, _ in intervals[1:]]
    assert intervals[-1][1] is None


@pytest.mark.django_db(transaction=True)
def test_new_tag_in_two_articles_at_once_is_one_tag() -> None:
    results = at_once(*[lambda: drafted(tags=("初めての札",))] * 4)
    assert all(isinstance(result, Article) for result in results), results
    assert {name for article in Article.objects.all() for name in article.tags.names()} == {"初めての札"}


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL can refuse overlapping intervals")
@pytest.mark.django_db(transaction=True)
def test_database_refuses_two_editions_on_show_at_once() -> None:
    edition = published()
    second = changed(edition.article, "二")
    with pytest.raises(IntegrityError, match="edition_alone_on_show"):
        Edition.objects.filter(pk=second.pk).update(live_from=edition.live_from)
