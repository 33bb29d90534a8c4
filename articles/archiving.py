"""Archives: many articles at once, and how far the import of a file of them has come.

What `archive` leaves behind is what `drafting.create`, `publishing.save` and `publishing.publish` would have left, one
article after the other; only the number of queries differs, and the checks are not asked: what was published elsewhere
is taken as it is. An import is known by the bytes it has read, so it
carries on where it was after the file was moved, or has grown; see `find`.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.contrib.auth.models import User
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from articles import changes, drafting, picturing, publishing, tallies, trail
from articles.document import Document, NotADocument, from_json
from articles.jsonlines import LONGEST, DamagedFile, Reader
from articles.models.drafts import Article
from articles.models.editions import Edition
from articles.models.imports import ImportRun


class BadEntry(ValueError):
    """A line of an archive cannot become an article; the message says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of an archive: its Document, when it was published and last updated, and its permanent id."""

    document: Document
    published_at: datetime | None = None
    updated_at: datetime | None = None
    uid: UUID | None = None


# Lines to entries


def read_entry(data: bytes | None, *, titled: bool = False) -> Entry:
    """The entry in a line: a Document's JSON form with `published_at`, `updated_at` (ISO 8601) and `uid` beside it.

    A time without zone is meant in the site's own. `titled` asks for a title, without which nothing is published.
    Raises BadEntry.
    """
    if data is None:
        raise BadEntry(_("The line is longer than %(most)d MB.") % {"most": LONGEST // 1024 // 1024})
    form = _json(data)
    try:
        document = from_json(form)
        drafting.check(document)
    except (NotADocument, drafting.UnusableDocument) as error:
        raise BadEntry(str(error)) from error
    if not document:
        raise BadEntry(_("There is no text in it."))
    if titled and not document.title:
        raise BadEntry(_("The article has no title, and cannot be published without one."))
    return Entry(document, *_times(form), _uid(form))


def _json(data: bytes) -> Any:
    try:
        return json.loads(data.decode())
    except UnicodeDecodeError as error:
        raise BadEntry(_("The line is not UTF-8 (byte %(place)d).") % {"place": error.start + 1}) from error
    except json.JSONDecodeError as error:
        raise BadEntry(_("The line is not JSON (character %(place)d).") % {"place": error.pos + 1}) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets in brackets in …
        raise BadEntry(_("The JSON cannot be read: %(reason)s") % {"reason": error}) from error


def _times(form: dict[str, Any]) -> tuple[datetime | None, datetime | None]:
    published, updated = _time(form, "published_at"), _time(form, "updated_at")
    if updated and not published:
        raise BadEntry(_("updated_at stands there without published_at."))
    if published and updated and not published <= updated <= max(published, timezone.now()):
        raise BadEntry(_("updated_at lies before published_at, or in the future."))
    return published, updated


def _time(form: dict[str, Any], key: str) -> datetime | None:
    value = form.get(key)
    if value is None or value == "":
        return None
    try:
        time = parse_datetime(value)
    except (TypeError, ValueError):
        time = None
    if time is None or not 1000 <= time.year < 3000:  # further off, a time zone may lead out of the calendar
        raise BadEntry(_("%(key)s: %(value)s is not a time like 2025-03-22T09:00:00+09:00.") % _named(key, value))
    return (time if timezone.is_aware(time) else timezone.make_aware(time)).astimezone(UTC)


def _uid(form: dict[str, Any]) -> UUID | None:
    value = form.get("uid")
    if value is None or value == "":
        return None
    try:
        return UUID(value)
    except (AttributeError, TypeError, ValueError) as error:
        raise BadEntry(_("%(key)s: %(value)s is not a UUID.") % _named("uid", value)) from error


def _named(key: str, value: object) -> dict[str, str]:
    return {"key": key, "value": repr(value)[:60]}


# Entries to articles


@transaction.atomic
def archive(entries: Sequence[Entry], *, publish: bool, by: User | None = None) -> list[Edition]:
    """An article with one edition for each entry, on show since `published_at` if they are to be published.

    The number of queries does not grow with that of the entries. Raises BadEntry, PublishingError, UnusableDocument.
    """
    articles = drafting.create_all(
        [entry.document for entry in entries],
        by=by,
        columns=[{"uid": entry.uid} if entry.uid else {} for entry in entries],
    )
    picturing.adopt(articles, by)
    editions = _frozen(articles, entries, by)
    if publish:
        now = timezone.now()
        for edition, entry in zip(editions, entries, strict=True):
            _begin(edition, entry, by, now)
    Edition.objects.bulk_create(editions)
    if publish:
        publishing.write_lists(editions)
        tallies.added([edition.article_id for edition in editions])
        changes.announce([changes.ARTICLES], [edition.live_from for edition in editions if edition.live_from])
    trail.record("archive", by=by, count=len(editions), published=publish)
    return editions


def _frozen(articles: Sequence[Article], entries: Sequence[Entry], by: User | None) -> list[Edition]:
    tags, media = drafting.tags_of_all(articles), drafting.media_of_all(articles)
    return [
        publishing.freeze(article, replace(entry.document, tags=tags[article.pk]), media[article.pk], by=by)
        for article, entry in zip(articles, entries, strict=True)
    ]


def _begin(edition: Edition, entry: Entry, by: User | None, now: datetime) -> None:
    if not edition.title:
        raise publishing.NotReady(_("The article has no title. Give it one before you publish it."))
    publishing.begin(edition, entry.published_at or now, now)
    edition.updated_at = entry.updated_at or edition.live_from
    edition.published_by = by


def archive_each(entries: Sequence[Entry], *, publish: bool, by: User | None = None) -> list[BadEntry | None]:
    """`archive`, but an entry that the database refuses stops no other. Returns for each what was wrong, or None."""
    try:
        archive(entries, publish=publish, by=by)
    except (DataError, IntegrityError):
        return [_refusal(entry, publish, by) for entry in entries]
    return [None] * len(entries)


def _refusal(entry: Entry, publish: bool, by: User | None) -> BadEntry | None:
    if entry.uid and Article.objects.filter(uid=entry.uid).exists():
        return BadEntry(_("There is an article with the permanent id %(uid)s already.") % {"uid": entry.uid})
    try:
        archive([entry], publish=publish, by=by)
    except (DataError, IntegrityError) as error:
        return BadEntry(_("The database refuses it: %(reason)s") % {"reason": str(error).splitlines()[0]})
    return None


# How far an import has come


class AnotherImport(Exception):
    """Another process imports the same file."""


def find(file: BinaryIO, name: str) -> ImportRun | None:
    """The import that read the beginning of this file: the one of that name, else the furthest. Reads up to there."""
    reader, found = Reader(file), None
    with suppress(DamagedFile):
        for run in ImportRun.objects.filter(offset__gt=0).order_by("offset"):
            if not reader.advance(run.offset):
                break
            if reader.digest == run.digest and not (found and found.name == name):
                found = run
    return found


def hold(run: ImportRun) -> None:
    """Keep everybody else from moving the import on until the transaction ends.

    Raises AnotherImport where somebody did so already.
    """
    if not ImportRun.objects.select_for_update().filter(pk=run.pk, offset=run.offset, digest=run.digest).exists():
        raise AnotherImport


def note(run: ImportRun, reader: Reader, *, articles: int, refused: int) -> None:
    """Move an import on to where the reader stands, in the transaction that stores what was read."""
    run.offset, run.line, run.digest = reader.offset, reader.number, reader.digest
    run.articles, run.refused, run.changed_at = run.articles + articles, run.refused + refused, timezone.now()
    run.save(force_update=True)
