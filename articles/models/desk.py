"""The desk's own records: unsaved texts, who is at work, reviews, notes, events. Readers' code never sees them."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Autosave(models.Model):
    """What one person has typed into one article's form and not saved: one slot, written over again and again.

    `token` names the form it was typed into. By it an article that was never saved is known, and one that another
    deleted meanwhile: what was typed outlives it. `data` is the form as a browser sends it: lists of values by name of
    field.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    article = models.ForeignKey(
        "articles.Article", models.SET_NULL, null=True, related_name="autosaves", verbose_name=_("article")
    )
    token = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField(_("kept"), default=timezone.now)

    class Meta:
        verbose_name = _("unsaved text")
        verbose_name_plural = _("unsaved texts")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "article"], condition=Q(article__isnull=False), name="autosave_once_per_article"
            ),
            models.UniqueConstraint(
                fields=["user", "token"], condition=Q(article__isnull=True), name="autosave_once_per_new_article"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.article_id or self.token}"


class Presence(models.Model):
    """That somebody has an article open, as the open page says every few seconds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="+", verbose_name=_("article"))
    seen_at = models.DateTimeField(default=timezone.now)
    unsaved = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("person at work")
        verbose_name_plural = _("people at work")
        constraints = [models.UniqueConstraint(fields=["user", "article"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.article_id}"


class Review(models.Model):
    """A request to read an article before it is published, and what came of it."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("waiting")
        APPROVED = "approved", _("approved")
        RETURNED = "returned", _("sent back")
        CANCELLED = "cancelled", _("taken back")

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="reviews", verbose_name=_("article"))
    edition_number = models.PositiveIntegerField(_("edition"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewer"),
    )
    request = models.TextField(_("what to look at"), blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome.choices, default=Outcome.OPEN)
    answer = models.TextField(pgettext_lazy("of a review", "answer"), blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("answered by")
    )
    closed_at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-asked_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["article"], condition=Q(outcome="open"), name="one_open_review")]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.get_outcome_display()}"


class Note(models.Model):
    """What one editor tells the others about an article or one section of it. Settled notes are kept."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="notes", verbose_name=_("article"))
    section = models.ForeignKey(
        "articles.Section", models.SET_NULL, null=True, blank=True, related_name="notes", verbose_name=_("section")
    )
    section_title = models.CharField(_("section as it was called"), blank=True)  # for when the section is gone
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("author")
    )
    text = models.TextField(_("note"))
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("settled by")
    )
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]


class Event(models.Model):
    """Who did what to which article, and when. Written in the transaction of the deed; never changed.

    `verb` is a key of `articles.trail.VERBS`. Names stand beside the rows they name, for when those are gone.
    """

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    by_name = models.CharField(max_length=150, blank=True)
    article = models.ForeignKey(
        "articles.Article", models.SET_NULL, null=True, related_name="events", verbose_name=_("article")
    )
    title = models.CharField(_("title"), blank=True)
    verb = models.CharField(_("what"), max_length=30)
    details = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-at", "-pk"]
        indexes = [models.Index("article", F("at").desc(), name="event_of_article")]

    def __str__(self) -> str:
        return f"{self.at} {self.by_name} {self.verb}"
