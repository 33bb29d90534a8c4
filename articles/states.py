"""What state an article is in, in the words of a newsroom. Read from its editions, never stored."""

from django.db.models import F, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from articles.models.drafts import Article


class State(TextChoices):
    """Where an article stands between the desk and its readers."""

    DRAFT = "draft", _("draft")
    SCHEDULED = "scheduled", _("scheduled")
    LIVE = "live", _("on show")
    CHANGED = "changed", _("on show, with unpublished changes")
    UPDATE = "update", _("on show, update scheduled")
    ENDED = "ended", _("withdrawn")


# Conditions on Article.objects.with_state(); each article meets exactly one.
CONDITIONS = {
    State.LIVE: Q(is_live=True, is_scheduled=False, latest_number=F("live_number")),
    State.CHANGED: Q(is_live=True, is_scheduled=False, latest_number__gt=F("live_number")),
    State.UPDATE: Q(is_live=True, is_scheduled=True),
    State.SCHEDULED: Q(is_live=False, is_scheduled=True),
    State.ENDED: Q(is_live=False, is_scheduled=False, was_live=True),
    State.DRAFT: Q(is_live=False, is_scheduled=False, was_live=False),
}


def state_of(article: Article) -> State:
    """The state of an article that came from `Article.objects.with_state()`. No query."""
    row = vars(article)
    if row["is_scheduled"]:
        return State.UPDATE if row["is_live"] else State.SCHEDULED
    if row["is_live"]:
        return State.CHANGED if row["latest_number"] > row["live_number"] else State.LIVE
    return State.ENDED if row["was_live"] else State.DRAFT
