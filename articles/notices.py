"""Mails to colleagues: a review is asked for or answered, a note was written, an article was published.

Off until EMAIL_URL is set. A mail is handed to the background once the deed it tells of is committed, so a mail server
that fails never stops a deed; the task that failed is found at the desk. It names the article's title and nothing else
of its text.
"""

from collections.abc import Iterable
from functools import partial

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from articles.background import task
from articles.models.desk import Note, Review
from articles.models.drafts import Article
from articles.models.editions import Edition
from articles.text import line

LONGEST_SUBJECT = 120


def review_asked(review: Review, anyone: Iterable[User]) -> None:
    """To the one who is to review or, where nobody is named, to all who can."""
    with _site_language():
        _tell(
            [review.assignee] if review.assignee else anyone,
            review.asked_by,
            review.article,
            _("Please review: %(title)s"),
            _("%(name)s asks you to review this article."),
            review.request,
        )


def review_answered(review: Review) -> None:
    """To the one who asked."""
    with _site_language():
        approved = review.outcome == Review.Outcome.APPROVED
        _tell(
            [review.asked_by],
            review.closed_by,
            review.article,
            _("Approved: %(title)s") if approved else _("Sent back: %(title)s"),
            _("%(name)s approved this article.") if approved else _("%(name)s sent this article back."),
            review.answer,
        )


def note_written(note: Note) -> None:
    """To those who write the article."""
    with _site_language():
        _tell(
            writers(note.article),
            note.author,
            note.article,
            _("A note on: %(title)s"),
            _("%(name)s wrote a note on this article."),
            note.text,
        )


def published(edition: Edition, by: User | None) -> None:
    """To those who write the article."""
    with _site_language():
        address = settings.SITE_URL + edition.article.get_absolute_url()
        _tell(
            writers(edition.article),
            by,
            edition.article,
            _("Published: %(title)s"),
            _("%(name)s published this article."),
            address,
        )


def writers(article: Article) -> list[User]:
    """Who began the article and who saved it last."""
    latest = article.editions.select_related("created_by").first()
    return [person for person in (article.created_by, latest and latest.created_by) if person]


def _site_language() -> override:
    """Mails are in the site's language, whatever the one who acts has chosen for the desk."""
    return override(settings.LANGUAGE_CODE)


def _tell(
    people: Iterable[User | None], actor: User | None, article: Article, subject: str, told: str, said: str
) -> None:
    if not settings.NOTICES or actor is None:
        return
    title = line(str(article))
    link = settings.SITE_URL + reverse("admin:articles_article_change", args=[article.pk])
    named = told % {"name": actor.get_username()}
    text = "\n\n".join(part for part in (named, f"{title}\n{link}", said.strip()) if part)
    heading = line(subject % {"title": title})[:LONGEST_SUBJECT]
    for address in _addresses(people, actor):
        transaction.on_commit(partial(deliver.enqueue, heading, text, address), robust=True)


def _addresses(people: Iterable[User | None], actor: User) -> list[str]:
    """Where to reach them, each once; nobody is told of what they did themselves."""
    found = [each.email for each in people if each and each.is_active and each.pk != actor.pk and each.email]
    return list(dict.fromkeys(found))


@task()
def deliver(subject: str, text: str, address: str) -> None:
    """Send one mail to one person."""
    EmailMessage(subject, text + "\n", to=[address]).send()
