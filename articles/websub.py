"""Telling WebSub hubs that feeds changed (W3C Recommendation of 2018), so that their subscribers need not ask.

What changed is found where readers' caches find it, in when editions appear and end: a schedule that passes needs no
timer, and no save waits for a hub. Each feed is a task of its own. Where a hub cannot be told, the task comes back
after longer and longer waits, and fails, for superusers to see, after some days.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from taggit.models import Tag

from articles.background import Enough, sweep, task
from articles.feeds.addresses import in_full
from articles.feeds.contents import Way
from articles.fetching import Fetcher, FetchError
from articles.models.background import BackgroundTask, SweepRun
from articles.models.commentators import Commentator
from articles.models.editions import Edition

FORMATS = ("rss", "atom", "json-feed")
TOLD = "articles.websub"  # the row that knows until when hubs were told of changes
SETTLED = timedelta(seconds=15)  # what is newer may stand in a transaction that nobody else sees yet
SHORTEST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)  # between two tries
PATIENCE = timedelta(days=3)  # after that a hub is given up
LAST = -50  # among the priorities of tasks: nobody at the desk waits for it


class NotTold(Exception):
    """A hub could not be told that a feed changed; the message says which, and why."""


@sweep(every=timedelta(seconds=30))
def notice_changes(enough: Enough) -> None:
    """Have the hubs told of every feed that changed since they were last told."""
    if not settings.WEBSUB_HUB:
        return
    until = timezone.now() - SETTLED
    with transaction.atomic():
        told, is_first = SweepRun.objects.select_for_update().get_or_create(name=TOLD, defaults={"ended_at": until})
        if is_first or told.ended_at is None or told.ended_at >= until:
            return
        changed = Edition.objects.changed_between(told.ended_at, until).order_by()
        if changed.exists():
            tags = Tag.objects.filter(edition_tags__edition__in=changed.values("pk")).distinct()
            people = Commentator.objects.filter(remarks__edition__in=changed.values("pk")).distinct()
            _have_told(topics(tags.values_list("slug", flat=True), people.values_list("pk", flat=True)))
        SweepRun.objects.filter(pk=told.pk).update(ended_at=until)


def topics(slugs: Iterable[str] = (), people: Iterable[int] = ()) -> Iterator[str]:
    """The addresses of the feeds that change with an article of these tags, in which these commentators speak.

    They are spelt as the feeds name themselves.
    """
    for way in (Way.WHOLE, Way.BRIEF, Way.FACTS):
        yield from (in_full(reverse(f"{way}-{name}" if way else name)) for name in FORMATS)
    for slug in slugs:
        yield from (in_full(reverse(f"tag-{name}", args=[slug])) for name in FORMATS)
    for key in people:
        yield from (in_full(reverse(f"commentator-{name}", args=[key])) for name in FORMATS)


def _have_told(feeds: Iterator[str]) -> None:
    """Make a task for each hub and feed, unless one waits already."""
    paths = BackgroundTask.objects.filter(task_path=tell.module_path, status="READY")
    waiting = {tuple(given["args"][:2]) for given in paths.values_list("args_kwargs", flat=True)}
    begun = timezone.now().isoformat()
    for feed in feeds:
        for hub in settings.WEBSUB_HUB:
            if (hub, feed) not in waiting:
                tell.enqueue(hub, feed, begun)


@task(priority=LAST)
def tell(hub: str, feed: str, begun: str) -> None:
    """Tell a hub that a feed changed. `begun` is when that was first tried. Raises NotTold where it is given up."""
    if hub not in settings.WEBSUB_HUB:
        return  # it was taken out of the settings meanwhile
    try:
        status = Fetcher().post(hub, {"hub.mode": "publish", "hub.url": feed})
        trouble = "" if 200 <= status < 300 else str(status)
    except FetchError as error:
        trouble = f"{type(error).__name__}: {error}"
    if not trouble:
        return
    now = timezone.now()
    tried = now - datetime.fromisoformat(begun)
    if tried > PATIENCE:
        raise NotTold(f"{hub} ({trouble})")
    wait = min(max(tried, SHORTEST_WAIT), LONGEST_WAIT)
    tell.using(run_after=now + wait).enqueue(hub, feed, begun)
