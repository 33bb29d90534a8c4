"""One row and one part of a Document: each as the other."""

from collections.abc import Iterable
from typing import Any

from articles.document import Comment as Voice
from articles.document import Document, Section, Source
from articles.models import drafts
from articles.models.commentators import Commentator

Facts = dict[str, dict[str, Any]]  # of pictures, by file: {width, height, alt}
People = dict[str, Commentator]  # by name
Columns = dict[str, Any]
Placement = drafts.Comment.Placement


# Rows as parts


def section_of(row: drafts.Section) -> Section:
    """The section, with the sources and comments that hang on its row."""
    comments = list(row.comments.all())
    return Section(
        heading=row.heading,
        question=row.question,
        answer=row.answer,
        sources=tuple(source_of(source) for source in row.sources.all()),
        opening=voices_of(comments, Placement.OPENING),
        body=row.body,
        closing=voices_of(comments, Placement.CLOSING),
    )


def source_of(row: drafts.SourceLink) -> Source:
    return Source(
        caption=row.caption,
        url=row.url,
        site_name=row.site_name,
        published_on=row.published_on,
        key_points=tuple(row.key_points.splitlines()),
        image=row.image.name or "",
        image_credit=row.image_credit,
    )


def voice_of(row: drafts.Comment) -> Voice:
    return Voice(row.commentator.name if row.commentator else "", row.text)


def voices_of(rows: Iterable[drafts.Comment], placement: str) -> tuple[Voice, ...]:
    return tuple(voice_of(row) for row in rows if row.placement == placement)


# Parts as columns


def article_columns(document: Document) -> Columns:
    """The Document's own texts."""
    return {
        "title": document.title,
        "lead_heading": document.lead_heading,
        "lead": document.lead,
        "takeaways": "\n".join(document.takeaways),
    }


def section_columns(position: int, section: Section) -> Columns:
    return {
        "position": position,
        "heading": section.heading,
        "question": section.question,
        "answer": section.answer,
        "body": section.body,
    }


def source_columns(position: int, source: Source, facts: Facts) -> Columns:
    picture = facts.get(source.image, {})
    return {
        "position": position,
        "caption": source.caption,
        "url": source.url,
        "site_name": source.site_name,
        "published_on": source.published_on,
        "key_points": "\n".join(source.key_points),
        "image": source.image,
        "image_width": picture.get("width"),
        "image_height": picture.get("height"),
        "image_alt": picture.get("alt", ""),
        "image_credit": source.image_credit,
    }


def comment_columns(position: int, placement: str, voice: Voice, people: People) -> Columns:
    return {
        "placement": placement,
        "position": position,
        "commentator": people.get(voice.commentator),
        "text": voice.text,
    }
