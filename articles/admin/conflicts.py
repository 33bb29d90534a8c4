"""A save over another's: what both wrote is merged; where both wrote at the same place, the editor decides."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles import drafting, presence, publishing
from articles.admin.places import in_words
from articles.admin.screens import ArticleScreen
from articles.admin.typed import Typed, filled, typed
from articles.comparing import Run, marks
from articles.document import Document
from articles.drafting import Media
from articles.merging import Choice, Conflict, Merge, Side, merge, resolve
from articles.models import Article, Edition

# Buttons of the article's form: the one that was pressed decides where the editor goes after the save.
BUTTONS = ("_save", "_continue", "_addanother", "_publish")


@dataclass(frozen=True, slots=True)
class Question:
    """One place where two texts meet, as the screen asks about it."""

    number: int
    conflict: Conflict
    chosen: str = ""
    text: str = ""

    @property
    def choice(self) -> Choice:
        """What the editor decided."""
        return {"mine": Side.MINE, "theirs": Side.THEIRS}.get(self.chosen, self.text)

    @property
    def label(self) -> str:
        return in_words(self.conflict.place)

    @property
    def mine(self) -> list[Run]:
        """My text, with what I changed in it marked."""
        return marks(self.conflict.base, self.conflict.mine)

    @property
    def theirs(self) -> list[Run]:
        return marks(self.conflict.base, self.conflict.theirs)


class Meeting:
    """My form, and what others saved since it was opened."""

    def __init__(self, article: Article, mine: Typed, base: Edition | None, theirs: Edition, unplaced: str) -> None:
        self.article, self.base, self.theirs = article, base, theirs
        self.merge: Merge = merge(base.content if base else Document(), mine.document, theirs.content)
        self._mine, self._base_unplaced = mine, unplaced

    @cached_property
    def conflicts(self) -> list[Conflict]:
        """All that has to be decided, in reading order; the unplaced lines and alternative texts come last."""
        beside = [self._unplaced, *self._alts.values()]
        return [*self.merge.conflicts, *(each for each in beside if _is_conflict(each))]

    @cached_property
    def _unplaced(self) -> Conflict:
        return Conflict("unplaced", self._base_unplaced, self._mine.unplaced, self.article.unplaced)

    @cached_property
    def _alts(self) -> dict[str, Conflict]:
        """The alternative texts of my pictures, by file."""
        base, theirs = (_alts(edition.media if edition else {}) for edition in (self.base, self.theirs))
        mine = _alts(self._mine.media)
        places = _places_of_pictures(self.merge.document)
        return {
            file: Conflict(
                f"{places.get(file, 'image')}_alt", base.get(file, ""), alt, theirs.get(file, base.get(file, alt))
            )
            for file, alt in mine.items()
        }

    def resolved(self, choices: dict[str, Choice]) -> Typed:
        """The one text, as decided. Raises ValueError where a text cannot stand at its place."""
        chosen = {file: _decided(alt, choices) for file, alt in self._alts.items()}
        pictures = {**self.theirs.media.get("pictures", {}), **self._mine.media["pictures"]}
        media = {
            "pictures": {file: {**facts, "alt": chosen.get(file, facts["alt"])} for file, facts in pictures.items()}
        }
        return Typed(resolve(self.merge, choices), media, _decided(self._unplaced, choices))

    @property
    def taken(self) -> list[str]:
        """Where others' changes came in by themselves, in words, each once."""
        places = [change.place for change in self.merge.taken]
        outermost = [place for place in places if not any(place.startswith(f"{other}.") for other in places)]
        return list(dict.fromkeys(in_words(place) for place in outermost))

    @cached_property
    def others(self) -> str:
        """Who saved meanwhile."""
        since = self.article.editions.filter(number__gt=self.base.number if self.base else 0)
        people = [edition.created_by for edition in since.select_related("created_by").order_by("number")]
        names = dict.fromkeys(presence.name_of(person) for person in people if person)
        return "、".join(names) or _("Somebody else")


def _alts(media: Media) -> dict[str, str]:
    return {file: facts["alt"] for file, facts in media.get("pictures", {}).items()}


def _places_of_pictures(document: Document) -> dict[str, str]:
    return {
        source.image: f"sections[{number}].sources[{at}].image"
        for number, section in enumerate(document.sections)
        for at, source in enumerate(section.sources)
    }


def _is_conflict(texts: Conflict) -> bool:
    return texts.mine != texts.theirs and texts.base not in (texts.mine, texts.theirs)


def _decided(texts: Conflict, choices: dict[str, Choice]) -> str:
    """The text that stands after a decision, or after the only side that changed it."""
    choice = choices.get(texts.place)
    if isinstance(choice, str):
        return choice
    if choice is Side.THEIRS or (choice is None and texts.mine == texts.base):
        return texts.theirs
    return texts.mine


