"""Sources are looked at while readers read (D14): some pages are well, some are gone, some servers are hostile."""

import json
import subprocess
import sys
import time

from django.conf import settings

from newsdesk.bench import processes
from tests.drills.people import editors, reading
from tests.drills.saving import SOON
from tests.drills.trial import Trial, drill


@drill("D14", seconds=120, short=3)
def links(trial: Trial) -> None:
    """Thousands of addresses, a tenth of them hostile, are looked at beside readers."""
    number = int(min(5_000, trial.seconds * 40))
    with trial.site.serving() as server:
        (editor,) = editors(trial.site, server.port, 1)
        with reading(server.port, 10, [editor.article]) as quiet:
            time.sleep(max(2, trial.seconds / 6))
        line = [sys.executable, "-m", "tests.drills.checker", str(number), "0.3"]
        with (
            (trial.site.folder / "checker.log").open("w") as log,
            subprocess.Popen(
                line, env=trial.site.environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, stderr=log
            ) as checker,
            reading(server.port, 10, [editor.article]) as readers,
        ):
            most = 0.0
            while checker.poll() is None:
                most = max(most, sum(each.rss for each in processes.memory([checker.pid])))
                time.sleep(0.2)
            assert checker.stdout
            told = checker.stdout.read().decode()
    assert checker.returncode == 0, (trial.site.folder / "checker.log").read_text()
    found = json.loads(told)
    trial.figure("addresses", found["looked at"], least=number)
    trial.figure("well", found["said"].get("well well", 0), least=1)
    trial.figure("gone taken for well", found["said"].get("gone well", 0), most=0)
    trial.figure("inside taken for well", found["said"].get("inside well", 0), most=0)
    trial.time("longest look", found["longest"], most=12)
    trial.figure("megabytes at most", most, most=200)
    trial.readers(quiet, readers)
    trial.figure("reader p95, quiet", quiet.p(95))
    trial.time("reader p95", readers.p(95), most=max(1.2 * quiet.p(95), SOON))
