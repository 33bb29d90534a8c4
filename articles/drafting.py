"""Documents and the working copy: write a Document into rows, read the rows as a Document."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import Any

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from taggit.models import Tag, TaggedItem

from articles import images
from articles.document import Comment as Voice
from articles.document import Document, Section, Source
from articles.models import drafts
from articles.tags import is_tag, tag_name

Facts = dict[str, dict[str, Any]]
Media = dict[str, Facts]
Placement = drafts.Comment.Placement


# Rows to Document


def read(article: drafts.Article) -> Document:
    """The working copy as a Document. Five queries, whatever its length."""
    sections = list(article.sections.prefetch_related("sources", "comments__commentator"))
    remarks = article.comments.filter(section=None).select_related("commentator")
    return Document(
        title=article.title,
        lead_heading=article.lead_heading,
        lead=article.lead,
        sections=tuple(_section(section) for section in sections),
        closing=_voices(remarks, Placement.CLOSING),
        takeaways=tuple(article.takeaways.splitlines()),
        tags=_tag_names(article),
    )


def _tag_names(article: drafts.Article) -> tuple[str, ...]:
    return tags_of_all([article])[article.pk]


def tags_of_all(articles: Iterable[drafts.Article]) -> dict[int, tuple[str, ...]]:
    """The articles' tags, by their ids. One query."""
    names: dict[int, list[str]] = {article.pk: [] for article in articles}
    items = TaggedItem.objects.filter(
        content_type=ContentType.objects.get_for_model(drafts.Article), object_id__in=names
    )
    for article, name in items.order_by("pk").values_list("object_id", "tag__name"):
        names[article].append(name)
    return {article: tuple(found) for article, found in names.items()}


def _section(row: drafts.Section) -> Section:
    comments = list(row.comments.all())
    return Section(
        heading=row.heading,
        question=row.question,
        answer=row.answer,
        sources=tuple(_source(source) for source in row.sources.all()),
        opening=_voices(comments, Placement.OPENING),
        body=row.body,
        closing=_voices(comments, Placement.CLOSING),
    )


def _source(row: drafts.SourceLink) -> Source:
    return Source(
        caption=row.caption,
        url=row.url,
        site_name=row.site_name,
        published_on=row.published_on,
        key_points=tuple(row.key_points.splitlines()),
        image=row.image.name or "",
        image_credit=row.image_credit,
    )


def _voices(rows: Iterable[drafts.Comment], placement: str) -> tuple[Voice, ...]:
    return tuple(
        Voice(row.commentator.name if row.commentator else "", row.text) for row in rows if row.placement == placement
    )


def media(article: drafts.Article) -> Media:
    """What the Document's names stand for now: pictures by file, commentators by name. Two queries."""
    return media_of_all([article])[article.pk]


def media_of_all(articles: Iterable[drafts.Article]) -> dict[int, Media]:
    """What the names in the articles' Documents stand for, by the articles' ids. Two queries."""
    found: dict[int, Media] = {article.pk: {"pictures": {}, "voices": {}} for article in articles}
    pictures = (
        drafts.SourceLink.objects.filter(section__article__in=found, image_width__gt=0, image_height__gt=0)
        .exclude(image="")
        .order_by("section__position", "position", "pk")
        .values_list("section__article", "image", "image_width", "image_height", "image_alt")
    )
    for article, file, width, height, alt in pictures:
        found[article]["pictures"][file] = {"width": width, "height": height, "alt": alt}
    people = drafts.Commentator.objects.filter(comments__article__in=found).annotate(article=F("comments__article"))
    for person in people.distinct():
        found[person.article]["voices"][person.name] = _facts_of_person(person)
    return found


def _facts_of_person(person: drafts.Commentator) -> dict[str, Any]:
    return {
        "role": person.role,
        "portrait": person.portrait.name or None,
        "width": person.portrait_width,
        "height": person.portrait_height,
    }


# Document to rows


class UnusableDocument(ValueError):
    """The Document holds something that no row can keep; the message names it."""


@transaction.atomic
def create(document: Document, *, by: User | None = None, **columns: Any) -> drafts.Article:
    """A new article holding the Document. `columns` are further columns of Article, as `uid` or `unplaced`.

    Raises UnusableDocument.
    """
    return create_all([document], by=by, columns=[columns])[0]


@transaction.atomic
def create_all(
    documents: Sequence[Document],
    *,
    by: User | None = None,
    columns: Sequence[dict[str, Any]] | None = None,
) -> list[drafts.Article]:
    """Many new articles, in a number of queries that does not grow with theirs. Raises UnusableDocument."""
    for document in documents:
        check(document)
    articles = drafts.Article.objects.bulk_create(
        drafts.Article(created_by=by, **{**_columns(document), **more, "unplaced": _unplaced(document, more)})
        for document, more in zip(documents, columns or repeat({}), strict=False)
    )
    _write_parts(list(zip(articles, documents, strict=True)))
    return articles


@transaction.atomic
def write(article: drafts.Article, document: Document, known: Media | None = None) -> None:
    """Make the working copy say what the Document says; whatever else it said goes. Raises UnusableDocument.

    `known` are facts about pictures that an edition kept; they win over those of the rows.
    """
    check(document)
    columns = {**_columns(document), "unplaced": _unplaced(document, {"unplaced": article.unplaced})}
    for column, value in columns.items():
        setattr(article, column, value)
    article.save(update_fields=list(columns))
    facts = {**_facts_of_pictures([document]), **(known or {}).get("pictures", {})}
    article.comments.all().delete()
    article.sections.all().delete()
    article.tags.clear()
    _write_parts([(article, document)], facts)


