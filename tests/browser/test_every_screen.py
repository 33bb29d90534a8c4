"""Every screen of the desk in Chromium: nothing for axe to find, nothing that the site's content policy refuses.

And whatever stands in the texts of an article, no page that shows it takes it for a script.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from math import ceil
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.contrib.flatpages.models import FlatPage
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Dialog, Page
from pytest_django.live_server_helper import LiveServer

from articles import drafting, publishing
from articles.document import Comment, Document, Section, Source
from articles.models import Article, Commentator, SourceLink
from tests.browser.test_policy import READERS
from tests.desk import editor
from tests.figures import Measure

pytestmark = pytest.mark.django_db(transaction=True)

# What would open a dialog as an element, in an attribute, as a script or in data that stands in one.
TEXTS = (
    "<img src=x onerror=alert(1)><svg onload=alert(1)>",
    "\"'><script>alert(1)</script>",
    "</script></textarea></title><script>alert(1)</script>",
    "\" autofocus onfocus=alert(1) x=\"' onmouseover='alert(1)",
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


def _newsroom(more: str = "") -> dict[str, Any]:
    """One of everything that a screen shows, with more in every text.

    By name of the model: the number that its addresses take.
    """
    user = editor()
    source = Source(
        f"市の発表{more}",
        "https://example.jp/a",
        f"凪浜市{more}",
        timezone.localdate(),
        ("一つ", f"二つ{more}"),
        image_credit=more,
    )
    section = Section(
        heading=f"工事{more}",
        question=f"終わるのか？{more}",
        answer=f"春に終わる。{more}",
        sources=(source,),
        opening=(Comment(f"港野{more}", f"待ち遠しいですね。{more}"),),
        body=f"工事が進む。{more}",
        closing=(Comment("", more),),
    )
    document = Document(
        title=f"港はいつ開く？{more}",
        lead_heading=more,
        lead=f"再開が近い。{more}",
        sections=(section,),
        closing=(Comment("", more),),
        takeaways=(f"春に開く{more}",),
        tags=(f"港{more}",),
    )
    article = drafting.create(document, by=user, unplaced=more)
    publishing.publish(publishing.save(article, by=user), by=user, despite_findings=bool(more))
    Article.objects.filter(pk=article.pk).update(title=f"港は来春に開く？{more}")
    article.refresh_from_db()
    update = publishing.save(article, by=user, note=f"題を改めた{more}")
    soon = timezone.now() + timedelta(days=1)
    publishing.publish(update, by=user, at=soon, correction=more, despite_findings=bool(more))
    flat_page = FlatPage.objects.create(
        url="/about/", title=f"編集部について{more}", content=f"港の町で書いています。{more}"
    )
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
PARTS = 4  # of them, looked at beside each other: axe takes a second for each


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
def newsroom() -> dict[str, Any]:
    return _newsroom()


def _sign_in(context: BrowserContext, live_server: LiveServer, user: User) -> Page:
    client = Client()
    client.force_login(user)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    return context.new_page()


@pytest.mark.parametrize("part", range(PARTS))
def test_every_screen_is_accessible_and_keeps_the_content_policy(
    context: BrowserContext, live_server: LiveServer, newsroom: dict[str, Any], part: int
) -> None:
    page = _sign_in(context, live_server, newsroom["user"])
    seen, wrong = [], []
    told = _complaints(page)
    for name, address in _screens(context, live_server, newsroom, DESK[part::PARTS]):
        page.goto(address)
        seen.append(name)
        page.wait_for_load_state("networkidle")
        wrong += told
        for violation in Axe().run(page).response["violations"]:
            nodes = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
            wrong.append(f"{name} {address}: {violation['id']}: {nodes}")
        told.clear()  # the policy refuses what axe puts into the page, too
    assert not wrong, "\n".join(wrong)
    assert len(seen) >= ceil(25 / PARTS), seen


def _complaints(page: Page) -> list[str]:
    """What a browser complains of from now on; a dialog is such a complaint, too."""
    told: list[str] = []

    def opened(dialog: Dialog) -> None:
        told.append(f"{page.url}: a dialog")
        dialog.dismiss()

    page.on("dialog", opened)
    page.on("console", lambda message: told.append(f"{page.url}: {message.text}") if _is_wrong(message.text) else None)
    page.on("pageerror", lambda error: told.append(f"{page.url}: {error}"))
    return told


def _screens(
    context: BrowserContext, live_server: LiveServer, newsroom: dict[str, Any], names: Iterable[str] = DESK
) -> Iterator[tuple[str, str]]:
    """The screens of the desk that show a page of their own: names and whole addresses."""
    for name in names:
        address = _address(name, newsroom)
        if not address:
            continue
        # Asked beside the page first: one that shows an error or a download is not done with it when it says so.
        answer = context.request.get(f"{live_server.url}{address}")
        if answer.status < 400 and "text/html" in answer.headers.get("content-type", ""):
            yield name, f"{live_server.url}{address}"


@pytest.mark.parametrize("text", TEXTS)
def test_text_becomes_no_script_on_any_page(
    context: BrowserContext, live_server: LiveServer, text: str, record_property: Measure
) -> None:
    """A page that made an element of it would open a dialog, or be told by the policy that it must not."""
    newsroom = _newsroom(text)
    SourceLink.objects.update(url="javascript:alert(1)")
    page = _sign_in(context, live_server, newsroom["user"])
    told = _complaints(page)
    found = f"/search/?q={quote(text)}"
    readers = [f"{live_server.url}{each.format(pk=newsroom['article'].pk)}" for each in (*READERS, found)]
    seen = [*readers, *(address for _, address in _screens(context, live_server, newsroom))]
    for address in seen:
        page.goto(address)
    record_property("pages opened", len(seen))
    record_property("dialogs and reports of the policy", len(told))
    assert told == []
    assert len(seen) >= 40
    page.evaluate("text => document.body.insertAdjacentHTML('beforeend', text)", TEXTS[0])
    page.wait_for_timeout(300)
    assert told, "where it is an element, that is found out"


def _is_wrong(text: str) -> bool:
    """Whether a message of the console tells of the page's own fault; a refused address is told by its status."""
    return "Content Security" in text or "TypeError" in text or "ReferenceError" in text


def test_signing_in_and_out_are_accessible(page: Page, live_server: LiveServer, newsroom: dict[str, Any]) -> None:
    for address in ("admin:login",):
        page.goto(f"{live_server.url}{reverse(address)}")
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()
