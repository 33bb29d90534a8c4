"""Documents and the working copy: write a Document into rows, read the rows as a Document."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import Any

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from taggit.models import Tag, TaggedItem

from articles import images, picturing
from articles.document import Comment as Voice
from articles.document import Document, Section
from articles.models import drafts
from articles.models.commentators import Commentator
from articles.models.tags import FormerTag
from articles.resizing import DERIVED
from articles.rewriting import fit, rewrite
from articles.rows import (
    Facts,
    People,
    Placement,
    article_columns,
    comment_columns,
    section_columns,
    section_of,
    source_columns,
    voices_of,
)
from articles.tags import is_tag, tag_name

# More than any article has; the page of an article with thousands would take a browser, and the desk, minutes.
MOST_SECTIONS = 200

Media = dict[str, Facts]


# Rows to Document


def read(article: drafts.Article) -> Document:
    """The working copy as a Document. Five queries, whatever its length."""
    sections = list(article.sections.prefetch_related("sources", "comments__commentator"))
    remarks = article.comments.filter(section=None).select_related("commentator")
    return Document(
        title=article.title,
        lead_heading=article.lead_heading,
        lead=article.lead,
        sections=tuple(section_of(section) for section in sections),
        closing=voices_of(remarks, Placement.CLOSING),
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
    # Put in order here: asked to, SQLite would go through the tags of all articles in that order.
    for _pk, article, name in sorted(items.order_by().values_list("pk", "object_id", "tag__name")):
        names[article].append(name)
    return {article: tuple(found) for article, found in names.items()}


def media(article: drafts.Article) -> Media:
    """What the Document's names stand for now: pictures by file, commentators by name. Three queries."""
    return media_of_all([article])[article.pk]


def media_of_all(articles: Iterable[drafts.Article]) -> dict[int, Media]:
    """What the names in the articles' Documents stand for, by the articles' ids. Three queries."""
    found: dict[int, Media] = {article.pk: {"pictures": {}, "voices": {}} for article in articles}
    pictures = (
        drafts.SourceLink.objects.filter(section__article__in=found, image_width__gt=0, image_height__gt=0)
        .exclude(image="")
        .order_by("section__position", "position", "pk")
        .values_list("section__article", "image", "image_width", "image_height", "image_alt")
    )
    rows = list(pictures)
    # Comments without a commentator, too: SQLite would begin the other join with all that a commentator ever said.
    comments = drafts.Comment.objects.filter(article__in=found).select_related("commentator").defer("text").order_by()
    speaking = {(comment.article_id, comment.commentator) for comment in comments if comment.commentator}
    files = {*(file for _, file, *_ in rows), *(str(person.portrait) for _, person in speaking if person.portrait)}
    library = picturing.facts(files) if files else {}
    for article, file, width, height, alt in rows:
        found[article]["pictures"][file] = {**library.get(file, {}), "width": width, "height": height, "alt": alt}
    for article, person in sorted(speaking, key=lambda each: each[1].name):
        found[article]["voices"][person.name] = _facts_of_person(person, library)
    return found


def facts_of_people(document: Document) -> Facts:
    """What is known of those who speak in a Document, by name. Two queries at most."""
    names = {comment.commentator for comment in document.comments} - {""}
    people = list(Commentator.objects.filter(name__in=names)) if names else []
    portraits = [str(person.portrait) for person in people if person.portrait]
    library = picturing.facts(portraits) if portraits else {}
    return {person.name: _facts_of_person(person, library) for person in people}


def _facts_of_person(person: Commentator, library: Facts) -> dict[str, Any]:
    portrait = library.get(str(person.portrait), {})
    return {
        "role": person.role,
        "portrait": person.portrait.name or None,
        "width": person.portrait_width,
        "height": person.portrait_height,
        **({"disclosure": person.disclosure} if person.disclosure else {}),
        **{name: portrait[name] for name in DERIVED if name in portrait},
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
        drafts.Article(created_by=by, **{**article_columns(document), **more, "unplaced": _unplaced(document, more)})
        for document, more in zip(documents, columns or repeat({}), strict=False)
    )
    _write_parts(list(zip(articles, documents, strict=True)))
    return articles


