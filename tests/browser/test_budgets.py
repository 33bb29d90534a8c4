"""What a page may weigh: bytes, requests, movement; measured on the longest sample, whatever the machine."""

import gzip
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, Response
from pytest_django.live_server_helper import LiveServer

from articles.models import Edition
from articles.samples import loading

HTML, CSS, JS, REQUESTS = 30_000, 15_000, 10_000, 15  # bytes compressed, and a number


@pytest.fixture
def longest(transactional_db: None) -> str:
    """The address of the sample with the longest page."""
    loading.load()
    client = Client()
    urls = [edition.get_absolute_url() for edition in Edition.objects.live()]
    return max(urls, key=lambda url: len(client.get(url).content))


def weight(data: bytes) -> int:
    return len(gzip.compress(data, 6))


def test_the_longest_article_keeps_to_its_budget(longest: str, page: Page, live_server: LiveServer) -> None:
    loaded: list[Response] = []
    said: list[str] = []
    page.on("response", lambda response: loaded.append(response))
    page.on("console", lambda message: said.append(f"{message.text} {message.location['url']}"))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => {"
        "for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved += entry.value"
        "}).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(live_server.url + longest, wait_until="networkidle")
    by_kind: dict[str, int] = {}
    for response in loaded:
        kind = response.headers.get("content-type", "").split(";")[0]
        by_kind[kind] = by_kind.get(kind, 0) + weight(response.body())
    assert by_kind["text/html"] <= HTML
    assert by_kind["text/css"] <= CSS
    assert by_kind.get("text/javascript", 0) <= JS
    assert len(loaded) <= REQUESTS
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert page.evaluate("window.moved") == 0
    assert not [each for each in said if "/media/" not in each], "pictures are another server's business"


def test_the_scripts_that_readers_get_are_few_and_deferred(longest: str, page: Page, live_server: LiveServer) -> None:
    scripts = list(Path(settings.BASE_DIR, "static", "js").glob("*.js"))
    assert sum(weight(script.read_bytes()) for script in scripts) <= JS
    page.goto(live_server.url + longest)
    kinds = page.eval_on_selector_all("script[src]", "all => all.map(each => each.type + each.defer + each.async)")
    assert set(kinds) <= {"modulefalsefalse"}
