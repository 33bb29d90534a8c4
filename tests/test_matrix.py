"""Role by role, state by state: every action is tried at the desk, and does what the table says or nothing at all."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import drafting, publishing
from articles.document import Document, Section
from articles.models import Article, DraftLink, Edition, Note, Review
from articles.states import State, state_of
from articles.workflow import TABLE, Action, Role, Stage
from tests import guide, matrix
from tests.desk import editor, fields, person, signed_in
from tests.figures import Measure

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # who may do what is no matter of the database


def address(name: str, article: Article, *more: Any) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk, *more])


# -- articles in every state


def in_state(stage: Stage, state: State, owner: User) -> Article:
    """An article of that person's in that state and at that stage."""
    section = Section(heading="橋の今", question="いつ架かる？", answer="春。", body="工事が進む。")
    article = drafting.create(Document(title="橋はいつ架かる？", lead="春に架かる。", sections=(section,)), by=owner)
    edition = publishing.save(article, by=None)
    soon = timezone.now() + timedelta(days=1)
    if state not in (State.DRAFT, State.SCHEDULED):
        publishing.publish(edition, by=None, despite_findings=True)
    if state in (State.CHANGED, State.UPDATE):
        Article.objects.filter(pk=article.pk).update(title="橋はもう架かった？")
        article.refresh_from_db()
        edition = publishing.save(article, by=None)
    if state in (State.SCHEDULED, State.UPDATE):
        publishing.publish(edition, by=None, at=soon, despite_findings=True)
    if state == State.ENDED:
        publishing.withdraw(article, by=None)
    if stage == Stage.REVIEW:
        asker = User.objects.create_user("asker")
        Review.objects.create(article=article, edition_number=edition.number, asked_by=asker)
    Article.objects.filter(pk=article.pk).update(stage=stage)
    made = Article.objects.with_state().get(pk=article.pk)
    assert (made.stage, state_of(made)) == (stage, state)
    return made


# -- every action, tried; each says whether it had an effect

Attempt = Callable[[Client, Article, dict[str, str]], bool]


def _stage(article: Article) -> str:
    return Article.objects.values_list("stage", flat=True).get(pk=article.pk)


def _view(desk: Client, article: Article, form: dict[str, str]) -> bool:
    return all(desk.get(address(name, article)).status_code == 200 for name in ("change", "history", "notes"))


def _create(desk: Client, article: Article, form: dict[str, str]) -> bool:
    before = Article.objects.count()
    add = reverse("admin:articles_article_add")
    page = desk.get(add)
    desk.post(add, (fields(page) if page.status_code == 200 else form) | {"title": "新しい"})
    imports = desk.get(reverse("admin:articles_article_import")).status_code == 200
    made = Article.objects.count() > before
    assert made == imports
    return made


def _edit(desk: Client, article: Article, form: dict[str, str]) -> bool:
    desk.post(address("change", article), form | {"title": "書き直した題"})
    edited = Article.objects.get(pk=article.pk).title == "書き直した題"
    data = {"action": "add_tags_to_selected", "_selected_action": article.pk, "apply": "1", "tags": "港"}
    desk.post(reverse("admin:articles_article_changelist"), data)
    assert edited == Article.objects.get(pk=article.pk).tags.exists()
    return edited


def _delete(desk: Client, article: Article, form: dict[str, str]) -> bool:
    with transaction.atomic():
        data = {"action": "delete_selected", "_selected_action": article.pk, "post": "yes"}
        desk.post(reverse("admin:articles_article_changelist"), data)
        gone_from_list = not Article.objects.filter(pk=article.pk).exists()
        transaction.set_rollback(True)
    desk.post(address("delete", article), {"post": "yes"})
    gone = not Article.objects.filter(pk=article.pk).exists()
    assert gone == gone_from_list
    return gone


def _note(desk: Client, article: Article, form: dict[str, str]) -> bool:
    desk.post(address("notes", article), {"text": "ここを直す"})
    note = Note.objects.filter(article=article).first()
    if note:
        desk.post(address("note", article, note.pk, "settle"))
        assert Note.objects.get().settled_at
    return note is not None


def _follow_up(desk: Client, article: Article, form: dict[str, str]) -> bool:
    desk.post(address("follow_up", article))
    return article.followers.exists()


def _export(desk: Client, article: Article, form: dict[str, str]) -> bool:
    data = {"action": "export_selected", "_selected_action": article.pk, "apply": "1"}
    answer = desk.post(reverse("admin:articles_article_changelist"), data)
    return answer.headers["Content-Type"] == "application/zip"


def _ask_review(desk: Client, article: Article, form: dict[str, str]) -> bool:
    before = article.reviews.count()
    desk.post(address("review", article), {"assignee": "", "request": ""})
    return article.reviews.count() > before and _stage(article) == Stage.REVIEW


