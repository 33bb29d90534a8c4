"""What says that readers see something else now: subjects, their states, and what an edition touches."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import changes, following, publishing
from articles.document import Section
from articles.models import Article, Change, Edition
from tests.desk import editor
from tests.newsroom import changed, drafted, published

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def page_of(article: Article) -> str:
    """The state of an article's page."""
    return changes.state(changes.made_of(article.pk)).text


def site() -> str:
    return changes.state([changes.SITE]).text


def test_a_draft_changes_nothing() -> None:
    article = published().article
    before = site(), page_of(article)
    changed(article, "下書きの題")
    publishing.save(drafted("別の下書き"), by=None)
    assert (site(), page_of(article)) == before


def test_publishing_changes_the_article_and_the_site_and_no_other_article(clock: time_machine.Traveller) -> None:
    one, other = published("一").article, published("二").article
    before = site(), page_of(one), page_of(other)
    publishing.publish(changed(one, "改めた一"), by=None)
    assert site() != before[0]
    assert page_of(one) != before[1]
    assert page_of(other) == before[2]


def test_withdrawing_changes_them_too() -> None:
    article = published().article
    before = site(), page_of(article)
    publishing.withdraw(article, by=None)
    assert site() != before[0]
    assert page_of(article) != before[1]


def test_what_was_planned_changes_at_its_moment_with_nobody_awake(clock: time_machine.Traveller) -> None:
    article = published(at=NOON + HOUR).article
    draft = drafted("終わる")
    ending = publishing.publish(publishing.save(draft, by=None), by=None, until=NOON + 2 * HOUR).article
    state = changes.state([changes.SITE])
    assert (state.changed_at, state.next_at) == (NOON, NOON + HOUR)
    states = [(site(), page_of(article), page_of(ending))]
    for step in (HOUR - INSTANT, INSTANT, HOUR - INSTANT, INSTANT):
        clock.shift(step)
        states.append((site(), page_of(article), page_of(ending)))
    assert states[0] == states[1], "a moment before"
    assert states[1][0] != states[2][0]
    assert states[1][1] != states[2][1], "it is on show"
    assert states[2] == states[3]
    assert states[3][0] != states[4][0]
    assert states[3][2] != states[4][2], "it is gone"
    assert states[3][1] == states[4][1], "the other stays as it was"


def test_related_articles_change_with_those_they_lead_to() -> None:
    first = published("一", tags=("港",)).article
    second = published("二", tags=("港",)).article
    assert list(second.related.values_list("other", flat=True)) == [first.pk]
    before = page_of(first), page_of(second)
    publishing.publish(changed(first, "改めた一"), by=None)
    assert page_of(second) != before[1], "it shows the title of the first"


def test_a_question_asked_again_changes_those_who_asked_before() -> None:
    section = Section(question="港はいつ開く？", answer="明日。")
    first = published("一", sections=(section,)).article
    second = publishing.save(drafted("二", sections=(section,)), by=None)
    before = page_of(first)
    publishing.publish(second, by=None, at=NOON + HOUR, despite_findings=True)
    after = page_of(first)
    with time_machine.travel(NOON + HOUR, tick=False):
        assert page_of(first) not in (before, after), "the other is on show"


def test_a_story_changes_its_parts_even_those_that_knew_of_none() -> None:
    first = published("一").article
    before = page_of(first)
    second = following.follow_up(first, by=editor())
    publishing.publish(Edition.objects.get(article=second), by=None, despite_findings=True)
    assert page_of(first) != before
    third = following.follow_up(second, by=editor("nagi"))
    before, middle = page_of(first), page_of(second)
    publishing.publish(Edition.objects.get(article=third), by=None, despite_findings=True)
    assert page_of(first) != before
    assert page_of(second) != middle


def test_many_articles_at_once_are_all_articles() -> None:
    assert changes.touched(range(changes.MOST + 1)) == [changes.ARTICLES]
    article = published().article
    before = page_of(article)
    changes.announce([changes.ARTICLES])
    assert page_of(article) != before


def test_a_change_that_commits_late_is_seen(clock: time_machine.Traveller) -> None:
    """Rows of a transaction that began first and ends last have the smaller number and the older moment."""
    published()
    late = Change(subject=changes.SITE, at=1, token=7)
    clock.shift(INSTANT)
    changes.announce(())
    before = site()
    late.save()
    assert site() != before


def test_old_rows_go_and_the_state_never_comes_back(clock: time_machine.Traveller) -> None:
    seen = set()
    for _ in range(5):
        changes.announce(["article 1"])
        seen.add(changes.state(["article 1"]).text)
        clock.shift(changes.SETTLED + INSTANT)
    assert len(seen) == 5
    assert Change.objects.filter(subject="article 1").count() == 1


def test_a_state_is_one_query_along_an_index() -> None:
    published()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        changes.state([changes.SITE, "article 1"])
    assert len(queries) == 1
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + ("QUERY PLAN " if connection.vendor == "sqlite" else "") + queries[0]["sql"])
        assert "change_of_subject" in str(cursor.fetchall())
