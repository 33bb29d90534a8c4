"""Bulk work from the list: asked once more, done in order, told row by row."""

import io
import re
import zipfile
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles import drafting, exporting, publishing
from articles.admin import bulk
from articles.document import Document, Section, Source
from articles.manuscripts import parse
from articles.models import Address, Article, Citation, Edition, Event, Review
from articles.workflow import Role
from tests.desk import editor, person, signed_in

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
NEED = {
    "schedule_selected": {"at": "2031-04-01T09:00"},
    "withdraw_selected": {"reason": "誤報"},
    "add_tags_to_selected": {"tags": "港、観光"},
    "remove_tags_from_selected": {"tags": "港"},
}


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


def act(desk: Client, action: str, *articles: Article | int, **more: str) -> Any:
    chosen = [each if isinstance(each, int) else each.pk for each in articles]
    return desk.post(LIST, {"action": action, "_selected_action": chosen, **more})


def results(response: Any) -> dict[str, tuple[bool, str]]:
    """What the page tells, by title: whether it was done, and what happened."""
    rows = re.findall(
        r'<tr class="is-(done|refused)"><td>(.*?)</td><td>.*?</td><td>(.*?)</td>', response.content.decode()
    )
    return {re.sub("<[^>]*>", "", name): (result == "done", unescape(said)) for result, name, said in rows}


ACTIONS = [name for name in bulk.BulkScreen.actions if name != "export_selected"]


@pytest.mark.parametrize("action", bulk.BulkScreen.actions)
def test_each_action_asks_before_it_acts(desk: Client, action: str) -> None:
    article = made()
    before = Event.objects.count()
    response = act(desk, action, article)
    assert response.status_code == 200
    assert article.title in response.content.decode()
    assert "1件の記事" in response.content.decode()
    assert Event.objects.count() == before


@pytest.mark.parametrize("action", ["schedule_selected", "add_tags_to_selected", "remove_tags_from_selected"])
def test_what_is_not_filled_in_is_asked_for_again(desk: Client, action: str) -> None:
    response = act(desk, action, made(), apply="1")
    assert response.status_code == 409
    assert "errorlist" in response.content.decode()


def test_publishing_tells_for_each_what_came_of_it(desk: Client) -> None:
    first, other, nameless = made(), made("二つ目"), made("")
    publishing.publish(other.editions.get(), by=None)
    told = results(act(desk, "publish_selected", first, other, nameless, apply="1"))
    assert told[first.title] == (True, "第1版を公開しました。")
    assert not told["二つ目"][0]
    assert "すでに" in told["二つ目"][1] or "公開" in told["二つ目"][1]
    assert not told[str(nameless)][0]
    assert Edition.objects.live().count() == 2


def test_scheduling_many(desk: Client) -> None:
    first, other = made(), made("二つ目")
    told = results(act(desk, "schedule_selected", first, other, apply="1", at="2031-04-01T09:00"))
    assert [done for done, _ in told.values()] == [True, True]
    assert Edition.objects.scheduled().count() == 2
    page = act(desk, "publish_selected", first).content.decode()
    assert "いまの予約は" in page or "予約" in page


def test_withdrawing_many_tells_what_was_not_on_show(desk: Client) -> None:
    article, shown = made(), made("二つ目")
    publishing.publish(shown.editions.get(), by=None)
    told = results(act(desk, "withdraw_selected", article, shown, apply="1", reason="誤報"))
    assert not told[article.title][0]
    assert told["二つ目"] == (True, "取り下げました。")
    assert not Edition.objects.live().exists()


def test_sending_many_to_review(desk: Client, user: User) -> None:
    first, other = made(), made("二つ目")
    reader = person(Role.EDITOR, "yomu")
    act(desk, "review_selected", first, apply="1")
    told = results(act(desk, "review_selected", first, other, apply="1", assignee=str(reader.pk), request="急ぎ"))
    assert [told[first.title][0], told["二つ目"][0]] == [False, True]
    review = Review.objects.get(article=other)
    assert (review.asked_by, review.assignee, review.request) == (user, reader, "急ぎ")


def test_adding_and_removing_tags(desk: Client) -> None:
    first, other = made(), made("二つ目")
    publishing.publish(first.editions.get(), by=None)
    told = results(act(desk, "add_tags_to_selected", first, other, apply="1", tags="港、観光"))
    assert all(done for done, _ in told.values())
    assert drafting.read(first).tags == ("港", "観光")
    assert first.editions.first().document["tags"] == ["港", "観光"]  # type: ignore[union-attr]
    assert Edition.objects.live().get().document["tags"] == [], "readers see it when it is published"
    again = results(act(desk, "add_tags_to_selected", first, apply="1", tags="観光"))
    assert not again[first.title][0]
    results(act(desk, "remove_tags_from_selected", first, other, apply="1", tags="港"))
    assert drafting.read(other).tags == ("観光",)
    assert list(Event.objects.filter(article=other).values_list("verb", flat=True)) == ["remove_tags", "add_tags"]


