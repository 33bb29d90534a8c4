"""Pages for what went wrong: what happened, what to do now, and a reference to tell.

They need no database, no other template and no manifest of static files, because any of these may be what is broken.
Pages that are not found, or gone, are pages as any other (`articles.views`).
"""

import sys
from collections.abc import Iterable
from typing import NamedTuple

from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from newsdesk.database_away import is_away
from newsdesk.logs import reference

RETRY_AFTER = 10  # seconds after which a database that was busy is worth another try
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)

Text = str | Promise


class Told(NamedTuple):
    """What a page says: what happened, and what whoever sees it can do."""

    title: Text
    advice: Text


TOLD = {
    400: Told(
        _("The request could not be understood"),
        _("The address or the form did not arrive as it should. Please go back, load the page again and try."),
    ),
    403: Told(
        _("This is not open to you"),
        _("If you should be let in, ask whoever manages accounts in your newsroom, and tell them the reference below."),
    ),
    413: Told(
        _("That is more than can be taken at once"),
        _("Nothing was saved. Please go back; what you typed is still there. Send smaller files, or fewer of them."),
    ),
    429: Told(
        _("Too many requests came from you"),
        _("Please wait a little, then try again. Nothing else has to be done."),
    ),
    500: Told(
        _("Something went wrong on our side"),
        _("The page could not be made. Please try again in a few minutes; nothing you did caused this."),
    ),
    503: Told(
        _("We cannot answer just now"),
        _("The site is busy or being looked after. Please try again in a moment; nothing you did caused this."),
    ),
}
NOT_SENT_BY_US = Told(
    _("The form could not be taken"),
    _("The page was open for too long, or your browser sends no cookies. Please go back, load it again and send."),
)


def page(
    request: HttpRequest,
    status: int,
    *,
    told: Told | None = None,
    retry_after: int = 0,
    held: Iterable[tuple[str, str]] = (),
    files: Iterable[str] = (),
) -> HttpResponse:
    """The page for that status. `held` are fields that were sent, which it offers to send again; `files` are lost."""
    fields = list(held)
    context = {
        "status": status,
        "told": told or TOLD[status],
        "reference": reference.get(),
        "desk": request.path_info.startswith("/admin/"),
        "fields": fields,
        "files": list(files),
        "address": request.get_full_path(),
        "token": get_token(request) if fields else "",
    }
    response = HttpResponse(get_template("error.html").render(context), status=status)
    response.headers["Cache-Control"] = "no-store"
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 where there was too much of it."""
    return page(request, 413 if isinstance(exception, TOO_LARGE) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but not allowed to."""
    return page(request, 403)


def not_sent_by_us(request: HttpRequest) -> HttpResponse:
    """403: a form without the token that our pages have."""
    return page(request, 403, told=NOT_SENT_BY_US)


def broken(request: HttpRequest) -> HttpResponse:
    """500; or 503, where the database was away while something around the page asked for it."""
    if is_away(sys.exc_info()[1]):
        return page(request, 503, retry_after=RETRY_AFTER)
    return page(request, 500)
