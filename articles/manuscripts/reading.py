"""Reading a manuscript: text in, Document out, with an account of every line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.manuscripts.assembly import Assembly
from articles.manuscripts.findings import Reading, quoted
from articles.manuscripts.marks import CARD, Kind, Piece, is_link, pieces
from articles.manuscripts.places import (
    Part,
    answered,
    answers_itself,
    heading_block,
    is_brief,
    is_heading,
    is_voice,
    leading_voices,
    parts,
    voices,
)
from articles.text import LINE_END, UNWANTED, line

LEFT_OVER_OF_TYPESETTING = re.compile("[(（][?？]マーク[)）]")
MOST_POINTS = 6  # unmarked lines inside a source card; more are something else

_STRUCTURE = CARD | {Kind.HEADING, Kind.QUESTION, Kind.ANSWER, Kind.CAPTION}


def parse(text: str) -> Reading:
    """Read a manuscript as far as it can be read. Never fails: what is doubtful or has no place is in the Reading."""
    assembly = Assembly()
    found = list(_pieces(text, assembly))
    last = max((at for at, piece in enumerate(found) if piece.kind in _STRUCTURE), default=-1)
    at = 0
    while at < len(found):
        end = _run_end(found, at)
        if end == at:
            assembly.add(found[at])
        else:
            before, after = (found[at - 1] if at else None), (found[end] if end < len(found) else None)
            _RunReader(assembly, Run(found[at:end], before, after, is_last=end > last)).read()
        at = max(end, at + 1)
    if not assembly.title:
        assembly.doubt(0, _("There is no title."), _("The title is empty; write one before you publish."))
    return assembly.reading()


def _pieces(text: str, assembly: Assembly) -> Iterator[Piece]:
    """The pieces of every line; reports characters that are taken out."""
    for number, raw in enumerate(LINE_END.split(text.removeprefix("\ufeff")), 1):
        removed = len(UNWANTED.findall(raw.replace("\t", " ")))
        if removed:
            reason = ngettext(
                "%(count)d invisible control character stands here.",
                "%(count)d invisible control characters stand here.",
                removed,
            )
            assembly.doubt(number, reason % {"count": removed}, _("They are removed; the visible text is unchanged."))
        yield from pieces(number, line(raw))


def _run_end(found: list[Piece], at: int) -> int:
    while at < len(found) and found[at].kind is Kind.TEXT:
        at += 1
    return at


@dataclass(slots=True)
class Run:
    """Unmarked lines between two marked ones. `is_last`: no section begins after it by a mark."""

    lines: list[Piece]
    before: Piece | None
    after: Piece | None
    is_last: bool

    def follows(self, *kinds: Kind) -> bool:
        return self.before is not None and self.before.kind in kinds

    def precedes(self, *kinds: Kind) -> bool:
        return self.after is not None and self.after.kind in kinds


# What stands in for labelled lines around a run while its heading block is looked for.
_HEADING, _QUESTION, _ANSWER, _CAPTION = (
    Piece(0, Kind.TEXT, value, value) for value in ("見出し", "問い?", "答え。", "要旨。")
)
_ABOVE = {
    Kind.HEADING: [_HEADING],
    Kind.QUESTION: [_HEADING, _QUESTION],
    Kind.ANSWER: [_HEADING, _QUESTION, _ANSWER],
}
_BELOW = {
    **{key: [] for key in CARD},
    Kind.CAPTION: [_CAPTION],
    Kind.ANSWER: [_ANSWER, _CAPTION],
    Kind.QUESTION: [_QUESTION, _ANSWER, _CAPTION],
}


class _RunReader:
    """Decides what the lines of one run are, in view of what has been read before it."""

    def __init__(self, assembly: Assembly, run: Run) -> None:
        self.assembly, self.run = assembly, run

    def read(self) -> None:
        run, assembly = self.run, self.assembly
        if not assembly.title and not assembly.sections and (run.before is None or run.follows(Kind.TAGS)):
            self._title(run.lines.pop(0))
        if assembly.card and run.lines:
            self._inside_card()
        if not run.lines:
            return
        block = self._block()
        text, head = run.lines[: len(run.lines) - len(block)], run.lines[len(run.lines) - len(block) :]
        if not assembly.sections:
            self._front(text, bool(head))
        else:
            self._section_lines(text, bool(head))
        for piece, kind in zip(head, block, strict=True):
            assembly.add(piece, kind)

    def _title(self, piece: Piece) -> None:
        """The title, and the lead heading where it is glued to it."""
        mark = None if piece.literal else LEFT_OVER_OF_TYPESETTING.search(piece.value)
        if not mark:
            return self.assembly.add(piece, Kind.TITLE)
        self.assembly.doubt(
            piece.line,
            _("%(text)s looks like a left-over of the typesetting.") % {"text": quoted(mark.group())},
            _("The title ends with it, and it stays in the title; what follows is the heading of the lead."),
        )
        head, rest = piece.value[: mark.end()].strip(), piece.value[mark.end() :].strip()
        self.assembly.add(replace(piece, shown=head, value=head), Kind.TITLE)
        if rest:
            self.assembly.add(replace(piece, shown=rest, value=rest), Kind.LEAD_HEADING)
        return None

    # -- source cards

    def _inside_card(self) -> None:
        """Unmarked lines that go on with the card above: its address, its publisher, points without ticks."""
        run, card = self.run, self.assembly.card
        if card and is_link(run.lines[0].value) and card.takes(Kind.SOURCE) and not run.lines[0].literal:
            self.assembly.add(run.lines.pop(0), Kind.SOURCE)
        if not run.lines or not card or "url" in card.values or not run.after or not card.takes(run.after.kind):
            return
        if run.follows(Kind.MORE) and run.before and not run.before.value and len(run.lines) == 1:
            self._assume(run.lines.pop(0), Kind.PUBLISHER, _("It is the publisher the reader is sent to."))
        elif self._are_points():
            for piece in run.lines:
                self._assume(piece, Kind.POINT, _("It is a key point of the source."))
            run.lines.clear()

    def _are_points(self) -> bool:
        run = self.run
        if not run.precedes(*CARD) or len(run.lines) > MOST_POINTS or any(piece.glued for piece in run.lines):
            return False
        return run.follows(Kind.DATE) or (run.follows(Kind.POINT) and not any(map(is_heading, run.lines)))

    def _assume(self, piece: Piece, kind: Kind, assumed: str) -> None:
        reason = _("%(text)s stands inside a source card without a mark.") % {"text": quoted(piece.shown)}
        self.assembly.doubt(piece.line, reason, assumed)
        self.assembly.add(piece, kind)

    # -- the block before a source card

    def _block(self) -> list[Kind]:
        """The kinds of the last lines, where a source card or a labelled part of its heading block follows."""
        run = self.run
        if not run.after or run.after.kind not in _BELOW:
            return []
        if self._second_source():
            return self._second_caption()
        above = _ABOVE.get(run.before.kind, []) if run.before else []
        below = _BELOW[run.after.kind]
        kinds = heading_block([*above, *run.lines, *below])
        kinds = kinds[: len(kinds) - len(below)][-len(run.lines) :] if len(kinds) > len(below) else []
        self._doubt_block(kinds, complete=len(kinds) + len(above) + len(below) == 4)
        return kinds

    def _second_source(self) -> bool:
        """True where a card follows a card with nothing but opening comments and a caption between them."""
        section = self.assembly.sections[-1] if self.assembly.sections else None
        if not section or not section.cards or section.body_begun or not self.run.precedes(*CARD):
            return False
        rest = self.run.lines[leading_voices(self.run.lines) :]
        return not rest or (len(rest) == 1 and is_brief(rest[0]))

    def _second_caption(self) -> list[Kind]:
        last = self.run.lines[-1]
        if is_voice(last) or last.glued:
            return []
        reason = _("Only %(text)s stands between two source cards.") % {"text": quoted(last.shown)}
        self.assembly.doubt(last.line, reason, _("It is the caption of a second source in the same section."))
        return [Kind.CAPTION]

    def _doubt_block(self, kinds: list[Kind], complete: bool) -> None:
        lines = self.run.lines[len(self.run.lines) - len(kinds) :]
        for piece, kind in zip(lines, kinds, strict=True):
            if kind is Kind.QUESTION and answers_itself(piece):
                self._question_and_answer(piece)
        if complete or not kinds:
            return
        names = {
            Kind.HEADING: _("heading"),
            Kind.QUESTION: _("question"),
            Kind.ANSWER: _("answer"),
            Kind.CAPTION: _("caption"),
        }
        self.assembly.doubt(
            lines[0].line,
            _("Before the source there are not all of heading, question, answer and caption."),
            _("The lines from here are: %(kinds)s.") % {"kinds": ", ".join(names[kind] for kind in kinds)},
        )

    def _question_and_answer(self, piece: Piece) -> None:
        reason = _("%(text)s goes on behind its question mark.") % {"text": quoted(piece.shown)}
        assumed = _("Question and first answer share the line; both are kept together as the question.")
        self.assembly.doubt(piece.line, reason, assumed)

    # -- the head of the article

    def _front(self, lines: list[Piece], block_follows: bool) -> None:
        """Lead heading and lead; in a text without marks, sections too."""
        assembly = self.assembly
        found = parts(lines, may_begin=bool(assembly.lead), goes_on=self._goes_on)
        lead, rest = found[0].text, found[1:]
        if len(lead) > 1 and is_heading(lead[0]) and not assembly.lead_heading and not assembly.lead:
            assembly.add(lead.pop(0), Kind.LEAD_HEADING)
        report = self._report_behind_lead(lead) if not rest and not block_follows else []
        for piece in lead[: len(lead) - len(report)]:
            assembly.add(piece, Kind.LEAD)
        if report:
            self._text(report, is_last=True)
        self._parts(rest, block_follows)

    def _report_behind_lead(self, lead: list[Piece]) -> list[Piece]:
        """All but the first paragraph, where no section is marked in the whole text."""
        if not self.run.is_last or len(lead) < 2 or self.run.precedes(Kind.COMMENT, Kind.BODY, Kind.LEAD):
            return []
        reason = _("No section is marked in this text.")
        assumed = _("The first paragraph is the lead, the rest from here is the report of one section.")
        self.assembly.doubt(lead[1].line, reason, assumed)
        return lead[1:]

    # -- the text of a section

    @property
    def _goes_on(self) -> bool:
        """True where a mark after the run continues the section whose heading may end the run."""
        return self.run.precedes(Kind.COMMENT, Kind.BODY)

    def _section_lines(self, lines: list[Piece], block_follows: bool) -> None:
        section = self.assembly.section
        if self.run.follows(Kind.HEADING):
            size = answered(lines, self._goes_on)
            for piece, kind in zip(lines[:size], (Kind.QUESTION, Kind.ANSWER), strict=False):
                self.assembly.add(piece, kind)
            lines = lines[size:]
        found = parts(lines, may_begin=section.body_begun, goes_on=self._goes_on)
        self._parts(found, block_follows)

    def _parts(self, found: list[Part], block_follows: bool) -> None:
        for number, part in enumerate(found, 1):
            for piece, kind in part.head:
                self.assembly.add(piece, kind)
                if kind is Kind.HEADING:
                    reason = _("%(text)s is short and no sentence.") % {"text": quoted(piece.shown)}
                    self.assembly.doubt(piece.line, reason, _("It is the heading of a section without a source."))
            final = number == len(found) and not block_follows
            self._text(part.text, is_last=final and self.run.is_last, may_close=not (final and self._goes_on))

    def _text(self, lines: list[Piece], is_last: bool, may_close: bool = True) -> None:
        """Opening comment, report and closing comment of one section."""
        if not lines:
            return
        if self.assembly.takeaways:
            self._after_takeaways(lines)
            return
        section = self.assembly.section
        marked = bool(section.opening or section.closing) or not may_close
        found = voices(lines, may_open=not (section.opening or section.body_begun), may_close=may_close)
        end = len(lines) - found.closing
        opening, report, closing = lines[: found.opening], lines[found.opening : end], lines[end:]
        self._comment(opening, Kind.OPENING)
        for piece in report:
            self.assembly.add(piece, Kind.BODY)
        self._closing(closing, is_last and not self.run.precedes(Kind.REMARK))
        self._doubt_voices(opening, report, closing, marked)

    def _comment(self, lines: list[Piece], kind: Kind) -> None:
        """One comment of all the lines."""
        for number, piece in enumerate(lines):
            self.assembly.add(piece, Kind.MORE_TEXT if number else kind)

    def _closing(self, lines: list[Piece], is_last: bool) -> None:
        """A closing comment; at the end of the article only its first line, and the rest are remarks on the whole."""
        own = 0 if self.assembly.section.closing else 1
        if not is_last:
            return self._comment(lines, Kind.CLOSING)
        self._comment(lines[:own], Kind.CLOSING)
        remarks = lines[own:]
        if remarks:
            reason = _("Several lines at the end of the article speak to the reader.")
            assumed = _("From here they are closing remarks on the whole article, not on its last section.")
            self.assembly.doubt(remarks[0].line, reason, assumed)
        return self._comment(remarks, Kind.REMARK)

    def _after_takeaways(self, lines: list[Piece]) -> None:
        for piece in lines:
            if is_voice(piece):
                self.assembly.add(piece, Kind.REMARK)
            else:
                self.assembly.leave(piece, _("%(text)s stands behind the takeaways.") % {"text": quoted(piece.shown)})

    def _doubt_voices(self, opening: list[Piece], report: list[Piece], closing: list[Piece], marked: bool) -> None:
        doubt = self.assembly.doubt
        if opening and report:
            doubt(
                opening[-1].line,
                _("Up to here the lines speak to the reader; %(text)s reports.") % {"text": quoted(report[0].shown)},
                _("The opening comment ends here and the report begins on line %(line)d.") % {"line": report[0].line},
            )
        if closing and report:
            doubt(
                closing[0].line,
                _("From here on the lines speak to the reader: %(text)s.") % {"text": quoted(closing[0].shown)},
                _("The report ends on line %(line)d and the closing comment begins here.") % {"line": report[-1].line},
            )
        if not report:
            doubt((opening or closing)[0].line, _("Every line here speaks to the reader."), _("There is no report."))
        elif not (opening or closing or marked):
            doubt(report[0].line, _("No line here speaks to the reader."), _("All of it is the report."))
