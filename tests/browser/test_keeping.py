"""Nothing typed is lost, in Chromium: a killed tab, a session that ends, a second editor, no connection."""

import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from articles import drafting, publishing
from articles.document import Document, Section
from articles.models import Article, EditorSession
from tests.browser.signing import fill_in, sign_in
from tests.desk import editor
from tests.figures import Measure

pytestmark = pytest.mark.django_db(transaction=True)

DESK = "/admin/articles/article/"


@pytest.fixture
def article() -> Article:
    sections = (Section(heading="工事", body="工事が進む。"), Section(heading="費用", body="三億円。"))
    article = drafting.create(Document(title="港はいつ開く？", lead="再開が近い。", sections=sections))
    publishing.save(article, by=None)
    return article


def _open(page: Page, live_server: LiveServer, article: Article) -> None:
    page.goto(f"{live_server.url}{DESK}{article.pk}/change/")
    page.wait_for_selector("html.has-desk-script")


def test_text_comes_back_after_the_tab_was_killed(
    browser: Browser, live_server: LiveServer, article: Article, record_property: Measure
) -> None:
    editor()
    with browser.new_context() as context:
        page = sign_in(context.new_page(), live_server)
        _open(page, live_server, article)
        page.fill("#id_title", "消えてはならない題？")
        typed = time.monotonic()
        expect(page.locator("#desk-bar-kept")).to_contain_text("に保管")
        record_property("seconds until what is typed is kept", time.monotonic() - typed)
        page.close(run_before_unload=False)
    with browser.new_context() as context:
        page = sign_in(context.new_page(), live_server)
        _open(page, live_server, article)
        page.click(".desk-kept:not([hidden]) button.default")
        expect(page.locator("#id_title")).to_have_value("消えてはならない題？")
        page.click("[name=_continue]")
        page.wait_for_selector(".messagelist .success")
        expect(page.locator(".desk-kept:not([hidden])")).to_have_count(0)
    assert Article.objects.get().title == "消えてはならない題？"


def _log_in_here(page: Page) -> None:
    page.fill("#desk-signing-password", "for-tests")
    page.click("#desk-signing button")


def test_the_session_ends_and_the_save_goes_on_once_the_editor_signed_in_on_the_page(
    context: BrowserContext, live_server: LiveServer, article: Article
) -> None:
    editor()
    page = sign_in(context.new_page(), live_server)

    # What the page asks by itself would find out that the session ended before the editor does.
    def only_on_demand(route: Route) -> None:
        asked = route.request
        by_itself = asked.method == "POST" and asked.resource_type != "document" and "/login/" not in asked.url
        route.abort() if by_itself else route.continue_()

    page.route(f"{live_server.url}/admin/**", only_on_demand)
    _open(page, live_server, article)
    EditorSession.objects.all().delete()
    page.fill("#id_title", "途中で切れた題？")
    page.click("[name=_continue]")
    dialog = page.locator("#desk-signing")
    expect(dialog).to_be_visible()
    page.fill("#desk-signing-password", "wrong")
    page.click("#desk-signing button")
    expect(dialog.locator("[role=alert]")).to_contain_text("ログインできませんでした")
    _log_in_here(page)
    page.wait_for_selector(".messagelist .success")
    assert Article.objects.get().title == "途中で切れた題？"


def test_the_session_ends_while_the_editor_is_typing(
    context: BrowserContext, live_server: LiveServer, article: Article
) -> None:
    editor()
    page = sign_in(context.new_page(), live_server)
    _open(page, live_server, article)
    EditorSession.objects.all().delete()
    page.fill("#id_title", "打つうちに切れた題？")
    expect(page.locator("#desk-signing")).to_be_visible()
    _log_in_here(page)
    expect(page.locator("#desk-signing")).to_be_hidden()
    expect(page.locator("#desk-bar-kept")).to_contain_text("に保管")
    page.click("[name=_continue]")
    page.wait_for_selector(".messagelist .success")
    assert Article.objects.get().title == "打つうちに切れた題？"


