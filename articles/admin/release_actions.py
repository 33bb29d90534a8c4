"""Publish, schedule and withdraw many articles from the list; each one that is refused is named with the reason."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import publishing
from articles.admin.release_forms import PublishNowForm, ScheduleForm, WithdrawForm
from articles.admin.releases import publish_latest
from articles.admin.screens import ArticleScreen
from articles.admin.states import state_of
from articles.models import Article

Verb = Callable[..., Any]


class ReleaseActions(ArticleScreen):
    """List actions. Each asks once more, showing what it is about to do to which articles."""

    actions = ("publish_selected", "schedule_selected", "withdraw_selected")

    @admin.action(description=gettext_lazy("Publish selected articles"), permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponseBase | None:
        """Put the latest edition of each on show now."""
        return self._act(request, queryset, _("Publish selected articles"), PublishNowForm, publish_latest)

    @admin.action(description=gettext_lazy("Schedule selected articles"), permissions=["publish"])
    def schedule_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponseBase | None:
        """Put the latest edition of each on show at a time to come."""
        return self._act(request, queryset, _("Schedule selected articles"), ScheduleForm, publish_latest)

    @admin.action(description=gettext_lazy("Withdraw selected articles"), permissions=["publish"])
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponseBase | None:
        """Take each off the site."""
        return self._act(request, queryset, _("Withdraw selected articles"), WithdrawForm, _withdraw)

    def _act(
        self,
        request: HttpRequest,
        queryset: QuerySet[Article],
        title: str,
        kind: type[PublishNowForm | ScheduleForm | WithdrawForm],
        verb: Verb,
    ) -> HttpResponseBase | None:
        form = kind(request.POST if "apply" in request.POST else None)
        if form.is_valid():
            self._act_on_each(request, queryset, title, verb, form.options)
            return None
        rows = [(article, state_of(article)) for article in queryset]
        return self.screen(
            request,
            "act",
            title,
            form=form,
            rows=rows,
            action=request.POST.get("action"),
            across=request.POST.get("select_across", "0"),
            checkbox=ACTION_CHECKBOX_NAME,
            replaces=verb is publish_latest and any(vars(article)["is_scheduled"] for article, _ in rows),
        )

    def _act_on_each(
        self, request: HttpRequest, queryset: QuerySet[Article], title: str, verb: Verb, options: dict[str, Any]
    ) -> None:
        done = 0
        for article in queryset:
            try:
                verb(article, request.user, **options)
            except publishing.PublishingError as error:
                said = _("%(title)s: %(reason)s") % {"title": article, "reason": error}
                self.message_user(request, said, messages.ERROR)
            else:
                done += 1
                self.log_change(request, article, title)
        if done:
            said = ngettext("Done for %(count)d article.", "Done for %(count)d articles.", done)
            self.message_user(request, said % {"count": done}, messages.SUCCESS)


def _withdraw(article: Article, by: Any, reason: str) -> None:
    if not publishing.withdraw(article, by=by, reason=reason):
        raise publishing.NotPossibleThen(_("It is not on show."))
