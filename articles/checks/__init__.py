"""The checks: what an editor should look at before an article is published. Pure: no Django models.

A rule is one function over a Document and what is known about it (`Proof`). `check` runs them all and returns what they
found in reading order. A finding that is required stops publication, see `articles.publishing`; the others only tell.
"""

from articles.checks import balance, cards, marks, parts, pictures, statements  # noqa: F401  # they register their rules
from articles.checks.findings import Facts, Finding, Level, Media, Proof
from articles.checks.rules import RULES, BadLevels, Rule, check, levels

__all__ = ["RULES", "BadLevels", "Facts", "Finding", "Level", "Media", "Proof", "Rule", "check", "levels"]
