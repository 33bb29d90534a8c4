"""Places in the words of the newsroom: "sections[1].sources[0].caption" is "Section 2, source 1: caption"."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FIELDS = {
    "title": gettext_lazy("title"),
    "lead_heading": gettext_lazy("heading over the lead"),
    "lead": gettext_lazy("lead"),
    "heading": gettext_lazy("heading"),
    "question": gettext_lazy("question"),
    "answer": gettext_lazy("answer"),
    "body": gettext_lazy("report"),
    "caption": gettext_lazy("caption"),
    "url": gettext_lazy("address"),
    "site_name": gettext_lazy("publisher"),
    "published_on": gettext_lazy("published on"),
    "key_points": gettext_lazy("key points"),
    "image": gettext_lazy("picture"),
    "image_alt": gettext_lazy("alternative text"),
    "image_credit": gettext_lazy("picture credit"),
    "commentator": gettext_lazy("commentator"),
    "takeaways": gettext_lazy("takeaways"),
    "tags": gettext_lazy("tags"),
    "unplaced": gettext_lazy("unplaced lines"),
}
PARTS = {
    "sections": gettext_lazy("Section %(number)d"),
    "sources": gettext_lazy("source %(number)d"),
    "opening": gettext_lazy("opening comment %(number)d"),
    "closing": gettext_lazy("closing comment %(number)d"),
}
_PART = re.compile(r"(\w+)\[(\d+)\]\.?")


def label(place: str) -> str:
    """What an editor would call the place; "" is the whole article."""
    if place.startswith("closing["):
        parts = [_("Remark on the whole %(number)d") % {"number": _number(place)}]
    else:
        parts = [str(PARTS[name]) % {"number": int(number) + 1} for name, number in _PART.findall(place)]
    field = _PART.sub("", place)
    if field and field != "text":
        parts.append(str(FIELDS[field]))
    return _(", ").join(parts) or _("The whole article")


def _number(place: str) -> int:
    found = _PART.match(place)
    return int(found[2]) + 1 if found else 0
