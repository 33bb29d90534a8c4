"""What can be done with an article: save, publish, schedule, withdraw, restore. Each is one transaction.

An article's editions that are or were on show form one line in time: each lasts until its planned end or the start of
the next one. Every verb here changes a start or a planned end, then `_lay_out` sets where each edition ends.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from taggit.models import Tag

from articles import changes, citing, drafting, neighbours, notices, passages, picturing, proofreading, tallies, trail
from articles.checks.labels import label
from articles.document import Document, Source, from_json, to_json
from articles.models.desk import Review
from articles.models.drafts import Article
from articles.models.editions import Edition, EditionTag
from articles.models.tags import FormerTag
from articles.overview import named
from articles.resizing import refresh, told
from articles.tags import tag_name
from articles.text import excerpt, without_ruby

SUMMARY_WIDTH = 110  # full-width columns; a description of 60 to 120 is what search engines and feeds show

Editor = User | None
Stage = Article.Stage


class PublishingError(Exception):
    """A verb was refused; the message tells the editor why and what to do."""


class StaleArticle(PublishingError):
    """Somebody else saved the article since this copy of it was opened."""


class NotReady(PublishingError):
    """The edition lacks something without which it cannot be published."""


class NotPossibleThen(PublishingError):
    """The time asked for does not fit the article's other editions."""


def claim(article: Article, version: int) -> None:
    """Take the right to change the article's rows, as the first statement of a transaction.

    `version` is the one the editor's copy was read at. Raises StaleArticle where another save came between.
    """
    if not Article.objects.filter(pk=article.pk, version=version).update(version=F("version") + 1):
        raise StaleArticle(_("Somebody else saved this article while you were editing it."))
    article.refresh_from_db(fields=["version", "stage"])  # the desk may have moved it since the copy was read


@transaction.atomic
def save(article: Article, *, by: Editor, note: str = "") -> Edition:
    """Freeze the working copy into a new edition. Where nothing changed since the latest one, that one is returned.

    An approval was of the edition before, and ends with a new one.
    """
    lock(article)
    picturing.adopt([article], by)
    document, media = drafting.read(article), drafting.media(article)
    proofreading.note(article, proofreading.findings(document, media, unplaced=article.unplaced))
    latest = article.editions.order_by("-number").first()
    if latest and latest.document == to_json(document) and told(latest.media) == told(media):
        return latest
    approval_ends = Case(When(stage=Stage.APPROVED, then=Value(Stage.WRITING)), default=F("stage"))
    Article.objects.filter(pk=article.pk).update(changed_at=timezone.now(), stage=approval_ends)
    edition = freeze(article, document, media, by=by, note=note, number=latest.number + 1 if latest else 1)
    edition.save(force_insert=True)
    return edition


def freeze(
    article: Article, document: Document, media: drafting.Media, *, by: Editor, note: str = "", number: int = 1
) -> Edition:
    """The edition, not saved yet, that holds the Document."""
    return Edition(
        article=article,
        uid=article.uid,
        number=number,
        document=to_json(document),
        media=media,
        note=note,
        created_by=by,
        title=without_ruby(document.title),
        summary=_summary(document),
        picture=next(filter(None, (_list_picture(source, media) for source in document.sources)), None),
    )


def _summary(document: Document) -> str:
    texts = (document.lead, *(section.answer or section.body for section in document.sections))
    return excerpt(without_ruby(next(filter(None, texts), "")), SUMMARY_WIDTH)


def _list_picture(source: Source, media: drafting.Media) -> dict[str, Any] | None:
    facts = media.get("pictures", {}).get(source.image)
    return {"file": source.image, **facts} if facts else None


