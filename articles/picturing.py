"""The library of pictures: keep, describe, remove; who shows what. Every stored picture has its row.

A file is stored first and its row is written second; what is left without a row is swept away a day later.
"""

import random
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import IO, Any

from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import images, trail
from articles.background import Enough, sweep
from articles.models.commentators import Commentator
from articles.models.drafts import Article, SourceLink
from articles.models.editions import Edition
from articles.models.pictures import Picture, Shown
from articles.renditions import rendition_names, stem
from articles.resizing import Facts, derived, files_of, resize, spread

FOLDER = "pictures"
KEPT_WITHOUT_ROW = timedelta(days=1)  # a form that names the file may still be open


class PictureInUse(Exception):
    """The picture cannot be removed; the message tells the editor why and what to do."""


# Into the library


def keep(upload: IO[bytes], *, by: User | None, **words: Any) -> Picture:
    """The picture's row in the library, new unless the picture was there; its copies are made soon.

    `words` are columns of a new row (alt, credit, permission …) and change nothing in one that is there.
    Raises images.UnusablePicture.
    """
    picture = images.normalise(upload)
    lost = not images.lies_there(picture)
    file = images.keep_file(picture)
    size = {"file_width": picture.width, "file_height": picture.height}
    with transaction.atomic():
        row, new = Picture.objects.get_or_create(file=file, defaults={**size, "added_by": by, **words})
        if new and by:
            trail.record("add_picture", by=by, picture=file)
        if lost and not new:
            row.renditions = None
            row.save(update_fields=["renditions"])
        if row.renditions is None:
            transaction.on_commit(partial(resize.enqueue, row.pk))
    return row


def adopt(articles: Iterable[Article], by: User | None = None) -> None:
    """Give rows to pictures that articles show and the library does not know; words it lacks, it takes from there.

    Three queries, however many articles; one where they show no pictures. Copies are made by the sweep.
    """
    sources = SourceLink.objects.filter(section__article__in=articles, image_width__gt=0).exclude(image="")
    found: dict[str, Picture] = {}
    for file, width, height, alt, credit in sources.values_list(
        "image", "image_width", "image_height", "image_alt", "image_credit"
    ):
        row = found.setdefault(file, Picture(file=file, file_width=width, file_height=height, added_by=by))
        row.alt, row.credit = row.alt or alt, row.credit or credit
    if found:
        _add(found)


def adopt_portrait(person: Commentator, by: User | None) -> None:
    """Give a row to a commentator's portrait."""
    file = person.portrait.name
    if file:
        size = {"file_width": person.portrait_width, "file_height": person.portrait_height}
        _add({file: Picture(file=file, alt=person.name, added_by=by, **size)})


def _add(found: dict[str, Picture]) -> None:
    known = {str(row.file): row for row in Picture.objects.filter(file__in=found)}
    Picture.objects.bulk_create((row for file, row in found.items() if file not in known), ignore_conflicts=True)
    taught = [row for file, row in known.items() if _learn(row, found[file])]
    Picture.objects.bulk_update(taught, ["alt", "credit"])


def _learn(row: Picture, seen: Picture) -> bool:
    """Take words that the row lacks. Whether there were any."""
    before = (row.alt, row.credit)
    row.alt, row.credit = row.alt or seen.alt, row.credit or seen.credit
    return (row.alt, row.credit) != before


# What is known of pictures


def facts(files: Iterable[str]) -> dict[str, Facts]:
    """By file: size, words, copies and focal point of the pictures that the library has. One query."""
    rows = Picture.objects.filter(file__in=set(files), file_width__gt=0, file_height__gt=0)
    return {
        str(row.file): {"width": row.file_width, "height": row.file_height, "alt": row.alt, **derived(row)}
        for row in rows
    }


def find(file: str) -> Picture | None:
    """The picture of that name, if the library has it."""
    return Picture.objects.filter(file=file).first() if file and "\0" not in file else None


def search(pictures: "QuerySet[Picture]", words: str) -> "QuerySet[Picture]":
    """Those in whose alternative text, credit, note or file name every one of the words stands."""
    for word in words.split()[:10]:
        places = ("alt", "credit", "permission_note", "file")
        pictures = pictures.filter(Q(*((f"{place}__icontains", word) for place in places), _connector=Q.OR))
    return pictures


