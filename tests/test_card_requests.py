"""Cards asked for at the desk: read in the background, never by the request, and only for those who may write."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from articles import card_requests
from articles.background import tick
from articles.card_requests import A_MINUTE, NoCard, ask, known
from articles.models import Article, BackgroundTask, Card
from articles.workflow import Role
from tests.desk import editor, person, signed_in
from tests.hosts import connections, host, reply
from tests.newsroom import drafted

pytestmark = pytest.mark.django_db(transaction=True)  # what is handed to the background waits for a commit

HTML = """<html><head><meta charset="Shift_JIS"><title>橋が開通｜青波新聞</title>
<meta property="og:image" content="/bridge.jpg"><meta name="date" content="2026-09-03"></head></html>"""
PAGE = reply(HTML.encode("cp932"), kind="text/html")
CONTENT = {"caption": "橋が開通", "site_name": "青波新聞", "published_on": "2026-09-03"}


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting between two requests, and nobody asked for anything yet."""
    cache.clear()
    monkeypatch.setattr("articles.fetching.fetcher.PACE", 0)


def asked(client: Client, article: Article | None, url: str, **data: str) -> Any:
    return client.post(f"/admin/articles/article/{article.pk if article else 0}/card/", {"url": url, **data})


def test_a_page_is_read_in_the_background_and_its_card_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    client, article = signed_in(editor()), drafted()
    with host(monkeypatch, a=PAGE) as server:
        with connections() as seen:
            answer = asked(client, article, f"{server.url}/a")
        assert answer.json() == {"state": "waiting", "error": "", "card": {}}
        assert seen == []  # the request itself fetches nothing
        tick()
        shown = asked(client, article, f"{server.url}/a", poll="1").json()
        assert shown["state"] == "read"
        assert shown["card"] == {**CONTENT, "image": f"{server.url}/bridge.jpg", "canonical": f"{server.url}/a"}
        assert server.paths == ["/a"]  # the picture is not fetched


def test_who_asks_next_gets_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(editor())
    with host(monkeypatch, a=PAGE) as server:
        asked(client, None, f"{server.url}/a")
        asked(client, None, f" {server.url}/a ")
        assert BackgroundTask.objects.count() == 1
        tick()
        assert asked(client, None, f"{server.url}/a").json()["state"] == "read"
        assert BackgroundTask.objects.count() == 1
        Card.objects.update(read_at=timezone.now() - card_requests.GOOD_FOR - timedelta(minutes=1))
        assert asked(client, None, f"{server.url}/a").json()["state"] == "waiting"


def test_a_failure_says_why_in_the_editors_words_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(editor())
    with host(monkeypatch, a=reply("", "404 Not Found")) as server:
        asked(client, None, f"{server.url}/a")
        tick()
        shown = asked(client, None, f"{server.url}/a", poll="1").json()
        assert (shown["state"], shown["error"]) == ("failed", "このアドレスにページはありません（404）。")
        assert not BackgroundTask.objects.failed().exists()  # nothing for the desk to look into
        server.answers["/a"] = PAGE
        assert asked(client, None, f"{server.url}/a").json()["state"] == "waiting"
        tick()
        assert asked(client, None, f"{server.url}/a").json()["state"] == "read"


def test_what_was_lost_on_the_way_is_asked_for_again() -> None:
    user = editor()
    card = ask("https://news.example/a", by=user)
    ask("https://news.example/a", by=user)
    assert BackgroundTask.objects.count() == 1
    Card.objects.filter(pk=card.pk).update(asked_at=timezone.now() - card_requests.PATIENCE - timedelta(seconds=1))
    ask("https://news.example/a", by=user)
    assert BackgroundTask.objects.count() == 2


@pytest.mark.parametrize("url", ["", "港", "file:///etc/passwd", "javascript:alert(1)", "http://a:b@news.example/"])
def test_what_is_no_address_is_refused_with_what_to_do(url: str) -> None:
    answer = asked(signed_in(editor()), None, url)
    assert answer.status_code == 422
    assert "https://" in answer.json()["error"]
    assert not Card.objects.exists()


def test_an_address_into_the_machine_is_never_connected_to() -> None:
    client = signed_in(editor())
    asked(client, None, "http://127.0.0.1/")
    with connections() as seen:
        tick()
    assert seen == []
    assert (
        asked(client, None, "http://127.0.0.1/", poll="1").json()["error"]
        == "公開されたウェブのアドレスではないため、読み込みません。"
    )


def test_a_look_never_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = asked(signed_in(editor()), None, "https://news.example/a", poll="1")
    assert answer.status_code == 404
    assert not Card.objects.exists()
    assert known("https://news.example/a") is None


def test_one_person_has_thirty_pages_a_minute_read() -> None:
    hama, nagi = editor(), editor("nagi")
    with time_machine.travel("2026-11-23T09:00:00Z", tick=False):
        for number in range(A_MINUTE):
            ask(f"https://news.example/{number}", by=hama)
        with pytest.raises(NoCard, match="1分"):
            ask("https://news.example/more", by=hama)
        assert Card.objects.count() == BackgroundTask.objects.count() == A_MINUTE
        ask("https://news.example/1", by=hama)  # known, so it costs nothing
        ask("https://news.example/more", by=nagi)
    with time_machine.travel("2026-11-23T09:01:00Z", tick=False):
        ask("https://news.example/later", by=hama)


def test_only_those_who_may_write_the_article_can_ask() -> None:
    article, url = drafted(), "https://news.example/a"
    writer = person(Role.WRITER)
    assert asked(signed_in(writer), None, url).status_code == 200
    assert asked(signed_in(writer), article, url).status_code == 403  # somebody else's
    assert asked(signed_in(person(Role.EDITOR)), article, url).status_code == 200
    assert asked(Client(), article, url).status_code == 403
    assert signed_in(editor()).get(f"/admin/articles/article/{article.pk}/card/").status_code == 405
