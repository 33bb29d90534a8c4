"""Links by which people without an account see one edition that is not public."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.models.editions import Edition


def _signer() -> signing.Signer:
    return signing.Signer(salt="articles.draft-link")


class DraftLinkQuerySet(models.QuerySet["DraftLink"]):
    """Links with what their state depends on."""

    def with_state(self, at: datetime | None = None) -> Self:
        """Each with `is_superseded`: readers have its edition or a newer; and `was_withdrawn`, since it was made."""
        at = at or timezone.now()
        editions = Edition.objects.filter(article=OuterRef("edition__article"))
        live = editions.live(at)
        gone = editions.ended(at).filter(live_until__gte=OuterRef("created_at"))
        return self.annotate(
            is_superseded=Exists(live.filter(number__gte=OuterRef("edition__number"))),
            was_withdrawn=Exists(gone) & ~Exists(live),
        )

    def signed(self, text: str) -> Self:
        """The link of a public address, as a set of one; an empty set where the link is gone.

        Raises BadSignature for what this site did not sign.
        """
        return self.filter(key=uuid.UUID(_signer().unsign(text)))


class DraftLink(models.Model):
    """A link to one edition, for one person outside; it ends by itself, and can be taken back before."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("draft link", "open")
        REVOKED = "revoked", pgettext_lazy("draft link", "taken back")
        PUBLISHED = "published", _("leads to the published article")
        EXPIRED = "expired", pgettext_lazy("draft link", "ended")
        WITHDRAWN = "withdrawn", _("ended with the withdrawal")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="draft_links", verbose_name=_("edition"))
    recipient = models.CharField(_("for whom"), max_length=100, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("ends"))
    revoked_at = models.DateTimeField(_("taken back"), null=True)
    opened = models.PositiveIntegerField(_("times opened"), default=0)
    opened_at = models.DateTimeField(_("last opened"), null=True)

    objects = DraftLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft link")
        verbose_name_plural = _("draft links")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.edition} – {self.recipient}"

    def get_absolute_url(self) -> str:
        """The public address. Only this site can make it, since the key is signed with its SECRET_KEY."""
        return reverse("draft", args=[_signer().sign(self.key.hex)])

    def state(self, at: datetime | None = None) -> State:
        """What the link does now. For a link from `with_state()`."""
        row: dict[str, Any] = vars(self)
        if self.revoked_at:
            return self.State.REVOKED
        if row["is_superseded"]:
            return self.State.PUBLISHED
        if row["was_withdrawn"]:
            return self.State.WITHDRAWN
        return self.State.EXPIRED if self.expires_at <= (at or timezone.now()) else self.State.OPEN

    def count_opening(self) -> None:
        """Note that somebody, or some program, opened it."""
        DraftLink.objects.filter(pk=self.pk).update(opened=F("opened") + 1, opened_at=timezone.now())
