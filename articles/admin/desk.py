"""The admin site of the newsroom."""

from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
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
        """Django's check of who may come in; the form of somebody whose session ended is kept for sending it again."""
        checked = super().admin_view(view, cacheable)

        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if resending.session_ended(request) and view != self.logout:
                return resending.page(request)
            return checked(request, *args, **kwargs)

        return cast(View, update_wrapper(answer, checked))

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
        return [path("language/", self.admin_view(set_language), name="set_language"), *super().get_urls()]