@transaction.atomic
def write(article: drafts.Article, document: Document, known: Media | None = None) -> None:
    """Make the working copy say what the Document says; whatever else it said goes. Raises UnusableDocument.

    What stays of the text keeps its rows, and rows that say the same already are not touched.
    `known` are facts about pictures that an edition kept; they win over those of the rows.
    """
    check(document)
    columns = {**article_columns(document), "unplaced": _unplaced(document, {"unplaced": article.unplaced})}
    if fit(article, columns):
        article.save(update_fields=list(columns))
    facts, pictures = facts_of_pictures([document]), (known or {}).get("pictures", {})
    rewrite(article, document, known=pictures, facts=facts, people=people_of([document]))
    write_tags(article, document)


def write_tags(article: drafts.Article, document: Document) -> None:
    """Give the article the Document's tags, in their order."""
    if _tag_names(article) != document.tags:
        article.tags.clear()
        _write_tags([(article, document)])


def check(document: Document) -> None:
    """Raise UnusableDocument where a name is too long for its column, or there are too many sections."""
    if len(document.sections) > MOST_SECTIONS:
        raise UnusableDocument(
            _("There are %(number)d sections; an article can have %(most)d. Split it into several articles.")
            % {"number": len(document.sections), "most": MOST_SECTIONS}
        )
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


def _unplaced(document: Document, columns: dict[str, Any]) -> str:
    """The lines without a place, and with them the tags that cannot be tags, for the editor to see."""
    lines: list[str] = str(columns.get("unplaced", "")).splitlines()
    return "\n".join([*lines, *(tag for tag in document.tags if not is_tag(tag) and tag not in lines)])


Pair = tuple[drafts.Article, Document]


def _write_parts(pairs: list[Pair]) -> None:
    facts = facts_of_pictures(document for _, document in pairs)
    people = people_of(document for _, document in pairs)
    sections = [
        (drafts.Section(article=article, **section_columns(position, section)), section)
        for article, document in pairs
        for position, section in enumerate(document.sections)
    ]
    drafts.Section.objects.bulk_create(row for row, _ in sections)
    drafts.SourceLink.objects.bulk_create(
        drafts.SourceLink(section=row, **source_columns(position, source, facts))
        for row, section in sections
        for position, source in enumerate(section.sources)
    )
    drafts.Comment.objects.bulk_create(
        drafts.Comment(article=article, section=section, **comment_columns(position, placement, voice, people))
        for article, section, placement, voices in _comments(pairs, sections)
        for position, voice in enumerate(voices)
    )
    _write_tags(pairs)


def _comments(
    pairs: list[Pair], sections: list[tuple[drafts.Section, Section]]
) -> Iterator[tuple[drafts.Article, drafts.Section | None, str, tuple[Voice, ...]]]:
    for row, section in sections:
        yield row.article, row, Placement.OPENING, section.opening
        yield row.article, row, Placement.CLOSING, section.closing
    for article, document in pairs:
        yield article, None, Placement.CLOSING, document.closing


def facts_of_pictures(documents: Iterable[Document]) -> Facts:
    """By file: sizes and words of pictures that the library has, that some row shows, or that lie in the storage."""
    names = {source.image for document in documents for source in document.sources} - {""}
    library = picturing.facts(names) if names else {}
    rows = drafts.SourceLink.objects.filter(image__in=names - library.keys(), image_width__isnull=False).order_by("pk")
    of_rows = rows.values_list("image", "image_width", "image_height", "image_alt") if names - library.keys() else ()
    known = {
        **library,
        **{file: {"width": width, "height": height, "alt": alt} for file, width, height, alt in of_rows},
    }
    measured = {name: size for name in names - known.keys() if (size := images.measure(name))}
    return {**known, **{name: {"width": width, "height": height} for name, (width, height) in measured.items()}}


def people_of(documents: Iterable[Document]) -> People:
    """Commentators by name; whoever is not known yet is added without portrait or role."""
    names = {comment.commentator for document in documents for comment in document.comments} - {""}
    known = Commentator.objects.filter(name__in=names)
    new = sorted(names - {person.name for person in known})
    if new:
        Commentator.objects.bulk_create((Commentator(name=name) for name in new), ignore_conflicts=True)
    return {person.name: person for person in known.all()} if new else {person.name: person for person in known}


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
    former = FormerTag.objects.meant_by(name for name in names if name.casefold() not in found)
    for name in sorted(names):
        if name.casefold() not in found:
            found[name.casefold()] = former.get(name.casefold()) or Tag.objects.get_or_create(name=name)[0]
    return found
