"""The tags' screen: names by the newsroom's rules, where they are used, merging; names that a field suggests."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from taggit.models import Tag, TaggedItem

from articles import publishing, tagging, tallies, trail
from articles.admin.reviews import signed_in
from articles.models import Edition, EditionTag
from articles.tags import check_tag, tag_name
from articles.text import kana_forms

SUGGESTED = 10  # names below a field

if admin.site.is_registered(Tag):
    admin.site.unregister(Tag)  # taggit's own screen lists every tagged row and knows nothing of our names


class TagForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """One tag; another spelling of one that is there is refused."""

    def clean_name(self) -> str:
        name = tag_name(self.cleaned_data["name"])
        check_tag(name)
        if Tag.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("There is a tag of this name already. Merge the two in the list of tags instead."))
        return name


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Names and addresses of tags."""

    form = TagForm
    list_display = ("name", "slug", "uses", "on_show")
    search_fields = ("name",)
    fields = ("name", "slug", "known_as")
    ordering = ("name",)
    actions = ("merge_selected",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.suggest_view)
        return [path("suggest/", view, name="taggit_tag_suggest"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        """Tags with the numbers of articles that carry them, and of those on show."""
        return with_use(super().get_queryset(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The address of a tag is made from its name."""
        return ("slug", "known_as")

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        if change:
            tagging.rename(obj, form.cleaned_data["name"], by=signed_in(request))
            return
        super().save_model(request, obj, form, change)
        tagging.is_current(obj)

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        publishing.tag_changes(obj)
        trail.record("delete_tag", by=signed_in(request), tags=[obj.name])
        key = obj.pk
        super().delete_model(request, obj)
        tallies.recount([key])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Tag]) -> None:
        for tag in queryset:
            self.delete_model(request, tag)

    # -- what the list and the form show

    @admin.display(description=gettext_lazy("articles"), ordering="uses")
    def uses(self, tag: Tag) -> SafeString | str:
        """How many articles carry it."""
        number = vars(tag)["uses"]
        address = reverse("admin:articles_article_changelist")
        return format_html('<a href="{}?tag={}">{}</a>', address, tag.slug, number) if number else "0"

    @admin.display(description=gettext_lazy("on show"), ordering="on_show")
    def on_show(self, tag: Tag) -> SafeString | str:
        """How many articles that readers see have it."""
        number = vars(tag)["on_show"]
        return format_html('<a href="{}">{}</a>', reverse("tag", args=[tag.slug]), number) if number else "0"

    @admin.display(description=gettext_lazy("formerly"))
    def known_as(self, tag: Tag) -> str:
        """Names that mean it, since they were merged with it or were its own."""
        return "、".join(tag.former.order_by("name").values_list("name", flat=True)) if tag.pk else "—"

    # -- merging

    @admin.action(description=gettext_lazy("Merge tags…"), permissions=["change"])
    def merge_selected(self, request: HttpRequest, queryset: QuerySet[Tag]) -> HttpResponseBase | None:
        """Ask which of the chosen tags stays, and merge the others into it."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        tags = list(queryset.order_by("-uses", "name"))
        if len(tags) < 2:
            self.message_user(request, _("Choose the two or more tags that are to become one."), messages.WARNING)
            return None
        into = next((tag for tag in tags if str(tag.pk) == request.POST.get("into")), None)
        if "apply" in request.POST and into:
            moved = tagging.merge(tags, into, by=signed_in(request))
            note = ngettext(
                "The tags were merged into “%(tag)s”. %(count)d article got another tag by it.",
                "The tags were merged into “%(tag)s”. %(count)d articles got another tag by it.",
                moved,
            )
            self.message_user(request, note % {"tag": into.name, "count": moved}, messages.SUCCESS)
            return None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Merge tags"),
            "tags": tags,
            "checkbox": ACTION_CHECKBOX_NAME,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/taggit/tag/merge.html", context)

    # -- names below a field

    def suggest_view(self, request: HttpRequest) -> JsonResponse:
        """Names that what is typed may mean: those that begin with it first, then those of most articles."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return JsonResponse({"tags": suggested(request.GET.get("q", ""))})


def with_use(tags: QuerySet[Tag]) -> QuerySet[Tag]:
    """Each with its number of working copies (`uses`) and of live articles (`on_show`), without a query for each."""
    live = Edition.objects.live().values("pk")
    return tags.annotate(  # type: ignore[no-any-return]
        uses=_count(TaggedItem.objects.filter(tag=OuterRef("pk"))),
        on_show=_count(EditionTag.objects.filter(tag=OuterRef("pk"), edition__in=live)),
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("tag").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def suggested(typed: str) -> list[str]:
    """At most ten names for what somebody began to type, in hiragana, katakana or as it is; former names count."""
    name = tag_name(typed)[:100]
    if not name:
        return []
    forms = kana_forms(name)
    within = Q()
    for form in forms:
        within |= Q(name__icontains=form) | Q(former__name__icontains=form)
    found = with_use(Tag.objects.filter(within).distinct()).order_by("-uses", "name")[: SUGGESTED * 3]
    begins = tuple(form.casefold() for form in forms)
    names = sorted((tag.name for tag in found), key=lambda each: not each.casefold().startswith(begins))
    return names[:SUGGESTED]
