"""Draft links: people without an account see one edition for a while, and nobody else sees anything."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles import drafting, publishing, sharing
from articles.document import Comment, Document, Section, Source
from articles.models import Article, Edition, EditorSession
from articles.models.desk import Event
from articles.models.sharing import DraftLink
from tests.desk import editor, fields, signed_in
from tests.newsroom import changed

pytestmark = pytest.mark.django_db

SECRET = "港の秘密の計画"
DRAFT = Document(
    title=f"{SECRET}とは？",
    lead="まだ誰も知らない。",
    sections=(
        Section(
            heading="計画の中身",
            body="岸壁が延びる。",
            sources=(Source("市の資料", "https://example.jp/1"),),
            closing=(Comment("港野 渡", "楽しみです。"),),
        ),
    ),
    tags=("港",),
)


@pytest.fixture
def user() -> User:
    return editor()


@pytest.fixture
def edition() -> Edition:
    return publishing.save(drafting.create(DRAFT), by=None)


@pytest.fixture
def link(edition: Edition, user: User) -> DraftLink:
    return sharing.share(edition, by=user, recipient="監修の先生")


def text_of(client: Client, link: DraftLink, status: int = 200) -> str:
    response = client.get(link.get_absolute_url())
    assert response.status_code == status
    return response.content.decode()


# -- it works


def test_the_holder_sees_the_whole_page_and_what_it_is(client: Client, link: DraftLink) -> None:
    page = text_of(client, link)
    for words in (SECRET, "岸壁が延びる。", "市の資料", "楽しみです。", "港"):
        assert words in page
    assert "下書きです。公開していません。" in page
    assert "監修の先生" in page
    assert 'rel="canonical"' not in page


def test_what_keeps_it_from_being_kept_found_or_passed_on(client: Client, link: DraftLink) -> None:
    response = client.get(link.get_absolute_url())
    assert response["Cache-Control"] == "no-store, private"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex' in response.content.decode()
    for header in ("ETag", "Last-Modified", "Set-Cookie", "Expires"):
        assert header not in response
    assert not response.cookies
    assert not EditorSession.objects.exists()


def test_openings_are_counted_and_looking_whether_it_works_is_not(client: Client, link: DraftLink) -> None:
    assert client.head(link.get_absolute_url()).status_code == 200
    link.refresh_from_db()
    assert link.opened == 0
    text_of(client, link)
    text_of(client, link)
    link.refresh_from_db()
    assert link.opened == 2
    assert link.opened_at


def test_the_page_costs_two_queries(
    client: Client, link: DraftLink, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        text_of(client, link)


def test_it_shows_its_edition_and_no_later_one(client: Client, edition: Edition, link: DraftLink) -> None:
    changed(edition.article, "書き直した題")
    page = text_of(client, link)
    assert SECRET in page
    assert "書き直した題" not in page


def test_a_draft_of_what_is_on_show_is_shown_beside_it(client: Client, edition: Edition, user: User) -> None:
    publishing.publish(edition, by=None)
    link = sharing.share(changed(edition.article, "次の題"), by=user)
    assert "次の題" in text_of(client, link)


# -- it ends


def test_it_ends_after_a_day_unless_another_time_is_asked_for(
    client: Client, edition: Edition, link: DraftLink
) -> None:
    brief = sharing.share(edition, by=None, lasts=timedelta(hours=1))
    with time_machine.travel(timezone.now() + timedelta(minutes=59)):
        text_of(client, brief)
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        text_of(client, brief, 410)
        text_of(client, link)
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        text_of(client, link, 410)


def test_it_ends_at_once_when_it_is_taken_back(client: Client, link: DraftLink, user: User) -> None:
    text_of(client, link)
    assert sharing.revoke(link, by=user)
    assert SECRET not in text_of(client, link, 410)
    assert not sharing.revoke(link, by=user)


def test_it_leads_to_the_article_once_readers_have_it_or_a_newer_one(
    client: Client, edition: Edition, link: DraftLink
) -> None:
    later = changed(edition.article, "書き直した題")
    publishing.publish(later, by=None, at=timezone.now() + timedelta(hours=1))
    text_of(client, link)
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        response = client.get(link.get_absolute_url())
        assert response.status_code == 302
        assert response["Location"] == f"/articles/{edition.article_id}/"
        assert response["Cache-Control"] == "no-store, private"
    link.refresh_from_db()
    assert link.opened == 1


def test_it_ends_with_the_withdrawal_and_a_new_one_can_be_made(
    client: Client, edition: Edition, link: DraftLink, user: User
) -> None:
    publishing.publish(edition, by=None)
    publishing.withdraw(edition.article, by=None)
    assert SECRET not in text_of(client, link, 410)
    with time_machine.travel(timezone.now() + timedelta(seconds=1)):
        again = sharing.share(changed(edition.article, f"{SECRET}、直した版"), by=user)
        assert SECRET in text_of(client, again)


def test_what_was_taken_back_stays_so_when_the_article_is_published(
    client: Client, edition: Edition, link: DraftLink
) -> None:
    sharing.revoke(link, by=None)
    publishing.publish(edition, by=None)
    text_of(client, link, 410)


def test_every_end_looks_the_same(client: Client, edition: Edition, link: DraftLink) -> None:
    """Whoever holds a dead link learns neither why nor of what."""
    taken_back = sharing.share(edition, by=None)
    sharing.revoke(taken_back, by=None)
    withdrawn = publishing.save(drafting.create(DRAFT), by=None)
    of_withdrawn = sharing.share(withdrawn, by=None)
    publishing.publish(withdrawn, by=None)
    publishing.withdraw(withdrawn.article, by=None)
    deleted = publishing.save(drafting.create(DRAFT), by=None)
    of_deleted = sharing.share(deleted, by=None).get_absolute_url()
    publishing.delete(deleted.article, by=None)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        addresses = [each.get_absolute_url() for each in (link, taken_back, of_withdrawn)]
        answers = [client.get(address) for address in (*addresses, of_deleted)]
    assert {answer.status_code for answer in answers} == {410}
    assert len({answer.content for answer in answers}) == 1
    assert all("noindex" in answer["X-Robots-Tag"] for answer in answers)
    assert SECRET not in answers[0].content.decode()


# -- strangers


def test_what_the_site_did_not_sign_is_not_found(client: Client, edition: Edition, link: DraftLink) -> None:
    signed = link.get_absolute_url().split("/")[2]
    key, signature = signed.split(":")
    other = sharing.share(edition, by=None)
    elsewhere = other.get_absolute_url().split("/")[2].split(":")[1]
    forged = [
        key,
        f"{key}:",
        f"{key}:{signature[:-1]}",
        f"{other.key.hex}:{signature}",
        f"{key}:{elsewhere}",
        f"{key}:{'あ' * 9}",
    ]
    for text in [*forged, f"{link.pk}:{signature}", "x", "%00", "x" * 5_000]:
        assert client.get(f"/drafts/{text}/").status_code == 404, text
    link.refresh_from_db()
    assert link.opened == 0


def test_a_link_signed_with_another_secret_is_not_found(client: Client, link: DraftLink) -> None:
    with override_settings(SECRET_KEY="somebody else's"):
        stolen = link.get_absolute_url()
    assert client.get(stolen).status_code == 404
    with override_settings(SECRET_KEY="a new one", SECRET_KEY_FALLBACKS=["somebody else's"]):
        assert client.get(stolen).status_code == 200, "links outlive a change of the secret that is announced"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_it_can_only_be_read(client: Client, link: DraftLink, method: str) -> None:
    assert getattr(client, method)(link.get_absolute_url()).status_code == 405


def test_nothing_public_tells_of_it(client: Client, edition: Edition, link: DraftLink) -> None:
    public = ["/", "/tags/", "/archive/", "/feeds/", "/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json"]
    before = {place: client.get(place) for place in public}
    text_of(client, link)
    for place in public:
        answer = client.get(place)
        assert SECRET not in answer.content.decode()
        assert answer["ETag"] == before[place]["ETag"]
        assert client.get(place, HTTP_IF_NONE_MATCH=before[place]["ETag"]).status_code == 304
    assert client.get(f"/articles/{edition.article_id}/").status_code == 404


def test_hostile_text_is_only_text(client: Client, edition: Edition) -> None:
    hostile = '"><script>alert(1)</script>'
    drafting.write(edition.article, Document(title=hostile, lead=hostile, tags=(hostile,)))
    link = sharing.share(publishing.save(edition.article, by=None), by=None, recipient=hostile)
    assert "<script" not in text_of(client, link)


# -- at the desk


def address(name: str, article: Article, *more: int) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk, *more])


def test_an_editor_makes_a_link_hands_it_on_and_takes_it_back(client: Client, edition: Edition, user: User) -> None:
    desk, article = signed_in(user), edition.article
    form = fields(desk.get(address("links", article)))
    assert (form["edition"], form["hours"]) == ("1", "24")
    made: Any = desk.post(address("links", article), form | {"recipient": "監修の先生", "hours": "72"}, follow=True)
    page = made.content.decode()
    found = re.search(r'value="(http[^"]*/drafts/[^"]*)"', page)
    assert found
    link = DraftLink.objects.get()
    assert found[1].endswith(link.get_absolute_url())
    assert (link.created_by, link.recipient) == (user, "監修の先生")
    assert timedelta(hours=71) < link.expires_at - timezone.now() < timedelta(hours=72)

    text_of(client, link)
    assert "1回" in desk.get(address("links", article)).content.decode()
    desk.post(address("revoke", article, link.pk))
    page = desk.get(address("links", article)).content.decode()
    assert "取り消し" in page
    assert link.get_absolute_url() not in page
    text_of(client, link, 410)
    assert list(Event.objects.filter(article=article).values_list("verb", "by__username").order_by("pk")) == [
        ("share_draft", "hama"),
        ("revoke_draft_link", "hama"),
    ]
    assert "監修の先生" in desk.get(address("history", article)).content.decode()


def test_an_older_edition_is_offered_where_the_history_names_it(edition: Edition, user: User) -> None:
    for number in range(25):
        changed(edition.article, f"題{number}")
    desk = signed_in(user)
    assert fields(desk.get(address("links", edition.article)))["edition"] == "26"
    form = fields(desk.get(address("links", edition.article), {"edition": "1"}))
    assert form["edition"] == "1"
    desk.post(f"{address('links', edition.article)}?edition=1", form)
    assert DraftLink.objects.get().edition == edition


def test_what_readers_have_is_not_shared_and_the_reason_told(edition: Edition, user: User) -> None:
    publishing.publish(edition, by=None)
    desk = signed_in(user)
    response = desk.post(address("links", edition.article), {"edition": "1", "hours": "24", "recipient": "監修の先生"})
    assert response.status_code == 409
    assert "すでに公開されています" in response.content.decode()
    assert fields(response)["recipient"] == "監修の先生"
    assert not DraftLink.objects.exists()


def test_a_link_lasts_a_week_at_most(edition: Edition, user: User) -> None:
    for lasts in (timedelta(days=8), timedelta(0), timedelta(seconds=-1)):
        with pytest.raises(sharing.NotToBeShared):
            sharing.share(edition, by=user, lasts=lasts)
    for hours in ("9999", "x", ""):
        response = signed_in(user).post(address("links", edition.article), {"edition": "1", "hours": hours})
        assert response.status_code == 409
    assert not DraftLink.objects.exists()


def test_strangers_make_and_take_back_nothing(client: Client, edition: Edition, link: DraftLink) -> None:
    onlooker = User.objects.create_user("miru", is_staff=True)
    onlooker.user_permissions.add(Permission.objects.get(codename="view_article"))
    for somebody in (client, signed_in(onlooker)):
        for place in (address("links", edition.article), address("revoke", edition.article, link.pk)):
            assert somebody.post(place, {"edition": "1", "hours": "1"}).status_code == 403
    assert signed_in(onlooker).get(address("links", edition.article)).status_code == 403
    assert DraftLink.objects.get().revoked_at is None


def test_the_list_of_links_loads_no_documents(edition: Edition, user: User) -> None:
    desk = signed_in(user)
    desk.get(address("links", edition.article))

    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as found:
            desk.get(address("links", edition.article))
        return [query["sql"] for query in found]

    few = queries()
    for number in range(5):
        sharing.share(changed(edition.article, f"題{number}"), by=user)
    many = queries()
    assert len(many) == len(few)
    assert not any('"articles_edition"."document"' in sql for sql in many)


def test_who_may_not_share_is_not_led_there(edition: Edition, user: User) -> None:
    writer = User.objects.create_user("kaku", is_staff=True)
    names = ("view_article", "change_article", "edit_any_article")
    writer.user_permissions.set(Permission.objects.filter(codename__in=names))
    place = address("links", edition.article)
    assert place in signed_in(user).get(address("change", edition.article)).content.decode()
    assert place not in signed_in(writer).get(address("change", edition.article)).content.decode()
    assert place not in signed_in(writer).get(address("history", edition.article)).content.decode()


def test_a_link_is_taken_back_only_where_it_belongs_and_by_a_post(
    edition: Edition, link: DraftLink, user: User
) -> None:
    desk = signed_in(user)
    other = drafting.create(Document(title="別の記事"))
    assert desk.post(address("revoke", other, link.pk)).status_code == 404
    assert desk.get(address("revoke", edition.article, link.pk)).status_code == 405
    link.refresh_from_db()
    assert link.revoked_at is None
