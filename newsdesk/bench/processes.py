"""Processes of the bench: started, asked of the kernel what they cost, and ended by their numbers (proc(5))."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROC = Path("/proc")
TICK = 1000 / os.sysconf("SC_CLK_TCK")  # milliseconds
PATIENCE = 10  # seconds that a process has to end by itself
QUIET = 0.05  # seconds without work after which processes are idle


class Failed(Exception):
    """A process of the bench ended in another way than it should."""


@contextmanager
def running(command: list[str], env: Mapping[str, str], log: Path, **options: Any) -> Iterator["subprocess.Popen[str]"]:
    """The process while the block lasts; then it is ended, with whatever it started."""
    with log.open("a") as out:
        process = subprocess.Popen(  # noqa: S603
            command,
            env=dict(env),
            stderr=out,
            stdout=options.pop("stdout", out),
            text=True,
            start_new_session=True,  # a Ctrl-C is for the bench, which ends it
            **options,
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process: "subprocess.Popen[str]") -> None:
    started = family(process.pid)
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pid in started[1:]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def inside(job: str, *arguments: object, env: Mapping[str, str], log: Path) -> Iterator[dict[str, Any]]:
    """What a job says that runs inside the site (`newsdesk.bench.inside`). Raises Failed where it breaks."""
    command = [sys.executable, "-m", "newsdesk.bench.inside", job, *map(str, arguments)]
    with running(command, env, log, stdout=subprocess.PIPE) as process:
        assert process.stdout  # noqa: S101  # a pipe was asked for
        yield from map(json.loads, process.stdout)
        if process.wait():
            raise Failed(f"{job}: {last_lines(log)}")


def last_lines(log: Path) -> str:
    """The end of a log, for a person to read."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:]) or "it said nothing."


# What the kernel knows


def family(pid: int) -> list[int]:
    """The process and all that descend from it, the eldest first."""
    children: dict[int, list[int]] = {}
    for each in _numbers():
        with suppress(OSError):
            children.setdefault(int(_stat(each)[1]), []).append(each)
    found = [pid]
    for parent in found:
        found += children.get(parent, [])
    return found


def backends(database: str) -> list[int]:
    """PostgreSQL's processes for a database, where they run on this machine and may be looked at."""
    return [pid for pid in _numbers() if _is_backend(pid, database)]


def _is_backend(pid: int, database: str) -> bool:
    with suppress(OSError):
        words = Path(PROC, str(pid), "cmdline").read_bytes().rstrip(b"\0").decode(errors="replace").split()
        return words[:1] == ["postgres:"] and database in words
    return False


def cpu(pids: Iterable[int]) -> dict[int, float]:
    """Milliseconds of CPU, user and system, that each has spent."""
    found = {}
    for pid in pids:
        with suppress(OSError):
            fields = _stat(pid)
            found[pid] = (int(fields[11]) + int(fields[12])) * TICK
    return found


def spent(before: Mapping[int, float], after: Mapping[int, float]) -> float:
    """Milliseconds between two looks; what began in between counts from nothing."""
    return sum(time - before.get(pid, 0.0) for pid, time in after.items())


def settle(pids: list[int]) -> None:
    """Wait until the processes have nothing left to do: a client that went away leaves work behind."""
    until, before = time.monotonic() + PATIENCE, cpu(pids)
    while time.monotonic() < until:
        time.sleep(QUIET)
        now = cpu(pids)
        if spent(before, now) < 2 * TICK:
            return
        before = now


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes of a process: its share of what it has in common with others (PSS), and all it sees (RSS)."""

    pss: float
    rss: float


def memory(pids: Iterable[int]) -> list[Memory]:
    """Of each that may be looked at."""
    found = []
    for pid in pids:
        with suppress(OSError):
            lines = Path(PROC, str(pid), "smaps_rollup").read_text().splitlines()[1:]
            sizes = {name: int(value.split()[0]) / 1024 for name, _, value in (line.partition(":") for line in lines)}
            found.append(Memory(sizes["Pss"], sizes["Rss"]))
    return found


def _numbers() -> list[int]:
    return [int(path.name) for path in PROC.iterdir() if path.name.isdecimal()]


def _stat(pid: int) -> list[str]:
    """Fields of /proc/<pid>/stat from the state on; the name before it may hold anything."""
    return Path(PROC, str(pid), "stat").read_text().rpartition(")")[2].split()
