"""Reviews: a second pair of eyes before publication. Ask, approve, send back, take back; each is one transaction.

A review begins with the edition that was the latest when it was asked for. What is approved is the edition the
reviewer saw, which may be a later one; a change after that ends the approval (see `publishing.save`).
"""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import notices, publishing, trail, workflow
from articles.models.desk import Review
from articles.models.drafts import Article
from articles.workflow import Action

Outcome = Review.Outcome
APPROVERS = "django.contrib.auth.backends.ModelBackend"


class NotForReview(publishing.PublishingError):
    """The article is not where a review would begin or end, or this person is not the one to answer."""


def reviewers(but: User | None = None) -> QuerySet[User]:
    """Those who may approve at the desk, by name."""
    people = User.objects.with_perm("articles.approve_article", backend=APPROVERS).filter(is_staff=True)
    return (people.exclude(pk=but.pk) if but else people).order_by("username")


def open_review(article: Article) -> Review | None:
    """The review the article waits for, if it does."""
    return article.reviews.filter(outcome=Outcome.OPEN).select_related("asked_by", "assignee").first()


def may_answer(user: User, review: Review) -> bool:
    """Whether this person is the one to approve or send back: who was asked, or any other editor if nobody was.

    Nobody answers their own request. Superusers may.
    """
    if user.is_superuser:
        return True
    is_asked = review.assignee_id in (None, user.pk) and review.asked_by_id != user.pk
    return is_asked and workflow.may(user, Action.APPROVE)


def waiting_for(user: User) -> Q:
    """The condition on articles whose review this person is to answer."""
    if not workflow.may(user, Action.APPROVE):
        return Q(pk__in=())
    asked = Q(assignee=user) | Q(assignee=None) & ~Q(asked_by=user)
    return Q(pk__in=Review.objects.filter(asked, outcome=Outcome.OPEN).values("article"))


def asked_by(user: User) -> Q:
    """The condition on articles whose review this person waits for."""
    return Q(pk__in=Review.objects.filter(asked_by=user, outcome=Outcome.OPEN).values("article"))


@transaction.atomic
def ask(article: Article, *, by: User, assignee: User | None = None, request: str = "") -> Review:
    """Send the article to review, as it was last saved. Raises NotForReview."""
    _take(article, Action.ASK_REVIEW)
    if assignee and (assignee == by or not reviewers().filter(pk=assignee.pk).exists()):
        raise NotForReview(_("%(name)s cannot review this article. Choose somebody else.") % {"name": assignee})
    edition = article.editions.first() or publishing.save(article, by=by)
    review = Review.objects.create(
        article=article, edition_number=edition.number, asked_by=by, assignee=assignee, request=request
    )
    _move(article, Action.ASK_REVIEW)
    trail.record(
        "ask_review",
        by=by,
        article=article,
        edition=edition.number,
        assignee=assignee.get_username() if assignee else "",
    )
    notices.review_asked(review, reviewers(but=by))
    return review


@transaction.atomic
def approve(article: Article, *, by: User, edition: int, answer: str = "") -> Review:
    """Say that this edition, the latest, can be published. Raises NotForReview."""
    _take(article, Action.APPROVE)
    latest = article.editions.latest("number").number
    if edition != latest:
        raise NotForReview(
            _("Edition %(number)d was saved meanwhile. Look at it, then approve it.") % {"number": latest}
        )
    return _close(article, Action.APPROVE, Outcome.APPROVED, by=by, answer=answer, edition=edition)


@transaction.atomic
def send_back(article: Article, *, by: User, answer: str) -> Review:
    """Say what has to change first. Raises NotForReview."""
    _take(article, Action.SEND_BACK)
    if not answer.strip():
        raise NotForReview(_("Say what has to change before you send it back."))
    return _close(article, Action.SEND_BACK, Outcome.RETURNED, by=by, answer=answer)


@transaction.atomic
def take_back(article: Article, *, by: User) -> Review:
    """End the review without an answer. Raises NotForReview."""
    _take(article, Action.TAKE_BACK)
    return _close(article, Action.TAKE_BACK, Outcome.CANCELLED, by=by)


def _take(article: Article, action: Action) -> None:
    """Work alone on the article, as it is now. Raises NotForReview where the action does not fit."""
    publishing.lock(article)
    article.refresh_from_db(fields=["stage"])
    if article.stage not in workflow.TABLE[action].stages or not workflow.fits(action, _fresh(article)):
        raise NotForReview(why_not(action, article))


def _fresh(article: Article) -> Article:
    return Article.objects.with_state().get(pk=article.pk)


def why_not(action: Action, article: Article) -> str:
    """Why the action does not fit, in words for an editor."""
    if action == Action.ASK_REVIEW and article.stage == Article.Stage.WRITING:
        return _("Readers have this edition already. Save a change first, then send it to review.")
    if action == Action.ASK_REVIEW:
        return _("The article is in review or approved already.")
    return _("The article is not in review any more.")


def _close(
    article: Article, action: Action, outcome: Review.Outcome, *, by: User, answer: str = "", edition: int = 0
) -> Review:
    review = open_review(article)
    if review is None:
        raise NotForReview(why_not(action, article))
    if action != Action.TAKE_BACK and not may_answer(by, review):
        raise NotForReview(_not_yours(review))
    review.outcome, review.answer = outcome, answer
    review.closed_by, review.closed_at = by, timezone.now()
    review.edition_number = edition or review.edition_number
    review.save()
    _move(article, action)
    trail.record(action.value, by=by, article=article, edition=review.edition_number, answer=answer)
    if outcome != Outcome.CANCELLED:
        notices.review_answered(review)
    return review


def _not_yours(review: Review) -> str:
    if review.assignee:
        return _("%(name)s was asked to review this article.") % {"name": review.assignee}
    return _("Somebody else has to review what you sent to review.")


def _move(article: Article, action: Action) -> None:
    article.stage = workflow.TABLE[action].leads_to or article.stage
    Article.objects.filter(pk=article.pk).update(stage=article.stage)
