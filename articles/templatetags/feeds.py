"""Template filters of the feeds' content."""

from urllib.parse import urljoin

from django import template
from django.conf import settings
from django.utils.safestring import SafeString

from articles import markup

register = template.Library()


@register.filter
def in_full(url: str) -> str:
    """An address of the site as others have to write it, with scheme and host."""
    return urljoin(settings.SITE_URL, url)


@register.filter
def as_body(text: str) -> SafeString:
    """A section's report."""
    return markup.body_html(text)


@register.filter
def as_lines(text: str) -> SafeString:
    """A text whose lines are paragraphs."""
    return markup.lines_html(text)