def test_looking_at_sources_again(desk: Client) -> None:
    article, without = made(), made("二つ目")
    address = Address.objects.create(url="https://example.jp/a", host="example.jp")
    Address.objects.update(due_at=timezone.now() + timedelta(days=9))
    edition = publishing.publish(article.editions.get(), by=None)
    Citation.objects.get_or_create(edition=edition, address=address, section=0, position=0)
    told = results(act(desk, "recheck_selected", article, without, apply="1"))
    assert [told[article.title][0], told["二つ目"][0]] == [True, False]
    assert Address.objects.get(pk=address.pk).due_at <= timezone.now()


def test_follow_ups_of_many(desk: Client) -> None:
    first, other = made(), made("二つ目")
    response = act(desk, "follow_selected", first, other, apply="1")
    assert [done for done, _ in results(response).values()] == [True, True]
    for article in (first, other):
        follower = article.followers.get()
        assert f"/{follower.pk}/change/" in response.content.decode()


def test_an_export_holds_each_manuscript_under_a_safe_name(desk: Client) -> None:
    sources = (Source(caption="町史", url="https://example.jp/a", key_points=("点",)),)
    whole = Document(title="港は？", sections=(Section(heading="今", body="動いた。", sources=sources),))
    plain = drafting.create(whole)
    evil = drafting.create(Document(title="../../etc/passwd\u202e.exe|C:\\夜"))
    nameless = drafting.create(Document(lead="題はまだ"), unplaced="置き場所のない行")
    response = act(desk, "export_selected", plain, evil, nameless, apply="1")
    assert response["Content-Disposition"].startswith('attachment; filename="manuscripts-')
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        assert archive.testzip() is None
        name = f"{plain.pk}-港は？.txt"
        others = {f"{evil.pk}-etcpasswd.exeC夜.txt", f"{nameless.pk}.txt", "一覧.txt"}
        assert set(archive.namelist()) == {name, *others}
        assert archive.getinfo(name).flag_bits & 0x800, "the name says that it is UTF-8"
        text = archive.read(name).decode()
        assert parse(text).document == whole
        assert "置き場所のない行が" in archive.read("一覧.txt").decode()
    event = Event.objects.get(verb="export")
    assert event.details["count"] == 3


def test_names_of_equal_titles_differ_and_none_is_too_long() -> None:
    names = {exporting.name_of(made("同じ題" * 80)) for _ in range(3)}
    assert len(names) == 3
    assert all(len(name.encode()) < 255 for name in names)


def test_only_some_can_be_done_at_once_and_that_is_told_beforehand(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST", 2)
    for number in range(5):
        made(f"{number}番目")
    first = Article.objects.first()
    assert first
    page = act(desk, "publish_selected", first, select_across="1").content.decode()
    assert "5件が選択されています" in page
    assert "残りの3件" in page
    assert page.count('name="_selected_action"') == 2
    chosen = [int(pk) for pk in re.findall(r'name="_selected_action" value="(\d+)"', page)]
    told = results(act(desk, "publish_selected", *chosen, select_across="0", apply="1"))
    assert len(told) == 2
    assert Edition.objects.live().count() == 2
    act(desk, "publish_selected", first, select_across="1", apply="1")
    assert Edition.objects.live().count() <= 4, "more are not done than were told, whatever is sent"


def test_what_left_the_list_meanwhile_is_told_and_left_alone(desk: Client) -> None:
    shown, gone = made(), made("二つ目")
    publishing.publish(gone.editions.get(), by=None)
    data = {"action": "withdraw_selected", "_selected_action": [shown.pk, gone.pk, "999999", "x"], "apply": "1"}
    told = results(desk.post(f"{LIST}?state=draft", data))
    assert told[str(gone.pk)] == told["999999"] == (False, "一覧にもうありません。")
    assert not told[shown.title][0]
    assert Edition.objects.live().count() == 1


@pytest.mark.parametrize("action", ACTIONS)
def test_whoever_may_not_does_nothing(action: str) -> None:
    """Neither does somebody without a role, nor a writer with the articles of others, unless all may do it."""
    article = made()
    publishing.publish(article.editions.get(), by=None)
    before = (Event.objects.count(), Article.objects.count())
    staff = signed_in(User.objects.create_user("staff", is_staff=True))
    assert act(staff, action, article, apply="1", **NEED.get(action, {})).status_code == 403
    writer = signed_in(person(Role.WRITER))
    response = act(writer, action, article, apply="1", **NEED.get(action, {}))
    if action == "follow_selected":
        assert results(response)[article.title][0]
        return
    if response.status_code == 200:
        assert results(response) == {article.title: (False, "この記事に対するこの操作は許可されていません。")}
    assert (Event.objects.count(), Article.objects.count()) == before


def test_markup_in_a_title_stays_text(desk: Client) -> None:
    article = made("<script>alert(1)</script>")
    for more in ({}, {"apply": "1"}):
        page = act(desk, "publish_selected", article, **more).content.decode()
        assert "<script>alert(1)" not in page
