"""A form that comes after the session ended, or with an old token, can be sent again; strangers gain nothing by it."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from articles import drafting
from articles.models import Article, EditorSession
from tests.desk import editor, fields, signed_in
from tests.figures import Measure
from tests.newsroom import drafted

pytestmark = pytest.mark.django_db

OURS = {"Origin": "http://testserver"}
TEXT = '港は"いつ" <開く>？\r\n二行目 & 三行目'


@pytest.fixture
def user() -> User:
    return editor()


@pytest.fixture
def article() -> Article:
    return drafted("港はいつ開く？")


def _change(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def _typed(client: Client, article: Article) -> dict[str, str]:
    form = fields(client.get(_change(article)))
    del form["username"], form["password"]  # of the dialog beside it
    return {**form, "lead": TEXT, "title": "打ち直した題？"}


def _held(response: Any) -> dict[str, str]:
    """What the page would send again, as a browser sends it."""
    return {name: value.replace("\r\n", "\n").replace("\n", "\r\n") for name, value in fields(response).items()}


def test_what_was_typed_is_saved_after_signing_in_again(user: User, article: Article, record_property: Measure) -> None:
    client = Client(enforce_csrf_checks=True, headers=OURS)
    client.force_login(user)
    typed = _typed(client, article)
    EditorSession.objects.all().delete()

    response = client.post(_change(article), typed)
    assert response.status_code == 403
    assert "no-store" in response["Cache-Control"]
    assert _held(response)["lead"] == TEXT

    login = fields(client.get(reverse("admin:login")))
    client.post(reverse("admin:login"), {**login, "username": "hama", "password": "for-tests"})
    # The token changed with the login: the page tells so, holds the text still, and then it is taken.
    stale = client.post(_change(article), _held(response))
    assert stale.status_code == 403
    assert client.post(_change(article), _held(stale)).status_code == 302
    saved = drafting.read(Article.objects.get())
    there, wanted = (saved.title, saved.lead), ("打ち直した題？", TEXT.replace("\r\n", "\n"))
    record_property("characters typed", sum(map(len, wanted)))
    record_property("characters lost", sum(len(text) for text in wanted if text not in there))
    assert there == wanted


def test_files_that_cannot_be_held_are_named(user: User, article: Article) -> None:
    upload = SimpleUploadedFile("港の朝.jpg", b"...", "image/jpeg")
    response = Client().post(_change(article), {"title": "題", "cover": upload})
    assert response.status_code == 403
    assert "港の朝.jpg" in response.content.decode()


def test_what_another_site_sends_is_not_held(user: User, article: Article) -> None:
    for origin in ({}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}):
        client = Client(enforce_csrf_checks=True, headers=origin)
        client.force_login(user)
        response = client.post(_change(article), {"title": "よその題"})
        assert response.status_code == 403
        assert "よその題" not in response.content.decode()
        assert "csrfmiddlewaretoken" not in response.content.decode()


@pytest.mark.parametrize("name", ["password", "old_password", "usable_password"])
def test_passwords_are_never_held(user: User, name: str) -> None:
    client = Client(enforce_csrf_checks=True, headers=OURS)
    response = client.post(reverse("admin:login"), {"username": "hama", name: "himitsu"})
    assert response.status_code == 403
    assert "himitsu" not in response.content.decode()
    gone = Client().post(reverse("admin:password_change"), {name: "himitsu"})
    assert "himitsu" not in gone.content.decode()


def test_scripts_and_pages_that_are_only_read_are_sent_to_the_login(article: Article) -> None:
    assert Client().get(_change(article)).status_code == 302
    assert Client().post(_change(article), {"title": "題"}, HTTP_X_REQUESTED_WITH="XMLHttpRequest").status_code == 302
    assert Client().post(reverse("admin:logout")).status_code == 302


def test_nothing_is_held_for_readers_pages(article: Article) -> None:
    response = Client(enforce_csrf_checks=True, headers=OURS).post("/", {"title": "題"})
    assert response.status_code in (403, 405)
    assert "csrfmiddlewaretoken" not in response.content.decode()


def test_somebody_signed_in_without_rights_is_told_as_before(article: Article) -> None:
    reader = User.objects.create_user("yomu", password="for-tests")
    assert signed_in(reader).post(_change(article), {"title": "題"}).status_code == 302
