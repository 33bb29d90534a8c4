"""Quotations name their source where they stand (Copyright Act of Japan, articles 32 and 48). Pure: no models."""

import re
from urllib.parse import urlsplit

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles import markup
from articles.document import Source
from articles.text import without_ruby

_QUOTE = re.compile("(</?blockquote>)")
_BEGIN, _END = "<blockquote>", "</blockquote>"


def attributed(html: SafeString, source: Source | None) -> SafeString:
    """Trusted HTML in which every outermost quotation is a figure, with a link to where it was taken from.

    `html` comes from `articles.markup`. Where no source with an address is known, the figure says only that it quotes.
    """
    parts, depth = [], 0
    credit = _credit(source) if source else SafeString("")
    for part in _QUOTE.split(html):
        depth += (part == _BEGIN) - (part == _END)
        if part == _BEGIN and depth == 1:
            part = f'<figure class="quotation"><p class="label">{_("Quotation")}</p>{part}'
        elif part == _END and depth == 0:
            part = f"{part}{credit}</figure>"
        parts.append(part)
    return mark_safe("".join(parts))  # noqa: S308  # made of trusted HTML and of what format_html escaped


def _credit(source: Source) -> SafeString:
    address = markup.safe_url(source.url)
    if not address:
        return SafeString("")
    link = '<figcaption>{} <cite><a href="{}" rel="noopener nofollow external">{}</a></cite></figcaption>'
    return format_html(link, _("Source:"), address, source_name(source))


def source_name(source: Source) -> str:
    """The words under which a source is read on: its publisher, its caption, or at least its host."""
    return source.site_name or without_ruby(source.caption) or host(source.url)


def host(url: str) -> str:
    """The host of a web address without its www., or nothing for any other address."""
    return urlsplit(markup.safe_url(url)).netloc.rpartition("@")[2].removeprefix("www.")
