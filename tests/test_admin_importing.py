"""The import screen: what was understood, what is doubtful, and nothing lost on the way."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from articles import drafting
from articles.admin.importing import field_label
from articles.manuscripts import parse
from articles.models import Article, Commentator
from tests.desk import editor, fields, signed_in
from tests.test_boundaries import TEXT

pytestmark = pytest.mark.django_db

SCREEN = "/admin/articles/article/import/"
UNPLACED = TEXT + "💡 港は開いた。\nどこにも入らない行\n"


@pytest.fixture
def desk() -> Client:
    return signed_in(editor())


def read(desk: Client, text: str, **more: Any) -> Any:
    return desk.post(SCREEN, {"manuscript": text, "read": "1", **more})


def save(desk: Client, page: Any, **changes: str) -> Any:
    return desk.post(SCREEN, {**fields(page), "save": "1", **changes})


def test_the_list_leads_to_the_screen(desk: Client) -> None:
    assert reverse("admin:articles_article_import") == SCREEN
    assert SCREEN in desk.get(reverse("admin:articles_article_changelist")).content.decode()
    assert desk.get(SCREEN).status_code == 200


def test_reading_shows_every_line_and_saves_nothing(desk: Client) -> None:
    page = read(desk, UNPLACED)
    text = page.content.decode()

    reading = parse(UNPLACED)
    assert text.count('<li class="desk-line') == len(reading.placements) + len(reading.unplaced)
    assert text.count('class="desk-doubt"') == len(reading.doubts)
    assert text.count("is-unplaced") == 1
    assert fields(page)["manuscript"] == UNPLACED
    assert not Article.objects.exists()


def test_saving_makes_the_draft_and_leads_to_its_page(desk: Client) -> None:
    response = save(desk, read(desk, UNPLACED))

    article = Article.objects.get()
    assert response["Location"] == reverse("admin:articles_article_change", args=[article.pk])
    assert drafting.read(article) == parse(UNPLACED).document
    assert article.unplaced == "どこにも入らない行"
    assert article.editions.count() == 1
    assert "どこにも入らない行" in desk.get(response["Location"]).content.decode()


def test_a_boundary_is_moved_before_saving(desk: Client) -> None:
    page = read(desk, TEXT)
    number = next(number for number, place in enumerate(parse(TEXT).placements) if "港が開いた" in place.text)
    assert fields(page)[f"role-{number}"] == "body"
    save(desk, page, **{f"role-{number}": "opening"})

    section = drafting.read(Article.objects.get()).sections[0]
    assert section.body == "船が来た。"
    assert section.opening[0].text.endswith("港が開いた。")


def test_text_changed_after_reading_is_read_again_before_it_is_saved(desk: Client) -> None:
    page = read(desk, TEXT)
    again = save(desk, page, manuscript=TEXT.replace("船が来た。", "大きな船が来た。"))
    assert again.status_code == 200
    assert not Article.objects.exists()
    save(desk, again)

    assert "大きな船が来た。" in drafting.read(Article.objects.get()).sections[0].body


def test_line_ends_of_a_browser_are_no_change(desk: Client) -> None:
    page = read(desk, TEXT)
    assert save(desk, page, manuscript=TEXT.replace("\n", "\r\n")).status_code == 302


def test_choices_survive_an_error_beside_them(desk: Client) -> None:
    page = read(desk, TEXT)
    number = next(number for number, place in enumerate(parse(TEXT).placements) if "船が来た" in place.text)
    refused = save(desk, page, **{f"role-{number}": "closing", "tags": "!?"})

    assert refused.status_code == 200
    assert fields(refused)[f"role-{number}"] == "closing"
    assert fields(refused)["tags"] == "!?"
    assert fields(refused)["manuscript"] == TEXT
    assert not Article.objects.exists()


def test_a_commentator_and_tags_are_added(desk: Client) -> None:
    person = Commentator.objects.create(name="磯田 真")
    save(desk, read(desk, TEXT), commentator=str(person.pk), tags="港、観光")

    document = drafting.read(Article.objects.get())
    assert document.tags == ("港", "観光")
    assert [comment.commentator for comment in document.comments] == ["港野 渡", "磯田 真", "磯田 真"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16"])
def test_a_file_is_read_in_its_own_encoding(desk: Client, encoding: str) -> None:
    text = TEXT.replace("💬", "コメント:").replace("💡", "") if encoding in ("cp932", "euc_jp") else TEXT
    page = desk.post(
        SCREEN, {"manuscript": "", "file": SimpleUploadedFile("a.txt", text.encode(encoding)), "read": "1"}
    )

    assert "港が開いた。" in fields(page)["manuscript"]
    assert save(desk, page).status_code == 302


def test_an_unreadable_file_is_refused_with_the_reason(desk: Client) -> None:
    page = desk.post(SCREEN, {"manuscript": "", "file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 x"), "read": "1"})

    assert page.status_code == 200
    assert "errorlist" in page.content.decode()


def test_a_file_does_not_push_pasted_text_aside(desk: Client) -> None:
    page = read(desk, "貼り付けた原稿", file=SimpleUploadedFile("a.txt", TEXT.encode()))
    assert fields(page)["manuscript"] == "貼り付けた原稿"
    assert "errorlist" in page.content.decode()


def test_a_new_file_replaces_the_text_that_was_read(desk: Client) -> None:
    first = read(desk, "題だけ")
    page = desk.post(SCREEN, {**fields(first), "file": SimpleUploadedFile("a.txt", TEXT.encode()), "read": "1"})
    assert "港が開いた。" in fields(page)["manuscript"]


@pytest.mark.parametrize("text", ["", " \n\u3000"])
def test_nothing_is_no_manuscript(desk: Client, text: str) -> None:
    assert "errorlist" in read(desk, text).content.decode()


def test_too_much_is_no_manuscript_but_is_kept(desk: Client) -> None:
    text = "あ" * 700_000
    page = read(desk, text)
    assert "errorlist" in page.content.decode()
    assert len(fields(page)["manuscript"]) == 700_000


def test_a_name_too_long_is_told_with_everything_kept(desk: Client) -> None:
    text = TEXT.replace("港野 渡", "渡" * 101)
    response = save(desk, read(desk, text))

    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert fields(response)["manuscript"] == text
    assert not Article.objects.exists()


def test_markup_in_a_manuscript_is_text(desk: Client) -> None:
    page = read(desk, "題: <script>alert(1)</script>\n見出し: <b>x</b>\n本文: </textarea><img src=x onerror=y>")
    text = page.content.decode()
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_fields_have_names_of_the_newsroom() -> None:
    places = ("title", "sections[0].sources[0].url", "sections[1].sources[1].key_points[2]", "closing[0].text", "x")
    labels = [field_label(place) for place in places]
    assert len(set(labels)) == len(labels)
    assert field_label("sections[0].closing[0].text") != field_label("closing[0].text")


def test_strangers_cannot_import() -> None:
    reader = signed_in(User.objects.create_user("reader"))
    staff = signed_in(User.objects.create_user("staff", is_staff=True))
    for client, expected in ((Client(), (302, 403)), (reader, (302, 302)), (staff, (403, 403))):
        answers = client.get(SCREEN), client.post(SCREEN, {"manuscript": TEXT, "save": "1"})
        assert tuple(answer.status_code for answer in answers) == expected
    assert not Article.objects.exists()


def test_a_post_needs_the_token_of_its_form() -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor())
    assert strict.post(SCREEN, {"manuscript": TEXT, "save": "1"}).status_code == 403


def test_a_manuscript_sent_twice_is_saved_once(desk: Client) -> None:
    page = read(desk, UNPLACED)
    first, second = save(desk, page), save(desk, page)
    assert first["Location"] == second["Location"] == reverse("admin:articles_article_change", args=[pk_of_one()])
    assert "すでに保存されています" in desk.get(second["Location"]).content.decode()


def test_going_back_and_sending_another_reading_makes_another_draft(desk: Client) -> None:
    page = read(desk, UNPLACED)
    save(desk, page)
    save(desk, page, tags="港")
    assert [sorted(article.tags.names()) for article in Article.objects.order_by("pk")] == [[], ["港"]]
    save(desk, read(desk, UNPLACED))
    assert Article.objects.count() == 3, "the same manuscript, opened anew, is another import"
    assert save(desk, page, token="x").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_twenty_sendings_at_once_make_one_draft(desk: Client) -> None:
    page = read(desk, UNPLACED)
    user = User.objects.get()
    together = Barrier(20)

    def send(client: Client) -> Any:
        together.wait()
        try:
            return save(client, page)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        responses = list(pool.map(send, [signed_in(user) for _ in range(20)]))

    address = reverse("admin:articles_article_change", args=[pk_of_one()])
    assert [(each.status_code, each["Location"]) for each in responses] == [(302, address)] * 20


def pk_of_one() -> int:
    return Article.objects.get().pk


@pytest.mark.parametrize("text", ["　\n　", "\u200b\u200b\n\ufeff", "\r\n"])
def test_what_nobody_can_see_is_no_manuscript(desk: Client, text: str) -> None:
    for sent in ({"manuscript": text}, {"file": SimpleUploadedFile("原稿.txt", text.encode())}):
        page = desk.post(SCREEN, {"read": "1", **sent}).content.decode()
        assert 'class="errorlist' in page
        assert "is-unplaced" not in page
