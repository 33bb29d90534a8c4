"""Tags: put on many articles and taken off, as an edit that somebody made; renamed and merged for all of them.

A tag that is renamed or merged leaves its old name and address behind as a `FormerTag`: readers are led on from the
address, and whoever writes the old name means the tag of today. Editions keep the words they were saved with.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _
from taggit.models import Tag, TaggedItem

from articles import drafting, publishing, tallies, trail
from articles.importing import tagged
from articles.models.drafts import Article
from articles.models.editions import EditionTag
from articles.models.tags import FormerTag
from articles.tags import check_tag, tag_name


class TagTaken(publishing.PublishingError):
    """Another tag has the name; the message says to merge the two."""


@transaction.atomic
def add_tags(article: Article, names: Sequence[str], *, by: User) -> bool:
    """Put the tags behind those the article has. False where it has them all."""
    return _retag(article, "add_tags", names, by)


@transaction.atomic
def remove_tags(article: Article, names: Sequence[str], *, by: User) -> bool:
    """Take the tags off the article, in whatever case they stand there. False where it has none of them."""
    return _retag(article, "remove_tags", names, by)


def _retag(article: Article, verb: str, names: Sequence[str], by: User) -> bool:
    publishing.lock(article)
    article.refresh_from_db()
    document = drafting.read(article)
    gone = {name.casefold() for name in names}
    if verb == "add_tags":
        changed = tagged(document, names)
    else:
        changed = replace(document, tags=tuple(tag for tag in document.tags if tag.casefold() not in gone))
    if changed.tags == document.tags:
        return False
    Article.objects.filter(pk=article.pk).update(version=F("version") + 1)
    drafting.write(article, changed, drafting.media(article))
    note = _("Tags added in bulk") if verb == "add_tags" else _("Tags removed in bulk")
    publishing.save(article, by=by, note=note)
    trail.record(verb, by=by, article=article, tags=list(names))
    return True


@transaction.atomic
def rename(tag: Tag, name: str, *, by: User) -> None:
    """Give a tag another name, and the address that goes with it. The old ones lead to it.

    Raises TagTaken, and ValidationError for a name that cannot be a tag's.
    """
    tag = Tag.objects.select_for_update().get(pk=tag.pk)
    was, old_slug, name = tag.name, tag.slug, tag_name(name)
    check_tag(name)
    if name == was:
        return
    if Tag.objects.filter(name__iexact=name).exclude(pk=tag.pk).exists():
        raise TagTaken(_("There is a tag of this name already. Merge the two in the list of tags instead."))
    tag.name, tag.slug = name, _free_slug(tag, name)
    tag.save()
    if tag.slug != old_slug:
        FormerTag.objects.update_or_create(slug=old_slug, defaults={"name": was, "tag": tag})
    is_current(tag)
    publishing.tag_changes(tag)
    trail.record("rename_tag", by=by, was=was, tags=[name])


def _free_slug(tag: Tag, name: str) -> str:
    number = 0
    while True:
        slug = str(tag.slugify(name, number or None))
        if not Tag.objects.filter(slug=slug).exclude(pk=tag.pk).exists():
            return slug
        number += 1


def is_current(tag: Tag) -> None:
    """Forget that the tag's name or address was another's, or its own, once: now it is what stands there."""
    FormerTag.objects.filter(Q(slug=tag.slug) | Q(name__iexact=tag.name)).delete()


@transaction.atomic
def merge(tags: Collection[Tag], into: Tag, *, by: User) -> int:
    """Make several tags one, in articles and in what readers list. Returns how many articles got another tag by it."""
    rows = {
        tag.pk: tag
        for tag in Tag.objects.select_for_update().filter(pk__in=[into.pk, *(tag.pk for tag in tags)]).order_by("pk")
    }
    into = rows.pop(into.pk)
    moved = 0
    for tag in rows.values():
        publishing.tag_changes(tag)
        moved += _hand_over(tag, into)
        FormerTag.objects.filter(tag=tag).update(tag=into)
        FormerTag.objects.update_or_create(slug=tag.slug, defaults={"name": tag.name, "tag": into})
        tag.delete()
    tallies.recount([into.pk, *rows])
    publishing.tag_changes(into)
    if rows:
        trail.record("merge_tags", by=by, was=[tag.name for tag in rows.values()], tags=[into.name])
    return moved


def _hand_over(tag: Tag, into: Tag) -> int:
    """Whatever has the tag has the other instead, once. Returns how many working copies had only the first."""
    ours = {"content_type": OuterRef("content_type"), "object_id": OuterRef("object_id")}
    items = TaggedItem.objects.filter(tag=tag)
    items.filter(Exists(TaggedItem.objects.filter(tag=into, **ours))).delete()
    of_editions = EditionTag.objects.filter(tag=tag)
    of_editions.filter(Exists(EditionTag.objects.filter(tag=into, edition=OuterRef("edition")))).delete()
    of_editions.update(tag=into)
    return int(items.update(tag=into))
