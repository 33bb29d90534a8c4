"""Rules about what belongs to an article: title, lead, questions with answers, voices with names, tags."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.checks import places
from articles.checks.findings import Found, Level, Proof
from articles.checks.rules import rule
from articles.text import excerpt, fold, without_ruby

# In characters. A title of more than 40 is cut off in lists, in feeds and by search engines; a lead of more than 240 is
# not read to its end on a phone, and one of fewer than 40 sums nothing up; an answer is one sentence.
TITLE_MOST = 40
LEAD_LEAST, LEAD_MOST = 40, 240
ANSWER_MOST = 80
HOUSE_COUNT = 3  # key points of a source, takeaways of an article


@rule(gettext_lazy("no title"), Level.REQUIRED)
def title_missing(proof: Proof) -> Iterator[Found]:
    if not proof.document.title:
        yield Found("title", _("The article has no title."))


@rule(gettext_lazy("title that is too long"))
def title_length(proof: Proof) -> Iterator[Found]:
    yield from _too_long("title", proof.document.title, TITLE_MOST)


def _too_long(place: str, text: str, most: int) -> Iterator[Found]:
    length = len(without_ruby(text))
    if length > most:
        said = _("%(length)d characters: more than %(most)d.") % {"length": length, "most": most}
        yield Found(place, said)


@rule(gettext_lazy("title that asks nothing"))
def title_without_question(proof: Proof) -> Iterator[Found]:
    title = proof.document.title
    if title and not any(sign in title for sign in "?？"):
        yield Found("title", _("The title asks no question: it has no ?."))


@rule(gettext_lazy("no lead"))
def lead_missing(proof: Proof) -> Iterator[Found]:
    if not proof.document.lead:
        yield Found("lead", _("There is no lead."))


@rule(gettext_lazy("lead that is too short or too long"))
def lead_length(proof: Proof) -> Iterator[Found]:
    lead = without_ruby(proof.document.lead)
    if 0 < len(lead) < LEAD_LEAST:
        said = _("%(length)d characters: fewer than %(least)d.") % {"length": len(lead), "least": LEAD_LEAST}
        yield Found("lead", said)
    yield from _too_long("lead", lead, LEAD_MOST)


@rule(gettext_lazy("section without heading"))
def heading_missing(proof: Proof) -> Iterator[Found]:
    for place, section in places.sections(proof.document):
        if not section.heading:
            yield Found(f"{place}.heading", _("The section has no heading."))


@rule(gettext_lazy("question without answer"))
def question_without_answer(proof: Proof) -> Iterator[Found]:
    for place, section in places.sections(proof.document):
        if section.question and not section.answer:
            yield Found(f"{place}.answer", _("The question has no answer."))


@rule(gettext_lazy("answer without question"))
def answer_without_question(proof: Proof) -> Iterator[Found]:
    for place, section in places.sections(proof.document):
        if section.answer and not section.question:
            yield Found(f"{place}.question", _("The answer has no question."))


@rule(gettext_lazy("answer that is too long"))
def answer_length(proof: Proof) -> Iterator[Found]:
    for place, section in places.sections(proof.document):
        yield from _too_long(f"{place}.answer", section.answer, ANSWER_MOST)


@rule(gettext_lazy("section without report"))
def report_missing(proof: Proof) -> Iterator[Found]:
    for place, section in places.sections(proof.document):
        if not section.body:
            yield Found(f"{place}.body", _("The section has no report."))


@rule(gettext_lazy("section without source"))
def section_without_source(proof: Proof) -> Iterator[Found]:
    for place, section in places.sections(proof.document):
        if not section.sources:
            yield Found(place, _("The section names no source."))


@rule(gettext_lazy("section without comment"))
def comment_missing(proof: Proof) -> Iterator[Found]:
    for place, section in places.sections(proof.document):
        if not section.opening and not section.closing:
            yield Found(place, _("Nobody comments on the section."))


@rule(gettext_lazy("comment that names nobody"))
def comment_without_name(proof: Proof) -> Iterator[Found]:
    for place, comment in places.comments(proof.document):
        if not comment.commentator:
            yield Found(f"{place}.commentator", _("The comment does not say whose it is."))


@rule(gettext_lazy("comment of somebody whom readers are told nothing about"))
def unknown_commentator(proof: Proof) -> Iterator[Found]:
    told: set[str] = set()
    for place, comment in places.comments(proof.document):
        name = comment.commentator
        voice = proof.media.get("voices", {}).get(name) or {}
        if name and name not in told and not (voice.get("role") or voice.get("portrait")):
            told.add(name)
            said = _("Readers are not told who %(name)s is: add a role or a portrait to the commentator.")
            yield Found(f"{place}.commentator", said % {"name": name})


@rule(gettext_lazy("not three takeaways"))
def takeaways_count(proof: Proof) -> Iterator[Found]:
    count = len(proof.document.takeaways)
    if count != HOUSE_COUNT:
        said = ngettext(
            "There is %(count)d takeaway instead of %(wanted)d.",
            "There are %(count)d takeaways instead of %(wanted)d.",
            count,
        )
        yield Found("takeaways", said % {"count": count, "wanted": HOUSE_COUNT})


@rule(gettext_lazy("no tags"))
def tags_missing(proof: Proof) -> Iterator[Found]:
    if not proof.document.tags:
        yield Found("tags", _("The article has no tags."))


@rule(gettext_lazy("lines of the manuscript that found no place"))
def unplaced_lines(proof: Proof) -> Iterator[Found]:
    count = len(proof.facts.unplaced.splitlines())
    if count:
        said = ngettext(
            "%(count)d line has found no place yet. Readers will not see it.",
            "%(count)d lines have found no place yet. Readers will not see them.",
            count,
        )
        yield Found("unplaced", said % {"count": count})


@rule(gettext_lazy("same heading, question or report twice"))
def same_section_twice(proof: Proof) -> Iterator[Found]:
    for name in ("heading", "question", "body"):
        parts = ((f"{place}.{name}", getattr(section, name)) for place, section in places.sections(proof.document))
        for place, text in _twice(parts):
            yield Found(place, _("The same stands in a section above: %(text)s") % {"text": excerpt(text, 16)})


@rule(gettext_lazy("same key point or takeaway twice"))
def same_point_twice(proof: Proof) -> Iterator[Found]:
    cards = places.sources(proof.document)
    points = [(f"{place}.key_points", point) for place, source in cards for point in source.key_points]
    takeaways = [("takeaways", takeaway) for takeaway in proof.document.takeaways]
    for place, text in (*_twice(points), *_twice(takeaways)):
        yield Found(place, _("This stands there twice: %(text)s") % {"text": excerpt(text, 24)})


def _twice(parts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The texts that stood there before, as far as readers can tell."""
    seen: set[str] = set()
    for place, text in parts:
        folded = fold(text).rstrip("。.!?")
        if folded in seen:
            yield place, text
        elif folded:
            seen.add(folded)
