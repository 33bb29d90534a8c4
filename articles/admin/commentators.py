"""The commentators' screen."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.models import Commentator


@admin.register(Commentator)
class CommentatorAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for type checkers only
    """Name, role and portrait of those who comment."""

    list_display = ("name", "face", "role")
    search_fields = ("name", "role")
    fields = ("name", "role", "portrait", "face", "profile")
    readonly_fields = ("face",)

    class Media:
        css = {"all": ("admin-desk/desk.css",)}

    @admin.display(description=_("portrait as kept"))
    def face(self, person: Commentator) -> SafeString | str:
        """The stored portrait, small."""
        if not person.portrait:
            return "—"
        return format_html('<img class="desk-face" src="{}" alt="{}">', person.portrait.url, person.name)

    def has_delete_permission(self, request: HttpRequest, obj: Commentator | None = None) -> bool:
        """Whoever speaks in an article stays; the database holds on to them too."""
        return super().has_delete_permission(request, obj) and not (obj and obj.comments.exists())