def test_without_scripts_the_form_is_held_until_the_editor_signed_in(
    browser: Browser, live_server: LiveServer, article: Article
) -> None:
    editor()
    with browser.new_context(java_script_enabled=False, locale="ja-JP") as context:
        page = sign_in(context.new_page(), live_server)
        page.goto(f"{live_server.url}{DESK}{article.pk}/change/")
        EditorSession.objects.all().delete()
        page.fill("#id_title", "書き直した題？")
        page.fill("#id_sections-1-body", "一行目\n二行目\n")
        page.click("[name=_continue]")
        with context.expect_page() as opened:
            page.click("#content a")
        fill_in(opened.value)
        page.click(".desk-form [type=submit]")
        expect(page.locator("h1")).to_have_text("もう一度送ってください")
        page.click(".desk-form [type=submit]")
        page.wait_for_selector(".messagelist .success")
    saved = drafting.read(Article.objects.get())
    assert (saved.title, saved.sections[1].body) == ("書き直した題？", "一行目\n二行目")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_that_holds_a_form_is_accessible_and_fits(desk: Page, live_server: LiveServer, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 844})
    desk.goto(f"{live_server.url}{DESK}import/")
    EditorSession.objects.all().delete()
    desk.fill("#id_manuscript", "橋はいつ架かる？")
    desk.click("[name=read]")
    expect(desk.locator("h1")).to_have_text("ログインの期限が切れました")
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(desk)
    assert not found.response["violations"], found.generate_report()


def test_signing_in_elsewhere_does_not_spoil_the_open_form(
    context: BrowserContext, live_server: LiveServer, article: Article
) -> None:
    editor()
    page = sign_in(context.new_page(), live_server)
    _open(page, live_server, article)
    context.clear_cookies()
    sign_in(context.new_page(), live_server).close()
    page.fill("#id_title", "札が変わった題？")
    page.click("[name=_continue]")
    page.wait_for_selector(".messagelist .success")
    assert Article.objects.get().title == "札が変わった題？"


def test_without_a_connection_the_browser_keeps_the_text(
    context: BrowserContext, live_server: LiveServer, article: Article
) -> None:
    editor()
    page = sign_in(context.new_page(), live_server)
    _open(page, live_server, article)
    context.set_offline(True)
    page.fill("#id_title", "圏外で書いた題？")
    expect(page.locator("#desk-bar-kept")).to_contain_text("このブラウザーだけに保管")
    page.close(run_before_unload=False)
    context.set_offline(False)
    page = context.new_page()
    _open(page, live_server, article)
    page.click("#desk-kept-here form button")
    expect(page.locator("#id_title")).to_have_value("圏外で書いた題？")


def test_two_editors_see_each_other_and_their_texts_are_merged(
    browser: Browser, live_server: LiveServer, article: Article
) -> None:
    editor()
    editor("oki")
    with browser.new_context() as one, browser.new_context() as two:
        mine, theirs = sign_in(one.new_page(), live_server), sign_in(two.new_page(), live_server, "oki")
        _open(mine, live_server, article)
        _open(theirs, live_server, article)
        expect(theirs.locator("#desk-bar-people")).to_contain_text("hama")
        theirs.fill("#id_sections-0-body", "沖が直した本文。")
        theirs.fill("#id_lead", "沖のリード。")
        theirs.click("[name=_continue]")
        theirs.wait_for_selector(".messagelist .success")

        mine.fill("#id_title", "浜の題？")
        mine.fill("#id_lead", "浜のリード。")
        mine.click("[name=_continue]")
        expect(mine.locator(".desk-question")).to_have_count(1)
        expect(mine.locator(".desk-question")).to_contain_text("沖のリード。")
        mine.locator(".desk-question input[value=mine]").check()
        mine.locator(".desk-conflict .submit-row [type=submit]").first.click()
        mine.wait_for_selector(".messagelist")
    now = drafting.read(Article.objects.get())
    assert (now.title, now.lead, now.sections[0].body) == ("浜の題？", "浜のリード。", "沖が直した本文。")
