"""Each request has a reference, and one line in the log.

The reference is what a proxy sent as X-Request-ID, if it is well formed, or is made here. Readers and editors find it
on the page of an error and in the header of its answer, and can tell it to whoever looks into the log.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from newsdesk.logs import reference
from newsdesk.redacting import shown_path

logger = logging.getLogger("newsdesk.request")

GetResponse = Callable[[HttpRequest], HttpResponseBase]

WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
ASKED_BY_MACHINES = ("/healthz", "/readyz", "/metrics")  # every few seconds, and of no interest where all is well


class RequestLog:
    """The outermost middleware: gives the request its reference, and writes the line when it is answered."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        told = request.headers.get("X-Request-ID", "")
        name = told if WELL_FORMED.fullmatch(told) else secrets.token_hex(6)
        token = reference.set(name)
        begun = time.perf_counter()
        try:
            response = self.get_response(request)
            # What caches keep would tell the same reference to everybody.
            if response.status_code >= 400 and "public" not in response.headers.get("Cache-Control", ""):
                response.headers["X-Request-ID"] = name
            # Whoever the page asked about; asking here would read the session of pages that have none.
            user = getattr(getattr(request, "_cached_user", None), "pk", None)
            write_line(request.method or "", request.path, response.status_code, time.perf_counter() - begun, user)
            return response
        finally:
            reference.reset(token)


def write_line(method: str, path: str, status: int, seconds: float, user: int | None = None) -> None:
    """Write the line of a request, also for what answers before Django does. `path` is decoded and without its query.

    A query stands in no line: it may hold what a reader looked for, or a token.
    """
    quiet = status < 400 and path in ASKED_BY_MACHINES
    level = logging.DEBUG if quiet else logging.WARNING if status >= 500 else logging.INFO
    shown = shown_path(path)
    fields = {"method": method, "path": shown, "status": status, "ms": round(seconds * 1000, 1)}
    if user is not None:
        fields["user"] = user
    logger.log(level, "%s %s %s", method, shown, status, extra={"fields": fields})
