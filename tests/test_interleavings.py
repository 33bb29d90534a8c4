"""Two editors, a desk that acts on lists, imports and the scheduler, in any order: nobody overwrites anybody unseen,
and nothing that anybody typed is lost.

Every sentence that is typed is told apart by its number. A sentence is *overwritten in silence* when a request takes it
out of the articles and whoever made the request was never shown it. It is *lost* when it was sent to the server and
stands neither in an article, nor in an edition, nor in a slot of unsaved text, nor on a page in front of its typist,
and the typist did not give it up.
"""

import json
import os
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import background, drafting, publishing
from articles.document import Comment, Document, Section, Source
from articles.models import Article, Autosave, Edition, SourceLink
from articles.models import Comment as CommentRow
from articles.models import Section as SectionRow
from tests.desk import editor, fields, signed_in
from tests.figures import Measure

pytestmark = pytest.mark.django_db

BLOCKS = int(os.environ.get("INTERLEAVINGS", "20")) // 10  # the figure is about 50, which take four minutes
RUNS, STEPS = 10, 16  # ten interleavings in a test: among fewer, texts may not meet
SENTENCE = re.compile("文[0-9]{4}号")
LIST = "/admin/articles/article/"
TEXT_FIELDS = re.compile(
    "title|lead|lead_heading|takeaways|unplaced|"
    "sections-[0-9]+-(heading|question|answer|body)|sections-[0-9]+-sources-[0-9]+-(caption|key_points|image_credit)|"
    "(sections-[0-9]+-)?comments-[0-9]+-text"
)
LINES = re.compile("lead$|takeaways|unplaced|body|key_points|text")  # fields to which lines can be added


def sentences(texts: Iterable[object]) -> set[str]:
    return {found for text in texts for found in SENTENCE.findall(str(text))}


def shown_on(page: str) -> set[str]:
    """The sentences on a page; in a text with marked changes, those of the text as it became, too."""
    became = re.sub('<del>.*?</del>|<span class="visually-hidden">.*?</span>|</?ins>', "", page, flags=re.DOTALL)
    return sentences([page, became])


@dataclass(slots=True)
class Window:
    """A page that somebody has open: the article (0: a new one) and what stands in its form."""

    article: int
    form: dict[str, str]

    @property
    def texts(self) -> set[str]:
        return sentences(value for name, value in self.form.items() if not name.startswith("initial-"))


@dataclass(slots=True)
class Person:
    """Somebody at the desk: what they have open, were ever shown, and gave up of what they typed."""

    client: Client
    windows: list[Window] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    given_up: set[str] = field(default_factory=set)
    last_page: set[str] = field(default_factory=set)

    def looks_at(self, response: Any) -> Any:
        """Note what an answer shows; where it leads elsewhere, go there, as a browser does."""
        if response.status_code == 302:
            response = self.client.get(response["Location"])
        self.last_page = shown_on(response.content.decode())
        self.seen |= self.last_page
        return response

    def in_sight(self) -> set[str]:
        return self.last_page.union(*(window.texts for window in self.windows))