@transaction.atomic
def publish(
    edition: Edition,
    *,
    by: Editor,
    at: datetime | None = None,
    until: datetime | None = None,
    correction: str = "",
    correction_part: int | None = None,
    minor: bool = False,
    despite_findings: bool = False,
) -> Edition:
    """Put an edition on show from `at` (now, if none is given) until `until` (for good, if none is given).

    A time to come schedules it. It takes over from the edition on show then, and replaces whatever was scheduled:
    an article has one schedule at most. A time gone by is for what was published elsewhere before.
    `correction` tells readers what was wrong, `correction_part` in which section, by its number.
    A `minor` change does not move the date of the update.
    Where a review is required, a person publishes only what was approved; imports (`by` is None) are not held up.
    What the checks require to be put right stops it, unless it is to go on show `despite_findings`.
    Returns the edition on show, a new one where this one had its time before.
    Raises NotReady, NotPossibleThen.
    """
    lock(edition.article)
    now = timezone.now()
    edition.refresh_from_db()
    if by and settings.REVIEW_REQUIRED and not is_approved(edition):
        raise NotReady(_("This edition was not approved yet. Send it to review first."))
    if edition.live_from and edition.live_from <= now:
        edition = _again(edition, by, now)
    start = at or now
    _check(edition, start, until, now)
    if not despite_findings:
        _proofread(edition)
    with tallies.kept(edition.article_id):
        _unschedule(edition.article_id, now)
        before = _line(edition.article_id).exclude(pk=edition.pk).last()
        begin(edition, start, now, before)
        if before and minor:
            edition.updated_at = before.updated_at
        edition.expires_at, edition.published_by = until, by
        note = _correction(edition, correction, correction_part, start)
        edition.corrections = _located(edition, edition.corrections + note)
        edition.corrected_at = _last_correction(edition)
        refresh(edition)
        edition.save()
        write_lists([edition])
        _lay_out(edition.article_id)
    edition.refresh_from_db()
    verb = "schedule" if start > now else "publish"
    trail.record(
        verb, by=by, article=edition.article, edition=edition.number, at=start, until=until, correction=correction
    )
    if verb == "publish":
        notices.published(edition, by)
    return edition


def is_approved(edition: Edition) -> bool:
    """Whether a reviewer approved exactly this text, in this edition or another."""
    approved = Review.objects.filter(article=edition.article_id, outcome=Review.Outcome.APPROVED)
    editions = Edition.objects.filter(article=edition.article_id, number__in=approved.values("edition_number"))
    return any(seen.document == edition.document and told(seen.media) == told(edition.media) for seen in editions)


def begin(edition: Edition, start: datetime, now: datetime, before: Edition | None = None) -> None:
    """Set the dates of an edition that goes on show at `start`, after the one `before` it; does not save it."""
    edition.live_from, edition.appeared_at = start, max(start, now)
    edition.published_at = before.published_at if before else start
    edition.updated_at = start
    edition.corrections = list(before.corrections) if before else []


def _check(edition: Edition, start: datetime, until: datetime | None, now: datetime) -> None:
    if not edition.title:
        raise NotReady(_("The article has no title. Give it one before you publish it."))
    if until and until <= max(start, now):
        raise NotPossibleThen(_("The end lies before the start. Choose a later end."))
    if start < now and _line(edition.article_id).begun(now).exists():
        raise NotPossibleThen(_("The article was on show before; a new edition of it cannot begin in the past."))


def _proofread(edition: Edition) -> None:
    """Raise NotReady where the checks find what has to be put right before readers see it."""
    found = proofreading.required(proofreading.findings_in(edition))
    if found:
        said = _("The checks found what has to be put right before this is published: %(findings)s")
        named = [f"{label(finding.place)}: {finding.message}" for finding in found]
        raise NotReady(said % {"findings": " ".join(named)})


def _again(edition: Edition, by: Editor, now: datetime) -> Edition:
    """A copy of an edition that had its time: what readers saw and when is never rewritten."""
    if edition.live_until is None or edition.live_until > now:
        raise NotPossibleThen(_("This edition is on show already. Save a change first, then publish it."))
    document = from_json(edition.document)
    copy = freeze(edition.article, document, edition.media, by=by, note=edition.note, number=_next_number(edition))
    copy.save(force_insert=True)
    return copy


