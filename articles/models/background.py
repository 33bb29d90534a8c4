"""What runs in the background: tasks, which django-tasks-db keeps, and sweeps, which come round by themselves."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult


class BackgroundTask(DBTaskResult[..., Any]):
    """A task, waiting, running or done, as the desk lists it."""

    class Meta:
        proxy = True
        verbose_name = _("background task")
        verbose_name_plural = _("background tasks")

    @property
    def reason(self) -> str:
        """Why it failed, in one line; empty where it did not."""
        return next(reversed(self.traceback.strip().splitlines()), "").strip()


class SweepRun(models.Model):
    """When a sweep is next due, and how it went the last time."""

    name = models.CharField(_("name"), max_length=255, unique=True)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    begun_at = models.DateTimeField(_("begun"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    error = models.TextField(_("error"), blank=True)  # of the last run; empty where it went well

    class Meta:
        verbose_name = _("sweep")
        verbose_name_plural = _("sweeps")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
