"""Signing in at the desk: the password and, for who has one, the second factor. Guesses of both are counted."""

import time
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME, login
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import second_factor, security_events
from articles.client_address import network
from articles.text import fold
from articles.throttling import MOST_FROM_ANYWHERE, Guess, Locked

HALFWAY = "halfway"  # in the session: who gave the password and still has to give a code
PATIENCE = 10 * 60  # seconds to do so


class CodeForm(forms.Form):
    """A code of the authenticator, or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "spellcheck": "false"}
        ),
    )


class PasswordStep(LoginView):
    """Name and password. A wrong name and a wrong password are answered alike."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self._guess().count()
        except Locked as error:
            return locked(request, error)
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        security_events.record("sign_in_failed", self.request, person=self._name())
        if self._guess().is_locked():
            security_events.record("locked", self.request, person=self._name())
        return super().form_invalid(form)

    def form_valid(self, form: Any) -> HttpResponse:
        """In, or on to the code."""
        self._guess().forgive()
        user: User = form.get_user()
        if not second_factor.is_on(user):
            answer = super().form_valid(form)
            security_events.record("signed_in", self.request, by=user)
            return answer
        self.request.session.flush()
        self.request.session[HALFWAY] = {
            "user": user.pk,
            "password": user.get_session_auth_hash(),
            "at": time.time(),
            "next": self.get_success_url(),
        }
        return HttpResponseRedirect(reverse("admin:second_step"))

    def _name(self) -> str:
        return str(self.request.POST.get("username", ""))

    def _guess(self) -> Guess:
        return Guess(("password", fold(self._name()), network(self.request)))


def password_step(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """The first page of signing in."""
    context = {
        **admin.site.each_context(request),
        "title": _("Log in"),
        "subtitle": None,
        "app_path": request.get_full_path(),
        "by_mail": settings.NOTICES,
        **(extra_context or {}),
    }
    if REDIRECT_FIELD_NAME not in request.GET and REDIRECT_FIELD_NAME not in request.POST:
        context[REDIRECT_FIELD_NAME] = reverse("admin:index")
    view = PasswordStep.as_view(
        extra_context=context,
        authentication_form=AdminAuthenticationForm,
        template_name="admin/login.html",
        next_page="admin:index",
    )
    return view(request)  # type: ignore[return-value]  # of the stubs: it is a response


def second_step(request: HttpRequest) -> HttpResponse:
    """The second page of signing in, for who has given the password."""
    user = _halfway(request)
    if user is None:
        return HttpResponseRedirect(reverse("admin:login"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            used = take_code(request, user, form.cleaned_data["code"])
        except Locked as error:
            return locked(request, error)
        except second_factor.WrongCode:
            form.add_error("code", _("This code is not valid, or was used already. Wait for the next one."))
        else:
            return _in(request, user, used)
    return page(request, "second_step", _("Enter the code"), form=form)


def take_code(request: HttpRequest, user: User, typed: str) -> str:
    """Use up a code of the person's and record it. Returns the kind it was. Raises WrongCode, Locked."""
    near = Guess(("code", str(user.pk), network(request)))
    anywhere = Guess(("code", str(user.pk)), most=MOST_FROM_ANYWHERE)
    near.count()
    anywhere.count()
    try:
        used = second_factor.take(user, typed)
    except second_factor.WrongCode:
        name = user.get_username()
        security_events.record("code_failed", request, person=name)
        if near.is_locked() or anywhere.is_locked():
            security_events.record("locked", request, person=name)
        raise
    near.forgive()
    anywhere.forgive()
    if used == "recovery":
        security_events.record("recovery_code_used", request, by=user, left=second_factor.codes_left(user))
    return used


def locked(request: HttpRequest, error: Locked) -> HttpResponse:
    """The page that says when to try again (429)."""
    response = page(request, "locked", _("Too many tries"), status=429, minutes=-(-error.seconds // 60))
    response["Retry-After"] = str(error.seconds)
    return response


def page(request: HttpRequest, name: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
    """A page about an account, which no cache keeps."""
    everywhere = {**admin.site.each_context(request), "title": title, "subtitle": None}
    response = TemplateResponse(request, f"admin/account/{name}.html", {**everywhere, **context}, status=status)
    add_never_cache_headers(response)
    return response


def _halfway(request: HttpRequest) -> User | None:
    """Who gave the right password in this session a short while ago, if that is still the password."""
    known = request.session.get(HALFWAY) or {}
    if time.time() - known.get("at", 0) > PATIENCE:
        return None
    user = User.objects.filter(pk=known["user"], is_active=True, is_staff=True).first()
    return user if user and user.get_session_auth_hash() == known["password"] else None


def _in(request: HttpRequest, user: User, used: str) -> HttpResponse:
    address = request.session.pop(HALFWAY)["next"]
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    security_events.record("signed_in", request, by=user, **{"with": used})
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(address if safe else reverse("admin:index"))
