"""The preview: the public page made of text that readers do not have. Only for who may work on the article."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import slugify
from taggit.models import Tag

from articles import drafting, publishing
from articles.admin.manuscripts import as_typed, is_too_long
from articles.admin.screens import ArticleScreen
from articles.admin.typed import Typed, typed
from articles.models import Article, Edition
from articles.tags import tag_name


class PreviewScreens(ArticleScreen):
    """Pages as readers would see them; nothing of them is saved, stored or found by a search engine."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", view(self.preview_view), name="articles_article_preview"),
            path("<int:pk>/typed/preview/", view(self.preview_typed_view), name="articles_article_preview_typed"),
            *super().get_urls(),
        ]

    def form_addresses(self, pk: int) -> dict[str, str]:
        address = reverse("admin:articles_article_preview_typed", args=[pk])
        return {**super().form_addresses(pk), "preview": address}

    def side_parts(self, article: Article | None) -> list[str]:
        return ["admin/articles/article/side/preview.html", *super().side_parts(article)]

    def get_view_on_site_url(self, obj: Article | None = None) -> str | None:
        """The public address, or for what is not on show the preview, so that the link never leads nowhere."""
        if obj is None or obj.pk is None:
            return None
        is_live = vars(obj).get("is_live")
        return obj.get_absolute_url() if is_live else reverse("admin:articles_article_preview", args=[obj.pk])

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The working copy as it was saved, as a page of its own."""
        article = self.to_view(request, pk)
        return preview(request, article, Typed(drafting.read(article), drafting.media(article), ""))

    def preview_typed_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The form as it stands, sent by the page that shows it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.to_write(request, pk)
        if is_too_long(request.POST):
            raise BadRequest("The text is longer than a manuscript can be.")
        text = as_typed(request.POST) if "manuscript" in request.POST else typed(request.POST, article)
        return preview(request, article, text, still=True)


def preview(request: HttpRequest, article: Article | None, text: Typed, *, still: bool = False) -> HttpResponse:
    """The article's public page, with the dates it would have if it were published now; `still` is without scripts."""
    edition = publishing.freeze(article or Article(), text.document, text.media, by=None)
    live = Edition.objects.live().filter(article=article).first() if article else None
    now = timezone.now()
    publishing.begin(edition, now, now, live)
    tags = _tags(text.document.tags)
    context = {
        "edition": edition,
        "article": text.document,
        "tags": tags,
        "has_views": article is not None,
        "still": still,
    }
    response = render(request, "article.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _tags(names: tuple[str, ...]) -> list[Any]:
    """The tags of those names; one that is not there yet as it would be made."""
    wanted = [tag_name(name) for name in names]
    known = {tag.name: tag for tag in Tag.objects.filter(name__in=wanted)}
    new = (Tag(name=name, slug=slugify(name, allow_unicode=True)) for name in wanted)
    return [known.get(tag.name, tag) for tag in new if tag.slug]