def with_use(pictures: "QuerySet[Picture]") -> "QuerySet[Picture]":
    """Add `is_used`: whether a working copy, a commentator, or an edition that is, was or will be on show has it."""
    file = OuterRef("file")
    return pictures.annotate(
        is_used=Exists(SourceLink.objects.filter(image=file))
        | Exists(Commentator.objects.filter(portrait=file))
        | Exists(_on_show().filter(picture=OuterRef("pk")))
    )


def _on_show() -> "QuerySet[Shown]":
    return Shown.objects.filter(edition__live_from__isnull=False)


def is_used(picture: Picture) -> bool:
    return bool(vars(with_use(Picture.objects.filter(pk=picture.pk)).get())["is_used"])


def articles_with(picture: Picture) -> "QuerySet[Article]":
    """Articles whose working copy shows the picture, or of which an edition with it is, was or will be on show."""
    drafts = Article.objects.filter(sections__sources__image=picture.file.name).order_by().values("pk")
    shown = _on_show().filter(picture=picture).values("edition__article")
    return Article.objects.filter(Q(pk__in=drafts) | Q(pk__in=shown))


def people_with(picture: Picture) -> "QuerySet[Commentator]":
    """Commentators whose portrait it is."""
    return Commentator.objects.filter(portrait=picture.file.name)


def note_shown(editions: Iterable[Edition]) -> None:
    """Write which pictures editions show that are being published. Two queries, none where they show no picture."""
    files = {edition: files_of(edition) for edition in editions}
    wanted = set().union(*files.values())
    if not wanted:
        return
    numbers = dict(Picture.objects.filter(file__in=wanted).values_list("file", "pk"))
    rows = (
        Shown(edition=edition, picture_id=numbers[file])
        for edition, shown in files.items()
        for file in sorted(shown)
        if file in numbers
    )
    Shown.objects.bulk_create(rows, ignore_conflicts=True)


# Changing and removing


@transaction.atomic
def change(picture: Picture, *, by: User | None, changed: Iterable[str]) -> None:
    """Save what an editor changed in a picture's row; a new focal point reaches the pages at once."""
    picture.save()
    trail.record("change_picture", by=by, picture=str(picture.file))
    if {"focal_x", "focal_y"} & set(changed):
        spread(picture)


@transaction.atomic
def remove(picture: Picture, *, by: User | None) -> None:
    """Take a picture out of the library, and its files with it. Raises PictureInUse."""
    row = Picture.objects.select_for_update().get(pk=picture.pk)
    if is_used(row):
        raise PictureInUse(
            _("%(picture)s: an article or a commentator shows it, or readers saw it. Take it out there first.")
            % {"picture": row}
        )
    file = str(row.file)
    names = [file, *rendition_names(file, row.renditions)]
    trail.record("delete_picture", by=by, picture=file)
    row.shown.all().delete()  # of editions whose schedule was taken back
    row.delete()
    transaction.on_commit(partial(_delete_files, file, names))


def _delete_files(file: str, names: list[str]) -> None:
    """Delete a picture's files, unless somebody brought the same picture meanwhile."""
    if file in _named({file}):
        return
    for name in names:
        with suppress(OSError):  # the sweep will find it
            default_storage.delete(name)


def _named(files: set[str]) -> set[str]:
    """Those of the files that some row names."""
    columns = ((Picture, "file"), (SourceLink, "image"), (Commentator, "portrait"))
    return {
        name
        for model, column in columns
        for name in model._default_manager.filter(**{f"{column}__in": files}).values_list(column, flat=True)
    }


@sweep(every=timedelta(days=1))
def sweep_files(enough: Enough) -> None:
    """Delete stored files that no row names: pictures of forms never saved, copies of pictures removed."""
    with suppress(FileNotFoundError):
        folders, _files = default_storage.listdir(FOLDER)
        for folder in random.sample(folders, len(folders)):  # a sweep that is ended early leaves others each day
            _sweep_folder(f"{FOLDER}/{folder}")
            if enough():
                return


def _sweep_folder(folder: str) -> None:
    names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
    known = {
        stem(name)
        for model, column in ((Picture, "file"), (SourceLink, "image"), (Commentator, "portrait"))
        for name in model._default_manager.filter(**{f"{column}__startswith": f"{folder}/"}).values_list(
            column, flat=True
        )
    }
    long_ago = timezone.now() - KEPT_WITHOUT_ROW
    for name in names:
        if stem(name) in known or stem(name).rpartition("-")[0] in known:
            continue
        with suppress(OSError):
            if default_storage.get_modified_time(name) < long_ago:
                default_storage.delete(name)
