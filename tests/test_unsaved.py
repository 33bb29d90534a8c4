"""Text that was typed and not saved is kept in a slot of its own, offered again, and never touches the article."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import drafting, keeping, presence, publishing
from articles.admin.typed import filled
from articles.document import Document, Section
from articles.models import Article, Autosave, Edition, Presence
from tests.desk import editor, fields, signed_in

pytestmark = pytest.mark.django_db

DOCUMENT = Document(title="港はいつ開く？", sections=(Section(heading="工事", body="工事が進む。"),))
TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def desk() -> Client:
    return signed_in(editor())


@pytest.fixture
def article() -> Article:
    article = drafting.create(DOCUMENT)
    publishing.save(article, by=None)
    return article


def address(name: str, article: Article | None) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk if article else 0])


def typed_form(article: Article | None, **changes: str) -> dict[str, str]:
    return {**filled(DOCUMENT, article, more={"token": TOKEN}).dict(), "_unsaved": "1", **changes}  # type: ignore[dict-item]


def page(article: Article | None) -> str:
    return (
        reverse("admin:articles_article_change", args=[article.pk])
        if article
        else reverse("admin:articles_article_add")
    )


def test_what_is_typed_is_kept_apart_from_the_article(desk: Client, article: Article) -> None:
    answer = desk.post(
        address("keep", article), typed_form(article, title="書きかけの題", **{"sections-0-body": "途中"})
    )
    assert answer.status_code == 200
    assert answer.json()["kept"]
    slot = Autosave.objects.get()
    assert (slot.article, slot.data["title"], slot.data["sections-0-body"]) == (article, ["書きかけの題"], ["途中"])
    article.refresh_from_db()
    assert (article.title, article.version) == (DOCUMENT.title, 0)
    assert Edition.objects.count() == 1


def test_it_is_one_slot_written_over_again(desk: Client, article: Article) -> None:
    for number in range(4):
        desk.post(address("keep", article), typed_form(article, title=f"題{number}"))
    assert [slot.data["title"] for slot in Autosave.objects.all()] == [["題3"]]


def test_half_written_dates_and_addresses_are_kept_as_they_are(desk: Client, article: Article) -> None:
    odd = {"sections-0-sources-0-url": "htt", "sections-0-sources-0-published_on": "2025-1", "title": "\x00あ"}
    assert desk.post(address("keep", article), typed_form(article, **odd)).status_code == 200
    data = Autosave.objects.get().data
    assert (data["sections-0-sources-0-url"], data["sections-0-sources-0-published_on"]) == (["htt"], ["2025-1"])
    assert data["title"] == ["あ"]


def test_it_is_offered_and_brought_back_and_saved(desk: Client, article: Article) -> None:
    desk.post(address("keep", article), typed_form(article, title="取り戻す題？"))
    opened = desk.get(page(article)).content.decode()
    assert "保存していない文章があります" in opened

    shown = desk.post(address("restore_unsaved", article), {"slot": TOKEN})
    back = fields(shown)
    assert back["title"] == "取り戻す題？"
    article.refresh_from_db()
    assert article.title == DOCUMENT.title

    assert desk.post(page(article), back).status_code == 302
    article.refresh_from_db()
    assert article.title == "取り戻す題？"
    assert not Autosave.objects.exists()


def test_what_came_back_is_merged_with_what_another_saved_since(desk: Client, article: Article) -> None:
    first = {name: value for name, value in fields(desk.get(page(article))).items() if name != "slot"}
    desk.post(address("keep", article), {**first, "token": TOKEN, "title": "わたしの題？", "_unsaved": "1"})
    other = signed_in(editor("oki"))
    theirs = fields(other.get(page(article)))
    other.post(page(article), {**theirs, "sections-0-body": "ほかの人の本文。"})

    back = fields(desk.post(address("restore_unsaved", article), {"slot": TOKEN}))
    assert desk.post(page(article), back).status_code == 302
    now = drafting.read(Article.objects.get())
    assert (now.title, now.sections[0].body) == ("わたしの題？", "ほかの人の本文。")


def test_a_new_article_is_offered_where_one_begins(desk: Client) -> None:
    desk.post(address("keep", None), typed_form(None, title="まだない記事"))
    assert "まだない記事" in desk.get(page(None)).content.decode()
    assert fields(desk.post(address("restore_unsaved", None), {"slot": TOKEN}))["title"] == "まだない記事"


def test_it_can_be_discarded(desk: Client, article: Article) -> None:
    desk.post(address("keep", article), typed_form(article))
    assert desk.post(address("discard_unsaved", article), {"slot": TOKEN}).status_code == 302
    assert not Autosave.objects.exists()


def test_text_kept_by_the_browser_alone_comes_back(desk: Client, article: Article) -> None:
    sent = {**typed_form(article, title="電波のない題"), "_local": "1"}
    assert fields(desk.post(address("restore_unsaved", article), sent))["title"] == "電波のない題"


def test_an_article_kept_as_text_comes_back_as_a_form(desk: Client, article: Article) -> None:
    kept = {"token": TOKEN, "_unsaved": "1", "manuscript": "橋はいつ架かる？\n\n見出し: 工事\n本文: 進む。\n"}
    desk.post(address("keep", article), kept)
    assert fields(desk.post(address("restore_unsaved", article), {"slot": TOKEN}))["title"] == "橋はいつ架かる？"


def test_another_window_does_not_write_over_it(desk: Client, article: Article) -> None:
    desk.post(address("keep", article), typed_form(article, title="一つ目の窓"))
    answer = desk.post(address("keep", article), typed_form(article, title="二つ目の窓", token="f" * 32))
    assert answer.status_code == 409
    assert "別" in answer.json()["error"] or "ほか" in answer.json()["error"]
    assert Autosave.objects.get().data["title"] == ["一つ目の窓"]


def test_nobody_gets_at_the_text_of_another(desk: Client, article: Article, client: Client) -> None:
    desk.post(address("keep", article), typed_form(article, title="秘密の題"))
    other = signed_in(editor("oki"))
    assert "秘密の題" not in other.get(page(article)).content.decode()
    assert other.post(address("restore_unsaved", article), {"slot": TOKEN}).status_code == 404
    other.post(address("discard_unsaved", article), {"slot": TOKEN})
    assert Autosave.objects.count() == 1
    viewer = User.objects.create_user("mite", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_article"))
    client.force_login(viewer)
    for name in ("keep", "restore_unsaved", "discard_unsaved"):
        assert client.post(address(name, article), {"slot": TOKEN}).status_code == 403
        assert desk.get(address(name, article)).status_code == 405


def test_who_else_is_here_is_told(desk: Client, article: Article) -> None:
    other = signed_in(editor("oki"))
    assert desk.post(address("keep", article), {"_unsaved": "0"}).json()["others"] == []
    assert other.post(address("keep", article), {"_unsaved": "0"}).json()["others"] == ["hama"]
    desk.post(address("keep", article), typed_form(article))
    assert other.post(address("keep", article), {"_unsaved": "0"}).json()["others"] == ["hama（未保存の文章あり）"]
    desk.post(address("keep", article), {"_closed": "1"})
    assert other.post(address("keep", article), {"_unsaved": "0"}).json()["others"] == []


def test_whoever_was_silent_for_a_while_is_gone(desk: Client, article: Article) -> None:
    desk.post(address("keep", article), {"_unsaved": "0"})
    other = User.objects.create_user("oki")
    assert [each.name for each in presence.others(other, article)] == ["hama"]
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert presence.others(other, article) == []
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        presence.forget(lambda: False)
    assert not Presence.objects.exists()


def test_old_slots_are_swept(desk: Client, article: Article) -> None:
    desk.post(address("keep", article), typed_form(article))
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        keeping.forget(lambda: False)
        assert Autosave.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        keeping.forget(lambda: False)
        assert not Autosave.objects.exists()


def test_the_page_learns_who_is_signed_in(desk: Client, client: Client) -> None:
    told = desk.get(reverse("admin:articles_article_who")).json()
    assert (told["user"], len(told["token"])) == ("hama", 64)
    assert client.get(reverse("admin:articles_article_who")).status_code == 302


def test_keeping_costs_few_queries(desk: Client, article: Article, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(20):
        desk.post(address("keep", article), typed_form(article))
