"""The page on which an article is written, in Chromium: outline, folding, order, counts, keys, and a narrow screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import drafting
from articles.document import Comment, Document, Section, Source
from articles.models import Article, Edition

pytestmark = pytest.mark.django_db(transaction=True)

DESK = "/admin/articles/article/"


def _article(count: int = 3) -> Article:
    sections = tuple(
        Section(
            heading=f"見出し{number}",
            question="終わるのか？",
            body="工事が進む。",
            sources=(Source(caption="市の発表", url=f"https://example.jp/{number}"),),
            opening=(Comment("", "待ち遠しいですね。"),),
        )
        for number in range(count)
    )
    return drafting.create(Document(title="港はいつ開く？", lead="再開が近い。", sections=sections))


def _open(desk: Page, live_server: LiveServer, article: Article) -> None:
    desk.goto(f"{live_server.url}{DESK}{article.pk}/change/")
    desk.wait_for_selector("#desk-outline a", state="attached")


def _headings(article: Article) -> list[str]:
    return [section.heading for section in article.sections.all()]


def test_the_outline_follows_what_is_typed_and_leads_to_the_section(desk: Page, live_server: LiveServer) -> None:
    _open(desk, live_server, _article())
    desk.fill("#id_sections-1-heading", "費用は三億円")
    expect(desk.locator("#desk-outline a").nth(1)).to_contain_text("費用は三億円")
    desk.click("#desk-outline a >> nth=2")
    expect(desk.locator("#id_sections-2-heading")).to_be_focused()
    expect(desk.locator("#desk-outline a[aria-current]")).to_contain_text("見出し2")


def test_a_long_article_opens_folded_and_a_line_tells_what_is_inside(desk: Page, live_server: LiveServer) -> None:
    _open(desk, live_server, _article(7))
    section = desk.locator("#sections-4")
    expect(section.locator("> h3")).to_contain_text("見出し4")
    expect(section.locator("> h3 .desk-row-facts")).to_have_text("終わるのか？ · 出典1 · コメント1")
    expect(desk.locator("#id_sections-4-heading")).to_be_hidden()
    section.locator(".desk-fold").first.press("Enter")
    expect(desk.locator("#id_sections-4-heading")).to_be_visible()
    desk.click("#desk-open-all")
    expect(desk.locator("#id_sections-6-heading")).to_be_visible()


def test_what_is_folded_is_saved_all_the_same(desk: Page, live_server: LiveServer) -> None:
    article = _article(7)
    _open(desk, live_server, article)
    before = drafting.read(article)
    desk.fill("#id_title", "題だけ変えた？")
    desk.click("[name=_continue]")
    desk.wait_for_selector(".messagelist .success")
    article.refresh_from_db()
    assert drafting.read(article).sections == before.sections


def test_a_folded_section_with_an_error_opens_by_itself(desk: Page, live_server: LiveServer) -> None:
    _open(desk, live_server, _article(7))
    desk.click("#desk-open-all")
    desk.fill("#id_sections-5-sources-0-url", "javascript:alert(1)")
    desk.click("#desk-fold-all")
    desk.click("[name=_continue]")
    desk.wait_for_selector(".errornote")
    expect(desk.locator("#id_sections-5-sources-0-url")).to_be_visible()
    expect(desk.locator("#id_sections-4-heading")).to_be_hidden()
    expect(desk.locator("#desk-outline a").nth(5).locator(".is-error")).to_have_attribute("aria-label", "誤り1件")


def test_buttons_and_keys_put_rows_into_another_order(desk: Page, live_server: LiveServer) -> None:
    article = _article()
    _open(desk, live_server, article)
    desk.locator("#sections-0 > h3 .desk-down").press("Enter")
    expect(desk.locator("#desk-news")).to_have_text("2番目（全3）に移しました。")
    expect(desk.locator("#sections-0 > h3 .desk-down")).to_be_focused()
    desk.focus("#id_sections-2-heading")
    desk.keyboard.press("Alt+Shift+ArrowUp")
    desk.keyboard.press("Alt+Shift+ArrowUp")
    desk.keyboard.press("Alt+Shift+ArrowUp")
    expect(desk.locator("#desk-news")).to_have_text("すでに先頭です。")
    expect(desk.locator("#desk-outline a").first).to_contain_text("見出し2")
    desk.keyboard.press("Control+s")
    desk.wait_for_selector(".messagelist .success")
    assert _headings(article) == ["見出し2", "見出し1", "見出し0"]


def test_texts_are_counted_in_characters(desk: Page, live_server: LiveServer) -> None:
    _open(desk, live_server, _article())
    desk.fill("#id_title", "𠮷野家のある町はなぜ？")
    expect(desk.locator("label[for=id_title] .desk-count")).to_have_text("11字")
    desk.fill("#id_title", "長" * 60)
    expect(desk.locator("label[for=id_title] .desk-count")).to_have_text("60字 (目安 40字まで)")
    desk.fill("#id_sections-0-body", "あ" * 1800)
    expect(desk.locator("#desk-bar-length")).to_contain_text("読了 約3分")


def test_remarks_of_the_checks_stand_below_their_fields(desk: Page, live_server: LiveServer) -> None:
    _open(desk, live_server, _article())
    desk.fill("#id_title", "港は（）いつ開く？")
    remark = desk.locator(".field-title .desk-remark", has_text="括弧")
    expect(remark).to_be_visible()
    named = desk.get_attribute("#id_title", "aria-describedby") or ""
    assert remark.get_attribute("id") in named.split()
    desk.fill("#id_title", "港はいつ開く？")
    expect(remark).to_have_count(0)


def test_remarks_stand_at_their_section_though_an_earlier_one_says_nothing_yet(
    desk: Page, live_server: LiveServer
) -> None:
    _open(desk, live_server, _article())
    for field in ("heading", "question", "body", "sources-0-caption", "sources-0-url", "comments-0-text"):
        desk.fill(f"#id_sections-0-{field}", "")
    desk.fill("#id_sections-2-heading", "見出し（）")
    expect(desk.locator("#sections-2 > fieldset .field-heading .desk-remark", has_text="括弧")).to_be_visible()
    expect(desk.locator("#sections-1 .desk-remark", has_text="括弧")).to_have_count(0)
    expect(desk.locator("#desk-outline li:nth-child(3) .desk-mark")).to_be_visible()
    expect(desk.locator("#desk-outline li:nth-child(1) .desk-mark")).to_have_count(0)


def test_enter_in_a_line_goes_on_and_sends_nothing(desk: Page, live_server: LiveServer) -> None:
    _open(desk, live_server, _article())
    desk.focus("#id_title")
    desk.keyboard.press("Enter")
    expect(desk.locator("#id_lead_heading")).to_be_focused()
    assert not Edition.objects.exists()


def test_leaving_unsaved_text_asks(desk: Page, live_server: LiveServer) -> None:
    _open(desk, live_server, _article())
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    desk.on("dialog", stay)
    desk.fill("#id_title", "港はいつ開く？？")
    desk.evaluate("window.location.href = '/admin/'")
    desk.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(desk.locator("#id_title")).to_have_value("港はいつ開く？？")


def test_an_article_is_written_and_published_without_a_mouse(desk: Page, live_server: LiveServer) -> None:
    """Each key or text is one action of the editor."""
    desk.goto(f"{live_server.url}{DESK}add/")
    desk.wait_for_selector("html.has-desk-script")
    actions = 0

    def key(name: str) -> None:
        nonlocal actions
        actions += 1
        desk.keyboard.press(name)

    def write(text: str) -> None:
        nonlocal actions
        actions += 1
        desk.keyboard.insert_text(text)

    desk.focus("#id_title")
    for text in ("橋はいつ架かる？", "橋の今", "工事が始まった。来年の春に渡れる。"):
        write(text)
        key("Tab")
    key("Alt+Shift+N")
    for text in ("工事", "終わるのか？", "春に終わる。", "工事が進む。"):
        write(text)
        key("Tab")
    key("Alt+Shift+D")
    write("市が工程を公表した。")
    key("Tab")
    write("https://example.jp/bridge")
    key("Tab")
    write("凪浜市")
    key("Tab")
    write("2026-11-01")
    key("Alt+Shift+C")
    key("Tab")
    desk.locator("[id$=comments-0-text]").first.focus()
    write("楽しみですね。")
    key("Alt+Shift+P")
    desk.wait_for_selector(".desk-form")
    desk.locator(".desk-form .default").focus()
    key("Enter")
    desk.wait_for_selector(".messagelist .success")

    edition = Edition.objects.live().get()
    assert edition.content == Document(
        title="橋はいつ架かる？",
        lead_heading="橋の今",
        lead="工事が始まった。来年の春に渡れる。",
        sections=(
            Section(
                heading="工事",
                question="終わるのか？",
                answer="春に終わる。",
                body="工事が進む。",
                sources=edition.content.sections[0].sources,
                opening=edition.content.sections[0].opening,
                closing=edition.content.sections[0].closing,
            ),
        ),
    )
    (source,) = edition.content.sections[0].sources
    assert (source.caption, source.url, source.site_name, str(source.published_on)) == (
        "市が工程を公表した。",
        "https://example.jp/bridge",
        "凪浜市",
        "2026-11-01",
    )
    assert [comment.text for comment in edition.content.comments] == ["楽しみですね。"]
    assert actions <= 40, actions


def test_forty_sections_open_save_and_tell_of_errors(desk: Page, live_server: LiveServer) -> None:
    sections = tuple(
        Section(
            heading=f"見出し{number}",
            body="本文。",
            sources=tuple(Source(caption=f"出典{number}-{each}") for each in range(3)),
            opening=(Comment("", "始めに。"),),
            closing=(Comment("", "終わりに。"),),
        )
        for number in range(40)
    )
    article = drafting.create(Document(title="長い記事？", sections=sections))
    desk.set_default_timeout(60_000)
    _open(desk, live_server, article)
    assert desk.locator("#desk-outline a").count() == 40
    desk.click("#desk-outline a >> nth=39")
    desk.fill("#id_sections-39-body", "最後の本文。")
    desk.click("[name=_continue]")
    desk.wait_for_selector(".messagelist .success")
    read = drafting.read(Article.objects.get())
    assert (len(read.sections), len(list(read.sources)), read.sections[39].body) == (40, 120, "最後の本文。")

    desk.click("#desk-outline a >> nth=20")
    desk.fill("#id_sections-20-sources-2-url", "ftp://example.jp")
    desk.click("[name=_continue]")
    desk.wait_for_selector(".errornote")
    expect(desk.locator("#id_sections-20-sources-2-url")).to_be_visible()


@pytest.mark.parametrize("width", [390, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_fits(desk: Page, live_server: LiveServer, width: int, scheme: str) -> None:
    desk.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    desk.set_viewport_size({"width": width, "height": 844})
    for address in (f"{_article().pk}/change/", "add/"):
        desk.goto(f"{live_server.url}{DESK}{address}")
        desk.wait_for_selector("html.has-desk-script")
        found = Axe().run(desk)
        assert not found.response["violations"], found.generate_report()
        assert desk.evaluate("document.documentElement.scrollWidth") <= width, address


def test_on_a_phone_outline_and_side_open_over_the_text(desk: Page, live_server: LiveServer) -> None:
    desk.set_viewport_size({"width": 390, "height": 844})
    _open(desk, live_server, _article())
    expect(desk.locator("#desk-outline")).to_be_hidden()
    desk.click("#desk-outline-toggle")
    desk.click("#desk-outline a >> nth=1")
    expect(desk.locator("#desk-outline")).to_be_hidden()
    expect(desk.locator("#id_sections-1-heading")).to_be_focused()
