"""The list of articles: its filters, and a search that finds Japanese."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag, TaggedItem

from articles import reviewing
from articles.models import Article, Autosave, Comment, Commentator, Edition, Section, SourceLink
from articles.states import CONDITIONS, State
from articles.text import fold, line

MOST_COUNTED = 10_000  # found articles; nobody leafs further
LATEST_TAGGED = 5_000  # tags of the latest articles, of which the commonest are offered
MOST_TAGS = 50  # in the filter's list; rarer tags are found by searching

_TO_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}

Choices = Iterable[tuple[Any, str]]


class Unhurried(Paginator):  # type: ignore[type-arg]  # generic for type checkers only
    """Pages of a list that is counted only as far as somebody may leaf."""

    @cached_property
    def count(self) -> int:
        found: QuerySet[Article] = self.object_list  # type: ignore[assignment]
        if not found.query.where:
            return found.count()  # all of them: the index tells
        return found.order_by().values("pk")[: MOST_COUNTED + 1].count()


class StateFilter(SimpleListFilter):
    """Articles in one state."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(state.value, str(state.label)) for state in State]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        chosen = self.value() or ""
        return queryset.filter(CONDITIONS[State(chosen)]) if chosen in State.values else queryset


def written_by(user: User) -> QuerySet[Article]:
    """Articles that this person began."""
    return Article.objects.with_state().filter(created_by=user)


def unsaved_by(user: User) -> QuerySet[Article]:
    """Articles into which this person typed what is not saved."""
    return Article.objects.with_state().filter(pk__in=Autosave.objects.filter(user=user).values("article"))


def waiting_for(user: User) -> QuerySet[Article]:
    """Articles whose review this person is to answer."""
    return Article.objects.with_state().filter(reviewing.waiting_for(user))


def sent_by(user: User) -> QuerySet[Article]:
    """Articles that this person sent to review, and that nobody answered yet."""
    return Article.objects.with_state().filter(reviewing.asked_by(user))


def scheduled() -> QuerySet[Article]:
    """Articles of which an edition goes on show later, whether or not an earlier one is on show."""
    # A scheduled edition appears when it starts, and that column has an index.
    coming = Edition.objects.scheduled().filter(appeared_at__gt=timezone.now())
    return Article.objects.with_state().filter(pk__in=coming.values("article"))


def begun_today() -> QuerySet[Article]:
    """Articles of which an edition went on show today, and is."""
    begun = Edition.objects.live().filter(appeared_at__gte=_midnight(), live_from__gte=_midnight())
    return Article.objects.with_state().filter(pk__in=begun.values("article"))


def published_within(days: int) -> QuerySet[Article]:
    """Articles on show that were first published in the last so many days, today among them."""
    start = _midnight() - timedelta(days=days - 1)
    recent = Edition.objects.live().filter(published_at__gte=start)
    return Article.objects.with_state().filter(pk__in=recent.values("article"))


def _midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


class MineFilter(SimpleListFilter):
    """Articles that have to do with whoever asks."""

    title = _("mine")
    parameter_name = "mine"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            ("waiting", str(_("waiting for me"))),
            ("sent", str(_("sent to review by me"))),
            ("written", str(_("begun by me"))),
            ("unsaved", str(_("with text I have not saved"))),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        choices = {"waiting": waiting_for, "sent": sent_by, "written": written_by, "unsaved": unsaved_by}
        mine = choices.get(self.value() or "")
        return queryset.filter(pk__in=mine(request.user).values("pk")) if mine else queryset  # type: ignore[arg-type]


class WhenFilter(SimpleListFilter):
    """Articles by when they go on show."""

    title = _("on show")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            ("scheduled", str(_("later"))),
            ("today", str(_("since today"))),
            ("week", str(_("first in the last 7 days"))),
            ("month", str(_("first in the last 30 days"))),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        found: dict[str, Callable[[], QuerySet[Article]]] = {
            "scheduled": scheduled,
            "today": begun_today,
            "week": partial(published_within, 7),
            "month": partial(published_within, 30),
        }
        asked = found.get(self.value() or "")
        return queryset.filter(pk__in=asked().values("pk")) if asked else queryset


class StageFilter(SimpleListFilter):
    """Articles on their way through review."""

    title = _("review")
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(stage.value, str(stage.label)) for stage in (Article.Stage.REVIEW, Article.Stage.APPROVED)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        return queryset.filter(stage=self.value()) if self.value() in Article.Stage.values else queryset


class TagFilter(SimpleListFilter):
    """Articles with one tag; the commonest are offered."""

    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        kind = ContentType.objects.get_for_model(Article)
        # Of the latest articles: a large archive has millions of tagged rows, and tags that nobody gives any more.
        latest = TaggedItem.objects.filter(content_type=kind).order_by("-pk").values_list("tag", flat=True)
        uses = Counter(latest[:LATEST_TAGGED])
        commonest = sorted(uses, key=lambda tag: (-uses[tag], tag))[:MOST_TAGS]
        tags = sorted(Tag.objects.filter(pk__in=commonest), key=lambda tag: (-uses[tag.pk], tag.name))
        return [(tag.slug, tag.name) for tag in tags]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        return queryset.filter(tags__slug=self.value()) if self.value() else queryset


class CommentatorFilter(SimpleListFilter):
    """Articles in which one commentator speaks."""

    title = _("commentator")
    parameter_name = "commentator"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(str(pk), name) for pk, name in Commentator.objects.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        chosen = self.value() or ""
        if not chosen.isdecimal() or len(chosen) > 18:
            return queryset
        return queryset.filter(Exists(Comment.objects.filter(article=OuterRef("pk"), commentator=int(chosen))))


def search(queryset: QuerySet[Article], typed: str) -> QuerySet[Article]:
    """The articles that hold every word somewhere: in a title, lead, takeaway, section, source, comment or tag.

    Words are parted by spaces, full-width ones too. ＡＩ finds AI and AI finds ＡＩ.
    """
    for word in line(typed).split():
        queryset = queryset.filter(_holds(spellings(word)))
    return queryset


def spellings(word: str) -> set[str]:
    """The ways in which a word may stand in a text: as typed, and in half-width or full-width letters of either case.

    A database's own comparison folds the case of half-width letters only.
    """
    narrow = unicodedata.normalize("NFKC", word)
    wide = {narrow.upper().translate(_TO_FULL_WIDTH), narrow.lower().translate(_TO_FULL_WIDTH)}
    return {word, unicodedata.normalize("NFC", word), narrow, fold(word)} | wide


def _holds(words: set[str]) -> Q:
    return (
        _in_columns(words, "title", "lead_heading", "lead", "takeaways", "unplaced")
        | _in_part(Section, words, "article", "heading", "question", "answer", "body")
        | _in_part(SourceLink, words, "section__article", "caption", "url", "site_name", "key_points", "image_credit")
        | _in_part(Comment, words, "article", "text", "commentator__name")
        | Q(pk__in=Article.objects.filter(_in_columns(words, "tags__name")).values("pk"))
    )


def _in_columns(words: set[str], *columns: str) -> Q:
    return Q(*((f"{column}__icontains", word) for column in columns for word in words), _connector=Q.OR)


def _in_part(part: type[Model], words: set[str], article: str, *columns: str) -> Q:
    rows = part._default_manager.filter(_in_columns(words, *columns), **{article: OuterRef("pk")})
    return Q(Exists(rows))
