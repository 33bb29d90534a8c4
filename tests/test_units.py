"""The units of systemd that ship: systemd takes them, they are hardened, and they start what there is."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.catalogue import ROOT

DEPLOY = ROOT / "newsdesk" / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("*.service"))
HARDENED = {
    "NoNewPrivileges": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "ProtectHome": "yes",
    "ProtectSystem": "strict",
    "CapabilityBoundingSet": "",
}


def settings_of(unit: str) -> dict[str, str]:
    lines = re.findall(r"(?m)^(\w+)=(.*)$", (DEPLOY / unit).read_text(encoding="utf-8"))
    return dict(lines)


@pytest.mark.parametrize("unit", UNITS)
def test_units_are_hardened(unit: str) -> None:
    found = settings_of(unit)
    assert {name: found.get(name) for name in HARDENED} == HARDENED
    assert found["User"] == "newsdesk"


@pytest.mark.parametrize("unit", UNITS)
def test_units_start_commands_that_there_are(unit: str) -> None:
    command = settings_of(unit)["ExecStart"].split()
    assert command[:2] == ["/srv/newsdesk/.venv/bin/python", "manage.py"]
    assert command[2] in get_commands()


def test_a_reload_looks_first_whether_the_new_code_can_be_served() -> None:
    text = (DEPLOY / "newsdesk.service").read_text(encoding="utf-8")
    looked, told = re.findall(r"(?m)^ExecReload=(.*)$", text)
    assert looked.endswith("manage.py serve --check")
    assert told == "/bin/sh -c 'kill -HUP $MAINPID'"  # procps, and with it /bin/kill, is not everywhere


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_takes_the_units(unit: str, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if not program:
        pytest.skip("systemd-analyze is not installed")
    text = (DEPLOY / unit).read_text(encoding="utf-8")
    here = text.replace("/srv/newsdesk/.venv/bin/python", "/bin/true").replace("User=newsdesk", "User=root")
    (tmp_path / unit).write_text(here, encoding="utf-8")
    done = subprocess.run([program, "verify", tmp_path / unit], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
