"""A Redis that refuses, hangs or talks nonsense is as if nothing were kept there, and soon is not asked any more."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.core.cache.backends.redis import RedisCacheClient
from django.test import Client, override_settings

from newsdesk.bench.servers import free_port
from newsdesk.forgiving_cache import ANSWERS_WITHIN, MISSED, ForgivingRedis, forgiving
from tests.newsroom import published
from tests.services import no_redis
from tests.test_settings import REDIS


def cache_at(url: str) -> ForgivingRedis:
    return ForgivingRedis(url, {"OPTIONS": {}})


def client_of(cache: ForgivingRedis) -> Any:
    """What talks to Redis; no part of what Django's caches promise."""
    return cache._cache


@pytest.fixture
def refusing() -> str:
    """The address of a port that nobody listens on."""
    return f"redis://127.0.0.1:{free_port()}/1"


@pytest.fixture
def hanging() -> Iterator[str]:
    """The address of one that takes connections, and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/1"


@pytest.fixture
def babbling() -> Iterator[str]:
    """The address of one that is no Redis at all, and closes on whoever asks."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def babble() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    with connection:
                        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=babble, daemon=True)
        thread.start()
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/1"
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)  # wakes the thread, which a mere close would not
        thread.join(5)


@pytest.fixture(params=["refusing", "hanging", "babbling"])
def broken(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(request.param)
    return url


def test_whatever_is_wrong_is_a_miss(broken: str) -> None:
    asked = {
        "add": (("a", 1), False),
        "get": (("a", "otherwise"), "otherwise"),
        "set": (("a", 1), None),
        "touch": (("a",), False),
        "delete": (("a",), False),
        "get_many": ((["a", "b"],), {}),
        "has_key": (("a",), False),
        "incr": (("a",), 1),
        "set_many": (({"a": 1},), []),
        "delete_many": ((["a"],), None),
        "clear": ((), False),
    }
    assert set(asked) == set(MISSED), "every method is tried"
    for name, (arguments, said) in asked.items():
        assert getattr(cache_at(broken), name)(*arguments) == said, name
    assert cache_at(broken).get_or_set("a", lambda: "made", 30) == "made"


def test_no_method_of_the_client_is_forgotten() -> None:
    theirs = {name for name in vars(RedisCacheClient) if not name.startswith("_")}
    assert theirs - {"get_client"} == set(MISSED)


def test_one_that_hangs_is_waited_for_once(hanging: str) -> None:
    cache = cache_at(hanging)
    cache.get("a")
    asked = client_of(cache).left_alone_until
    for _ in range(100):
        assert cache.get("a") is None
    assert client_of(cache).left_alone_until == asked, "it was not asked again"
    assert client_of(cache)._pool_options["socket_timeout"] == ANSWERS_WITHIN


def test_it_is_asked_again_after_a_while() -> None:
    if reason := no_redis(REDIS):
        pytest.skip(f"Redis: {reason}")
    cache, key = cache_at(REDIS), f"newsdesk-test-{os.getpid()}"
    client_of(cache).left_alone_until = time.monotonic() + 60
    cache.set(key, 1)
    assert cache.get(key) is None
    client_of(cache).left_alone_until = time.monotonic() - 1
    cache.set(key, 1, 30)
    assert cache.get(key) == 1
    assert cache.incr(key) == 2
    assert cache.delete(key)
    with pytest.raises(ValueError, match="not found"):
        cache.incr(key)


def test_pages_and_drawings_are_shown_without_it(db: None, broken: str) -> None:
    at = published(title="港はいつ開く？").article_id
    with override_settings(
        CACHES={"default": {"BACKEND": "newsdesk.forgiving_cache.ForgivingRedis", "LOCATION": broken}}
    ):
        assert Client().get(f"/articles/{at}/").status_code == 200
        drawn = Client().get(f"/articles/{at}/share.png")
        assert (drawn.status_code, drawn["Content-Type"]) == (200, "image/png")


def test_only_redis_is_forgiven() -> None:
    local = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": ""}
    assert forgiving(local) == local
