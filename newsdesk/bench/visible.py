"""From the commit of a publication to the moment every process shows it to readers."""

import json
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import Any

from newsdesk import serving
from newsdesk.bench import processes, servers
from newsdesk.bench.load import Wanted, WrongAnswer, ask
from newsdesk.bench.measure import HOST, Options

SERVERS = 3  # of one process each, so that every process is asked
LONGEST = 30  # seconds until it is given up
EVERY = 0.005


def measured(url: str, options: Options, times: int) -> dict[str, Any]:
    """Seconds until the last of several processes showed what was published, on the front page and at its address.

    The database is written to. Raises WrongAnswer where a process never shows it.
    """
    env = serving.environment(options.environment(url))
    with ExitStack() as stack:
        ports = []
        for _ in range(SERVERS):
            port = servers.free_port()
            line = servers.command(options.server, servers.SITE, port, 1)
            ports.append(stack.enter_context(servers.served(line, port, env, options.log)).port)
        for port in ports:
            ask(port, HOST, Wanted("/", ""))  # so that each has a front page to be wrong about
        command = [sys.executable, "-m", "newsdesk.bench.inside", "publish"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        newsroom = stack.enter_context(processes.running(command, env, options.log, **pipes))
        found = [_seconds(newsroom, ports) for _ in range(times)]
    return {"times": times, "processes": SERVERS, "most": max(found), "seconds": found}


def _seconds(newsroom: "subprocess.Popen[str]", ports: list[int]) -> float:
    assert newsroom.stdin  # noqa: S101  # pipes were asked for
    assert newsroom.stdout  # noqa: S101
    newsroom.stdin.write("\n")
    newsroom.stdin.flush()
    line = newsroom.stdout.readline()
    if not line:
        raise processes.Failed("Nothing could be published; see the log.")
    said = json.loads(line)
    missing = {(port, path) for port in ports for path in ("/", said["path"])}
    while missing:
        missing = {(port, path) for port, path in missing if not _shows(port, path, said["path"])}
        waited: float = time.monotonic() - said["committed"]
        if missing and waited > LONGEST:
            raise WrongAnswer(f"{len(missing)} of {2 * len(ports)} pages do not show it after {LONGEST} seconds.")
        if missing:
            time.sleep(EVERY)
    return waited


def _shows(port: int, path: str, article: str) -> bool:
    """Whether a page is there and leads to the article."""
    status, _headers, body = ask(port, HOST, Wanted(path, ""))
    return status == 200 and article in body.decode()
