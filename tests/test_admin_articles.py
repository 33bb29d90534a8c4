"""The page of an article: what is written there is kept, and nobody writes over anybody."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from articles import drafting, publishing
from articles.document import Comment, Document, Section, Source
from articles.models import Article, Edition
from articles.models import Comment as CommentRow
from articles.models import Section as SectionRow
from tests.desk import editor, fields, new_row, signed_in

pytestmark = pytest.mark.django_db

DOCUMENT = Document(
    title="港の灯台は残るのか？",
    lead="灯台の今を追った。",
    sections=(
        Section(
            heading="灯台の歩み",
            question="いつ建った？",
            answer="百年前。",
            sources=(Source(caption="町史", url="https://example.jp/a", key_points=("石造り", "高さ十二メートル")),),
            opening=(Comment("港野 渡", "懐かしいですね。"),),
            body="灯台は百年前に建った。\n今も光る。",
            closing=(Comment("", "残ってほしいですね。"), Comment("港野 渡", "見守ります。")),
        ),
        Section(heading="これから", body="町は調べている。"),
    ),
    closing=(Comment("港野 渡", "続きを待ちましょう。"),),
    takeaways=("灯台は残る。",),
    tags=("港", "灯台"),
)


@pytest.fixture
def user() -> User:
    return editor()


@pytest.fixture
def desk(user: User) -> Client:
    return signed_in(user)


@pytest.fixture
def article(user: User) -> Article:
    made = drafting.create(DOCUMENT, by=user)
    publishing.save(made, by=user)
    return made


def page(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def management(*formsets: str) -> dict[str, str]:
    return {f"{name}-{part}": "0" for name in formsets for part in ("TOTAL_FORMS", "INITIAL_FORMS")}


def test_saving_an_untouched_page_changes_nothing(desk: Client, article: Article) -> None:
    response = desk.post(page(article), fields(desk.get(page(article))))

    assert response.status_code == 302
    article.refresh_from_db()
    assert drafting.read(article) == DOCUMENT
    assert article.editions.count() == 1
    assert article.version == 1


def test_a_change_becomes_an_edition_of_its_editor(desk: Client, article: Article, user: User) -> None:
    data = fields(desk.get(page(article))) | {"title": "灯台は守られるのか？", "tags": "港、町づくり"}
    desk.post(page(article), data)

    latest = article.editions.latest("number")
    assert latest.number == 2
    assert latest.created_by == user
    assert latest.content.title == "灯台は守られるのか？"
    assert latest.content.tags == ("港", "町づくり")
    assert latest.content.sections == DOCUMENT.sections


def test_a_new_article_with_every_kind_of_row_is_saved_whole(desk: Client, user: User) -> None:
    add = reverse("admin:articles_article_add")
    data = {
        **fields(desk.get(add)),
        "title": "橋はいつ架かる？",
        **management("sections-0-sources", "sections-0-comments"),
        **new_row("sections", 0, id="", article="", heading="", question="", answer="", body=""),
        **new_row("sections-0-sources", 0, id="", section="", caption="発表", key_points="一つ目\n二つ目"),
        **new_row(
            "sections-0-comments", 0, id="", section="", placement="opening", commentator="", text="いいですね。"
        ),
        **new_row("comments", 0, id="", article="", commentator="", text="まとめです。"),
    }
    response = desk.post(add, data)

    assert response.status_code == 302, response.context["errors"]
    document = Edition.objects.get().content
    assert document.title == "橋はいつ架かる？"
    assert document.sections[0].sources[0].key_points == ("一つ目", "二つ目")
    assert document.sections[0].opening == (Comment("", "いいですね。"),)
    assert document.closing == (Comment("", "まとめです。"),)
    assert Article.objects.get().created_by == user


def test_new_rows_without_text_are_left_out(desk: Client, article: Article) -> None:
    data = fields(desk.get(page(article)))
    data |= {"sections-1-comments-TOTAL_FORMS": "1", "sections-1-comments-0-position": "3"}
    data |= {"sections-1-comments-0-placement": "opening", "sections-1-comments-0-text": ""}
    desk.post(page(article), data)

    assert drafting.read(article) == DOCUMENT
    assert CommentRow.objects.count() == 4


def test_comments_stand_in_reading_order_and_keep_it(desk: Client, article: Article) -> None:
    data = fields(desk.get(page(article)))
    placements = [data[f"sections-0-comments-{number}-placement"] for number in range(3)]
    positions = [data[f"sections-0-comments-{number}-position"] for number in range(3)]

    assert placements == ["opening", "closing", "closing"]
    assert positions == ["0", "1", "2"]


def test_removing_a_section_takes_its_parts_along(desk: Client, article: Article) -> None:
    desk.post(page(article), fields(desk.get(page(article))) | {"sections-0-DELETE": "on"})

    assert [section.heading for section in drafting.read(article).sections] == ["これから"]
    assert CommentRow.objects.count() == 1


def test_an_error_deep_inside_keeps_all_that_was_typed(desk: Client, article: Article) -> None:
    typed = {"title": "書きかけの題", "sections-0-sources-0-url": "ftp://example.jp/", "sections-1-body": "書きかけ"}
    response = desk.post(page(article), fields(desk.get(page(article))) | typed)

    assert response.status_code == 422
    shown = fields(response)
    assert {name: shown[name] for name in typed} == typed
    assert "errorlist" in response.content.decode()
    assert article.editions.count() == 1


@pytest.mark.parametrize("position", ["0", "x", "", "-1", "99999999999999999999"])
def test_odd_positions_are_no_reason_to_fail(desk: Client, article: Article, position: str) -> None:
    odd = {"sections-0-position": position, "sections-1-position": position, "sections-0-sources-0-url": "bad"}
    response = desk.post(page(article), fields(desk.get(page(article))) | odd)

    assert response.status_code == 422
    assert fields(response)["sections-0-heading"] == "灯台の歩み"


def test_a_save_that_slips_in_between_is_found_by_the_claim(
    desk: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two saves at once on a database without IMMEDIATE: the form saw the old version, the claim does not."""
    data = fields(desk.get(page(article))) | {"title": "私の題"}
    claim = publishing.claim

    def claim_late(row: Article, version: int) -> None:
        monkeypatch.setattr(publishing, "claim", claim)
        Article.objects.filter(pk=row.pk).update(version=version + 1)
        claim(row, version)

    monkeypatch.setattr(publishing, "claim", claim_late)
    response = desk.post(page(article), data)

    article.refresh_from_db()
    # The other's save was part of this test's own transaction and went with it: the second look finds no conflict.
    assert response.status_code == 302
    assert article.title == "私の題"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one transaction at a time begin")
