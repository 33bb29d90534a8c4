"""From a manuscript as it was read to a draft: the one way in, for the desk and for the command."""

from collections.abc import Iterable
from dataclasses import replace

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from articles import drafting, publishing, trail
from articles.document import Comment, Document
from articles.manuscripts import Reading
from articles.models import Article
from articles.tags import is_tag, parse_tags


@transaction.atomic
def import_reading(
    reading: Reading,
    *,
    by: User | None = None,
    commentator: str = "",
    tags: Iterable[str] = (),
    token: str | None = None,
) -> Article:
    """A new article from a manuscript, with its first edition. Lines without a place are kept in `unplaced`.

    `commentator` is whose voice the comments are that name nobody; `tags` are added to those of the manuscript.
    `token` names what is being imported, so that it is imported once.
    Raises drafting.UnusableDocument, and IntegrityError where there is an article of that token already.
    """
    document = tagged(named(reading.document, commentator), tags)
    lost = [tag for tag in document.tags if not is_tag(tag)]
    unplaced = "\n".join([*(piece.text for piece in reading.unplaced), *lost])
    article = drafting.create(document, by=by, unplaced=unplaced, form_token=token)
    publishing.save(article, by=by, note=_("Imported from a manuscript"))
    trail.record("import", by=by, article=article)
    return article


def named(document: Document, commentator: str) -> Document:
    """The Document with that name on every comment that has none."""

    def spoken(comments: tuple[Comment, ...]) -> tuple[Comment, ...]:
        return tuple(replace(comment, commentator=comment.commentator or commentator) for comment in comments)

    sections = (
        replace(section, opening=spoken(section.opening), closing=spoken(section.closing))
        for section in document.sections
    )
    return replace(document, sections=tuple(sections), closing=spoken(document.closing))


def tagged(document: Document, tags: Iterable[str]) -> Document:
    """The Document with further tags; none stands twice."""
    known = {tag.casefold() for tag in document.tags}
    more = [tag for tag in parse_tags("\n".join(tags)) if tag.casefold() not in known]
    return replace(document, tags=(*document.tags, *more))
