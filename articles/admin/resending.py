"""Sending a form again: what was typed outlives a session that ended and a token that is out of date.

Where scripts run, the article's page signs in again by itself (`signing.js`). Everywhere else at the desk, and without
scripts, the form that could not be taken is shown as a button that sends it once more.
"""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.admin import site
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.views import csrf

TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # the name of Django's field


def session_ended(request: HttpRequest) -> bool:
    """Whether somebody sends a form who is signed in no more. Scripts are answered as Django does: they sign in."""
    return request.method == "POST" and not request.user.is_authenticated and _may_be_held(request)


def page(request: HttpRequest) -> HttpResponseBase:
    """The form that was sent, to be sent again, with the token that is valid now (403)."""
    context = {
        **site.each_context(request),
        "fields": list(_fields(request)),
        "files": [upload.name for _, uploads in request.FILES.lists() for upload in uploads],
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
    return csrf.csrf_failure(request, reason)


def _fields(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        if name != TOKEN:
            yield from ((name, str(value)) for value in values)


def _may_be_held(request: HttpRequest) -> bool:
    """Not what a script sent, which has the text itself; nothing with a password; and not nothing."""
    by_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    names = request.POST.keys() - {TOKEN}
    return bool(names) and not by_script and not any("password" in name for name in names)
