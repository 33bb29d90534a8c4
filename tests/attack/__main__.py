"""Throw bad input at a site: `python -m tests.attack [--only 70-86 107]`. Exit status 1 where anything broke."""

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(description="Bad input for a site of its own; a line for each kind, then a sum.")
    parser.add_argument("--only", nargs="*", default=[], metavar="70-86", help="numbers of kinds")
    options = parser.parse_args()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdesk.settings")
    os.environ.setdefault("SECRET_KEY", "attack-" * 10)
    import django

    django.setup()
    from django.db import connection

    from tests.attack.everything import KINDS, attacked

    wanted = [number for number in KINDS if not options.only or _is_in(number, options.only)]
    total: Counter[str] = Counter()
    print("   # kind                                                  tried refused   sound  broken  seconds")
    with tempfile.TemporaryDirectory() as folder, attacked(Path(folder)) as target:
        for number in wanted:
            began = time.monotonic()
            came = Counter(KINDS[number].tries(target))
            broken = {what: count for what, count in came.items() if what not in ("refused", "sound")}
            row = (came.total(), came["refused"], came["sound"], sum(broken.values()))
            total.update(dict(zip(("tried", "refused", "sound", "broken"), row, strict=True)))
            numbers = " ".join(f"{each:7}" for each in row)
            print(f"{number:4} {KINDS[number].name[:50]:50} {numbers} {time.monotonic() - began:8.1f}", flush=True)
            for what, count in broken.items():
                print(f"       broken {count}: {what[:200]}", flush=True)
    print(
        json.dumps(
            {"database": connection.vendor, **{name: total[name] for name in ("tried", "refused", "sound", "broken")}}
        )
    )
    return 1 if total["broken"] else 0


def _is_in(number: int, ranges: list[str]) -> bool:
    for each in ranges:
        first, _, last = each.partition("-")
        if int(first) <= number <= int(last or first):
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
