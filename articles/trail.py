"""The trail: who did what to which article, and when. A verb records one event, in its own transaction."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from articles.models.desk import Event
from articles.models.drafts import Article

VERBS: dict[str, str | Promise] = {
    # From the desk to the readers
    "publish": pgettext_lazy("event", "published"),
    "schedule": pgettext_lazy("event", "scheduled"),
    "reschedule": pgettext_lazy("event", "moved the schedule"),
    "unschedule": pgettext_lazy("event", "took back the schedule"),
    "withdraw": pgettext_lazy("event", "withdrew"),
    "restore": pgettext_lazy("event", "restored an edition"),
    # How articles come and go
    "import": pgettext_lazy("event", "imported a manuscript"),
    "archive": pgettext_lazy("event", "imported an archive"),
    "follow_up": pgettext_lazy("event", "began a follow-up"),
    "delete": pgettext_lazy("event", "deleted"),
    "export": pgettext_lazy("event", "exported manuscripts"),
    # Reviews and notes
    "ask_review": pgettext_lazy("event", "asked for a review"),
    "approve": pgettext_lazy("event", "approved"),
    "send_back": pgettext_lazy("event", "sent back"),
    "take_back": pgettext_lazy("event", "took back the request"),
    "note": pgettext_lazy("event", "wrote a note"),
    "settle_note": pgettext_lazy("event", "settled a note"),
    "reopen_note": pgettext_lazy("event", "reopened a note"),
    # Tags, commentators, pictures, sources
    "add_tags": pgettext_lazy("event", "added tags"),
    "remove_tags": pgettext_lazy("event", "removed tags"),
    "rename_tag": pgettext_lazy("event", "renamed a tag"),
    "merge_tags": pgettext_lazy("event", "merged tags"),
    "delete_tag": pgettext_lazy("event", "deleted a tag"),
    "change_commentator": pgettext_lazy("event", "changed a commentator"),
    "delete_commentator": pgettext_lazy("event", "deleted a commentator"),
    "add_picture": pgettext_lazy("event", "added a picture"),
    "change_picture": pgettext_lazy("event", "changed a picture"),
    "delete_picture": pgettext_lazy("event", "deleted a picture"),
    "recheck_sources": pgettext_lazy("event", "asked for sources to be checked"),
    "change_address": pgettext_lazy("event", "changed what is known of a source"),
    # Draft links, people
    "share_draft": pgettext_lazy("event", "made a draft link"),
    "revoke_draft_link": pgettext_lazy("event", "took back a draft link"),
    "change_roles": pgettext_lazy("event", "changed somebody’s roles"),
}

# What the details of an event are called.
LABELS: dict[str, str | Promise] = {
    "edition": gettext_lazy("edition"),
    "made": gettext_lazy("new edition"),
    "at": gettext_lazy("from"),
    "was": gettext_lazy("before"),
    "until": gettext_lazy("until"),
    "correction": gettext_lazy("correction"),
    "reason": gettext_lazy("reason"),
    "count": gettext_lazy("how many"),
    "number": gettext_lazy("number of the article"),
    "assignee": gettext_lazy("reviewer"),
    "answer": gettext_lazy("answer"),
    "section": gettext_lazy("section"),
    "tags": gettext_lazy("tags"),
    "follows": gettext_lazy("follow-up to"),
    "picture": gettext_lazy("picture"),
    "person": gettext_lazy("person"),
    "roles": gettext_lazy("roles"),
}
_yes, _no = gettext_lazy("yes"), gettext_lazy("no")


def record(verb: str, *, by: User | None, article: Article | None = None, **details: Any) -> Event:
    """Write down what was just done. `by` is None where no person did it: an import, a sample.

    `details` are JSON; dates and times are taken, too. Raises KeyError for a verb that VERBS does not know.
    """
    if verb not in VERBS:
        raise KeyError(verb)
    return Event.objects.create(
        verb=verb,
        by=by,
        by_name=by.get_username() if by else "",
        article=article,
        title=article.title if article else "",
        details={name: value for name, value in details.items() if value not in (None, "", [])},
    )


def tell(event: Event) -> str:
    """The details of an event in a line."""
    return "、".join(f"{_label(name)}: {_value(value)}" for name, value in event.details.items())


def of_article(article: Article) -> QuerySet[Event]:
    """What was done to the article, newest first."""
    return Event.objects.filter(article=article)


def _label(name: str) -> str:
    return str(LABELS.get(name, name))


def _value(value: Any) -> str:
    """A detail as a person reads it: times in the site's zone, lists parted by 、."""
    if isinstance(value, list):
        return "、".join(str(each) for each in value[:20]) + ("…" if len(value) > 20 else "")
    if isinstance(value, bool):
        return str(_yes if value else _no)
    try:
        at = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at and timezone.is_aware(at) else str(value)
