"""Smaller copies of pictures, made in the background, and the editions that show them told of it.

Editions keep what a page needs to know of a picture, so that readers' pages ask no further question. What follows from
the picture itself, its copies and its focal point, is no part of what an editor wrote: it may change after the edition
was saved, and two editions that differ in nothing else say the same.
"""

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from articles import changes, images
from articles.background import Enough, sweep, task
from articles.models.drafts import Article
from articles.models.editions import Edition
from articles.models.pictures import Picture

logger = logging.getLogger(__name__)

Facts = dict[str, Any]

DERIVED = ("focal", "renditions")


def derived(picture: Picture) -> Facts:
    """What an edition keeps of a picture besides its size and words; nothing where it has nothing to tell."""
    focal = {"focal": [picture.focal_x, picture.focal_y]} if (picture.focal_x, picture.focal_y) != (0.5, 0.5) else {}
    return {**focal, **({"renditions": picture.renditions} if picture.renditions else {})}


def told(media: dict[str, dict[str, Facts]]) -> dict[str, dict[str, Facts]]:
    """What an edition keeps beside its Document, without what merely follows from its pictures."""
    return {
        kind: {name: {key: value for key, value in facts.items() if key not in DERIVED} for name, facts in all_.items()}
        for kind, all_ in media.items()
    }


@task
def resize(picture: int) -> None:
    """Make the copies of a picture of the library, and tell the editions that show it."""
    row = Picture.objects.filter(pk=picture, renditions__isnull=True).first()
    if row:
        _resize(row)


@sweep(every=timedelta(minutes=5))
def resize_rest(enough: Enough) -> None:
    """Make the copies of pictures that came in numbers, as by an import, or whose task was lost."""
    for picture in Picture.objects.filter(renditions__isnull=True).order_by("pk").iterator(chunk_size=100):
        _resize(picture)
        if enough():
            return


def _resize(picture: Picture) -> None:
    """Once more does no harm: the copies have the same names. A picture that cannot be read is not tried again.

    Raises OSError where the storage cannot be reached or is full; then it is.
    """
    try:
        made = images.make_renditions(picture.file.name or "")
    except (FileNotFoundError, images.UnusablePicture):
        logger.exception("No copies of %s", picture.file.name)
        made = {}
    Picture.objects.filter(pk=picture.pk).update(renditions=made)
    picture.refresh_from_db()
    spread(picture)


def spread(picture: Picture) -> None:
    """Tell the editions that show a picture how it is now, and caches that their pages changed."""
    shown = Edition.objects.filter(Q(shown__picture=picture) | Q(article__sections__sources__image=picture.file.name))
    for article in sorted(set(shown.values_list("article", flat=True))):
        with transaction.atomic():
            Article.objects.select_for_update(no_key=True).get(pk=article)  # no verb writes an edition meanwhile
            changed = [each for each in Edition.objects.filter(article=article) if _tell(each, picture)]
            Edition.objects.bulk_update(changed, ["media", "picture"])
            now = timezone.now()
            live = Edition.objects.live(now).filter(pk__in=[edition.pk for edition in changed])
            live.update(appeared_at=now)
            changes.announce(changes.pages_of([article]))


def _tell(edition: Edition, picture: Picture) -> bool:
    """Write the facts into an edition that is not saved yet. Whether it shows the picture and did not know them."""
    file = picture.file.name
    told = [_told_of(each, picture) for each in _facts_about(edition, file)]
    if edition.picture and edition.picture["file"] == file:
        told.append(_told_of(edition.picture, picture))
    return any(told)


def _facts_about(edition: Edition, file: str | None) -> list[Facts]:
    """What an edition keeps of a picture, where a source shows it and where it is somebody's portrait."""
    facts = edition.media.get("pictures", {}).get(file)
    voices = edition.media.get("voices", {}).values()
    return [*([facts] if facts else []), *(voice for voice in voices if file and voice.get("portrait") == file)]


def _told_of(facts: Facts, picture: Picture) -> bool:
    """Bring the facts up to date. Whether they were not."""
    before = dict(facts)
    for name in DERIVED:
        facts.pop(name, None)
    facts.update(derived(picture))
    return facts != before


def files_of(edition: Edition) -> set[str]:
    """The pictures that an edition shows: of its sources, and portraits."""
    portraits = (voice.get("portrait") for voice in edition.media.get("voices", {}).values())
    return {*edition.media.get("pictures", {}), *filter(None, portraits)}


def refresh(edition: Edition) -> None:
    """Make an edition that is about to be published know its pictures as they are now; does not save it."""
    files = files_of(edition)
    for picture in Picture.objects.filter(file__in=files) if files else ():
        _tell(edition, picture)
