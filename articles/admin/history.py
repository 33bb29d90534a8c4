"""The history of an article: what happened to it, any two of its versions compared, and the way back to an edition."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from articles import drafting, history, publishing
from articles.admin import comparison
from articles.admin.screens import ArticleScreen
from articles.history import LIVE, NOTHING, NOW, NoSuchVersion, Version
from articles.models import Article

MOST_CHOICES = 500  # editions offered for comparison; older ones are reached by their number in the address


class HistoryScreen(ArticleScreen):
    """What happened to an article, newest first; comparing and restoring."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/history/compare/", view(self.compare_view), name="articles_article_compare"),
            path("<int:pk>/restore/<int:number>/", view(self.restore_view), name="articles_article_restore"),
            *super().get_urls(),
        ]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Editions, with what changed in each, and events, a page at a time."""
        number = unquote(object_id)
        article = self._to_view(request, int(number) if number.isdecimal() and len(number) < 19 else 0)
        page = history.line_of_time(article).get_page(request.GET.get("page"))
        return self.screen(
            request,
            "history",
            _("History"),
            article,
            page=page,
            pages=_pages(page),
            entries=history.entries(article, page.object_list),
            choices=_choices(article),
            may_restore=self.has_change_permission(request, article),
            may_share=self.has_share_permission(request, article),
        )

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Two versions: `?from=3&to=5`, where "now" is the working copy, "live" what readers see, "0" nothing.

        Without `to` the latest edition, without `from` the one before it.
        """
        article = self._to_view(request, pk)
        old, new = _versions(request, article)
        found = comparison.groups(old, new)
        may_restore = bool(old.key == NOW and new.edition and self.has_change_permission(request, article))
        return self.screen(
            request,
            "compare",
            _("Compare"),
            article,
            old=old,
            new=new,
            groups=found,
            changes=list(comparison.changed_places(found)),
            is_changed=any(group.is_changed for group in found),
            choices=_choices(article),
            earlier=_step(article, old, new, later=False),
            later=_step(article, old, new, later=True),
            may_restore=may_restore,
        )

    def restore_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        """Make the working copy say again what an old edition said; readers see nothing of it yet."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        edition = get_object_or_404(article.editions, number=number)
        seen = request.POST.get("version", "")
        try:
            made = publishing.restore(
                article,
                edition,
                by=request.user,  # type: ignore[arg-type]  # whoever is at the desk has signed in
                version=int(seen) if seen.isdecimal() and len(seen) < 9 else -1,
            )
        except publishing.StaleArticle:
            said = _("Somebody saved this article meanwhile. Look at the comparison as it is now, then decide again.")
            self.message_user(request, said, messages.ERROR)
            return HttpResponseRedirect(_address_of_comparison(article, NOW, str(number)))
        except (publishing.PublishingError, drafting.UnusableDocument) as error:
            self.message_user(request, str(error), messages.ERROR)
            return self.to_change_page(article)
        said = _("Edition %(old)d was restored as edition %(new)d.") % {"old": number, "new": made.number}
        self.message_user(request, said, messages.SUCCESS)
        self.log_change(request, article, said)
        return self.to_change_page(article)

    def _to_view(self, request: HttpRequest, pk: int) -> Article:
        """Raises Http404, PermissionDenied."""
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        return article


def _versions(request: HttpRequest, article: Article) -> tuple[Version, Version]:
    """The two that the address asks for. Raises Http404."""
    latest = article.editions.order_by("-number").values_list("number", flat=True).first()
    new = request.GET.get("to") or str(latest or NOW)
    try:
        to = history.version(article, new)
        before = history.number_beside(article, to.number, later=False) if to.number else latest
        return history.version(article, request.GET.get("from") or str(before or NOTHING)), to
    except NoSuchVersion as error:
        raise Http404 from error


def _choices(article: Article) -> list[tuple[str, str]]:
    """What can be compared, by name and words."""
    numbers = article.editions.order_by("-number").values_list("number", "created_at", "created_by__username")
    now = [(NOW, _("the working copy as it is now"))]
    live = [(LIVE, _("what readers see"))] if article.editions.live().exists() else []
    return [*now, *live, *((str(number), _edition(number, at, who)) for number, at, who in numbers[:MOST_CHOICES])]


def _edition(number: int, at: Any, who: str | None) -> str:
    known = {"number": number, "time": date_format(localtime(at), "SHORT_DATETIME_FORMAT"), "who": who}
    return (_("edition %(number)d, %(time)s, %(who)s") if who else _("edition %(number)d, %(time)s")) % known


def _step(article: Article, old: Version, new: Version, *, later: bool) -> str | None:
    """The address of the step of the history before or after the one that is shown; None where there is none."""
    start = (new if later else old).number
    end = history.number_beside(article, start, later=later) if start else None
    if start is None or (end is None and later) or NOW in (old.key, new.key):
        return None
    first, second = (start, end) if later else (end or NOTHING, start)
    return _address_of_comparison(article, str(first), str(second))


def _address_of_comparison(article: Article, old: str, new: str) -> str:
    address = reverse("admin:articles_article_compare", args=[article.pk])
    return f"{address}?{urlencode({'from': old, 'to': new})}"


def _pages(page: "Page[Any]") -> list[Any]:
    return list(page.paginator.get_elided_page_range(page.number)) if page.paginator.num_pages > 1 else []
