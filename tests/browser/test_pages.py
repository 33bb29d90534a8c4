"""Readers' pages in Chromium: axe finds nothing, nothing scrolls sideways, the keyboard and paper are served."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.core.files import File
from django.template.loader import render_to_string
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import following, publishing
from articles.document import Comment, Section, Source
from articles.models import Article, Commentator, Edition, SourceLink
from articles.samples import flat_pages
from newsdesk.error_pages import TOLD
from tests.newsroom import changed, drafted, picture, published
from tests.test_pages import WHOLE

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SETTINGS = [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]
LONG = "https://paper.example/" + "averylongpathwithoutanybreak" * 8


@pytest.fixture
def newsroom(transactional_db: None) -> dict[str, str]:
    """The address of a page of each kind."""
    month = timezone.localtime()
    edition = rich()
    article = edition.get_absolute_url()
    story(edition)
    flat_pages.load()
    return {
        "article": article,
        "brief": f"{article}brief/",
        "facts": f"{article}facts/",
        "front": "/",
        "strained": strained().get_absolute_url(),
        "bare": published("題だけの記事").get_absolute_url(),
        "tags": "/tags/",
        "tag": "/tags/港/",
        "archive": "/archive/",
        "month": f"/archive/{month:%Y/%m}/",
        "corrections": "/corrections/",
        "sources": "/sources/",
        "publisher": "/sources/paper.example/",
        "search": "/search/",
        "found": "/search/?q=港&tag=港",
        "near": "/search/?q=港開かれる式典",
        "not found": "/search/?q=無い",
        "questions": "/questions/",
        "questions of a tag": "/tags/港/questions/",
        "commentators": "/commentators/",
        "commentator": Commentator.objects.get(name="浜口沙江").get_absolute_url(),
        "story": f"/stories/{edition.article_id}/",
        "feeds": "/feeds/",
        "pages": "/pages/",
        "accessibility": "/accessibility/",
        "missing": "/nothing/",
        "gone": gone().get_absolute_url(),
    }


def rich() -> Edition:
    """An article of all pieces, with pictures, corrected."""
    article = drafted("港はいつ開く？", **WHOLE)
    SourceLink.objects.get().image.save("port.png", File(picture(size=(1200, 675)), "port.png"))
    Commentator.objects.get().portrait.save("face.png", File(picture(size=(96, 96)), "face.png"))
    publishing.publish(publishing.save(article, by=None), by=None, despite_findings=True)
    corrected = changed(article, "港はいつ、どこから開く？")
    return publishing.publish(corrected, by=None, despite_findings=True, correction="題を直しました。")


def story(edition: Edition) -> Edition:
    """An article that goes on from another, and asks one of its questions again."""
    article = following.follow_up(Article.objects.get(pk=edition.article_id), by=User.objects.create(username="w"))
    return publishing.publish(changed(article, "港はその後、どうなった？"), by=None, despite_findings=True)


def strained() -> Edition:
    """An article of parts without headings and words without breaks."""
    source = Source(url=LONG, site_name="w" * 120, key_points=("p" * 200,), image_credit=LONG)
    section = Section(question="Q" * 90, answer="a" * 150, sources=(source, source), body=f"> {LONG}\n- {'x' * 200}")
    bare = Section(sources=(Source(key_points=("点",)),), opening=(Comment("名" * 40, "声" * 90),))
    return published("T" * 80, sections=(section, bare), takeaways=("t" * 90,), tags=("タグ" * 40,))


def gone() -> Edition:
    edition = published("消えた記事", at=timezone.now() - timedelta(days=1))
    publishing.withdraw(edition.article, by=None, reason="理由" * 60)
    return edition


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Opens an address in a window of its own, in a width and a colour scheme."""
    contexts = []

    def open_page(url: str, width: int = 390, scheme: Any = "light", **options: Any) -> Page:
        window = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme, "locale": "ja-JP"}
        contexts.append(browser.new_context(**{**window, **options}))
        page = contexts[-1].new_page()
        page.goto(live_server.url + url)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("width", "scheme"), SETTINGS)
def test_axe_finds_nothing_on_any_page(
    newsroom: dict[str, str], visit: Callable[..., Page], width: int, scheme: str
) -> None:
    page = visit("/", width, scheme)
    for kind, url in newsroom.items():
        page.goto(urljoin(page.url, url))
        found = Axe().run(page, options=RULES).response["violations"]
        assert not found, (kind, [(one["id"], one["nodes"][0]["html"]) for one in found])


def test_no_page_scrolls_sideways(newsroom: dict[str, str], visit: Callable[..., Page]) -> None:
    page = visit("/", 320)
    for kind, url in newsroom.items():
        page.goto(urljoin(page.url, url))
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{kind} is {wide} pixels too wide"


