"""PostgreSQL is restarted while the site is used (D10)."""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from newsdesk.bench.servers import free_port
from tests.drills.people import at_work, editors, lost, reading
from tests.drills.records import Record
from tests.drills.trial import Trial, drill
from tests.sites import prepared

OUTAGE = (
    1.0  # seconds in which requests may fail: of each outage, and as long again until it is noticed that it is over
)

LEAST_ANSWERED = 99.0  # percent of readers' requests


def no_cluster() -> str:
    if connection.vendor != "postgresql":
        return "about PostgreSQL"
    if not _programs():
        return "PostgreSQL’s server programs are not installed"
    return "" if os.geteuid() or _postgres() else "PostgreSQL does not run as root, and there is no account postgres"


def _programs() -> Path | None:
    found = shutil.which("initdb")
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return Path(found).parent if found else newest[-1].parent if newest else None


def _postgres() -> "pwd.struct_passwd | None":
    return next((each for each in pwd.getpwall() if each.pw_name == "postgres"), None)


class Cluster:
    """A PostgreSQL of the drill's own, on a free port."""

    def __init__(self, folder: Path) -> None:
        self.port, self.data, self.programs = free_port(), folder / "data", _programs()
        self.account = _postgres() if os.geteuid() == 0 else None

    def run(self, program: str, *arguments: str) -> None:
        assert self.programs
        account = {"user": self.account.pw_uid, "group": self.account.pw_gid} if self.account else {}
        line = [str(self.programs / program), *arguments]
        done = subprocess.run(line, capture_output=True, text=True, check=False, cwd="/", **account)  # type: ignore[call-overload]
        assert done.returncode == 0, done.stderr or done.stdout

    def control(self, what: str, *more: str) -> None:
        log = str(self.data / "server.log")
        self.run("pg_ctl", what, "-D", str(self.data), "-l", log, "-w", *more)


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """It runs while the block lasts."""
    own = folder / "postgres"
    own.mkdir(mode=0o700)
    made = Cluster(own)
    if made.account:
        os.chown(own, made.account.pw_uid, made.account.pw_gid)
        for parent in folder.resolve().parents:
            if parent.stat().st_mode & 0o011 == 0:
                parent.chmod(parent.stat().st_mode | 0o011)
        folder.chmod(folder.stat().st_mode | 0o011)
    made.run("initdb", "-D", str(made.data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
    made.control("start", "-o", f"-p {made.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''")
    try:
        yield made
    finally:
        made.control("stop", "-m", "immediate")


@drill("D10", seconds=60, short=6, cannot=no_cluster)
def restarted_database(trial: Trial) -> None:
    """Five restarts that wait for nobody's session, two without even that, under readers and editors."""
    modes = ["fast", "immediate"] if trial.seconds < 30 else [*["fast"] * 5, *["immediate"] * 2]
    with cluster(trial.site.folder) as postgres:
        own = trial.site.folder / "own"
        own.mkdir()
        site = prepared(own, DATABASE_URL=f"postgres://postgres@127.0.0.1:{postgres.port}/postgres")
        with site.serving() as server:
            people = editors(site, server.port, 2)
            outages: list[tuple[float, float]] = []
            with reading(server.port, 10, [each.article for each in people]) as readers, at_work(people, 0.3):
                for mode in modes:
                    time.sleep(trial.seconds / len(modes))
                    began = time.monotonic()
                    postgres.control("restart", "-m", mode)
                    outages.append((began, time.monotonic()))
                time.sleep(3)
            trial.figure("saved in the end", people[0].save("最後の題") == 302, least=1)
            trial.figure("acknowledged saves lost", lost(site, people), most=0)
    trial.figure("restarts", len(modes), least=2)
    trial.readers(readers, answered=LEAST_ANSWERED)
    trial.figure("failed in an outage, longest", max(_failing(readers, *each) for each in outages), most=OUTAGE)
    failing = [
        max(
            (each.at + each.took for each in readers.asked if each.status != 200 and began <= each.at < end + 5),
            default=end,
        )
        - end
        for began, end in outages
    ]
    trial.time("recovered within", max(failing), most=2)


def _failing(readers: Record, began: float, end: float) -> float:
    """For how long requests failed that began in an outage, or soon after it."""
    failed = [
        each.at for each in readers.asked if began <= each.at < end + 5 and (each.status == 0 or each.status >= 500)
    ]
    return max(failed) - min(failed) if failed else 0.0
