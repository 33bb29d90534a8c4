"""The way out: connections that only ever lead to the public web, and end when the time is up.

The name is resolved once, every answer is checked, and the connection goes to the address that was checked. So neither
a name that is resolved to something else a moment later nor a redirect leads to where it should not.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache

import httpcore2
import httpx2
from httpcore2 import NetworkBackend, NetworkStream

from articles.fetching.errors import NotPublic, TooSlow, Unreachable
from articles.fetching.networks import is_public

CONNECT_TIME = 5.0  # seconds
PORTS = (80, 443)

Resolve = Callable[[str], list[str]]
Doors = Collection[tuple[str, int]]


class Deadline:
    """A moment by which everything is to be done."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds left. Raises TooSlow where there are none."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise TooSlow
        return left

    def at_most(self, seconds: float | None) -> float:
        """So many seconds, or what is left of the time. Raises TooSlow."""
        return self.left if seconds is None else min(seconds, self.left)


def resolve(host: str) -> list[str]:
    """The numeric addresses of a host. Raises Unreachable where it has none."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class _Stream(NetworkStream):
    """A connection, every use of which ends with the deadline."""

    def __init__(self, stream: NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.at_most(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.at_most(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.at_most(timeout))
        return _Stream(secured, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class Guard(NetworkBackend):
    """Opens connections to the public web. `doors` are (address, port) that it opens besides."""

    def __init__(self, deadline: Deadline, resolve: Resolve, doors: Doors) -> None:
        self._deadline, self._resolve, self._doors = deadline, resolve, doors

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        """Raises NotPublic, Unreachable, TooSlow."""
        if port not in PORTS and not any(port == door for _, door in self._doors):
            raise NotPublic
        addresses = self._in_time(host)
        if not addresses or not all(self._may_reach(address, port) for address in addresses):
            raise NotPublic
        return _Stream(self._connect(addresses, port), self._deadline)

    def _may_reach(self, address: str, port: int) -> bool:
        return (port in PORTS and is_public(address)) or (address, port) in self._doors

    def _in_time(self, host: str) -> list[str]:
        """What the host resolves to. A name server that is slow does not hold us up longer than anything else."""
        found: list[list[str] | Exception] = []

        def ask() -> None:
            try:
                found.append(self._resolve(host))
            except Exception as error:
                found.append(error)

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(self._deadline.at_most(CONNECT_TIME))
        if not found:
            raise TooSlow
        if isinstance(found[0], Exception):
            raise found[0]
        return found[0]

    def _connect(self, addresses: list[str], port: int) -> NetworkStream:
        """To the first address that answers; few machines have both kinds of network."""
        until = time.monotonic() + CONNECT_TIME
        for number, address in enumerate(addresses[:3]):
            left = self._deadline.at_most(max(until - time.monotonic(), 0.1))
            try:
                return httpcore2.SyncBackend().connect_tcp(
                    address, port, left if number else min(left, CONNECT_TIME / 2)
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        raise Unreachable


class Transport(httpx2.HTTPTransport):
    """httpx2's own, through the guard: no proxy and nothing else from the environment."""

    def __init__(self, guard: Guard) -> None:
        super().__init__(verify=_certificates(), trust_env=False)
        self._pool = httpcore2.ConnectionPool(ssl_context=_certificates(), network_backend=guard)


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """Whom to trust; reading it takes a while."""
    return httpx2.create_ssl_context(trust_env=False)
