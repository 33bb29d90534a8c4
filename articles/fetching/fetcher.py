"""Fetch an address of the web, politely and within bounds."""

import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace

import httpx2
from django.conf import settings

from articles.fetching import guard, robots
from articles.fetching.errors import (
    BadAddress,
    Disallowed,
    NotAPage,
    NotTrusted,
    Refused,
    TooManyRedirects,
    TooSlow,
    Unreachable,
    Unreadable,
)
from articles.fetching.guard import Deadline, Doors, Guard, Resolve, Transport
from articles.fetching.robots import Robots

ROBOT = "newsdesk"  # the name robots.txt knows us by
TIME = 10.0  # seconds for everything, from the first name looked up to the last byte
MOST_BYTES = 1024 * 1024  # of a page, unpacked; what it says of itself stands near its beginning
MOST_REDIRECTS = 4
LONGEST_URL = 4_000
PACE = 1.0  # seconds between two requests to one host
ROBOTS_KEPT = 3600.0  # seconds
PAGES = ("text/html", "application/xhtml+xml")
PACKINGS = ("", "identity", "gzip", "x-gzip", "deflate")
REDIRECTS, FOR_EVER = (301, 302, 303, 307, 308), (301, 308)

# (address, port) that may be reached though they are not public. Only tests set it: no environment, no setting.
DOORS: Doors = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the web said. `url` is where it was found, `moved_to` where the address moved to for good, or empty.

    Names of headers are in small letters. `body` ends after MOST_BYTES.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    moved_to: str = ""

    @property
    def leads_to(self) -> str:
        """Where it redirects to, or empty."""
        return self.headers.get("location", "") if self.status in REDIRECTS else ""

    @property
    def kind(self) -> str:
        """The media type, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Fetcher:
    """Fetches pages. It remembers the robots.txt of the hosts it met; the pace is that of the whole process."""

    def __init__(
        self, *, resolve: Resolve = guard.resolve, seconds: float | None = None, pace: float | None = None
    ) -> None:
        self._resolve = resolve
        self._seconds = TIME if seconds is None else seconds
        self._pace = PACE if pace is None else pace
        self._robots: dict[str, tuple[float, Robots]] = {}

    def page(self, url: str) -> Answer:
        """The page at an address. Raises FetchError."""
        answer = self.ask("GET", url)
        if answer.status != 200:
            raise Refused(answer.status)
        if answer.kind not in PAGES:
            raise NotAPage
        return answer

    def ask(self, method: str, url: str) -> Answer:
        """What an address answers, whatever the status, after redirects. The body of pages only. Raises FetchError."""
        deadline = Deadline(self._seconds)
        here, moved_to, for_ever = address(url), "", True
        for _ in range(MOST_REDIRECTS + 1):
            self._mind_robots(here, deadline)
            answer = self._once(method, here, deadline, PAGES)
            if not answer.leads_to:
                return replace(answer, moved_to=moved_to)
            here = _joined(here, answer.leads_to)
            for_ever = for_ever and answer.status in FOR_EVER
            moved_to = str(here) if for_ever else moved_to
        raise TooManyRedirects

    def post(self, url: str, fields: Mapping[str, str]) -> int:
        """Send a form to an address that whoever runs the site chose; returns the status. Raises FetchError.

        Redirects are not followed, since the form is meant for this address alone. What comes back is not read.
        robots.txt is not asked for: it is about reading pages.
        """
        return self._once("POST", address(url), Deadline(self._seconds), (), fields).status

    def _mind_robots(self, url: httpx2.URL, deadline: Deadline) -> None:
        origin = f"{url.scheme}://{url.netloc.decode()}"
        until, rules = self._robots.get(origin, (0.0, robots.NOTHING))
        if until < time.monotonic():
            rules = self._robots_of(address(f"{origin}/robots.txt"), deadline)
            self._robots[origin] = (time.monotonic() + ROBOTS_KEPT, rules)
        if not rules.allow(url.raw_path.decode()):
            raise Disallowed

    def _robots_of(self, url: httpx2.URL, deadline: Deadline) -> Robots:
        """Everything is allowed where there is none. Raises Refused where the host is in trouble (RFC 9309 §2.3.1)."""
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._once("GET", url, deadline, ("text/plain",))
            if answer.status >= 500 or answer.status == 429:
                raise Refused(answer.status, answer.headers.get("retry-after", ""))
            if not answer.leads_to:
                text = answer.body[: robots.LONGEST].decode("utf-8", "replace") if answer.status == 200 else ""
                return Robots.read(text, ROBOT)
            url = _joined(url, answer.leads_to)
        return Robots()

    def _once(
        self,
        method: str,
        url: httpx2.URL,
        deadline: Deadline,
        kinds: tuple[str, ...],
        fields: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request, without redirects, cookies or credentials. Reads the body if it is of one of these kinds."""
        take_turn(url.host, deadline, self._pace)
        request = httpx2.Request(method, url, headers=_headers(), data=fields)
        request.extensions = {"timeout": {"connect": guard.CONNECT_TIME, "read": None, "write": None, "pool": None}}
        try:
            with (
                closing(Transport(Guard(deadline, self._resolve, DOORS))) as transport,
                closing(transport.handle_request(request)) as response,
            ):
                headers = {name.lower(): value for name, value in response.headers.items()}
                answer = Answer(str(url), response.status_code, headers)
                wanted = method == "GET" and answer.status == 200 and answer.kind in kinds
                return replace(answer, body=_body(response)) if wanted else answer
        except httpx2.TimeoutException as error:
            raise TooSlow from error
        except (httpx2.NetworkError, httpx2.ConnectError) as error:
            raise (NotTrusted if _is_certificate(error) else Unreachable) from error
        except (httpx2.HTTPError, httpx2.StreamError, ValueError) as error:
            raise Unreadable from error