def test_first_tab_leads_past_the_menu(newsroom: dict[str, str], visit: Callable[..., Page]) -> None:
    page = visit(newsroom["article"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert page.locator(".skip").bounding_box()["y"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_targets_are_large_enough_to_hit(newsroom: dict[str, str], visit: Callable[..., Page]) -> None:
    page = visit("/")
    for kind, url in newsroom.items():
        page.goto(urljoin(page.url, url))
        small = page.evaluate(
            """[...document.querySelectorAll("a")]
            .filter(a => !a.closest("p, blockquote, h1, h2, h3, dt, .skip"))
            .map(a => [a.textContent.trim(), a.getBoundingClientRect()])
            .filter(([, box]) => box.width < 24 || box.height < 24).map(([text]) => text)"""
        )
        assert not small, (kind, small)


def test_paper_shows_the_text_and_no_menus(newsroom: dict[str, str], visit: Callable[..., Page]) -> None:
    page = visit(newsroom["article"], 1280)
    page.emulate_media(media="print")
    assert page.locator("main h1").is_visible()
    assert page.locator(".voice").first.is_visible()
    assert not [nav for nav in page.locator("nav").all() if nav.is_visible()]
    assert page.locator(".colophon-address").is_visible()


def test_question_leads_and_answer_follows(newsroom: dict[str, str], visit: Callable[..., Page]) -> None:
    page = visit(newsroom["article"])
    question, answer = page.locator(".question .mark").first, page.locator(".answer .mark").first
    above, below = question.bounding_box(), answer.bounding_box()
    assert above
    assert below
    assert above["x"] == below["x"]
    assert above["y"] + above["height"] < below["y"]


def test_pages_ask_nobody_else_for_anything(newsroom: dict[str, str], visit: Callable[..., Page]) -> None:
    page = visit("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).netloc))
    for kind in ("front", "article", "tag"):
        page.goto(urljoin(page.url, newsroom[kind]))
    assert set(asked) == {urlsplit(page.url).netloc}
    assert not page.context.cookies()


def test_colours_forced_by_the_reader_leave_the_pieces_apart(
    newsroom: dict[str, str], visit: Callable[..., Page]
) -> None:
    page = visit(newsroom["article"], forced_colors="active", reduced_motion="reduce")
    for piece in (".bubble", ".source", ".takeaways", ".mark"):
        assert page.locator(piece).first.evaluate("e => parseFloat(getComputedStyle(e).borderTopWidth)") >= 1
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_broken_page_is_readable(visit: Callable[..., Page], transactional_db: None) -> None:
    page = visit("/")
    page.set_content(render_to_string("error.html", {"status": 500, "told": TOLD[500], "reference": "0123456789ab"}))
    found = Axe().run(page, options=RULES).response["violations"]
    assert not found, [one["id"] for one in found]
    assert page.locator("h1").inner_text()


def test_commentary_is_hidden_and_stays_so_on_this_device(newsroom: dict[str, str], visit: Callable[..., Page]) -> None:
    page = visit(newsroom["article"])
    voice, notice = page.locator(".voice").first, page.locator("[data-commentary-notice]")
    assert voice.is_visible()
    assert not notice.is_visible()
    page.get_by_role("link", name="論評を除いて読む").click()
    assert not voice.is_visible()
    assert page.url.endswith(newsroom["article"]), "nothing is loaded anew"
    page.reload()
    expect(voice).to_be_hidden()
    assert not page.locator(".closing").is_visible()
    page.emulate_media(media="print")
    assert not voice.is_visible()
    page.emulate_media(media="screen")
    assert not page.context.cookies()
    notice.get_by_role("button").click()
    assert voice.is_visible()
    page.reload()
    expect(voice).to_be_visible()


def test_without_scripts_the_same_link_leads_to_a_page_without_commentary(
    newsroom: dict[str, str], visit: Callable[..., Page]
) -> None:
    page = visit(newsroom["article"], java_script_enabled=False)
    page.get_by_role("link", name="論評を除いて読む").click()
    assert page.url.endswith(newsroom["facts"])
    assert not page.locator(".voice").count()


def test_a_reader_searches_and_comes_to_the_place(newsroom: dict[str, str], visit: Callable[..., Page]) -> None:
    page = visit("/")
    page.get_by_role("link", name="検索").click()
    page.get_by_role("searchbox").fill("港　開く")
    page.keyboard.press("Enter")
    expect(page.locator(".hit mark").first).to_be_visible()
    page.locator(".place-title a").first.click()
    assert "#s" in page.url
    assert page.evaluate("document.querySelector(location.hash).getBoundingClientRect().top < innerHeight")
