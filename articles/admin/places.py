"""Places of a Document and changes in it, in the words of editors: "section 2, source 1: caption"."""

import re
from collections.abc import Iterable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks import labels
from articles.comparing import Change, Kind
from articles.text import excerpt

MOST_NAMED = 6  # changes that a line of the history names; the comparison shows them all

FIELDS: dict[str, str | Promise] = {
    **labels.FIELDS,
    "text": gettext_lazy("text"),
    "voices": gettext_lazy("roles of commentators"),
    # Whole lists: the order of their parts.
    "sections": gettext_lazy("order of the sections"),
    "sources": gettext_lazy("order of the sources"),
    "opening": gettext_lazy("order of the comments before the report"),
    "closing": gettext_lazy("order of the comments at the end"),
}
_PARTS: dict[str, str | Promise] = {
    "sections": gettext_lazy("section %(number)d"),
    "sources": gettext_lazy("source %(number)d"),
    "opening": gettext_lazy("comment %(number)d before the report"),
    "closing": gettext_lazy("comment %(number)d after the report"),
    "comments": gettext_lazy("comment %(number)d"),
}
_STEP = re.compile(r"(?P<name>\w+)(?:\[(?P<number>\d+)\])?")


def in_words(place: str, *, inside: int = 0) -> str:
    """A place as an editor would name it, without its first `inside` steps. What has no name here stands as it is."""
    parts, field = [], ""
    for step in place.split(".")[inside:]:
        found = _STEP.fullmatch(step)
        if found and found["number"] and found["name"] in _PARTS:
            is_remark = place.startswith("closing[")
            words = _("remark %(number)d on the whole") if is_remark else str(_PARTS[found["name"]])
            parts.append(words % {"number": int(found["number"]) + 1})
        else:
            field = str(FIELDS.get(step, step))
    where = parts[0] if parts else ""
    for part in parts[1:]:
        where = _("%(outer)s, %(inner)s") % {"outer": where, "inner": part}
    return _("%(part)s: %(field)s") % {"part": where, "field": field} if where and field else where or field


def summary(changes: Sequence[Change]) -> list[str]:
    """What changed, in as few words as name it; the fields of an added or removed part are not named one by one."""
    named = list(dict.fromkeys(_sentence(change) for change in _outermost(changes)))
    more = len(named) - MOST_NAMED
    if more > 1:
        return [*named[:MOST_NAMED], _("%(count)d more") % {"count": more}]
    return named


def _outermost(changes: Iterable[Change]) -> Iterable[Change]:
    whole: Change | None = None
    for change in changes:
        if whole and change.kind is whole.kind and change.place.startswith(f"{whole.place}."):
            continue
        whole = change if change.is_part and change.kind is not Kind.MOVED else None
        yield change


def _sentence(change: Change) -> str:
    words = in_words(change.place)
    if not change.is_part:
        return words
    known = {"part": words, "title": excerpt(change.new or change.old, 16)}
    match change.kind:
        case Kind.ADDED:
            return _("%(part)s added (%(title)s)") % known
        case Kind.REMOVED:
            return _("%(part)s removed (%(title)s)") % known
        case _:
            return _("%(part)s moved here (%(title)s)") % known
