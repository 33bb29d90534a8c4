"""What an edition touches, and whether what was made of it is still true.

Finished pages are kept with the subjects that they were made of, and the state these had before that; a page is true
while they have it. Whatever changes what readers see says so here, in its own transaction. The page of an article is
made of the article, of those it leads to, of its story and of its questions; every other page is made of the site.

A state is how many changes of its subjects there were and the sum of their random tokens. So it differs whenever the
set does, in whatever order concurrent transactions commit; a counter, or the newest moment, would hide the one that
commits late. What is to come, a schedule or a planned end, is a row already, and counts from its moment on.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

from articles.models.changes import Change
from articles.models.editions import Edition
from articles.models.passages import Passage, Related, StoryPart
from articles.moments import microseconds, moment

SITE = "site"  # every page that is no article's
ARTICLES = "articles"  # the pages of all articles
SETTLED = timedelta(minutes=10)  # no transaction lasts as long: what is older tells nothing that newer rows do not
MOST = 200  # articles that are named one by one; more are all of them
_BITS = 40  # of a token; millions of them sum up to what 64 bits hold


@dataclass(frozen=True, slots=True)
class State:
    """What subjects look like at a moment. `text` is the same only while nothing of them changed."""

    text: str
    changed_at: datetime | None  # when they last changed
    next_at: datetime | None  # when they are to change next, as far as is known


def state(subjects: Sequence[str], using: str = DEFAULT_DB_ALIAS) -> State:
    """The present state of subjects, as a database knows it. One query, in plain SQL: it stands before every page."""
    now = microseconds(timezone.now())
    places = ", ".join(["%s"] * len(subjects))
    with connections[using].cursor() as cursor:
        cursor.execute(_STATE % places, [now, now, now, now, *subjects])
        changes, tokens, changed, coming = cursor.fetchone()
    return State(
        f"{changes}.{tokens or 0}",
        None if changed is None else moment(changed),
        None if coming is None else moment(coming),
    )


_STATE = (
    "SELECT COUNT(CASE WHEN at <= %%s THEN 1 END), SUM(CASE WHEN at <= %%s THEN token END),"
    " MAX(CASE WHEN at <= %%s THEN at END), MIN(CASE WHEN at > %%s THEN at END)"
    " FROM articles_change WHERE subject IN (%s)"
)


def announce(subjects: Iterable[str], moments: Iterable[datetime] = ()) -> None:
    """Say that what readers see of these changes now, in this transaction, and again at moments to come.

    The site's other pages change with them.
    """
    now = timezone.now()
    wanted = sorted({SITE, *subjects})
    old = microseconds(now - SETTLED)
    Change.objects.filter(subject__in=wanted, at__lt=old).delete()  # a newer row of each is about to stand there
    Change.objects.bulk_create(
        Change(subject=subject, at=at, token=secrets.randbits(_BITS))
        for subject in wanted
        for at in sorted({microseconds(now), *(microseconds(later) for later in moments if later > now)})
    )


# What an edition touches, and of what the page of an article is made


def touched(articles: Collection[int]) -> list[str]:
    """The subjects that change with these articles: themselves, their stories, and the questions they ever answered.

    The other articles of a story are named, too: they may not have known that they are part of one. Three queries.
    """
    if len(articles) > MOST:
        return [ARTICLES]
    stories = set(StoryPart.objects.filter(article__in=articles).values_list("story", flat=True))
    parts = StoryPart.objects.filter(story__in=stories).values_list("article", flat=True) if stories else ()
    keys = Passage.objects.filter(edition__article__in=articles).exclude(question_key="")
    return _named({*articles, *parts}, stories, keys.order_by().values_list("question_key", flat=True).distinct())


def pages_of(articles: Collection[int]) -> list[str]:
    """The subjects that change where nothing but these articles' own pages does."""
    return _named(articles, (), ()) if len(articles) <= MOST else [ARTICLES]


def made_of(article: int) -> list[str]:
    """The subjects that the page of an article is made of. Three queries."""
    others = Related.objects.filter(article=article).order_by().values_list("other", flat=True)
    parts = StoryPart.objects.filter(article=article).values_list("story", flat=True)
    live = Edition.objects.live().filter(article=article).order_by()
    keys = Passage.objects.filter(edition__in=live).exclude(question_key="").order_by()
    return [ARTICLES, *_named([article, *others], parts, keys.values_list("question_key", flat=True))]


def _named(articles: Iterable[int], stories: Iterable[int], questions: Iterable[str]) -> list[str]:
    return [
        *(f"article {key}" for key in articles),
        *(f"story {key}" for key in stories),
        *(f"question {key}" for key in questions),
    ]
