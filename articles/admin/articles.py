"""The articles' screen: the list, and the page on which one is written."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from nested_admin import NestedModelAdmin

from articles import publishing
from articles.admin.forms import ArticleForm
from articles.admin.history import HistoryScreen
from articles.admin.importing import ImportScreen
from articles.admin.inlines import RemarkInline, SectionInline
from articles.admin.listing import CommentatorFilter, StateFilter, TagFilter, search
from articles.admin.release_actions import ReleaseActions
from articles.admin.releases import ReleaseScreens
from articles.admin.states import state_of
from articles.models import Article, Edition, Section


@admin.register(Article)
class ArticleAdmin(ImportScreen, HistoryScreen, ReleaseActions, ReleaseScreens, NestedModelAdmin):  # type: ignore[misc]
    """Articles as editors list, write, publish and import them."""

    form = ArticleForm
    inlines = (SectionInline, RemarkInline)
    save_on_top = False

    list_display = ("title_or_none", "state", "published", "changed", "tag_names", "sections_count")
    list_display_links = ("title_or_none",)
    list_filter = (StateFilter, TagFilter, CommentatorFilter)
    list_per_page = 50
    date_hierarchy = "editions__published_at"
    ordering = ("-changed_at", "-pk")
    search_fields = ("title",)
    search_help_text = _("Finds words in titles, leads, sections, sources, comments and tags; part them by spaces.")

    class Media:
        css = {"all": ("admin-desk/desk.css",)}
        js = ("admin-desk/desk.js",)

    # -- the list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """Articles with their state, first publication, number of sections and tags, in two queries."""
        begun = Edition.objects.begun(timezone.now()).filter(article=OuterRef("pk")).order_by("live_from")
        sections = Section.objects.filter(article=OuterRef("pk")).order_by().values("article").annotate(n=Count("pk"))
        articles = Article.objects.with_state().annotate(
            first_published=Subquery(begun.values("published_at")[:1]),
            section_count=Coalesce(Subquery(sections.values("n"), output_field=IntegerField()), 0),
        )
        return articles.prefetch_related("tags")  # type: ignore[misc]  # taggit has no types

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        return search(queryset, search_term), False

    @admin.display(description=_("title"), ordering="title")
    def title_or_none(self, article: Article) -> str:
        return str(article)

    @admin.display(description=_("state"))
    def state(self, article: Article) -> SafeString:
        """The state as a mark that is told by its words, not by colour alone."""
        found = state_of(article)
        return format_html('<span class="desk-state desk-state-{}">{}</span>', found.value, found.label)

    @admin.display(description=_("first published"), ordering="first_published")
    def published(self, article: Article) -> str | None:
        return _brief(vars(article)["first_published"])

    @admin.display(description=_("last changed"), ordering="changed_at")
    def changed(self, article: Article) -> str | None:
        return _brief(article.changed_at)

    @admin.display(description=_("tags"))
    def tag_names(self, article: Article) -> str:
        return "、".join(tag.name for tag in article.tags.all())

    @admin.display(description=_("sections"), ordering="section_count")
    def sections_count(self, article: Article) -> int:
        return int(vars(article)["section_count"])

    # -- the page of one article

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Head, sections, end; lines without a place come first, as long as there are any."""
        head = ("title", "lead_heading", "lead", "opened_version")
        end = (_("End of the article"), {"fields": ("takeaways", "tags"), "classes": ("desk-after-sections",)})
        unplaced = (None, {"fields": ("unplaced",), "classes": ("desk-unplaced",)})
        return [*([unplaced] if obj and obj.unplaced else []), (None, {"fields": head}), end]

    def get_view_on_site_url(self, obj: Article | None = None) -> str | None:
        """The public address, for an article that is on show."""
        return obj.get_absolute_url() if obj and vars(obj).get("is_live") else None

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article = context["original"]
        if article:
            context["panel"] = self.panel(request, article)
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        if context["adminform"].form.is_bound and context["adminform"].form.is_stale:
            response.status_code = 409
        return response

    # -- saving

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except publishing.StaleArticle:  # saved by another between our look and our claim: now the form sees it
            for upload in request.FILES.values():
                upload.seek(0)  # type: ignore[union-attr]  # every value is one file
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Article, form: "ModelForm[Article]", change: bool) -> None:
        if change:
            publishing.claim(obj, form.cleaned_data["opened_version"])
        else:
            obj.created_by = request.user  # type: ignore[assignment]  # whoever is at the desk has signed in
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: "ModelForm[Article]", formsets: Sequence[Any], change: bool
    ) -> None:
        """Rows and tags, then the edition that freezes them, in the transaction of the save."""
        super().save_related(request, form, formsets, change)
        publishing.save(form.instance, by=request.user)  # type: ignore[arg-type]

    # -- deleting

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """What readers have seen is withdrawn, not deleted."""
        return super().has_delete_permission(request, obj) and not (obj and was_on_show([obj]))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """For the list's delete action: articles that were on show are protected."""
        found, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        seen = [_("%(title)s: it was published. Withdraw it instead.") % {"title": each} for each in was_on_show(objs)]
        return found, counts, perms_needed, [*protected, *seen]


def _brief(at: datetime | None) -> str | None:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else None


def was_on_show(articles: Any) -> list[Article]:
    """Those of the articles that readers could see at some time."""
    begun = Edition.objects.begun(timezone.now()).filter(article__in=articles)
    return list(Article.objects.filter(pk__in=begun.values("article")))
