"""The library of pictures at the desk: bring, find, describe, remove."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from articles import drafting, picturing, publishing
from articles.background import tick
from articles.document import Document, Section, Source
from articles.models import Article, Edition, Event, Picture
from articles.resizing import resize_rest
from articles.workflow import Role
from tests.desk import editor, fields, person, signed_in
from tests.newsroom import picture

pytestmark = pytest.mark.django_db

LIST, ADD = (reverse(f"admin:articles_picture_{name}") for name in ("changelist", "add"))


@pytest.fixture
def desk() -> Client:
    return signed_in(editor())


def upload(name: str = "港.jpg", data: BytesIO | bytes | None = None, **made: Any) -> SimpleUploadedFile:
    content = data if isinstance(data, bytes) else (data or picture("JPEG", **made)).getvalue()
    return SimpleUploadedFile(name, content, "image/jpeg")


def kept(**words: Any) -> Picture:
    return picturing.keep(picture("JPEG", (900, 600)), by=None, **words)


def address(row: Picture, name: str = "change") -> str:
    return reverse(f"admin:articles_picture_{name}", args=[row.pk])


def showing(row: Picture) -> Document:
    source = Source(caption="市の発表", image=str(row.file), image_credit="港日報")
    return Document(title="港はいつ開く？", lead="再開が近い。", sections=(Section(heading="港", sources=(source,)),))


def test_several_files_come_in_and_what_is_refused_is_named(desk: Client) -> None:
    files = [upload(), upload("船.jpg", size=(60, 40)), upload("文書.jpg", b"%PDF-1.4")]
    told = desk.post(ADD, {"files": files}, follow=True).content.decode()
    assert Picture.objects.count() == 2
    assert "文書.jpg" in told
    assert "画像2枚を保管しました" in told
    assert set(Picture.objects.values_list("added_by__username", flat=True)) == {"hama"}


def test_a_single_file_leads_to_its_words(desk: Client) -> None:
    answer = desk.post(ADD, {"files": [upload()]})
    assert answer["Location"] == address(Picture.objects.get())


def test_nothing_chosen_is_told(desk: Client) -> None:
    assert "1枚以上" in desk.post(ADD, {}).content.decode()


def test_more_than_can_be_taken_at_once_are_told(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.admin.pictures.MOST_AT_ONCE", 2)
    files = [upload(f"{number}.jpg", size=(40 + number, 30)) for number in range(3)]
    told = desk.post(ADD, {"files": files}, follow=True).content.decode()
    assert Picture.objects.count() == 2
    assert "残りの1枚" in told


def test_the_same_picture_twice_is_one(desk: Client) -> None:
    desk.post(ADD, {"files": [upload(), upload("別名.jpg")]})
    assert Picture.objects.count() == 1


def test_words_and_focal_point_are_saved_and_reach_the_editions(desk: Client) -> None:
    row = kept()
    edition = publishing.save(drafting.create(showing(row)), by=None)
    publishing.publish(edition, by=None, despite_findings=True)
    sent = {**fields(desk.get(address(row))), "alt": "夕方の港", "permission": "granted", "focal_x": "0.2"}
    assert desk.post(address(row), sent).status_code == 302
    row.refresh_from_db()
    assert (row.alt, row.permission, row.focal_x) == ("夕方の港", "granted", 0.2)
    assert Edition.objects.get().media["pictures"][str(row.file)]["focal"] == [0.2, 0.5]
    assert Event.objects.filter(verb="change_picture", by_name="hama").exists()


@pytest.mark.parametrize("share", ["1.5", "-0.1", "x"])
def test_a_point_beside_the_picture_is_refused_and_the_words_kept(desk: Client, share: str) -> None:
    row = kept()
    sent = {**fields(desk.get(address(row))), "alt": "夕方の港", "focal_x": share}
    answer = desk.post(address(row), sent)
    assert "夕方の港" in answer.content.decode()
    row.refresh_from_db()
    assert row.focal_x == 0.5


def test_pictures_are_found_by_words_permission_and_use(desk: Client) -> None:
    used, free = kept(alt="夕方の港", permission="own"), picturing.keep(picture(), by=None, credit="灯台通信")
    drafting.create(showing(used))

    def found(**query: str) -> list[int]:
        return [row.pk for row in desk.get(LIST, query).context["cl"].result_list]

    assert found(q="港 夕方") == [used.pk]
    assert found(q="灯台") == found(used="0") == [free.pk]
    assert found(used="1") == found(permission__exact="own") == [used.pk]


def test_the_list_costs_the_same_for_any_number(desk: Client, django_assert_max_num_queries: Any) -> None:
    for side in range(8):
        picturing.keep(picture("JPEG", (40 + side, 30)), by=None)
    with django_assert_max_num_queries(8):
        desk.get(LIST)


def test_the_list_shows_the_smallest_copy_once_it_is_there(desk: Client) -> None:
    row = kept()
    assert row.file.url in desk.get(LIST).content.decode()
    resize_rest(lambda: False)
    assert row.file.url.replace(".jpg", "-320.jpg") in desk.get(LIST).content.decode()


def test_the_form_leads_to_what_shows_the_picture(desk: Client) -> None:
    row = kept()
    article = drafting.create(showing(row))
    page = desk.get(address(row)).content.decode()
    assert reverse("admin:articles_article_change", args=[article.pk]) in page


def test_what_is_shown_is_not_removed_and_the_rest_goes_with_its_files(desk: Client) -> None:
    used, free = kept(), picturing.keep(picture(), by=None)
    drafting.create(showing(used))
    assert desk.post(address(used, "delete"), {"post": "yes"}).status_code == 403
    assert desk.post(address(free, "delete"), {"post": "yes"}).status_code == 302
    assert list(Picture.objects.all()) == [used]


def test_a_writer_brings_pictures_and_changes_none(desk: Client) -> None:
    writer = signed_in(person(Role.WRITER))
    assert writer.post(ADD, {"files": [upload()]}).status_code == 302
    row = Picture.objects.get()
    writer.post(address(row), {"alt": "別の言葉", "permission": "own"})
    row.refresh_from_db()
    assert row.alt == ""


def test_strangers_see_nothing(client: Client) -> None:
    row = kept()
    assert {client.get(each).status_code for each in (LIST, ADD, address(row))} == {302}


@pytest.mark.django_db(transaction=True)
def test_a_damaged_file_in_the_storage_stops_no_other() -> None:
    broken, sound = kept(), picturing.keep(picture("JPEG", (700, 500)), by=None)
    Picture.objects.update(renditions=None)
    with default_storage.open(str(broken.file)) as file:
        half = file.read()[:1500]
    default_storage.delete(str(broken.file))
    with open(default_storage.path(str(broken.file)), "wb") as file:  # noqa: PTH123
        file.write(half)
    tick()
    resize_rest(lambda: False)
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.renditions, bool(sound.renditions)) == ({}, True)


def test_a_picture_sent_with_a_refused_form_has_its_row(desk: Client) -> None:
    article = drafting.create(Document(title="港は？", sections=(Section(heading="港", sources=(Source("要旨"),)),)))
    change = reverse("admin:articles_article_change", args=[article.pk])
    sent = {**fields(desk.get(change)), "sections-0-sources-0-image": upload(), "opened_version": "-7"}
    Article.objects.filter(pk=article.pk).update(version=9)
    desk.post(change, sent)
    assert Picture.objects.count() == 1


# -- the choice on an article's page

CHOOSE, BRING = (reverse(f"admin:articles_picture_{name}") for name in ("choose", "bring"))


def test_the_library_is_searched_from_an_article(desk: Client) -> None:
    kept(alt="夕方の港", credit="港日報")
    picturing.keep(picture(), by=None, alt="使えない港", permission="refused")
    (found,) = desk.get(CHOOSE, {"q": "港"}).json()["pictures"]
    assert (found["alt"], found["credit"], found["label"]) == ("夕方の港", "港日報", "夕方の港・港日報")
    assert desk.get(CHOOSE, {"q": "山"}).json() == {"pictures": []}


def test_a_file_is_brought_from_an_article_or_refused_with_the_reason(desk: Client) -> None:
    brought = desk.post(BRING, {"file": upload()})
    assert brought.json()["file"] == str(Picture.objects.get().file)
    refused = desk.post(BRING, {"file": upload("文書.jpg", b"%PDF-1.4")})
    assert (refused.status_code, "JPEG" in refused.json()["error"]) == (400, True)
    assert desk.post(BRING).status_code == 400
    assert desk.get(BRING).status_code == 405


def test_strangers_choose_and_bring_nothing(client: Client) -> None:
    assert client.get(CHOOSE).status_code == 302
    assert client.post(BRING, {"file": upload()}).status_code == 302
    assert not Picture.objects.exists()
