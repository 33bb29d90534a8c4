"""Who has an article open, as the open pages say every few seconds. Nobody is kept out by it."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from articles.background import Enough, sweep
from articles.models.desk import Presence
from articles.models.drafts import Article

GONE_AFTER = timedelta(seconds=45)  # three heartbeats


@dataclass(frozen=True, slots=True)
class Someone:
    """A person who has the article open, and whether with text that is not saved."""

    name: str
    has_unsaved: bool


def here(user: User, article: Article, *, unsaved: bool) -> None:
    """Note that somebody has the article open."""
    Presence.objects.update_or_create(
        user=user, article=article, defaults={"seen_at": timezone.now(), "unsaved": unsaved}
    )


def gone(user: User, article: Article) -> None:
    """Note that somebody closed it."""
    Presence.objects.filter(user=user, article=article).delete()


def others(user: User, article: Article) -> list[Someone]:
    """Who else has the article open now, by name."""
    rows = Presence.objects.filter(article=article, seen_at__gt=timezone.now() - GONE_AFTER).exclude(user=user)
    found = rows.select_related("user").order_by("user__username")
    return [Someone(name_of(row.user), row.unsaved) for row in found]


def name_of(user: User) -> str:
    """What colleagues call somebody."""
    return user.get_full_name() or user.get_username()


@sweep(every=timedelta(hours=6))
def forget(enough: Enough) -> None:
    """Forget who was there long ago."""
    Presence.objects.filter(seen_at__lt=timezone.now() - 10 * GONE_AFTER).delete()
