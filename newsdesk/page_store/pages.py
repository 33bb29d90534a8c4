"""A finished page: what is sent to whoever asks for it, in every encoding, made once."""

import gzip
import hashlib
import json
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from django.utils.http import http_date

try:
    import brotli
except ImportError:  # pages go without it
    brotli = None

SMALLEST = 512  # bytes that are worth compressing
COMPRESSIBLE = ("text/", "application/json", "application/feed+json", "application/rss+xml", "application/atom+xml")
MORE = ("application/xml", "application/manifest+json", "image/svg+xml")
# What one answer has and the next must not repeat, and what `Page` makes itself.
NOT_KEPT = frozenset({"connection", "date", "server", "content-length", "content-encoding", "etag", "last-modified"})

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is kept. `subjects` is what it is made of, and `state` what these were before it was made.

    Its name among versions is a hash of its bytes: made again without a change, it is the same to whoever has it.
    """

    status: str
    headers: tuple[tuple[str, str], ...]  # those of every answer, without NOT_KEPT
    bodies: dict[str, bytes]  # by content coding; "" is the page as it is
    tag: str
    subjects: tuple[str, ...]
    state: str
    changed_at: float  # when these changed last, in seconds since 1970; 0 where that is not known
    answers: "dict[str, Headers]" = field(default_factory=dict, repr=False, compare=False)  # see `headers_in`

    @classmethod
    def made(
        cls,
        status: str,
        headers: Sequence[tuple[str, str]],
        body: bytes,
        subjects: Sequence[str],
        state: str,
        changed_at: float = 0.0,
    ) -> Self:
        """Of an answer in its identity encoding."""
        named = {name.lower(): value for name, value in headers}
        kept = [(name, value) for name, value in headers if name.lower() not in NOT_KEPT | {"vary"}]
        bodies = {"": body, **(_encoded(body) if _may_be_encoded(named.get("content-type", ""), body) else {})}
        if len(bodies) > 1:
            kept.append(("Vary", "Accept-Encoding"))
        tag = hashlib.sha256(f"{status} {sorted(kept)}".encode() + body).hexdigest()[:32]
        return cls(status, tuple(kept), bodies, tag, tuple(subjects), state, changed_at)

    @property
    def size(self) -> int:
        """Bytes that it takes in memory, about."""
        return 1024 + sum(map(len, self.bodies.values()))

    @property
    def is_whole(self) -> bool:
        """Whether it is an answer of status 200."""
        return self.status.startswith("200")

    def headers_in(self, coding: str) -> Headers:
        """The headers of an answer with the body in that coding.

        The date of the last change is told once no other can follow in the same second, which it could not tell.
        """
        if coding in self.answers:
            return self.answers[coding]
        is_settled = time.time() > self.changed_at + 1
        headers = [
            *self.headers,
            *([("ETag", self.etag(coding))] if self.is_whole else []),
            *(
                [("Last-Modified", http_date(self.changed_at))]
                if self.is_whole and self.changed_at and is_settled
                else []
            ),
            *([("Content-Encoding", coding)] if coding else []),
            ("Content-Length", str(len(self.bodies[coding]))),
        ]
        if is_settled:
            self.answers[coding] = headers
        return headers

    def etag(self, coding: str) -> str:
        """The validator of a coding; a weak one where the bytes are not those of the page itself (RFC 9110 §8.8.3)."""
        return f'W/"{self.tag}"' if coding else f'"{self.tag}"'

    def to_bytes(self) -> bytes:
        """As another process reads it: a line of JSON, then the bodies. Nothing in it can be run."""
        head = {
            "status": self.status,
            "headers": self.headers,
            "lengths": {coding: len(body) for coding, body in self.bodies.items()},
            "tag": self.tag,
            "subjects": self.subjects,
            "state": self.state,
            "changed_at": self.changed_at,
        }
        data = b"\n".join([json.dumps(head).encode(), b"".join(self.bodies.values())])
        return zlib.crc32(data).to_bytes(4, "big") + data

    @classmethod
    def from_bytes(cls, data: bytes) -> Self | None:
        """What `to_bytes` wrote; None for anything else."""
        checksum, data = data[:4], data[4:]
        if len(checksum) < 4 or zlib.crc32(data).to_bytes(4, "big") != checksum:
            return None
        line, _, rest = data.partition(b"\n")
        head = json.loads(line)
        bodies, start = {}, 0
        for coding, length in head.pop("lengths").items():
            bodies[coding] = rest[start : start + length]
            start += length
        headers = tuple((name, value) for name, value in head.pop("headers"))
        return cls(headers=headers, bodies=bodies, subjects=tuple(head.pop("subjects")), **head)


def _may_be_encoded(content_type: str, body: bytes) -> bool:
    return len(body) >= SMALLEST and content_type.startswith((*COMPRESSIBLE, *MORE))


def _encoded(body: bytes) -> dict[str, bytes]:
    """In the order in which they are preferred. Public pages hold no secret that their length could give away."""
    codings = {"br": brotli.compress(body, quality=6)} if brotli else {}
    return {**codings, "gzip": gzip.compress(body, 9, mtime=0)}
