"""The history of an article: its editions, and the way back to each."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from articles import drafting, publishing
from articles.admin.screens import ArticleScreen
from articles.models import Article


class HistoryScreen(ArticleScreen):
    """Editions by number, newest first."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        restore = path("<int:pk>/restore/<int:number>/", view(self.restore_view), name="articles_article_restore")
        return [restore, *super().get_urls()]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """All editions: when they were saved, by whom, and when readers saw them."""
        article = get_object_or_404(self.get_queryset(request), pk=object_id if object_id.isdecimal() else None)
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        editions = article.editions.listed().select_related("created_by", "published_by", "withdrawn_by")
        may_restore = self.has_change_permission(request, article)
        return self.screen(request, "history", _("History"), article, editions=editions, may_restore=may_restore)

    def restore_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        """Make the working copy say again what an old edition said; readers see nothing of it yet."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        self._restore(request, article, number)
        return self.to_change_page(article)

    def _restore(self, request: HttpRequest, article: Article, number: int) -> None:
        edition = get_object_or_404(article.editions, number=number)
        try:
            made = publishing.restore(article, edition, by=request.user)  # type: ignore[arg-type]
        except (publishing.PublishingError, drafting.UnusableDocument) as error:
            self.message_user(request, str(error), messages.ERROR)
            return
        said = _("Edition %(old)d was restored as edition %(new)d.") % {"old": number, "new": made.number}
        self.message_user(request, said, messages.SUCCESS)
        self.log_change(request, article, said)
