"""Template tags of the desk."""

from collections.abc import Iterable
from typing import Any

from django import template

register = template.Library()


@register.filter
def in_order(formset: Iterable[Any]) -> list[Any]:
    """The forms of an inline as the page last showed them: by submitted position, where one was submitted.

    nested_admin's own filter breaks on positions that are equal or no numbers.
    """
    return sorted(formset, key=_position)


def _position(inline: Any) -> float:
    form = inline.form
    if form.prefix.endswith(("-empty", "__prefix__")):
        return float("inf")  # the template of new rows has to stay last
    sent = str(form["position"].data) if form.is_bound else ""
    return int(sent) if sent.isdecimal() and len(sent) < 9 else 0
