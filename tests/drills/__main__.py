"""Run drills: `python -m tests.drills [D2 …] [--seconds N | --short]`. Exit status 1 where a figure misses its goal."""

import argparse
import json
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.drills.trial import Drill


def main() -> int:
    parser = argparse.ArgumentParser(description="Drills on a site of their own; a line of JSON for each.")
    parser.add_argument("names", nargs="*", metavar="D1")
    parser.add_argument("--short", action="store_true", help="as short as in the tests")
    parser.add_argument("--seconds", type=float, help="how long each lasts")
    options = parser.parse_args()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdesk.settings")
    os.environ.setdefault("SECRET_KEY", "drills-" * 10)
    import django

    django.setup()
    from tests.drills.everything import DRILLS
    from tests.drills.trial import together

    unknown = set(options.names) - set(DRILLS)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(DRILLS)}")
    all_said = []
    for name in options.names or DRILLS:
        drill = DRILLS[name]
        if reason := drill.cannot():
            print(json.dumps({"drill": name, "not run": reason}), flush=True)
            continue
        said = _said(drill, options.seconds or (drill.short if options.short else drill.seconds))
        print(json.dumps(said, ensure_ascii=False), flush=True)
        all_said.append(said)
    print(json.dumps(together(all_said)), flush=True)
    return 0 if all(said["passed"] for said in all_said) else 1


def _said(drill: "Drill", seconds: float) -> dict[str, Any]:
    """What is printed of a drill. One that breaks has not passed, and keeps no other from running."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            return drill.trial(Path(folder), seconds).said()
    except Exception as error:
        traceback.print_exc()
        return {"drill": drill.name, "passed": False, "broke": repr(error)[:500]}


if __name__ == "__main__":
    sys.exit(main())
