"""An editor's own account: password, second factor, and where they are signed in."""

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import second_factor, security_events, sessions, totp
from articles.admin.reviews import signed_in
from articles.admin.signing_in import CodeForm, locked, page, take_code
from articles.client_address import network
from articles.throttling import Guess, Locked

SECRET = "secret_to_confirm"  # noqa: S105  # in the session: what the QR code shows until a code confirms it


class ProofForm(forms.Form):
    """That it is the owner who asks: the password, or a code."""

    proof = forms.CharField(
        label=gettext_lazy("Password or code"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def account(request: HttpRequest) -> HttpResponse:
    """The account at a glance. A POST ends one session, or all others."""
    user = signed_in(request)
    here = request.session.session_key
    if request.method == "POST":
        handle = request.POST.get("session", "")
        ended = sessions.end(user, handle) if handle else sessions.end_all(user, but=here)
        _tell_ended(request, user, ended)
        return HttpResponseRedirect(reverse("admin:account"))
    return page(
        request,
        "account",
        _("Your account"),
        sessions=sessions.of(user, here),
        has_factor=second_factor.is_on(user),
        codes_left=second_factor.codes_left(user),
        required=settings.SECOND_FACTOR == "required",
    )


def factor(request: HttpRequest) -> HttpResponse:
    """Turn the second factor on or, where it is on, off; or make new recovery codes."""
    user = signed_in(request)
    return _manage(request, user) if second_factor.is_on(user) else _enrol(request, user)


def password_changed(request: HttpRequest) -> None:
    """What follows a change of one's own password: it is recorded, and all other sessions end."""
    user = signed_in(request)
    security_events.record("password_changed", request, by=user)
    sessions.end_all(user, but=request.session.session_key)


def _enrol(request: HttpRequest, user: User) -> HttpResponse:
    secret = request.session.setdefault(SECRET, totp.new_secret())
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = second_factor.turn_on(user, secret, form.cleaned_data["code"])
        except second_factor.WrongCode:
            form.add_error("code", _("This is not the code that the app should show now. Is the phone’s clock right?"))
        else:
            del request.session[SECRET]
            security_events.record("factor_on", request, by=user)
            sessions.end_all(user, but=request.session.session_key)
            return _show_codes(request, codes)
    spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    required = settings.SECOND_FACTOR == "required"
    return page(
        request,
        "enrol",
        _("Turn on the second factor"),
        form=form,
        qr=_qr(user, secret),
        secret=spaced,
        required=required,
    )


def _manage(request: HttpRequest, user: User) -> HttpResponse:
    form = ProofForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            proven = _is_owner(request, user, form.cleaned_data["proof"])
        except Locked as error:
            return locked(request, error)
        if proven and "off" in request.POST:
            return _turn_off(request, user)
        if proven:
            security_events.record("recovery_codes_made", request, by=user)
            sessions.end_all(user, but=request.session.session_key)
            return _show_codes(request, second_factor.new_codes(user))
        form.add_error("proof", _("This is neither your password nor a valid code."))
    left = second_factor.codes_left(user)
    return page(request, "factor", _("Second factor"), form=form, codes_left=left)


def _turn_off(request: HttpRequest, user: User) -> HttpResponse:
    second_factor.turn_off(user)
    security_events.record("factor_off", request, by=user)
    sessions.end_all(user, but=request.session.session_key)
    messages.success(request, _("The second factor is off."))
    return HttpResponseRedirect(reverse("admin:account"))


def _is_owner(request: HttpRequest, user: User, proof: str) -> bool:
    """Whether that is the password or a code. Raises Locked."""
    guess = Guess(("proof", str(user.pk), network(request)))
    guess.count()
    if not user.check_password(proof):
        try:
            take_code(request, user, proof)
        except second_factor.WrongCode:
            return False
    guess.forgive()
    return True


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return page(request, "recovery_codes", _("Your recovery codes"), codes=codes)


def _qr(user: User, secret: str) -> SafeString:
    """A drawing without styles and scripts, which a strict content policy lets pass."""
    address = totp.address(secret, user.get_username(), settings.SITE_NAME)
    drawing = segno.make(address, error="m", micro=False).svg_inline(scale=5, border=4, dark="#000", light="#fff")
    return mark_safe(drawing)  # noqa: S308  # made by segno from nothing but modules


def _tell_ended(request: HttpRequest, user: User, ended: int) -> None:
    if ended:
        security_events.record("session_ended", request, by=user, count=ended)
    told = ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", ended)
    messages.success(request, told % {"count": ended})
