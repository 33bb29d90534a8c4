"""Answers with finished pages, and has a page made once where there is none that is still true."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import lru_cache
from threading import Event, Lock
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils.http import parse_etags

from articles import changes
from articles.reading import fingerprint
from newsdesk import metrics
from newsdesk.front_cache import AGREED
from newsdesk.page_store import asking
from newsdesk.page_store.asking import Asked, Environ
from newsdesk.page_store.clock import Clock, Reading, Unknown, present
from newsdesk.page_store.memory import Kept, Memory
from newsdesk.page_store.pages import Headers, Page
from newsdesk.page_store.shared import Shared, shared_by

StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

OLD_FOR = 0.8  # seconds since it was last found true in which an old page may be sent while the new one is made
PATIENCE = 10.0  # seconds for which an asker waits for a page that another one has made
LARGEST = 4 * 1024 * 1024  # bytes of a page that is kept


@dataclass(frozen=True, slots=True)
class Answer:
    """What Django said, where that is not kept."""

    status: str
    headers: Headers
    body: bytes


class PageStore:
    """WSGI in front of Django. `answered` counts, by where the page was found, what was answered from here."""

    def __init__(self, application: Application, budget: int, shared: Shared) -> None:
        self.application = application
        self.memory = Memory(budget)
        self.shared = shared
        self.clock = Clock()
        self.answered: Counter[str] = Counter()
        self._flights: dict[str, Event] = {}
        self._lock = Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not asking.may_be_answered(environ):
            return self.application(environ, start_response)
        try:
            found = self._found(environ)
        except Unknown:
            found = None
        if found is None:
            return self.application(environ, start_response)
        how, page = found
        self.answered[how] += 1
        if how == "made":
            metrics.page_was_made()
        elif how != "passed":
            metrics.page_was_stored()
        more = [("X-Page", how)] if "HTTP_X_PAGE" in environ else []
        return _sent(page, environ, start_response, more)

    def _found(self, environ: Environ) -> "tuple[str, Page | Answer] | None":
        """The page that is asked for and where it was found, or what Django says instead. Raises Unknown."""
        # What a page cache in front is given it shows by itself for a while: that must be true now, not a moment ago.
        since = time.monotonic() if AGREED in environ else None
        now = None
        if not environ.get("QUERY_STRING"):  # most pages are known by their path alone
            kept = self.memory.get(environ.get("PATH_INFO", ""))
            now = self.clock.reading(since) if kept else None
            if kept and now and kept.site == now.state:
                kept.at = now.at
                return "memory", kept.page
        page = asking.asked(environ)
        if page is None:
            return None
        now = now or self.clock.reading(since)
        kept = self.memory.get(page.key)
        if kept and (kept.site == now.state or self._is_true(kept.page, now.state)):
            kept.site, kept.at = now.state, now.at
            return "memory", kept.page
        old = kept.page if kept and since is None and time.monotonic() - kept.at < OLD_FOR else None
        return self._shared_or_made(page, environ, now, old)

    def _is_true(self, page: Page, site: str) -> bool:
        """Whether nothing changed of what a page is made of. One query, but for pages that the whole site makes.

        Where the database stopped to answer just now, a page that was true a moment ago will do.
        """
        if page.subjects == (changes.SITE,):
            return page.state == site
        now = present(page.subjects)
        return now is None or now.text == page.state

    def _shared_or_made(
        self, page: Asked, environ: Environ, now: Reading, old: Page | None
    ) -> "tuple[str, Page | Answer] | None":
        """A page that another process made, or else made here, by one asker for all; to others, the old."""
        if found := self._from_shared(page.key, now):
            return "shared", found
        with self._lock:
            flight = self._flights.get(page.key)
            leads = flight is None
            if flight is None:
                flight = self._flights[page.key] = Event()
        if leads:
            try:
                return self._made_once(page, environ, old)
            finally:
                with self._lock:
                    del self._flights[page.key]
                flight.set()
        if old:
            return "old", old
        flight.wait(PATIENCE)
        again = self.memory.get(page.key)
        if again and (again.site == now.state or self._is_true(again.page, now.state)):
            return "waited", again.page
        return self._made(page, environ)

    def _made_once(self, page: Asked, environ: Environ, old: Page | None) -> "tuple[str, Page | Answer] | None":
        """Make it, unless another process is about to: then wait for that one."""
        if not self.shared.claim(page.key, PATIENCE):
            if old:
                return "old", old
            until = time.monotonic() + PATIENCE
            while time.monotonic() < until and not self.shared.claim(page.key, PATIENCE):
                time.sleep(0.02)
        try:
            if found := self._from_shared(page.key, self.clock.reading(time.monotonic())):
                return "shared", found  # it was just made
            return self._made(page, environ)
        finally:
            self.shared.release(page.key)

    def _from_shared(self, key: str, now: Reading) -> Page | None:
        found = self.shared.get(self._shared_key(key))
        if found is None or not self._is_true(found, now.state):
            return None
        self.memory.put(key, Kept(found, now.state, now.at))
        return found

    def _made(self, page: Asked, environ: Environ) -> "tuple[str, Page | Answer] | None":
        """Made by Django, and kept if others can use it.

        Its state is read before: what changes meanwhile counts. However long it takes, the page was true then, and may
        be so no longer.
        """
        now = self.clock.reading()
        try:
            subjects = tuple(page.keep.of(**page.arguments))
        except (DatabaseError, InterfaceError):
            return None
        state = present(subjects)
        if state is None:
            return None
        answer = _asked_of(self.application, asking.plain(environ, page))
        if not _may_be_kept(answer):
            return "passed", answer
        changed_at = state.changed_at.timestamp() if state.changed_at else 0.0
        made = Page.made(answer.status, answer.headers, answer.body, subjects, state.text, changed_at)
        self.memory.put(page.key, Kept(made, now.state, now.at))
        self.shared.put(self._shared_key(page.key), made)
        return "made", made

    def _shared_key(self, key: str) -> str:
        """Pages of other code, templates or settings have other names."""
        return f"{fingerprint()[:16]} {key}"


def in_front_of(application: Application) -> Application:
    """The application with a store before it as the settings say, or as it is where nothing is to be kept."""
    if not settings.PAGE_STORE_BYTES:
        return application
    return PageStore(application, settings.PAGE_STORE_BYTES, shared())


def shared() -> Shared:
    """What the site's processes share, as the settings say."""
    return shared_by(settings.CACHE_URL, settings.PAGE_STORE_FILE, settings.PAGE_STORE_FILE_BYTES)


