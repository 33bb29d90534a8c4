"""Template tags of the desk."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.admin.events import details_in_words, verb_in_words
from articles.admin.places import summary
from articles.comparing import Run

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


@register.filter
def marked(runs: Iterable[Run]) -> SafeString:
    """Runs of a comparison as text: what is gone in <del>, what is new in <ins>, said aloud where each begins and ends.

    An end of line that is gone or new is shown by a sign, since else it would not be seen.
    """
    return format_html_join("", "{}", ((_mark(run),) for run in runs))


def _mark(run: Run) -> SafeString | str:
    if run.kind == "same":
        return run.text
    tag, begins, ends = (
        ("del", _("removed:"), _("end of removed")) if run.kind == "gone" else ("ins", _("added:"), _("end of added"))
    )
    unseen = '<span class="visually-hidden"> {} </span>'
    return format_html("<{}>" + unseen + "{}" + unseen + "</{}>", tag, begins, run.text.replace("\n", "↵\n"), ends, tag)


register.filter("summary", summary)
register.filter("verb_in_words", verb_in_words)
register.filter("details_in_words", details_in_words)