def _next_number(edition: Edition) -> int:
    latest = Edition.objects.filter(article=edition.article_id).latest("number")
    return latest.number + 1


def _correction(edition: Edition, text: str, part: int | None, at: datetime) -> list[dict[str, Any]]:
    """The note to readers, with the name of the section it is about."""
    names = {entry.number: entry.title for entry in named(edition.content)} if part else {}
    return [{"at": at.isoformat(), "text": text, "part": names.get(part or 0, "")}] if text else []


def _located(edition: Edition, notes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The notes with the numbers that their sections have in this edition, or 0 where it has none of the name."""
    numbers = {entry.title: entry.number for entry in reversed(named(edition.content))} if notes else {}
    return [{**note, "number": numbers.get(note.get("part", ""), 0)} for note in notes]


def _last_correction(edition: Edition) -> datetime | None:
    return max((datetime.fromisoformat(each["at"]) for each in edition.corrections), default=None)


def write_lists(editions: list[Edition]) -> None:
    """Write what readers list and look up, beside the editions that were just published.

    That is their tags, sources, parts and pictures, and the articles that belong to them.
    """
    citing.write_citations(editions)
    passages.write_passages(editions)
    wanted = {edition: [tag_name(tag) for tag in edition.document["tags"]] for edition in editions}
    names = {name for tags in wanted.values() for name in tags}
    tags = {tag.name: tag for tag in Tag.objects.filter(name__in=names)} if names else {}
    former = FormerTag.objects.meant_by(names - tags.keys())  # an edition's text is older than a tag's new name
    tags.update((name, former[name.casefold()]) for name in names - tags.keys() if name.casefold() in former)
    EditionTag.objects.filter(edition__in=editions).delete()
    EditionTag.objects.bulk_create(
        EditionTag(edition=edition, tag=tag, position=position, published_at=edition.published_at)
        for edition, names_of in wanted.items()
        for position, tag in enumerate(dict.fromkeys(tags[name] for name in names_of if name in tags))
    )
    picturing.note_shown(editions)
    neighbours.write_neighbours(editions)


def tag_changes(tag: Tag) -> None:
    """Say that pages naming the tag change now, as it is renamed or deleted: stored copies of them are out of date."""
    now = timezone.now()
    newest = list(Edition.objects.live(now).tagged(tag).values_list("pk", flat=True)[:1])
    if newest:
        Edition.objects.filter(pk__in=newest).update(appeared_at=now)
        changes.announce([changes.ARTICLES])


@transaction.atomic
def reschedule(edition: Edition, at: datetime, *, was: datetime, by: Editor) -> Edition:
    """Give a scheduled edition another start; its end, and what it tells readers, stay.

    `was` is the start that the editor saw. Raises NotPossibleThen where it has another by now, or `at` does not fit.
    """
    lock(edition.article)
    now = timezone.now()
    edition.refresh_from_db()
    if edition.live_from != was or was <= now:
        raise NotPossibleThen(_("It was moved or published meanwhile. Look at the calendar as it is now."))
    if at <= now:
        raise NotPossibleThen(_("That time is past. Choose a later one, or publish the article now."))
    _check(edition, at, edition.expires_at, now)
    edition.live_from = edition.appeared_at = at
    edition.published_at = at if edition.published_at == was else edition.published_at
    edition.updated_at = at if edition.updated_at == was else edition.updated_at
    for correction in edition.corrections:
        if datetime.fromisoformat(correction["at"]) == was:
            correction["at"] = at.isoformat()
    edition.corrected_at = _last_correction(edition)
    edition.published_by = by
    with tallies.kept(edition.article_id):
        edition.save()
        write_lists([edition])
        _lay_out(edition.article_id)
    trail.record("reschedule", by=by, article=edition.article, edition=edition.number, at=at, was=was)
    edition.refresh_from_db()
    return edition


@transaction.atomic
def unschedule(article: Article, *, by: Editor) -> bool:
    """Take back what was to go on show later; what is on show stays. False where nothing was scheduled."""
    lock(article)
    with tallies.kept(article.pk):
        had_one = _unschedule(article.pk, timezone.now())
        _lay_out(article.pk)
    if had_one:
        trail.record("unschedule", by=by, article=article)
    return had_one


@transaction.atomic
def withdraw(article: Article, *, by: Editor, reason: str = "") -> bool:
    """Take the article off the site, now, with what was scheduled for it. False where there was nothing to take off.

    `reason` is shown to readers at its address.
    """
    lock(article)
    now = timezone.now()
    live = Edition.objects.live(now).filter(article=article)
    with tallies.kept(article.pk):
        had_schedule = _unschedule(article.pk, now)
        withdrawn = live.update(expires_at=now, withdrawal=reason, withdrawn_by=by)
        _lay_out(article.pk)
    if had_schedule or withdrawn:
        trail.record("withdraw", by=by, article=article, reason=reason)
    return had_schedule or bool(withdrawn)


@transaction.atomic
def restore(article: Article, edition: Edition, *, by: Editor, version: int | None = None) -> Edition:
    """Make the working copy say again what an old edition said, and save that as a new edition.

    `version` is the one of the working copy that the editor looked at before deciding; None for whatever it is now.
    Raises StaleArticle, drafting.UnusableDocument.
    """
    lock(article)
    if version is None:
        Article.objects.filter(pk=article.pk).update(version=F("version") + 1)
    else:
        claim(article, version)
    drafting.write(article, edition.content, edition.media)
    made = save(article, by=by, note=_("Restored from edition %(number)d") % {"number": edition.number})
    trail.record("restore", by=by, article=article, edition=edition.number, made=made.number)
    return made


@transaction.atomic
def delete(article: Article, *, by: Editor) -> None:
    """Remove an article that no reader saw or is to see, with all its editions. Raises NotPossibleThen."""
    lock(article)
    if _line(article.pk).exists():
        raise NotPossibleThen(
            _("%(title)s: readers saw it, or will. It can be withdrawn, but not deleted.") % {"title": article}
        )
    trail.record("delete", by=by, article=article, number=article.pk)
    passages.forget(article.editions.all())
    article.delete()


def lock(article: Article) -> None:
    """Let one verb at a time work on an article. On SQLite the transaction itself is the lock.

    Its key stays free: publishing one of two articles that lead to each other must not wait for the other's verb.
    """
    Article.objects.select_for_update(no_key=True).get(pk=article.pk)


def _line(article_id: int) -> Any:
    """The article's editions that are, were or will be on show, in order."""
    return Edition.objects.filter(article=article_id, live_from__isnull=False).order_by("live_from", "number")


def _unschedule(article_id: int, now: datetime) -> bool:
    return bool(
        _line(article_id)
        .scheduled(now)
        .update(live_from=None, live_until=None, expires_at=None, appeared_at=None, published_at=None, updated_at=None)
    )


def _lay_out(article_id: int) -> None:
    """Set where each edition ends: at its planned end, or where the next one begins if that is earlier.

    Every change of when an edition is on show comes through here, and tells caches of it.
    """
    editions = list(_line(article_id))
    for edition, following in zip(editions, [*editions[1:], None], strict=False):
        ends = [end for end in (edition.expires_at, following and following.live_from) if end]
        until = min(ends, default=None)
        if edition.live_until != until:
            Edition.objects.filter(pk=edition.pk).update(live_until=until)
            edition.live_until = until
    moments = [moment for edition in editions for moment in (edition.live_from, edition.live_until) if moment]
    changes.announce(changes.touched([article_id]), moments)