class Newsroom:
    """Everybody at work, and the counts."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311  # nothing secret about it
        self.numbers = count(1)
        self.people = [Person(signed_in(user)) for user in User.objects.filter(username__in=["hama", "isoda"])]
        self.desk = Person(signed_in(User.objects.get(username="desk")))
        self.overwritten: list[str] = []
        self.lost: list[str] = []
        self.answers: dict[str, int] = {}
        self.typed = 0
        self.new_article()

    def sentence(self) -> str:
        said = f"文{next(self.numbers):04d}号"
        self.typed += len(said)
        return said

    def new_article(self) -> Article:
        say = self.sentence
        section = Section(
            heading=say(),
            body=say(),
            sources=(Source(caption=say(), key_points=(say(),)),),
            opening=(Comment("", say()),),
        )
        document = Document(title=say(), lead=say(), sections=(section, Section(body=say())), takeaways=(say(),))
        article = drafting.create(document, unplaced=say())
        publishing.save(article, by=None)
        return article

    # -- counting

    def step(self) -> None:
        """One request or two of somebody, and what it did to everybody's text."""
        before = in_articles()
        actor, deed = self.someone_does()
        deed(actor)
        after = in_articles()
        self.overwritten += sorted(before - after - actor.seen)
        self.lost += sorted(self.missing(after))

    def missing(self, rows: set[str]) -> set[str]:
        kept = rows | in_editions() | in_slots()
        gone: set[str] = set()
        for person in self.people:
            gone |= person.sent - kept - person.given_up - person.in_sight()
        return gone - set(self.lost)

    def told(self, response: Any) -> Any:
        self.answers[str(response.status_code)] = self.answers.get(str(response.status_code), 0) + 1
        assert response.status_code < 500, response.content.decode()[:2000]
        return response

    # -- what people do

    def someone_does(self) -> tuple[Person, Any]:
        deeds = {
            self.opens: 5,
            self.types: 7,
            self.saves: 6,
            self.saves_twice: 1,
            self.is_cut_off: 2,
            self.acts_on_the_list: 2,
            self.imports: 1,
            self.ticks: 1,
            self.deletes: 1,
        }
        deed = self.chance.choices(list(deeds), list(deeds.values()))[0]
        is_desk = deed in (self.acts_on_the_list, self.imports, self.ticks)
        return (self.desk if is_desk else self.chance.choice(self.people)), deed

    def opens(self, person: Person) -> None:
        first, *others = Article.objects.order_by("pk")[:3]  # they meet at the first
        article = self.chance.choice([first, first, first, first, *others, None])
        slot = Autosave.objects.filter(user=user_of(person), article=article).first()
        if slot:
            address = reverse("admin:articles_article_restore_unsaved", args=[article.pk if article else 0])
            response = self.told(person.client.post(address, {"slot": slot.token}))
        else:
            response = self.told(person.client.get(page(article)))
        self.holds(person, person.looks_at(response), article.pk if article else 0)

    def holds(self, person: Person, response: Any, article: int) -> Window:
        window = Window(
            article, {name: value for name, value in fields(response).items() if name != "csrfmiddlewaretoken"}
        )
        for closed in person.windows[:-1]:  # two windows at most; what the server did not keep was left behind asked
            person.given_up |= closed.texts - in_slots()
        person.windows = [*person.windows[-1:], window]
        return window

    def types(self, person: Person) -> None:
        if not person.windows:
            return self.opens(person)
        window = self.chance.choice(person.windows)
        was = window.texts
        removed = tuple(name.removesuffix("DELETE") for name in window.form if name.endswith("-DELETE"))
        places = [name for name in window.form if TEXT_FIELDS.fullmatch(name) and not name.startswith(removed)]
        for name in self.chance.sample(places, min(len(places), self.chance.randint(2, 5))):
            adds = LINES.search(name) and self.chance.random() < 0.5
            window.form[name] = "\n".join([window.form[name], self.sentence()]) if adds else self.sentence()
        days = [name for name in window.form if name.endswith("-published_on") and not name.startswith(removed)]
        if days and self.chance.random() < 0.1:
            window.form[self.chance.choice(days)] = self.sentence()
        if self.chance.random() < 0.15:
            self.removes_a_section(window)
        if self.chance.random() < 0.15:
            self.swaps_two_sections(window)
        person.given_up |= was - window.texts
        if self.chance.random() < 0.6:
            self.keeps(person, window)
        return None

    def removes_a_section(self, window: Window) -> None:
        initial = int(window.form.get("sections-INITIAL_FORMS", "0"))
        if initial:
            row = f"sections-{self.chance.randrange(initial)}-"
            for name in window.form:
                if name.startswith(row) and TEXT_FIELDS.fullmatch(name):
                    window.form[name] = ""
            window.form[f"{row}DELETE"] = "on"

    def swaps_two_sections(self, window: Window) -> None:
        rows = [name for name in window.form if re.fullmatch(r"sections-\d+-position", name)]
        if len(rows) > 1:
            one, other = self.chance.sample(rows, 2)
            window.form[one], window.form[other] = window.form[other], window.form[one]

    def keeps(self, person: Person, window: Window) -> bool:
        """What the open page does by itself. Whether the server has the text now."""
        address = reverse("admin:articles_article_keep", args=[window.article])
        response = self.told(person.client.post(address, {**window.form, "_unsaved": "1"}))
        if response.status_code == 200:
            person.sent |= window.texts
        return bool(response.status_code == 200)

    def is_cut_off(self, person: Person) -> None:
        """The browser dies; what the server was told is what there is."""
        if person.windows:
            window = self.chance.choice(person.windows)
            if self.keeps(person, window):
                person.windows.remove(window)
                person.last_page = set()

    def saves(self, person: Person, times: int = 1) -> None:
        if not person.windows:
            return
        window = self.chance.choice(person.windows)
        person.windows.remove(window)
        person.sent |= window.texts
        article = Article(pk=window.article) if window.article else None
        for _ in range(times):
            response = self.told(person.client.post(page(article), {**window.form, "_continue": "1"}))
        self.answers_to(person, person.looks_at(response), window)

    def saves_twice(self, person: Person) -> None:
        self.saves(person, times=2)

    def answers_to(self, person: Person, response: Any, window: Window) -> None:
        """What an editor does about the page that a save led to."""
        questions = response.context.get("questions") if response.status_code in (409, 422) else None
        if questions:
            self.decides(person, response, questions, window)
        elif response.status_code in (409, 422):  # the form again: what stands in it is to be saved
            shown = self.holds(person, response, 0 if response.context["original"] is None else window.article)
            for name in shown.form:
                if name.endswith("-published_on"):
                    person.given_up |= sentences([shown.form[name]])
                    shown.form[name] = ""
            if self.chance.random() < 0.7:
                person.windows.remove(shown)
                address = page(Article(pk=shown.article) if shown.article else None)
                person.looks_at(self.told(person.client.post(address, {**shown.form, "_continue": "1"})))

    def decides(self, person: Person, response: Any, questions: Any, window: Window) -> None:
        form = {name: value for name, value in fields(response).items() if name in ("form", "theirs", "version")}
        for question in questions:
            ways = ["mine", "theirs", *(["text"] if question.conflict.takes_text else [])]
            form[f"choice-{question.number}"] = way = self.chance.choice(ways)
            both = f"{question.conflict.mine}\n{question.conflict.theirs}"
            form[f"text-{question.number}"] = both
            if way == "theirs":
                person.given_up |= sentences([question.conflict.mine])
        address = reverse("admin:articles_article_settle", args=[window.article])
        person.sent |= sentences(form.values())
        self.answers_to(person, person.looks_at(self.told(person.client.post(address, form))), window)

    # -- what the desk does

    def acts_on_the_list(self, person: Person) -> None:
        action = self.chance.choice(
            ["publish_selected", "withdraw_selected", "add_tags_to_selected", "schedule_selected"]
        )
        later = timezone.localtime() + timedelta(days=1)
        chosen = [str(article.pk) for article in Article.objects.all() if self.chance.random() < 0.7]
        more = {"tags": f"札{next(self.numbers)}", "at_0": f"{later:%Y-%m-%d}", "at_1": "09:00", "apply": "1"}
        self.told(person.client.post(LIST, {"action": action, "_selected_action": chosen, **more}))

    def imports(self, person: Person) -> None:
        manuscript = (
            f"題: {self.sentence()}\nリード: {self.sentence()}\n見出し: {self.sentence()}\n本文: {self.sentence()}\n"
        )
        read = self.told(person.client.post(f"{LIST}import/", {"manuscript": manuscript, "read": "1"}))
        self.told(person.client.post(f"{LIST}import/", {**fields(read), "save": "1"}))

    def ticks(self, person: Person) -> None:
        background.tick()

    def deletes(self, person: Person) -> None:
        """Somebody deletes an article that readers never saw, after a look at it."""
        article = self.chance.choice(Article.objects.order_by("pk"))
        if (
            Article.objects.count() > 1
            and not Edition.objects.filter(article=article, live_from__isnull=False).exists()
        ):
            person.looks_at(person.client.get(page(article)))
            address = reverse("admin:articles_article_delete", args=[article.pk])
            saved = in_articles() | in_editions()
            self.told(person.client.post(address, {"post": "yes"}))
            for each in self.people:  # what was saved, and is gone with it, is gone because somebody said so
                each.given_up |= saved - in_articles() - in_editions()


