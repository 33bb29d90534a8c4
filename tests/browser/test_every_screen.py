"""Every screen of the desk in Chromium: nothing for axe to find, nothing that a strict content policy refuses."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.contrib.flatpages.models import FlatPage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from articles import drafting, publishing
from articles.document import Comment, Document, Section, Source
from articles.models import Article, Commentator
from tests.desk import editor

pytestmark = pytest.mark.django_db(transaction=True)

POLICY = (
    "default-src 'self'; connect-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# Addresses that show no page of their own to somebody who opens them: they act, answer a script, or lead elsewhere.
NO_PAGE = {
    "admin:autocomplete",
    "admin:jsi18n",
    "admin:logout",
    "admin:set_language",
    "admin:view_on_site",
    "admin:login",
}


def _strict(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """A middleware that sends a strict content security policy."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response["Content-Security-Policy"] = POLICY
        return response

    return middleware


def _newsroom() -> dict[str, Any]:
    """One of everything that a screen shows. By name of the model: the number that its addresses take."""
    user = editor()
    section = Section(
        heading="工事",
        question="終わるのか？",
        answer="春に終わる。",
        sources=(Source("市の発表", "https://example.jp/a", "凪浜市", timezone.localdate(), ("一つ", "二つ")),),
        opening=(Comment("港野", "待ち遠しいですね。"),),
        body="工事が進む。",
    )
    article = drafting.create(
        Document(title="港はいつ開く？", lead="再開が近い。", sections=(section,), tags=("港",)), by=user
    )
    publishing.publish(publishing.save(article, by=user), by=user)
    Article.objects.filter(pk=article.pk).update(title="港は来春に開く？")
    article.refresh_from_db()
    update = publishing.save(article, by=user, note="題を改めた")
    publishing.publish(update, by=user, at=timezone.now() + timedelta(days=1))
    flat_page = FlatPage.objects.create(url="/about/", title="編集部について", content="港の町で書いています。")
    return {
        "article": article,
        "commentator": Commentator.objects.get(),
        "user": user,
        "tag": article.tags.get(),
        "page": flat_page,
    }


def _names(resolver: URLResolver, spaces: str = "") -> list[tuple[str, dict[str, Any]]]:
    """The names of all addresses of the desk, with the names of what they take."""
    found: list[tuple[str, dict[str, Any]]] = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            found.append((f"{spaces}{entry.name}", dict(entry.pattern.converters)))
        else:
            found += _names(entry, f"{spaces}{entry.namespace}:" if entry.namespace else spaces)
    return found


# Accounts and groups are Django's own screens.
DESK = sorted(
    {
        name
        for name, _ in _names(get_resolver())
        if name.startswith("admin:") and not name.startswith("admin:auth_") and name not in NO_PAGE
    }
)


def _address(name: str, newsroom: dict[str, Any]) -> str | None:
    """An address of that name for something that is there, or None where nothing of that kind is."""
    article: Article = newsroom["article"]
    known = {
        "articles_article": article.pk,
        "articles_commentator": newsroom["commentator"].pk,
        "auth_user": newsroom["user"].pk,
        "flatpages_flatpage": newsroom["page"].pk,
        "taggit_tag": newsroom["tag"].pk,
    }
    short = name.removeprefix("admin:")
    number = next((number for kind, number in known.items() if short.startswith(kind)), None)
    for arguments in ([], [number], [number, 1], ["articles"], ["auth"]):
        if None in arguments:
            continue
        try:
            return reverse(name, args=arguments)
        except Exception:  # noqa: S112  # not with these arguments
            continue
    return None


@pytest.fixture
def newsroom(settings: Any) -> dict[str, Any]:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.browser.test_every_screen._strict"]
    return _newsroom()


def _sign_in(context: BrowserContext, live_server: LiveServer, user: User) -> Page:
    client = Client()
    client.force_login(user)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    return context.new_page()


def test_every_screen_is_accessible_and_keeps_the_content_policy(
    context: BrowserContext, live_server: LiveServer, newsroom: dict[str, Any]
) -> None:
    page = _sign_in(context, live_server, newsroom["user"])
    seen, wrong = [], []
    page.on("console", lambda message: wrong.append(f"{page.url}: {message.text}") if _is_wrong(message.text) else None)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    for name in DESK:
        address = _address(name, newsroom)
        if not address:
            continue
        # Asked beside the page first: one that shows an error or a download is not done with it when it says so.
        answer = context.request.get(f"{live_server.url}{address}")
        if answer.status >= 400 or "text/html" not in answer.headers.get("content-type", ""):
            continue
        page.goto(f"{live_server.url}{address}")
        seen.append(name)
        page.wait_for_load_state("networkidle")
        for violation in Axe().run(page).response["violations"]:
            nodes = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
            wrong.append(f"{name} {address}: {violation['id']}: {nodes}")
    assert not wrong, "\n".join(wrong)
    assert len(seen) >= 25, seen


def _is_wrong(text: str) -> bool:
    """Whether a message of the console tells of the page's own fault; a refused address is told by its status."""
    return "Content Security" in text or "TypeError" in text or "ReferenceError" in text


def test_signing_in_and_out_are_accessible(page: Page, live_server: LiveServer, newsroom: dict[str, Any]) -> None:
    for address in ("admin:login",):
        page.goto(f"{live_server.url}{reverse(address)}")
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()
