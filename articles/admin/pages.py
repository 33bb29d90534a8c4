"""The screen of the publication's own pages: what they say, and the address where they say it."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.flatpages.models import FlatPage
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.converters import PageConverter

# Django's own screens: of pages, with fields that mean nothing here, and of the site, which follows the settings.
for model in (FlatPage, Site):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class PageForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """One page; an address that is another page's is refused."""

    class Meta:
        model = FlatPage
        fields = ("url", "title", "content")
        labels = {
            "url": gettext_lazy("address on this site"),
            "title": gettext_lazy("title"),
            "content": gettext_lazy("text of the page"),
        }
        widgets = {"content": AdminTextareaWidget(attrs={"rows": 24})}
        help_texts = {
            "url": gettext_lazy(
                "As /about/ or /policy/corrections/: ASCII letters, digits, - and _, with / at both ends. Others link "
                "to it, so let it stay as it is."
            ),
            "content": gettext_lazy(
                "Every line is a paragraph. “## ” begins a heading, “- ” an item of a list, “1. ” a numbered one, “> ” "
                "a quotation. **strong**, [words](https://…), and [words](/corrections/) for a page of this site."
            ),
        }

    def clean_url(self) -> str:
        """An address that is free, and that leads to the page."""
        url: str = self.cleaned_data["url"]
        if not re.fullmatch(f"/{PageConverter.regex}", url):
            raise ValidationError(_("An address begins and ends with /, with ASCII letters, digits, - and _ between."))
        if not _is_free(url):
            raise ValidationError(_("Another page of the site stands at this address."))
        if FlatPage.objects.filter(url=url).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("There is a page of this address already."))
        return url


def _is_free(url: str) -> bool:
    """Whether no view but that of pages answers there, and no file is served from there."""
    if url.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
        return False
    try:
        return resolve(url).view_name == "page"
    except Resolver404:
        return False


@admin.register(FlatPage)
class PageAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for type checkers only
    """Address, title and text of the publication's own pages."""

    form = PageForm
    list_display = ("title", "url")
    search_fields = ("url", "title", "content")
    ordering = ("url",)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """There is one site, and every page is of it."""
        super().save_related(request, form, formsets, change)
        form.instance.sites.set([settings.SITE_ID])

    def view_on_site(self, page: FlatPage) -> str:
        """The page on this very host, without the way by the row of the site."""
        return page.get_absolute_url()
