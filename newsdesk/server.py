"""The server: granian, but with sockets that outlast the processes that take connections from them.

`python -m newsdesk.server HOST PORT WORKERS THREADS APPLICATION`; `manage.py serve` becomes it. SIGHUP replaces the
processes one after another with such as have the new code, SIGTERM ends it.

On Linux each process of granian opens a socket of its own (SO_REUSEPORT), among which the kernel spreads connections.
When a process is replaced, the kernel resets whoever still waits at its socket, and while no new one is up yet,
connections are refused. Here the first process opens them, and the one that takes a place takes over its socket: who
waits there is answered by whoever comes. (One socket for all spreads badly: the process that wakes first takes most.)

This process lives on through every reload: what it imports of the site, new processes would have in its old form.
"""

import multiprocessing
import sys
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer, WorkerProcess

STOP_WITHIN = 30  # seconds that requests at work have to end
HEADERS_WITHIN = 10_000  # milliseconds that a client has to say what it wants
IDLE_THREADS_END = 600  # seconds; the connection to the database of a thread ends with it
HEADER_BYTES = 65_536


class Server(MPServer):
    """granian with a lasting socket for each place. The names are its own; tests/test_serving.py sees they hold."""

    _ssp: Any  # of what a socket is made
    _shd: Any  # the socket that the next process gets

    def _init_shared_socket(self) -> None:
        super()._init_shared_socket()  # type: ignore[no-untyped-call]
        self._sockets = [self._ssp.build() for _place in range(self.workers)]
        self._ssp = None

    def _spawn_worker(self, idx: int, target: Any, callback_loader: Any) -> WorkerProcess:  # type: ignore[override]
        self._shd = self._sockets[idx]
        return super()._spawn_worker(idx, target, callback_loader)


def serve(host: str, port: int, workers: int, threads: int, application: str) -> None:
    """Serve until SIGTERM."""
    # Processes inherit the sockets. (From Python 3.14 on, `fork` has to be asked for.)
    multiprocessing.set_start_method("fork")
    # New processes read the package anew.
    sys.modules.pop("newsdesk", None)
    Server(
        application,
        address=host,
        port=port,
        workers=workers,
        blocking_threads=threads,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN, max_buffer_size=HEADER_BYTES),
        websockets=False,
        blocking_threads_idle_timeout=IDLE_THREADS_END,
        workers_kill_timeout=STOP_WITHIN,
        respawn_failed_workers=True,
        # The site itself logs requests; a log of whole addresses would hold tokens and what readers look for.
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    _program, host, port, workers, threads, application = sys.argv
    serve(host, int(port), int(workers), int(threads), application)
