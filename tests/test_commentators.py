"""Commentators at the desk, and their ties as readers are told of them."""

import pytest
from django.test import Client
from django.urls import reverse

from articles import publishing
from articles.document import Comment, Section
from articles.models import Commentator, Edition, Event
from tests.desk import editor, signed_in
from tests.newsroom import changed, drafted, published

pytestmark = pytest.mark.django_db

TIES = "港湾局の審議会の委員です。"


def spoken(*names: str) -> tuple[Section, ...]:
    return (Section(heading="今", opening=tuple(Comment(name, "そうですね。") for name in names)),)


@pytest.fixture
def told() -> Edition:
    """A live edition in which one commentator with ties speaks twice, and one without."""
    Commentator.objects.create(name="磯田 真", disclosure=TIES)
    return published(sections=spoken("磯田 真", "浜 渡", "磯田 真"), closing=(Comment("磯田 真", "まとめます。"),))


def test_ties_are_told_once_on_the_page_and_in_every_feed(client: Client, told: Edition) -> None:
    page = client.get(told.get_absolute_url()).content.decode()
    assert page.count(TIES) == page.count('id="disclosures"') == 1
    for name in ("rss", "atom", "json-feed"):
        assert TIES in client.get(reverse(name)).content.decode()


def test_without_ties_nothing_is_said(client: Client) -> None:
    edition = published(sections=spoken("浜 渡"))
    assert "disclosures" not in client.get(edition.get_absolute_url()).content.decode()


def test_an_edition_keeps_the_ties_it_was_published_with(client: Client, told: Edition) -> None:
    Commentator.objects.filter(name="磯田 真").update(disclosure="今はありません。")
    assert TIES in client.get(told.get_absolute_url()).content.decode()
    anew = changed(told.article, "港はもう開いた？")
    publishing.publish(anew, by=None, despite_findings=True)
    assert TIES not in client.get(told.get_absolute_url()).content.decode()


def test_the_list_tells_in_how_many_articles_each_speaks(told: Edition) -> None:
    drafted("別の話", sections=spoken("浜 渡", "浜 渡"))
    page = signed_in(editor()).get(reverse("admin:articles_commentator_changelist"))
    assert {each.name: each.uses for each in page.context["cl"].result_list} == {"磯田 真": 1, "浜 渡": 2}


def test_an_editor_writes_down_ties_and_the_trail_tells(told: Edition) -> None:
    person = Commentator.objects.get(name="浜 渡")
    address = reverse("admin:articles_commentator_change", args=[person.pk])
    desk = signed_in(editor())
    assert "利害関係" in desk.get(address).content.decode()
    sent = {"name": person.name, "role": "記者", "profile": "", "disclosure": TIES}
    assert desk.post(address, sent).status_code == 302
    person.refresh_from_db()
    assert (person.disclosure, Event.objects.get(verb="change_commentator").details) == (TIES, {"person": "浜 渡"})


def test_whoever_speaks_in_an_article_cannot_be_deleted(told: Edition) -> None:
    person = Commentator.objects.get(name="浜 渡")
    address = reverse("admin:articles_commentator_delete", args=[person.pk])
    assert signed_in(editor()).post(address, {"post": "yes"}).status_code == 403
    assert Commentator.objects.filter(pk=person.pk).exists()
