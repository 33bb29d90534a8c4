"""Links to drafts for people without an account: make them, hand them on, see what became of them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import publishing, sharing
from articles.admin.releases import moment
from articles.admin.screens import ArticleScreen
from articles.models import Article
from articles.models.editions import HEAVY
from articles.models.sharing import DraftLink

HOURS = {
    1: gettext_lazy("1 hour"),
    24: gettext_lazy("1 day"),
    72: gettext_lazy("3 days"),
    168: gettext_lazy("7 days"),
}
MOST_EDITIONS = 20  # to choose from; whoever wants to show an older one comes from the history, which names it


class LinkForm(forms.Form):
    """Which edition, for whom, for how long."""

    edition = forms.TypedChoiceField(label=gettext_lazy("Edition"), coerce=int)
    recipient = forms.CharField(
        label=gettext_lazy("For whom"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Stands above the draft, and in this list, so that you know whose link it is."),
    )
    hours = forms.TypedChoiceField(label=gettext_lazy("Works for"), coerce=int, choices=list(HOURS.items()), initial=24)

    def __init__(self, *args: Any, article: Article, wanted: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        editions = article.editions.listed()
        newest = list(editions[:MOST_EDITIONS])
        named = editions.filter(number=wanted).first() if wanted.isdecimal() and len(wanted) < 9 else None
        numbers = {edition.number: edition for edition in (*newest, *([named] if named else []))}
        field = self.fields["edition"]
        field.choices = [  # type: ignore[attr-defined]
            (number, _("%(number)d, saved %(time)s") % {"number": number, "time": moment(edition.created_at)})
            for number, edition in numbers.items()
        ]
        field.initial = named.number if named else next(iter(numbers), None)


@dataclass(frozen=True, slots=True)
class Row:
    """A link as the list shows it."""

    link: DraftLink
    state: DraftLink.State
    address: str

    @property
    def is_open(self) -> bool:
        return self.state is DraftLink.State.OPEN


class LinkScreens(ArticleScreen):
    """The links of one article, and the form that makes one."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/links/", view(self.links_view), name="articles_article_links"),
            path("<int:pk>/links/<int:link>/revoke/", view(self.revoke_view), name="articles_article_revoke"),
            *super().get_urls(),
        ]

    def side_parts(self, article: Article | None) -> list[str]:
        return [*super().side_parts(article), *(["admin/articles/article/links_part.html"] if article else [])]

    def links_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """All links of the article, newest first. A POST makes one more."""
        article = self._to_share(request, pk)
        form = LinkForm(
            request.POST if request.method == "POST" else None, article=article, wanted=request.GET.get("edition", "")
        )
        if request.method == "POST" and form.is_valid():
            try:
                self._make(request, article, form)
            except publishing.PublishingError as error:
                form.add_error(None, str(error))
            else:
                return HttpResponseRedirect(reverse("admin:articles_article_links", args=[pk]))
        links = DraftLink.objects.with_state().filter(edition__article=article).select_related("edition", "created_by")
        links = links.defer(*(f"edition__{column}" for column in HEAVY))
        rows = [Row(link, link.state(), settings.SITE_URL + link.get_absolute_url()) for link in links]
        status = 409 if form.errors else 200
        return self.screen(request, "links", _("Draft links"), article, form=form, rows=rows, status=status)

    def _make(self, request: HttpRequest, article: Article, form: LinkForm) -> None:
        edition = get_object_or_404(article.editions, number=form.cleaned_data["edition"])
        link = sharing.share(
            edition,
            by=request.user,  # type: ignore[arg-type]  # whoever is at the desk has signed in
            recipient=form.cleaned_data["recipient"],
            lasts=timedelta(hours=form.cleaned_data["hours"]),
        )
        said = _("The link stands first in the list below. It works until %(time)s.")
        self.message_user(request, said % {"time": moment(link.expires_at)}, messages.SUCCESS)

    def revoke_view(self, request: HttpRequest, pk: int, link: int) -> HttpResponseBase:
        """Take a link back. There is nothing to ask, so a GET is refused."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self._to_share(request, pk)
        found = get_object_or_404(DraftLink.objects.select_related("edition"), pk=link, edition__article=article)
        if sharing.revoke(found, by=request.user):  # type: ignore[arg-type]
            self.message_user(request, _("The link was taken back. It no longer works."), messages.SUCCESS)
        else:
            self.message_user(request, _("The link was taken back before."), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:articles_article_links", args=[pk]))

    def _to_share(self, request: HttpRequest, pk: int) -> Article:
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not (self.has_view_permission(request, article) and self.has_share_permission(request, article)):
            raise PermissionDenied
        return article
