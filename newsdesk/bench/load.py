"""Asking a server for pages: once, to see that it gives the right ones, and many times, to see what that costs."""

import gzip
import hashlib
import json
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import brotli

HINT = "wrk is not here: `apt-get install wrk` (or the like) brings it."
READERS = 8  # who ask at once, each over a connection
LONGEST = 60  # seconds until an answer is given up
LONGER = 3  # seconds for which it is asked once more, where nobody was answered
BROWSERS = "gzip, deflate, br"  # what they accept: with it the same page is a fifth of the bytes
_DECODED = {"br": brotli.decompress, "gzip": gzip.decompress}


class WrongAnswer(Exception):
    """A server did not answer as the site does; figures of it would mean nothing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An address, and what has to come back: the SHA-256 of the body, the status, the reader's ETag if there is one.

    `accepts` is what encodings the reader takes; the body is compared without them.
    """

    path: str
    digest: str
    status: int = 200
    etag: str = ""
    accepts: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What is asked with, besides the host."""
        return {
            name: value for name, value in (("If-None-Match", self.etag), ("Accept-Encoding", self.accepts)) if value
        }


@dataclass(frozen=True, slots=True)
class Load:
    """What came of asking as fast as the answers come: a rate, and milliseconds that answers took."""

    requests: int
    per_second: float
    p50: float
    p99: float


def tool() -> str:
    """Where wrk is; empty where it is not."""
    return shutil.which("wrk") or ""


def ask(port: int, host: str, wanted: Wanted) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (small letters) and body of one answer, as it was sent."""
    connection = HTTPConnection("127.0.0.1", port, timeout=LONGEST)
    headers = {"Host": host, "X-Forwarded-Proto": "https", "Connection": "close"}
    try:
        connection.request("GET", wanted.path, headers=headers | wanted.headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def check(port: int, host: str, wanted: Wanted) -> dict[str, str]:
    """The headers of the answer. Raises WrongAnswer where it is not what was wanted."""
    status, headers, body = ask(port, host, wanted)
    expected = 304 if wanted.etag else wanted.status
    if status != expected:
        raise WrongAnswer(f"{wanted.path} on port {port} answers {status}, not {expected}.")
    body = _DECODED.get(headers.get("content-encoding", ""), bytes)(body)
    if status != 304 and hashlib.sha256(body).hexdigest() != wanted.digest:
        raise WrongAnswer(f"{wanted.path} on port {port} answers {len(body):,} bytes that are not those of the page.")
    return headers


def load(port: int, host: str, wanted: Sequence[Wanted], seconds: float, readers: int = READERS) -> Load:
    """Ask for the addresses in turn for so long. Raises WrongAnswer where answers are broken or of another kind."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.writelines(f"{each.path}\t{each.etag}\t{each.accepts}\n" for each in wanted)
        file.flush()
        found = _wrk(port, [file.name, host], seconds, readers)
        if not found["requests"] + found["broken"]:  # a machine that is busy answers nobody in a part of a second
            found = _wrk(port, [file.name, host], LONGER, readers)
    refused = found["requests"] if wanted[0].status >= 400 else 0
    if found["broken"] or found["refused"] != refused or not found["requests"]:
        raise WrongAnswer(f"{wanted[0].path} on port {port}: {found}")
    return Load(int(found["requests"]), found["requests"] / found["seconds"], found["p50"], found["p99"])


def _wrk(port: int, arguments: list[str], seconds: float, readers: int) -> dict[str, float]:
    """What load.lua says at the end. wrk counts whole seconds only; it is stopped by a signal, for parts of one."""
    script = Path(__file__).with_name("load.lua")
    options = ["-t1", f"-c{readers}", f"-d{int(seconds) + LONGEST}s", f"--timeout={LONGEST}s", "-s", str(script)]
    process = subprocess.Popen(  # noqa: S603
        [tool(), *options, f"http://127.0.0.1:{port}", "--", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # a Ctrl-C is for the bench, which ends it
    )
    try:
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=LONGEST)
    finally:
        process.kill()
        process.wait()
    lines = [line for line in out.splitlines() if line.startswith("{")]
    if not lines:
        raise WrongAnswer(f"wrk says: {out.strip()}")
    found: dict[str, float] = json.loads(lines[-1])
    return found
