"""Measure the readers' pages beside a bare view that returns the same bytes, in one run (docs/performance.md).

    python manage.py bench --articles 1000 20000

It works on databases of its own, beside none of the site's, which it fills with invented articles and keeps for the
next time. Requests go through the whole WSGI handler with all middleware, in this process; times are CPU times.
"""

import gc
import json
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import django
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.handlers.wsgi import WSGIHandler
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import RequestFactory, override_settings
from django.urls import clear_url_caches, path, reverse

from articles import reading
from articles.archiving import Entry, archive
from articles.document import from_json
from articles.models.editions import Edition, EditionTag
from articles.samples.synthetic import documents
from newsdesk.urls import urlpatterns as site_urlpatterns

BATCH = 200  # articles a transaction while the database is filled
DIFFERENT_ARTICLES = 40  # as many article pages are asked for in turn
COLD = 5  # cold requests; the middle one counts

bodies: dict[str, tuple[bytes, str]] = {}  # what the bare view returns, with its type


def bare(request: HttpRequest, page: str) -> HttpResponse:
    """A view that does nothing: the same bytes, the same middleware."""
    body, content_type = bodies[page]
    return HttpResponse(body, content_type=content_type)


urlpatterns = [*site_urlpatterns, path("bare/<path:page>", bare)]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the handler returned."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Figures:
    """What one page costs with so many articles: CPU times in milliseconds, medians of the rounds."""

    page: str
    articles: int
    bytes: int
    queries: int
    cold: float
    warm: float
    bare: float
    unchanged: float  # answered 304 to a reader who has it already

    @property
    def ratio(self) -> float:
        """How many times the bare view's time a warm page takes."""
        return self.warm / self.bare


class Command(BaseCommand):
    help = "Measure the readers' pages beside a bare view that returns the same bytes."

    def add_arguments(self, parser: CommandParser) -> None:
        var = Path(settings.BASE_DIR, "var")
        parser.add_argument("--articles", type=int, nargs="+", default=[1000, 20000], help="sizes of the site")
        parser.add_argument("--rounds", type=int, default=9, help="rounds, page and bare view in turn")
        parser.add_argument("--requests", type=int, default=40, help="requests of each a round")
        parser.add_argument("--folder", type=Path, default=var / "bench", help="where the databases are kept (SQLite)")
        parser.add_argument("--json", type=Path, default=var / "bench.json", help="where the figures are written")

    def handle(self, *, articles: list[int], rounds: int, requests: int, folder: Path, **options: Any) -> None:
        figures: list[Figures] = []
        with measuring():
            for size in sorted(articles):
                self.stderr.write(f"{size:,} articles …")
                use_database(f"bench_{size}", folder)
                fill(size)
                figures += measure(size, rounds, requests)
        self.stdout.write(table(figures))
        options["json"].parent.mkdir(parents=True, exist_ok=True)
        options["json"].write_text(json.dumps(report(figures), indent=2) + "\n")


# Databases


@contextmanager
def measuring() -> Iterator[None]:
    """The site's own settings, but for static files, which need not be collected, and the bare view's address."""
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": f"{_STATIC}.StaticFilesStorage"}}
    with override_settings(STORAGES=storages, STATIC_ROOT=settings.STATICFILES_DIRS[0], ROOT_URLCONF=__name__):
        yield


_STATIC = "django.contrib.staticfiles.storage"


def use_database(name: str, folder: Path) -> None:
    """Go over to a database of that name, on the same server, or in the folder if it is SQLite; migrate it."""
    folder.mkdir(parents=True, exist_ok=True)
    connection.close()
    connection.settings_dict["TEST"]["NAME"] = (
        str(folder / f"{name}.sqlite3") if connection.vendor == "sqlite" else f"newsdesk_{name}"
    )
    connection.creation.create_test_db(verbosity=0, serialize=False, keepdb=True)
    ContentType.objects.clear_cache()


