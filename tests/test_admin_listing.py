"""The list of articles: it tells states apart, finds Japanese, and costs the same however long it is."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from taggit.models import Tag

from articles import drafting, publishing
from articles.admin.listing import search, spellings
from articles.document import Comment, Document, Section, Source
from articles.models import Article, Commentator
from articles.states import CONDITIONS, State, state_of
from tests.desk import editor, signed_in

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"


@pytest.fixture
def desk() -> Client:
    return signed_in(editor())


def made(title: str, tags: tuple[str, ...] = (), **parts: str) -> Article:
    section = Section(
        heading=parts.get("heading", ""),
        body=parts.get("body", "本文。"),
        sources=(Source(caption=parts.get("caption", "要旨"), key_points=("要点",)),),
        opening=(Comment(parts.get("commentator", ""), parts.get("comment", "いいですね。")),),
    )
    article = drafting.create(Document(title=title, sections=(section,), tags=tags))
    publishing.save(article, by=None)
    return article


def in_each_state() -> dict[State, Article]:
    """One article in every state there is."""
    found = {state: made(f"{state.value}の記事") for state in State}
    soon = timezone.now() + timedelta(days=1)
    for state in (State.LIVE, State.CHANGED, State.UPDATE, State.ENDED):
        publishing.publish(found[state].editions.get(), by=None)
    publishing.publish(found[State.SCHEDULED].editions.get(), by=None, at=soon)
    for state in (State.CHANGED, State.UPDATE):
        Article.objects.filter(pk=found[state].pk).update(lead="変更した。")
        found[state].refresh_from_db()
        edition = publishing.save(found[state], by=None)
        if state is State.UPDATE:
            publishing.publish(edition, by=None, at=soon)
    publishing.withdraw(found[State.ENDED], by=None)
    return found


def test_each_article_has_one_state_and_its_filter_finds_it(desk: Client) -> None:
    for state, article in in_each_state().items():
        rows = Article.objects.with_state()
        assert state_of(rows.get(pk=article.pk)) is state
        assert list(rows.filter(CONDITIONS[state])) == [article]
        page = desk.get(LIST, {"state": state.value}).content.decode()
        assert f"{state.value}の記事" in page
        assert page.count('class="field-state') == 1


def test_an_unknown_filter_value_shows_everything(desk: Client) -> None:
    made("港")
    for query in ({"state": "x"}, {"commentator": "x"}, {"commentator": "9" * 30}):
        assert "港" in desk.get(LIST, query).content.decode()


def test_tags_and_commentators_filter_the_list(desk: Client) -> None:
    made("海の話", tags=("港",), commentator="港野 渡")
    made("山の話", tags=("山",))
    person = Commentator.objects.get()
    for query in ({"tag": "港"}, {"commentator": str(person.pk)}):
        page = desk.get(LIST, query).content.decode()
        assert "海の話" in page
        assert "山の話" not in page


def test_the_list_can_be_narrowed_to_what_was_published_of_late(desk: Client) -> None:
    old, new = made("昔の話"), made("今の話")
    publishing.publish(old.editions.get(), by=None, at=timezone.now() - timedelta(days=800))
    publishing.publish(new.editions.get(), by=None)
    for when in ("today", "week", "month"):
        page = desk.get(LIST, {"when": when}).content.decode()
        assert "今の話" in page
        assert "昔の話" not in page


def test_the_list_costs_twelve_queries_at_most_however_long_it_is(
    desk: Client,
) -> None:
    for number in range(3):
        made(f"記事{number}", tags=("港",))
    desk.get(LIST)
    for query in ({}, {"q": "記事"}, {"state": "draft", "mine": "written"}):
        with CaptureQueriesContext(connection) as before:
            desk.get(LIST, query)
        for number in range(12):
            made(f"記事{number}", tags=(f"札{number}",))
        with CaptureQueriesContext(connection) as after:
            desk.get(LIST, query)
        assert len(after) <= len(before) <= 12


def test_a_long_result_is_counted_as_far_as_anybody_leafs(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.admin.listing.MOST_COUNTED", 4)
    for number in range(7):
        made(f"記事{number}")
    assert desk.get(LIST, {"q": "記事"}).context["cl"].result_count == 5
    assert desk.get(LIST).context["cl"].result_count == 7


@pytest.mark.parametrize(
    "typed",
    [
        "ＡＩ",
        "AI",
        "ai",
        "ａｉ",
        "ＡＩ　灯台",
        "灯台 AI",
        "灯",
        "石造",
        "港野",
        "見出しの語",
        "要旨の語",
        "話す語",
        "札の語",
    ],
)
def test_words_are_found_wherever_they_stand(typed: str) -> None:
    wanted = made(
        "ＡＩは灯台を守れるか",
        tags=("札の語",),
        heading="見出しの語",
        body="石造りの塔。",
        caption="要旨の語",
        comment="話す語",
        commentator="港野 渡",
    )
    made("別の記事")

    assert list(search(Article.objects.all(), typed)) == [wanted]


def test_half_width_text_is_found_by_full_width_words_and_kana_by_kana() -> None:
    narrow, wide = made("AIとｶﾒﾗ"), made("ＡＩとカメラ")

    assert set(search(Article.objects.all(), "ＡＩ")) == {narrow, wide}
    assert set(search(Article.objects.all(), "ai")) == {narrow, wide}
    assert set(search(Article.objects.all(), "ｶﾒﾗ")) == {narrow, wide}


def test_every_word_has_to_be_found() -> None:
    made("港の記事", body="灯台。")

    assert not search(Article.objects.all(), "港 山").exists()
    assert search(Article.objects.all(), "港 灯台").count() == 1
    assert "ＡＩ" in spellings("ai")


@pytest.mark.parametrize("typed", ["%", "_", "'", "\\", "\u202e港町", "a" * 3000])
def test_odd_searches_find_nothing_and_break_nothing(desk: Client, typed: str) -> None:
    made("港の記事")
    response = desk.get(LIST, {"q": typed})

    assert response.status_code == 200
    assert 'class="field-state' not in response.content.decode()


def test_the_list_costs_the_same_however_long_it_is(
    desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            article = made(f"記事{number}", tags=(f"札{number}", "港"), commentator=f"話し手{number}")
            publishing.publish(article.editions.get(), by=None)

    fill(4)
    desk.get(LIST)
    with django_assert_max_num_queries(25) as first:
        desk.get(LIST)
    fill(8)
    with django_assert_max_num_queries(25) as second:
        desk.get(LIST)

    assert len(first) == len(second)


def test_commentators_and_tags_have_screens(desk: Client) -> None:
    made("港", tags=("港",), commentator="港野 渡")
    person = Commentator.objects.get()
    assert "港野 渡" in desk.get(reverse("admin:articles_commentator_changelist")).content.decode()
    gone = desk.post(reverse("admin:articles_commentator_delete", args=[person.pk]), {"post": "yes"})
    assert gone.status_code == 403, "whoever speaks in an article stays"
    add = reverse("admin:taggit_tag_add")
    assert desk.post(add, {"name": "港"}).status_code == 200, "there is such a tag"
    assert desk.post(add, {"name": "!?"}).status_code == 200, "no address can be made of it"
    assert desk.post(add, {"name": "ＡＩ"}).status_code == 302
    assert 'class="field-uses' in desk.get(reverse("admin:taggit_tag_changelist")).content.decode()
    tag = Tag.objects.get(name="AI")
    assert tag.slug == "ai"


def test_an_editor_chooses_the_language_of_the_desk(desk: Client) -> None:
    english = {"Accept-Language": "en-US,en;q=0.9"}
    assert '<html lang="ja"' in desk.get("/admin/", headers=english).content.decode(), "a browser is not a choice"
    desk.post("/admin/language/", {"language": "en", "next": "/admin/"})
    assert '<html lang="en' in desk.get("/admin/").content.decode()
    stranger = Client().post("/admin/language/", {"language": "en", "next": "/admin/"})
    assert stranger.status_code == 403
    reader = signed_in(User.objects.create_user("reader"))
    assert reader.post("/admin/language/", {"language": "en"})["Location"].startswith("/admin/login/")
