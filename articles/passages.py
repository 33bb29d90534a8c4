"""What readers look up in editions, written when they are published: their parts, with the index of the search."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from uuid import uuid4

from django.db.models import Count, Q
from django.utils import timezone

from articles import changes, markup
from articles.document import Comment, Document, Section, from_json
from articles.models.commentators import Commentator, Remark
from articles.models.editions import Edition, EditionQuerySet
from articles.models.passages import Passage
from articles.months import day_of
from articles.search import index
from articles.search.words import runs
from articles.text import without_ruby

COMMON = 50  # passages with the same question, after which it is too common to tell anything


def write_passages(editions: Sequence[Edition]) -> None:
    """Write down what the editions say, instead of what was written for them before.

    The number of queries does not grow with that of the editions.
    """
    forget(editions)
    documents = [(edition, from_json(edition.document)) for edition in editions]
    parts = [(part, tags) for edition, document in documents for part, tags in parts_of(edition, document)]
    _set_apart([part for part, _ in parts if part.question_key])
    Passage.objects.bulk_create(part for part, _ in parts)
    index.add(entry_of(part, tags) for part, tags in parts)
    _write_remarks(documents)


def forget(editions: Iterable[Edition]) -> None:
    """Take back what was written for editions."""
    written = Passage.objects.filter(edition__in=editions)
    index.remove(list(written.values_list("pk", flat=True)))
    written.delete()
    Remark.objects.filter(edition__in=editions).delete()


def commentator_changes(person: Commentator) -> None:
    """Say that pages which show the person change now: stored copies of them are out of date."""
    now = timezone.now()
    newest = list(Edition.objects.live(now).filter(remarks__commentator=person).values_list("pk", flat=True)[:1])
    if newest:
        Edition.objects.filter(pk__in=newest).update(appeared_at=now)
        changes.announce(())  # articles show the person as they were published


def forget_ended() -> None:
    """Take back what was written for editions that had their time, and what the index holds of none."""
    Passage.objects.exclude(edition__in=to_be_found().values("pk")).delete()
    Remark.objects.exclude(edition__in=to_be_found().values("pk")).delete()
    index.remove_lost()


def to_be_found() -> EditionQuerySet:
    """The editions that are on show or will be."""
    shown = Edition.objects.filter(Q(live_until__isnull=True) | Q(live_until__gt=timezone.now()))
    return shown.filter(live_from__isnull=False).order_by()


def question_key(question: str) -> str:
    """Equal for questions that ask the same in the same words, whatever their signs, spaces, widths and case.

    Empty for none. A hash, because an index refuses long texts (PostgreSQL: 2,704 bytes).
    """
    words = "".join(runs(question))
    return hashlib.sha256(words.encode()).hexdigest()[:32] if words else ""


def _set_apart(parts: Sequence[Passage]) -> None:
    """Give keys of their own to questions that everybody asks, such as なぜ？, in the place of the common one.

    To be led to hundreds of answers helps no reader; and so it costs the same to look up a question, however many
    articles there are. One query.
    """
    asked = Passage.objects.filter(question_key__in={part.question_key for part in parts}).order_by()
    asked = asked.exclude(question_key="")  # it is none of these, but what the index is of
    times = Counter(dict(asked.values("question_key").annotate(times=Count("pk")).values_list("question_key", "times")))
    for part in parts:
        times[part.question_key] += 1
        if times[part.question_key] > COMMON:
            part.question_key = uuid4().hex


def parts_of(edition: Edition, document: Document) -> Iterator[tuple[Passage, tuple[str, ...]]]:
    """The edition's passages as they are written, not saved, each with the tags that stand in its head."""
    whole = Passage(edition=edition, heading=without_ruby(document.title), text=_whole(document), **_at(edition, 0))
    yield whole, document.tags
    for number, section in enumerate(document.sections, start=1):
        if section:
            yield _part(edition, number, section), ()


def _part(edition: Edition, number: int, section: Section) -> Passage:
    question = without_ruby(section.question)
    return Passage(
        heading=without_ruby(section.heading),
        question=question,
        question_key=question_key(question),
        answer=without_ruby(section.answer),
        text=_report(section),
        edition=edition,
        **_at(edition, number),
    )


def _at(edition: Edition, number: int) -> dict[str, object]:
    return {"number": number, "published_at": edition.published_at}


def _whole(document: Document) -> str:
    whole = _lines(document.lead_heading, document.lead, *document.takeaways, *_said(document.closing))
    return without_ruby(whole)


def _report(section: Section) -> str:
    sources = (text for source in section.sources for text in (source.caption, source.site_name, *source.key_points))
    before, after = _lines(*sources, *_said(section.opening)), _lines(*_said(section.closing))
    return _lines(without_ruby(before), markup.plain(section.body), without_ruby(after))


def _said(comments: Iterable[Comment]) -> Iterator[str]:
    for comment in comments:
        yield from (comment.commentator, comment.text)


def _lines(*texts: str) -> str:
    return "\n".join(filter(None, texts))


def entry_of(part: Passage, tags: Iterable[str]) -> index.Entry:
    """What the index holds of a passage with a key."""
    head, rest = _lines(part.heading, part.question, *tags), _lines(part.answer, part.text)
    return index.Entry(part.pk, head, rest, day_of(part.published_at))


def _write_remarks(documents: Sequence[tuple[Edition, Document]]) -> None:
    names = {comment.commentator for _, document in documents for comment in document.comments} - {""}
    people = (
        {person.name: person for person in Commentator.objects.filter(name__in=names).only("name")} if names else {}
    )
    Remark.objects.bulk_create(
        Remark(
            commentator=people[comment.commentator],
            edition=edition,
            section=section,
            position=position,
            published_at=edition.published_at,
        )
        for edition, document in documents
        for position, (section, comment) in enumerate(places_of(document))
        if comment.commentator in people
    )


def places_of(document: Document) -> Iterator[tuple[int | None, Comment]]:
    """Every comment in reading order, as Document.comments has them, with the place of its section."""
    for place, section in enumerate(document.sections):
        for comment in (*section.opening, *section.closing):
            yield place, comment
    for comment in document.closing:
        yield None, comment
