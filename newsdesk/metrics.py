"""What is counted while the site runs, for Prometheus. `/metrics` shows it (`articles.monitoring`).

Nothing is counted unless METRICS_TOKEN is set. Processes of one server add up in the files of METRICS_DIR.
"""

import os
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

GetResponse = Callable[[HttpRequest], HttpResponseBase]

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds

_here = CollectorRegistry()
REQUESTS = Counter("newsdesk_requests", "Answered requests, by kind of page", ["page", "status"], registry=_here)
SECONDS = Histogram(
    "newsdesk_request_seconds", "Time to answer, by kind of page", ["page"], buckets=BUCKETS, registry=_here
)
DATABASE_ERRORS = Counter("newsdesk_database_errors", "Statements that failed", ["error"], registry=_here)
PAGES = Counter("newsdesk_pages", "Readers' pages, by whether they were stored or made anew", ["from"], registry=_here)


def page_was_stored() -> None:
    """Count a reader's page that was found ready-made. To be called by whatever keeps pages."""
    if settings.METRICS_TOKEN:
        PAGES.labels("stored").inc()


def page_was_made() -> None:
    """Count a reader's page that had to be made."""
    if settings.METRICS_TOKEN:
        PAGES.labels("made").inc()


def counted() -> bytes:
    """All that was counted, in the text format of Prometheus: by every process where they share a folder."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(_here)
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return generate_latest(together)


class Measured:
    """The middleware that counts requests and times them, by the name of their address; all of the desk is one."""

    def __init__(self, get_response: GetResponse) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response
        connection_created.connect(_watch, dispatch_uid="newsdesk.metrics")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        response = self.get_response(request)
        page = _kind(request)
        REQUESTS.labels(page, str(response.status_code)).inc()
        SECONDS.labels(page).observe(time.perf_counter() - begun)
        return response


def _kind(request: HttpRequest) -> str:
    found = request.resolver_match
    if not found:
        return "none"
    return "desk" if found.namespaces else found.url_name or "none"


def _watch(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if _count_errors not in connection.execute_wrappers:
        connection.execute_wrappers.append(_count_errors)


def _count_errors(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    try:
        return execute(sql, params, many, context)
    except DatabaseError as error:
        DATABASE_ERRORS.labels(type(error).__name__).inc()
        raise
