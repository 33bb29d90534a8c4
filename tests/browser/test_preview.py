"""The preview beside the form in Chromium: what is typed is seen at once, at both widths, where it is being edited."""

import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import drafting
from articles.document import Document, Section
from articles.models import Article

pytestmark = pytest.mark.django_db(transaction=True)

DESK = "/admin/articles/article/"


@pytest.fixture
def desk(desk: Page) -> Page:
    """A screen wide enough for what stands beside the form."""
    desk.set_viewport_size({"width": 1440, "height": 900})
    return desk


@pytest.fixture
def article() -> Article:
    sections = tuple(Section(heading=f"見出し{number}", body="本文です。\n" * 12) for number in range(4))
    return drafting.create(Document(title="港はいつ開く？", lead="再開が近い。", sections=sections))


def _open(desk: Page, live_server: LiveServer, article: Article) -> Any:
    desk.goto(f"{live_server.url}{DESK}{article.pk}/change/")
    frame = desk.frame_locator("#desk-part-preview iframe")
    expect(frame.locator("h1")).to_have_text("港はいつ開く？")
    return frame


def test_what_is_typed_is_seen_within_a_second(desk: Page, live_server: LiveServer, article: Article) -> None:
    frame = _open(desk, live_server, article)
    desk.fill("#id_title", "橋はいつ架かる？")
    begun = time.monotonic()
    frame.locator("h1", has_text="橋はいつ架かる？").wait_for()
    took = time.monotonic() - begun
    print(f"preview after {took:.2f} s")
    assert took < 5, "a second on a quiet machine; this one may be busy"
    article.refresh_from_db()
    assert article.title == "港はいつ開く？"


def test_rows_added_moved_and_removed_are_seen(desk: Page, live_server: LiveServer, article: Article) -> None:
    frame = _open(desk, live_server, article)
    desk.locator("#sections-0 > h3 .desk-down").click()
    expect(frame.locator(".part h2").first).to_have_text("見出し1")
    desk.locator("#id_sections-3-DELETE").check()
    expect(frame.locator(".part")).to_have_count(3)
    desk.keyboard.press("Alt+Shift+N")
    desk.keyboard.insert_text("加えた見出し")
    expect(frame.locator(".part h2").last).to_have_text("加えた見出し")


def test_it_follows_the_section_being_edited(desk: Page, live_server: LiveServer, article: Article) -> None:
    frame = _open(desk, live_server, article)
    desk.focus("#id_sections-3-body")
    expect(frame.locator("#s4")).to_be_in_viewport()
    desk.wait_for_timeout(1000)  # it scrolls there smoothly
    place = desk.evaluate("document.querySelector('#desk-part-preview iframe').contentWindow.scrollY")
    desk.locator("#id_sections-3-body").press_sequentially("加えた。")
    expect(frame.locator("#s4")).to_contain_text("加えた。")
    after = desk.evaluate("document.querySelector('#desk-part-preview iframe').contentWindow.scrollY")
    assert abs(after - place) < 40


def test_it_shows_a_phone_and_a_desk(desk: Page, live_server: LiveServer, article: Article) -> None:
    frame = _open(desk, live_server, article)
    assert frame.locator("html").evaluate("e => e.clientWidth") == 390
    desk.click("#desk-part-preview [data-width='1280']")
    assert frame.locator("html").evaluate("e => e.clientWidth") == 1280
    box = desk.locator("#desk-part-preview iframe").bounding_box()
    window = desk.locator(".desk-preview-window").bounding_box()
    assert box
    assert window
    assert box["width"] <= window["width"] + 1
    _open(desk, live_server, article)
    expect(desk.locator("#desk-part-preview [data-width='1280']")).to_have_attribute("aria-pressed", "true")


def test_links_in_it_lead_nowhere(desk: Page, live_server: LiveServer, article: Article) -> None:
    frame = _open(desk, live_server, article)
    frame.locator(".brand").click()
    expect(frame.locator("h1")).to_have_text("港はいつ開く？")
    assert desk.url.endswith("/change/")


def test_it_works_under_the_content_policy(desk: Page, live_server: LiveServer, article: Article) -> None:
    refused: list[str] = []
    desk.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    frame = _open(desk, live_server, article)
    desk.fill("#id_title", "橋はいつ架かる？")
    expect(frame.locator("h1")).to_have_text("橋はいつ架かる？")
    assert frame.locator("body").evaluate("e => getComputedStyle(e).backgroundColor") != "rgba(0, 0, 0, 0)"
    assert not refused
