"""Notes between editors: written, settled, kept, and never seen by a reader."""

import itertools
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from articles import drafting, noting, publishing
from articles.document import Document, Section
from articles.manuscripts import dump
from articles.models import Article, Event, Note
from articles.workflow import Role
from tests.desk import fields, person, signed_in

pytestmark = pytest.mark.django_db

SECRET = "読者には見せないメモ"
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture
def user() -> User:
    return person(Role.EDITOR, "hama")


@pytest.fixture
def desk(user: User) -> Client:
    return signed_in(user)


@pytest.fixture
def article() -> Article:
    sections = (Section(heading="橋の今", body="動いた。"), Section(heading="これから"))
    article = drafting.create(Document(title="橋はいつ架かる？", sections=sections))
    publishing.save(article, by=None)
    return article


def address(article: Article, note: Note | None = None, deed: str = "") -> str:
    if note:
        return reverse("admin:articles_article_note", args=[article.pk, note.pk, deed])
    return reverse("admin:articles_article_notes", args=[article.pk])


def change_page(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def test_a_note_is_written_settled_reopened_and_kept(article: Article, user: User) -> None:
    note = noting.write(article, " 数字を確かめる ", by=user, section=article.sections.first())
    assert (note.text, note.section_title) == ("数字を確かめる", "橋の今")
    assert noting.settle(note, by=user)
    assert not noting.settle(note, by=user), "once is enough"
    assert Note.objects.get().settled_by == user
    assert noting.reopen(note, by=user)
    assert not noting.reopen(note, by=user)
    assert Note.objects.get().settled_at is None
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == ["note", "settle_note", "reopen_note"]


@pytest.mark.parametrize("text", ["", " \n　", "長" * (noting.LONGEST + 1)])
def test_an_empty_note_or_a_book_is_refused(article: Article, user: User, text: str) -> None:
    with pytest.raises(noting.NoNote):
        noting.write(article, text, by=user)
    assert not Event.objects.exists()


def test_a_note_survives_the_renaming_and_the_removal_of_its_section(
    article: Article, user: User, desk: Client
) -> None:
    section = article.sections.first()
    assert section
    noting.write(article, "ここを直す", by=user, section=section)
    article.sections.filter(pk=section.pk).update(heading="橋の昔")
    page = desk.get(change_page(article)).content.decode()
    assert "橋の昔</a>" in page
    section.delete()
    page = desk.get(change_page(article)).content.decode()
    assert "ここを直す" in page
    assert "橋の今" in page
    assert "このセクションはなくなりました" in page


def test_without_a_script_a_page_of_its_own_does_all(article: Article, desk: Client) -> None:
    page = desk.get(address(article))
    assert page.status_code == 200
    section = article.sections.last()
    assert section
    form = fields(page) | {"section": str(section.pk), "text": "一行目\n二行目"}
    answer = desk.post(address(article), form)
    assert answer["Location"] == address(article)
    note = Note.objects.get()
    assert (note.section, note.text.replace("\r", "")) == (section, "一行目\n二行目")
    for deed, settled in (("settle", True), ("reopen", False)):
        assert desk.post(address(article, note, deed))["Location"] == address(article)
        note.refresh_from_db()
        assert bool(note.settled_at) is settled


def test_a_script_gets_the_list_and_what_it_typed_back(article: Article, desk: Client) -> None:
    answer = desk.post(address(article), {"text": "直す"}, headers=SCRIPT)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "直す" in page
    assert "<html" not in page
    answer = desk.post(address(article), {"text": "長" * (noting.LONGEST + 1)}, headers=SCRIPT)
    assert answer.status_code == 409
    assert "長" * 100 in answer.content.decode()
    assert Note.objects.count() == 1


def test_notes_on_sections_of_another_article_are_refused(article: Article, desk: Client, user: User) -> None:
    other = drafting.create(Document(title="よそ", sections=(Section(heading="よその章"),)))
    section = other.sections.get()
    assert desk.post(address(article), {"text": "直す", "section": str(section.pk)}, headers=SCRIPT).status_code == 409
    note = noting.write(other, "よそのメモ", by=user)
    assert desk.post(address(article, note, "settle")).status_code == 404
    assert desk.post(address(other, note, "delete")).status_code == 404
    assert desk.get(address(other, note, "settle")).status_code == 405


def test_strangers_neither_read_nor_write_notes(article: Article, user: User) -> None:
    note = noting.write(article, SECRET, by=user)
    staff = signed_in(User.objects.create_user("staff", is_staff=True))
    assert staff.get(address(article)).status_code == 403
    assert staff.post(address(article), {"text": "x"}).status_code == 403
    assert staff.post(address(article, note, "settle")).status_code == 403
    assert Client().get(address(article)).status_code == 302
    assert Note.objects.get().settled_at is None


def test_script_and_markup_in_a_note_stay_text(article: Article, user: User, desk: Client) -> None:
    noting.write(article, "<script>alert(1)</script><b>太字</b>", by=user)
    for page in (address(article), change_page(article)):
        text = desk.get(page).content.decode()
        assert "<script>alert(1)" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_the_page_costs_the_same_however_many_notes(
    article: Article, user: User, desk: Client, django_assert_max_num_queries: Any
) -> None:
    section = article.sections.first()
    for number in range(12):
        note = noting.write(article, f"{number}番目", by=user, section=section)
        if number % 2:
            noting.settle(note, by=user)
    with django_assert_max_num_queries(40):
        desk.get(change_page(article))
    with django_assert_max_num_queries(14):
        desk.get(address(article))


def test_readers_never_see_a_note(article: Article, user: User, client: Client) -> None:
    """On no page, in no feed, in no export: a note is about the text, and no part of it."""
    noting.write(article, SECRET, by=user, section=article.sections.first())
    publishing.publish(publishing.save(article, by=user), by=user)
    links = ["/", f"/articles/{article.pk}/", *(f"/feeds/{name}" for name in ("rss.xml", "atom.xml", "feed.json"))]
    for page in links:
        answer = client.get(page)
        assert answer.status_code == 200, page
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert SECRET not in body.decode(), page
    assert SECRET not in dump(drafting.read(article))
    edition = article.editions.get()
    told = itertools.chain(str(edition.document), str(edition.media), edition.title, edition.summary)
    assert SECRET not in "".join(told)