class ConflictScreen(ArticleScreen):
    """What happens to a form whose copy is out of date."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.settle_view)
        return [path("<int:pk>/settle/", view, name="articles_article_settle"), *super().get_urls()]

    def is_stale(self, request: HttpRequest, article: Article) -> bool:
        """Whether somebody saved the article since the form was opened."""
        return request.POST.get("opened_version") != str(article.version)

    def settle(self, request: HttpRequest, article: Article) -> HttpResponse:
        """Save what can be merged without a question, else ask."""
        self.to_write(request, article.pk)
        form = self.with_pictures(request)
        meeting = _meeting(article, form, _as_it_is(article))
        if meeting.conflicts:
            return self._ask(request, meeting, form)
        return self._save_merged(request, meeting, form, meeting.resolved({}))

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The editor's decisions. Whoever saved since then is met like the one before."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form, number = _form(request.POST.get("form", "")), request.POST.get("theirs", "")
        if pk and not Article.objects.filter(pk=pk).exists():
            request.POST = _with_decisions(form, request.POST)  # type: ignore[assignment]
            return self.changeform_view(request, str(pk))  # deleted meanwhile: what was typed is shown as a new one
        article = self.to_write(request, pk)
        if not article or not number.isdecimal() or len(number) > 9:
            raise Http404
        meeting = _meeting(article, form, get_object_or_404(article.editions, number=int(number)))
        questions = _answered(meeting.conflicts, request.POST)
        if not all(question.chosen for question in questions):
            note = _("Choose a text at each place; then save.")
            return self._ask(request, meeting, form, questions, note)
        try:
            decided = meeting.resolved({question.conflict.place: question.choice for question in questions})
        except ValueError:
            note = _("A date is written like 2025-03-22. Correct it, or take one of the two.")
            return self._ask(request, meeting, form, questions, note)
        return self._save_merged(request, meeting, form, decided)

    def _ask(
        self,
        request: HttpRequest,
        meeting: Meeting,
        form: QueryDict,
        questions: Sequence[Question] = (),
        note: str = "",
    ) -> HttpResponse:
        """The screen with both texts. It holds the whole form, so that nothing typed depends on the database."""
        article = meeting.article
        return self.screen(
            request,
            "conflict",
            _("Two texts"),
            article,
            meeting=meeting,
            questions=questions or _answered(meeting.conflicts, QueryDict()),
            saved_at=date_format(timezone.localtime(meeting.theirs.created_at), "DATETIME_FORMAT"),
            form=json.dumps(dict(form.lists()), ensure_ascii=False),
            version=request.POST.get("version") if note else article.version,
            note=note,
            status=422 if note else 409,
        )

    def _save_merged(self, request: HttpRequest, meeting: Meeting, form: QueryDict, text: Typed) -> HttpResponse:
        """Save a merged text as if the editor had typed it on top of what the others saved."""
        article = meeting.article
        version = request.POST.get("version", "")
        data = filled(
            text.document,
            article,
            unplaced=text.unplaced,
            media=text.media,
            version=int(version) if version.isdecimal() and len(version) < 10 else article.version,
            more={
                "opened_edition": str(meeting.theirs.number),
                "initial-unplaced": article.unplaced,
                **{name: form.get(name, "") for name in ("token", "note", *BUTTONS) if name in form},
            },
        )
        request.POST = data  # type: ignore[assignment]
        request._files = MultiValueDict()  # type: ignore[attr-defined]  # stored, see `_with_pictures`
        request.path = request.path_info = reverse("admin:articles_article_change", args=[article.pk])
        told = _("%(names)s saved while you were editing. Taken over from there: %(places)s.") % {
            "names": meeting.others,
            "places": "、".join(meeting.taken),
        }
        response: HttpResponse = self.changeform_view(request, str(article.pk))
        if response.status_code == 302 and meeting.taken:
            self.message_user(request, told, messages.INFO)
        return response


def _meeting(article: Article, form: QueryDict, theirs: Edition) -> Meeting:
    number = form.get("opened_edition", "")
    known = number.isdecimal() and len(number) < 10
    base = article.editions.filter(number=int(number)).first() if known else None
    return Meeting(article, typed(form, article), base, theirs, form.get("initial-unplaced", ""))


def _as_it_is(article: Article) -> Edition:
    """The edition that says what the working copy says."""
    latest = article.editions.first()
    if latest and latest.content == drafting.read(article):
        return latest
    return publishing.save(article, by=None)


def _form(text: str) -> QueryDict:
    """The article's form as the screen of a conflict carries it. Raises Http404 where it is none."""
    data = QueryDict(mutable=True)
    try:
        for name, values in json.loads(text).items():
            data.setlist(name, [str(value) for value in values])
    except (ValueError, AttributeError, TypeError):
        raise Http404 from None
    return data


def _with_decisions(form: QueryDict, decided: QueryDict) -> QueryDict:
    """The form with the texts that were made of both among its unplaced lines, for they are written nowhere else."""
    texts = [str(value) for name, value in decided.items() if name.startswith("text-")]
    form["unplaced"] = "\n".join(filter(None, [str(form.get("unplaced", "")), *texts]))
    return form


def _answered(conflicts: Sequence[Conflict], data: QueryDict) -> list[Question]:
    """What is asked, with what was answered to it."""
    questions = []
    for number, conflict in enumerate(conflicts):
        chosen = data.get(f"choice-{number}", "")
        known = chosen in ("mine", "theirs") or (chosen == "text" and conflict.takes_text)
        text = data.get(f"text-{number}", conflict.mine)
        questions.append(Question(number, conflict, chosen if known else "", text))
    return questions
