"""The desk in a real browser: rows added by script, errors deep inside, and the whole way of one manuscript."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import feedparser
import pytest
from playwright.sync_api import Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import drafting, publishing
from articles.document import Comment, Document, Section, Source
from articles.manuscripts import parse
from articles.models import Article, Edition

pytestmark = pytest.mark.django_db(transaction=True)

ORIGINAL = Path(__file__).resolve().parents[3] / "shared" / "original_article.txt"
TITLE = "日米の防衛はどう変わる？"  # put right: the original has a mark of the typesetting in its title
DESK = "/admin/articles/article/"


def test_a_section_with_source_and_comment_is_added_and_saved(desk: Page, live_server: LiveServer) -> None:
    desk.goto(f"{live_server.url}{DESK}add/")
    desk.fill("#id_title", "橋はいつ架かる？")
    desk.click("#sections-group .djn-add-handler.djn-level-1")
    desk.fill("#id_sections-0-heading", "橋の今")
    desk.fill("#id_sections-0-body", "工事が始まった。")
    desk.click("#sections-0-sources-group .djn-add-handler.djn-level-2")
    desk.fill("#id_sections-0-sources-0-caption", "市の発表")
    desk.fill("#id_sections-0-sources-0-key_points", "一つ目\n二つ目")
    for number, placement in enumerate(("opening", "closing")):
        desk.click("#sections-0-comments-group .djn-add-handler.djn-level-2")
        desk.select_option(f"#id_sections-0-comments-{number}-placement", placement)
        desk.fill(f"#id_sections-0-comments-{number}-text", f"{placement}です。")
    desk.click("#comments-group .djn-add-handler.djn-level-1")
    desk.fill("#id_comments-0-text", "まとめです。")
    desk.click("[name=_continue]")
    desk.wait_for_selector(".messagelist .success")

    assert drafting.read(Article.objects.get()) == Document(
        title="橋はいつ架かる？",
        sections=(
            Section(
                heading="橋の今",
                body="工事が始まった。",
                sources=(Source(caption="市の発表", key_points=("一つ目", "二つ目")),),
                opening=(Comment("", "openingです。"),),
                closing=(Comment("", "closingです。"),),
            ),
        ),
        closing=(Comment("", "まとめです。"),),
    )
    expect(desk.locator("#id_sections-0-comments-1-text")).to_have_value("closingです。")


def test_an_error_in_a_source_is_seen_and_the_text_kept(desk: Page, live_server: LiveServer) -> None:
    source = Source(caption="町史", url="https://example.jp/a")
    article = drafting.create(Document(title="灯台", sections=(Section(heading="今", sources=(source,)),)))
    desk.goto(f"{live_server.url}{DESK}{article.pk}/change/")
    desk.fill("#id_sections-0-sources-0-url", "javascript:alert(1)")
    desk.fill("#id_sections-0-body", "書きかけ")
    desk.click("[name=_save]")

    expect(desk.locator(".errornote")).to_be_visible()
    expect(desk.locator("#sections-0-sources-group .errorlist")).to_be_visible()
    expect(desk.locator("#id_sections-0-body")).to_have_value("書きかけ")


def test_sections_keep_the_order_they_are_dragged_into(desk: Page, live_server: LiveServer) -> None:
    article = drafting.create(Document(title="順番", sections=(Section(heading="一"), Section(heading="二"))))
    desk.goto(f"{live_server.url}{DESK}{article.pk}/change/")
    desk.set_viewport_size({"width": 1280, "height": 3000})  # both sections in sight, so that nothing scrolls
    # Remarks of the checks stand below their fields, and move what is below them when they come.
    expect(desk.locator("#desk-part-checks-tab")).to_have_text(re.compile(r"\d"))
    handle = desk.locator("#sections-1 > h3 > b").bounding_box()
    first = desk.locator("#sections-0 > h3").bounding_box()
    assert handle
    assert first
    desk.mouse.move(handle["x"] + 5, handle["y"] + 5)
    desk.mouse.down()
    desk.mouse.move(handle["x"] + 5, handle["y"] - 40, steps=10)
    desk.mouse.move(first["x"] + 5, first["y"] - 5, steps=30)
    desk.wait_for_timeout(300)
    desk.mouse.up()
    desk.click("[name=_continue]")
    desk.wait_for_selector(".messagelist .success")

    assert [section.heading for section in drafting.read(article).sections] == ["二", "一"]


def test_unsaved_text_is_not_left_behind_unasked(desk: Page, live_server: LiveServer) -> None:
    article = drafting.create(Document(title="灯台"))
    desk.goto(f"{live_server.url}{DESK}{article.pk}/change/")
    desk.locator("#id_lead").press_sequentially("書きかけ")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    desk.on("dialog", stay)
    desk.click("#site-name a")
    desk.wait_for_timeout(300)

    assert asked == ["beforeunload"]
    expect(desk.locator("#id_lead")).to_have_value("書きかけ")


@pytest.mark.parametrize("width", [390, 1280])
def test_no_screen_scrolls_sideways(desk: Page, live_server: LiveServer, width: int) -> None:
    section = Section(
        heading="今", body="長い文。" * 60, sources=(Source(url="https://example.jp/" + "a" * 90, key_points=("点",)),)
    )
    article = drafting.create(Document(title="長い題" * 12, sections=(section,), closing=(Comment("", "ね。"),)))
    publishing.publish(publishing.save(article, by=None), by=None)
    desk.set_viewport_size({"width": width, "height": 844})
    for screen in ("", "import/", *(f"{article.pk}/{name}/" for name in ("change", "publish", "withdraw", "history"))):
        desk.goto(f"{live_server.url}{DESK}{screen}")
        assert desk.evaluate("document.documentElement.scrollWidth") <= width, screen


def in_order(text: str, parts: Iterator[str]) -> Iterator[str]:
    """The parts that do not follow one another in the text, spaces aside."""
    rest = re.sub(r"\s", "", text)
    for part in parts:
        wanted = re.sub(r"\s", "", part)
        at = rest.find(wanted)
        if at < 0:
            yield part
        else:
            rest = rest[at + len(wanted) :]


def pieces(document: Document) -> Iterator[str]:
    """The texts of an article in the order of the original layout, without its title."""
    yield document.lead_heading
    yield document.lead
    for section in document.sections:
        yield from (section.heading, section.question, section.answer)
        for source in section.sources:
            yield from (source.caption, *source.key_points, source.site_name)
        for comment in section.opening:
            yield from comment.text.split("\n")
        yield from section.body.split("\n")
        for comment in section.closing:
            yield from comment.text.split("\n")
    for comment in document.closing:
        yield from comment.text.split("\n")
    yield from document.takeaways


@pytest.mark.skipif(not ORIGINAL.exists(), reason="the original article is not beside this checkout")
def test_from_manuscript_to_page_and_feed(desk: Page, live_server: LiveServer) -> None:
    """Paste the original article, save it, publish it: readers and subscribers get every piece, in order."""
    manuscript = ORIGINAL.read_text(encoding="utf-8")
    document = replace(parse(manuscript).document, title=TITLE)
    desk.click(f"a[href='{DESK}import/']")
    desk.fill("#id_manuscript", manuscript)
    desk.click("[name=read]")
    expect(desk.locator(".desk-line.is-unplaced")).to_have_count(0)
    desk.click("[name=save]")
    desk.wait_for_selector(".desk-panel")
    desk.fill("#id_title", TITLE)  # its left-over mark would stop publication
    desk.click("[name=_publish]")
    desk.click(".desk-form [type=submit]")
    desk.wait_for_selector(".desk-state-live")

    edition = Edition.objects.live().get()
    assert edition.content == document
    desk.goto(f"{live_server.url}/articles/{edition.article_id}/")
    article = desk.locator("main").text_content() or ""
    assert list(in_order(article, iter([document.title, *pieces(document)]))) == []
    links = [link.get_attribute("href") for link in desk.locator("main a").all()]
    assert {source.url for source in document.sources} <= set(links)

    response = desk.request.get(f"{live_server.url}/feeds/rss.xml")
    (item,) = feedparser.parse(response.body()).entries
    assert item.title == document.title
    content = item.content[0].value
    assert list(in_order(re.sub(r"<[^>]*>", "", content).replace("&amp;", "&"), pieces(document))) == []
    assert all(f'href="{source.url.replace("&", "&amp;")}"' in content for source in document.sources)


@pytest.mark.skipif(not ORIGINAL.exists(), reason="the original article is not beside this checkout")
def test_from_the_pasted_text_to_the_live_page_in_five_actions(desk: Page, live_server: LiveServer) -> None:
    manuscript = ORIGINAL.read_text(encoding="utf-8")
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    desk.evaluate("text => navigator.clipboard.writeText(text)", manuscript)

    desk.click(f"a[href='{DESK}import/']")  # 1: open the import
    desk.wait_for_load_state()
    desk.focus("#id_manuscript")
    desk.keyboard.press("Control+v")  # 2: paste; it is read at once
    desk.wait_for_selector("#reading")
    desk.check("[name=mend][value='left_over_mark title']")  # 3: put right what would stop publication
    desk.click("[name=publish]")  # 4: save and publish…
    desk.click(".desk-form [type=submit]")  # 5: publish
    desk.wait_for_selector(".desk-state-live")

    edition = Edition.objects.live().get()
    assert replace(edition.content, title="") == replace(parse(manuscript).document, title="")
    assert "マーク" not in edition.title
    assert desk.request.get(f"{live_server.url}/articles/{edition.article_id}/").ok
