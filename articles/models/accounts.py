"""What keeps accounts safe: sessions by person, counted guesses, second factors, and the record of security events."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from articles.session_store import SessionStore


class EditorSession(AbstractBaseSession):
    """A session that knows whose it is, so that it can be listed and ended."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        from articles.session_store import SessionStore  # which names this model

        return SessionStore

    class Meta(AbstractBaseSession.Meta):
        abstract = False


class Guesses(models.Model):
    """How often a secret was guessed of late; `key` is a hash of what is guessed and from where."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(default=timezone.now, db_index=True)
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key


class SecondFactor(models.Model):
    """What a person's authenticator shares with the site. `last_step` is the time step of the last code taken."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    secret = models.CharField(max_length=32)
    last_step = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.user_id)


class RecoveryCode(models.Model):
    """The hash of a code that stands in for the authenticator once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return str(self.user_id)


class SecurityEvent(models.Model):
    """Who signed in, failed to, or changed what an account may do. `kind` is a key of `articles.security_events.KINDS`.

    Names stand beside the rows they name, for when those are gone; a name that was only typed belongs to nobody.
    """

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    kind = models.CharField(_("what"), max_length=30, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    by_name = models.CharField(max_length=150, blank=True)
    person = models.CharField(_("whose account"), max_length=150, blank=True)
    address = models.GenericIPAddressField(_("network address"), null=True)
    details = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at} {self.by_name} {self.kind}"
