"""Brings the sample newsroom into the database, through the same verbs that editors use."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from articles import drafting, picturing, publishing
from articles.document import Document
from articles.models import Article, Commentator, Edition, Picture, SourceLink
from articles.samples import pictures
from articles.samples.newsroom import Mistake, Newsroom, Sample, newsroom, uid_of

Names = dict[str, str]  # of stored pictures, by the names that manuscripts give them

BREAKFAST = time(7, 0)
CREDIT = "絵・編集部"


def load() -> list[Article]:
    """Add the samples that are not there yet; returns what was added.

    A sample that is there is left as it is, whatever was edited in it. Pictures that the storage lost are drawn again.
    """
    room = newsroom()
    there = set(Article.objects.filter(uid__in=[sample.uid for sample in room.samples]).values_list("uid", flat=True))
    missing = [sample for sample in room.samples if sample.uid not in there]
    if not missing and not _lost_pictures(there):
        return []
    names = _store_pictures(room)
    delay = _delay(room.samples, timezone.now())
    with transaction.atomic():
        _add_people(room, names)
        return [_add(sample, room, names, delay) for sample in missing]


def _lost_pictures(uids: Iterable[UUID]) -> bool:
    shown = {
        *SourceLink.objects.filter(section__article__uid__in=uids).exclude(image="").values_list("image", flat=True),
        *Commentator.objects.exclude(portrait="").values_list("portrait", flat=True),
    }
    return not all(default_storage.exists(name) for name in shown)


def _store_pictures(room: Newsroom) -> Names:
    with TemporaryDirectory() as folder:
        pictures.make(Path(folder))
        return {path.name: _keep(path, room) for path in sorted(Path(folder).iterdir())}


def _keep(path: Path, room: Newsroom) -> str:
    """Bring a picture into the library: drawn by the newsroom itself, so it may be shown."""
    people = {person.portrait: person.name for person in room.people}
    alt = room.alt.get(path.name) or people.get(path.name, "")
    with path.open("rb") as file:
        picture = picturing.keep(file, by=None, alt=alt, credit=CREDIT, permission=Picture.Permission.OWN)
    return str(picture.file)


def _delay(samples: Iterable[Sample], now: datetime) -> timedelta:
    """How far all dates are set back where the machine's clock runs behind the newest sample. Whole days."""
    newest = max(sample.published_at for sample in samples if sample.published_at)
    return timedelta(days=max(0, -((now - newest) // timedelta(days=1))))


def _add_people(room: Newsroom, names: Names) -> None:
    for person in room.people:
        row, new = Commentator.objects.get_or_create(
            name=person.name, defaults={"role": person.role, "profile": person.profile}
        )
        if new:
            with default_storage.open(names[person.portrait]) as file:
                row.portrait.save(person.portrait, file)


def _add(sample: Sample, room: Newsroom, names: Names, delay: timedelta) -> Article:
    before = Article.objects.filter(uid=uid_of(sample.follows)).first() if sample.follows else None
    article = drafting.create(_with_stored(sample.first_document, names), uid=sample.uid, follows=before)
    _describe(article, room, names)
    edition = publishing.save(article, by=None)
    if sample.scheduled_in_days:
        publishing.publish(edition, by=None, at=_morning_in(sample.scheduled_in_days))
    elif sample.published_at:
        publishing.publish(edition, by=None, at=sample.published_at - delay)
    if sample.correction:
        _correct(article, sample, sample.correction, names)
    if sample.withdrawn:
        publishing.withdraw(article, by=None, reason=sample.withdrawn)
    return article


def _with_stored(document: Document, names: Names) -> Document:
    """The Document with its pictures under the names they are stored by."""
    sections = tuple(
        replace(
            section,
            sources=tuple(replace(source, image=names.get(source.image, "")) for source in section.sources),
        )
        for section in document.sections
    )
    return replace(document, sections=sections)


def _describe(article: Article, room: Newsroom, names: Names) -> None:
    sources = SourceLink.objects.filter(section__article=article)
    for file, alt in room.alt.items():
        sources.filter(image=names[file]).update(image_alt=alt)


def _correct(article: Article, sample: Sample, mistake: Mistake, names: Names) -> Edition:
    drafting.write(article, _with_stored(sample.document, names))
    _describe(article, newsroom(), names)
    edition = publishing.save(article, by=None, note=mistake.note)
    return publishing.publish(edition, by=None, correction=mistake.note, correction_part=mistake.part)


def _morning_in(days: int) -> datetime:
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, BREAKFAST))
