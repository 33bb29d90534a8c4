"""The commentators' screen: who they are, what readers are told of their ties, where they speak."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles import passages, picturing, trail
from articles.admin.reviews import signed_in
from articles.models import Comment, Commentator


@admin.register(Commentator)
class CommentatorAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for type checkers only
    """Name, role, portrait and ties of those who comment."""

    list_display = ("name", "face", "role", "uses", "has_disclosure")
    search_fields = ("name", "role")
    fields = ("name", "role", "portrait", "face", "profile", "disclosure", "uses")
    readonly_fields = ("face", "uses")

    class Media:
        css = {"all": ("admin-desk/desk.css",)}

    @admin.display(description=_("portrait as kept"))
    def face(self, person: Commentator) -> SafeString | str:
        """The stored portrait, small."""
        if not person.portrait:
            return "—"
        return format_html('<img class="desk-face" src="{}" alt="{}">', person.portrait.url, person.name)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Commentator]:
        """Commentators with the number of articles in which they speak."""
        spoken = Comment.objects.filter(commentator=OuterRef("pk")).order_by().values("commentator")
        counted = spoken.annotate(count=Count("article", distinct=True)).values("count")
        found: QuerySet[Commentator] = super().get_queryset(request)
        return found.annotate(uses=Coalesce(Subquery(counted, output_field=IntegerField()), 0))

    @admin.display(description=_("articles"), ordering="uses")
    def uses(self, person: Commentator) -> SafeString | str:
        """The articles in which the person speaks."""
        number = vars(person).get("uses", 0)
        address = reverse("admin:articles_article_changelist")
        return format_html('<a href="{}?commentator={}">{}</a>', address, person.pk, number) if number else "0"

    @admin.display(description=_("disclosure"), boolean=True)
    def has_disclosure(self, person: Commentator) -> bool:
        """Whether readers are told of ties."""
        return bool(person.disclosure)

    def save_model(self, request: HttpRequest, obj: Commentator, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and form.changed_data:
            trail.record("change_commentator", by=signed_in(request), person=obj.name)
            passages.commentator_changes(obj)
        picturing.adopt_portrait(obj, request.user)  # type: ignore[arg-type]  # whoever is at the desk has signed in

    def delete_model(self, request: HttpRequest, obj: Commentator) -> None:
        trail.record("delete_commentator", by=signed_in(request), person=obj.name)
        super().delete_model(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Commentator | None = None) -> bool:
        """Whoever speaks in an article stays, since the database holds on to them, and whoever readers heard."""
        heard = obj and (obj.comments.exists() or obj.remarks.exists())
        return super().has_delete_permission(request, obj) and not heard
