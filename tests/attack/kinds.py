"""What an attack is: kinds of bad input with a number each, and what came of every try."""

import http.client
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from tests.drills.people import Browser
from tests.sites import HOST, Site

PATIENCE = 20.0  # seconds after which a server counts as hanging

REFUSED, SOUND = "refused", "sound"  # what a try came to; anything else says what broke
Tries = Iterator[str]


@dataclass
class Target:
    """The site that is attacked: its server's port, and a browser for each role."""

    site: Site
    port: int
    browsers: dict[str, Browser] = field(default_factory=dict)

    def raw(self, data: bytes) -> str:
        """What bytes on a connection of their own come to: an answer below 500, or none, within the time."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as connection:
            said = b""
            with suppress(ConnectionError, BrokenPipeError):
                connection.sendall(data)
            try:
                while b"\r\n" not in said and (more := connection.recv(65536)):
                    said += more
            except TimeoutError:
                return f"no answer in {PATIENCE:g} seconds"
            except ConnectionError:
                return REFUSED
        return judged(int(said.split()[1])) if said.startswith(b"HTTP/") else REFUSED

    def get(self, path: str, role: str = "anonymous", headers: Mapping[str, str] | None = None) -> str:
        """What asking for a path as a role comes to; the path is sent as it is."""
        browser = self.browsers.get(role) or Browser(self.port)
        try:
            return judged(browser.ask("GET", path, b"", **(headers or {})).status)
        except TimeoutError:
            return f"no answer in {PATIENCE:g} seconds"
        except (http.client.HTTPException, ConnectionError):
            return REFUSED

    def line(self, line: bytes, *headers: bytes) -> str:
        """What a request comes to of which we write every byte of the first line."""
        head = [line, b"Host: " + HOST.encode(), *headers, b"Connection: close"]
        return self.raw(b"\r\n".join(head) + b"\r\n\r\n")


def judged(status: int) -> str:
    """What a status means: below 400 the site took it, below 500 it refused, from 500 on it broke."""
    return SOUND if status < 400 else REFUSED if status < 500 else f"status {status}"


@dataclass(frozen=True)
class Kind:
    """A kind of bad input. Its tries yield what each came to."""

    number: int
    name: str
    tries: Callable[[Target], Tries]


KINDS: dict[int, Kind] = {}


def kind(number: int, name: str) -> Callable[[Callable[[Target], Tries]], Callable[[Target], Tries]]:
    """Enter a kind in the list."""

    def enter(tries: Callable[[Target], Tries]) -> Callable[[Target], Tries]:
        assert number not in KINDS, number
        KINDS[number] = Kind(number, name, tries)
        return tries

    return enter
