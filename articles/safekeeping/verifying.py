"""Look whether what the site holds fits together. Nothing is changed; each finding says what to do."""

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import IO

from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import tallies
from articles.document import from_json
from articles.models.commentators import Commentator
from articles.models.drafts import SourceLink
from articles.models.editions import Edition
from articles.models.passages import Passage
from articles.models.pictures import Picture
from articles.passages import to_be_found
from articles.renditions import rendition_names, stem
from articles.safekeeping import archive, media, soundness, written
from articles.safekeeping.database import document_sum
from articles.safekeeping.finding import AT_ONCE, Finding
from articles.safekeeping.manifest import EDITIONS

NAMING = ((Picture, "file"), (SourceLink, "image"), (Commentator, "portrait"))


def findings() -> Iterator[Finding]:
    """All that is wrong, one by one, in memory that does not grow with the site."""
    yield from _database()
    yield from _editions()
    yield from _overlapping()
    yield from written.findings()
    yield from _index()
    yield from _tallies()
    yield from _files_missing()
    yield from _copies_missing()
    yield from _files_of_editions()
    yield from _files_without_rows()


def changed_since(source: Path) -> Iterator[Finding]:
    """Editions that are not as an archive of the same site has them; they never change. Raises BadArchive."""
    archive.read_through(source, lambda name: None)
    for name, file in archive.members(source):
        if name == EDITIONS:
            yield from _changed_since(file)
            return


def _changed_since(sums: IO[bytes]) -> Iterator[Finding]:
    advice = _("Somebody changed it in the database: take it from a backup.")
    while lines := list(islice(sums, AT_ONCE)):
        wanted = {int(key): total.decode() for total, key in (line.split() for line in lines)}
        rows = Edition.objects.filter(pk__in=wanted).order_by("pk").values_list("pk", "document")
        changed = [key for key, document in rows if document_sum(document) != wanted[key]]
        yield from (Finding("changed", f"edition {key}", advice) for key in changed)


def _database() -> Iterator[Finding]:
    for trouble in soundness.unsound():
        yield Finding("database", trouble, _("Restore the newest backup that is well, elsewhere, and compare."))
    for sequence, key in soundness.sequences_behind():
        advice = _("New rows will be refused: set it to %(key)d, which is taken.") % {"key": key}
        yield Finding("sequence", sequence, advice)


def _editions() -> Iterator[Finding]:
    """Editions whose Document cannot be read, or whose title in lists is not the Document's."""
    rows = Edition.objects.order_by("pk").values_list("pk", "title", "document")
    for key, title, form in rows.iterator(chunk_size=AT_ONCE):
        try:
            document = from_json(form)
        except Exception as error:  # whatever is wrong with it
            yield Finding("unreadable", f"edition {key}: {error}", _("Take the edition from a backup."))
            continue
        if title != document.title:
            yield Finding("title", f"edition {key}", _("Its title in lists is not its own: publish the article again."))


def _tallies() -> Iterator[Finding]:
    for difference in tallies.differences():
        yield Finding("tally", difference, _("Count the articles anew: manage.py rebuild_tallies"))


def _overlapping() -> Iterator[Finding]:
    later = Edition.objects.filter(
        Q(live_until__isnull=True) | Q(live_until__gt=F("live_from")),
        article=OuterRef("article"),
        live_from__gte=OuterRef("live_from"),
    ).exclude(pk=OuterRef("pk"))
    shown = Edition.objects.filter(Q(live_until__isnull=True) | Q(live_until__gt=F("live_from")))
    begun_before_its_end = later.filter(live_from__lt=OuterRef("live_until"))
    overlapping = shown.filter(
        Q(live_until__isnull=True) & Exists(later) | Q(live_until__isnull=False) & Exists(begun_before_its_end),
        live_from__isnull=False,
    )
    for key, article in overlapping.order_by("pk").values_list("pk", "article").iterator(chunk_size=AT_ONCE):
        advice = _("Two editions are on show at once: withdraw the article and publish it again.")
        yield Finding("overlap", f"article {article}, edition {key}", advice)


def _index() -> Iterator[Finding]:
    """Editions on show that are not written down for the search, and passages that the index lacks."""
    advice = _("Readers do not find it: run manage.py rebuild_search.")
    unwritten = to_be_found().filter(~Exists(Passage.objects.filter(edition=OuterRef("pk"))))
    for key in unwritten.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=AT_ONCE):
        yield Finding("index", f"edition {key}", advice)
    column = "passage" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM articles_passage WHERE id NOT IN (SELECT {column} FROM articles_search)"  # noqa: S608
        )
        while rows := cursor.fetchmany(AT_ONCE):
            yield from (Finding("index", f"passage {key}", advice) for (key,) in rows)


def _files_missing() -> Iterator[Finding]:
    for model, column in NAMING:
        rows = model._default_manager.exclude(**{column: ""}).order_by("pk").values_list("pk", column)
        for key, file in rows.iterator(chunk_size=AT_ONCE):
            if not default_storage.exists(file):
                advice = _("The storage has lost it: take the file from a backup, or upload the picture again.")
                yield Finding("missing", f"{model._meta.verbose_name} {key}: {file}", advice)


def _copies_missing() -> Iterator[Finding]:
    """Smaller copies that pages offer to browsers."""
    rows = Picture.objects.exclude(renditions=None).order_by("pk").values_list("pk", "file", "renditions")
    for key, file, made in rows.iterator(chunk_size=AT_ONCE):
        for name in rendition_names(file, made):
            if not default_storage.exists(name):
                advice = _("The storage has lost it: take the file from a backup.")
                yield Finding("missing", f"{Picture._meta.verbose_name} {key}: {name}", advice)


def _files_of_editions() -> Iterator[Finding]:
    """Pictures that only an edition on show knows by name."""
    there = lru_cache(10_000)(default_storage.exists)
    rows = to_be_found().order_by("pk").values_list("pk", "media")
    for key, shown in rows.iterator(chunk_size=AT_ONCE):
        portraits = (voice.get("portrait") for voice in shown.get("voices", {}).values())
        for file in filter(None, (*shown.get("pictures", {}), *portraits)):
            if not there(file) and not Picture.objects.filter(file=file).exists():
                advice = _("The storage has lost it: take the file from a backup, or publish the article without it.")
                yield Finding("missing", f"edition {key}: {file}", advice)


def _files_without_rows() -> Iterator[Finding]:
    long_ago = timezone.now() - timedelta(days=1)
    for file in media.stored():
        stems = {stem(file), stem(file).rpartition("-")[0]} - {""}
        wanted = [f"{each}." for each in stems]
        if any(
            model._default_manager.filter(**{f"{column}__startswith": each}).exists()
            for model, column in NAMING
            for each in wanted
        ):
            continue
        try:
            old = default_storage.get_modified_time(file) < long_ago
        except FileNotFoundError:  # went meanwhile
            continue
        if old:
            yield Finding(
                "unnamed",
                file,
                _("No row names it: newsdesk_tick deletes such files under pictures/; delete others yourself."),
            )
