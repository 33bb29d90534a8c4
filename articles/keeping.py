"""Text that was typed and not saved: one slot for each person and article, apart from the article and its history.

A slot is filled by the open page every few seconds, offered when the page is opened again, and goes when its text is
saved or discarded. The token of a form names the window: what one window keeps, another does not write over.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.background import Enough, sweep
from articles.models.desk import Autosave
from articles.models.drafts import Article
from articles.publishing import PublishingError

KEPT_FOR = timedelta(days=30)
Fields = Mapping[str, list[str]]

# What a form sends along with its text.
_NOT_TEXT = ("csrfmiddlewaretoken", "_save", "_continue", "_addanother", "_publish")


class KeptElsewhere(PublishingError):
    """Another window of the same person keeps other text of the article."""


def keep(user: User, article: Article | None, token: str, fields: Fields) -> Autosave:
    """Put what stands in a form into the person's slot, over what the same form put there before.

    Raises KeptElsewhere.
    """
    data = {_clean(name): [_clean(value) for value in fields[name]] for name in fields if name not in _NOT_TEXT}
    try:
        return _keep(user, article, token, data)
    except IntegrityError:  # the slot's first filling, twice at once: now it is there
        return _keep(user, article, token, data)


@transaction.atomic
def _keep(user: User, article: Article | None, token: str, data: Fields) -> Autosave:
    slots = Autosave.objects.select_for_update().filter(user=user)
    slot = (slots.filter(article=article) if article else slots.filter(article=None, token=token)).first()
    if slot and slot.token != token:
        raise KeptElsewhere(
            _(
                "Another window of yours has unsaved text of this article, kept at %(time)s. "
                "Restore or discard that first; what you type here stays in this browser."
            )
            % {"time": moment(slot)}
        )
    slot = slot or Autosave(user=user, article=article, token=token)
    slot.data, slot.saved_at = dict(data), timezone.now()
    slot.save()
    return slot


def _clean(text: str) -> str:
    """Without the one character that PostgreSQL cannot keep."""
    return text.replace("\x00", "")


def slot_of(user: User, article: Article) -> Autosave | None:
    """What the person typed into the article's form and did not save."""
    return Autosave.objects.filter(user=user, article=article).first()


def slots_of_new(user: User) -> list[Autosave]:
    """What the person typed into forms of articles that do not exist (yet, or any more), the newest first."""
    return list(Autosave.objects.filter(user=user, article=None).order_by("-saved_at", "-pk"))


def let_go(user: User, token: str) -> None:
    """Empty the slot of a form: what it kept has been saved."""
    Autosave.objects.filter(user=user, token=token).delete()


def moment(slot: Autosave) -> str:
    """When the slot was filled: the time of a day, with the day where that is not today's."""
    at = timezone.localtime(slot.saved_at)
    return date_format(at, "TIME_FORMAT" if at.date() == timezone.localdate() else "DATETIME_FORMAT")


@sweep(every=timedelta(days=1))
def forget(enough: Enough) -> None:
    """Throw away what nobody came back for in 30 days."""
    Autosave.objects.filter(saved_at__lt=timezone.now() - KEPT_FOR).delete()
