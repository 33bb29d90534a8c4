"""A save that the database cannot take in time: nothing typed is lost, and it can be sent again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from articles.models import Article
from tests.desk import editor, fields, signed_in
from tests.newsroom import drafted

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 200  # ms that a save waits for whoever is writing


@contextmanager
def somebody_is_writing(article: Article) -> Iterator[None]:
    """Another connection holds the article, and ours does not wait for long."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Article.objects.select_for_update().get(pk=article.pk)
                held.set()
                done.wait(30)
        finally:
            connection.close()

    writer = threading.Thread(target=hold)
    writer.start()
    assert held.wait(30)
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {PATIENCE}" if postgres else f"PRAGMA busy_timeout = {PATIENCE}")
    try:
        yield
    finally:
        done.set()
        writer.join()
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0" if postgres else "PRAGMA busy_timeout = 10000")


def test_what_was_typed_is_shown_again_and_saved_when_sent_once_more() -> None:
    article = drafted("港はいつ開く？", lead="再開が近い。")
    desk = signed_in(editor())
    address = f"/admin/articles/article/{article.pk}/change/"
    form = {**fields(desk.get(address)), "title": "打ち直した題？", "lead": "一行目\r\n二行目"}
    with somebody_is_writing(article):
        answer = desk.post(address, form)
        assert answer.status_code == 503
        assert answer["Retry-After"] == "10"
        assert "データベースが混み合って" in answer.content.decode()
        shown = fields(answer)
        assert (shown["title"], shown["lead"].split()) == ("打ち直した題？", ["一行目", "二行目"])
    assert Article.objects.get().title == "港はいつ開く？"
    assert desk.post(address, shown).status_code == 302
    assert Article.objects.get().title == "打ち直した題？"


def test_a_new_article_is_kept_on_the_page_too() -> None:
    other = drafted()
    desk = signed_in(editor())
    address = "/admin/articles/article/add/"
    form = {**fields(desk.get(address)), "title": "新しい題？"}
    with somebody_is_writing(other):
        answer = desk.post(address, form)
        if connection.vendor == "postgresql":
            assert answer.status_code == 302, "there another article is nobody's obstacle"
            return
        assert answer.status_code == 503
    assert fields(answer)["title"] == "新しい題？"
    assert desk.post(address, fields(answer)).status_code == 302
    assert Article.objects.filter(title="新しい題？").count() == 1
