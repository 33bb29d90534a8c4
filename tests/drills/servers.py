"""New code comes in while the site is used (D11), and clients that hang do not keep others from it (D12)."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from newsdesk.bench import nginx, processes, servers
from tests.drills.people import at_work, editors, lost, reading
from tests.drills.saving import SOON
from tests.drills.trial import Trial, drill
from tests.sites import HOST

EVERY = 6.0  # seconds between two reloads


def no_nginx() -> str:
    return "" if nginx.program() else "nginx is not installed"


@contextmanager
def _in_front(trial: Trial, server: servers.Server) -> Iterator[servers.Server]:
    """nginx before a server while the block lasts, as it ships."""
    configuration, ports = nginx.before(trial.site.folder, HOST, server.port, 2)
    with servers.served(nginx.line(configuration), ports[0], os.environ, trial.site.log("nginx")) as front:
        yield front


@drill("D11", seconds=120, short=8, cannot=no_nginx)
def reloads(trial: Trial) -> None:
    """The processes are replaced one after another, again and again, under readers and editors."""
    with trial.site.serving() as server, _in_front(trial, server) as front:
        people = editors(trial.site, front.port, 2)
        with reading(front.port, 10, [each.article for each in people]) as readers, at_work(people, 1):
            times = max(2, int(trial.seconds / EVERY))
            for _ in range(times):
                time.sleep(trial.seconds / times)
                os.kill(server.pid, signal.SIGHUP)
            time.sleep(3)
    trial.figure("reloads", times, least=2)
    trial.readers(readers)
    trial.figure("saves", sum(len(each.saves.asked) for each in people), least=1)
    trial.figure("saves failed", sum(each.saves.failed() for each in people), most=0)
    trial.figure("acknowledged saves lost", lost(trial.site, people), most=0)


@drill("D12", seconds=60, short=4, cannot=no_nginx)
def hanging_clients(trial: Trial) -> None:
    """500 who connect and say nothing, and 200 who say a letter a second, before nginx as it ships."""
    with trial.site.serving() as server, _in_front(trial, server) as front:
        people = editors(trial.site, server.port, 1)
        family = [*front.processes(), *server.processes()]
        with reading(front.port, 10, [people[0].article]) as quiet:
            time.sleep(trial.seconds / 2)
        used = _megabytes(family)
        with _clients(front.port, 700) as clients, reading(front.port, 10, [people[0].article]) as readers:
            until, sent = time.monotonic() + trial.seconds, 0
            while time.monotonic() < until:
                for client in clients[:200]:
                    sent += _letter(client)
                time.sleep(1)
            grown = _megabytes(family) - used
    trial.figure("letters sent", sent, least=200)
    trial.readers(quiet, readers)
    trial.figure("reader p95, quiet", quiet.p(95))
    trial.time("reader p95", readers.p(95), most=max(2 * quiet.p(95), SOON))
    trial.figure("megabytes more", grown, most=128)


def _megabytes(pids: list[int]) -> float:
    return sum(each.pss for each in processes.memory(pids))


@contextmanager
def _clients(port: int, number: int) -> Iterator[list[socket.socket]]:
    """So many connections; on the first 200 a request has begun."""
    with ExitStack() as all_of_them:
        clients = [all_of_them.enter_context(socket.create_connection(("127.0.0.1", port), 10)) for _ in range(number)]
        for client in clients[:200]:
            client.sendall(f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: ".encode())
        yield clients


def _letter(client: socket.socket) -> bool:
    """Whether the server still takes another letter; it ends such a request in time."""
    try:
        client.sendall(b"a")
    except OSError:
        return False
    return True
