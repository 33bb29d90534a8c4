"""Editions: what readers read. An edition is one frozen Document of an article, with when it is on show.

`Edition.objects.live()` is the one definition of visible. Pages, lists, feeds and tags all start from it.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Self

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from articles.document import Document, from_json
from articles.renditions import Kind, focal_class, in_order, rendition_name
from articles.share_picture import SIZE as SHARED

# What a page about one edition needs and a list of them must not load. `corrected_at` came late: SQLite has it behind
# the Document, and would read all of that to reach it.
HEAVY = ("document", "media", "corrections", "corrected_at")


class UnescapedJSON(json.JSONEncoder):
    r"""JSON (RFC 8259, section 8.1) with letters as they are: three bytes for a kana, not the six of its \u3042.

    For what was cleaned of halves of surrogate pairs (`articles.text`), which cannot be written so.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "ensure_ascii": False})


class EditionQuerySet(models.QuerySet["Edition"]):
    """Questions about editions; each filters or orders, and they chain."""

    def live(self, at: datetime | None = None) -> Self:
        """On show at that moment (now, if none is given): live_from <= at < live_until."""
        at = at or timezone.now()
        return self.filter(Q(live_until__isnull=True) | Q(live_until__gt=at), live_from__lte=at)

    def begun(self, at: datetime) -> Self:
        """On show at that moment or before it."""
        return self.filter(live_from__lte=at)

    def ended(self, at: datetime | None = None) -> Self:
        """No longer on show at that moment, because of a newer edition, a withdrawal or an end that was planned."""
        return self.filter(live_until__lte=at or timezone.now(), live_from__lt=F("live_until"))

    def gone(self, since: datetime, at: datetime) -> Self:
        """The last edition of each article that readers lost since then, whatever ended it; the latest loss first.

        Nothing of the article is on show at that moment.
        """
        longer = Q(live_until__isnull=True) | Q(live_until__gt=OuterRef("live_until"))
        later = Edition.objects.begun(at).filter(longer, article=OuterRef("article"))
        return self.ended(at).filter(~Exists(later), live_until__gt=since).order_by("-live_until", "-article_id")

    def scheduled(self, at: datetime | None = None) -> Self:
        """To go on show after that moment."""
        return self.filter(live_from__gt=at or timezone.now())

    def newest_first(self) -> Self:
        """In the order of first publication, which no edit moves. Those of a tag are so already, see `tagged`."""
        return self if self.query.order_by else self.order_by("-published_at", "-article_id")

    def listed(self) -> Self:
        """Without what only the article's own page needs."""
        return self.defer(*HEAVY)

    def tagged(self, tag: "Tag | models.QuerySet[Tag, Any]") -> Self:
        """Those with the tag, newest first: ordered by the tag's own rows, whose index has them in that order.

        A query of one tag spares the asking for it.
        """
        return self.filter(edition_tags__tag=tag).order_by("-edition_tags__published_at", "-edition_tags__edition_id")

    def corrected(self) -> Self:
        """Those that tell readers of a correction, the newest correction first."""
        return self.filter(corrected_at__isnull=False).order_by("-corrected_at", "-article_id")

    def published_between(self, start: datetime, end: datetime) -> Self:
        return self.filter(published_at__gte=start, published_at__lt=end)

    def changed_between(self, since: datetime, until: datetime) -> Self:
        """Those that appeared or ended after the one moment and not after the other."""
        appeared = Q(appeared_at__gt=since, appeared_at__lte=until)
        return self.filter(appeared | Q(live_until__gt=since, live_until__lte=until))


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored picture as a page shows it: address, size in pixels, and words for those who cannot see it."""

    url: str
    width: int
    height: int
    alt: str
    copies: "tuple[Copies, ...]" = ()  # smaller ones, in the order in which a browser is offered them
    focal: str = ""  # classes that keep what matters in sight where the picture is cut

    @property
    def offered(self) -> "tuple[Copies, ...]":
        """Copies in formats that some browsers do not know."""
        return self.copies[:-1]

    @property
    def srcset(self) -> str:
        """Copies that every browser can show."""
        return self.copies[-1].srcset if self.copies else ""


@dataclass(frozen=True, slots=True)
class Copies:
    """Copies of a picture in one format, as `<source>` names them (HTML §4.8.2): "/a-320.avif 320w, …"."""

    media_type: str
    srcset: str


@dataclass(frozen=True, slots=True)
class Voice:
    """A commentator as a page shows one."""

    name: str
    role: str
    portrait: Picture | None
    disclosure: str = ""  # ties to those spoken of, for readers to know


@dataclass(frozen=True, slots=True)
class Correction:
    """What was corrected, and when. `number` is that of the section it was in, or 0 where it is not of one."""

    at: datetime
    text: str
    number: int = 0


class Edition(models.Model):
    """One frozen state of an article. Its content never changes; only when it is on show does."""

    article = models.ForeignKey(  # the indexes and constraints below begin with it
        "articles.Article", models.CASCADE, related_name="editions", verbose_name=_("article"), db_index=False
    )
    number = models.PositiveIntegerField(_("number"))
    uid = models.UUIDField(_("permanent id"), editable=False)
    note = models.CharField(_("note"), blank=True)
    created_at = models.DateTimeField(_("saved"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("saved by")
    )

    # Columns of lists, so that no list loads a Document.
    title = models.CharField(_("title"))
    summary = models.CharField(_("summary"), blank=True)
    picture = models.JSONField(null=True, encoder=UnescapedJSON)  # {file, width, height, alt} of the first picture

    # When it is on show. `live_until` is the earlier of the planned end and the start of the next edition.
    live_from = models.DateTimeField(_("live from"), null=True)
    expires_at = models.DateTimeField(_("planned end"), null=True)
    live_until = models.DateTimeField(_("live until"), null=True)
    # When readers could first see it as it is: live_from, or, where that was set back in time, the moment of setting
    # it, or the moment one of its tags was renamed.
    appeared_at = models.DateTimeField(null=True, db_index=True)
    published_at = models.DateTimeField(_("first published"), null=True)
    updated_at = models.DateTimeField(_("updated"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("published by")
    )
    corrections = models.JSONField(default=list, encoder=UnescapedJSON)  # [{at, text, part, number}], oldest first
    corrected_at = models.DateTimeField(null=True)  # the newest of them, so that a list of them is one walk
    withdrawal = models.CharField(_("reason for withdrawal"), blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("withdrawn by")
    )

    # The article itself. Last, since to reach a column SQLite reads all that stands before it in the row.
    document = models.JSONField(_("document"), encoder=UnescapedJSON)
    # What the Document's names stand for at the time of saving:
    # {"pictures": {file: {width, height, alt}}, "voices": {name: {role, portrait, width, height}}}
    media = models.JSONField(default=dict, encoder=UnescapedJSON)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="edition_number_once_per_article"),
            models.CheckConstraint(
                condition=Q(live_until__isnull=True) | Q(live_until__gte=F("live_from")),
                name="edition_ends_after_start",
            ),
        ]
        indexes = [
            models.Index("article", "live_from", name="edition_article_live"),  # an article's page
            models.Index(  # front page, feeds, archive
                F("published_at").desc(),
                F("article").desc(),
                name="edition_newest",
                condition=Q(live_from__isnull=False),
            ),
            models.Index(
                F("corrected_at").desc(),
                F("article").desc(),
                name="edition_corrected",
                condition=Q(corrected_at__isnull=False),
            ),
            models.Index("live_until", name="edition_ended", condition=Q(live_until__isnull=False)),  # the last change
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.article_id])

    @property
    def permanent_id(self) -> str:
        """The article's id in every feed: it outlives titles, addresses and the host (RFC 4122 §3)."""
        return f"urn:uuid:{self.uid}"

    @cached_property
    def content(self) -> Document:
        """The article itself."""
        return from_json(self.document)

    @property
    def list_picture(self) -> Picture | None:
        """The picture that stands for the article in lists."""
        return shown_picture(self.picture["file"], self.picture) if self.picture else None

    @property
    def share_picture(self) -> Picture:
        """The picture that is shown where its address is shared: its own if that is large enough, else one drawn."""
        own = self.list_picture
        if own and own.width >= SHARED[0] and own.height >= SHARED[1]:
            return own
        return Picture(reverse("share-picture", args=[self.article_id]), *SHARED, self.title)

    @property
    def is_updated(self) -> bool:
        """Whether readers are told of a later edition."""
        return self.updated_at != self.published_at

    @property
    def corrected(self) -> list[Correction]:
        """Corrections, newest first."""
        return [
            Correction(datetime.fromisoformat(note["at"]), note["text"], note.get("number", 0))
            for note in reversed(self.corrections)
        ]

    def picture_of(self, file: str) -> Picture | None:
        """The stored picture of that name, or None where it was not there when the edition was made."""
        facts = self.media.get("pictures", {}).get(file)
        return shown_picture(file, facts) if facts else None

    def voice_of(self, name: str) -> Voice:
        """The commentator of that name."""
        facts = self.media.get("voices", {}).get(name, {})
        portrait = facts.get("portrait")
        face = shown_picture(portrait, {**facts, "alt": ""}) if portrait else None
        return Voice(name, facts.get("role", ""), face, facts.get("disclosure", ""))

    def disclosures(self) -> list[Voice]:
        """Those who speak in it and have ties that readers are told of."""
        told = (self.voice_of(name) for name in dict.fromkeys(each.commentator for each in self.content.comments))
        return [voice for voice in told if voice.disclosure]


def shown_picture(file: str, facts: dict[str, Any]) -> Picture:
    """A stored picture from what is known of it: {width, height, alt, renditions, focal}, the last two if there are.

    Copies lie beside it: their addresses follow from its own as their names do, and no storage is asked for each.
    """
    url = default_storage.url(file)
    copies = tuple(Copies(kind.media_type, _srcset(url, kind, widths)) for kind, widths in in_order(facts))
    return Picture(url, facts["width"], facts["height"], facts["alt"], copies, focal_class(facts.get("focal")))


def _srcset(url: str, kind: Kind, widths: list[int]) -> str:
    return ", ".join(f"{rendition_name(url, kind, width)} {width}w" for width in widths)


class EditionTag(models.Model):
    """A published edition's tag; written with the publication, in the order of the Document."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="edition_tags", db_index=False)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="edition_tags", db_index=False)
    position = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True)  # the edition's, so that a tag's page is one walk along an index

    class Meta:
        verbose_name = _("tag of an edition")
        verbose_name_plural = _("tags of editions")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["edition", "tag"], name="edition_tag_once")]
        indexes = [models.Index("tag", F("published_at").desc(), F("edition").desc(), name="edition_tag_newest")]

    def __str__(self) -> str:
        return str(self.tag)