def check(document: Document) -> None:
    """Raise UnusableDocument where a name in the Document is longer than its column."""
    for comment in document.comments:
        if len(comment.commentator) > 100:
            raise _too_long(
                _("The commentator’s name “%(text)s…” is longer than %(most)d characters."), comment.commentator, 100
            )
    for source in document.sources:
        if len(source.image) > 200:
            raise _too_long(
                _("The picture’s file name “%(text)s…” is longer than %(most)d characters."), source.image, 200
            )


def _too_long(message: str, text: str, most: int) -> UnusableDocument:
    return UnusableDocument(message % {"text": text[:20], "most": most})


def _columns(document: Document) -> dict[str, str]:
    """The Document's own texts."""
    return {
        "title": document.title,
        "lead_heading": document.lead_heading,
        "lead": document.lead,
        "takeaways": "\n".join(document.takeaways),
    }


def _unplaced(document: Document, columns: dict[str, Any]) -> str:
    """The lines without a place, and with them the tags that cannot be tags, for the editor to see."""
    lines: list[str] = str(columns.get("unplaced", "")).splitlines()
    return "\n".join([*lines, *(tag for tag in document.tags if not is_tag(tag) and tag not in lines)])


Pair = tuple[drafts.Article, Document]


def _write_parts(pairs: list[Pair], facts: Facts | None = None) -> None:
    facts = _facts_of_pictures(document for _, document in pairs) if facts is None else facts
    people = _people({comment.commentator for _, document in pairs for comment in document.comments} - {""})
    sections = [
        (_section_row(article, position, section), section)
        for article, document in pairs
        for position, section in enumerate(document.sections)
    ]
    drafts.Section.objects.bulk_create(row for row, _ in sections)
    drafts.SourceLink.objects.bulk_create(
        _source_row(row, position, source, facts)
        for row, section in sections
        for position, source in enumerate(section.sources)
    )
    drafts.Comment.objects.bulk_create(
        drafts.Comment(
            article=article,
            section=section,
            placement=placement,
            position=position,
            commentator=people.get(voice.commentator),
            text=voice.text,
        )
        for article, section, placement, voices in _comments(pairs, sections)
        for position, voice in enumerate(voices)
    )
    _write_tags(pairs)


def _section_row(article: drafts.Article, position: int, section: Section) -> drafts.Section:
    return drafts.Section(
        article=article,
        position=position,
        heading=section.heading,
        question=section.question,
        answer=section.answer,
        body=section.body,
    )


def _source_row(section: drafts.Section, position: int, source: Source, facts: Facts) -> drafts.SourceLink:
    picture = facts.get(source.image, {})
    return drafts.SourceLink(
        section=section,
        position=position,
        caption=source.caption,
        url=source.url,
        site_name=source.site_name,
        published_on=source.published_on,
        key_points="\n".join(source.key_points),
        image=source.image,
        image_width=picture.get("width"),
        image_height=picture.get("height"),
        image_alt=picture.get("alt", ""),
        image_credit=source.image_credit,
    )


def _comments(
    pairs: list[Pair], sections: list[tuple[drafts.Section, Section]]
) -> Iterator[tuple[drafts.Article, drafts.Section | None, str, tuple[Voice, ...]]]:
    for row, section in sections:
        yield row.article, row, Placement.OPENING, section.opening
        yield row.article, row, Placement.CLOSING, section.closing
    for article, document in pairs:
        yield article, None, Placement.CLOSING, document.closing


def _facts_of_pictures(documents: Iterable[Document]) -> Facts:
    """Sizes and words of pictures that some row shows already, or that lie in the storage."""
    names = {source.image for document in documents for source in document.sources} - {""}
    rows = drafts.SourceLink.objects.filter(image__in=names, image_width__isnull=False).order_by("pk")
    known = {
        file: {"width": width, "height": height, "alt": alt}
        for file, width, height, alt in rows.values_list("image", "image_width", "image_height", "image_alt")
    }
    measured = {name: size for name in names - known.keys() if (size := images.measure(name))}
    return {**known, **{name: {"width": width, "height": height} for name, (width, height) in measured.items()}}


def _people(names: set[str]) -> dict[str, drafts.Commentator]:
    """Commentators by name; whoever is not known yet is added without portrait or role."""
    drafts.Commentator.objects.bulk_create(
        (drafts.Commentator(name=name) for name in sorted(names)), ignore_conflicts=True
    )
    return {person.name: person for person in drafts.Commentator.objects.filter(name__in=names)} if names else {}


def _write_tags(pairs: list[Pair]) -> None:
    wanted = [(article, tag_name(tag)) for article, document in pairs for tag in document.tags if is_tag(tag)]
    tags = _tags({name for _, name in wanted})
    kind = ContentType.objects.get_for_model(drafts.Article)
    TaggedItem.objects.bulk_create(
        TaggedItem(content_type=kind, object_id=article.pk, tag=tag)
        for article, tag in dict.fromkeys((article, tags[name.casefold()]) for article, name in wanted)
    )


def _tags(names: set[str]) -> dict[str, Tag]:
    """Tags by folded name. Case is not told apart, so that AI and ai stay one tag."""
    known = Tag.objects.filter(name__in={form for name in names for form in (name, name.lower(), name.upper())})
    found = {tag.name.casefold(): tag for tag in known}
    # What is left may be there in mixed case, as OpenLab; looking for that means looking at every tag.
    mixed = {name.lower() for name in names if name.casefold() not in found and name.lower() != name.upper()}
    if mixed:
        rows = Tag.objects.annotate(folded=Lower("name")).filter(folded__in=mixed)
        found.update((tag.name.casefold(), tag) for tag in rows)
    for name in sorted(names):
        if name.casefold() not in found:
            found[name.casefold()] = Tag.objects.get_or_create(name=name)[0]
    return found
