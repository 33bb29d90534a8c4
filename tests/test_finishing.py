"""Pages are finished when they change, so that readers find them made."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import publishing
from articles.background import Enough
from articles.models import Article
from newsdesk.page_store import PageStore, clock, finishing
from newsdesk.page_store.finishing import Done, finish, of_the_site
from newsdesk.page_store.shared import InFile
from tests.newsroom import changed, drafted, published
from tests.test_page_store import ask, one_connection  # noqa: F401  # a fixture

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)


def never() -> bool:
    return False


def at_once() -> bool:
    return True


@pytest.fixture
def reader(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[PageStore]:
    """A process that serves, beside the one of the test that does the background work."""
    settings.PAGE_STORE_FILE, settings.CACHE_URL = str(tmp_path / "pages.sqlite3"), "locmemcache://"
    monkeypatch.setattr(clock, "FRESH", 0.0)
    monkeypatch.setattr(finishing, "_done", Done())
    finishing._store.cache_clear()
    yield PageStore(WSGIHandler(), 0, InFile(tmp_path / "pages.sqlite3", 100_000_000))
    finishing._store.cache_clear()


def made(reader: PageStore, *paths: str) -> list[str]:
    return [path for path in paths if ask(reader, path).how != "shared"]


def ways(article: Article) -> list[str]:
    return [f"/articles/{article.pk}/{way}" for way in ("", "brief/", "facts/")]


def test_readers_find_made_what_went_on_show(reader: PageStore) -> None:
    article = published("仕上げた題", tags=("港",)).article
    finish(never)
    tag = article.editions.get().edition_tags.get().tag
    lists = [path for path in of_the_site() if not path.endswith((".ico", ".png"))]  # those lead to files
    assert not made(reader, *ways(article), *lists, f"/tags/{tag.slug}/")
    publishing.publish(changed(article, "改めた題"), by=None)
    finish(never)
    assert not made(reader, *ways(article), "/", "/feeds/rss.xml", f"/tags/{tag.slug}/")
    assert "改めた題" in ask(reader, "/").text


def test_what_has_one_address_is_seen_to(reader: PageStore) -> None:
    assert {"/", "/tags/", "/archive/", "/feeds/rss.xml", "/feeds/brief/rss.xml", "/sitemap.xml"} <= set(of_the_site())
    assert not {"/search/", "/healthz", "/metrics", "/admin/"} & set(of_the_site())


def test_where_nothing_changed_one_query_is_all(reader: PageStore) -> None:
    published()
    finish(never)
    with CaptureQueriesContext(connection) as queries:
        finish(never)
    assert len(queries) == 1


def test_a_schedule_that_passed_and_its_story_are_seen_to(reader: PageStore) -> None:
    with time_machine.travel(NOON, tick=False) as clock_of_the_test:
        first = published("前編").article
        latter = drafted("後編")
        Article.objects.filter(pk=latter.pk).update(follows=first)
        latter.refresh_from_db()
        edition = publishing.save(latter, by=None)
        publishing.publish(edition, by=None, at=NOON + timedelta(hours=1))
        finish(never)
        assert "後編" not in ask(reader, "/").text
        clock_of_the_test.move_to(NOON + timedelta(hours=1, seconds=1))
        finish(never)
        assert not made(reader, *ways(latter), f"/articles/{first.pk}/", f"/stories/{first.pk}/", "/")
        assert "後編" in ask(reader, f"/articles/{first.pk}/").text


def test_a_withdrawn_article_does_not_come_back(reader: PageStore) -> None:
    article = published("取り下げる題").article
    finish(never)
    publishing.withdraw(article, by=None)
    assert ask(reader, f"/articles/{article.pk}/").status == 410
    finish(never)
    assert "取り下げる題" not in ask(reader, "/").text


def test_drafts_are_not_seen_to(reader: PageStore) -> None:
    published("公開した題")
    draft = drafted("下書きの題")
    finish(never)
    kept = reader.shared._file.execute("SELECT key, data FROM page").fetchall()  # type: ignore[attr-defined]
    assert any("公開した題".encode() in data.replace(b"<wbr>", b"") for _key, data in kept)
    assert not any("下書きの題".encode() in data.replace(b"<wbr>", b"") for _key, data in kept)
    assert not any(f"/articles/{draft.pk}/" in key for key, _data in kept)


def test_it_ends_when_told_to_and_goes_on_the_next_time(reader: PageStore) -> None:
    article = published().article
    told: list[int] = []

    def after_three() -> bool:
        told.append(1)
        return len(told) > 3

    stop: Enough = after_three
    finish(stop)
    assert len(reader.shared._file.execute("SELECT 1 FROM page").fetchall()) == 3  # type: ignore[attr-defined]
    finish(at_once)
    finish(never)
    assert not made(reader, *ways(article))


@pytest.mark.parametrize(("name", "nothing"), [("PAGE_STORE_FILE", ""), ("PAGE_STORE_BYTES", 0)])
def test_a_site_that_keeps_no_pages_has_none_made(reader: PageStore, settings: Any, name: str, nothing: object) -> None:
    published()
    setattr(settings, name, nothing)
    finish(never)
    assert finishing._done == Done()


def test_they_are_made_at_the_address_of_the_site(reader: PageStore, settings: Any) -> None:
    """Behind https, on a port, with a letter that addresses write in percent."""
    settings.SITE_URL, settings.SECURE_SSL_REDIRECT = "https://news.example:8443", True
    slug = published(tags=("港",)).edition_tags.get().tag.slug
    finish(never)
    as_asked = {"wsgi.url_scheme": "https", "HTTP_HOST": "news.example:8443"}
    assert [ask(reader, path, **as_asked).how for path in ("/", f"/tags/{slug}/")] == ["shared", "shared"]
