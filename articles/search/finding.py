"""Articles in which stands what somebody looks for, with the places in them. It starts from what is live.

An article has to hold every word, wherever in it. Those that hold the words as they were typed come first, then those
that have them in a title, heading or question, then the newest: so the order is the same on both databases. On a large
site that is so among the newest thousand first, and it goes further back only for what those do not hold (`bands`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, reduce
from operator import add, or_

from django.db.models import Case, IntegerField, Prefetch, Q, Value, When, prefetch_related_objects
from django.utils import timezone

from articles import tallies
from articles.changes import State
from articles.leafing import NoSuchPage
from articles.listings import page_number
from articles.models.editions import HEAVY, Edition, EditionQuerySet, EditionTag
from articles.models.passages import Passage
from articles.months import day_of
from articles.search import index
from articles.search.bands import EVERYWHERE, Eras, bands, eras_of
from articles.search.marking import Span, excerpt, marked
from articles.search.queries import Condition, Phrase, Word, near

LENGTH = 10  # articles a page
PLACES = 3  # parts of an article that are shown
NEAR = 10  # articles that come near
MOST = 300  # articles that are listed; who looks for older ones names a month or another word


@dataclass(frozen=True, slots=True)
class Place:
    """A part of an article in which something was found. `number` is that of its anchor; 0 for the whole article."""

    number: int
    title: Sequence[Span]
    answer: Sequence[Span]
    excerpt: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Hit:
    """An article in which something was found; `more` is how many places are not shown."""

    edition: Edition
    title: Sequence[Span]
    places: Sequence[Place]
    more: int


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found.

    `near` says that nothing was, and that these come near; `more`, that there is more than is listed.
    """

    number: int
    hits: Sequence[Hit]
    earlier: int | None
    near: bool = False
    more: bool = False

    @property
    def later(self) -> int | None:
        return self.number - 1 if self.number > 1 else None


def find(words: Sequence[Word], among: EditionQuerySet, site: State, page: str | None = None) -> Results:
    """The articles among live editions that hold the words; `site` is its present state.

    Four queries, of which one for each band that is looked at, and one more where the state is a new one. Where nothing
    is found there is one, or two on PostgreSQL, and as many for what comes near.
    Raises leafing.NoSuchPage.
    """
    number = page_number(page)
    start, end = (number - 1) * LENGTH, number * LENGTH
    if end > MOST:
        raise NoSuchPage(page)
    looked_at, needed = _bands(site.text, timezone.localdate()), [word.either for word in words]
    rows = _found(lambda eras: _ordered(words, among, eras), looked_at, end + 1, needed)[start:]
    phrases = [phrase for word in words for phrase in word.phrases]
    if rows or number > 1:
        wanted = [way for word in words for way in word.either]
        hits, further = _hits(rows[:LENGTH], wanted, phrases), len(rows) > LENGTH
        return Results(number, hits, number + 1 if further and end < MOST else None, more=further and end >= MOST)
    pieces = near(words)
    wanted = [(piece,) for piece in pieces]
    rows = _found(lambda eras: _near(pieces, among, eras), looked_at, 1, [wanted], most=NEAR)
    return Results(number, _hits(rows, wanted, pieces), None, near=True)


@lru_cache(maxsize=8)
def _bands(site: str, today: date) -> Sequence[Eras]:
    """Where is looked, one after the other. One query, once in a state of the site."""
    live = tallies.numbers(tallies.MONTH).items()
    return tuple(bands({tallies.month_named(key): articles for key, articles in live}, today))


def _found(
    asked: Callable[[Eras], EditionQuerySet],
    looked_at: Sequence[Eras],
    enough: int,
    needed: Sequence[Condition],
    *,
    most: int = 0,
) -> list[Edition]:
    """What is asked for of one band, and of the next as long as that is not enough; no more than `most`.

    What the first band does not hold at all is rare, or nowhere: it is looked up everywhere at once. All conditions are
    `needed`: where nothing meets them, which is soon known, no article is asked for.
    """
    found: list[Edition] = []
    for eras in looked_at if index.hold(needed, looked_at[0]) else ():
        further = asked(eras).exclude(pk__in=[edition.pk for edition in found]).defer(*HEAVY)
        found += further[: (most or enough) - len(found)]
        if len(found) >= enough or eras == EVERYWHERE:
            break
        if not found:
            return list(asked(EVERYWHERE).defer(*HEAVY)[: most or enough])
    return found


def _ordered(words: Sequence[Word], among: EditionQuerySet, eras: Eras) -> EditionQuerySet:
    for word in words:
        among = among.filter(_holds(word.either, eras))
    exact = reduce(lambda both, word: both & _holds([(word.exact,)], eras), words, Q())
    headed = _count(_holds([(word.exact,)], eras, head=True) for word in words)
    found = among.annotate(exact=_one(exact) if any(word.parted for word in words) else Value(1), headed=headed)
    return found.order_by("-exact", "-headed", "-published_at", "-article_id")


def _near(pieces: Sequence[Phrase], among: EditionQuerySet, eras: Eras) -> EditionQuerySet:
    """Those that hold at least half of the pieces, those that hold most first."""
    conditions = [_holds([(piece,)], eras) for piece in pieces]
    held = among.filter(reduce(or_, conditions)).annotate(held=_count(conditions))
    return held.filter(held__gte=(len(pieces) + 1) // 2).order_by("-held", "-published_at", "-article_id")


def _holds(condition: Condition, eras: Eras, *, head: bool = False) -> Q:
    passages = Passage.objects.filter(pk__in=index.matching(condition, head=head, eras=eras))
    return Q(pk__in=passages.order_by().values("edition"))


def _one(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _count(conditions: Iterable[Q]) -> Case:
    return reduce(add, (_one(condition) for condition in conditions))


def _hits(editions: Iterable[Edition], wanted: Condition, phrases: Sequence[Phrase]) -> list[Hit]:
    editions = list(editions)
    prefetch_related_objects(editions, Prefetch("edition_tags", EditionTag.objects.select_related("tag")))
    found: dict[int, list[Passage]] = {edition.pk: [] for edition in editions}
    days = [day_of(edition.published_at) for edition in editions]
    eras = tuple(dict.fromkeys(eras_of(day)[-1] for day in days if day)) if all(days) else EVERYWHERE
    for passage in Passage.objects.filter(pk__in=index.matching_of(found, wanted, eras)) if found else ():
        found[passage.edition_id].append(passage)
    return [_hit(edition, found[edition.pk], phrases) for edition in editions]


def _hit(edition: Edition, passages: Sequence[Passage], phrases: Sequence[Phrase]) -> Hit:
    told = [passage for passage in passages if passage.number or excerpt(passage.text, phrases)]
    places = [_place(passage, phrases) for passage in told[:PLACES]]
    return Hit(edition, marked(edition.title, phrases), places, len(told[PLACES:]))


def _place(passage: Passage, phrases: Sequence[Phrase]) -> Place:
    return Place(
        passage.number,
        marked(passage.question or passage.heading, phrases) if passage.number else (),
        marked(passage.answer, phrases),
        excerpt(passage.text, phrases),
    )
