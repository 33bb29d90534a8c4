"""Reviews: a second pair of eyes, of exactly the text that is published."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.urls import reverse

from articles import importing, publishing, reviewing
from articles.manuscripts import parse
from articles.models import Article, Edition, Event, Review
from articles.workflow import Role
from tests.desk import editor, fields, person, signed_in
from tests.newsroom import changed, drafted, published

pytestmark = pytest.mark.django_db

Stage = Article.Stage


@pytest.fixture
def writer() -> User:
    return person(Role.WRITER, "kaku")


@pytest.fixture
def reader() -> User:
    """The editor who reviews."""
    return person(Role.EDITOR, "yomu")


@pytest.fixture
def article(writer: User) -> Article:
    article = drafted("橋はいつ架かる？")
    Article.objects.filter(pk=article.pk).update(created_by=writer)
    publishing.save(article, by=writer)
    article.refresh_from_db()
    return article


def address(name: str, article: Article) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def said(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def verbs() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


# -- the verbs


def test_from_writing_over_review_to_approved(article: Article, writer: User, reader: User) -> None:
    asked = reviewing.ask(article, by=writer, assignee=reader, request="数字を見てください。")
    assert (asked.edition_number, article.stage) == (1, Stage.REVIEW)

    reviewing.approve(article, by=reader, edition=1, answer="よいです。")
    article.refresh_from_db()
    review = article.reviews.get()
    assert (article.stage, review.outcome, review.closed_by) == (Stage.APPROVED, "approved", reader)
    assert verbs() == ["ask_review", "approve"]


def test_sending_back_needs_a_reason_and_leads_back_to_writing(article: Article, writer: User, reader: User) -> None:
    reviewing.ask(article, by=writer)
    with pytest.raises(reviewing.NotForReview):
        reviewing.send_back(article, by=reader, answer="  ")
    reviewing.send_back(article, by=reader, answer="出典が足りません。")
    article.refresh_from_db()
    assert article.stage == Stage.WRITING
    assert verbs() == ["ask_review", "send_back"]


def test_an_article_has_one_open_review(article: Article, writer: User, reader: User) -> None:
    reviewing.ask(article, by=writer)
    with pytest.raises(reviewing.NotForReview):
        reviewing.ask(article, by=reader)
    reviewing.take_back(article, by=writer)
    reviewing.ask(article, by=writer)
    assert list(article.reviews.values_list("outcome", flat=True)) == ["open", "cancelled"]


def test_what_is_not_in_review_is_neither_answered_nor_taken_back(article: Article, reader: User) -> None:
    with pytest.raises(reviewing.NotForReview):
        reviewing.approve(article, by=reader, edition=1)
    with pytest.raises(reviewing.NotForReview):
        reviewing.send_back(article, by=reader, answer="だめです。")
    with pytest.raises(reviewing.NotForReview):
        reviewing.take_back(article, by=reader)
    assert not Event.objects.exists()


def test_nobody_answers_their_own_request(article: Article, reader: User) -> None:
    reviewing.ask(article, by=reader)
    with pytest.raises(reviewing.NotForReview):
        reviewing.approve(article, by=reader, edition=1)
    with pytest.raises(reviewing.NotForReview):
        reviewing.send_back(article, by=reader, answer="自分で")
    reviewing.approve(article, by=editor(), edition=1)  # a superuser may


def test_who_was_asked_answers_and_nobody_else(article: Article, writer: User, reader: User) -> None:
    other = person(Role.EDITOR, "hoka")
    reviewing.ask(article, by=writer, assignee=reader)
    with pytest.raises(reviewing.NotForReview, match="yomu"):
        reviewing.approve(article, by=other, edition=1)
    reviewing.approve(article, by=reader, edition=1)


def test_only_those_who_may_approve_are_asked(article: Article, writer: User, reader: User) -> None:
    colleague = person(Role.WRITER, "hoka")
    outside = person(Role.EDITOR, "soto")
    User.objects.filter(pk=outside.pk).update(is_staff=False)
    for nobody in (colleague, outside, writer):
        with pytest.raises(reviewing.NotForReview):
            reviewing.ask(article, by=writer, assignee=nobody)
    assert list(reviewing.reviewers(but=writer)) == [reader]


def test_an_approval_is_of_the_edition_that_was_seen(article: Article, writer: User, reader: User) -> None:
    reviewing.ask(article, by=writer)
    changed(article, "書き直した題")
    with pytest.raises(reviewing.NotForReview):
        reviewing.approve(article, by=reader, edition=1)
    reviewing.approve(article, by=reader, edition=2)
    assert article.reviews.get().edition_number == 2


def test_a_change_ends_the_approval_and_a_save_without_one_does_not(
    article: Article, writer: User, reader: User
) -> None:
    reviewing.ask(article, by=writer)
    reviewing.approve(article, by=reader, edition=1)
    publishing.save(article, by=writer)
    article.refresh_from_db()
    assert article.stage == Stage.APPROVED
    changed(article, "書き直した題")
    article.refresh_from_db()
    assert article.stage == Stage.WRITING


def test_what_readers_have_already_is_not_sent_to_review(reader: User) -> None:
    article = published().article
    with pytest.raises(reviewing.NotForReview):
        reviewing.ask(article, by=reader)
    changed(article, "書き直した題")
    reviewing.ask(article, by=reader)


# -- publication where a review is required


@pytest.fixture
def required(settings: LazySettings) -> None:
    settings.REVIEW_REQUIRED = True


@pytest.mark.usefixtures("required")
def test_only_what_was_approved_is_published(article: Article, writer: User, reader: User) -> None:
    with pytest.raises(publishing.NotReady):
        publishing.publish(article.editions.get(), by=editor())
    reviewing.ask(article, by=writer)
    reviewing.approve(article, by=reader, edition=1)
    later = changed(article, "書き直した題")
    with pytest.raises(publishing.NotReady):
        publishing.publish(later, by=reader)
    publishing.publish(article.editions.get(number=1), by=reader)
    assert Edition.objects.live().get().number == 1


@pytest.mark.usefixtures("required")
def test_what_was_withdrawn_goes_on_show_again_with_the_approval_it_had(
    article: Article, writer: User, reader: User
) -> None:
    reviewing.ask(article, by=writer)
    reviewing.approve(article, by=reader, edition=1)
    for _ in range(2):
        publishing.publish(article.editions.latest("number"), by=reader)
        publishing.withdraw(article, by=reader)
    assert article.editions.count() == 2


@pytest.mark.usefixtures("required")
def test_imports_are_not_held_up() -> None:
    article = importing.import_reading(parse("古い記事は読めるか?"))
    publishing.publish(article.editions.get(), by=None)
    assert Edition.objects.live().exists()


@pytest.mark.usefixtures("required")
def test_the_desk_offers_no_publication_without_approval(article: Article, writer: User, reader: User) -> None:
    desk = signed_in(editor())
    assert address("publish", article) not in desk.get(address("change", article)).content.decode()
    answer = desk.post(address("publish", article), {"edition": "1"})
    assert answer.status_code == 409
    assert "承認" in answer.content.decode()
    reviewing.ask(article, by=writer)
    reviewing.approve(article, by=reader, edition=1)
    assert address("publish", article) in desk.get(address("change", article)).content.decode()


# -- the screens


def test_the_whole_way_through_the_screens(article: Article, writer: User, reader: User) -> None:
    write, read = signed_in(writer), signed_in(reader)
    page = write.get(address("change", article)).content.decode()
    assert address("review", article) in page
    form = fields(write.get(address("review", article)))
    assert not Review.objects.exists(), "asking is not sending"
    answer = write.post(address("review", article), form | {"assignee": str(reader.pk), "request": "お願いします。"})
    assert "校閲に出しました" in said(answer)

    page = read.get(address("change", article)).content.decode()
    assert "お願いします。" in page
    assert address("answer", article) in page
    form = fields(read.get(address("answer", article)))
    answer = read.post(address("answer", article), form | {"answer": "よいです。", "approve": "1"})
    assert "承認しました" in said(answer)
    page = write.get(address("change", article)).content.decode()
    assert "よいです。" in page
    assert "desk-stage-approved" in page


def test_sending_back_without_a_reason_keeps_the_screen(article: Article, writer: User, reader: User) -> None:
    reviewing.ask(article, by=writer)
    read = signed_in(reader)
    form = fields(read.get(address("answer", article)))
    answer = read.post(address("answer", article), form | {"answer": "", "send_back": "1"})
    assert answer.status_code == 409
    assert "直してほしい点" in answer.content.decode()
    answer = read.post(address("answer", article), form | {"answer": "日付が違います。", "send_back": "1"})
    assert answer.status_code == 302
    assert "日付が違います。" in read.get(address("change", article)).content.decode()


def test_a_change_between_look_and_approval_is_shown_first(article: Article, writer: User, reader: User) -> None:
    reviewing.ask(article, by=writer)
    read = signed_in(reader)
    form = fields(read.get(address("answer", article)))
    changed(article, "書き直した題")
    answer = read.post(address("answer", article), form | {"answer": "書いた返事", "approve": "1"})
    assert answer.status_code == 409
    assert "書いた返事" in answer.content.decode()
    assert fields(answer)["edition"] == "2"
    assert read.post(address("answer", article), fields(answer) | {"approve": "1"}).status_code == 302


def test_taking_back_is_a_post_and_says_when_it_came_too_late(article: Article, writer: User, reader: User) -> None:
    write = signed_in(writer)
    reviewing.ask(article, by=writer)
    assert write.get(address("take_back", article)).status_code == 405
    assert "戻しました" in said(write.post(address("take_back", article)))
    assert "校閲中ではありません" in said(write.post(address("take_back", article)))


def test_the_list_finds_what_waits_for_whom(article: Article, writer: User, reader: User) -> None:
    other = person(Role.EDITOR, "hoka")

    def found(user: User, choice: str) -> bool:
        name = "stage" if choice in Stage.values else "mine"
        page = signed_in(user).get(reverse("admin:articles_article_changelist"), {name: choice})
        return "橋はいつ架かる" in page.content.decode()

    assert not found(reader, "waiting")
    reviewing.ask(article, by=writer)
    assert found(reader, "waiting")
    assert found(other, "waiting")
    assert found(writer, "sent")
    assert not found(writer, "waiting")
    reviewing.take_back(article, by=writer)
    reviewing.ask(article, by=writer, assignee=other)
    assert not found(reader, "waiting")
    assert found(other, "waiting")
    assert found(reader, "review")
    assert not found(reader, "approved")


@pytest.mark.parametrize("name", ["review", "answer", "take_back"])
def test_strangers_reach_no_screen(article: Article, name: str) -> None:
    staff = User.objects.create_user("staff", is_staff=True)
    colleague = person(Role.WRITER, "hoka")
    reviewing.ask(article, by=editor())
    for user in (staff, colleague):
        assert signed_in(user).get(address(name, article)).status_code in (403, 405)
        assert signed_in(user).post(address(name, article), {"edition": "1"}).status_code == 403
    assert reviewing.open_review(article)
