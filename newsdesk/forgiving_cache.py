"""Redis as a cache that may be gone: whatever goes wrong is as if nothing were kept there.

A cache must not take the site down with it. One that refuses, breaks off or hangs costs a request 0.3 seconds once,
and is then left alone for five seconds; meanwhile what would be in it is made again.
"""

import logging
import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient

logger = logging.getLogger(__name__)

ANSWERS_WITHIN = 0.3  # seconds
LEFT_ALONE_FOR = 5.0  # seconds after a failure

# What each method says of a cache that is not there. A count begins anew: it limits what people do now and then, and
# nobody is kept from working by a limit that cannot be told.
MISSED: dict[str, Callable[..., Any]] = {
    "add": lambda key, value, timeout: False,
    "get": lambda key, default: default,
    "set": lambda key, value, timeout: None,
    "touch": lambda key, timeout: False,
    "delete": lambda key: False,
    "get_many": lambda keys: {},
    "has_key": lambda key: False,
    "incr": lambda key, delta: delta,
    "set_many": lambda data, timeout: None,
    "delete_many": lambda keys: None,
    "clear": lambda: False,
}


class ForgivingRedisClient(RedisCacheClient):
    """Django's client of Redis; each method answers as MISSED says where Redis does not."""

    left_alone_until = 0.0  # time.monotonic

    def __init__(self, *args: Any, **options: Any) -> None:
        import redis  # only sites that have one need the package

        short = {"socket_timeout": ANSWERS_WITHIN, "socket_connect_timeout": ANSWERS_WITHIN}
        super().__init__(*args, **{**short, **options})
        self.errors = (redis.RedisError, OSError)


def _forgiven(name: str, missed: Callable[..., Any]) -> Callable[..., Any]:
    method = getattr(RedisCacheClient, name)

    @wraps(method)
    def tried(self: ForgivingRedisClient, *args: Any) -> Any:
        if time.monotonic() < self.left_alone_until:
            return missed(*args)
        try:
            return method(self, *args)
        except self.errors as error:
            self.left_alone_until = time.monotonic() + LEFT_ALONE_FOR
            logger.warning("The cache does not answer, and is left alone for a while: %s", type(error).__name__)
            return missed(*args)

    return tried


for _name, _missed in MISSED.items():
    setattr(ForgivingRedisClient, _name, _forgiven(_name, _missed))


class ForgivingRedis(RedisCache):
    """Django's cache in Redis that raises nothing of Redis."""

    def __init__(self, server: "str | list[str]", params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingRedisClient


def forgiving(config: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of CACHES, which forgives where it is one of Redis."""
    is_redis = config["BACKEND"] == "django.core.cache.backends.redis.RedisCache"
    return {**config, "BACKEND": "newsdesk.forgiving_cache.ForgivingRedis"} if is_redis else dict(config)
