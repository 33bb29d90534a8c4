"""The preview: the public page of text that readers do not have, for whoever may work on it and for nobody else."""

import re
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import drafting, publishing
from articles.admin.typed import filled
from articles.document import Comment, Document, Section, Source
from articles.models import Article, Edition
from tests.desk import editor, signed_in

pytestmark = pytest.mark.django_db

DOCUMENT = Document(
    title="港はいつ開く？",
    lead_heading="港の今",
    lead="再開が近い。",
    sections=(
        Section(
            heading="工事",
            question="終わるのか？",
            answer="春に終わる。",
            sources=(Source("市の発表", "https://example.jp/a", "凪浜市", None, ("一つ", "二つ"), "", "市"),),
            opening=(Comment("港野", "待ち遠しいですね。"),),
            body="工事が進む。\n> 春まで続く。",
            closing=(Comment("港野", "見守りましょう。"),),
        ),
    ),
    closing=(Comment("港野", "全体について。"),),
    takeaways=("春",),
    tags=("港", "予算"),
)

BY_SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture
def desk() -> Client:
    return signed_in(editor())


@pytest.fixture
def article() -> Article:
    return drafting.create(DOCUMENT)


def typed_address(pk: int) -> str:
    return reverse("admin:articles_article_preview_typed", args=[pk])


def saved_address(article: Article) -> str:
    return reverse("admin:articles_article_preview", args=[article.pk])


def main_of(page: Any) -> str:
    """What the page shows."""
    found = re.search(r"<main.*</main>", page.content.decode(), re.S)
    assert found
    return found.group()


def test_it_is_the_page_that_readers_get_when_the_text_is_published(desk: Client, article: Article) -> None:
    with time_machine.travel(timezone.now(), tick=False):  # a draft is dated with the moment it is looked at
        previewed = main_of(desk.post(typed_address(article.pk), filled(DOCUMENT, article).dict()))
        saved = main_of(desk.get(saved_address(article)))
        publishing.publish(publishing.save(article, by=None), by=None)
        published = main_of(Client().get(article.get_absolute_url()))
    assert previewed == saved == published


def test_it_shows_what_is_typed_and_saves_nothing(desk: Client, article: Article) -> None:
    data = filled(DOCUMENT, article)
    data["sections-0-body"] = "まだ保存していない本文。"
    data["sections-0-sources-0-url"] = "http://"
    page = desk.post(typed_address(article.pk), data.dict())
    assert page.status_code == 200
    assert "まだ保存していない本文。" in page.content.decode()
    assert drafting.read(article) == DOCUMENT
    assert not Edition.objects.exists()


def test_a_new_article_has_a_preview_too(desk: Client) -> None:
    page = desk.post(typed_address(0), filled(DOCUMENT, None).dict())
    assert "終わるのか？" in page.content.decode()
    assert desk.post(typed_address(0), {}).status_code == 200
    assert not Article.objects.exists()


def test_an_update_keeps_the_date_of_the_first_publication(desk: Client, article: Article) -> None:
    first = publishing.publish(publishing.save(article, by=None), by=None, at=None)
    Edition.objects.filter(pk=first.pk).update(published_at="2024-05-01T09:00:00+09:00")
    assert "2024年5月1日" in main_of(desk.get(saved_address(article)))


def test_nobody_keeps_or_finds_it(desk: Client, article: Article) -> None:
    for page in (desk.get(saved_address(article)), desk.post(typed_address(article.pk), {})):
        assert "no-store" in page["Cache-Control"]
        assert "private" in page["Cache-Control"]
        assert "noindex" in page["X-Robots-Tag"]
        assert page["X-Frame-Options"] == "DENY"


def test_strangers_and_people_without_the_right_get_nothing(client: Client, article: Article) -> None:
    for who in (None, User.objects.create_user("yomi"), User.objects.create_user("keiri", is_staff=True)):
        if who:
            client.force_login(who)
        for answer in (
            client.get(saved_address(article)),
            client.post(typed_address(article.pk), filled(DOCUMENT, article).dict(), headers=BY_SCRIPT),
            client.post(typed_address(0), filled(DOCUMENT, None).dict(), headers=BY_SCRIPT),
        ):
            assert answer.status_code in (302, 403)
            assert "工事" not in answer.content.decode()


def test_who_may_only_look_sees_the_saved_text_alone(client: Client, article: Article) -> None:
    viewer = User.objects.create_user("mite", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_article"))
    client.force_login(viewer)
    assert client.get(saved_address(article)).status_code == 200
    assert client.post(typed_address(article.pk), {}).status_code == 403


def test_the_typed_text_comes_by_post_alone_and_only_for_an_article(desk: Client) -> None:
    assert desk.get(typed_address(0)).status_code == 405
    assert desk.post(typed_address(4711), {}).status_code == 404


def test_hostile_text_is_text(desk: Client) -> None:
    bad = Document(title="<script>alert(1)</script>", sections=(Section(body='<img src=x onerror="alert(1)">'),))
    page = desk.post(typed_address(0), filled(bad, None).dict()).content.decode()
    assert "<script" not in page
    assert "<img src=x" not in page


def test_view_on_site_of_a_draft_leads_to_the_preview(desk: Client, article: Article) -> None:
    page = desk.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    assert f'href="{saved_address(article)}"' in page
    assert f'href="{article.get_absolute_url()}"' not in page


def test_its_queries_do_not_grow_with_the_article(
    desk: Client, article: Article, django_assert_max_num_queries: Any
) -> None:
    long = Document(title="長い", sections=DOCUMENT.sections * 10, tags=DOCUMENT.tags)
    data = filled(long, article).dict()
    with django_assert_max_num_queries(14):
        desk.post(typed_address(article.pk), data)
