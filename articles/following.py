"""Follow-ups: an article that goes on where another stopped."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from articles import drafting, publishing, trail
from articles.models.drafts import Article

MOST = 20  # articles of a chain that are shown


@transaction.atomic
def follow_up(article: Article, *, by: User) -> Article:
    """A new draft that begins as a copy of the working copy, with its tags, and follows the article.

    It has no dates, editions, reviews or notes of its own yet, and its title stays to be changed. Since an article
    follows what was there before it, and for good, no chain leads back to itself.
    """
    document, media = drafting.read(article), drafting.media(article)
    made = drafting.create(document, by=by, follows=article)
    drafting.write(made, document, media)
    publishing.save(made, by=by, note=_("Follow-up to “%(title)s”") % {"title": article})
    trail.record("follow_up", by=by, article=made, follows=article.pk)
    return made


def before(article: Article) -> list[Article]:
    """What the article follows, nearest first. One query for each."""
    return list(_back(article))


def _back(article: Article) -> Iterator[Article]:
    for _number in range(MOST):
        if article.follows is None:
            return
        article = article.follows
        yield article


def after(article: Article) -> list[Article]:
    """What follows the article, oldest first."""
    return list(article.followers.order_by("created_at", "pk")[:MOST])
