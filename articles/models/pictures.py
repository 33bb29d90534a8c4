"""The library of pictures: one row for each stored file, with what has to be known before it may be shown."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.images import PictureField
from articles.models.editions import Edition

_SHARE = [MinValueValidator(0.0), MaxValueValidator(1.0)]


class Picture(models.Model):
    """A stored picture. Documents name it by its file; the same picture is stored once."""

    class Permission(models.TextChoices):
        UNKNOWN = "unknown", _("not asked yet")
        ASKED = "asked", _("asked, no answer")
        GRANTED = "granted", _("permitted")
        OWN = "own", _("our own")
        FREE = "free", _("free licence")
        QUOTED = "quoted", _("quoted under the law")
        REFUSED = "refused", _("refused")

    file = PictureField(_("picture"), unique=True)
    file_width = models.PositiveIntegerField(null=True, editable=False)
    file_height = models.PositiveIntegerField(null=True, editable=False)
    alt = models.CharField(
        _("alternative text"), blank=True, help_text=_("What the picture shows, for those who cannot see it.")
    )
    credit = models.CharField(_("picture credit"), blank=True)
    permission = models.CharField(_("permission"), max_length=8, choices=Permission.choices, default=Permission.UNKNOWN)
    permission_note = models.CharField(_("who permitted it, and when"), blank=True)
    # The point that stays in sight when the picture is cropped: shares of width and height from the upper left.
    focal_x = models.FloatField(_("focal point, from the left"), default=0.5, validators=_SHARE)
    focal_y = models.FloatField(_("focal point, from the top"), default=0.5, validators=_SHARE)
    # Widths of the smaller copies that were made of it, see `articles.renditions`: {"avif": [320, 640], "webp": …};
    # null until they are made, {} where none can be.
    renditions: "models.JSONField[Any, Any]" = models.JSONField(null=True, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-added_at", "-pk"]

    def __str__(self) -> str:
        return self.alt or self.credit or str(self.file)


class Shown(models.Model):
    """That a published edition shows a picture; written with the publication."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="shown", db_index=False)
    picture = models.ForeignKey(Picture, models.PROTECT, related_name="shown")

    class Meta:
        verbose_name = _("picture of an edition")
        verbose_name_plural = _("pictures of editions")
        constraints = [models.UniqueConstraint(fields=["edition", "picture"], name="picture_shown_once")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.picture_id}"
