"""What the project stands on: its packages, their licences, and what is known against them.

    python -m tests.supply_chain licences    writes docs/licences.md, from what is installed
    python -m tests.supply_chain audit       asks for known vulnerabilities of what is locked
    python -m tests.supply_chain audit FILE  the same of a stored list, where no service can be asked

The audit fails (1) where a vulnerability is known. Where the service that knows them cannot be asked, it says so and
fails nobody. A stored list is one in the form of Safety DB's `insecure.json`: ranges of versions by package.
"""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "docs" / "licences.md"

# Licences that let a newsroom run, change and pass on the site. LGPL and MPL bind only changes of the package itself.
ALLOWED = re.compile(
    r"0BSD|Artistic-1\.0|Apache-2\.0( WITH LLVM-exception)?|BSD(-[234]-Clause)?|CC0-1\.0|HPND|ISC"
    r"|LGPL-(2\.1|3\.0)(-only|-or-later)?|MIT(-0|-CMU)?|MPL-2\.0|OFL-1\.1|PSF-2\.0|Python-2\.0(\.1)?|Unlicense|Zlib"
)
# Older ways to say the same, in metadata without an SPDX expression.
SAID = {
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "artistic license": "Artistic-1.0",
    "bsd": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "gnu lesser general public license v3 (lgplv3)": "LGPL-3.0-only",
    "gnu lesser general public license v3 or later (lgplv3+)": "LGPL-3.0-or-later",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
    "sil open font license 1.1 (ofl-1.1)": "OFL-1.1",
    "the unlicense (unlicense)": "Unlicense",
}
# Packages whose metadata say nothing: what the file LICENSE in them says.
SAID_IN_A_FILE = {"axe-playwright-python": "MIT"}


def packages(requirements: Iterable[str], extras: Iterable[str] = ()) -> dict[str, Distribution]:
    """The installed packages that these requirements lead to, by name; those for other systems are left out."""
    found: dict[str, Distribution] = {}
    waiting = [(Requirement(each), frozenset(extras)) for each in requirements]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        wanted, around = waiting.pop()
        if wanted.marker and not any(wanted.marker.evaluate({"extra": extra}) for extra in around or {""}):
            continue
        here = frozenset(wanted.extras) or frozenset({""})
        name = canonicalize_name(wanted.name)
        if (name, here) in seen:
            continue
        seen.add((name, here))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError as error:
            raise SystemExit(f"{name} is not installed: run `make test` or install requirements/dev.txt") from error
        waiting += [(Requirement(each), here) for each in found[name].requires or []]
    return found


def licence(package: Distribution) -> str:
    """Its licence as an SPDX expression, as far as its metadata say; what they say otherwise is returned as it is."""
    about = package.metadata
    if expressions := about.get_all("License-Expression"):
        return str(expressions[0])
    named = str((about.get_all("License") or [""])[0]).strip()
    kinds = [kind.split(" :: ")[-1] for kind in about.get_all("Classifier", []) if kind.startswith("License ::")]
    kinds = [kind for kind in kinds if kind != "OSI Approved"]
    for said in (named, *map(str, kinds)):
        if ALLOWED.fullmatch(said):
            return said
        if spdx := SAID.get(said.lower()):
            return spdx
    if named or kinds:
        return named.partition("\n")[0] if named else " OR ".join(map(str, kinds))
    return SAID_IN_A_FILE.get(canonicalize_name(package.name), "unknown")


def is_allowed(expression: str) -> bool:
    """Whether the licence is on the list: of alternatives one, of what holds together all."""
    text = expression.replace("(", " ").replace(")", " ")
    return any(all(ALLOWED.fullmatch(part.strip()) for part in choice.split(" AND ")) for choice in text.split(" OR "))


def required() -> tuple[dict[str, Distribution], dict[str, Distribution]]:
    """What the site runs on, and what only its development needs besides."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    more = project["optional-dependencies"]
    running = packages([*project["dependencies"], *more["scale"]])
    developing = packages(more["dev"])
    return running, {name: found for name, found in developing.items() if name not in running}


def written() -> str:
    """docs/licences.md."""
    running, developing = required()
    return "\n".join(
        [
            "# Licences of what newsdesk stands on",
            "",
            "Written by `make licences` from the metadata of what is installed; versions are in `requirements/`.",
            "A test refuses licences that are not on the list in `tests/supply_chain.py`.",
            "",
            "## To run the site, with PostgreSQL, Redis and S3",
            "",
            *_table(running),
            "",
            "SudachiPy and SudachiDict, which may be added for the search (`newsdesk[ja]`), are under Apache-2.0.",
            "",
            "## To develop and test it, besides",
            "",
            *_table(developing),
            "",
        ]
    )


def _table(found: dict[str, Distribution]) -> list[str]:
    rows = [f"| {name} | {licence(found[name])} |" for name in sorted(found)]
    return ["| package | licence |", "|---|---|", *rows]


def audit(lock: Path) -> int:
    """Ask for known vulnerabilities of what the file pins. 1 where there are any, 0 otherwise; says what it found."""
    command = ["-m", "pip_audit", "--disable-pip", "--require-hashes", "--format", "json", "--timeout", "10"]
    done = subprocess.run(  # pip-audit and a file of ours
        [sys.executable, *command, "--progress-spinner", "off", "-r", str(lock)],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        reason = next(reversed(done.stderr.strip().splitlines()), "it gave no reason")
        print(f"NOT AUDITED: {lock.name}: {reason[:300]}")
        return 0
    skipped = [each["name"] for each in found if "skip_reason" in each]
    known = [(each, flaw) for each in found for flaw in each.get("vulns", [])]
    for each, flaw in known:
        mended = ", ".join(flaw["fix_versions"]) or "nothing yet"
        print(f"{each['name']} {each['version']}: {flaw['id']}, mended in {mended}")
    if skipped:
        print(f"NOT AUDITED: {len(skipped)} packages that the service does not know: {', '.join(skipped)[:300]}")
    print(f"{lock.name}: {len(found) - len(skipped)} packages audited, {len(known)} known vulnerabilities")
    return bool(known)


def audit_by(lock: Path, stored: Path) -> int:
    """Look up what the file pins in a stored list. 1 where a range of it takes in a pin; says how old the list is."""
    listed = json.loads(stored.read_text(encoding="utf-8"))
    ranges = {canonicalize_name(name): found for name, found in listed.items() if not name.startswith("$")}
    pins = {canonicalize_name(name): version for name, version in _PIN.findall(lock.read_text(encoding="utf-8"))}
    known = [
        (name, version, each)
        for name, version in pins.items()
        for each in ranges.get(name, [])
        if SpecifierSet(each).contains(version, prereleases=True)
    ]
    for name, version, each in known:
        print(f"{name} {version}: known to be vulnerable are {each}")
    told = datetime.fromtimestamp(listed["$meta"]["timestamp"], UTC) if "$meta" in listed else None
    of = f"a list of {told:%Y-%m-%d}" if told else "a list of unknown age"
    print(f"{lock.name}: {len(pins)} packages looked up in {of}, {len(known)} known vulnerabilities")
    return bool(known)


_PIN = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?==([^ \\;]+)", re.MULTILINE)


def main(what: str, *stored: str) -> int:
    """Do what the command names; its exit status."""
    if what == "licences":
        LIST.write_text(written(), encoding="utf-8")
        return 0
    lock = ROOT / "requirements" / "dev.txt"
    return audit_by(lock, Path(stored[0])) if stored else audit(lock)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
