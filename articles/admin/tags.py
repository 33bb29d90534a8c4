"""The tags' screen: names by the newsroom's rules."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from articles import publishing
from articles.tags import check_tag, tag_name

if admin.site.is_registered(Tag):
    admin.site.unregister(Tag)  # taggit's own screen lists every tagged row and knows nothing of our names


class TagForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """One tag; another spelling of one that is there is refused."""

    def clean_name(self) -> str:
        name = tag_name(self.cleaned_data["name"])
        check_tag(name)
        if Tag.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("There is a tag of this name already."))
        return name


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Names and addresses of tags."""

    form = TagForm
    list_display = ("name", "slug", "uses")
    search_fields = ("name",)
    fields = ("name", "slug")
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return super().get_queryset(request).annotate(uses=Count("taggit_taggeditem_items"))  # type: ignore[no-any-return]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The address of a tag never changes; that of a new one is made from its name."""
        return ("slug",)

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        publishing.tag_changes(obj)

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        publishing.tag_changes(obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Tag]) -> None:
        for tag in queryset:
            publishing.tag_changes(tag)
        super().delete_queryset(request, queryset)

    @admin.display(description=_("articles"), ordering="uses")
    def uses(self, tag: Tag) -> int:
        """How many articles carry it."""
        return int(vars(tag)["uses"])
