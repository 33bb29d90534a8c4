"""Cards for whoever pastes an address: asked for at the desk, read in the background, kept for who asks next."""

from dataclasses import asdict
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from articles import fetching
from articles.background import task
from articles.cards import read_card
from articles.fetching import Fetcher, FetchError
from articles.models.sources import Card
from articles.publishing import PublishingError
from articles.text import line

A_MINUTE = 30  # pages that one person can have read in it: the desk is no way to search the web unseen
GOOD_FOR = timedelta(days=1)  # after that, a page is read anew
PATIENCE = timedelta(minutes=2)  # after that, whoever was to read it is taken for lost
URGENT = 50  # among the priorities of tasks: somebody is waiting


class NoCard(PublishingError):
    """No page will be read; the message says why."""


@transaction.atomic
def ask(url: str, *, by: User) -> Card:
    """The card of the page at an address, which is read in the background unless that was done lately.

    Raises NoCard where it is no address of the web, or this person asked for too many.
    """
    card, is_new = Card.objects.get_or_create(url=usual(url))
    now = timezone.now()
    lately = Q(state=Card.State.READ, read_at__gt=now - GOOD_FOR) | Q(
        state=Card.State.WAITING, asked_at__gt=now - PATIENCE
    )
    wanted = Card.objects.filter(pk=card.pk) if is_new else Card.objects.filter(pk=card.pk).exclude(lately)
    if wanted.update(state=Card.State.WAITING, asked_at=now, error=""):
        count_one(by)
        transaction.on_commit(lambda: read.enqueue(card.pk))
        card.refresh_from_db()
    return card


def usual(url: str) -> str:
    """The address as it is asked for. Raises NoCard."""
    try:
        return str(fetching.address(line(url)))
    except FetchError as error:
        raise NoCard(str(error)) from error


def known(url: str) -> Card | None:
    """The card of an address that was asked for before."""
    return Card.objects.filter(url=usual(url)).first()


def count_one(by: User) -> None:
    """Raises NoCard where this person had a minute's worth of pages read in this minute."""
    minute = f"cards:{by.pk}:{timezone.now():%H%M}"
    cache.add(minute, 0, timeout=120)
    if cache.incr(minute) > A_MINUTE:
        raise NoCard(_("You had many pages read in a short time. Wait a minute, or fill in the card by hand."))


@task(priority=URGENT)
def read(card_id: int) -> None:
    """Fetch the page and keep what it says of itself, or why it could not be read."""
    card = Card.objects.get(pk=card_id)
    try:
        page = Fetcher().page(card.url)
    except FetchError as error:
        with override(settings.LANGUAGE_CODE):
            card.state, card.error = Card.State.FAILED, str(error)
    else:
        found = read_card(page.body, page.headers.get("content-type", ""), page.url)
        card.state, card.error, card.content = Card.State.READ, "", asdict(found)
    card.read_at = timezone.now()
    card.save()