def _is_certificate(error: BaseException | None) -> bool:
    """Whether it all began with a certificate that is not in order."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__
    return error is not None


def _headers() -> dict[str, str]:
    return {
        "User-Agent": f"{ROBOT} (+{settings.SITE_URL})",
        "Accept": "text/html, application/xhtml+xml;q=0.9, */*;q=0.5",
        "Accept-Language": "ja, en;q=0.5",
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }


def _body(response: httpx2.Response) -> bytes:
    """Unpacked, as far as it is read; unpacking goes on in pieces, so a bomb does not go off."""
    if response.headers.get("content-encoding", "").strip().lower() not in PACKINGS:
        raise Unreadable
    parts, length = [], 0
    for part in response.iter_bytes():
        parts.append(part)
        length += len(part)
        if length >= MOST_BYTES:
            break
    return b"".join(parts)[:MOST_BYTES]


def address(url: str) -> httpx2.URL:
    """The address taken apart. Raises BadAddress where it is not one of the web, or brings a name and a password."""
    try:
        parts = httpx2.URL(url.strip())
    except (httpx2.InvalidURL, ValueError, TypeError) as error:
        raise BadAddress from error
    odd = not parts.host or "%" in parts.host or parts.userinfo or parts.port == 0 or len(str(parts)) > LONGEST_URL
    if odd or parts.scheme not in ("http", "https"):
        raise BadAddress
    return parts


def _joined(url: httpx2.URL, location: str) -> httpx2.URL:
    """Where a redirect leads. Raises BadAddress."""
    try:
        return address(str(url.join(location)))
    except (httpx2.InvalidURL, ValueError) as error:
        raise BadAddress from error


_turns: dict[str, float] = {}
_turns_lock = threading.Lock()


def take_turn(host: str, deadline: Deadline, pace: float) -> None:
    """Wait until the host may be asked again. Raises TooSlow where that is too late."""
    with _turns_lock:
        now = time.monotonic()
        if len(_turns) > 10_000:
            for gone in [name for name, free in _turns.items() if free < now]:
                del _turns[gone]
        turn = max(now, _turns.get(host, 0.0))
        if turn - now >= deadline.left:
            raise TooSlow
        _turns[host] = turn + pace
    time.sleep(turn - now)
