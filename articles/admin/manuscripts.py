"""The article as a manuscript: the same text, edited in the layout of the house, and back into the form.

Whatever the form holds, saved or not, goes into the text and comes back; what a manuscript cannot say (alternative
texts, the version the editor opened) travels beside it in hidden fields.
"""

import json
import secrets
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponseNotAllowed, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from articles import drafting
from articles.admin.screens import ArticleScreen
from articles.admin.typed import Typed, filled, typed
from articles.document import Document
from articles.drafting import UnusableDocument
from articles.manuscripts import LARGEST, Reading, dump, parse
from articles.models import Article

SAVES = ("_save", "_continue", "_publish")
CARRIED = ("opened_version", "opened_edition", "token", "note")


class ManuscriptScreen(ArticleScreen):
    """Form and text are two views of one article; a POST turns one into the other and saves nothing by itself."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/manuscript/", view(self.manuscript_view), name="articles_article_manuscript"),
            path("<int:pk>/manuscript/read/", view(self.read_view), name="articles_article_read"),
            *super().get_urls(),
        ]

    def form_addresses(self, pk: int) -> dict[str, str]:
        names = {"manuscript": "manuscript", "read": "read"}
        addresses = {each: reverse(f"admin:articles_article_{name}", args=[pk]) for each, name in names.items()}
        return {**super().form_addresses(pk), **addresses}

    def manuscript_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """GET: the saved article as text. POST: a form becomes text, or a text becomes a form again or is saved."""
        article = self._still_there(request, pk)
        if request.method != "POST":
            return self._as_manuscript(request, article, _saved(article), QueryDict())
        if "manuscript" not in request.POST:
            sent = self.with_pictures(request)
            return self._as_manuscript(request, article, typed(sent, article), sent)
        if is_too_long(request.POST):
            error = _("The text is longer than a manuscript can be. Split it into its articles.")
            return self._manuscript_page(request, article, request.POST, error=error, status=422)
        try:
            data = as_form(request.POST, article)
        except UnusableDocument as error:
            return self._manuscript_page(request, article, request.POST, error=str(error), status=422)
        name = next((name for name in SAVES if name in request.POST), "")
        return self.submit(request, article, data, name) if name else self.show(request, article, data)

    def _still_there(self, request: HttpRequest, pk: int) -> Article | None:
        """The article; what is sent for one that was deleted meanwhile is taken for a new one. Raises as `to_write`."""
        try:
            return self.to_write(request, pk)
        except Http404:
            if request.method != "POST":
                raise
        note = _(
            "This article was deleted while you were editing it. All that you typed stands below: "
            "save it to make a new article of it."
        )
        self.message_user(request, note, messages.WARNING)
        data = request.POST.copy()
        for name in (*SAVES, "opened_version", "opened_edition"):
            data.pop(name, None)
        request.POST = data  # type: ignore[assignment]  # it is looked at before it is saved
        return self.to_write(request, 0)

    def _as_manuscript(
        self, request: HttpRequest, article: Article | None, text: Typed, sent: QueryDict
    ) -> HttpResponseBase:
        fields = QueryDict(mutable=True)
        fields["manuscript"] = dump(text.document)
        fields["unplaced"] = text.unplaced
        fields["words"] = json.dumps(_words(text), ensure_ascii=False)
        for name in CARRIED:
            fields[name] = sent.get(name, "")
        fields["token"] = sent.get("token") or secrets.token_hex(16)
        if not fields["opened_version"] and article:
            fields["opened_version"] = str(article.version)
        unsaved = bool(sent) and (article is None or drafting.read(article) != text.document)
        return self._manuscript_page(request, article, fields, unsaved=unsaved)

    def _manuscript_page(
        self, request: HttpRequest, article: Article | None, fields: QueryDict, *, unsaved: bool = True, **context: Any
    ) -> HttpResponseBase:
        pk = article.pk if article else 0
        return self.screen(
            request,
            "manuscript",
            _("Edit as text"),
            article,
            fields=fields,
            carried=[(name, fields.get(name, "")) for name in ("unplaced", "words", *CARRIED)],
            reading=found(parse(fields.get("manuscript", ""))) if not context.get("error") else None,
            desk_config={
                "pk": pk,
                "addresses": self.form_addresses(pk),
                "unsaved": unsaved,
                "user": request.user.get_username(),
            },
            **context,
        )

    def read_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """What the parser thinks of a text: its doubts, and the lines without a place."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self.to_write(request, pk)
        if is_too_long(request.POST):
            raise BadRequest("The text is longer than a manuscript can be.")
        return JsonResponse(found(parse(request.POST.get("manuscript", ""))))


def is_too_long(sent: QueryDict) -> bool:
    """Whether what was sent as a manuscript is longer than any is."""
    return len(sent.get("manuscript", "").encode(errors="replace")) > LARGEST


def found(reading: Reading) -> dict[str, Any]:
    """What is to be told of a reading: each remark with its line (0 is the whole text), and how much was read."""
    doubts = [{"line": doubt.line, "text": f"{doubt.reason} {doubt.assumed}"} for doubt in reading.doubts]
    lost = [
        {"line": piece.line, "text": _("No place for: %(text)s") % {"text": piece.text}, "lost": True}
        for piece in reading.unplaced
    ]
    document = reading.document
    return {
        "remarks": sorted([*doubts, *lost], key=lambda remark: int(str(remark["line"]))),
        "sections": [section.heading or section.question or "—" for section in document.sections],
        "sources": len(list(document.sources)),
        "takeaways": len(document.takeaways),
    }


def as_form(sent: QueryDict, article: Article | None) -> QueryDict:
    """The form that a manuscript makes, with what travelled beside it. Lines without a place join the unplaced ones.

    Raises UnusableDocument.
    """
    text = as_typed(sent)
    drafting.check(text.document)
    version = sent.get("opened_version", "")
    return filled(
        text.document,
        article,
        unplaced=text.unplaced,
        media=text.media,
        version=int(version) if version.isdecimal() and len(version) < 9 else None,
        more={name: sent.get(name, "") for name in CARRIED[1:] if sent.get(name)},
    )


def as_typed(sent: QueryDict) -> Typed:
    """What a page of the text needs, as its preview. Nobody is added: names are typed letter by letter."""
    reading = parse(sent.get("manuscript", ""))
    before = sent.get("unplaced", "").replace("\r\n", "\n").splitlines()
    lost = [piece.text for piece in reading.unplaced if piece.text not in before]
    pictures = drafting.facts_of_pictures([reading.document])
    for file, words in _alternative_texts(sent.get("words", "")).items():
        pictures.setdefault(file, {})["alt"] = words
    media = {"pictures": pictures, "voices": drafting.facts_of_people(reading.document)}
    return Typed(reading.document, media, "\n".join([*before, *lost]))


def _words(text: Typed) -> dict[str, str]:
    return {file: facts.get("alt", "") for file, facts in text.media.get("pictures", {}).items()}


def _alternative_texts(words: str) -> dict[str, str]:
    """By file, as the page was given them; anything else is nothing."""
    try:
        known = json.loads(words or "{}")
    except (ValueError, RecursionError):
        return {}
    return {str(file): str(alt) for file, alt in known.items()} if isinstance(known, dict) else {}


def _saved(article: Article | None) -> Typed:
    if article is None:
        return Typed(Document(), {}, "")
    return Typed(drafting.read(article), drafting.media(article), article.unplaced)
