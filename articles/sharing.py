"""Draft links: let people without an account see one edition for a while, and take that back."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import trail
from articles.models.editions import Edition
from articles.models.sharing import DraftLink
from articles.publishing import PublishingError

LASTS = timedelta(days=1)
LONGEST = timedelta(days=7)


class NotToBeShared(PublishingError):
    """Readers have the edition already, or a newer one; or the link would last too long."""


@transaction.atomic
def share(edition: Edition, *, by: User | None, recipient: str = "", lasts: timedelta = LASTS) -> DraftLink:
    """A link by which whoever holds it sees this edition until it ends, is taken back, or readers have the article.

    Raises NotToBeShared.
    """
    if Edition.objects.live().filter(article=edition.article_id, number__gte=edition.number).exists():
        raise NotToBeShared(_("Readers have this edition or a newer one already. Send the address of the article."))
    if not timedelta(0) < lasts <= LONGEST:
        raise NotToBeShared(_("A draft link lasts %(days)d days at most.") % {"days": LONGEST.days})
    link = DraftLink.objects.create(
        edition=edition, recipient=recipient, created_by=by, expires_at=timezone.now() + lasts
    )
    trail.record(
        "share_draft",
        by=by,
        article=edition.article,
        edition=edition.number,
        recipient=recipient,
        until=link.expires_at,
    )
    return link


@transaction.atomic
def revoke(link: DraftLink, *, by: User | None) -> bool:
    """Take the link back, now. False where it was taken back before."""
    now: datetime = timezone.now()
    if not DraftLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now):
        return False
    link.revoked_at = now
    edition = link.edition
    trail.record("revoke_draft_link", by=by, article=edition.article, edition=edition.number, recipient=link.recipient)
    return True
