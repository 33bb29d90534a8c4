"""Articles that belong together: stories in their parts and in time, and related articles."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import drafting, following, publishing
from articles.beside import RELATED
from articles.document import Document, Section, Source
from articles.models import Article, Edition, StoryPart
from tests.newsroom import changed, published
from tests.reading import page

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def follow_up(edition: Edition, title: str, at: datetime | None = None) -> Edition:
    """An article on show that goes on from another."""
    user = User.objects.get_or_create(username="editor")[0]
    article = following.follow_up(Article.objects.get(pk=edition.article_id), by=user)
    return publishing.publish(changed(article, title), by=None, at=at, despite_findings=True)


def beside(client: Client, edition: Edition, part: str) -> list[str]:
    """The titles in one list beside an article."""
    shown = page(client.get(edition.get_absolute_url()))
    lists = [each for each in shown.all("section", "beside") if each.all(id=part)]
    return [link.text for each in lists for link in each.all("a") if link["href"].startswith("/articles/")]


# Stories


def test_the_parts_of_a_story_lead_to_one_another(client: Client) -> None:
    first = published("一", at=NOW - 2 * DAY)
    second = follow_up(first, "二")
    third = follow_up(second, "三")
    assert beside(client, first, "story") == ["二", "三"]
    assert beside(client, second, "story") == ["一", "三"]
    assert page(client.get(first.get_absolute_url())).one("p", "went-on").one("a").text == "三"
    assert not page(client.get(third.get_absolute_url())).all("p", "went-on")
    story = page(client.get(f"/stories/{first.article_id}/"))
    assert [each.text for each in story.one("ol", "story-parts").all("h3")] == ["一", "二", "三"]
    assert set(StoryPart.objects.values_list("story", flat=True)) == {first.article_id}


def test_what_is_no_story_has_no_page(client: Client) -> None:
    alone = published("一")
    assert client.get(f"/stories/{alone.article_id}/").status_code == 404
    assert not page(client.get(alone.get_absolute_url())).all(id="story")


def test_nothing_of_a_draft_leaks_through_the_chain(client: Client, noon: time_machine.Traveller) -> None:
    first = published("一")
    user = User.objects.create(username="editor")
    hidden = following.follow_up(first.article, by=user)
    changed(hidden, "秘密の二")
    last = publishing.publish(
        changed(following.follow_up(hidden, by=user), "三"), by=None, at=NOW + DAY, despite_findings=True
    )
    for _ in range(2):
        for url in (first.get_absolute_url(), f"/stories/{first.article_id}/", last.get_absolute_url()):
            assert "秘密" not in client.get(url).content.decode()
        noon.move_to(NOW + DAY)
    assert beside(client, first, "story") == ["三"], "the third goes on from the first while the second is hidden"
    publishing.withdraw(last.article, by=None)
    assert client.get(f"/stories/{first.article_id}/").status_code == 404
    assert not beside(client, first, "story")


def test_the_line_of_time_goes_by_what_was_reported_when(client: Client) -> None:
    early, late = date(2026, 3, 1), date(2026, 3, 20)
    later = Source(caption="後の報せ", url="https://a.example/", published_on=late)
    earlier = Source(caption="前の報せ", url="https://b.example/", published_on=early)
    first = published("一", sections=(Section(heading="今", sources=(later,)),))
    article = following.follow_up(first.article, by=User.objects.create(username="editor"))
    sources = (later, earlier, Source(caption="日付なし", url="https://c.example/"))
    drafting.write(article, Document(title="二", sections=(Section(heading="今", sources=sources),)))
    publishing.publish(publishing.save(article, by=None), by=None, despite_findings=True)
    timeline = page(client.get(f"/stories/{first.article_id}/")).one("section", "timeline")
    assert [each.text for each in timeline.all("a")] == ["前の報せ", "後の報せ"]
    assert [each["datetime"] for each in timeline.all("time")] == ["2026-03-01", "2026-03-20"]


# Related articles


def test_articles_that_share_tags_and_sources_are_related_those_that_share_most_first(client: Client) -> None:
    source = Section(heading="今", sources=(Source(url="https://wire.example/1?utm_source=x"),))
    published("一札", tags=("港",), at=NOW - 3 * DAY)
    published("二札", tags=("港", "橋"), at=NOW - 2 * DAY)
    published("出典", sections=(source,), at=NOW - DAY)
    published("無縁", tags=("山",), at=NOW - DAY)
    edition = published("新しい", tags=("港", "橋"), sections=(source,))
    assert beside(client, edition, "related") == ["出典", "二札", "一札"]


def test_the_parts_of_a_story_are_not_related_besides(client: Client) -> None:
    first = published("一", tags=("港",))
    second = follow_up(first, "二")
    assert beside(client, second, "story") == ["一"]
    assert beside(client, second, "related") == []


def test_what_is_no_longer_on_show_is_not_named(client: Client) -> None:
    others = [published(f"港{number}", tags=("港",), at=NOW - (number + 1) * DAY) for number in range(RELATED + 1)]
    edition = published("新しい", tags=("港",))
    assert beside(client, edition, "related") == [f"港{number}" for number in range(RELATED)]
    publishing.withdraw(others[0].article, by=None)
    assert beside(client, edition, "related") == [f"港{number}" for number in range(1, RELATED + 1)]
    publishing.publish(changed(others[1].article, "改めた題"), by=None, despite_findings=True)
    assert beside(client, edition, "related")[0] == "改めた題"


def test_what_the_page_costs_does_not_grow(client: Client) -> None:
    source = Section(heading="今", question="いつ？", sources=(Source(url="https://wire.example/1"),))
    first = published("一", tags=("港",), sections=(source,))
    edition = follow_up(first, "二")
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(edition.get_absolute_url()).status_code == 200
        costs.append(len(asked))
        for number in range(5):
            published(f"他{number}", tags=("港",), sections=(source,))
        follow_up(edition, "三")
    assert costs[0] == costs[1] <= 4
