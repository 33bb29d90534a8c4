"""A pasted address in Chromium: its card fills itself, and never takes away what an editor wrote."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connection
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import drafting
from articles.background import tick
from articles.document import Document, Section, Source
from tests.hosts import Host, host, reply, to

pytestmark = pytest.mark.django_db(transaction=True)

DESK = "/admin/articles/article/"
HTML = """<html><head><meta charset="Shift_JIS"><title>①橋が開通｜青波新聞</title>
<meta property="article:published_time" content="2026-09-03T00:30:00+09:00"><link rel="canonical" href="/bridge">
<meta property="og:image" content="/bridge.jpg"></head><body>本文</body></html>"""


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """A site with a page in Shift_JIS, and one that is gone."""
    monkeypatch.setattr("articles.fetching.fetcher.PACE", 0)
    page = reply(HTML.encode("cp932"), kind="text/html")
    with host(monkeypatch, **{"a?from=mail": to("/bridge"), "bridge": page}) as server:
        yield server


@pytest.fixture(autouse=True)
def ticking(db: None) -> Iterator[None]:
    """The background at work, as beside a server."""
    end = threading.Event()

    def work() -> None:
        while not end.wait(0.2):
            tick()
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    end.set()
    thread.join()


@pytest.fixture
def desk(desk: Page, live_server: LiveServer) -> Page:
    """An article with one source card, open at the desk."""
    source = Source(caption="手で書いた見出し", key_points=("一つ目",))
    article = drafting.create(Document(title="橋は？", sections=(Section(heading="今", sources=(source,)),)))
    desk.goto(f"{live_server.url}{DESK}{article.pk}/change/")
    return desk


CARD = "#id_sections-0-sources-0-"


def paste(page: Page, url: str) -> None:
    """Put it into the address, as from the clipboard."""
    page.locator(f"{CARD}url").focus()
    page.keyboard.insert_text(url)
    page.locator(f"{CARD}url").dispatch_event("change")


def test_a_pasted_address_fills_what_is_empty_and_offers_the_rest(desk: Page, web: Host) -> None:
    url = f"{web.url}/a?from=mail"
    paste(desk, url)
    note = desk.locator("#sections-0-sources-0 .desk-card")
    expect(note).to_contain_text("ページから入力しました：媒体名、公開日。")
    expect(note).to_have_attribute("aria-live", "polite")
    expect(desk.locator(f"{CARD}site_name")).to_have_value("青波新聞")
    expect(desk.locator(f"{CARD}published_on")).to_have_value("2026-09-03")
    expect(desk.locator(f"{CARD}caption")).to_have_value("手で書いた見出し")
    expect(desk.locator(f"{CARD}key_points")).to_have_value("一つ目")
    expect(desk.locator("#sections-0-sources-0 .desk-filled")).to_have_count(2)
    expect(note.locator("a")).to_have_attribute("href", f"{web.url}/bridge.jpg")

    note.get_by_role("button", name="「①橋が開通」にする").click()
    expect(desk.locator(f"{CARD}caption")).to_have_value("①橋が開通")
    note.get_by_role("button", name=f"「{web.url}/bridge」にする").click()
    expect(desk.locator(f"{CARD}url")).to_have_value(f"{web.url}/bridge")
    assert "/bridge.jpg" not in web.paths


def test_what_the_editor_changed_since_is_not_filled_again(desk: Page, web: Host) -> None:
    web.answers["/b"] = reply("<title>別の記事 | 灯台日報</title><meta name=date content=2026-10-01>")
    paste(desk, f"{web.url}/bridge")
    expect(desk.locator(f"{CARD}site_name")).to_have_value("青波新聞")
    desk.locator(f"{CARD}site_name").press("End")
    desk.keyboard.insert_text("（夕刊）")
    expect(desk.locator("#sections-0-sources-0 .desk-filled")).to_have_count(1)

    desk.fill(f"{CARD}url", "")
    paste(desk, f"{web.url}/b")
    expect(desk.locator(f"{CARD}published_on")).to_have_value("2026-10-01")  # filled before, and not touched since
    expect(desk.locator(f"{CARD}site_name")).to_have_value("青波新聞（夕刊）")
    expect(desk.locator("#sections-0-sources-0 .desk-card")).to_contain_text("「灯台日報」にする")


def test_a_page_that_cannot_be_read_says_why_and_what_to_do(desk: Page, web: Host) -> None:
    paste(desk, f"{web.url}/nowhere")
    note = desk.locator("#sections-0-sources-0 .desk-card")
    expect(note).to_contain_text("このアドレスにページはありません（404）。 カードは手で入力してください。")
    web.answers["/nowhere"] = reply("<title>戻ってきた記事 | 青波新聞</title>")
    note.get_by_role("button", name="もう一度読み込む").click()
    expect(desk.locator(f"{CARD}site_name")).to_have_value("青波新聞")


def test_a_card_that_is_added_fills_itself_too_and_is_saved(desk: Page, web: Host) -> None:
    desk.click("#sections-0-sources-group .djn-add-handler.djn-level-2")
    desk.locator("#id_sections-0-sources-1-url").fill(f"{web.url}/bridge")
    desk.locator("#id_sections-0-sources-1-url").blur()
    expect(desk.locator("#id_sections-0-sources-1-caption")).to_have_value("①橋が開通")
    desk.click("[name=_continue]")
    desk.wait_for_selector(".messagelist .success")
    expect(desk.locator("#id_sections-0-sources-1-site_name")).to_have_value("青波新聞")
