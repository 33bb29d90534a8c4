"""Pages are finished when they change, by the background work, so that hardly a reader waits for one to be made.

Nothing depends on it: a page that is asked for sooner is made for whoever asks. What is made here is kept where the
processes of the site look for it (`newsdesk.page_store.shared`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from articles import changes
from articles.background import Enough, sweep
from articles.models.editions import Edition
from articles.months import Month
from newsdesk.page_store.asking import Environ
from newsdesk.page_store.shared import Alone
from newsdesk.page_store.store import PageStore, shared

LATEST = 300  # articles of which a process that was just started sees to the pages
SETTLED = timedelta(seconds=15)  # what went on show so shortly before may not have been seen the last time
OF_ARTICLE = ("article", "brief", "facts")


@dataclass(slots=True)
class Done:
    """What this process saw to last: the state of the site then, and when that was."""

    site: str = ""
    until: datetime | None = None


_done = Done()


@sweep(every=timedelta(seconds=5))
def finish(enough: Enough) -> None:
    """Have those pages made that show what changed since the last time, the newest first. One query where none did.

    A page that somebody had made meanwhile is looked at and left.
    """
    pages = _store()
    if pages is None:
        return
    now, site = timezone.now(), changes.state([changes.SITE])
    if site.text == _done.site:
        return
    for path in addresses(_done.until, now):
        if enough():
            return
        finished(pages, path)
    _done.site, _done.until = site.text, now


@cache
def _store() -> PageStore | None:
    """A store that keeps nothing in the memory of this process; None where nothing is kept or shared."""
    kept = shared()
    return None if not settings.PAGE_STORE_BYTES or isinstance(kept, Alone) else PageStore(WSGIHandler(), 0, kept)


def finished(pages: PageStore, path: str) -> None:
    """Have a page made as for any reader, unless there is one that is true."""
    body = pages(_environ(path), lambda status, headers, exc_info=None: None)
    for _part in body:
        pass
    getattr(body, "close", lambda: None)()


def _environ(path: str) -> Environ:
    site = urlsplit(settings.SITE_URL)
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path, "latin-1"),
        "QUERY_STRING": "",
        "SERVER_NAME": site.hostname or "",
        "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": site.netloc,
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": BytesIO(),
    }


# Which pages show what changed


def addresses(since: datetime | None, now: datetime) -> Iterator[str]:
    """The pages of the whole site; then those of the articles that went on show since then, or of the latest.

    Of other articles those are seen to whose story goes on, or whose question was asked again.
    """
    yield from of_the_site()
    live = Edition.objects.live(now).listed().prefetch_related("edition_tags__tag")
    if since is None:
        shown = live.newest_first()
    else:
        shown = live.filter(appeared_at__gt=since - SETTLED).order_by("-appeared_at")
    seen: set[str] = set()
    for edition in shown[:LATEST]:
        for path in of_edition(edition):
            if path not in seen:
                seen.add(path)
                yield path


def of_edition(edition: Edition) -> Iterator[str]:
    """The pages on which an edition shows that went on show."""
    for name in OF_ARTICLE:
        yield reverse(name, args=[edition.article_id])
    if edition.published_at:
        yield reverse("month", args=[Month.of(edition.published_at)])
    for row in edition.edition_tags.all():
        yield reverse("tag", args=[row.tag.slug])
    for subject in changes.touched([edition.article_id]):
        kind, _, key = subject.partition(" ")
        if kind in ("article", "story"):
            yield reverse(kind, args=[key])


@cache
def of_the_site() -> tuple[str, ...]:
    """Every page that is kept and has one address: the front page, lists, feeds, sitemaps."""
    found = []
    for pattern in _patterns(get_resolver()):
        if getattr(pattern.callback, "kept", None) and pattern.name:
            try:
                found.append(reverse(pattern.name))
            except NoReverseMatch:  # its address names something
                continue
    return tuple(dict.fromkeys(found))


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield entry
        else:
            yield from _patterns(entry)