def test_of_two_saves_at_once_one_is_refused(article: Article, user: User) -> None:
    clients = [signed_in(user), signed_in(editor("isoda"))]
    forms = [fields(client.get(page(article))) | {"title": f"題{number}"} for number, client in enumerate(clients)]
    together = Barrier(2)

    def save(number: int) -> int:
        together.wait()
        try:
            return clients[number].post(page(article), forms[number]).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(save, (0, 1)))

    assert sorted(statuses) == [302, 409]
    assert article.editions.count() == 2
    assert drafting.read(Article.objects.get()).title == f"題{statuses.index(302)}"


def test_rows_of_another_article_are_refused(desk: Client, article: Article, user: User) -> None:
    foreign = drafting.create(DOCUMENT, by=user)
    theirs = SectionRow.objects.filter(article=foreign).first()
    assert theirs
    source = theirs.sources.get()

    data = fields(desk.get(page(article))) | {"sections-0-id": str(theirs.pk), "sections-0-body": "奪った"}
    assert desk.post(page(article), data).status_code == 422
    data = fields(desk.get(page(article))) | {"sections-0-sources-0-id": str(source.pk)}
    assert desk.post(page(article), data).status_code == 422
    data |= {"sections-0-sources-0-DELETE": "on"}
    assert desk.post(page(article), data).status_code == 422

    assert drafting.read(foreign) == DOCUMENT


def test_unplaced_lines_are_shown_until_they_are_dealt_with(desk: Client, article: Article) -> None:
    assert "unplaced" not in fields(desk.get(page(article)))
    Article.objects.filter(pk=article.pk).update(unplaced="行き場のない行")

    data = fields(desk.get(page(article)))
    assert data["unplaced"] == "行き場のない行"
    desk.post(page(article), data | {"unplaced": ""})
    assert "unplaced" not in fields(desk.get(page(article)))


