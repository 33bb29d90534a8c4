"""The attack has every kind of bad input once, and those that cost little leave nothing broken."""

from collections import Counter
from pathlib import Path

import pytest

from tests.attack.everything import KINDS, attacked

QUICK = (1, 2, 4, 12, 24, 70, 72, 82, 87, 93, 95, 107, 108, 110, 113, 115, 117, 122, 128, 134)


def test_every_kind_is_there_once_and_the_made_up_addresses_with_them() -> None:
    assert list(KINDS) == list(range(1, 142))
    assert len({kind.name for kind in KINDS.values()}) == len(KINDS)


@pytest.mark.django_db(transaction=True)
def test_the_quick_ones_break_nothing(tmp_path: Path) -> None:
    with attacked(tmp_path) as target:
        for number in QUICK:
            came = Counter(KINDS[number].tries(target))
            assert came.total() > 0
            assert set(came) <= {"refused", "sound"}, (number, came)
