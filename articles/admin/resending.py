"""Sending a form again: what was typed outlives a session that ended and a token that is out of date.

Where scripts run, the article's page signs in again by itself (`signing.js`). Everywhere else at the desk, and without
scripts, the form that could not be taken is shown as a button that sends it once more. So is one that the database
could not take (`newsdesk.error_pages` shows that, which needs no database).
"""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.admin import site
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers

from newsdesk import error_pages

TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # the name of Django's field
SECRETS = {"proof", "code"}  # fields, besides those of passwords


def session_ended(request: HttpRequest) -> bool:
    """Whether somebody sends a form who is signed in no more. Scripts are answered as Django does: they sign in."""
    return request.method == "POST" and not request.user.is_authenticated and _may_be_held(request)


def page(request: HttpRequest) -> HttpResponseBase:
    """The form that was sent, to be sent again, with the token that is valid now (403)."""
    context = {
        **site.each_context(request),
        "fields": list(_fields(request)),
        "files": list(_files(request)),
        "address": request.get_full_path(),
        "signed_in": request.user.is_authenticated,
    }
    response = TemplateResponse(request, "admin/resend.html", context, status=403)
    add_never_cache_headers(response)
    return response.render()


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """A page with an old token can be sent again; what another site sent, or what holds a password, cannot."""
    origins = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    ours = request.headers.get("Origin") in origins
    if ours and request.path_info.startswith("/admin/") and _may_be_held(request):
        return page(request)
    return error_pages.not_sent_by_us(request)


def database_away(request: HttpRequest) -> HttpResponseBase:
    """The database is busy or away (503). A form of the desk is held; whoever sends it again has to be signed in.

    To be called for a request that has passed the check of its token, and for no other.
    """
    desk = request.method == "POST" and request.path_info.startswith("/admin/") and _may_be_held(request)
    held = _fields(request) if desk else ()
    files = _files(request) if desk else ()
    return error_pages.page(request, 503, retry_after=error_pages.RETRY_AFTER, held=held, files=files)


def _files(request: HttpRequest) -> Iterator[str]:
    yield from (str(upload.name) for _, uploads in request.FILES.lists() for upload in uploads)


def _fields(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        if name != TOKEN:
            yield from ((name, str(value)) for value in values)


def _may_be_held(request: HttpRequest) -> bool:
    """Not what a script sent, which has the text itself; nothing with a password; and not nothing."""
    by_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    names = request.POST.keys() - {TOKEN}
    return bool(names) and not by_script and not any("password" in name or name in SECRETS for name in names)
