"""What the checks find, where editors meet it: beside the form while they type, in the list, and before publication."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import proofreading
from articles.admin.manuscripts import as_typed, is_too_long
from articles.admin.screens import ArticleScreen
from articles.admin.typed import Typed, typed
from articles.checks import Finding
from articles.checks.labels import label
from articles.models import Article


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as a screen tells it."""

    finding: Finding

    @property
    def where(self) -> str:
        return label(self.finding.place)

    @property
    def place(self) -> str:
        return self.finding.place

    @property
    def name(self) -> str:
        """Tells it from what else is found in the same article."""
        return f"{self.finding.rule} {self.finding.place}"

    @property
    def message(self) -> str:
        return str(self.finding.message)

    @property
    def is_required(self) -> bool:
        return self.finding.is_required

    @property
    def fix(self) -> str | None:
        return self.finding.fix


def told(text: Typed) -> list[Told]:
    """What the checks find in a text; what stops publication comes first."""
    found = proofreading.findings(text.document, text.media, unplaced=text.unplaced)
    return [Told(finding) for finding in sorted(found, key=lambda finding: not finding.is_required)]


class CheckScreen(ArticleScreen):
    """The checks of one article, and the column of the list that counts what they found."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.check_view)
        return [path("<int:pk>/typed/check/", view, name="articles_article_check"), *super().get_urls()]

    def form_addresses(self, pk: int) -> dict[str, str]:
        return {**super().form_addresses(pk), "check": reverse("admin:articles_article_check", args=[pk])}

    def side_parts(self, article: Article | None) -> list[str]:
        return ["admin/articles/article/side/checks.html", *super().side_parts(article)]

    def check_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """What the checks find in the form as it stands, sent by the page that shows it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.to_write(request, pk)
        if is_too_long(request.POST):
            raise BadRequest("The text is longer than a manuscript can be.")
        text = as_typed(request.POST) if "manuscript" in request.POST else typed(request.POST, article)
        return JsonResponse({"findings": list(_as_json(told(text)))})

    @admin.display(description=gettext_lazy("checks"), ordering="required_findings")
    def findings(self, article: Article) -> SafeString | str:
        """How many things the checks found when the article was last saved."""
        stopping, others = article.required_findings, article.other_findings
        if not stopping:
            return str(others) if others else "—"
        words = ngettext("%(count)d stops publication", "%(count)d stop publication", stopping) % {"count": stopping}
        more = format_html(" +{}", others) if others else ""
        return format_html('<span class="desk-stops">{}</span>{}', words, more)


def _as_json(found: Iterable[Told]) -> Iterable[dict[str, Any]]:
    for each in found:
        yield {
            "place": each.place,
            "where": each.where,
            "message": each.message,
            "required": each.is_required,
            "fix": each.fix,
        }


class FindingsFilter(admin.SimpleListFilter):
    """Articles in which the checks found something when they were last saved."""

    title = gettext_lazy("checks")
    parameter_name = "findings"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return [("required", _("publication is stopped")), ("any", _("something was found")), ("none", _("nothing"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "required":
            return queryset.filter(required_findings__gt=0)
        if self.value() == "any":
            return queryset.exclude(required_findings=0, other_findings=0)
        return queryset.filter(required_findings=0, other_findings=0) if self.value() == "none" else queryset
