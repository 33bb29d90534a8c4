"""Saving an article's form: nothing typed is lost, whatever comes between the editor and the save.

A form with mistakes is shown again (422), one whose copy is out of date is merged or decided on (409, see `conflicts`),
one that the database could not take is shown again to be sent later (503). Each time the text stays in the editor's
slot, too. A form that was sent twice is saved once.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db import IntegrityError, OperationalError
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from articles import keeping, publishing
from articles.admin.conflicts import ConflictScreen
from articles.admin.forms import ONLY_SHOWN, token_in
from articles.admin.typed import filled, typed
from articles.document import from_json
from articles.keeping import KeptElsewhere
from articles.models import Article
from newsdesk.database_away import is_away

BUSY_FOR = 10  # seconds after which sending again is worth a try
REFUSED = (409, 422)


class SavingScreen(ConflictScreen):
    """The article's page as it is saved."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        if ONLY_SHOWN in request.POST:  # not in a transaction: it need not wait for whoever is writing
            return self._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[attr-defined, no-any-return]
        try:
            response = self._save_form(request, object_id, form_url)
        except OperationalError as error:
            if not is_away(error):
                raise
            return self._busy(request, object_id)
        if response.status_code in REFUSED:
            self._keep(request, object_id)
        return response

    def _save_form(self, request: HttpRequest, object_id: str | None, form_url: str) -> HttpResponse:
        """Save, unless the article is another than the form thinks."""
        article = self.get_object(request, unquote(object_id)) if object_id else None
        before = None if object_id else self._made_of(request)
        if object_id and not article:
            return self._deleted(request)
        if before:
            return self._sent_again(request, before)
        if article and self.is_stale(request, article):
            return self.settle(request, article)
        try:
            return super().changeform_view(request, object_id, form_url)
        except publishing.StaleArticle:  # another was faster, between our look and our claim
            pass
        except IntegrityError:  # and here it was the same form
            if not self._made_of(request):
                raise
        for upload in request.FILES.values():
            upload.seek(0)  # type: ignore[union-attr]  # every value is one file
        return self._save_form(request, object_id, form_url)

    def _made_of(self, request: HttpRequest) -> Article | None:
        """The article that was made of this very form before, if there is one."""
        token = token_in(request.POST.get("token", ""))
        return self.get_queryset(request).filter(form_token=token).first() if token else None

    def _sent_again(self, request: HttpRequest, article: Article) -> HttpResponse:
        """The form of a new article came twice: by two clicks, or by going back and changing it."""
        first = article.editions.order_by("number").first()
        if first and typed(request.POST, None).document == from_json(first.document):
            self.message_user(request, _("The article was saved already. Here it is."), messages.INFO)
            return self.to_change_page(article)
        self.to_write(request, article.pk)
        data = request.POST.copy()
        data["opened_version"], data["opened_edition"] = "-1", str(first.number if first else "")
        request.POST = data  # type: ignore[assignment]  # what was changed after going back is merged with what is there
        return self.settle(request, article)

    def _deleted(self, request: HttpRequest) -> HttpResponse:
        """Somebody deleted the article meanwhile: what was typed can be saved as a new one."""
        now = typed(request.POST, None)
        note = _(
            "This article was deleted while you were editing it. All that you typed stands below: "
            "save it to make a new article of it."
        )
        data = filled(
            now.document,
            None,
            unplaced=now.unplaced,
            media=now.media,
            more={name: request.POST.get(name, "") for name in ("token", "note")},
        )
        self.message_user(request, note, messages.WARNING)
        response = self.show(request, None, data)
        response.status_code = 409
        return response

    def _keep(self, request: HttpRequest, object_id: str | None) -> None:
        """Put what was refused into the editor's slot, as the page itself would in a moment."""
        token = token_in(request.POST.get("token", ""))
        article = Article.objects.filter(pk=unquote(object_id)).first() if object_id else None
        if token:
            try:
                keeping.keep(request.user, article, token, dict(request.POST.lists()))  # type: ignore[arg-type]
            except KeptElsewhere as error:
                self.message_user(request, str(error), messages.WARNING)

    def _busy(self, request: HttpRequest, object_id: str | None) -> HttpResponse:
        """The database is locked: the form again, to be sent once more."""
        note = _(
            "The database is busy, and nothing was saved. All that you typed stands below: save again in a moment."
        )
        self.message_user(request, note, messages.WARNING)
        article = self.get_object(request, unquote(object_id)) if object_id else None
        response = self.show(request, article, request.POST)
        response.status_code = 503
        response["Retry-After"] = str(BUSY_FOR)
        return response

    # -- what Django's own view asks on its way

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        if context["errors"] and ONLY_SHOWN not in request.POST:
            response.status_code = 422
        return response

    def save_model(self, request: HttpRequest, obj: Article, form: "ModelForm[Article]", change: bool) -> None:
        if change:
            publishing.claim(obj, form.cleaned_data["opened_version"])
        else:
            obj.created_by = request.user  # type: ignore[assignment]  # whoever is at the desk has signed in
            obj.form_token = form.cleaned_data["token"]
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: "ModelForm[Article]", formsets: Sequence[Any], change: bool
    ) -> None:
        """Rows and tags, then the edition that freezes them, in the transaction of the save."""
        super().save_related(request, form, formsets, change)
        note = form.cleaned_data["note"]
        edition = publishing.save(form.instance, by=request.user, note=note)  # type: ignore[arg-type]
        if note and edition.note != note:
            said = _("Nothing had changed, so there is no new edition that your note could stand at: %(note)s")
            self.message_user(request, said % {"note": note}, messages.WARNING)
        if form.cleaned_data["token"]:
            keeping.let_go(request.user, form.cleaned_data["token"])  # type: ignore[arg-type]
