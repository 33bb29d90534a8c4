"""Publishing from the desk: a GET only asks, a POST acts, and every refusal says why."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import drafting, publishing
from articles.document import Document, Section
from articles.models import Article, Edition
from tests.desk import editor, fields, signed_in

pytestmark = pytest.mark.django_db

SCREENS = ("publish", "withdraw", "unschedule")


@pytest.fixture
def user() -> User:
    return editor()


@pytest.fixture
def desk(user: User) -> Client:
    return signed_in(user)


def made(title: str = "港はどうなる？", **columns: Any) -> Article:
    article = drafting.create(Document(title=title, sections=(Section(heading="今", body="動いた。"),)), **columns)
    publishing.save(article, by=None)
    return article


@pytest.fixture
def article() -> Article:
    return made()


def address(name: str, article: Article, *more: int) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk, *more])


def said(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def live(article: Article, at: datetime | None = None) -> Edition | None:
    return Edition.objects.live(at).filter(article=article).first()


def typed(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def change(article: Article, title: str) -> Edition:
    Article.objects.filter(pk=article.pk).update(title=title)
    article.refresh_from_db()
    return publishing.save(article, by=None)


def test_publishing_shows_the_latest_edition_and_says_who_did_it(desk: Client, article: Article, user: User) -> None:
    form = fields(desk.get(address("publish", article)))
    assert live(article) is None, "asking is not publishing"

    response = desk.post(address("publish", article), form)

    shown = live(article)
    assert shown
    assert shown.published_by == user
    assert f"/articles/{article.pk}/" in said(response)


def test_an_article_that_was_never_saved_is_saved_first(desk: Client) -> None:
    bare = drafting.create(Document(title="まだ版がない"))
    desk.post(address("publish", bare), {"edition": ""})

    assert bare.editions.get().live_from


def test_without_a_title_the_reason_is_told_and_nothing_lost(desk: Client) -> None:
    nameless = made("")
    response = desk.post(address("publish", nameless), fields(desk.get(address("publish", nameless))))

    assert response.status_code == 409
    assert "errorlist" in response.content.decode()
    assert live(nameless) is None


def test_a_schedule_is_in_japan_time_and_has_an_end(desk: Client, article: Article) -> None:
    form = fields(desk.get(address("publish", article)))
    desk.post(address("publish", article), form | {"at": "2031-04-01T09:00", "until": "2031-04-02T09:00"})

    edition = article.editions.get()
    assert edition.live_from == datetime.fromisoformat("2031-04-01T00:00:00+00:00")
    assert live(article) is None
    with time_machine.travel("2031-04-01T00:00:01Z"):
        assert live(article) == edition
    with time_machine.travel("2031-04-02T00:00:01Z"):
        assert live(article) is None


def test_an_end_before_the_start_is_refused_with_the_form_kept(desk: Client, article: Article) -> None:
    form = fields(desk.get(address("publish", article)))
    response = desk.post(address("publish", article), form | {"at": "2031-04-02T09:00", "until": "2031-04-01T09:00"})

    assert response.status_code == 409
    assert fields(response)["at"] == "2031-04-02T09:00"
    assert not article.editions.filter(live_from__isnull=False).exists()


def test_publishing_tells_that_it_replaces_a_schedule(desk: Client, article: Article) -> None:
    publishing.publish(article.editions.get(), by=None, at=timezone.now() + timedelta(days=1))
    change(article, "新しい題")

    page = desk.get(address("publish", article)).content.decode()
    assert page.count('class="desk-warning"') == 1
    desk.post(address("publish", article), fields(desk.get(address("publish", article))))

    assert not Edition.objects.scheduled().exists()
    shown = live(article)
    assert shown
    assert shown.title == "新しい題"


def test_an_edition_saved_meanwhile_is_not_published_unseen(desk: Client, article: Article) -> None:
    form = fields(desk.get(address("publish", article)))
    change(article, "見ていない題")
    response = desk.post(address("publish", article), form)

    assert response.status_code == 409
    assert live(article) is None


def test_what_is_on_show_already_cannot_be_published_again(desk: Client, article: Article) -> None:
    publishing.publish(article.editions.get(), by=None)
    response = desk.post(address("publish", article), fields(desk.get(address("publish", article))))

    assert response.status_code == 409
    assert article.editions.count() == 1


def test_a_correction_and_a_minor_change_reach_the_edition(desk: Client, article: Article) -> None:
    assert "correction" not in fields(desk.get(address("publish", article)))
    first = publishing.publish(article.editions.get(), by=None)
    change(article, "直した題")
    form = fields(desk.get(address("publish", article)))
    desk.post(address("publish", article), form | {"correction": "日付に誤りがありました。", "minor": "on"})

    shown = live(article)
    assert shown
    assert shown.corrected[0].text == "日付に誤りがありました。"
    assert shown.updated_at == first.updated_at


def test_a_correction_names_the_section_that_it_is_about(desk: Client, article: Article) -> None:
    publishing.publish(article.editions.get(), by=None)
    article.sections.create(position=9, question="どこが誤りか？")
    change(article, "直した題")
    number = article.sections.count()
    form = fields(desk.get(address("publish", article)))
    desk.post(address("publish", article), form | {"correction": "誤り。", "correction_part": "99"})
    shown = live(article)
    assert shown
    assert not shown.corrected, "there is no such section"
    desk.post(address("publish", article), form | {"correction": "誤り。", "correction_part": str(number)})
    shown = live(article)
    assert shown
    assert [(each.text, each.number) for each in shown.corrected] == [("誤り。", number)]


def test_a_schedule_can_be_cancelled_once(desk: Client, article: Article) -> None:
    publishing.publish(article.editions.get(), by=None, at=timezone.now() + timedelta(days=1))
    first = desk.post(address("unschedule", article))
    assert not Edition.objects.scheduled().exists()
    second = desk.post(address("unschedule", article))

    assert said(first) != said(second)


def test_withdrawing_keeps_the_reason(desk: Client, article: Article) -> None:
    publishing.publish(article.editions.get(), by=None)
    desk.get(address("withdraw", article))
    assert live(article)
    desk.post(address("withdraw", article), {"reason": "誤りがあったため"})

    assert live(article) is None
    assert article.editions.get().withdrawal == "誤りがあったため"
    again = desk.post(address("withdraw", article), {"reason": ""})
    assert again.status_code == 302


def test_saving_and_publishing_leads_to_the_question_when(desk: Client, article: Article) -> None:
    page = address("change", article)
    response = desk.post(page, fields(desk.get(page)) | {"title": "新しい題", "_publish": "1"})
    assert response["Location"] == address("publish", article)
    add = reverse("admin:articles_article_add")
    response = desk.post(add, fields(desk.get(add)) | {"title": "もう一つ", "_publish": "1"})
    assert response["Location"] == address("publish", Article.objects.get(title="もう一つ"))


def test_the_panel_shows_each_state_and_what_can_be_done(desk: Client, article: Article) -> None:
    def panel() -> str:
        text = desk.get(address("change", article)).content.decode()
        return text[text.index('class="desk-panel"') : text.index("</section>")]

    assert "desk-state-draft" in panel()
    publishing.publish(article.editions.get(), by=None, at=timezone.now() + timedelta(days=1))
    assert "desk-state-scheduled" in panel()
    assert address("unschedule", article) in panel()
    publishing.publish(article.editions.get(), by=None)
    assert "desk-state-live" in panel()
    assert address("publish", article) not in panel()
    edition = change(article, "変えた題")
    assert "desk-state-changed" in panel()
    publishing.publish(edition, by=None, at=timezone.now() + timedelta(days=1))
    assert "desk-state-update" in panel()
    publishing.withdraw(article, by=None, reason="誤報のため")
    assert "desk-state-ended" in panel()
    assert "誤報のため" in panel()


# -- history


def restore(desk: Client, article: Article, number: int) -> Any:
    """Restore an edition as the comparison with it offers to."""
    asked = desk.get(address("compare", article), {"from": "now", "to": str(number)})
    return desk.post(address("restore", article, number), {"version": fields(asked)["version"]})


def test_history_lists_editions_and_restores_one(desk: Client, article: Article, user: User) -> None:
    change(article, "二つ目の題")
    page = desk.get(address("history", article)).content.decode()
    assert page.count("desk-edition-number") == 2

    response = restore(desk, article, 1)
    article.refresh_from_db()
    assert response["Location"] == address("change", article)
    assert article.title == "港はどうなる？"
    latest = article.editions.latest("number")
    assert (latest.number, latest.created_by) == (3, user)


def test_history_says_who_withdrew_an_edition_and_why(desk: Client, article: Article) -> None:
    publishing.publish(article.editions.get(), by=None)
    desk.post(address("withdraw", article), {"reason": "誤りがあったため"})

    assert "誤りがあったため (hama)" in desk.get(address("history", article)).content.decode()


def test_restoring_makes_an_open_form_stale(desk: Client, article: Article) -> None:
    change(article, "二つ目の題")
    form = {**fields(desk.get(address("change", article))), "title": "三つ目の題"}
    restore(desk, article, 1)

    assert desk.post(address("change", article), form).status_code == 409


def test_an_edition_or_article_that_is_not_there_is_not_found(desk: Client, article: Article) -> None:
    assert desk.post(address("restore", article, 99)).status_code == 404
    assert desk.get("/admin/articles/article/999999/history/").status_code == 404
    assert desk.get("/admin/articles/article/x/history/").status_code == 404
    assert desk.get("/admin/articles/article/999999/publish/").status_code == 404


# -- strangers


@pytest.mark.parametrize("name", [*SCREENS, "history", "restore"])
def test_strangers_reach_no_screen(article: Article, name: str) -> None:
    publishing.publish(article.editions.get(), by=None, at=timezone.now() + timedelta(days=1))
    place = address(name, article, *([1] if name == "restore" else []))
    reader = signed_in(User.objects.create_user("reader"))
    staff = signed_in(User.objects.create_user("staff", is_staff=True))

    for client, expected in ((Client(), {302, 403}), (reader, {302}), (staff, {403, 405})):
        assert client.get(place).status_code in expected
        response = client.post(place, {"edition": "1"})
        assert response.status_code in expected
        assert response.status_code != 302 or response["Location"].startswith("/admin/login/")
    assert Edition.objects.scheduled().count() == 1
    assert Article.objects.get().version == 0


@pytest.mark.parametrize("name", ["unschedule", "restore"])
def test_a_get_never_acts(desk: Client, article: Article, name: str) -> None:
    assert desk.get(address(name, article, *([1] if name == "restore" else []))).status_code == 405


def test_posts_need_the_token_of_their_form(user: User, article: Article) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    for name in SCREENS:
        assert strict.post(address(name, article), {"edition": "1"}).status_code == 403
    assert live(article) is None
