"""The addresses that articles stand on: which are gone, what they answered, where a copy is kept."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import link_health
from articles.admin.reviews import signed_in
from articles.models import Address, AddressCheck, Article, Edition
from articles.models.sources import Citation

Health = Address.Health
URGENT = (Health.GONE, Health.FAILING, Health.UNKNOWN, Health.MOVED, Health.WELL)  # the first ones first
LISTED = 30  # articles and looks that the form of an address shows


class AddressForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """All that an editor says of an address is where a copy is kept."""

    class Meta:
        widgets = {"archive_url": forms.URLInput(attrs={"class": "vTextField"})}
        help_texts = {"archive_url": gettext_lazy("Readers are led there where the page itself is gone.")}

    def clean_archive_url(self) -> str:
        try:
            return link_health.archive(self.cleaned_data["archive_url"])
        except link_health.BadArchive as error:
            raise ValidationError(str(error)) from error


@admin.register(Address)
class AddressAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The report on links, and the page of one address."""

    form = AddressForm
    list_display = ("url", "state", "status", "checked_at", "uses", "has_archive")
    list_filter = ("health", "ignored")
    search_fields = ("url",)
    search_help_text = gettext_lazy("Finds parts of addresses, as the name of a site.")
    show_full_result_count = False
    readonly_fields = ("page", "state", "status", "moved_to", "checked_at", "due_at", "articles", "looks")
    fields = (*readonly_fields[:4], "archive_url", *readonly_fields[4:])
    actions = ("look_again", "leave_alone")

    class Media:
        css = {"all": ("admin-desk/desk.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Address]:
        """Addresses with the number of articles on show that stand on them, what is gone first."""
        live = Edition.objects.live().values("pk")
        standing = Citation.objects.filter(address=OuterRef("pk"), edition__in=live).order_by().values("address")
        counted = standing.annotate(count=Count("edition__article", distinct=True)).values("count")
        rank = Case(*(When(health=health, then=Value(rank)) for rank, health in enumerate(URGENT)))
        return Address.objects.annotate(uses=Coalesce(Subquery(counted, output_field=IntegerField()), 0), rank=rank)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("rank", "url")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Addresses come with the articles that are published."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Address | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Address, form: Any, change: bool) -> None:
        if "archive_url" in form.changed_data:
            link_health.set_archive(obj, form.cleaned_data["archive_url"], by=signed_in(request))

    # -- for many at once

    @admin.action(description=gettext_lazy("Look at them again now"), permissions=["change"])
    def look_again(self, request: HttpRequest, queryset: QuerySet[Address]) -> None:
        """Have the background look at the chosen addresses next."""
        count = link_health.recheck(_plain(queryset), by=signed_in(request))
        note = ngettext(
            "%(count)d address will be looked at in a moment.",
            "%(count)d addresses will be looked at in a moment.",
            count,
        )
        self.message_user(request, note % {"count": count}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Leave them alone"), permissions=["change"])
    def leave_alone(self, request: HttpRequest, queryset: QuerySet[Address]) -> None:
        """Never look at the chosen addresses again, and tell nobody that they are gone."""
        count = link_health.leave_alone(_plain(queryset), by=signed_in(request))
        note = ngettext(
            "%(count)d address is left alone; readers are led to it as before.",
            "%(count)d addresses are left alone; readers are led to them as before.",
            count,
        )
        self.message_user(request, note % {"count": count}, messages.SUCCESS)

    # -- what lists and forms show

    @admin.display(description=gettext_lazy("state"), ordering="rank")
    def state(self, address: Address) -> SafeString:
        """How it is, in words."""
        words = _("left alone") if address.ignored else address.get_health_display()
        return format_html('<span class="desk-health desk-health-{}">{}</span>', address.health, words)

    @admin.display(description=gettext_lazy("articles"), ordering="uses")
    def uses(self, address: Address) -> int:
        """How many articles on show stand on it."""
        return int(vars(address)["uses"])

    @admin.display(description=gettext_lazy("copy"), boolean=True)
    def has_archive(self, address: Address) -> bool:
        """Whether a copy is known."""
        return bool(address.archive_url)

    @admin.display(description=gettext_lazy("address"))
    def page(self, address: Address) -> SafeString:
        """The address, to be looked at by the editor."""
        return format_html('<a href="{0}" rel="noopener noreferrer" target="_blank">{0}</a>', address.url)

    @admin.display(description=gettext_lazy("articles that stand on it"))
    def articles(self, address: Address) -> SafeString | str:
        """The articles, the newest first."""
        shown = Edition.objects.filter(citations__address=address, live_from__isnull=False).values("article")
        rows = Article.objects.filter(pk__in=shown).order_by("-pk")[:LISTED]
        links = [(reverse("admin:articles_article_change", args=[each.pk]), str(each)) for each in rows]
        return format_html("<ul>{}</ul>", format_html_join("", '<li><a href="{}">{}</a></li>', links)) if links else "—"

    @admin.display(description=gettext_lazy("what it answered"))
    def looks(self, address: Address) -> SafeString | str:
        """The last looks at it."""
        rows = [(_at(look), look.get_verdict_display(), _answer(look)) for look in address.checks.all()[:LISTED]]
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{} {} {}</li>", rows)) if rows else "—"


def _at(look: AddressCheck) -> str:
    return date_format(timezone.localtime(look.at), "DATETIME_FORMAT")


def _answer(look: AddressCheck) -> str:
    return " ".join(filter(None, (str(look.status or ""), look.detail)))


def _plain(addresses: QuerySet[Address]) -> QuerySet[Address]:
    """The same rows without what the list adds to them, which an update cannot carry along."""
    return Address.objects.filter(pk__in=addresses.values_list("pk", flat=True))
