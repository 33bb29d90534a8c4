"""Headers: what a browser may do with an answer, by what it is and whose it is."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import include, path, re_path
from django.views.static import serve

from articles.document import Section
from articles.samples import flat_pages
from newsdesk.headers import HeadersMiddleware, page_policy
from newsdesk.storage_url import storage_from_url
from tests.catalogue import ROOT
from tests.desk import editor, signed_in
from tests.figures import Measure
from tests.newsroom import picture, published
from tests.observatory import directives, score

pytestmark = pytest.mark.django_db

READERS = [
    "/",
    "/articles/{pk}/",
    "/articles/{pk}/brief/",
    "/search/?q=港",
    "/feeds/",
    "/about/",
    "/tags/",
    "/no-such-page/",
]
DESK = ["/admin/login/", "/admin/", "/admin/articles/article/", "/admin/articles/article/{pk}/change/"]
FILES = ["/feeds/rss.xml", "/feeds/feed.json", "/sitemap.xml", "/robots.txt", "/articles/{pk}/share.png"]

urlpatterns = [
    path("", include("newsdesk.urls")),
    re_path(r"^media/(?P<path>.*)$", lambda request, path: serve(request, path, default_storage.path(""))),
]


@pytest.fixture
def on_https(settings: LazySettings) -> None:
    """The site as its settings make it for an address on https."""
    settings.SITE_URL = "https://news.example"
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


@pytest.fixture
def pk() -> int:
    flat_pages.load()
    return published("港はいつ開く？", sections=(Section(heading="工事", body="進む。"),)).article_id


@pytest.mark.usefixtures("on_https")
@pytest.mark.parametrize("address", READERS)
def test_readers_pages_score_full_marks(client: Client, pk: int, address: str, record_property: Measure) -> None:
    answer = client.get(address.format(pk=pk), secure=True)
    assert answer["Content-Type"].startswith("text/html")
    points = score(answer.headers, answer.cookies, answer.content.decode())
    record_property("points of the Observatory", points)
    assert points >= 125
    assert not answer.cookies


@pytest.mark.usefixtures("on_https")
@pytest.mark.parametrize("address", DESK)
def test_the_desk_scores_full_marks(pk: int, address: str, record_property: Measure) -> None:
    desk = Client() if "login" in address else signed_in(editor())
    answer = desk.get(address.format(pk=pk), secure=True)
    assert answer.status_code == 200
    points = score(answer.headers, answer.cookies, answer.content.decode())
    record_property("points of the Observatory", points)
    assert points >= 125
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", [*READERS, *DESK[:1]])
def test_the_policy_allows_nothing_unsafe(client: Client, pk: int, address: str) -> None:
    answer = client.get(address.format(pk=pk))
    policy = directives(answer["Content-Security-Policy"])
    assert policy["default-src"] == {"'none'"}
    assert set().union(*policy.values()) == {"'none'", "'self'"}
    assert policy["frame-ancestors"] == policy["base-uri"] == {"'none'"}
    assert "upgrade-insecure-requests" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


@pytest.mark.parametrize("address", FILES)
def test_files_for_others_may_be_embedded_and_load_nothing(client: Client, pk: int, address: str) -> None:
    answer = client.get(address.format(pk=pk))
    assert answer.status_code == 200
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert directives(answer["Content-Security-Policy"])["default-src"] == {"'none'"}
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.urls("tests.test_headers")
def test_uploads_are_never_pages(client: Client) -> None:
    names = [
        default_storage.save("a.png", ContentFile(picture().read())),
        default_storage.save("b.html", ContentFile(b"<script>alert(1)</script>")),
        default_storage.save("c.svg", ContentFile(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")),
    ]
    for name in names:
        answer = client.get(f"/media/{name}")
        assert answer.status_code == 200
        assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_only_a_site_on_https_asks_for_https() -> None:
    assert page_policy(https=True).endswith("; upgrade-insecure-requests")
    assert "upgrade" not in page_policy()


def images_of(client: Client) -> set[str]:
    return directives(client.get("/")["Content-Security-Policy"])["img-src"]


@pytest.mark.parametrize(
    ("public", "origin"),
    [("https://media.example.com/files", "https://media.example.com"), ("https://cdn.example:8443", "https://cdn.example:8443")],
)  # fmt: skip
def test_pictures_may_come_from_where_uploads_are(
    client: Client, settings: LazySettings, public: str, origin: str
) -> None:
    stored = storage_from_url(f"s3://KEY:SECRET@s3.example.com/news?region=jp-east&public={public}")
    settings.STORAGES = {**settings.STORAGES, "default": stored}
    assert images_of(client) == {"'self'", origin}


def test_pictures_in_a_store_without_an_address_of_its_own(client: Client, settings: LazySettings) -> None:
    stored = storage_from_url("s3://KEY:SECRET@s3.example.com/news?region=jp-east")
    settings.STORAGES = {**settings.STORAGES, "default": stored}
    (origin,) = images_of(client) - {"'self'"}
    assert default_storage.url("a.png").startswith(f"{origin}/")


def test_an_answer_that_nothing_changed_changes_no_policy(client: Client, pk: int) -> None:
    page = client.get("/")
    again = client.get("/", headers={"If-None-Match": page["ETag"]})
    assert again.status_code == 304
    assert "Content-Security-Policy" not in again.headers


def test_what_a_view_has_set_stands(rf: Any, client: Client) -> None:
    from django.http import HttpResponse

    def view(request: Any) -> HttpResponse:
        return HttpResponse(headers={"Referrer-Policy": "no-referrer"})

    answer = HeadersMiddleware(view)(rf.get("/drafts/x/"))
    assert answer.headers["Referrer-Policy"] == "no-referrer"


INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/)|<style|\sstyle=\"|\son[a-z]+=\"|javascript:")


@pytest.mark.parametrize("template", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_has_a_script_or_style_in_the_page(template: Path) -> None:
    assert not INLINE.search(template.read_text(encoding="utf-8"))


def test_the_scorer_knows_worse() -> None:
    good = {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; frame-ancestors 'none'",
        "Strict-Transport-Security": "max-age=31536000",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert score(good) == 130
    assert (
        score({**good, "Content-Security-Policy": "default-src 'self' 'unsafe-inline'; frame-ancestors 'none'"}) == 80
    )
    assert score({**good, "Strict-Transport-Security": ""}) == 80
    assert score({}) == 100 - 25 - 20 - 5 - 20
    assert score(good, html="<script src='//cdn.example/x.js'></script>") == 125
