"""The site's own content policy in Chromium: pages and desk do all they do, and nothing of it is refused or warned of.

Every screen of the desk as it opens is walked in `test_every_screen`; here the site's own headers are in force, and
screens are used.
"""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import drafting, publishing
from articles.document import Comment, Document, Section, Source
from articles.models import Article
from articles.samples import flat_pages
from tests.newsroom import picture

pytestmark = pytest.mark.django_db(transaction=True)

DESK = "/admin/articles/article/"
READERS = (
    "/", "/articles/{pk}/", "/articles/{pk}/brief/", "/articles/{pk}/facts/", "/tags/", "/tags/港/", "/search/?q=港",
    "/questions/", "/archive/", "/sources/", "/corrections/", "/commentators/", "/feeds/", "/pages/", "/about/",
)  # fmt: skip
FILES = (
    "/feeds/rss.xml",
    "/feeds/atom.xml",
    "/feeds/feed.json",
    "/sitemap.xml",
    "/robots.txt",
    "/articles/{pk}/share.png",
)
SCREENS = (
    "/admin/",
    DESK,
    f"{DESK}import/",
    f"{DESK}calendar/",
    f"{DESK}{{pk}}/history/",
    f"{DESK}{{pk}}/publish/",
    f"{DESK}{{pk}}/preview/",
    "/admin/articles/picture/",
    "/admin/articles/picture/add/",
    "/admin/articles/commentator/add/",
    "/admin/auth/user/add/",
    "/admin/taggit/tag/",
    "/admin/flatpages/flatpage/",
)
# A browser without TLS says this of every site.
WITHOUT_TLS = "Cross-Origin-Opener-Policy header has been ignored"


@pytest.fixture
def article() -> Article:
    source = Source("市の発表", "https://example.jp/a", "凪浜市", None, ("一つ", "二つ"))
    section = Section(
        "工事", "終わるのか？", "春に終わる。", (source,), (Comment("港野", "待ち遠しい。"),), "工事が進む。"
    )
    made = drafting.create(Document(title="港はいつ開く？", lead="再開が近い。", sections=(section,), tags=("港",)))
    publishing.publish(publishing.save(made, by=None), by=None, despite_findings=True)
    Article.objects.filter(pk=made.pk).update(title="港は来春に開く？")
    made.refresh_from_db()
    publishing.save(made, by=None)
    flat_pages.load()
    return made


@pytest.fixture
def said(page: Page) -> Iterator[list[str]]:
    """What the browser complained of; a test that leaves anything here fails."""
    found: list[str] = []

    def listen(message: Any) -> None:
        if message.type in ("error", "warning") and WITHOUT_TLS not in message.text and not _upload(message):
            found.append(f"{page.url}: {message.text}")

    page.on("console", listen)
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))
    yield found
    assert not found, "\n".join(found)


def _upload(message: Any) -> bool:
    """Whether it tells of an upload; those of a test lie where its server does not look."""
    return "/media/" in message.location.get("url", "")


def _open(page: Page, live_server: LiveServer, address: str) -> None:
    answer = page.goto(f"{live_server.url}{address}")
    assert answer
    assert answer.status == 200, address
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    page.wait_for_load_state("networkidle")


def test_readers_pages(page: Page, live_server: LiveServer, article: Article, said: list[str]) -> None:
    for address in READERS:
        _open(page, live_server, address.format(pk=article.pk))
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgba(0, 0, 0, 0)", address
    _open(page, live_server, f"/articles/{article.pk}/")
    assert page.locator("script[type='application/ld+json']").count()
    page.click("a[data-commentary]")
    expect(page.locator(".voice").first).to_be_hidden()
    assert page.evaluate("fetch('/robots.txt').then(a => a.status)") == 200  # as Lighthouse does


def test_what_is_put_into_a_page_does_not_run(page: Page, live_server: LiveServer, article: Article) -> None:
    page.goto(f"{live_server.url}/articles/{article.pk}/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hit=1\">')")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.hit=1'}))")
    page.wait_for_timeout(300)
    assert page.evaluate("window.hit") is None


def test_feeds_and_files_opened_in_a_browser(page: Page, live_server: LiveServer, article: Article) -> None:
    for address in FILES:
        _open(page, live_server, address.format(pk=article.pk))
    page.goto(f"{live_server.url}/feeds/atom.xml")
    assert "港はいつ開く？" in page.content()


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of a page of somebody else."""

    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>other</title>")

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Other) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


SHOW = """address => new Promise((done) => {
  const image = new Image();
  image.onload = () => done(true);
  image.onerror = () => done(false);
  image.src = address;
})"""
FRAME = "address => document.body.append(Object.assign(document.createElement('iframe'), { src: address }))"


def test_others_may_show_our_pictures_and_not_our_pages(
    page: Page, live_server: LiveServer, article: Article, elsewhere: str
) -> None:
    page.goto(elsewhere)
    assert page.evaluate(SHOW, f"{live_server.url}/articles/{article.pk}/share.png")
    page.evaluate(FRAME, f"{live_server.url}/")
    page.wait_for_timeout(500)
    assert not page.frame_locator("iframe").locator(".masthead").count()


def test_the_form_of_an_article(desk: Page, live_server: LiveServer, article: Article, said: list[str]) -> None:
    desk.set_viewport_size({"width": 1440, "height": 900})
    _open(desk, live_server, f"{DESK}{article.pk}/change/")
    frame = desk.frame_locator("#desk-part-preview iframe")
    expect(frame.locator("h1")).to_have_text("港は来春に開く？")
    assert frame.locator("body").evaluate("e => getComputedStyle(e).backgroundColor") != "rgba(0, 0, 0, 0)"
    desk.click("#sections-group .djn-add-handler.djn-level-1")
    desk.fill("#id_sections-1-heading", "橋の今")
    desk.click("#sections-1-sources-group .djn-add-handler.djn-level-2")
    desk.fill("#id_sections-1-sources-0-caption", "市の発表")
    desk.locator("#sections-1 > h3 .desk-up").click()
    expect(frame.locator(".part h2").first).to_have_text("橋の今")
    desk.fill("#id_title", "港は春に開く？")
    desk.keyboard.press("Alt+Shift+F")
    desk.click("[name=_continue]")
    desk.wait_for_selector(".messagelist .success")
    desk.locator("#desk-bar-mode button").click()
    desk.wait_for_load_state("networkidle")
    assert "manuscript" in desk.url


def test_screens_of_the_desk(desk: Page, live_server: LiveServer, article: Article, said: list[str]) -> None:
    for screen in SCREENS:
        _open(desk, live_server, screen.format(pk=article.pk))
    _open(desk, live_server, f"{DESK}{article.pk}/history/")
    compare = desk.locator("form [type=submit]", has_text="比べる")
    if compare.count():
        compare.first.click()
        desk.wait_for_load_state("networkidle")


def test_pictures_dropped_at_the_desk(desk: Page, live_server: LiveServer, said: list[str]) -> None:
    _open(desk, live_server, "/admin/articles/picture/add/")
    made: BytesIO = picture(size=(400, 300))
    desk.set_input_files(".desk-upload [type=file]", {"name": "港.png", "mimeType": "image/png", "buffer": made.read()})
    expect(desk.locator(".desk-chosen-files")).to_have_text("港.png")
    desk.locator(".desk-upload [type=submit], .submit-row [type=submit]").first.click()
    desk.wait_for_load_state("networkidle")
