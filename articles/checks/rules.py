"""The rules there are, their levels, and the running of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from articles.checks.findings import Facts, Finding, Found, Level, Media, Proof
from articles.checks.places import in_reading_order
from articles.document import Document

Check = Callable[[Proof], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name in the settings, what it looks for in the words of the newsroom, and its level by default."""

    name: str
    label: Any  # text, translated when it is shown
    level: Level
    find: Check


RULES: dict[str, Rule] = {}


def rule(label: Any, level: Level = Level.RECOMMENDED) -> Callable[[Check], Check]:
    """Make a function a rule under its own name."""

    def register(find: Check) -> Check:
        RULES[find.__name__] = Rule(find.__name__, label, level, find)
        return find

    return register


class BadLevels(ValueError):
    """The setting of levels cannot be read; the message says why."""


@cache
def levels(setting: str = "") -> Mapping[str, Level]:
    """Every rule's level: its own, or the one that a setting like "tags_missing=off,title_length=required" gives it.

    Raises BadLevels where it names a rule or a level that there is not.
    """
    found = {name: each.level for name, each in RULES.items()}
    for part in filter(None, map(str.strip, setting.split(","))):
        name, _, level = (piece.strip() for piece in part.partition("="))
        if name not in RULES:
            raise BadLevels(f"{name!r} is not a rule. The rules are: {', '.join(sorted(RULES))}.")
        if level not in set(Level):
            raise BadLevels(f"{part!r}: the level of a rule is one of {', '.join(Level)}.")
        found[name] = Level(level)
    return found


def check(
    document: Document,
    media: Media | None = None,
    facts: Facts | None = None,
    level_of: Mapping[str, Level] | None = None,
) -> list[Finding]:
    """What the rules find in an article, in reading order; at one place, what stops publication comes first."""
    proof = Proof(document, media or {}, facts or Facts())
    level_of = level_of or levels()
    found = [
        Finding(each.name, level_of[each.name], *what)
        for each in RULES.values()
        if level_of[each.name] is not Level.OFF
        for what in each.find(proof)
    ]
    order = in_reading_order(document)
    return sorted(found, key=lambda finding: (order[finding.place], not finding.is_required))