def fill(size: int) -> None:
    """Add published articles until there are so many. Raises CommandError where there are more."""
    there = Edition.objects.count()
    if there > size:
        raise CommandError(f"The database holds {there:,} articles already; remove it, or name another --folder.")
    forms = documents(size - there, start=there)
    while batch := [_entry(form) for _, form in zip(range(BATCH), forms, strict=False)]:
        archive(batch, publish=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _entry(form: dict[str, Any]) -> Entry:
    return Entry(from_json(form), datetime.fromisoformat(form["published_at"]))


# Requests


class Site:
    """Asks the site's WSGI handler for pages."""

    def __init__(self) -> None:
        self.handler = WSGIHandler()
        site = urlsplit(settings.SITE_URL)
        self.environ = RequestFactory(SERVER_NAME=site.hostname, HTTP_X_FORWARDED_PROTO=site.scheme).get("/").environ

    def get(self, address: str, **headers: str) -> Answer:
        """The answer to one GET."""
        found: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[..., Any]:
            found.update(status=int(status[:3]), headers=dict(headers))
            return lambda data: None

        environ = {**self.environ, "PATH_INFO": address, "wsgi.input": BytesIO(), **headers}
        response = self.handler(environ, start_response)
        body = b"".join(response)
        response.close()
        return Answer(body=body, **found)

    def page(self, address: str) -> Answer:
        """The same, of a page that has to be there. Raises CommandError where it is not."""
        answer = self.get(address)
        if answer.status != 200:
            raise CommandError(f"{address} answers {answer.status}.")
        return answer


def pages() -> dict[str, list[str]]:
    """Addresses of each kind of page; of the tags, that of most articles."""
    ids = list(Edition.objects.live().order_by("pk").values_list("article_id", flat=True))
    tag = EditionTag.objects.values("tag__slug").annotate(count=Count("pk")).order_by("-count", "tag__slug")[0]
    return {
        "article": [reverse("article", args=[pk]) for pk in ids[:: max(1, len(ids) // DIFFERENT_ARTICLES)]],
        "front page": [reverse("home")],
        "tag page": [_unquoted(reverse("tag", args=[tag["tag__slug"]]))],
        "RSS": ["/feeds/rss.xml"],
    }


def _unquoted(address: str) -> str:
    """As PATH_INFO has it (PEP 3333): percent signs read, each byte one character."""
    return unquote_to_bytes(address).decode("latin-1")


# Measuring


def measure(size: int, rounds: int, requests: int) -> list[Figures]:
    """The figures of every page."""
    site = Site()
    return [_figures(site, page, addresses, size, rounds, requests) for page, addresses in pages().items()]


def _figures(site: Site, page: str, addresses: list[str], size: int, rounds: int, requests: int) -> Figures:
    answer = site.page(addresses[0])
    bodies[page] = answer.body, answer.headers["Content-Type"]
    if site.page(f"/bare/{page}").body != answer.body:
        raise CommandError(f"The bare view does not return what {addresses[0]} does.")
    known = {address: site.page(address).headers["ETag"] for address in addresses}
    kinds: list[Callable[[int], object]] = [
        lambda turn: site.get(addresses[turn % len(addresses)]),
        lambda turn: site.get(f"/bare/{page}"),
        lambda turn: _unchanged(site, addresses[turn % len(addresses)], known),
    ]
    warm, bare_view, unchanged = (median(times) for times in _rounds(kinds, rounds, requests))
    return Figures(
        page, size, len(answer.body), _queries(site, addresses[0]), _cold(site, addresses), warm, bare_view, unchanged
    )


def _unchanged(site: Site, address: str, known: dict[str, str]) -> None:
    answer = site.get(address, HTTP_IF_NONE_MATCH=known[address])
    if answer.status != 304:
        raise CommandError(f"{address} answers {answer.status} to a reader who has it already.")


def _rounds(kinds: list[Callable[[int], object]], rounds: int, requests: int) -> list[list[float]]:
    """The times of each kind of request, one a round; the kinds take turns, so that a busy machine slows them all."""
    times: list[list[float]] = [[] for _ in kinds]
    for turn in range(rounds + 1):
        for kind, found in zip(kinds, times, strict=True):
            spent = _milliseconds(kind, range(turn * requests, (turn + 1) * requests))
            if turn:  # the first round only warms up
                found.append(spent)
    return times


def _milliseconds(request: Callable[[int], object], turns: range) -> float:
    gc.collect()
    start = time.process_time()
    for turn in turns:
        request(turn)
    return (time.process_time() - start) * 1000 / len(turns)


def _cold(site: Site, addresses: list[str]) -> float:
    times = []
    for turn in range(COLD):
        forget()
        times.append(_milliseconds(lambda turn: site.get(addresses[turn % len(addresses)]), range(turn, turn + 1)))
    return median(times)


def forget() -> None:
    """Make the process as if it had answered nothing yet: no template, address, hash or connection is ready."""
    for engine in engines.all():
        for loader in engine.engine.template_loaders:  # type: ignore[attr-defined]
            loader.reset()
    clear_url_caches()
    reading._fingerprint.cache_clear()
    connection.close()


def _queries(site: Site, address: str) -> int:
    count = [0]
    with connection.execute_wrapper(partial(_counted, count)):
        site.get(address)
    return count[0]


def _counted(count: list[int], execute: Callable[..., Any], *args: Any) -> Any:
    count[0] += 1
    return execute(*args)


# Reporting


def table(figures: list[Figures]) -> str:
    """The figures for a person to read."""
    heads = f"{'page':<11} {'articles':>8} {'bytes':>8} {'SQL':>4} {'cold ms':>8} {'warm ms':>8} {'bare ms':>8}"
    lines = [f"{heads} {'x bare':>7} {'304 ms':>7}"]
    for f in figures:
        lines.append(
            f"{f.page:<11} {f.articles:>8,} {f.bytes:>8,} {f.queries:>4} {f.cold:>8.2f} {f.warm:>8.2f} {f.bare:>8.2f} "
            f"{f.ratio:>7.1f} {f.unchanged:>7.2f}"
        )
    return "\n".join([*lines, *(f"{page}: x{grown:.2f} the cost" for page, grown in growth(figures).items())])


def growth(figures: list[Figures]) -> dict[str, float]:
    """How many times as much each page costs with the most articles as with the fewest.

    Compared are the ratios to the bare views, which slow down with the machine as the pages do.
    """
    by_page: dict[str, list[Figures]] = {}
    for figure in figures:
        by_page.setdefault(figure.page, []).append(figure)
    return {page: found[-1].ratio / found[0].ratio for page, found in by_page.items() if len(found) > 1}


def report(figures: list[Figures]) -> dict[str, Any]:
    """The figures for a program to read: CPU times in milliseconds, ratios without unit."""
    return {
        "python": platform.python_version(),
        "django": django.get_version(),
        "database": connection.vendor,
        "pages": [{**asdict(figure), "ratio": figure.ratio} for figure in figures],
        "growth": growth(figures),
    }
