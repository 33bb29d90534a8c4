"""Middleware of the site."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from newsdesk.database_away import is_away

logger = logging.getLogger(__name__)


class DeskLocaleMiddleware(LocaleMiddleware):
    """Lets an editor choose the language of the desk; readers' pages are always in the site's own language.

    Reading the choice would make pages differ by cookie and header, and so spoil every cache in front of the site.
    The desk is in the site's language, too, until an editor chooses: what a browser prefers is no choice.
    """

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith("/admin/"):
            chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
            translation.activate(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = translation.get_language()
        else:
            translation.deactivate()  # a thread keeps the language of the editor it served last

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path_info.startswith("/admin/"):
            return super().process_response(request, response)
        return response


class DatabaseAwayMiddleware:
    """Answers 503 where a database that is busy or away kept a view from answering, and for no other error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """The page that says so, and holds what an editor sent; None for every other error."""
        if not is_away(exception):
            return None
        from articles.admin.resending import database_away  # its site is there once the apps are loaded

        logger.error("The database is busy or away", exc_info=exception)
        return database_away(request)
