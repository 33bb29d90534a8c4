"""Readers' pages from a copy of the database that follows it, and only while the copy has all that they may show.

How far a copy is behind cannot be told from its clock. But every change that readers can see adds a random token to
the state of the site, in its own transaction (`articles.changes`): a copy with the state of the database itself has
all that was changed before. So a copy that lags is never read, however little it lags, and costs two short queries.
"""

import logging
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

from django.db import DatabaseError, InterfaceError, connection, connections
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from articles import changes
from newsdesk.database_away import is_away

logger = logging.getLogger(__name__)

REPLICA = "replica"
LEFT_ALONE_FOR = 5.0  # seconds after a failure

_is_read: ContextVar[bool] = ContextVar("replica_is_read", default=False)


class ReplicaRouter:
    """Sends the queries of readers' pages to the copy, and all others, whatever is written included, nowhere else."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return REPLICA if _is_read.get() and not connection.in_atomic_block else None

    def allow_relation(self, first: Model, second: Model, **hints: Any) -> bool:
        return True  # rows of the one are rows of the other

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == REPLICA else None


class ReadersFromReplica:
    """Middleware that looks, before each reader's page is made, whether the copy may be read for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.left_alone_until = 0.0  # time.monotonic

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        before = _is_read.set(False)
        try:
            return self.get_response(request)
        finally:
            _is_read.reset(before)

    def process_view(self, request: HttpRequest, view: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> None:
        """Readers' views alone: the desk, and drafts that are shown by link, read what was written just now."""
        if getattr(view, "audience", "") == "readers" and time.monotonic() >= self.left_alone_until:
            state = changes.state([changes.SITE])
            # What the page is named by: never a newer state than the copy had, or an old page would pass for a new one.
            request.site_state = state  # type: ignore[attr-defined]
            _is_read.set(self._has(state))

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A copy that goes away while a page is made costs that one page."""
        if _is_read.get() and is_away(exception):
            self._leave(exception)

    def _has(self, state: changes.State) -> bool:
        try:
            return changes.state([changes.SITE], REPLICA).text == state.text
        except (DatabaseError, InterfaceError) as error:
            self._leave(error)
            return False

    def _leave(self, error: BaseException) -> None:
        self.left_alone_until = time.monotonic() + LEFT_ALONE_FOR
        connections[REPLICA].close()
        logger.warning("The replica does not answer, and is left alone for a while: %s", type(error).__name__)
