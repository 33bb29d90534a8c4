"""Template filters of the feeds' content."""

from django import template
from django.utils.safestring import SafeString

from articles import markup
from articles.feeds.addresses import in_full as whole_address

register = template.Library()


@register.filter
def in_full(url: str) -> str:
    """An address of the site as others have to write it, with scheme and host."""
    return whole_address(url)


@register.filter
def as_lines(text: str) -> SafeString:
    """A text whose lines are paragraphs."""
    return markup.lines_html(text)
