"""Asking for the sources of an article to be looked at before their turn."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from articles import trail
from articles.models.drafts import Article
from articles.models.sources import Address


@transaction.atomic
def recheck(article: Article, *, by: User) -> int:
    """Make the addresses that the article's editions stand on due now; returns how many there are."""
    addresses = Address.objects.filter(citations__edition__article=article, ignored=False).values("pk")
    count = Address.objects.filter(pk__in=addresses).update(due_at=timezone.now())
    if count:
        trail.record("recheck_sources", by=by, article=article, count=count)
    return count
