"""robots.txt, as RFC 9309 has it. Pure.

The standard library's parser takes the first rule that fits instead of the longest, and knows no wildcards.
"""

from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, unquote_to_bytes

LONGEST = 500 * 1024  # bytes that have to be read (RFC 9309 §2.5)


@dataclass(frozen=True, slots=True)
class Robots:
    """What one host asks of one robot: rules as (pattern, allowed)."""

    rules: tuple[tuple[str, bool], ...] = ()

    @classmethod
    def read(cls, text: str, robot: str) -> Self:
        """The rules for the robot of that name or, where none are for it, those for all."""
        groups: dict[str, list[tuple[str, bool]]] = {}
        names: list[str] = []
        in_rules = False
        for raw in text.splitlines():
            key, _, value = (part.strip() for part in raw.split("#")[0].partition(":"))
            if key.lower() == "user-agent":
                names = [*([] if in_rules else names), value.lower()]
                in_rules = False
                groups.setdefault(value.lower(), [])
            elif key.lower() in ("allow", "disallow"):
                in_rules = True
                if value:
                    for name in names:
                        groups[name].append((_normal(value), key.lower() == "allow"))
        return cls(tuple(groups.get(robot.lower(), groups.get("*", []))))

    def allow(self, path: str) -> bool:
        """Whether the robot may ask for the path, which includes the query. The longest rule that fits decides."""
        path = _normal(path or "/")
        fitting = [(len(pattern), allowed) for pattern, allowed in self.rules if _fits(pattern, path)]
        return max(fitting)[1] if fitting else True


NOTHING = Robots((("/", False),))


def _normal(path: str) -> str:
    """One spelling of each path: everything outside ASCII, and nothing else, percent-encoded."""
    return quote(unquote_to_bytes(path), safe="/?&=*$:@!'(),;+~%-._[]")


def _fits(pattern: str, path: str) -> bool:
    """`*` stands for anything, `$` for the end. In a time that does not explode, whatever the pattern."""
    whole = pattern.endswith("$")
    parts = pattern.removesuffix("$").split("*")
    if not path.startswith(parts[0]):
        return False
    at = len(parts[0])
    for part in parts[1:-1]:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if len(parts) == 1:
        return not whole or at == len(path)
    return path.endswith(parts[-1]) and len(path) - len(parts[-1]) >= at if whole else parts[-1] in path[at:]
