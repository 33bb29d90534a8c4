"""The articles' screen: the list, and the page on which one is written."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from nested_admin import NestedModelAdmin

from articles.admin.bulk import BulkScreen
from articles.admin.calendar import CalendarScreen
from articles.admin.cards import CardScreen
from articles.admin.checking import CheckScreen, FindingsFilter
from articles.admin.deleting import DeleteScreen
from articles.admin.following import FollowScreen
from articles.admin.forms import ArticleForm
from articles.admin.history import HistoryScreen
from articles.admin.importing import ImportScreen
from articles.admin.inlines import RemarkInline, SectionInline
from articles.admin.links import LinkScreens
from articles.admin.listing import (
    CommentatorFilter,
    MineFilter,
    StageFilter,
    StateFilter,
    TagFilter,
    Unhurried,
    WhenFilter,
    search,
)
from articles.admin.manuscripts import ManuscriptScreen
from articles.admin.notes import NoteScreen
from articles.admin.previews import PreviewScreens
from articles.admin.releases import ReleaseScreens
from articles.admin.reviews import ReviewScreens
from articles.admin.saving import SavingScreen
from articles.admin.unsaved import UnsavedScreen
from articles.models import Article, Edition, Section
from articles.states import state_of


class OneCopy(QueryDict):
    """A form that is copied once; Django copies it for each set of rows, and a hundred copies take seconds."""

    @classmethod
    def of(cls, sent: QueryDict) -> "OneCopy":
        copy = cls(mutable=True)
        for name, values in sent.lists():
            copy.setlist(name, values)
        return copy

    def copy(self) -> "OneCopy":
        return self


# What makes the page of an article comfortable, each in a file of its own; without any of them it still works.
SCRIPTS = (
    "layout",
    "folding",
    "outline",
    "ordering",
    "counts",
    "keys",
    "notes",
    "leaving",
    "keeping",
    "signing",
    "preview",
    "cards",
    "findings",
    "tags",
    "pictures",
)
STYLES = (
    "desk",
    "writing",
    "workflow",
    "preview",
    "checks",
    "keeping",
    "cards",
)


@admin.register(Article)
class ArticleAdmin(
    CalendarScreen,
    CardScreen,
    CheckScreen,
    DeleteScreen,
    FollowScreen,
    ImportScreen,
    HistoryScreen,
    LinkScreens,
    ManuscriptScreen,
    NoteScreen,
    PreviewScreens,
    BulkScreen,
    ReleaseScreens,
    ReviewScreens,
    SavingScreen,
    UnsavedScreen,
    NestedModelAdmin,  # type: ignore[misc]  # it has no types
):
    """Articles as editors list, write, publish and import them."""

    form = ArticleForm
    inlines = (SectionInline, RemarkInline)
    save_on_top = False

    list_display = ("title_or_none", "state", "findings", "published", "changed", "tag_names", "sections_count")
    list_display_links = ("title_or_none",)
    list_filter = (StateFilter, StageFilter, MineFilter, WhenFilter, FindingsFilter, TagFilter, CommentatorFilter)
    list_per_page = 50
    paginator = Unhurried
    show_full_result_count = False  # how many articles there are besides those found, nobody asked
    ordering = ("-changed_at", "-pk")
    search_fields = ("title",)
    search_help_text = _("Finds words in titles, leads, sections, sources, comments and tags; part them by spaces.")

    class Media:
        css = {"all": tuple(f"admin-desk/{name}.css" for name in STYLES)}
        js = tuple(Script(f"admin-desk/article/{name}.js", type="module") for name in SCRIPTS)

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
        mark = format_html('<span class="desk-state desk-state-{}">{}</span>', found.value, found.label)
        if article.stage == Article.Stage.WRITING:
            return mark
        stage = article.get_stage_display()
        return format_html('{} <span class="desk-state desk-stage-{}">{}</span>', mark, article.stage, stage)

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
        """Head, sections, end, why it is saved; lines without a place come first, as long as there are any."""
        head = ("title", "lead_heading", "lead", "opened_version", "opened_edition", "token")
        end = (_("End of the article"), {"fields": ("takeaways", "tags"), "classes": ("desk-after-sections",)})
        unplaced = (None, {"fields": ("unplaced",), "classes": ("desk-unplaced",)})
        why = (None, {"fields": ("note",), "classes": ("desk-after-sections", "desk-why")})
        writes = obj is None or self.has_change_permission(request, obj)
        return [
            *([unplaced] if (obj and obj.unplaced) or request.POST.get("unplaced") else []),
            (None, {"fields": head}),
            end,
            *([why] if writes else []),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article = context["original"]
        pk = article.pk if article else 0
        form = context["adminform"].form
        unsaved = form.is_bound and form.is_only_shown
        readonly = bool(article) and not self.has_change_permission(request, article)
        addresses = self.form_addresses(pk)
        user = request.user.get_username()
        context["desk_config"] = {
            "pk": pk,
            "addresses": addresses,
            "unsaved": unsaved,
            "readonly": readonly,
            "user": user,
        }
        context["kept"] = self.unsaved_part(request, article)
        context["show_save_and_add_another"] = False  # articles are not typed in series
        context["side_parts"] = self.side_parts(article)
        context["may_publish"] = self.has_publish_permission(request, article)
        if article:
            context["panel"] = self.panel(request, article)
            context["review_part"] = self.review_part(request, article)
            context["chain"] = self.chain_part(request, article)
            context["notes"] = self.notes_part(request, article)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_formset_kwargs(self, request: HttpRequest, obj: Article, inline: Any, prefix: str) -> dict[str, Any]:
        """What a set of rows is made from; all of a request share one copy of what was sent, which may be long."""
        if request.method == "POST" and not isinstance(request.POST, OneCopy):
            request.POST = OneCopy.of(request.POST)  # type: ignore[assignment]
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        return kwargs


def _brief(at: datetime | None) -> str | None:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else None
