"""The desk's front page and calendar in Chromium: dragging an entry to another day, a phone's width, and axe."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import publishing
from articles.models import Edition
from tests.newsroom import drafted, published

pytestmark = pytest.mark.django_db(transaction=True)

FRONT = "/admin/"
CALENDAR = "/admin/articles/article/calendar/"


@pytest.fixture
def desk(desk: Page, live_server: LiveServer) -> Page:
    """The front page of the desk."""
    desk.goto(f"{live_server.url}{FRONT}")
    return desk


def _scheduled() -> Edition:
    """In the middle of next month, whatever day it is today: there is another day to go to."""
    month = timezone.localtime().replace(day=1) + timedelta(days=40)
    start = month.replace(day=10, hour=7, minute=30, second=0, microsecond=0)
    return publishing.publish(publishing.save(drafted("橋はいつ架かる？"), by=None), by=None, at=start)


def test_an_entry_is_dragged_to_another_day(desk: Page, live_server: LiveServer) -> None:
    edition = _scheduled()
    start = timezone.localtime(edition.live_from)
    desk.set_viewport_size({"width": 1280, "height": 1400})  # a drag does not scroll here
    desk.goto(f"{live_server.url}{CALENDAR}?month={start:%Y-%m}")
    entry = desk.locator(f"[data-edition='{edition.pk}']")
    days = desk.locator("td[data-day]")
    last = days.nth(days.count() - 1)
    wanted = last.get_attribute("data-day")
    entry.drag_to(last, source_position={"x": 40, "y": 12})
    desk.wait_for_selector(".messagelist .success")

    edition.refresh_from_db()
    moved = timezone.localtime(edition.live_from)
    assert f"{moved:%Y-%m-%d %H:%M}" == f"{wanted} 07:30"


def test_an_entry_is_moved_without_dragging(desk: Page, live_server: LiveServer) -> None:
    edition = _scheduled()
    start = timezone.localtime(edition.live_from)
    desk.set_viewport_size({"width": 390, "height": 800})
    desk.goto(f"{live_server.url}{CALENDAR}?day={start:%Y-%m-%d}")
    desk.click(".desk-entry-move summary")
    later = start + timedelta(days=2)
    desk.fill("[name=at]", f"{later:%Y-%m-%dT%H:%M}")
    desk.click(".desk-entry-move button")
    desk.wait_for_selector(".messagelist .success")

    edition.refresh_from_db()
    assert edition.live_from == later
    expect(desk.locator(".desk-day-entries")).to_contain_text("この日の予定はありません")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_front_page_and_calendar_are_accessible_and_fit(
    desk: Page, live_server: LiveServer, width: int, scheme: str
) -> None:
    _scheduled()
    published("今日の記事")
    desk.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    desk.set_viewport_size({"width": width, "height": 800})
    for address in (FRONT, CALENDAR, f"{CALENDAR}?day={timezone.localdate().isoformat()}"):
        desk.goto(f"{live_server.url}{address}")
        found = Axe().run(desk)
        assert not found.response["violations"], found.generate_report()
        assert desk.evaluate("document.documentElement.scrollWidth") <= width, address
