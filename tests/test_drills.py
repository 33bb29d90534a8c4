"""Every drill in its short form: nothing that was acknowledged is lost, and readers go on reading."""

from pathlib import Path

import pytest

from tests.catalogue import ROOT
from tests.drills.everything import DRILLS

# About disks, servers and the web, not about the database: one run of them will do.
ONCE = {"D4", "D11", "D12", "D14"}
NAMES = [pytest.param(name, marks=pytest.mark.once if name in ONCE else ()) for name in DRILLS]


def test_there_are_fourteen_and_the_guide_tells_of_each() -> None:
    assert list(DRILLS) == [f"D{number}" for number in range(1, 15)]
    guide = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert [name for name in DRILLS if f"| {name} |" not in guide] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", NAMES)
def test_drill(name: str, tmp_path: Path) -> None:
    drill = DRILLS[name]
    if reason := drill.cannot():
        pytest.skip(reason)

    trial = drill.trial(tmp_path, drill.short)

    assert trial.missed == [], trial.said()
    assert trial.figures
