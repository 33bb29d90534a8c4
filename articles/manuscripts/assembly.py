"""Putting pieces of known kind together into a Document, keeping account of where each one went."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from articles.document import Document
from articles.manuscripts.drafts import CardDraft, CommentDraft, Owner, Paths, SectionDraft, built, comments
from articles.manuscripts.findings import Doubt, Placement, Reading, Unplaced, quoted
from articles.manuscripts.marks import CARD, Kind, Piece, is_link, link

# The field of a source that a mark fills.
_VALUES = {
    Kind.MORE: "site_name",
    Kind.PUBLISHER: "site_name",
    Kind.SOURCE: "url",
    Kind.SOURCE_AND_CREDIT: "url",
    Kind.CREDIT: "image_credit",
    Kind.IMAGE: "image",
}


class Assembly:
    """A Document while its manuscript is being read."""

    def __init__(self) -> None:
        self.title = self.lead_heading = ""
        self.lead: list[str] = []
        self.sections: list[SectionDraft] = []
        self.closing: list[CommentDraft] = []
        self.takeaways: list[str] = []
        self.tags: list[str] = []
        self.doubts: list[Doubt] = []
        self._placed: list[tuple[Piece, Owner, str | None]] = []
        self._block: tuple[list[str], Owner, str] | None = None

    @property
    def section(self) -> SectionDraft:
        """The section being read; begins one where there is none."""
        return self.sections[-1] if self.sections else self._begin_section()

    @property
    def card(self) -> CardDraft | None:
        """The source card being read, if the last thing read belongs to one."""
        cards = self.sections[-1].cards if self.sections else []
        return cards[-1] if cards and cards[-1].open else None

    def doubt(self, line: int, reason: str, assumed: str) -> None:
        self.doubts.append(Doubt(line, reason, assumed))

    def leave(self, piece: Piece, reason: str) -> None:
        """Keep a piece that has no place."""
        self._placed.append((piece, None, None))
        self.doubt(piece.line, reason, _("It is kept and shown to you, but stands in no field."))

    def add(self, piece: Piece, kind: Kind | None = None) -> None:
        """Put a piece where its kind belongs."""
        piece = piece.as_(kind) if kind else piece
        if not piece.value and piece.kind not in (Kind.HEADING, Kind.CAPTION, Kind.BODY):
            self.leave(piece, _("Nothing stands after the mark %(text)s.") % {"text": quoted(piece.shown)})
        elif piece.kind in CARD:
            self._add_to_card(piece)
        else:
            self._adders[piece.kind](self, piece)

    def _place(self, piece: Piece, owner: Owner, name: str, block: list[str] | None = None) -> None:
        self._placed.append((piece, owner, name))
        self._block = (block, owner, name) if block is not None else None

    def reading(self) -> Reading:
        """The Document as it stands, and the account of every piece."""
        sections, paths = built(self.sections)
        document = Document(
            title=self.title,
            lead_heading=self.lead_heading,
            lead="\n".join(self.lead),
            sections=sections,
            closing=comments(self.closing, "closing", paths),
            takeaways=tuple(self.takeaways),
            tags=tuple(self.tags),
        )
        account = list(self._account(paths))
        return Reading(
            document,
            tuple(sorted(self.doubts, key=lambda doubt: doubt.line)),
            tuple(entry for entry in account if isinstance(entry, Unplaced)),
            tuple(entry for entry in account if isinstance(entry, Placement)),
        )

    def _account(self, paths: Paths) -> Iterator[Placement | Unplaced]:
        """Where each piece is; a label whose section or source stayed empty is nowhere."""
        for piece, owner, name in self._placed:
            place = paths.get(id(owner))
            if name is None or (owner and place is None):
                yield Unplaced(piece.line, piece.shown)
            else:
                yield Placement(piece.line, piece.shown, f"{place}.{name}" if place else name)

    # -- the head of the article

    def _add_single(self, piece: Piece) -> None:
        """Title and lead heading: there is one of each."""
        name = "title" if piece.kind is Kind.TITLE else "lead_heading"
        if getattr(self, name):
            self.leave(piece, _("There is a second line of the kind of %(text)s.") % {"text": quoted(piece.shown)})
        else:
            setattr(self, name, piece.value)
            self._place(piece, None, name)

    def _add_lead(self, piece: Piece) -> None:
        self.lead.append(piece.value)
        self._place(piece, None, "lead", self.lead)

    def _add_tags(self, piece: Piece) -> None:
        self.tags.extend(piece.tags)
        self._placed.append((piece, None, "tags"))

    # -- sections

    def _begin_section(self) -> SectionDraft:
        self.sections.append(SectionDraft())
        return self.sections[-1]

    def _add_heading(self, piece: Piece) -> None:
        section = self._begin_section()
        section.heading = piece.value
        self._place(piece, section, "heading")

    def _add_answer(self, piece: Piece) -> None:
        """A question or an answer; behind cards, report or comments it begins a section."""
        name = "question" if piece.kind is Kind.QUESTION else "answer"
        section = self._begin_section() if self.section.under_way else self.section
        if getattr(section, name):
            self.leave(piece, _("There is a second line of the kind of %(text)s.") % {"text": quoted(piece.shown)})
        else:
            setattr(section, name, piece.value)
            self._place(piece, section, name)

    def _add_body(self, piece: Piece) -> None:
        self._close_card()
        section = self.section
        section.body_begun = True
        if piece.value:
            section.body.append(piece.value)
        self._place(piece, section, "body", section.body)

    # -- source cards

    def _close_card(self) -> None:
        if self.card:
            self.card.open = False

    def _add_caption(self, piece: Piece) -> None:
        self._close_card()
        card = self._begin_card()
        card.values["caption"] = piece.value
        self._place(piece, card, "caption")

    def _begin_card(self) -> CardDraft:
        self.section.cards.append(CardDraft())
        return self.section.cards[-1]

    def _add_to_card(self, piece: Piece) -> None:
        if piece.kind is Kind.NO_DATE:
            reason = _("%(text)s is not a date that can be read. Write it as 2025/03/22.")
            return self.leave(piece, reason % {"text": quoted(piece.value)})
        if piece.kind is Kind.NO_LINK:
            reason = _("%(text)s is not a web address. It has to begin with https:// or http://.")
            return self.leave(piece, reason % {"text": quoted(piece.value)})
        card = self.card
        if card is None or not card.takes(piece.kind):
            if card and piece.kind in (Kind.SOURCE, Kind.SOURCE_AND_CREDIT):
                reason = _("The source above already has an address: %(text)s is one more.")
                self.doubt(piece.line, reason % {"text": quoted(piece.value)}, _("It is a further source."))
            self._close_card()
            card = self._begin_card()
        if piece.kind is Kind.POINT:
            card.key_points.append(piece.value)
            self._place(piece, card, f"key_points[{len(card.key_points) - 1}]")
        elif piece.kind is Kind.DATE and not piece.literal:
            card.published_on = date.fromisoformat(piece.value)
            self._place(piece, card, "published_on")
        else:
            self._add_value(card, piece)
        return None

    def _add_value(self, card: CardDraft, piece: Piece) -> None:
        name = _VALUES[piece.kind]
        if piece.kind in (Kind.SOURCE, Kind.SOURCE_AND_CREDIT):
            self._check_link(piece)
        elif piece.kind is Kind.PUBLISHER and name not in card.values:
            reason = _("%(text)s is no web address.") % {"text": quoted(piece.value)}
            self.doubt(piece.line, reason, _("It is the name of the source."))
        elif name in card.values:
            return self.leave(piece, _("The source has a second %(text)s.") % {"text": quoted(piece.shown)})
        is_address = piece.kind in (Kind.SOURCE, Kind.SOURCE_AND_CREDIT, Kind.CREDIT) and not piece.literal
        value = link(piece.value) if is_address else piece.value
        card.values[name] = value
        if piece.kind is Kind.SOURCE_AND_CREDIT:
            card.values.setdefault("both", value)
        return self._place(piece, card, name)

    def _check_link(self, piece: Piece) -> None:
        if not is_link(piece.value):
            reason = _("%(text)s is not a web address. It has to begin with https:// or http://.")
            self.doubt(piece.line, reason % {"text": quoted(piece.value)}, _("It is kept, but readers get no link."))
        elif not piece.value.isascii() and not piece.literal:
            reason = _("The address %(text)s is written in full-width letters.")
            self.doubt(piece.line, reason % {"text": quoted(piece.value)}, _("It is kept in half-width letters."))

    # -- voices

    def _add_comment(self, piece: Piece) -> None:
        """A comment between marks: opening before the report, closing after it, a remark after the takeaways."""
        if not self.sections:
            reason = _("The comment %(text)s stands before the first section.")
            self.doubt(piece.line, reason % {"text": quoted(piece.value)}, _("It is a closing remark on the article."))
            self._add_voice(piece, self.closing)
        elif self.takeaways:
            self._add_voice(piece, self.closing)
        elif self.section.body_begun:
            self._add_voice(piece, self.section.closing)
        else:
            self._add_voice(piece, self.section.opening)

    def _add_opening(self, piece: Piece) -> None:
        self._add_voice(piece, self.section.opening)

    def _add_closing(self, piece: Piece) -> None:
        self.section.body_begun = True
        self._add_voice(piece, self.section.closing)

    def _add_remark(self, piece: Piece) -> None:
        self._add_voice(piece, self.closing)

    def _add_voice(self, piece: Piece, comments: list[CommentDraft]) -> None:
        self._close_card()
        comment = CommentDraft(piece.name, [piece.value])
        comments.append(comment)
        self._place(piece, comment, "text", comment.lines)

    def _add_more_text(self, piece: Piece) -> None:
        if not self._block:
            self.leave(
                piece, _("%(text)s goes on with nothing: no text stands above it.") % {"text": quoted(piece.shown)}
            )
            return
        lines, owner, name = self._block
        lines.append(piece.value)
        self._placed.append((piece, owner, name))

    def _add_takeaway(self, piece: Piece) -> None:
        self.takeaways.append(piece.value)
        self._place(piece, None, f"takeaways[{len(self.takeaways) - 1}]")

    def _add_left_over(self, piece: Piece) -> None:
        self.leave(piece, _("%(text)s is left over on its line.") % {"text": quoted(piece.shown)})

    _adders = {
        Kind.TITLE: _add_single,
        Kind.LEAD_HEADING: _add_single,
        Kind.LEAD: _add_lead,
        Kind.HEADING: _add_heading,
        Kind.QUESTION: _add_answer,
        Kind.ANSWER: _add_answer,
        Kind.CAPTION: _add_caption,
        Kind.COMMENT: _add_comment,
        Kind.OPENING: _add_opening,
        Kind.BODY: _add_body,
        Kind.CLOSING: _add_closing,
        Kind.REMARK: _add_remark,
        Kind.MORE_TEXT: _add_more_text,
        Kind.TAKEAWAY: _add_takeaway,
        Kind.TAGS: _add_tags,
        Kind.LEFT_OVER: _add_left_over,
    }
