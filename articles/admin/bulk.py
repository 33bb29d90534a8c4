"""Bulk work from the list: each action asks once more, and then tells for every article what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import drafting, exporting, following, publishing, rechecking, reviewing, tagging, workflow
from articles.admin.bulk_forms import NothingForm, TagsForm
from articles.admin.release_forms import ScheduleForm, WithdrawForm
from articles.admin.releases import publish_latest
from articles.admin.reviews import AskForm, signed_in
from articles.admin.screens import ArticleScreen
from articles.models import Article, Edition
from articles.states import state_of
from articles.workflow import Action

MOST = 200  # articles at once: the slowest work, changing tags, takes ten seconds for so many

Verb = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Deed:
    """One kind of bulk work. `verb` says what it did to an article, or raises PublishingError."""

    title: str
    action: Action
    verb: Verb
    form: type[forms.Form] = NothingForm
    options: dict[str, Any] = field(default_factory=dict)
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of the work on one article."""

    name: str
    address: str
    is_done: bool
    said: str


class BulkScreen(ArticleScreen):
    """List actions."""

    actions = (
        "publish_selected",
        "schedule_selected",
        "withdraw_selected",
        "review_selected",
        "add_tags_to_selected",
        "remove_tags_from_selected",
        "recheck_selected",
        "follow_selected",
        "export_selected",
    )

    @admin.action(description=gettext_lazy("Publish selected articles"), permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponseBase:
        """Put the latest edition of each on show now."""
        deed = Deed(_("Publish selected articles"), Action.PUBLISH, _publish, warning=_replaces(queryset))
        return self._act(request, queryset, deed)

    @admin.action(description=gettext_lazy("Schedule selected articles"), permissions=["publish"])
    def schedule_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponseBase:
        """Put the latest edition of each on show at a time to come."""
        title = _("Schedule selected articles")
        return self._act(
            request, queryset, Deed(title, Action.PUBLISH, _publish, ScheduleForm, warning=_replaces(queryset))
        )

    @admin.action(description=gettext_lazy("Withdraw selected articles"), permissions=["publish"])
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponseBase:
        """Take each off the site."""
        deed = Deed(_("Withdraw selected articles"), Action.WITHDRAW, _withdraw, WithdrawForm)
        return self._act(request, queryset, deed)

    @admin.action(description=gettext_lazy("Send selected articles to review"), permissions=["review"])
    def review_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponseBase:
        """Ask for a review of each as it was last saved."""
        deed = Deed(
            _("Send selected articles to review"),
            Action.ASK_REVIEW,
            _ask_review,
            AskForm,
            options={"by": signed_in(request)},
        )
        return self._act(request, queryset, deed)

    @admin.action(description=gettext_lazy("Add tags to selected articles"), permissions=["change"])
    def add_tags_to_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponseBase:
        """Add tags to the working copy of each."""
        return self._act(request, queryset, Deed(_("Add tags to selected articles"), Action.EDIT, _add_tags, TagsForm))

    @admin.action(description=gettext_lazy("Remove tags from selected articles"), permissions=["change"])
    def remove_tags_from_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponseBase:
        """Remove tags from the working copy of each."""
        deed = Deed(_("Remove tags from selected articles"), Action.EDIT, _remove_tags, TagsForm)
        return self._act(request, queryset, deed)

    @admin.action(description=gettext_lazy("Check the sources of selected articles"), permissions=["change"])
    def recheck_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponseBase:
        """Have the addresses that each stands on looked at soon."""
        deed = Deed(_("Check the sources of selected articles"), Action.EDIT, _recheck)
        return self._act(request, queryset, deed)

    @admin.action(description=gettext_lazy("Begin follow-ups to selected articles"), permissions=["add"])
    def follow_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponseBase:
        """Begin a new draft from each."""
        deed = Deed(_("Begin follow-ups to selected articles"), Action.FOLLOW_UP, _follow)
        return self._act(request, queryset, deed)

    @admin.action(description=gettext_lazy("Export selected articles as manuscripts"), permissions=["view"])
    def export_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponseBase:
        """Download the working copies in one file."""
        title = _("Export selected articles as manuscripts")
        if "apply" not in request.POST:
            return self._act(request, queryset, Deed(title, Action.EXPORT, _nothing))
        articles = [each for each in queryset[:MOST] if workflow.may(request.user, Action.EXPORT, each)]
        file = exporting.export(articles, by=signed_in(request))
        return FileResponse(file, as_attachment=True, filename=exporting.file_name())

    def response_action(self, request: HttpRequest, queryset: QuerySet[Article], *args: Any, **kwargs: Any) -> Any:
        """Take only numbers for articles; Django would stumble over anything else."""
        data = request.POST.copy()
        named = data.getlist(ACTION_CHECKBOX_NAME)
        data.setlist(ACTION_CHECKBOX_NAME, [pk for pk in named if pk.isascii() and pk.isdigit() and len(pk) < 19])
        request.POST = data  # type: ignore[assignment]
        return super().response_action(request, queryset, *args, **kwargs)

    def _act(self, request: HttpRequest, queryset: QuerySet[Article], deed: Deed) -> HttpResponseBase:
        """Ask, or do it and tell. What was shown is what is done: the articles are named one by one when asking."""
        form = deed.form(request.POST if "apply" in request.POST else None, **deed.options)
        if form.is_valid():
            return self._do(request, queryset, deed, form)
        chosen = queryset.count()
        return self.screen(
            request,
            "act",
            deed.title,
            form=form,
            rows=[(article, state_of(article)) for article in queryset[:MOST]],
            action=request.POST.get("action"),
            checkbox=ACTION_CHECKBOX_NAME,
            warning=deed.warning,
            chosen=chosen,
            most=MOST,
            left=max(0, chosen - MOST),
            status=409 if form.errors else 200,
        )

    def _do(self, request: HttpRequest, queryset: QuerySet[Article], deed: Deed, form: forms.Form) -> HttpResponseBase:
        options = getattr(form, "options", form.cleaned_data)
        articles = list(queryset[:MOST])
        results = [self._do_one(request, article, deed, options) for article in articles]
        found = {str(article.pk) for article in articles}
        gone = [pk for pk in request.POST.getlist(ACTION_CHECKBOX_NAME)[:MOST] if pk not in found]
        results += [Result(pk, "", False, _("It is no longer in the list.")) for pk in gone]
        done = sum(result.is_done for result in results)
        return self.screen(request, "results", deed.title, results=results, done=done, refused=len(results) - done)

    def _do_one(self, request: HttpRequest, article: Article, deed: Deed, options: dict[str, Any]) -> Result:
        address = reverse("admin:articles_article_change", args=[article.pk])
        if not workflow.may(request.user, deed.action, article):
            return Result(str(article), address, False, _("You may not do this with this article."))
        try:
            said = deed.verb(article, signed_in(request), **options)
        except (publishing.PublishingError, drafting.UnusableDocument) as error:
            return Result(str(article), address, False, str(error))
        self.log_change(request, article, deed.title)
        return Result(str(article), address, True, said)


def _replaces(queryset: QuerySet[Article]) -> str:
    if not Edition.objects.scheduled().filter(article__in=queryset.values("pk")).exists():
        return ""
    return _("Where an article is scheduled already, this replaces the schedule.")


# What each kind of work does to one article, and says of it.


def _publish(article: Article, by: User, **options: Any) -> str:
    edition = publish_latest(article, by, **options)
    number = {"number": edition.number}
    return _("Edition %(number)d is scheduled.") % number if options else _("Edition %(number)d is on show.") % number


def _withdraw(article: Article, by: User, reason: str) -> str:
    if not publishing.withdraw(article, by=by, reason=reason):
        raise publishing.NotPossibleThen(_("It is not on show."))
    return _("It was withdrawn.")


def _ask_review(article: Article, by: User, **options: Any) -> str:
    review = reviewing.ask(article, by=by, **options)
    return _("Edition %(number)d is in review.") % {"number": review.edition_number}


def _add_tags(article: Article, by: User, tags: Sequence[str]) -> str:
    if not tagging.add_tags(article, tags, by=by):
        raise publishing.NotPossibleThen(_("It has these tags already."))
    return _("The tags were added. Readers see them when it is published.")


def _remove_tags(article: Article, by: User, tags: Sequence[str]) -> str:
    if not tagging.remove_tags(article, tags, by=by):
        raise publishing.NotPossibleThen(_("It has none of these tags."))
    return _("The tags were removed. Readers see it when it is published.")


def _recheck(article: Article, by: User) -> str:
    count = rechecking.recheck(article, by=by)
    if not count:
        raise publishing.NotPossibleThen(_("It stands on no address that is looked after."))
    said = ngettext("%(count)d address will be looked at soon.", "%(count)d addresses will be looked at soon.", count)
    return said % {"count": count}


def _follow(article: Article, by: User) -> str:
    made = following.follow_up(article, by=by)
    address = reverse("admin:articles_article_change", args=[made.pk])
    return format_html('<a href="{}">{}</a>', address, _("Open the follow-up"))


def _nothing(article: Article, by: User) -> str:
    return ""
