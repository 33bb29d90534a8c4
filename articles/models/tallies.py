"""How many articles there are of a tag, a month or a publisher, counted as they come and go. See `articles.tallies`."""

from django.db import models


class Tally(models.Model):
    """So many articles more, or fewer, of something from a moment on. What has come to be lies at moment 0."""

    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=255)  # the number of a tag, "2026-04", a host
    at = models.BigIntegerField()  # microseconds since 1970; 0 for all that is past
    count = models.BigIntegerField()
    changed_at = models.BigIntegerField()  # when the articles counted here changed last, in microseconds since 1970

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key", "at"], name="tally_once")]
        indexes = [models.Index("at", name="tally_coming", condition=models.Q(at__gt=0))]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.at}: {self.count}"
