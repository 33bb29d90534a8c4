"""The balance between an article's own words and those it takes from its sources.

A quotation is lawful in Japan where the own text is the main thing and what is quoted the lesser one (主従関係,
著作権法32条), each with its source. No law names a share; these are where a newsroom should stop and look.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks import places
from articles.checks.findings import Found, Proof
from articles.checks.rules import rule
from articles.document import Document, Section, Source
from articles.text import fold

MOST_OF_ARTICLE = 1 / 3  # beyond it, own text is no longer clearly more than what it rests on
MOST_OF_SECTION = 1 / 2  # a section is short, and its card alone has three points
MOST_FROM_ONE = 2 / 3  # of all that is taken; with two sources, one always gives half
LONG_QUOTATION = 20  # characters in 「」; fewer are a word or a phrase somebody used

_QUOTED = re.compile(rf"「[^「」]{{{LONG_QUOTATION},}}」|『[^『』]{{{LONG_QUOTATION},}}』")


@rule(gettext_lazy("more than a third of the article taken from sources"))
def quoted_share(proof: Proof) -> Iterator[Found]:
    document = proof.document
    taken = sum(_taken(section) for section in document.sections)
    share = _share(taken, taken + _own(document))
    if share > MOST_OF_ARTICLE:
        said = _("%(share)d %% of the article is taken from its sources: key points, captions and quotations.")
        yield Found("", said % {"share": round(share * 100)})


@rule(gettext_lazy("more than half of a section taken from sources"))
def quoted_share_of_section(proof: Proof) -> Iterator[Found]:
    for place, section in places.sections(proof.document):
        taken = _taken(section)
        share = _share(taken, taken + _own_of_section(section))
        if section.body and share > MOST_OF_SECTION:
            said = _("%(share)d %% of the section is taken from its sources: key points, captions and quotations.")
            yield Found(place, said % {"share": round(share * 100)})


@rule(gettext_lazy("one publisher giving most of what is taken from sources"))
def one_source(proof: Proof) -> Iterator[Found]:
    given: Counter[str] = Counter()
    first: dict[str, str] = {}
    for place, source in places.sources(proof.document):
        name = fold(source.site_name) or source.url
        given[name] += _on_card(source)
        first.setdefault(name, place)
    if len(proof.document.sections) < 2 or not given:
        return
    name, most = given.most_common(1)[0]
    share = _share(most, given.total())
    if share > MOST_FROM_ONE:
        said = _("%(share)d %% of what is taken from sources comes from this publisher.")
        yield Found(f"{first[name]}.site_name", said % {"share": round(share * 100)})


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _taken(section: Section) -> int:
    """How many characters of a section come from its sources."""
    return sum(map(_on_card, section.sources)) + _quoted(section.body)


def _on_card(source: Source) -> int:
    return len(source.caption) + _length(source.key_points)


def _quoted(body: str) -> int:
    lines = body.split("\n")
    blocks = [text.lstrip("> ") for text in lines if text.startswith(">")]
    inside = [quotation for text in lines if not text.startswith(">") for quotation in _QUOTED.findall(text)]
    return _length(blocks) + _length(inside)


def _own(document: Document) -> int:
    """How many characters of an article are its own."""
    around = (document.title, document.lead_heading, document.lead, *document.takeaways)
    remarks = (comment.text for comment in document.closing)
    return _length(around) + _length(remarks) + sum(map(_own_of_section, document.sections))


def _own_of_section(section: Section) -> int:
    spoken = (comment.text for comment in (*section.opening, *section.closing))
    written = _length((section.heading, section.question, section.answer, *spoken))
    return written + len(section.body) - _quoted(section.body)


def _length(texts: Iterable[str]) -> int:
    return sum(map(len, texts))
