"""What every migration leaves in order: the row of the site, and who may write the pages of the publication."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.flatpages.models import FlatPage
from django.contrib.sites.models import Site
from django.db.migrations import Migration

from articles import changes, tallies
from articles.models.changes import Change
from articles.models.editions import Edition
from articles.models.tallies import Tally


def name_the_site(using: str, **kwargs: Any) -> None:
    """Call the one site as the settings do, as far as its columns hold it. Nothing but Django itself reads it."""
    defaults = {"domain": urlsplit(settings.SITE_URL).netloc[:100], "name": settings.SITE_NAME[:50]}
    Site.objects.using(using).update_or_create(pk=settings.SITE_ID, defaults=defaults)


def count_articles(using: str, **kwargs: Any) -> None:
    """Count what is on show where nothing was counted yet, and say that it changed where nothing was ever said.

    The tables of both are younger than the articles.
    """
    if not Edition.objects.using(using).filter(live_from__isnull=False).exists():
        return
    if not Tally.objects.using(using).exists():
        tallies.rebuild()
    if not Change.objects.using(using).exists():
        changes.announce([changes.ARTICLES])


def let_editors_write_pages(using: str, plan: Sequence[tuple[Migration, bool]] = (), **kwargs: Any) -> None:
    """Give whoever approves articles the pages, too: once, when their table is made, for a newsroom may take it back.

    The groups are known by that right, not by their names, which newsrooms change.
    """
    if not any(migration.app_label == "flatpages" and not backwards for migration, backwards in plan):
        return
    label = FlatPage._meta.app_label
    pages = Permission.objects.using(using).filter(content_type__app_label=label, content_type__model="flatpage")
    approving = {"permissions__content_type__app_label": "articles", "permissions__codename": "approve_article"}
    for group in Group.objects.using(using).filter(**approving):
        group.permissions.add(*pages)
