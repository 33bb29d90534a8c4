"""Notes beside an article: written, settled and reopened there, or on a page of their own where no script runs."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import noting, publishing
from articles.admin.reviews import signed_in
from articles.admin.screens import ArticleScreen
from articles.models import Article, Section
from articles.workflow import Action

DEEDS = {"settle": noting.settle, "reopen": noting.reopen}


class NoteForm(forms.Form):
    """A new note, on the article or one of its sections."""

    section = forms.ModelChoiceField(
        Section.objects.none(), label=gettext_lazy("On"), required=False, empty_label=gettext_lazy("the whole article")
    )
    text = forms.CharField(
        label=gettext_lazy("Note"),
        strip=True,
        max_length=noting.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, article: Article, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="note_%s")
        self.fields["section"].queryset = article.sections.all()  # type: ignore[attr-defined]


class NoteScreen(ArticleScreen):
    """Whoever may read the article may write and settle notes on it."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/notes/", view(self.notes_view), name="articles_article_notes"),
            path("<int:pk>/notes/<int:note>/<str:deed>/", view(self.note_view), name="articles_article_note"),
            *super().get_urls(),
        ]

    def side_parts(self, article: Article | None) -> list[str]:
        more = super().side_parts(article)
        return ["admin/articles/article/notes_part.html", *more] if article else more

    def form_addresses(self, pk: int) -> dict[str, str]:
        more = super().form_addresses(pk)
        return {"notes": reverse("admin:articles_article_notes", args=[pk]), **more} if pk else more

    def notes_part(self, request: HttpRequest, article: Article, form: NoteForm | None = None) -> dict[str, Any]:
        """What the templates of notes show: open ones first, each in the order of writing. Three queries."""
        notes = article.notes.select_related("author", "settled_by", "section")
        return {
            "open": [note for note in notes if not note.settled_at],
            "settled": [note for note in notes if note.settled_at],
            "form": form or NoteForm(article),
            "may_write": self.has_note_permission(request, article),
        }

    def notes_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """All notes on the article, and a form for one more. A script gets only the part of the page that changes."""
        article = self.to_do(request, pk, Action.VIEW if request.method == "GET" else Action.NOTE)
        form = NoteForm(article, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                noting.write(article, by=signed_in(request), **form.cleaned_data)
            except publishing.PublishingError as error:
                form.add_error("text", str(error))
            else:
                return self._shown(request, article)
        return self._notes(request, article, form)

    def note_view(self, request: HttpRequest, pk: int, note: int, deed: str) -> HttpResponseBase:
        """Settle a note, or reopen it. There is nothing to ask, so a GET is refused."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.to_do(request, pk, Action.NOTE)
        found = get_object_or_404(article.notes, pk=note)
        if deed not in DEEDS:
            return HttpResponse(status=404)
        if not DEEDS[deed](found, by=signed_in(request)):
            self.message_user(request, _("Somebody else did so already."), messages.INFO)
        return self._shown(request, article)

    def _shown(self, request: HttpRequest, article: Article) -> HttpResponseBase:
        if _is_script(request):
            return self._notes(request, article, None)
        return HttpResponseRedirect(reverse("admin:articles_article_notes", args=[article.pk]))

    def _notes(self, request: HttpRequest, article: Article, form: NoteForm | None) -> HttpResponseBase:
        context = {"original": article, "notes": self.notes_part(request, article, form)}
        status = 409 if form and form.errors else 200
        if _is_script(request):
            return render(request, "admin/articles/article/notes_list.html", context, status=status)
        return self.screen(request, "notes", _("Notes"), article, notes=context["notes"], status=status)


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "XMLHttpRequest"
