"""Feeds over HTTP: polling costs little, caches may keep them, and a request chooses nothing but the page."""

import gzip
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from articles import publishing
from articles.document import Section
from tests.newsroom import published
from tests.test_feeds import FEEDS, NOW, every_feed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


Queries = Callable[..., Any]


@every_feed
def test_number_of_queries_does_not_grow_with_the_articles(
    client: Client, url: str, django_assert_num_queries: Queries
) -> None:
    published(tags=("港", "町"))
    with django_assert_num_queries(4):
        client.get(url)
    for _ in range(4):
        published(tags=("港", "海", "山"), sections=(Section(body="本文。"), Section(question="次は？")))
        gone = published(at=NOW - timedelta(hours=1), tags=("港",))
        publishing.withdraw(gone.article, by=None)
    with django_assert_num_queries(4):
        client.get(url)


@every_feed
@pytest.mark.parametrize(("name", "header"), [("if-none-match", "ETag"), ("if-modified-since", "Last-Modified")])
def test_either_validator_alone_gives_304_for_one_query(
    client: Client, url: str, name: str, header: str, noon: time_machine.Traveller, django_assert_num_queries: Queries
) -> None:
    published(tags=("港",))
    noon.shift(60)
    first = client.get(url)
    with django_assert_num_queries(1):
        second = client.get(url, headers={name: first[header]})
    assert (second.status_code, second.content) == (304, b"")
    assert [second[kept] for kept in ("ETag", "Cache-Control")] == [first[kept] for kept in ("ETag", "Cache-Control")]


@every_feed
def test_head_has_the_headers_of_get(client: Client, url: str, noon: time_machine.Traveller) -> None:
    published(tags=("港",))
    noon.shift(60)
    head, get = client.head(url), client.get(url)
    assert (head.status_code, head.content) == (200, b"")
    names = ("ETag", "Last-Modified", "Content-Type", "Cache-Control", "Content-Length")
    assert [head[name] for name in names] == [get[name] for name in names]


@pytest.mark.parametrize("url", FEEDS)
def test_feed_is_compressed_for_who_asks_and_its_validator_holds(client: Client, url: str) -> None:
    published(lead="港が変わる。" * 200)
    plain, packed = client.get(url), client.get(url, headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert gzip.decompress(packed.content) == plain.content
    again = client.get(url, headers={"accept-encoding": "gzip", "if-none-match": packed["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("url", FEEDS)
def test_nobody_can_write_to_a_feed(client: Client, url: str) -> None:
    assert client.post(url).status_code == 405


def test_request_cannot_choose_the_host_or_the_self_link(client: Client) -> None:
    published()
    body = client.get("/feeds/rss.xml?utm=evil", headers={"host": "localhost", "x-forwarded-host": "evil.example"})
    assert b"localhost" not in body.content
    assert b"evil" not in body.content
