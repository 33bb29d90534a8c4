"""The history of an article: its editions and the events around them in one line of time, and versions to compare."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db.models import F, QuerySet, Value
from django.utils.translation import gettext as _

from articles import drafting
from articles.comparing import Change, compare
from articles.document import Document
from articles.models.desk import Event
from articles.models.drafts import Article
from articles.models.editions import Edition

PAGE = 20  # entries; of each edition among them the Document is read, and that of the one before

# An edition that was restored says so itself.
_SAID_BY_EDITIONS = ["restore"]

NOTHING, NOW, LIVE = "0", "now", "live"


class NoSuchVersion(LookupError):
    """The article has no version of that name."""


# -- the line of time


@dataclass(frozen=True, slots=True)
class Entry:
    """An edition with what changed in it, or an event."""

    at: datetime
    edition: Edition | None = None
    changes: tuple[Change, ...] = ()
    event: Event | None = None


def line_of_time(article: Article) -> "Paginator[tuple[datetime, str, int]]":
    """Editions and events, newest first, as their times, kinds and ids; `entries` reads a page of them."""
    editions = article.editions.order_by().annotate(at=F("created_at"), kind=Value("edition"))
    events = Event.objects.filter(article=article).exclude(verb__in=_SAID_BY_EDITIONS).order_by()
    both: QuerySet[Any, Any] = editions.values_list("at", "kind", "pk").union(
        events.annotate(kind=Value("event")).values_list("at", "kind", "pk"), all=True
    )
    return Paginator(both.order_by("-at", "-kind", "-pk"), PAGE)


def entries(article: Article, keys: Iterable[tuple[datetime, str, int]]) -> list[Entry]:
    """The entries of one page of `line_of_time`. Three queries."""
    keys = list(keys)
    ids = {kind: [pk for _, its_kind, pk in keys if its_kind == kind] for kind in ("edition", "event")}
    editions = article.editions.filter(pk__in=ids["edition"]).select_related(
        "created_by", "published_by", "withdrawn_by"
    )
    events = Event.objects.filter(pk__in=ids["event"]).in_bulk()
    by_id = {edition.pk: edition for edition in editions}
    by_number = _with_those_before(article, by_id.values())
    return [
        Entry(at, event=events[pk])
        if kind == "event"
        else Entry(at, edition=by_id[pk], changes=_changes(by_number.get(by_id[pk].number - 1), by_id[pk]))
        for at, kind, pk in keys
        if pk in (events if kind == "event" else by_id)
    ]


def _with_those_before(article: Article, editions: Iterable[Edition]) -> dict[int, Edition]:
    known = {edition.number: edition for edition in editions}
    wanted = {number - 1 for number in known} - known.keys()
    before = article.editions.filter(number__in=wanted).only("number", "article", "document", "media")
    return {**known, **{edition.number: edition for edition in before}}


def _changes(old: Edition | None, new: Edition) -> tuple[Change, ...]:
    if old is None:
        return ()
    return tuple(compare(old.content, new.content, old_media=old.media, new_media=new.media))


# -- versions to compare


@dataclass(frozen=True)
class Version:
    """A state of the article: an edition, the working copy, or nothing at all, before the first edition."""

    key: str
    words: str
    document: Document
    media: drafting.Media
    edition: Edition | None = None

    @cached_property
    def number(self) -> int | None:
        return self.edition.number if self.edition else None

    def address_of(self, picture: str) -> str:
        """Where a picture that this version shows is found; "" where it was not there."""
        return default_storage.url(picture) if picture in self.media.get("pictures", {}) else ""


def version(article: Article, key: str) -> Version:
    """The version of that name: a number of an edition, "now", "live", or "0" for nothing. Raises NoSuchVersion."""
    if key == NOTHING:
        return Version(key, _("nothing (before the first edition)"), Document(), {})
    if key == NOW:
        return Version(key, _("the working copy as it is now"), drafting.read(article), drafting.media(article))
    editions = article.editions.select_related("created_by")
    if key == LIVE:
        edition = editions.live().first()
    else:
        edition = editions.filter(number=key).first() if key.isdecimal() and len(key) < 9 else None
    if edition is None:
        raise NoSuchVersion(key)
    words = _("what readers see (edition %(number)d)") if key == LIVE else _("edition %(number)d")
    return Version(key, words % {"number": edition.number}, edition.content, edition.media, edition)


def number_beside(article: Article, number: int, *, later: bool) -> int | None:
    """The number of the edition after, or before, that number."""
    numbers = article.editions.order_by("number" if later else "-number").values_list("number", flat=True)
    return numbers.filter(**{"number__gt" if later else "number__lt": number}).first()
