"""Mails to colleagues: to the right people, after the deed, and never in its way."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django_tasks_db.models import DBTaskResult

from articles import background, notices, noting, publishing, reviewing
from articles.models import Article, BackgroundTask
from articles.workflow import Role
from newsdesk import mail_url
from newsdesk.mail_url import mail_settings
from tests.desk import editor, person, signed_in
from tests.hosts import Away, refusing, silent
from tests.newsroom import drafted

pytestmark = pytest.mark.django_db

Capture = Callable[..., Any]


@pytest.fixture(autouse=True)
def configured(settings: LazySettings) -> None:
    settings.NOTICES = True
    settings.DEFAULT_FROM_EMAIL = "desk@news.example"


@pytest.fixture
def writer() -> User:
    return person(Role.WRITER, "kaku")


@pytest.fixture
def reader() -> User:
    return person(Role.EDITOR, "yomu")


@pytest.fixture
def article(writer: User) -> Article:
    article = drafted("橋はいつ架かる？", lead="まだ誰にも見せない一文。")
    Article.objects.filter(pk=article.pk).update(created_by=writer)
    publishing.save(article, by=writer)
    article.refresh_from_db()
    return article


def waiting() -> list[tuple[str, str, str]]:
    """The mails that wait to be sent, as subject, text and address."""
    return [tuple(row.args_kwargs["args"]) for row in DBTaskResult.objects.order_by("enqueued_at")]


def test_each_deed_tells_whom_it_concerns(
    article: Article, writer: User, reader: User, django_capture_on_commit_callbacks: Capture
) -> None:
    def told(deed: Callable[[], object]) -> list[tuple[str, str]]:
        DBTaskResult.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):
            deed()
        return [(subject, address) for subject, _, address in waiting()]

    other = person(Role.EDITOR, "hoka")
    title = "橋はいつ架かる？"
    asked = told(lambda: reviewing.ask(article, by=writer))
    assert sorted(asked) == [(f"校閲のお願い: {title}", each.email) for each in (other, reader)]
    told(lambda: reviewing.take_back(article, by=writer))
    assert told(lambda: reviewing.ask(article, by=writer, assignee=reader)) == [
        (f"校閲のお願い: {title}", reader.email)
    ]
    back = told(lambda: reviewing.send_back(article, by=reader, answer="直して"))
    assert back == [(f"差し戻し: {title}", writer.email)]
    told(lambda: reviewing.ask(article, by=writer))
    assert told(lambda: reviewing.approve(article, by=reader, edition=1)) == [(f"承認: {title}", writer.email)]
    assert told(lambda: noting.write(article, "ここ", by=reader)) == [(f"メモ: {title}", writer.email)]
    published = told(lambda: publishing.publish(article.editions.get(), by=reader))
    assert published == [(f"公開: {title}", writer.email)]


def test_nobody_hears_of_their_own_deeds_and_machines_tell_nobody(
    article: Article, writer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        noting.write(article, "自分へ", by=writer)
        publishing.publish(article.editions.get(), by=None)
    assert not waiting()


def test_a_mail_names_the_title_and_the_desk_and_nothing_else_of_the_text(
    article: Article, writer: User, reader: User, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        reviewing.ask(article, by=writer, assignee=reader, request="数字をお願いします。")
    ((subject, text, address),) = waiting()
    notices.deliver.call(subject, text, address)
    (sent,) = mail.outbox
    assert (sent.to, sent.from_email, sent.content_subtype) == ([reader.email], "desk@news.example", "plain")
    assert f"http://news.example/admin/articles/article/{article.pk}/change/" in sent.body
    assert "kakuさんから、この記事の校閲の依頼が届きました。" in sent.body
    assert "数字をお願いします。" in sent.body
    assert "まだ誰にも見せない一文" not in sent.body


def test_a_title_cannot_write_headers(
    article: Article, writer: User, reader: User, django_capture_on_commit_callbacks: Capture
) -> None:
    Article.objects.filter(pk=article.pk).update(title="題\r\nBcc: all@example.com\x1b")
    article.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        reviewing.ask(article, by=writer, assignee=reader)
    notices.deliver.call(*waiting()[0])
    (sent,) = mail.outbox
    assert "\n" not in sent.subject
    assert sent.recipients() == [reader.email]
    assert "Bcc" not in dict(sent.message().items())


def test_a_deed_that_is_undone_sends_nothing(
    article: Article, writer: User, reader: User, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(reviewing.NotForReview):
        reviewing.ask(article, by=writer, assignee=writer)
    assert not waiting()


@pytest.mark.parametrize(("away", "reason"), [(refusing, "refused"), (silent, "timed out")])
def test_a_mail_server_that_fails_stops_no_deed(
    away: Away,
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
    article: Article,
    writer: User,
    reader: User,
    settings: LazySettings,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    monkeypatch.setattr(mail_url, "TIMEOUT", 0.2)  # seconds, so that nobody waits as long as on a site
    with away() as port:
        for name, value in mail_settings(f"smtp://127.0.0.1:{port}").items():
            setattr(settings, name, value)
        with django_capture_on_commit_callbacks(execute=True):
            reviewing.ask(article, by=writer, assignee=reader)
        assert article.reviews.get().outcome == "open"
        background.tick()
    assert reason in BackgroundTask.objects.get(status="FAILED").reason
    assert "同僚にメールを送る" in signed_in(editor()).get("/admin/").content.decode(), "the desk tells of it"


def test_nothing_is_sent_until_a_server_is_named(
    article: Article, writer: User, settings: LazySettings, django_capture_on_commit_callbacks: Capture
) -> None:
    settings.NOTICES = False
    with django_capture_on_commit_callbacks(execute=True):
        reviewing.ask(article, by=writer)
    assert not waiting()


def test_whoever_left_or_has_no_address_is_passed_over(
    article: Article, writer: User, reader: User, django_capture_on_commit_callbacks: Capture
) -> None:
    User.objects.filter(pk=reader.pk).update(email="")
    person(Role.EDITOR, "gone", is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        reviewing.ask(article, by=writer)
    assert not waiting()


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("smtp+tls://desk%40news:p%40ss@mail.example.com:587", {"host": "mail.example.com", "port": 587, "tls": True}),
        ("smtp+ssl://desk:p@mail.example.com:465", {"host": "mail.example.com", "port": 465, "tls": False}),
    ],
)
def test_a_mail_server_is_named_by_its_address(url: str, wanted: dict[str, Any]) -> None:
    found = mail_settings(url)
    if "MAILERS" in found:
        options = found["MAILERS"]["default"]["OPTIONS"]
        told = (options["host"], options["port"], options["use_tls"])
    else:
        told = (found["EMAIL_HOST"], found["EMAIL_PORT"], found.get("EMAIL_USE_TLS", False))
    assert told == (wanted["host"], wanted["port"], wanted["tls"])


@pytest.mark.parametrize("url", ["smtp://", "http://mail.example.com", "mail.example.com"])
def test_what_names_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        mail_settings(url)
