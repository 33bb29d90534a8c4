"""How far the import of an archive has come."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """One file being imported; moves on in the same transaction that stores what was read.

    `offset` and `digest` (SHA-256 of the file up to there) say what was read, whatever the file is called now.
    """

    name = models.CharField(_("file"), unique=True)
    offset = models.BigIntegerField(default=0)
    line = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    published = models.BooleanField(default=False)
    articles = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("import of an archive")
        verbose_name_plural = _("imports of archives")

    def __str__(self) -> str:
        return self.name
