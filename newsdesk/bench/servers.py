"""Servers that are measured: the site as in production, and a bare view of the same bytes on the same server."""

import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, RemoteDisconnected
from pathlib import Path

from newsdesk.bench import processes
from newsdesk.serving import Serving

SITE, BARE = "newsdesk.wsgi:application", "newsdesk.bench.bare:application"
UP_WITHIN = 30  # seconds

GRANIAN, GUNICORN = "granian", "gunicorn"
SERVERS = (GRANIAN, GUNICORN)  # the first is the one that the site is served by
THREADS = 4  # of a worker, as SERVE_THREADS is by default

# What the environment of a process of the site adds. `made`: nothing is kept, every page is made of rows. `cold`:
# nothing is kept in memory or in a cache; finished pages stand in rows of the machine's file.
MADE = {"PAGE_STORE_BYTES": "0", "CACHE_URL": "dummycache://"}
COLD = {"PAGE_STORE_BYTES": "1", "CACHE_URL": "dummycache://"}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port on the loopback address, and the number of its first process."""

    port: int
    pid: int

    def processes(self) -> list[int]:
        return processes.family(self.pid)


def command(server: str, application: str, port: int, workers: int) -> list[str]:
    """The command line of a server: as `manage.py serve` becomes it, or gunicorn as operating.md names it."""
    bind = f"127.0.0.1:{port}"
    if server == GRANIAN:
        return Serving(bind, workers, THREADS).command(application)
    line = f"-m gunicorn {application} --bind {bind} --workers {workers} --log-level warning"
    return [sys.executable, *line.split()]


@contextmanager
def served(line: list[str], port: int, env: Mapping[str, str], log: Path) -> Iterator[Server]:
    """The server while the block lasts, once it answers. Raises Failed where it does not."""
    with processes.running(line, env, log) as process:
        until = time.monotonic() + UP_WITHIN
        while not answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise processes.Failed(f"{' '.join(line[:4])} …: {processes.last_lines(log)}")
            time.sleep(0.05)
        yield Server(port, process.pid)


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Whether a server there answers anything at all; nginx closes on whoever asks for no host of its own."""
    connection = HTTPConnection("127.0.0.1", port, timeout=UP_WITHIN)
    try:
        connection.request("GET", "/robots.txt")
        connection.getresponse().read()
    except RemoteDisconnected:
        return True
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True
