"""The import screen: paste a manuscript, see how it is read, move boundaries, save it as a draft."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import boundaries, drafting
from articles.admin.checking import Told, told
from articles.admin.import_forms import DetailsForm, ManuscriptForm, seal
from articles.admin.screens import ArticleScreen
from articles.admin.typed import Typed
from articles.checks.labels import FIELDS
from articles.checks.places import put
from articles.document import Document
from articles.drafting import UnusableDocument
from articles.importing import import_reading
from articles.manuscripts import Doubt, Reading, parse
from articles.models import Article

SAVES = {"save", "publish"}  # buttons that save what was read
ROLE_LABELS = {
    boundaries.OPENING: gettext_lazy("opening comment"),
    boundaries.BODY: gettext_lazy("report"),
    boundaries.CLOSING: gettext_lazy("closing comment"),
    boundaries.REMARK: gettext_lazy("remark on the whole"),
}
_SECTION = re.compile(r"sections\[(\d+)\]\.")
_SOURCE = re.compile(r"sources\[(\d+)\]\.")


@dataclass(slots=True)
class Row:
    """One line of the manuscript on the screen: where it goes, and the choice where that can be moved."""

    line: int
    text: str
    section: int | None = None
    label: str = ""
    role: str = ""
    name: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    is_unplaced: bool = False
    begins: str = ""
    doubts: list[Doubt] = field(default_factory=list)


class ImportScreen(ArticleScreen):
    """Two steps on one page: the text, and below it how it is read. It works without a script."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.import_view)
        return [path("import/", view, name="articles_article_import"), *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponseBase:
        """GET shows the empty form; POST reads the text, and saves where it was asked to and nothing changed since."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, ManuscriptForm(), DetailsForm())
        form, details = ManuscriptForm(request.POST, request.FILES), DetailsForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, details)
        reading = parse(form.cleaned_data["manuscript"])
        if not SAVES & set(request.POST):
            return self._page(request, form, details, reading)
        if not form.is_seen(form.cleaned_data["manuscript"]):
            note = _("The text was changed since it was read. Look at the new reading, then save.")
            self.message_user(request, note, messages.WARNING)
            return self._page(request, form, details, reading)
        return self._save(request, form, details, reading)

    def _save(
        self, request: HttpRequest, form: ManuscriptForm, details: DetailsForm, reading: Reading
    ) -> HttpResponseBase:
        if not details.is_valid():
            return self._page(request, form, details, reading)
        person, once = details.cleaned_data["commentator"], form.once
        reading_as_moved = replace(reading, document=_as_decided(request, reading))
        try:
            article = import_reading(
                reading_as_moved,
                by=request.user,  # type: ignore[arg-type]  # whoever is at the desk has signed in
                commentator=person.name if person else "",
                tags=details.cleaned_data["tags"],
                token=once,
            )
        except IntegrityError:  # the same was sent before, by two clicks or by going back
            before = Article.objects.filter(form_token=once).first() if once else None
            if not before:
                raise
            self.message_user(request, _("The article was saved already. Here it is."), messages.INFO)
            return self.to_change_page(before)
        except UnusableDocument as error:
            form.add_error(None, str(error))
            return self._page(request, form, details, reading)
        return self._saved(request, article)

    def _saved(self, request: HttpRequest, article: Article) -> HttpResponseBase:
        self.log_addition(request, article, _("Imported from a manuscript"))
        self.message_user(request, _("The manuscript was saved as a draft."), messages.SUCCESS)
        if article.unplaced:
            note = _("Some of its lines found no place. They stand first on this page.")
            self.message_user(request, note, messages.WARNING)
        if "publish" in request.POST and self.has_publish_permission(request, article):
            return redirect("admin:articles_article_publish", article.pk)
        return self.to_change_page(article)

    def _page(
        self, request: HttpRequest, form: ManuscriptForm, details: DetailsForm, reading: Reading | None = None
    ) -> HttpResponseBase:
        if not reading:
            return self.screen(request, "import", _("Import a manuscript"), form=form)
        return self.screen(
            request,
            "import",
            _("Import a manuscript"),
            form=form,
            details=details if SAVES & set(request.POST) or "seen" in request.POST else DetailsForm(),
            reading=reading,
            rows=rows(reading, roles(request) if form.is_seen(form.cleaned_data["manuscript"]) else {}),
            general=[doubt for doubt in reading.doubts if not doubt.line],
            seen=seal(form.cleaned_data["manuscript"]),
            summary=_summary(reading),
            findings=_told(reading.document, "\n".join(piece.text for piece in reading.unplaced)),
            mends=True,
            mended=request.POST.getlist("mend"),
            may_publish=self.has_publish_permission(request),
        )


def _as_decided(request: HttpRequest, reading: Reading) -> Document:
    """The Document with lines moved, and with what the checks can put right where the editor said so."""
    document = boundaries.moved(reading, roles(request))
    # One after the other: what puts one thing right is found anew in the text that the last one left.
    for name in request.POST.getlist("mend"):
        each = next((each for each in _told(document) if each.name == name and each.fix is not None), None)
        if each and each.fix is not None:
            document = put(document, each.place, each.fix)
    return document


def _told(document: Document, unplaced: str = "") -> list[Told]:
    return told(Typed(document, {"voices": drafting.facts_of_people(document)}, unplaced))


def roles(request: HttpRequest) -> dict[int, str]:
    """The boundaries as the editor set them: role by number of placement."""
    sent = ((key.removeprefix("role-"), value) for key, value in request.POST.items() if key.startswith("role-"))
    return {int(number): str(value) for number, value in sent if number.isdecimal() and len(number) < 9}


def rows(reading: Reading, chosen: dict[int, str]) -> list[Row]:
    """Every line in order, with its place, its doubts and, where it can be moved, the choice."""
    movable = {line.placement: line for line in boundaries.lines(reading)}
    placed = [_placed_row(reading, number, movable.get(number), chosen) for number in range(len(reading.placements))]
    lost = [Row(piece.line, piece.text, is_unplaced=True) for piece in reading.unplaced]
    found = sorted([*placed, *lost], key=lambda row: row.line)  # stable: pieces of one line keep their order
    _tell_beginnings(found)
    _hang_doubts(found, reading.doubts)
    return found


def _placed_row(reading: Reading, number: int, line: boundaries.Line | None, chosen: dict[int, str]) -> Row:
    place = reading.placements[number]
    section = _SECTION.match(place.field)
    row = Row(place.line, place.text, section=int(section[1]) if section else None, label=field_label(place.field))
    if line:
        options = boundaries.choices(line, reading.document)
        row.name = f"role-{number}"
        row.role = chosen[number] if chosen.get(number) in options else line.role
        row.choices = [(role, str(ROLE_LABELS[role])) for role in options]
    return row


def field_label(place: str) -> str:
    """A place in the Document in the words of the newsroom."""
    inside = _SECTION.sub("", place)
    source = _SOURCE.match(inside)
    name = re.split(r"[.\[]", _SOURCE.sub("", inside))[0]
    if name in ROLE_LABELS:
        return str(ROLE_LABELS[name if inside != place else boundaries.REMARK])
    label = str(FIELDS.get(name, name))
    if source and int(source[1]):
        return _("source %(number)d: %(field)s") % {"number": int(source[1]) + 1, "field": label}
    return _("source: %(field)s") % {"field": label} if source else label


def _tell_beginnings(found: list[Row]) -> None:
    """Mark where a section begins and where the end of the article does."""
    before: int | None = None
    for row in found:
        if row.is_unplaced or row.section == before:
            continue
        row.begins = (
            _("End of the article") if row.section is None else _("Section %(number)d") % {"number": row.section + 1}
        )
        before = row.section


def _hang_doubts(found: list[Row], doubts: tuple[Doubt, ...]) -> None:
    """Hang each doubt on the last row of its line."""
    last = {row.line: row for row in found}
    for doubt in doubts:
        if doubt.line in last:
            last[doubt.line].doubts.append(doubt)


def _summary(reading: Reading) -> Iterator[str]:
    document = reading.document
    parts = (
        (len(document.sections), ngettext("%(count)d section", "%(count)d sections", len(document.sections))),
        (len(list(document.sources)), ngettext("%(count)d source", "%(count)d sources", len(list(document.sources)))),
        (
            len(list(document.comments)),
            ngettext("%(count)d comment", "%(count)d comments", len(list(document.comments))),
        ),
        (len(document.takeaways), ngettext("%(count)d takeaway", "%(count)d takeaways", len(document.takeaways))),
        (len(reading.doubts), ngettext("%(count)d doubt", "%(count)d doubts", len(reading.doubts))),
        (len(reading.unplaced), ngettext("%(count)d unplaced line", "%(count)d unplaced lines", len(reading.unplaced))),
    )
    return (text % {"count": count} for count, text in parts)
