"""Reviews at the desk: send an article to review, answer, take it back; and what its page says of them."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import publishing, reviewing, workflow
from articles.admin.screens import ArticleScreen
from articles.models import Article, Review
from articles.workflow import Action


class AskForm(forms.Form):
    """Who is to review, and what to look at."""

    assignee = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Reviewer"),
        required=False,
        empty_label=gettext_lazy("(whoever is free)"),
        help_text=gettext_lazy("Whoever is named here is the one to answer."),
    )
    request = forms.CharField(
        label=gettext_lazy("What to look at"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = reviewing.reviewers(but=by)  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """What the reviewer says, of the edition on the screen."""

    edition = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.CharField(
        label=gettext_lazy("Answer"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("When you send it back: what has to change."),
    )


@dataclass(frozen=True, slots=True)
class ReviewPart:
    """What an article's page says of its reviews, and what can be done about them from there."""

    open: Review | None
    last: Review | None
    latest_number: int
    may_ask: bool
    may_answer: bool
    may_take_back: bool

    @property
    def was_changed(self) -> bool:
        """Whether something was saved since the review was asked for."""
        return bool(self.open and self.latest_number > self.open.edition_number)


class ReviewScreens(ArticleScreen):
    """Screens on the way from the writer to the reviewer and back. A GET only asks; a POST acts."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/review/", view(self.review_view), name="articles_article_review"),
            path("<int:pk>/answer/", view(self.answer_view), name="articles_article_answer"),
            path("<int:pk>/take-back/", view(self.take_back_view), name="articles_article_take_back"),
            *super().get_urls(),
        ]

    def review_part(self, request: HttpRequest, article: Article) -> ReviewPart:
        """What the page of an article that came from `get_queryset` says of its reviews. Two queries."""
        user = signed_in(request)
        reviews = article.reviews.select_related("asked_by", "assignee", "closed_by")
        last = reviews.first()
        waits = last if last and last.outcome == Review.Outcome.OPEN else None
        return ReviewPart(
            open=waits,
            last=last if last and not waits and last.outcome != Review.Outcome.CANCELLED else None,
            latest_number=vars(article)["latest_number"] or 0,
            may_ask=workflow.can(user, Action.ASK_REVIEW, article),
            may_answer=bool(waits and reviewing.may_answer(user, waits)),
            may_take_back=workflow.can(user, Action.TAKE_BACK, article),
        )

    def review_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Send the article to review."""
        article = self.to_do(request, pk, Action.ASK_REVIEW)
        by = signed_in(request)
        form = AskForm(request.POST if request.method == "POST" else None, by=by)
        if request.method == "POST" and form.is_valid():
            try:
                reviewing.ask(article, by=by, **form.cleaned_data)
            except publishing.PublishingError as error:
                form.add_error(None, str(error))
            else:
                return self._told(request, article, _("The article was sent to review."))
        status = 409 if form.errors else 200
        return self.screen(request, "review", _("Send to review"), article, form=form, status=status)

    def answer_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Approve the article, or send it back."""
        article = self.to_do(request, pk, Action.APPROVE)
        part = self.review_part(request, article)
        form = AnswerForm(request.POST if request.method == "POST" else None, initial={"edition": part.latest_number})
        if request.method == "POST" and form.is_valid():
            try:
                said = _answer(request, article, **form.cleaned_data)
            except publishing.PublishingError as error:
                form.data = {**form.data.dict(), "edition": part.latest_number}  # type: ignore[attr-defined]
                form.add_error(None, str(error))
            else:
                return self._told(request, article, said)
        status = 409 if form.errors else 200
        return self.screen(request, "answer", _("Review"), article, form=form, part=part, status=status)

    def take_back_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """End the review without an answer. There is nothing to ask, so a GET is refused."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.to_do(request, pk, Action.TAKE_BACK)
        try:
            reviewing.take_back(article, by=signed_in(request))
        except publishing.PublishingError as error:
            self.message_user(request, str(error), messages.WARNING)
            return self.to_change_page(article)
        return self._told(request, article, _("The article was taken back from review."))

    def _told(self, request: HttpRequest, article: Article, said: str) -> HttpResponse:
        self.message_user(request, said, messages.SUCCESS)
        self.log_change(request, article, said)
        return self.to_change_page(article)


def _answer(request: HttpRequest, article: Article, edition: int, answer: str) -> str:
    """Do what the button says; returns what the desk says of it. Raises PublishingError."""
    if "approve" in request.POST:
        reviewing.approve(article, by=signed_in(request), edition=edition, answer=answer)
        return _("Edition %(number)d was approved.") % {"number": edition}
    reviewing.send_back(article, by=signed_in(request), answer=answer)
    return _("The article was sent back.")


def signed_in(request: HttpRequest) -> User:
    """Who is at the desk. Raises PermissionDenied for nobody, whom the desk lets in nowhere."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
