"""The trail at the desk: who did what, when. It is read, never written."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.admin.listing import Choices
from articles.models import Event
from articles.trail import VERBS, tell


class Uncounted(Paginator):  # type: ignore[type-arg]
    """Pages of a list that only grows: as many as anybody turns, and no counting of the rest."""

    pages = 200

    @cached_property
    def count(self) -> int:
        """The number of rows, as far as pages are turned."""
        most: int = self.per_page * self.pages
        return len(self.object_list[:most].values_list("pk"))  # type: ignore[attr-defined]  # a query set


class VerbFilter(admin.SimpleListFilter):
    """Events of one kind."""

    title = _("what")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(verb, str(label)) for verb, label in VERBS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        return queryset.filter(verb=self.value()) if self.value() in VERBS else queryset


class PersonFilter(admin.SimpleListFilter):
    """Events of one person."""

    title = _("who")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        people = User.objects.filter(is_staff=True).order_by("username")
        return [*((str(user.pk), user.get_username()) for user in people), ("none", str(_("nobody: a machine")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        chosen = self.value() or ""
        if chosen == "none":
            return queryset.filter(by=None, by_name="")
        return queryset.filter(by=int(chosen)) if chosen.isdecimal() and len(chosen) < 19 else queryset


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for type checkers only
    """Events, newest first; those of one article under `?article=NUMBER`."""

    list_display = ("when", "who", "what", "which", "more")
    list_display_links = None
    list_filter = (PersonFilter, ("at", admin.DateFieldListFilter), VerbFilter)
    list_select_related = ("article",)
    list_per_page = 100
    search_fields = ("title", "by_name")
    search_help_text = _("Finds titles and names.")
    show_full_result_count = False
    paginator = Uncounted
    actions = None
    ordering = ("-at", "-pk")
    sortable_by = ()

    class Media:
        css = {"all": ("admin-desk/desk.css", "admin-desk/workflow.css")}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "article" or super().lookup_allowed(lookup, value, request)

    @admin.display(description=_("when"))
    def when(self, event: Event) -> str:
        return date_format(timezone.localtime(event.at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("who"))
    def who(self, event: Event) -> str:
        return event.by_name

    @admin.display(description=_("what"))
    def what(self, event: Event) -> str:
        return str(VERBS.get(event.verb, event.verb))

    @admin.display(description=_("article"))
    def which(self, event: Event) -> str | SafeString:
        if event.article_id is None:
            return event.title
        address = reverse("admin:articles_article_change", args=[event.article_id])
        return format_html('<a href="{}">{}</a>', address, event.title or event.article)

    @admin.display(description=_("details"))
    def more(self, event: Event) -> str:
        return tell(event)
