"""The trail: every verb writes one event, in its own transaction, and one that is refused writes none."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from articles import archiving, importing, publishing, trail
from articles.archiving import Entry
from articles.document import Document
from articles.manuscripts import parse
from articles.models import Article, Event
from tests.desk import editor, signed_in
from tests.newsroom import changed, drafted, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return editor()


def _draft() -> Article:
    article = drafted()
    publishing.save(article, by=None)
    return article


def _tomorrow(by: User) -> Article:
    article = _draft()
    publishing.publish(article.editions.get(), by=by, at=timezone.now() + timedelta(days=1))
    return article


def _unschedule(by: User) -> None:
    article = _tomorrow(by)
    Event.objects.all().delete()
    publishing.unschedule(article, by=by)


def _withdraw(by: User) -> None:
    article = published().article
    Event.objects.all().delete()
    publishing.withdraw(article, by=by, reason="誤報")


def _restore(by: User) -> None:
    article = _draft()
    changed(article, "変えた題")
    publishing.restore(article, article.editions.get(number=1), by=by)


DEEDS: dict[str, Callable[[User], object]] = {
    "publish": lambda by: publishing.publish(_draft().editions.get(), by=by),
    "schedule": _tomorrow,
    "unschedule": _unschedule,
    "withdraw": _withdraw,
    "restore": _restore,
    "delete": lambda by: publishing.delete(_draft(), by=by),
    "import": lambda by: importing.import_reading(parse("港は開くか?"), by=by),
    "archive": lambda by: archiving.archive([Entry(Document(title="古い記事"))] * 3, publish=False, by=by),
}


@pytest.mark.parametrize("verb", DEEDS)
def test_a_verb_writes_one_event(verb: str, user: User) -> None:
    DEEDS[verb](user)
    event = Event.objects.get()
    assert (event.verb, event.by, event.by_name) == (verb, user, "hama")


@pytest.mark.parametrize("verb", DEEDS)
def test_a_verb_that_is_undone_leaves_none(verb: str, user: User) -> None:
    before = Event.objects.count()
    with transaction.atomic():
        DEEDS[verb](user)
        transaction.set_rollback(True)
    assert Event.objects.count() == before


def test_what_is_refused_or_changes_nothing_leaves_none(user: User) -> None:
    article = _draft()
    nameless = drafted("")
    publishing.save(nameless, by=None)
    with pytest.raises(publishing.NotReady):
        publishing.publish(nameless.editions.get(), by=user)
    assert publishing.unschedule(article, by=user) is False
    assert publishing.withdraw(article, by=user) is False
    assert not Event.objects.exists()


def test_what_readers_saw_or_will_see_is_not_deleted(user: User) -> None:
    for article in (published().article, _tomorrow(user)):
        with pytest.raises(publishing.NotPossibleThen):
            publishing.delete(article, by=user)
        assert Article.objects.filter(pk=article.pk).exists()


def test_an_event_outlives_article_and_person(user: User) -> None:
    publishing.delete(_draft(), by=user)
    user.delete()
    event = Event.objects.get()
    assert (event.title, event.by_name, event.article, event.by) == ("港はいつ開く？", "hama", None, None)
    assert "number" in event.details


def test_times_and_numbers_are_kept_and_empty_details_are_not(user: User) -> None:
    at = timezone.now() + timedelta(days=1)
    publishing.publish(_draft().editions.get(), by=user, at=at)
    assert Event.objects.get().details == {
        "edition": 1,
        "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def test_an_unknown_verb_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        trail.record("improve", by=None)


def test_deleting_at_the_desk_is_recorded_once_for_each(user: User) -> None:
    first, second, third = _draft(), _draft(), _draft()
    desk = signed_in(user)
    desk.post(reverse("admin:articles_article_delete", args=[first.pk]), {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": [second.pk, third.pk], "post": "yes"}
    desk.post(reverse("admin:articles_article_changelist"), chosen)
    assert not Article.objects.exists()
    assert list(Event.objects.values_list("verb", "by_name")) == [("delete", "hama")] * 3