def user_of(person: Person) -> User:
    return User.objects.get(pk=person.client.session["_auth_user_id"])


def page(article: Article | None) -> str:
    return (
        reverse("admin:articles_article_change", args=[article.pk])
        if article
        else reverse("admin:articles_article_add")
    )


# -- where text can stand


def in_articles() -> set[str]:
    """In the working copies."""
    return sentences(
        [
            *Article.objects.values_list("title", "lead_heading", "lead", "takeaways", "unplaced"),
            *SectionRow.objects.values_list("heading", "question", "answer", "body"),
            *SourceLink.objects.values_list("caption", "url", "site_name", "key_points", "image_alt", "image_credit"),
            *CommentRow.objects.values_list("text"),
        ]
    )


def in_editions() -> set[str]:
    return sentences(
        json.dumps(found, ensure_ascii=False) for found in Edition.objects.values_list("document", flat=True)
    )


def in_slots() -> set[str]:
    return sentences(json.dumps(found, ensure_ascii=False) for found in Autosave.objects.values_list("data", flat=True))


@pytest.fixture
def people() -> None:
    for name in ("hama", "isoda", "desk"):
        editor(name)


@pytest.mark.parametrize("block", range(BLOCKS))
def test_nobody_overwrites_unseen_and_nothing_typed_is_lost(block: int, people: None, record_property: Measure) -> None:
    overwritten: list[tuple[int, str]] = []
    lost: list[tuple[int, str]] = []
    answers: dict[str, int] = {}
    typed = 0
    for seed in range(block * RUNS, (block + 1) * RUNS):
        Article.objects.all().delete()
        newsroom = Newsroom(seed)
        for _ in range(STEPS):
            newsroom.step()
        overwritten += [(seed, one) for one in newsroom.overwritten]
        lost += [(seed, one) for one in newsroom.lost]
        typed += newsroom.typed
        answers = {code: answers.get(code, 0) + newsroom.answers.get(code, 0) for code in {*answers, *newsroom.answers}}
    record_property("interleavings", RUNS)
    record_property("sentences overwritten in silence", len(overwritten))
    record_property("characters typed", typed)
    record_property("characters lost", sum(len(sentence) for _, sentence in lost))
    assert (overwritten, lost) == ([], [])
    assert answers["409"], "texts must have met"


def test_a_desk_that_overwrites_would_be_found_out(people: None) -> None:
    """The counts themselves: a save that takes no notice of others, and a text that goes nowhere."""
    newsroom = Newsroom(0)
    careless, other = newsroom.people
    article = Article.objects.order_by("pk").first()
    assert article
    newsroom.holds(careless, careless.looks_at(careless.client.get(page(article))), article.pk)
    newsroom.holds(other, other.looks_at(other.client.get(page(article))), article.pk)
    other.windows[0].form["title"] = newsroom.sentence()
    newsroom.saves(other)
    before = in_articles()
    stale = {**careless.windows[0].form, "opened_version": str(Article.objects.get(pk=article.pk).version)}
    careless.client.post(page(article), stale)
    assert before - in_articles() - careless.seen

    careless.sent.add("文9999号")
    assert newsroom.missing(in_articles()) == {"文9999号"}
