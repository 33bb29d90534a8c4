"""The admin site of the newsroom."""

from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.i18n import JavaScriptCatalog, set_language

from articles.admin import resending

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Desk(AdminSite):
    """The Django admin under the site's own name, in the language each editor chooses."""

    index_title = _("Desk")
    empty_value_display = "—"

    def each_context(self, request: HttpRequest) -> Any:
        context = super().each_context(request)
        title = _("%(site)s desk") % {"site": settings.SITE_NAME}
        return {**context, "site_title": title, "site_header": title}

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Django's check of who may come in; the form of somebody whose session ended is kept for sending it again.

        Where a second factor is required, whoever has none is led to where it is turned on.
        """
        checked = super().admin_view(view, cacheable)

        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            from articles.admin import account

            if resending.session_ended(request) and view != self.logout:
                return resending.page(request)
            needed = (self.logout, self.i18n_javascript, self.password_change, set_language, account.factor)
            if view not in needed and self._lacks_factor(request):
                return HttpResponseRedirect(reverse("admin:second_factor"))
            return self._noted(checked, request, *args, **kwargs)

        return cast(View, update_wrapper(answer, checked))

    def _lacks_factor(self, request: HttpRequest) -> bool:
        from articles import second_factor

        required = settings.SECOND_FACTOR == "required"
        return required and self.has_permission(request) and not second_factor.is_on(request.user)

    def _noted(self, view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The view's answer; that its session is in use is noted, and so is what it refuses."""
        from articles import security_events, sessions

        if request.user.is_authenticated:
            sessions.seen(request)
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied:
            if isinstance(request.user, User):
                security_events.record("denied", request, by=request.user, page=request.path)
            raise

    @method_decorator([sensitive_post_parameters(), never_cache, csrf_protect])
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Name and password; whoever is signed in goes to the front page."""
        from articles.admin import signing_in

        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        return signing_in.password_step(request, extra_context)

    @method_decorator([never_cache, csrf_protect])
    def second_step(self, request: HttpRequest) -> HttpResponse:
        """The code, after the password."""
        from articles.admin import signing_in

        return signing_in.second_step(request)

    @method_decorator(never_cache)
    def logout(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """Out, and that is recorded."""
        from articles import security_events

        user = request.user
        if request.method == "POST" and isinstance(user, User):
            security_events.record("signed_out", request, by=user)
        return super().logout(request, extra_context)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """One's own password; all other sessions end with the old one."""
        from articles.admin import account

        answer = super().password_change(request, extra_context)
        if request.method == "POST" and answer.status_code == 302:
            account.password_changed(request)
        return answer

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """The front page, with what waits for this editor above the list of screens."""
        from articles.admin import front  # its models are loaded after this site

        here = {"boxes": front.boxes(request), "bars": front.bars()}
        return super().index(request, {**here, **(extra_context or {})})

    def i18n_javascript(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Django's own texts for scripts, and ours."""
        return JavaScriptCatalog.as_view(packages=["django.contrib.admin", "articles"])(request)  # type: ignore[return-value]

    def get_urls(self) -> "list[URLResolver | URLPattern]":
        """Django's own, and the choice of language; it has to lie below the desk, where alone it counts."""
        from articles.admin import account, passwords

        return [
            path("language/", self.admin_view(set_language), name="set_language"),
            path("login/code/", self.second_step, name="second_step"),
            path("account/", self.admin_view(account.account), name="account"),
            path("account/second-factor/", self.admin_view(account.factor), name="second_factor"),
            *passwords.addresses(),
            *super().get_urls(),
        ]
