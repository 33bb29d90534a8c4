"""History, comparison and draft links in a real browser: what an editor and a person outside do with them."""

import re
from dataclasses import replace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import drafting, publishing
from articles.document import Comment, Document, Section, Source
from articles.models import Article

pytestmark = pytest.mark.django_db(transaction=True)

DESK = "/admin/articles/article/"

HARBOUR = Section(
    heading="港の工事",
    question="港はいつ開く？",
    answer="4月です。",
    sources=(Source(caption="市の発表", url="https://example.jp/1"),),
    body="工事は3月22日に終わる。\n岸壁は去年より40メートル長い。",
    closing=(Comment("港野 渡", "楽しみです。"),),
)
FIRST = Document(
    title="港はいつ開く？", lead="港が新しくなる。", sections=(HARBOUR, Section(heading="渡し船")), tags=("港",)
)


@pytest.fixture
def article() -> Article:
    article = drafting.create(FIRST)
    publishing.save(article, by=None)
    later = replace(HARBOUR, answer="5月です。", body=HARBOUR.body.replace("22", "28"))
    drafting.write(article, replace(FIRST, sections=(Section(heading="灯台"), later), tags=("港", "船")))
    publishing.save(article, by=None, note="市の発表で日付が変わった")
    return article


def violations(page: Page) -> list[str]:
    found = Axe().run(page)
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found.response["violations"]]


def test_editions_are_compared_and_one_restored(desk: Page, live_server: LiveServer, article: Article) -> None:
    desk.goto(f"{live_server.url}{DESK}{article.pk}/change/")
    desk.click(".object-tools >> text=履歴")
    expect(desk.locator("#edition-2")).to_contain_text("市の発表で日付が変わった")
    assert violations(desk) == []
    desk.locator("#edition-2").get_by_role("link", name="変更点").click()

    body = desk.locator(".desk-row", has=desk.get_by_role("heading", name="本文", exact=True)).locator(".desk-diff")
    expect(body.locator("del")).to_contain_text("22")
    expect(body.locator("ins")).to_contain_text("28")
    line = body.locator("del").evaluate("mark => getComputedStyle(mark).textDecorationLine")
    sign = body.locator("del").evaluate("mark => getComputedStyle(mark, '::before').content")
    assert line == "line-through"
    assert "−" in sign
    folded = desk.locator("details.desk-same").first
    expect(folded.locator(".desk-row").first).to_be_hidden()
    folded.locator("summary").press("Enter")
    expect(folded.locator(".desk-row").first).to_be_visible()
    assert violations(desk) == []

    desk.get_by_role("link", name="前の変更").click()
    expect(desk).to_have_url(re.compile(r"from=0&to=1"))
    desk.select_option("[name=from]", "now")
    desk.select_option("[name=to]", "1")
    desk.get_by_role("button", name="比較").click()
    desk.get_by_role("button", name="第1版を復元").click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    expect(desk.locator("#id_sections-0-answer")).to_have_value("4月です。")
    assert drafting.read(article) == FIRST
    assert article.editions.count() == 3


def test_a_reason_is_given_with_a_save(desk: Page, live_server: LiveServer, article: Article) -> None:
    desk.goto(f"{live_server.url}{DESK}{article.pk}/change/")
    desk.fill("#id_lead", "港が大きくなる。")
    desk.fill("#id_note", "面積が分かった")
    desk.click("[name=_continue]")
    desk.wait_for_selector(".messagelist .success")
    desk.goto(f"{live_server.url}{DESK}{article.pk}/history/")
    expect(desk.locator("#edition-3 .desk-time-note")).to_have_text("面積が分かった")
    expect(desk.locator("#edition-3 .desk-time-changes")).to_have_text("リード")


def test_a_draft_link_is_made_and_opened_by_somebody_without_an_account(
    desk: Page,
    browser: Browser,
    live_server: LiveServer,
    article: Article,
    settings: Any,
) -> None:
    settings.SITE_URL = live_server.url
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.goto(f"{live_server.url}{DESK}{article.pk}/change/")
    desk.get_by_role("link", name="下書きリンク").click()
    desk.fill("#id_recipient", "監修の先生")
    desk.get_by_role("button", name="リンクを作る").click()
    assert violations(desk) == []
    desk.get_by_role("button", name="コピー").click()
    expect(desk.locator("#desk-said")).to_have_text("コピーしました")
    address = desk.evaluate("navigator.clipboard.readText()")
    assert address == desk.locator(".desk-link-address input").input_value()

    outside = browser.new_context(locale="ja-JP")
    page = outside.new_page()
    answer = page.goto(address)
    assert answer
    assert answer.status == 200
    assert outside.cookies() == []
    expect(page.locator(".draft-notice")).to_contain_text("監修の先生")
    expect(page.locator("h1")).to_have_text("港はいつ開く？")
    expect(page.locator("body")).to_contain_text("岸壁は去年より40メートル長い。")
    assert violations(page) == []

    desk.reload()
    expect(desk.locator(".desk-links")).to_contain_text("1回")
    desk.get_by_role("button", name="取り消す").click()
    answer = page.goto(address)
    assert answer
    assert answer.status == 410
    expect(page.locator("body")).not_to_contain_text("岸壁")
    outside.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_screens_fit_and_can_be_read(
    desk: Page,
    live_server: LiveServer,
    article: Article,
    width: int,
    scheme: str,
) -> None:
    desk.set_viewport_size({"width": width, "height": 900})
    desk.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for name in ("history/", "history/compare/?from=1&to=2", "history/compare/?from=now&to=1", "links/"):
        desk.goto(f"{live_server.url}{DESK}{article.pk}/{name}")
        assert desk.evaluate("document.documentElement.scrollWidth") <= width, name
        assert violations(desk) == [], name
