"""The desk's front page and calendar: a number is that of the list it leads to, and moving an entry reschedules."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from articles import publishing
from articles.admin import front
from articles.models import Article, Autosave, Edition, Review
from tests.desk import editor, signed_in
from tests.newsroom import drafted, published

pytestmark = pytest.mark.django_db

FRONT = "/admin/"
CALENDAR = "/admin/articles/article/calendar/"
MOVE = "/admin/articles/article/calendar/move/"
NOON = datetime.fromisoformat("2026-11-23T12:00:00+09:00")


@pytest.fixture
def user() -> User:
    return editor()


@pytest.fixture
def desk(user: User) -> Client:
    return signed_in(user)


def scheduled(at: datetime, title: str = "橋はいつ？", **options: Any) -> Edition:
    return publishing.publish(publishing.save(drafted(title), by=None), by=None, at=at, **options)


def newsroom(user: User) -> None:
    """Something in every box, and something beside it that belongs in none."""
    other = editor("oki")
    Article.objects.filter(pk=drafted("わたしの下書き").pk).update(created_by=user)
    Article.objects.filter(pk=drafted("別の人の下書き").pk).update(created_by=other)
    waiting = drafted("確認を待つ")
    Review.objects.create(article=waiting, edition_number=1, assignee=user)
    Review.objects.create(article=drafted("別の人が確認"), edition_number=1, assignee=other)
    Review.objects.create(article=drafted("確認は済んだ"), edition_number=1, assignee=user, outcome="approved")
    Autosave.objects.create(user=user, article=drafted("書きかけ"), data={})
    scheduled(timezone.now() + timedelta(days=2))
    published("今日の記事")
    published("昨日の記事", at=timezone.now() - timedelta(days=1))
    Article.objects.filter(pk=drafted("指摘あり").pk).update(required_findings=2)


def test_every_number_is_that_of_the_list_it_leads_to(desk: Client, user: User) -> None:
    newsroom(user)
    boxes = front.boxes(desk.get(FRONT).wsgi_request)

    assert {box.name: box.count for box in boxes}.items() >= {
        "waiting": 1,
        "drafts": 1,
        "unsaved": 1,
        "scheduled": 1,
        "today": 1,
        "findings": 1,
    }.items()
    for box in boxes:
        listed = desk.get(box.address).context["cl"].result_count
        assert listed == box.count, box.address


def test_the_front_page_shows_the_boxes_and_the_chart(desk: Client, user: User) -> None:
    newsroom(user)
    page = desk.get(FRONT).content.decode()
    assert "わたしの下書き" in page
    assert "別の人の下書き" not in page
    assert page.count('<rect class="desk-chart-bar"') == front.DAYS
    assert "記事を書く" in page


def test_its_queries_do_not_grow_with_the_newsroom(
    desk: Client, user: User, django_assert_max_num_queries: Any
) -> None:
    newsroom(user)
    for number in range(12):
        Article.objects.filter(pk=drafted(f"下書き{number}").pk).update(created_by=user)
        scheduled(timezone.now() + timedelta(days=number + 3))
    with django_assert_max_num_queries(20):
        desk.get(FRONT)


def test_who_may_not_see_articles_gets_the_stock_page(client: Client) -> None:
    published("見えてはならない")
    somebody = User.objects.create_user("keiri", is_staff=True)
    client.force_login(somebody)
    page = client.get(FRONT)
    assert page.status_code == 200
    assert "見えてはならない" not in page.content.decode()
    assert "desk-boxes" not in page.content.decode()
    assert client.get(CALENDAR).status_code == 403


def test_a_bar_leads_to_the_day_it_counts(desk: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        for hour in (1, 2, 3):
            published(f"記事{hour}", at=NOON - timedelta(days=4, hours=hour))
        bar = next(bar for bar in front.bars() if bar.count)
        assert (bar.count, bar.height) == (3, 56)
        page = desk.get(bar.address)
    assert len(page.context["day"].entries) == 3


class TestCalendar:
    @pytest.fixture(autouse=True)
    def today(self) -> Any:
        with time_machine.travel(NOON, tick=False):
            yield

    def test_a_month_shows_what_was_published_and_what_is_to_come(self, desk: Client) -> None:
        published("三日前の記事", at=NOON - timedelta(days=3))
        scheduled(NOON + timedelta(days=3), "三日後の記事")
        page = desk.get(CALENDAR)
        days = {
            day.date.day: [entry.edition.title for entry in day.entries]
            for week in page.context["weeks"]
            for day in week
            if day.in_month
        }
        assert days[20] == ["三日前の記事"]
        assert days[26] == ["三日後の記事"]
        assert [len(week) for week in page.context["weeks"]] == [7] * len(page.context["weeks"])
        assert page.context["weeks"][0][0].date.isoweekday() == 7

    @pytest.mark.parametrize(
        "asked",
        [
            "month=2026-13",
            "month=x",
            "month=26-1",
            "month=９９９９-01",
            "day=2026-02-30",
            "day=0001-01-01",
            "day=%00",
            "day=",
        ],
    )
    def test_an_odd_month_or_day_is_none(self, desk: Client, asked: str) -> None:
        assert desk.get(f"{CALENDAR}?{asked}").status_code == 404

    def test_a_full_day_leads_to_a_page_of_its_own(self, desk: Client) -> None:
        for number in range(8):
            published(f"記事{number}", at=NOON - timedelta(days=1, minutes=number))
        month = desk.get(CALENDAR).content.decode()
        assert "ほか2本" in month
        assert len(desk.get(f"{CALENDAR}?day=2026-11-22").context["day"].entries) == 8

    def test_its_queries_do_not_grow_with_its_entries(self, desk: Client, django_assert_max_num_queries: Any) -> None:
        for number in range(6):
            scheduled(NOON + timedelta(days=number + 1), f"記事{number}")
        with django_assert_max_num_queries(8):
            desk.get(CALENDAR)

    def move(self, desk: Client, edition: Edition, **new: str) -> Any:
        was = edition.live_from.isoformat() if edition.live_from else ""
        return desk.post(MOVE, {"edition": edition.pk, "was": was, **new}, follow=True)

    def test_dragging_to_another_day_keeps_the_hour(self, desk: Client) -> None:
        edition = scheduled(datetime.fromisoformat("2026-11-25T07:30:00+09:00"))
        self.move(desk, edition, day="2026-11-28")
        edition.refresh_from_db()
        assert edition.live_from == datetime.fromisoformat("2026-11-28T07:30:00+09:00")

    def test_a_typed_time_is_japan_time(self, desk: Client) -> None:
        edition = scheduled(NOON + timedelta(days=2))
        self.move(desk, edition, at="2026-12-01T06:00")
        edition.refresh_from_db()
        assert edition.live_from == datetime.fromisoformat("2026-12-01T06:00:00+09:00")

    @pytest.mark.parametrize(
        ("new", "said"),
        [({"day": "2026-11-20"}, "過ぎて"), ({"at": "x"}, "読み取れません"), ({}, "読み取れません")],
    )
    def test_what_cannot_be_is_refused_and_nothing_moves(self, desk: Client, new: dict[str, str], said: str) -> None:
        edition = scheduled(NOON + timedelta(days=2))
        page = self.move(desk, edition, **new)
        assert said in " ".join(map(str, page.context["messages"]))
        before = edition.live_from
        edition.refresh_from_db()
        assert edition.live_from == before

    def test_a_move_of_what_was_moved_meanwhile_is_refused(self, desk: Client) -> None:
        edition = scheduled(NOON + timedelta(days=2))
        self.move(desk, edition, at="2026-12-01T06:00")
        page = self.move(desk, edition, at="2026-12-02T06:00")
        assert "この間に" in " ".join(map(str, page.context["messages"]))

    def test_only_who_may_publish_moves(self, client: Client) -> None:
        edition = scheduled(NOON + timedelta(days=2))
        viewer = User.objects.create_user("mite", is_staff=True)
        viewer.user_permissions.add(Permission.objects.get(codename="view_article"))
        client.force_login(viewer)
        assert "is-movable" not in client.get(CALENDAR).content.decode()
        asked = {"edition": edition.pk, "was": NOON.isoformat(), "at": "2026-12-01T06:00"}
        assert client.post(MOVE, asked).status_code == 403

    def test_a_get_moves_nothing(self, desk: Client) -> None:
        assert desk.get(MOVE).status_code == 405


class TestRescheduling:
    def test_everything_but_the_start_stays(self) -> None:
        with time_machine.travel(NOON, tick=False):
            first = published("灯台は残る？")
            update = publishing.save(_retitled(first.article, "灯台は残るか？"), by=None)
            end = NOON + timedelta(days=9)
            update = publishing.publish(
                update, by=None, at=NOON + timedelta(days=1), until=end, correction="年を直した。"
            )
            moved = publishing.reschedule(update, NOON + timedelta(days=3), was=update.live_from, by=None)  # type: ignore[arg-type]
            first.refresh_from_db()

            assert (moved.live_from, moved.live_until) == (NOON + timedelta(days=3), end)
            assert moved.published_at == first.published_at
            assert moved.updated_at == moved.live_from
            assert [(each.text, each.at) for each in moved.corrected] == [("年を直した。", moved.live_from)]
            assert first.live_until == moved.live_from

    def test_a_first_edition_is_published_when_it_starts(self) -> None:
        with time_machine.travel(NOON, tick=False):
            edition = scheduled(NOON + timedelta(days=1))
            moved = publishing.reschedule(edition, NOON + timedelta(days=2), was=edition.live_from, by=None)  # type: ignore[arg-type]
            assert moved.published_at == moved.updated_at == moved.appeared_at == NOON + timedelta(days=2)

    def test_what_is_on_show_is_not_moved(self) -> None:
        edition = published()
        with pytest.raises(publishing.NotPossibleThen):
            publishing.reschedule(edition, timezone.now() + timedelta(days=1), was=edition.live_from, by=None)  # type: ignore[arg-type]

    def test_an_end_before_the_new_start_is_refused(self) -> None:
        edition = scheduled(timezone.now() + timedelta(days=1), until=timezone.now() + timedelta(days=2))
        with pytest.raises(publishing.NotPossibleThen):
            publishing.reschedule(edition, timezone.now() + timedelta(days=3), was=edition.live_from, by=None)  # type: ignore[arg-type]


def _retitled(article: Article, title: str) -> Article:
    Article.objects.filter(pk=article.pk).update(title=title)
    article.refresh_from_db()
    return article
