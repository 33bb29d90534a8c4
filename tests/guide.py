"""What the guide for editors shows of the code itself: who may do what, and the checks. `make guide` writes it."""

from django.utils.translation import override

from articles.checks import RULES
from tests import matrix
from tests.catalogue import ROOT

GUIDE = ROOT / "docs" / "editing.md"


def checks() -> str:
    """The rules as the guide shows them."""
    with override("ja"):
        japanese = {rule.name: str(rule.label) for rule in RULES.values()}
    with override("en"):
        lines = [f"| {japanese[rule.name]} ({rule.label}) | `{rule.name}` | {rule.level} |" for rule in RULES.values()]
    return "\n".join(["| found | name in CHECK_LEVELS | level |", "|---|---|---|", *lines])


TABLES = {"roles": matrix.table, "checks": checks}


def written(guide: str) -> str:
    """The guide with its tables as they are now."""
    for name, table in TABLES.items():
        begin, end = f"<!-- {name}: written by `make guide` -->", f"<!-- end of {name} -->"
        before, rest = guide.split(begin)
        guide = f"{before}{begin}\n\n{table()}\n\n{end}{rest.split(end)[1]}"
    return guide


def write() -> None:
    """Write the tables into the guide."""
    GUIDE.write_text(written(GUIDE.read_text(encoding="utf-8")), encoding="utf-8")
