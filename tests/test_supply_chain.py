"""What the project stands on may be used, is listed, and is asked about."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.supply_chain import LIST, ROOT, audit, audit_by, is_allowed, licence, required


def every() -> list[str]:
    running, developing = required()
    return sorted({**running, **developing})


def test_every_licence_is_on_the_list() -> None:
    running, developing = required()
    wrong = {
        name: licence(found) for name, found in {**running, **developing}.items() if not is_allowed(licence(found))
    }
    assert not wrong


def test_what_everybody_uses_is_found() -> None:
    running, developing = required()
    assert {"django", "pillow", "psycopg", "prometheus-client", "boto3", "anyio"} <= running.keys()
    assert {"pytest", "pip-audit", "mypy"} <= developing.keys()
    assert not running.keys() & developing.keys()


def test_the_list_leaves_nothing_out() -> None:
    """`make licences` writes it anew."""
    listed = {
        line.split("|")[1].strip() for line in LIST.read_text(encoding="utf-8").splitlines() if line.startswith("| ")
    }
    assert set(every()) <= listed


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-2-Clause", True),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND AGPL-3.0-only", False),
        ("MIT AND (Apache-2.0 OR BSD-3-Clause)", True),
        ("AGPL-3.0-or-later", False),
        ("GPL-2.0", False),
        ("unknown", False),
        ("Proprietary", False),
        ("", False),
    ],
)
def test_licences_are_judged_by_all_that_they_say(expression: str, allowed: bool) -> None:
    assert is_allowed(expression) is allowed


def answering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, error: str = "") -> Path:
    """A lock, and beside it a pip-audit that gives that answer."""
    module = tmp_path / "pip_audit.py"
    module.write_text(f"import sys\nprint({answer!r})\nprint({error!r}, file=sys.stderr)\nsys.exit(1)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    lock = tmp_path / "dev.txt"
    lock.write_text("")
    return lock


def test_a_known_vulnerability_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = '{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["1.1"]}]}]}'
    assert audit(answering(tmp_path, monkeypatch, answer)) == 1
    assert "a 1: CVE-1, mended in 1.1" in capsys.readouterr().out


def test_nothing_known_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = '{"dependencies": [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "not found"}]}'
    assert audit(answering(tmp_path, monkeypatch, answer)) == 0
    out = capsys.readouterr().out
    assert "1 packages audited, 0 known vulnerabilities" in out
    assert "NOT AUDITED: 1 packages" in out


def test_a_service_that_cannot_be_asked_is_told_of_and_fails_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = answering(tmp_path, monkeypatch, "", "ERROR: connection to the service timed out")
    assert audit(lock) == 0
    assert "NOT AUDITED: dev.txt: ERROR: connection to the service timed out" in capsys.readouterr().out


def test_pip_audit_knows_the_options_that_are_used() -> None:
    done = subprocess.run([sys.executable, "-m", "pip_audit", "--help"], capture_output=True, text=True, check=False)
    for option in ("--disable-pip", "--require-hashes", "--format", "--timeout", "--progress-spinner"):
        assert option in done.stdout


def test_whoever_finds_a_weakness_learns_where_to_tell_it() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "Report a\nvulnerability" in text
    assert "security.txt" in text


@pytest.mark.parametrize(("pinned", "status"), [("1.4.2", 1), ("1.4.3", 0), ("1.5rc1", 1)])
def test_a_stored_list_is_looked_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], pinned: str, status: int
) -> None:
    lock, stored = tmp_path / "dev.txt", tmp_path / "insecure.json"
    lock.write_text(f"Sample.Package[extra]=={pinned} \\\n    --hash=sha256:0\nother==2\n")
    stored.write_text('{"$meta": {"timestamp": 1775023247}, "sample-package": ["<1.4.3", ">=1.5rc1,<=1.5"]}')
    assert audit_by(lock, stored) == status
    assert f"2 packages looked up in a list of 2026-04-01, {status} known" in capsys.readouterr().out
