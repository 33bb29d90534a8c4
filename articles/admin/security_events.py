"""The record of security events, for superusers: read, never written."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.admin.background import OnlyShown
from articles.admin.listing import Choices
from articles.admin.trail import PersonFilter, Uncounted
from articles.models import SecurityEvent
from articles.security_events import KINDS, tell


class KindFilter(admin.SimpleListFilter):
    """Events of one kind."""

    title = _("what")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(kind, str(label)) for kind, label in KINDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SecurityEvent]) -> QuerySet[SecurityEvent]:
        return queryset.filter(kind=self.value()) if self.value() in KINDS else queryset


@admin.register(SecurityEvent)
class SecurityEventAdmin(OnlyShown):
    """Security events of the last 90 days, newest first."""

    list_display = ("when", "who", "what", "person", "address", "more")
    list_display_links = None
    list_filter = (PersonFilter, ("at", admin.DateFieldListFilter), KindFilter)
    list_per_page = 100
    search_fields = ("by_name", "person", "address")
    search_help_text = _("Finds names and network addresses.")
    show_full_result_count = False
    paginator = Uncounted
    actions = None
    ordering = ("-at", "-pk")
    sortable_by = ()

    class Media:
        css = {"all": ("admin-desk/desk.css", "admin-desk/workflow.css")}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: SecurityEvent | None = None) -> bool:
        """Superusers alone, whatever permissions a role has."""
        return request.user.is_active and request.user.is_superuser  # type: ignore[union-attr, no-any-return, unused-ignore]

    @admin.display(description=_("when"))
    def when(self, event: SecurityEvent) -> str:
        return date_format(timezone.localtime(event.at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("who"))
    def who(self, event: SecurityEvent) -> SafeString | str:
        """The name, leading to all that is told of it: with the keyboard, too, the table can be scrolled by that."""
        return (
            format_html('<a href="?{}">{}</a>', urlencode({"q": event.by_name}), event.by_name)
            if event.by_name
            else "—"
        )

    @admin.display(description=_("what"))
    def what(self, event: SecurityEvent) -> str:
        return str(KINDS.get(event.kind, event.kind))

    @admin.display(description=_("details"))
    def more(self, event: SecurityEvent) -> str:
        return tell(event)
