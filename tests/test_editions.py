"""Editions: what is live, in which order, and what a list may cost."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from taggit.models import Tag

from articles import publishing
from articles.archiving import Entry, archive
from articles.document import Comment, Document, from_json
from articles.models import Article, Edition
from articles.samples.synthetic import documents
from tests.newsroom import changed, drafted, published

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)


@time_machine.travel(NOON, tick=False)
def test_live_scheduled_and_ended_meet_without_gap_or_overlap() -> None:
    publishing.publish(publishing.save(drafted(), by=None), by=None, at=NOON + HOUR, until=NOON + 2 * HOUR)
    for moment, states in {
        NOON + HOUR - INSTANT: ["scheduled"],
        NOON + HOUR: ["live", "begun"],
        NOON + 2 * HOUR - INSTANT: ["live", "begun"],
        NOON + 2 * HOUR: ["begun", "ended"],
    }.items():
        found = [name for name in ("scheduled", "live", "begun", "ended") if getattr(Edition.objects, name)(moment)]
        assert found == states, moment


@time_machine.travel(NOON, tick=False)
def test_order_is_that_of_first_publication() -> None:
    old, new = published("古い", at=NOON - 2 * HOUR), published("新しい", at=NOON - HOUR)
    twin = published("双子", at=NOON - HOUR)
    publishing.publish(changed(old.article, "古いが直した"), by=None)
    titles = [edition.title for edition in Edition.objects.live().newest_first()]
    assert titles == [twin.title, new.title, "古いが直した"]


@time_machine.travel(NOON, tick=False)
def test_tagged_are_the_live_ones_newest_first() -> None:
    old = published("古い", at=NOON - 2 * HOUR, tags=("港",))
    published("別の話", tags=("山",))
    new = published("新しい", at=NOON - HOUR, tags=("山", "港"))
    publishing.publish(changed(old.article, "古いが直した"), by=None)
    changed(new.article, "まだ秘密")
    port = Tag.objects.get(name="港")
    for editions in (Edition.objects.live().tagged(port), Edition.objects.live().newest_first().tagged(port)):
        assert [edition.title for edition in editions] == ["新しい", "古いが直した"]
        assert list(editions.newest_first()) == list(editions)


def stored(edition: Edition) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT CAST(document AS text) FROM articles_edition WHERE id = %s", [edition.pk])
        return str(cursor.fetchone()[0])


def test_letters_are_stored_as_they_are_and_read_as_they_were_stored_before() -> None:
    edition = published("港の😀はいつ「開く」？")
    assert edition.title in stored(edition)
    before = edition.document
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_edition SET document = %s", [json.dumps(before)])
    assert connection.vendor == "postgresql" or "\\u6e2f" in stored(edition)
    edition.refresh_from_db()
    assert edition.document == before
    assert publishing.save(edition.article, by=None) == edition, "nothing changed"


def test_edition_without_the_tag_leaves_its_page() -> None:
    edition = published(tags=("港",))
    edition.article.tags.clear()
    publishing.publish(publishing.save(edition.article, by=None), by=None)
    assert not Edition.objects.live().tagged(Tag.objects.get(name="港")).exists()


@time_machine.travel(NOON, tick=False)
def test_published_between_takes_the_start_and_leaves_the_end() -> None:
    for hours in range(4):
        published(str(hours), at=NOON - hours * HOUR)
    found = Edition.objects.live().published_between(NOON - 2 * HOUR, NOON).newest_first()
    assert [edition.title for edition in found] == ["1", "2"]


def test_list_does_not_load_documents() -> None:
    published()
    with CaptureQueriesContext(connection) as queries:
        (edition,) = Edition.objects.live().newest_first().listed()
        _ = (edition.title, edition.summary, edition.list_picture, edition.is_updated, edition.get_absolute_url())
    assert len(queries) == 1
    assert '"document"' not in queries[0]["sql"]


def test_edition_knows_its_pictures_and_voices() -> None:
    edition = Edition(
        document={"title": "t"},
        media={
            "pictures": {"a.png": {"width": 4, "height": 3, "alt": "船"}},
            "voices": {
                "灘": {"role": "記者", "portrait": "b.png", "width": 5, "height": 6},
                "岬": {"role": "", "portrait": None},
            },
        },
        picture={"file": "a.png", "width": 4, "height": 3, "alt": "船"},
    )
    picture, voice = edition.picture_of("a.png"), edition.voice_of("灘")
    assert picture is not None
    assert (picture.url, picture.width, picture.height, picture.alt) == ("/media/a.png", 4, 3, "船")
    assert edition.list_picture == picture
    assert edition.picture_of("other.png") is None
    assert voice.portrait is not None
    assert (voice.role, voice.portrait.width) == ("記者", 5)
    assert edition.voice_of("岬").portrait is None
    assert edition.voice_of("知らない人").name == "知らない人"
    assert Edition().list_picture is None


def test_names_for_the_desk() -> None:
    edition = published(closing=(Comment("灘", "声"),))
    assert str(edition) == "港はいつ開く？ (1)"
    assert edition.permanent_id == f"urn:uuid:{edition.article.uid}"
    assert str(edition.article) == "港はいつ開く？"
    assert str(Article())


@time_machine.travel(NOON, tick=False)
def test_desk_sees_the_state_of_every_article() -> None:
    live, planned, gone, draft = (
        published("a"),
        published("b", at=NOON + HOUR),
        published("c", at=NOON - HOUR),
        drafted("d"),
    )
    changed(live.article, "a2")
    publishing.withdraw(gone.article, by=None)
    states = {row["id"]: dict(row) for row in Article.objects.with_state().values()}
    rows = [states[pk] for pk in (live.article_id, planned.article_id, gone.article_id, draft.pk)]
    assert [row["is_live"] for row in rows] == [True, False, False, False]
    assert [row["is_scheduled"] for row in rows] == [False, True, False, False]
    assert [row["was_live"] for row in rows] == [False, False, True, False]
    assert (rows[0]["live_number"], rows[0]["latest_number"]) == (1, 2)
    assert rows[1]["scheduled_for"] == NOON + HOUR


@pytest.mark.parametrize("kind", ["front page", "tag page", "month", "last change"])
def test_list_walks_an_index_and_sorts_nothing(kind: str) -> None:
    """Whatever the number of articles: the plan of the database says so."""
    archive([Entry(from_json(form), NOON - n * HOUR) for n, form in enumerate(documents(300))], publish=True)
    live, tag = Edition.objects.live(), Tag.objects.first()
    assert tag is not None
    lists: dict[str, QuerySet[Edition]] = {
        "front page": live.newest_first().listed()[:17],
        "tag page": live.tagged(tag).newest_first().listed()[:17],
        "month": live.published_between(NOON - 9 * HOUR, NOON).newest_first().listed()[:17],
        "last change": Edition.objects.filter(live_until__lte=NOON).order_by("-live_until")[:1],
    }
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":  # of 300 rows it would sort them; the question is whether it has to
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = lists[kind].explain()
    assert "TEMP B-TREE" not in plan, plan
    assert "Sort" not in plan, plan
    assert "edition_" in plan, plan


def test_document_of_an_edition_never_changes_with_the_rows() -> None:
    edition = published()
    Article.objects.update(title="後で変えた題")
    assert Edition.objects.get(pk=edition.pk).content == Document(title="港はいつ開く？")
