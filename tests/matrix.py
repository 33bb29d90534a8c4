"""Who may do what in which state: the table of the guide, and what the tests expect, from `articles.workflow.TABLE`.

`make guide` (tests/guide.py) writes the table into docs/editing.md.
"""

from collections.abc import Iterator

from django.utils.translation import override

from articles.states import State
from articles.workflow import TABLE, Action, Role, Stage, permissions

LETTERS = {Role.WRITER: "W", Role.EDITOR: "E", Role.PUBLISHER: "P"}


def allowed(role: Role | None, action: Action, stage: Stage, state: State, own: bool, everything: bool = False) -> bool:
    """Whether the table lets somebody of that role do it; `everything` is a superuser's right, None is no role."""
    rule = TABLE[action]
    needed = {rule.permission} | ({rule.of_others} - {""} if not own else set())
    has = needed if everything else permissions(role) if role else set()
    return needed <= has and stage in rule.stages and state in rule.states


def table() -> str:
    """The table as the guide shows it."""
    with override("ja"):
        japanese = {each: str(each.label) for each in (*Action, *State, *Stage)}
    with override("en"):
        named = {each: f"{japanese[each]} ({each.label})" for each in japanese}
    lines = [
        "| | " + " | ".join(named[state] for state in State) + " | while it is |",
        "|---" * (len(State) + 2) + "|",
        *(f"| {named[action]} | {' | '.join(_cells(action))} | {_stages(action, named)} |" for action in Action),
    ]
    return "\n".join(lines)


def _cells(action: Action) -> Iterator[str]:
    for state in State:
        stage = next(iter(TABLE[action].stages))
        found = []
        for role, letter in LETTERS.items():
            others, own = (allowed(role, action, stage, state, own) for own in (False, True))
            found += [letter if others else f"{letter}\\*"] if own else []
        yield " ".join(found) or "–"


def _stages(action: Action, named: dict[object, str]) -> str:
    stages = TABLE[action].stages
    return "anything" if set(stages) == set(Stage) else ", ".join(named[stage] for stage in Stage if stage in stages)
