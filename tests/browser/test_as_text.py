"""Writing the same article as text, in Chromium: there and back with what was not saved, doubts, saving, preview."""

import pytest
from axe_playwright_python.sync_playwright import Axe
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
    sections = (Section(heading="工事", body="工事が進む。"), Section(heading="費用", body="三億円。"))
    return drafting.create(Document(title="港はいつ開く？", lead="再開が近い。", sections=sections))


def test_unsaved_text_goes_there_and_back(desk: Page, live_server: LiveServer, article: Article) -> None:
    desk.goto(f"{live_server.url}{DESK}{article.pk}/change/")
    desk.fill("#id_title", "題を変えた？")
    desk.click("#desk-bar .desk-modes button")
    text = desk.input_value("#desk-manuscript")
    assert text.startswith("題を変えた？")
    desk.fill("#desk-manuscript", text.replace("三億円。", "四億円になった。"))
    desk.click("#desk-bar .desk-modes button")

    expect(desk.locator("#id_title")).to_have_value("題を変えた？")
    expect(desk.locator("#id_sections-1-body")).to_have_value("四億円になった。")
    article.refresh_from_db()
    assert article.title == "港はいつ開く？"
    desk.click("[name=_continue]")
    desk.wait_for_selector(".messagelist .success")
    assert drafting.read(Article.objects.get()).sections[1].body == "四億円になった。"


def test_doubts_stand_at_their_lines_and_the_preview_follows(
    desk: Page, live_server: LiveServer, article: Article
) -> None:
    desk.goto(f"{live_server.url}{DESK}{article.pk}/manuscript/")
    text = desk.input_value("#desk-manuscript")
    wrong = "公開日:2025/02/30"
    text = f"{text.replace('港はいつ開く？', '橋はいつ架かる？')}\n{wrong}\n"
    desk.fill("#desk-manuscript", text)
    line = text.split("\n").index(wrong) + 1
    desk.click(f"#desk-remarks li button:text-is('{line}行目')")
    assert desk.evaluate("window.getSelection().toString()") == wrong
    frame = desk.frame_locator("#desk-part-preview iframe")
    expect(frame.locator("h1")).to_have_text("橋はいつ架かる？")


def test_ctrl_s_saves_the_text(desk: Page, live_server: LiveServer) -> None:
    desk.goto(f"{live_server.url}{DESK}add/")
    desk.click("#desk-bar .desk-modes button")
    desk.fill("#desk-manuscript", "橋はいつ架かる？\n\n見出し: 工事\n本文: 進んでいる。\n")
    desk.keyboard.press("Control+s")
    desk.wait_for_selector(".messagelist .success")
    assert drafting.read(Article.objects.get()).title == "橋はいつ架かる？"


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_fits(
    desk: Page, live_server: LiveServer, article: Article, width: int, scheme: str
) -> None:
    desk.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    desk.set_viewport_size({"width": width, "height": 844})
    desk.goto(f"{live_server.url}{DESK}{article.pk}/manuscript/")
    desk.fill("#desk-manuscript", "題\n✅ 迷子\n公開日:2025/02/30")
    expect(desk.locator("#desk-remarks li").first).to_be_visible()
    found = Axe().run(desk)
    assert not found.response["violations"], found.generate_report()
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
