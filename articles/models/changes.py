"""When what readers are shown changes: what finished pages are checked against before they are served again."""

from django.db import models


class Change(models.Model):
    """That what readers are shown of a subject changes at a moment, gone by or to come. See `articles.changes`."""

    subject = models.CharField(max_length=60)
    at = models.BigIntegerField()  # microseconds since 1970, which both databases compare as they are
    token = models.BigIntegerField()  # random, so that no two sets of changes look alike

    class Meta:
        indexes = [models.Index("subject", "at", name="change_of_subject")]

    def __str__(self) -> str:
        return f"{self.subject} {self.at}"
