"""Setting a password by a link: printed by a command, or sent by mail where mails are sent."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from articles import notices, security_events, sessions
from articles.admin.signing_in import locked
from articles.client_address import network
from articles.text import fold, line
from articles.throttling import Guess, Locked


def link(user: User) -> str:
    """An address at which the person sets a password, once; it ends after PASSWORD_RESET_TIMEOUT."""
    number = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return f"{settings.SITE_URL}{reverse('admin:password_set', args=[number, token])}"


class ForgottenForm(PasswordResetForm):
    """Whose password was forgotten. The mail goes by the background, so the answer takes as long for any address."""

    def get_users(self, email: str) -> Any:
        return (user for user in super().get_users(email) if user.is_staff)

    def save(self, *_args: Any, **_options: Any) -> None:
        """Send a link to everybody at the desk who has that mail address."""
        for user in self.get_users(self.cleaned_data["email"]):
            text = render_to_string("admin/account/forgotten.txt", {"link": link(user), "name": user.get_username()})
            subject = _("Set a new password: %(site)s") % {"site": settings.SITE_NAME}
            notices.deliver.enqueue(line(subject), text.strip(), user.email)


class OurPage:
    """A page of Django's, in the desk's look."""

    request: HttpRequest

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return {**admin.site.each_context(self.request), **super().get_context_data(**context)}  # type: ignore[misc]


class Forgotten(OurPage, views.PasswordResetView):
    """Asks for a mail with a link."""

    form_class = ForgottenForm
    template_name = "registration/password_reset_form.html"
    success_url = reverse_lazy("admin:password_sent")

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.NOTICES:
            raise Http404
        return super().dispatch(*args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            Guess(("forgotten", network(request))).count()
            Guess(("forgotten", fold(str(request.POST.get("email", ""))))).count()
        except Locked as error:
            return locked(request, error)
        return super().post(request, *args, **kwargs)


class Sent(OurPage, views.PasswordResetDoneView):
    """Says that a mail is on its way, if there is such an account."""

    template_name = "registration/password_reset_done.html"


class Set(OurPage, views.PasswordResetConfirmView):
    """Sets the password; all sessions end."""

    template_name = "registration/password_reset_confirm.html"
    success_url = reverse_lazy("admin:password_was_set")

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        security_events.record("password_reset", self.request, person=form.user.get_username())
        sessions.end_all(form.user)
        return answer


class WasSet(OurPage, views.PasswordResetCompleteView):
    """Says that the password is set."""

    template_name = "registration/password_reset_complete.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return {**super().get_context_data(**context), "login_url": reverse("admin:login")}


def addresses() -> list[URLPattern]:
    """Below the desk, open to strangers: who has no password cannot sign in."""
    return [
        path("password/forgotten/", Forgotten.as_view(), name="password_forgotten"),
        path("password/sent/", Sent.as_view(), name="password_sent"),
        path("password/set/<uidb64>/<token>/", Set.as_view(), name="password_set"),
        path("password/was-set/", WasSet.as_view(), name="password_was_set"),
    ]
