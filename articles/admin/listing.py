"""The list of articles: its filters, and a search that finds Japanese."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from articles.admin.states import CONDITIONS, State
from articles.models import Article, Comment, Commentator, Section, SourceLink
from articles.text import fold, line

MOST_TAGS = 50  # in the filter's list; rarer tags are found by searching

_TO_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}

Choices = Iterable[tuple[Any, str]]


class StateFilter(SimpleListFilter):
    """Articles in one state."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(state.value, str(state.label)) for state in State]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        chosen = self.value() or ""
        return queryset.filter(CONDITIONS[State(chosen)]) if chosen in State.values else queryset


class TagFilter(SimpleListFilter):
    """Articles with one tag; the commonest are offered."""

    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        kind = ContentType.objects.get_for_model(Article)
        uses = Count("taggit_taggeditem_items", filter=Q(taggit_taggeditem_items__content_type=kind))
        tags = Tag.objects.annotate(uses=uses).filter(uses__gt=0).order_by("-uses", "name")
        return [(tag.slug, tag.name) for tag in tags[:MOST_TAGS]]

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