def _take_back(desk: Client, article: Article, form: dict[str, str]) -> bool:
    desk.post(address("take_back", article))
    return article.reviews.filter(outcome="cancelled").exists() and _stage(article) == Stage.WRITING


def _answer(button: str, outcome: str, stage: Stage) -> Attempt:
    def attempt(desk: Client, article: Article, form: dict[str, str]) -> bool:
        number = article.editions.latest("number").number
        desk.post(address("answer", article), {"edition": str(number), "answer": "見ました", button: "1"})
        return article.reviews.filter(outcome=outcome).exists() and _stage(article) == stage

    return attempt


def _share(desk: Client, article: Article, form: dict[str, str]) -> bool:
    number = article.editions.latest("number").number
    desk.post(address("links", article), {"edition": str(number), "recipient": "", "hours": "24"})
    return DraftLink.objects.exists()


def _publish(desk: Client, article: Article, form: dict[str, str]) -> bool:
    """Now and later, from the page and from the list: all or nothing."""
    number = article.editions.latest("number").number
    then = "2031-04-01T09:00"
    done = []
    for at in ("", then):
        with transaction.atomic():
            before = _line(article)
            desk.post(address("publish", article), {"edition": str(number), "at": at})
            done.append(_line(article) != before)
            transaction.set_rollback(True)
    for action in ("publish_selected", "schedule_selected"):
        with transaction.atomic():
            before = _line(article)
            data = {"action": action, "_selected_action": article.pk, "apply": "1", "at": then}
            desk.post(reverse("admin:articles_article_changelist"), data)
            done.append(_line(article) != before)
            transaction.set_rollback(True)
    assert len(set(done)) == 1, done
    return done[0]


def _line(article: Article) -> list[Any]:
    """What readers see of the article, and when."""
    return list(Edition.objects.filter(article=article).values_list("number", "live_from", "live_until"))


def _changes_line(name: str) -> Attempt:
    def attempt(desk: Client, article: Article, form: dict[str, str]) -> bool:
        before = _line(article)
        desk.post(address(name, article), {"reason": ""})
        return _line(article) != before

    return attempt


ATTEMPTS: dict[Action, Attempt] = {
    Action.VIEW: _view,
    Action.CREATE: _create,
    Action.EDIT: _edit,
    Action.DELETE: _delete,
    Action.NOTE: _note,
    Action.FOLLOW_UP: _follow_up,
    Action.EXPORT: _export,
    Action.ASK_REVIEW: _ask_review,
    Action.TAKE_BACK: _take_back,
    Action.APPROVE: _answer("approve", "approved", Stage.APPROVED),
    Action.SEND_BACK: _answer("send_back", "returned", Stage.WRITING),
    Action.SHARE: _share,
    Action.PUBLISH: _publish,
    Action.UNSCHEDULE: _changes_line("unschedule"),
    Action.WITHDRAW: _changes_line("withdraw"),
}

WHO = [None, *Role, "superuser"]


def _person(who: Role | str | None) -> User:
    if isinstance(who, Role):
        return person(who)
    return editor("chief") if who else User.objects.create_user("nobody", is_staff=True)


@pytest.mark.parametrize(("stage", "state"), list(product(Stage, State)), ids=str)
@pytest.mark.parametrize("who", WHO, ids=str)
def test_every_cell_of_the_table(who: Role | str | None, stage: Stage, state: State, record_property: Measure) -> None:
    user, somebody = _person(who), editor("somebody")
    desk, root = signed_in(user), signed_in(somebody)
    wrong = []
    for own in (True, False):
        with transaction.atomic():
            article = in_state(stage, state, owner=user if own else somebody)
            form = fields(root.get(address("change", article)))
            for action, attempt in ATTEMPTS.items():
                role = who if isinstance(who, Role) else None
                expected = matrix.allowed(role, action, stage, state, own, everything=who == "superuser")
                with transaction.atomic():
                    done = attempt(desk, article, form)
                    transaction.set_rollback(True)
                if done != expected:
                    wrong.append(f"{action.value}, {'own' if own else 'other'}: {'done' if done else 'refused'}")
            transaction.set_rollback(True)
    record_property("cells", 2 * len(ATTEMPTS))
    record_property("cells wrong", len(wrong))
    assert wrong == []


def test_every_action_of_the_table_is_tried() -> None:
    assert set(TABLE) == set(Action) == set(ATTEMPTS)


def test_the_guide_shows_the_tables_as_they_are() -> None:
    shown = guide.GUIDE.read_text(encoding="utf-8")
    assert guide.written(shown) == shown, "run `make guide`"
