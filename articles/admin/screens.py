"""What the screens about articles have in common."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from articles import images, picturing, workflow
from articles.admin.forms import ONLY_SHOWN
from articles.models import Article
from articles.workflow import Action

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Article]
else:
    ModelAdmin = admin.ModelAdmin


LIBRARY = {"pictures": "choose", "bring": "bring"}


class ArticleScreen(ModelAdmin):
    """A part of the articles' admin that adds a screen of its own."""

    # Whether this person may do it, with this article if one is given. Every screen, action and address asks here.

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return workflow.may(request.user, Action.VIEW, obj) or self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return workflow.may(request.user, Action.CREATE)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return workflow.may(request.user, Action.EDIT, obj)

    def has_publish_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return workflow.may(request.user, Action.PUBLISH, obj)

    def has_share_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return workflow.may(request.user, Action.SHARE, obj)

    def has_review_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return workflow.may(request.user, Action.ASK_REVIEW, obj)

    def has_note_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return workflow.may(request.user, Action.NOTE, obj)

    def to_do(self, request: HttpRequest, pk: int, action: Action) -> Article:
        """The article, for somebody who has the right to the action. Raises Http404, PermissionDenied."""
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not workflow.may(request.user, action, article):
            raise PermissionDenied
        return article

    def to_publish(self, request: HttpRequest, pk: int) -> Article:
        """The article, for somebody who may publish it. Raises Http404, PermissionDenied."""
        return self.to_do(request, pk, Action.PUBLISH)

    def to_view(self, request: HttpRequest, pk: int) -> Article:
        """The article, for somebody who may see it at the desk. Raises Http404, PermissionDenied."""
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        return article

    def to_write(self, request: HttpRequest, pk: int) -> Article | None:
        """The article whose form is open, for an editor who may save it; None for one never saved (`pk` 0).

        Raises Http404, PermissionDenied.
        """
        if not pk:
            if not self.has_add_permission(request):
                raise PermissionDenied
            return None
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        return article

    def form_addresses(self, pk: int) -> dict[str, str]:
        """The addresses that the scripts of an article's page talk to, by name; `pk` is 0 for a new article.

        A screen that has some adds them to those of the screens after it; the library of pictures is none of them.
        """
        return {name: reverse(f"admin:articles_picture_{view}") for name, view in LIBRARY.items()}

    def side_parts(self, article: Article | None) -> list[str]:
        """Templates of what stands beside an article's form; a screen that has one adds it."""
        return []

    def show(self, request: HttpRequest, article: Article | None, data: QueryDict, **context: Any) -> HttpResponse:
        """The page of an article with its form filled with `data`, as sent or from `typed.filled`; nothing is saved."""
        return self.submit(request, article, data, ONLY_SHOWN, **context)

    def submit(
        self, request: HttpRequest, article: Article | None, data: QueryDict, button: str, **context: Any
    ) -> HttpResponse:
        """What the article's page does when `data` is sent to it by that button."""
        data = data.copy()
        data[button] = "1"
        request.method, request.POST, request._files = "POST", data, MultiValueDict()  # type: ignore[attr-defined, assignment]
        pk = str(article.pk) if article else None
        page = reverse("admin:articles_article_change", args=[pk]) if pk else reverse("admin:articles_article_add")
        return self.changeform_view(request, pk, page, context)

    def with_pictures(self, request: HttpRequest) -> QueryDict:
        """The form, naming the pictures that came with it: a browser cannot be asked for a file twice."""
        data: QueryDict = request.POST.copy()
        for name, upload in request.FILES.items():
            try:
                kept = picturing.keep(upload, by=request.user)  # type: ignore[arg-type]  # whoever is here has signed in
                data[name.removesuffix("-image") + "-picture"] = str(kept.file)
            except images.UnusablePicture as error:
                self.message_user(request, " ".join(error.messages), messages.WARNING)
        return data

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
