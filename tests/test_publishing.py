"""What can be done with an article: save, publish, schedule, withdraw, restore; and what must never happen."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from articles import changes, drafting, publishing
from articles.document import Comment, Document, Section, Source
from articles.models import Article, Commentator, Edition
from articles.publishing import NotPossibleThen, NotReady
from tests.newsroom import changed, drafted, published

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The time: noon, until a test moves it."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def editor() -> User:
    return User.objects.create(username="henshu")


def shown(article: Article, at: datetime | None = None) -> str | None:
    """The title readers see."""
    return Edition.objects.live(at).filter(article=article).values_list("title", flat=True).first()


def line(article: Article) -> list[tuple[int, datetime | None, datetime | None]]:
    """Number, start and end of every edition that has a start."""
    editions = Edition.objects.filter(article=article, live_from__isnull=False).order_by("live_from", "number")
    return list(editions.values_list("number", "live_from", "live_until"))


# Saving


def test_save_freezes_the_working_copy(clock: time_machine.Traveller, editor: User) -> None:
    article = drafted(lead="沖の島へ渡る船が戻る。", tags=("港",))
    clock.shift(HOUR)
    edition = publishing.save(article, by=editor, note="初稿")
    edition.refresh_from_db()
    assert (edition.number, edition.title, edition.summary) == (1, "港はいつ開く？", "沖の島へ渡る船が戻る。")
    assert (edition.created_by, edition.note, edition.uid) == (editor, "初稿", article.uid)
    assert edition.content == drafting.read(article)
    assert Article.objects.get().changed_at == NOON + HOUR
    assert shown(article) is None, "saving shows nothing to readers"


def test_save_without_a_change_makes_no_edition(editor: User) -> None:
    article = drafted(sections=(Section(heading="船", closing=(Comment("灘", "楽しみですね。"),)),))
    first = publishing.save(article, by=None)
    assert publishing.save(article, by=editor) == first
    assert Edition.objects.get().created_by is None


def test_save_after_a_change_counts_on() -> None:
    article = drafted()
    publishing.save(article, by=None)
    assert changed(article, "港は閉じるのか？").number == 2
    assert changed(article, "港はいつ開く？").number == 3, "going back is a change too"


def test_save_notices_a_new_role_of_a_commentator() -> None:
    article = drafted(closing=(Comment("灘", "楽しみですね。"),))
    first = publishing.save(article, by=None)
    Commentator.objects.update(role="港の記者")
    second = publishing.save(article, by=None)
    assert (first.voice_of("灘").role, second.voice_of("灘").role) == ("", "港の記者")


@pytest.mark.parametrize(
    ("document", "summary"),
    [
        (Document(title="t", lead="前文", sections=(Section(answer="答え"),)), "前文"),
        (Document(title="t", sections=(Section(heading="h"), Section(answer="答え", body="本文"))), "答え"),
        (Document(title="t", sections=(Section(body="本文\n二段落"),)), "本文 二段落"),
        (Document(title="t"), ""),
    ],
)
def test_summary_is_the_first_text_there_is(document: Document, summary: str) -> None:
    assert publishing.save(drafting.create(document), by=None).summary == summary


# Publishing


def test_publish_shows_the_edition_from_now_on(clock: time_machine.Traveller, editor: User) -> None:
    article = drafted(tags=("港", "観光"))
    edition = publishing.publish(publishing.save(article, by=None), by=editor)
    assert (edition.live_from, edition.live_until, edition.appeared_at) == (NOON, None, NOON)
    assert (edition.published_at, edition.updated_at, edition.published_by) == (NOON, NOON, editor)
    assert not edition.is_updated
    assert [row.tag.name for row in edition.edition_tags.all()] == ["港", "観光"]
    assert shown(article, NOON) == "港はいつ開く？"
    assert shown(article, NOON - INSTANT) is None


def test_change_to_a_published_article_stays_inside(clock: time_machine.Traveller) -> None:
    article = published().article
    changed(article, "まだ秘密の題")
    clock.shift(HOUR)
    assert shown(article) == "港はいつ開く？"


def test_new_edition_takes_over_at_once(clock: time_machine.Traveller) -> None:
    first = published()
    clock.shift(HOUR)
    second = publishing.publish(changed(first.article, "港が開いた？"), by=None)
    assert line(first.article) == [(1, NOON, NOON + HOUR), (2, NOON + HOUR, None)]
    assert shown(first.article, NOON + HOUR - INSTANT) == "港はいつ開く？"
    assert shown(first.article, NOON + HOUR) == "港が開いた？"
    assert (second.published_at, second.updated_at) == (NOON, NOON + HOUR)
    assert second.is_updated


def test_minor_change_leaves_the_date_of_the_update(clock: time_machine.Traveller) -> None:
    article = published().article
    clock.shift(HOUR)
    publishing.publish(changed(article, "二"), by=None)
    clock.shift(HOUR)
    third = publishing.publish(changed(article, "三"), by=None, minor=True)
    assert (third.published_at, third.updated_at) == (NOON, NOON + HOUR)
    assert third.appeared_at == NOON + 2 * HOUR, "caches learn of it all the same"


def test_corrections_accumulate(clock: time_machine.Traveller) -> None:
    article = published().article
    for number in (2, 3, 4):
        clock.shift(HOUR)
        text = f"訂正{number}" if number != 3 else ""
        edition = publishing.publish(changed(article, f"題{number}"), by=None, correction=text)
    assert [(note.at, note.text) for note in edition.corrected] == [(NOON + 3 * HOUR, "訂正4"), (NOON + HOUR, "訂正2")]
    assert Edition.objects.get(article=article, number=1).corrected == []


def test_corrections_of_a_schedule_taken_back_are_not_kept(clock: time_machine.Traveller) -> None:
    article = published().article
    edition = publishing.publish(changed(article, "二"), by=None, at=NOON + HOUR, correction="予定の訂正")
    publishing.unschedule(article, by=None)
    edition.refresh_from_db()
    again = publishing.publish(edition, by=None)
    assert again.corrected == []


def test_past_time_is_for_what_was_published_elsewhere(clock: time_machine.Traveller) -> None:
    before = NOON - timedelta(days=3650)
    edition = published(at=before)
    assert (edition.live_from, edition.published_at, edition.updated_at) == (before, before, before)
    assert edition.appeared_at == NOON, "readers see it from now on, whatever its date"
    assert changes.state([changes.SITE]).changed_at == NOON


def test_second_edition_cannot_begin_in_the_past(clock: time_machine.Traveller) -> None:
    article = published(at=NOON - 2 * HOUR).article
    second = changed(article, "二")
    with pytest.raises(NotPossibleThen):
        publishing.publish(second, by=None, at=NOON - HOUR)
    assert line(article) == [(1, NOON - 2 * HOUR, None)]


def test_edition_on_show_is_not_published_again(clock: time_machine.Traveller) -> None:
    edition = published()
    with pytest.raises(NotPossibleThen):
        publishing.publish(edition, by=None)


def test_edition_that_had_its_time_comes_back_as_a_copy(clock: time_machine.Traveller) -> None:
    first = published()
    clock.shift(HOUR)
    publishing.publish(changed(first.article, "二"), by=None)
    clock.shift(HOUR)
    third = publishing.publish(first, by=None)
    assert (third.number, third.title, third.published_at) == (3, "港はいつ開く？", NOON)
    assert [number for number, _, _ in line(first.article)] == [1, 2, 3]


def test_article_without_title_is_not_published() -> None:
    edition = publishing.save(drafted("", lead="題のない話"), by=None)
    with pytest.raises(NotReady):
        publishing.publish(edition, by=None)
    assert not Edition.objects.filter(live_from__isnull=False).exists()


# Scheduling and ends


def test_schedule_needs_nobody_to_be_awake(clock: time_machine.Traveller) -> None:
    article = published(at=NOON + HOUR).article
    assert shown(article) is None
    assert Edition.objects.scheduled().get().article == article
    clock.shift(HOUR - INSTANT)
    assert shown(article) is None
    clock.shift(INSTANT)
    assert shown(article) == "港はいつ開く？"
    assert not Edition.objects.scheduled().exists()
    assert changes.state([changes.SITE]).changed_at == NOON + HOUR


def test_scheduled_update_waits_its_time(clock: time_machine.Traveller) -> None:
    article = published().article
    update = publishing.publish(changed(article, "明日の題"), by=None, at=NOON + HOUR)
    assert line(article) == [(1, NOON, NOON + HOUR), (2, NOON + HOUR, None)]
    assert (update.published_at, update.updated_at) == (NOON, NOON + HOUR)
    assert shown(article) == "港はいつ開く？"
    clock.shift(HOUR)
    assert shown(article) == "明日の題"


def test_second_schedule_replaces_the_first(clock: time_machine.Traveller) -> None:
    article = published().article
    publishing.publish(changed(article, "二"), by=None, at=NOON + HOUR)
    publishing.publish(changed(article, "三"), by=None, at=NOON + 3 * HOUR)
    assert line(article) == [(1, NOON, NOON + 3 * HOUR), (3, NOON + 3 * HOUR, None)]


def test_schedule_is_moved(clock: time_machine.Traveller) -> None:
    edition = published(at=NOON + 5 * HOUR)
    moved = publishing.publish(edition, by=None, at=NOON + HOUR)
    assert (moved.number, moved.published_at) == (1, NOON + HOUR)
    now = publishing.publish(moved, by=None)
    assert line(edition.article) == [(1, NOON, None)]
    assert now.published_at == NOON


def test_publishing_now_replaces_a_schedule(clock: time_machine.Traveller) -> None:
    article = published().article
    publishing.publish(changed(article, "二"), by=None, at=NOON + HOUR)
    clock.shift(HOUR / 2)
    publishing.publish(changed(article, "三"), by=None)
    clock.shift(HOUR)
    assert shown(article) == "三"


def test_schedule_taken_back_restores_the_planned_end(clock: time_machine.Traveller) -> None:
    article = drafted()
    publishing.publish(publishing.save(article, by=None), by=None, until=NOON + 5 * HOUR)
    publishing.publish(changed(article, "二"), by=None, at=NOON + HOUR)
    assert line(article)[0] == (1, NOON, NOON + HOUR)
    assert publishing.unschedule(article, by=None) is True
    assert line(article) == [(1, NOON, NOON + 5 * HOUR)]
    assert publishing.unschedule(article, by=None) is False


def test_article_ends_as_planned(clock: time_machine.Traveller) -> None:
    article = drafted()
    publishing.publish(publishing.save(article, by=None), by=None, until=NOON + HOUR)
    assert shown(article, NOON + HOUR - INSTANT) is not None
    assert shown(article, NOON + HOUR) is None
    clock.shift(HOUR)
    assert Edition.objects.ended().get().article == article
    assert changes.state([changes.SITE]).changed_at == NOON + HOUR


def test_gap_between_an_end_and_a_schedule_shows_nothing(clock: time_machine.Traveller) -> None:
    article = drafted()
    publishing.publish(publishing.save(article, by=None), by=None, until=NOON + HOUR)
    publishing.publish(changed(article, "二"), by=None, at=NOON + 3 * HOUR)
    assert [shown(article, NOON + hours * HOUR) for hours in range(4)] == ["港はいつ開く？", None, None, "二"]


@pytest.mark.parametrize(("at", "until"), [(None, NOON), (NOON + HOUR, NOON + HOUR), (NOON - HOUR, NOON - HOUR / 2)])
def test_end_before_the_start_is_refused(clock: time_machine.Traveller, at: datetime | None, until: datetime) -> None:
    edition = publishing.save(drafted(), by=None)
    with pytest.raises(NotPossibleThen):
        publishing.publish(edition, by=None, at=at, until=until)


def test_refused_publication_leaves_the_schedule(clock: time_machine.Traveller) -> None:
    article = published().article
    publishing.publish(changed(article, "二"), by=None, at=NOON + HOUR)
    with pytest.raises(NotPossibleThen):
        publishing.publish(changed(article, "三"), by=None, at=NOON + 2 * HOUR, until=NOON + HOUR)
    assert line(article) == [(1, NOON, NOON + HOUR), (2, NOON + HOUR, None)]


# Withdrawing and restoring


def test_withdrawal_takes_off_at_once_with_its_reason(clock: time_machine.Traveller, editor: User) -> None:
    article = published().article
    publishing.publish(changed(article, "二"), by=None, at=NOON + 2 * HOUR)
    clock.shift(HOUR)
    assert publishing.withdraw(article, by=editor, reason="誤りが見つかりました") is True
    assert shown(article) is None
    clock.shift(5 * HOUR)
    assert shown(article) is None, "what was scheduled is off too"
    ended = Edition.objects.ended().get(article=article)
    assert (ended.withdrawal, ended.withdrawn_by) == ("誤りが見つかりました", editor)
    assert publishing.withdraw(article, by=None) is False


def test_withdrawal_in_the_moment_of_publication_leaves_no_trace_of_a_show(clock: time_machine.Traveller) -> None:
    article = published().article
    publishing.withdraw(article, by=None)
    assert shown(article) is None
    assert not Edition.objects.ended().exists(), "no reader ever saw it"


def test_withdrawal_of_what_is_only_scheduled(clock: time_machine.Traveller) -> None:
    article = published(at=NOON + HOUR).article
    assert publishing.withdraw(article, by=None) is True
    assert line(article) == []


def test_withdrawn_article_comes_back_with_its_first_date(clock: time_machine.Traveller) -> None:
    first = published()
    clock.shift(HOUR)
    publishing.withdraw(first.article, by=None)
    clock.shift(HOUR)
    back = publishing.publish(first, by=None)
    assert line(first.article) == [(1, NOON, NOON + HOUR), (2, NOON + 2 * HOUR, None)]
    assert back.published_at == NOON
    assert back.withdrawal == ""


def test_restore_writes_the_old_edition_back_as_a_new_one() -> None:
    section = Section(heading="船", sources=(Source(caption="時刻表", key_points=("一", "二")),), body="一\n二")
    old = publishing.save(drafted(sections=(section,), tags=("港",), takeaways=("三",)), by=None)
    article = old.article
    drafting.write(article, Document(title="まるで別の話"))
    publishing.save(article, by=None)
    version = Article.objects.get().version
    restored = publishing.restore(article, old, by=None)
    assert (restored.number, restored.content) == (3, old.content)
    assert drafting.read(article) == old.content
    assert Article.objects.get().version == version + 1, "who has the article open is told"


def test_database_refuses_an_end_before_the_start() -> None:
    edition = published()
    with pytest.raises(IntegrityError, match="edition_ends_after_start"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(live_until=NOON - timedelta(days=9999))
