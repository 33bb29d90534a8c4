"""Addresses of sources: what they answered when they were looked at, and which editions stand on them."""

from typing import Any

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.editions import Edition


class Address(models.Model):
    """One address that articles stand on, and how it is."""

    class Health(models.TextChoices):
        UNKNOWN = "unknown", _("not known")  # never looked at, or it would not tell: 403, 429, 5xx, robots.txt
        WELL = "well", _("reachable")
        MOVED = "moved", _("moved")
        FAILING = "failing", _("failing")
        GONE = "gone", _("gone")

    url = models.CharField(_("address"), unique=True)
    host = models.CharField(_("host"), max_length=255, db_index=True)
    health = models.CharField(_("health"), max_length=7, choices=Health.choices, default=Health.UNKNOWN)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    moved_to = models.CharField(_("moved to"), blank=True)
    archive_url = models.CharField(_("archived copy"), blank=True)
    ignored = models.BooleanField(_("leave alone"), default=False, help_text=_("Never look at it again."))
    checked_at = models.DateTimeField(_("looked at"), null=True)
    due_at = models.DateTimeField(_("due"), default=timezone.now, db_index=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True)
    failed_at = models.DateTimeField(null=True)  # the last failure that counted

    class Meta:
        verbose_name = _("source address")
        verbose_name_plural = _("source addresses")
        ordering = ["url"]
        indexes = [models.Index("health", name="address_health")]

    def __str__(self) -> str:
        return self.url


class AddressCheck(models.Model):
    """One look at an address."""

    address = models.ForeignKey(Address, models.CASCADE, related_name="checks", verbose_name=_("source address"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    verdict = models.CharField(_("verdict"), max_length=7, choices=Address.Health.choices)
    detail = models.CharField(_("detail"), blank=True)

    class Meta:
        verbose_name = _("look at an address")
        verbose_name_plural = _("looks at addresses")
        ordering = ["-at", "-pk"]
        indexes = [models.Index("address", F("at").desc(), name="check_of_address")]

    def __str__(self) -> str:
        return f"{self.at} {self.status}"


class Citation(models.Model):
    """That a published edition stands on an address; written with the publication."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="citations", db_index=False)
    address = models.ForeignKey(Address, models.PROTECT, related_name="citations")
    section = models.PositiveIntegerField()  # its place in the Document
    position = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["section", "position"]
        constraints = [models.UniqueConstraint(fields=["edition", "section", "position"], name="citation_once")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.section}.{self.position}"


class EditionPublisher(models.Model):
    """That a published edition stands on a publisher, on whichever of its addresses; written with the publication."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="edition_publishers", db_index=False)
    host = models.CharField(max_length=255)
    published_at = models.DateTimeField(null=True)  # the edition's, so that a publisher's page is one walk

    class Meta:
        verbose_name = _("publisher of an edition")
        verbose_name_plural = _("publishers of editions")
        constraints = [models.UniqueConstraint(fields=["edition", "host"], name="edition_publisher_once")]
        indexes = [models.Index("host", F("published_at").desc(), F("edition").desc(), name="edition_publisher_newest")]

    def __str__(self) -> str:
        return self.host


class Card(models.Model):
    """What a page says of itself, read once for whoever pastes its address into a source card."""

    class State(models.TextChoices):
        WAITING = "waiting", _("being read")
        READ = "read", _("read")
        FAILED = "failed", _("could not be read")

    url = models.CharField(_("address"), unique=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    # {caption, site_name, published_on, image, canonical}: each a text, empty where the page does not say
    content: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    error = models.CharField(blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("page as it describes itself")
        verbose_name_plural = _("pages as they describe themselves")

    def __str__(self) -> str:
        return self.url
