"""Middleware of the site."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


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
