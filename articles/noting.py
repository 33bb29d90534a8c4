"""Notes: what editors tell one another about an article or a section of it. Settled ones are kept. Readers see none."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import notices, publishing, trail
from articles.models.desk import Note
from articles.models.drafts import Article, Section

LONGEST = 4000  # characters


class NoNote(publishing.PublishingError):
    """There is nothing in the note, or too much."""


@transaction.atomic
def write(article: Article, text: str, *, by: User, section: Section | None = None) -> Note:
    """Leave a note on the article, or on one of its sections. Raises NoNote."""
    text = text.strip()
    if not text:
        raise NoNote(_("Write something first."))
    if len(text) > LONGEST:
        raise NoNote(_("The note is longer than %(most)d characters. Make it two.") % {"most": LONGEST})
    title = str(section) if section else ""
    note = Note.objects.create(article=article, section=section, section_title=title, author=by, text=text)
    trail.record("note", by=by, article=article, section=title)
    notices.note_written(note)
    return note


@transaction.atomic
def settle(note: Note, *, by: User) -> bool:
    """Say that nothing is left to do about it. False where somebody said so already."""
    rows = Note.objects.filter(pk=note.pk, settled_at=None)
    if not rows.update(settled_by=by, settled_at=timezone.now()):
        return False
    trail.record("settle_note", by=by, article=note.article, section=note.section_title)
    return True


@transaction.atomic
def reopen(note: Note, *, by: User) -> bool:
    """Say that something is left to do after all. False where somebody said so already."""
    rows = Note.objects.filter(pk=note.pk, settled_at__isnull=False)
    if not rows.update(settled_by=None, settled_at=None):
        return False
    trail.record("reopen_note", by=by, article=note.article, section=note.section_title)
    return True