def _asked_of(application: Application, environ: Environ) -> Answer:
    said: list[Any] = []
    body = application(environ, lambda status, headers, exc_info=None: said.extend((status, headers)))
    try:
        whole = b"".join(body)
    finally:
        close = getattr(body, "close", None)
        if close:
            close()
    return Answer(said[0], said[1], whole)


def _may_be_kept(answer: Answer) -> bool:
    """Whether it is the same for everybody: a page, or word that it is gone. Of what is nowhere there is no end."""
    named = {name.lower(): value for name, value in answer.headers}
    public = "public" in named.get("cache-control", "") and "set-cookie" not in named
    return public and answer.status[:3] in ("200", "410") and len(answer.body) <= LARGEST


# How it is sent


def _sent(page: "Page | Answer", environ: Environ, start_response: StartResponse, more: Headers) -> Iterable[bytes]:
    is_head = environ["REQUEST_METHOD"] == "HEAD"
    if isinstance(page, Answer):
        start_response(page.status, [*page.headers, *more])
        return () if is_head else (page.body,)
    accepted = asking.codings(environ.get("HTTP_ACCEPT_ENCODING", ""))
    coding = next((coding for coding in page.bodies if coding in accepted), "") if accepted else ""
    headers = page.headers_in(coding)
    if page.is_whole and _has_it(environ, page):
        start_response("304 Not Modified", [*(each for each in headers if not each[0].startswith("Content-")), *more])
        return ()
    start_response(page.status, [*headers, *more] if more else list(headers))
    return () if is_head else (page.bodies[coding],)


def _has_it(environ: Environ, page: Page) -> bool:
    """Whether the asker has this very page (RFC 9110 §13.2.2: a date counts only where no tag is given)."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return tags in (page.etag("gzip"), page.etag("")) or _names(tags, page.tag)
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    return bool(since and page.changed_at and _not_before(since, page.changed_at))


def _names(tags: str, tag: str) -> bool:
    given = parse_etags(tags[:4_000])
    return "*" in given or any(each.removeprefix("W/") == f'"{tag}"' for each in given)


@lru_cache(maxsize=512)
def _not_before(since: str, changed_at: float) -> bool:
    try:
        return parsedate_to_datetime(since).timestamp() >= int(changed_at)
    except (TypeError, ValueError, OverflowError):
        return False
