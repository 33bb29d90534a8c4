"""What the screens about articles have in common."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from articles.models import Article

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Article]
else:
    ModelAdmin = admin.ModelAdmin


class ArticleScreen(ModelAdmin):
    """A part of the articles' admin that adds a screen of its own."""

    def has_publish_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Whether this editor may decide what readers see. Every screen and action asks here."""
        return self.has_change_permission(request, obj)

    def to_publish(self, request: HttpRequest, pk: int) -> Article:
        """The article, for an editor who may publish it. Raises Http404, PermissionDenied."""
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_publish_permission(request, article):
            raise PermissionDenied
        return article

    def screen(
        self, request: HttpRequest, name: str, title: str, article: Article | None = None, **context: Any
    ) -> TemplateResponse:
        """A page of the desk from the template of that name; `status` may be among the context."""
        status = context.pop("status", 200)
        everywhere = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "subtitle": str(article) if article else None,
            "original": article,
            "media": self.media,
        }
        return TemplateResponse(
            request, f"admin/articles/article/{name}.html", {**everywhere, **context}, status=status
        )

    def to_change_page(self, article: Article) -> HttpResponseRedirect:
        """Back to the article's own page."""
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
