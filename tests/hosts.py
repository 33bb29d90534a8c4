"""Web servers of tests, well-behaved and not: they answer each path with bytes, or with a function on the socket.

And servers of any kind that do not answer.
"""

import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from articles.fetching import fetcher
from newsdesk.bench.servers import free_port

Talk = bytes | Callable[[socket.socket], None]


@dataclass
class Host:
    """A server on 127.0.0.1. `asked` are the requests it got, as (time, method, path, headers)."""

    port: int
    answers: dict[str, Talk] = field(default_factory=dict)
    asked: list[tuple[float, str, str, str]] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)  # what came with them, where anything did
    no_head: str = ""  # the status it gives to HEAD, if it does not know that

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for besides robots.txt."""
        return [path for _, _, path, _ in self.asked if path != "/robots.txt"]


def reply(
    body: bytes | str = "", status: str = "200 OK", kind: str = "text/html; charset=utf-8", **headers: str
) -> bytes:
    """A whole HTTP answer."""
    data = body.encode() if isinstance(body, str) else body
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n{more}Connection: close\r\n\r\n"
    )
    return head.encode() + data


def to(location: str, status: str = "302 Found") -> bytes:
    """A redirect."""
    return reply(status=status, Location=location)


def slowly(data: bytes, seconds: float = 0.3, head: bytes = b"") -> Callable[[socket.socket], None]:
    """A byte at a time, after the head."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(head)
        for index in range(len(data)):
            connection.sendall(data[index : index + 1])
            time.sleep(seconds)

    return talk


def endlessly(head: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    """Never ends."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)

    return talk


@contextmanager
def host(monkeypatch: pytest.MonkeyPatch, **answers: Talk) -> Iterator[Host]:
    """A server that the fetcher may reach. Paths it has no answer for are 404."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Host(listener.getsockname()[1], {f"/{path}": talk for path, talk in answers.items()})
    monkeypatch.setattr(fetcher, "DOORS", frozenset({*fetcher.DOORS, ("127.0.0.1", server.port)}))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=[connection], daemon=True).start()

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                data = connection.recv(65536)
                if not data:
                    return
                head += data
                if head.startswith(b"\x16"):
                    return  # it would speak TLS
            head, _, body = head.partition(b"\r\n\r\n")
            line, _, headers = head.decode("latin-1").partition("\r\n")
            method, path, _ = line.split(" ", 2)
            length = re.search(r"(?i)content-length: (\d+)", headers)
            while length and len(body) < int(length[1]):
                body += connection.recv(65536)
            server.sent += [body] if body else []
            server.asked.append((time.monotonic(), method, path, headers))
            talk = server.answers.get(path, reply("", "404 Not Found"))
            talk = reply("", server.no_head) if method == "HEAD" and server.no_head else talk
            if callable(talk):
                talk(connection)
            else:
                connection.sendall(talk if method != "HEAD" else talk.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield server
    finally:
        listener.close()


Away = Callable[[], AbstractContextManager[int]]


@contextmanager
def refusing() -> Iterator[int]:
    """A port that nobody listens on."""
    yield free_port()


@contextmanager
def silent() -> Iterator[int]:
    """The port of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


# Where this process connects to, while somebody looks.
_spies: list[list[Any]] = []


def _spy(event: str, args: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        for seen in _spies:
            seen.append(args[1])


sys.addaudithook(_spy)


@contextmanager
def connections() -> Iterator[list[Any]]:
    """The addresses this process connects to."""
    seen: list[Any] = []
    _spies.append(seen)
    try:
        yield seen
    finally:
        _spies.remove(seen)