def test_forty_sections_can_be_saved(desk: Client, user: User) -> None:
    long = Document(title="長い記事", sections=DOCUMENT.sections[:1] * 40)
    article = drafting.create(long, by=user)
    response = desk.post(page(article), fields(desk.get(page(article))))

    assert response.status_code == 302
    assert drafting.read(article) == long


def test_the_page_costs_the_same_however_many_sections(
    desk: Client, user: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    short = drafting.create(DOCUMENT, by=user)
    long = drafting.create(Document(title="長い", sections=DOCUMENT.sections * 10, closing=DOCUMENT.closing), by=user)
    desk.get(page(short))
    with django_assert_max_num_queries(40) as first:
        desk.get(page(short))
    with django_assert_max_num_queries(40) as second:
        desk.get(page(long))

    assert len(first) == len(second)


def test_a_save_costs_no_more_for_sections_that_stay(
    desk: Client, user: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counts = []
    for times in (1, 10):
        long = Document(title="長い", sections=DOCUMENT.sections * times, closing=DOCUMENT.closing)
        article = drafting.create(long, by=user)
        as_read = fields(desk.get(page(article)))
        with django_assert_max_num_queries(60) as saved:
            assert desk.post(page(article), {**as_read, "title": "題だけ変えた"}).status_code == 302
        as_read = fields(desk.get(page(article)))
        with django_assert_max_num_queries(60) as refused:
            assert desk.post(page(article), {**as_read, "sections-0-sources-0-url": "ftp://x"}).status_code == 422
        counts.append((len(saved), len(refused)))
        article.refresh_from_db()
        assert drafting.read(article) == replace(long, title="題だけ変えた")

    assert counts[0] == counts[1]


@pytest.mark.parametrize("number", ["x", "9" * 40, "٣", "-1", "999999"])
def test_a_row_that_is_none_is_refused_and_the_text_kept(desk: Client, article: Article, number: str) -> None:
    as_read = fields(desk.get(page(article)))
    response = desk.post(page(article), {**as_read, "sections-0-id": number, "sections-0-heading": "打ったばかり"})

    assert response.status_code == 422
    assert "打ったばかり" in response.content.decode()


def test_the_site_is_linked_only_while_the_article_is_on_show(desk: Client, article: Article, user: User) -> None:
    public, preview = (
        f'href="{address}" class="viewsitelink"'
        for address in (article.get_absolute_url(), reverse("admin:articles_article_preview", args=[article.pk]))
    )
    assert preview in desk.get(page(article)).content.decode()
    edition = article.editions.get()
    publishing.publish(edition, by=user)
    assert public in desk.get(page(article)).content.decode()
    publishing.withdraw(article, by=user)
    assert preview in desk.get(page(article)).content.decode()


def test_a_draft_can_be_deleted_and_a_published_article_cannot(desk: Client, article: Article, user: User) -> None:
    draft = drafting.create(DOCUMENT, by=user)
    publishing.publish(article.editions.get(), by=user)
    publishing.withdraw(article, by=user)

    assert desk.post(reverse("admin:articles_article_delete", args=[article.pk]), {"post": "yes"}).status_code == 403
    assert desk.post(reverse("admin:articles_article_delete", args=[draft.pk]), {"post": "yes"}).status_code == 302
    assert list(Article.objects.all()) == [article]


def test_the_delete_action_spares_what_readers_have_seen(desk: Client, article: Article, user: User) -> None:
    draft = drafting.create(DOCUMENT, by=user)
    publishing.publish(article.editions.get(), by=user)
    chosen: dict[str, Any] = {"action": "delete_selected", "_selected_action": [article.pk, draft.pk], "post": "yes"}
    desk.post(reverse("admin:articles_article_changelist"), chosen)

    assert Article.objects.count() == 2
    chosen["_selected_action"] = [draft.pk]
    desk.post(reverse("admin:articles_article_changelist"), chosen)
    assert list(Article.objects.all()) == [article]


def test_strangers_see_nothing_of_an_article(article: Article) -> None:
    reader = signed_in(User.objects.create_user("reader"))
    staff = signed_in(User.objects.create_user("staff", is_staff=True))

    for client, expected in ((Client(), (302, 403)), (reader, (302, 302)), (staff, (403, 403))):
        for address in (page(article), reverse("admin:articles_article_changelist")):
            answers = client.get(address), client.post(address, {"title": "x"})
            assert tuple(answer.status_code for answer in answers) == expected
    article.refresh_from_db()
    assert article.title == DOCUMENT.title
