"""Unsaved text: kept while it is typed, offered when the page is opened again; and who else has the article open."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseNotAllowed, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from articles import keeping, presence
from articles.admin.forms import token_in
from articles.admin.manuscripts import as_form
from articles.admin.screens import ArticleScreen
from articles.models import Article, Autosave


class UnsavedScreen(ArticleScreen):
    """What the open page of an article says every few seconds, and what it is told."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/keep/", view(self.keep_view), name="articles_article_keep"),
            path("<int:pk>/unsaved/restore/", view(self.restore_unsaved_view), name="articles_article_restore_unsaved"),
            path("<int:pk>/unsaved/discard/", view(self.discard_unsaved_view), name="articles_article_discard_unsaved"),
            path("who/", view(self.who_view), name="articles_article_who"),
            *super().get_urls(),
        ]

    def form_addresses(self, pk: int) -> dict[str, str]:
        mine = {name: reverse(f"admin:articles_article_{name}", args=[pk]) for name in ("keep", "restore_unsaved")}
        here = {"who": reverse("admin:articles_article_who"), "login": reverse("admin:login")}
        here["code"] = reverse("admin:second_step")
        return {**super().form_addresses(pk), **mine, **here}

    def unsaved_part(self, request: HttpRequest, article: Article | None) -> list[Autosave]:
        """The slots that are offered on the page as it is opened; none on one that shows text already."""
        if request.method != "GET" or not self.may_write(request, article):
            return []
        if article is None:
            return keeping.slots_of_new(request.user)  # type: ignore[arg-type]  # whoever is at the desk has signed in
        slot = keeping.slot_of(request.user, article)  # type: ignore[arg-type]
        return [slot] if slot else []

    def may_write(self, request: HttpRequest, article: Article | None) -> bool:
        """Whether the form of the page can be sent by whoever looks at it."""
        return self.has_change_permission(request, article) if article else self.has_add_permission(request)

    def who_view(self, request: HttpRequest) -> HttpResponseBase:
        """Who is signed in, and with which token forms are sent now."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return JsonResponse({"user": request.user.get_username(), "token": get_token(request)})

    def keep_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Keep the form that is sent, if it says that it holds unsaved text; answer when, and who else is here."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.to_write(request, pk)
        unsaved = request.POST.get("_unsaved") == "1"
        if request.POST.get("_closed") == "1" and article:
            presence.gone(request.user, article)  # type: ignore[arg-type]
        elif article:
            presence.here(request.user, article, unsaved=unsaved)  # type: ignore[arg-type]
        answer: dict[str, Any] = {"others": self._others(request, article)}
        token = token_in(request.POST.get("token", ""))
        if unsaved and token:
            fields = {name: values for name, values in request.POST.lists() if name not in ("_unsaved", "_closed")}
            try:
                slot = keeping.keep(request.user, article, token, fields)  # type: ignore[arg-type]
            except keeping.KeptElsewhere as error:
                return JsonResponse({**answer, "error": str(error)}, status=409)
            answer["kept"] = keeping.moment(slot)
        return JsonResponse(answer)

    def _others(self, request: HttpRequest, article: Article | None) -> list[str]:
        if article is None:
            return []
        found = presence.others(request.user, article)  # type: ignore[arg-type]
        unsaved = _("%(name)s (with unsaved text)")
        return [unsaved % {"name": each.name} if each.has_unsaved else each.name for each in found]

    def restore_unsaved_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The page with what a slot kept, or with what this browser kept and sends along."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.to_write(request, pk)
        data = self._kept(request, article)
        return self.show(request, article, as_form(data, article) if "manuscript" in data else data)

    def _kept(self, request: HttpRequest, article: Article | None) -> QueryDict:
        if request.POST.get("_local") == "1":
            return request.POST
        slot = self._slot(request, article)
        if slot is None:
            raise Http404
        data = QueryDict(mutable=True)
        for name, values in slot.data.items():
            data.setlist(name, values)
        return data

    def _slot(self, request: HttpRequest, article: Article | None) -> Autosave | None:
        token = request.POST.get("slot", "")
        return Autosave.objects.filter(user=request.user, article=article, token=token).first()  # type: ignore[misc]

    def discard_unsaved_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Throw away what a slot kept."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.to_write(request, pk)
        slot = self._slot(request, article)
        if slot:
            slot.delete()
            self.message_user(request, _("The unsaved text was discarded."))
        return self.to_change_page(article) if article else redirect("admin:articles_article_add")
