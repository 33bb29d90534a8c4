"""Body text to safe HTML: the only place that makes trusted HTML. Pure.

Body text is plain text with a few marks of Markdown. Every line is a paragraph; lines that begin with `> ` make one
quotation, lines that begin with `- ` or `* ` one list, lines numbered `1. `, `2. ` and on one numbered list. Within a
line `**strong**`, `*emphasis*`, `[words](https://…)` and `<https://…>` work, so do readings (`articles.text`), and a
backslash keeps a mark as it is. Anything else, HTML and entities among it, is shown as it was typed. On the
publication's own pages lines that begin with `## ` are headings, and links may lead to other pages of the site.
"""

import json
import re
import unicodedata
from collections.abc import Callable, MutableMapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import nh3
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token

from articles.text import block, with_readings
from articles.typesetting import phrases

_TAGS = {"p", "blockquote", "ul", "ol", "li", "em", "strong", "a", "ruby", "rt", "rp"}
_ATTRIBUTES = {"*": set[str](), "a": {"href"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}

# What a line may be besides a paragraph.
_QUOTED = re.compile(r"> ?(?=\S)")
_LISTED = re.compile(r"[-*] +(?=\S)")
_NUMBERED = re.compile(r"(\d{1,3})\. +(?=\S)", re.ASCII)
_HEADED = re.compile(r"## +(?=\S)")  # on the publication's own pages

_MARKED = re.compile(r"[*\[<\\《]")  # a line that may hold a mark

_UNSAFE_IN_URL = re.compile(r'[\x00-\x20\x7f-\x9f\s\\<>"]')
_MAIL = re.compile(r"mailto:[^\s@:?&%]+@[^\s@:?&%]+", re.IGNORECASE)
_OF_THE_SITE = re.compile(r"/(?:[\w-]+/)*(?:[\w-][\w.-]*)?(?:#[\w-]+)?", re.ASCII)  # never //, which names a host


def body_html(text: str) -> SafeString:
    """The HTML of a body: p, blockquote, ul, ol, li, em, strong, ruby and links to http, https and mailto only."""
    return _html(text, _BODY)


def page_html(text: str) -> SafeString:
    """The HTML of a page of the publication: that of a body, h2, and links to the site's own paths."""
    return _html(text, _PAGE)


def page_words(text: str) -> str:
    """The words of such a page's first paragraph, without marks, or of its first heading where it has no other line."""
    lines = sorted((_read_page(line) for line in block(text).split("\n") if line), key=lambda line: line.tag == "h2")
    return _words(lines[0], _PAGE) if lines else ""


def plain(text: str) -> str:
    """The words of a body without its marks, a line each: for searches, which show no HTML."""
    return "\n".join(_words(_read(line), _BODY) for line in block(text).split("\n") if line)


def _words(line: "_Line", kind: "_Kind") -> str:
    if not _MARKED.search(line.text):
        return line.text
    tokens = kind.markdown.parseInline(line.text)[0].children or ()
    return "".join(token.content for token in tokens if token.content)


def lines_html(text: str) -> SafeString:
    """Every line a paragraph in which no mark but readings means anything: for texts that are not a body."""
    return format_html_join("", "<p>{}</p>", ((line_html(line),) for line in block(text).split("\n") if line))


def line_html(text: str) -> SafeString:
    """A text in which no mark but readings means anything."""
    return format_html_join("", "{}", ((_ruby(words, reading),) for words, reading in with_readings(text)))


def _ruby(words: str, reading: str) -> SafeString | str:
    """Words with their reading, in brackets where a program shows no ruby (HTML §4.5.10)."""
    ruby = "<ruby>{}<rp>（</rp><rt>{}</rt><rp>）</rp></ruby>"
    return format_html(ruby, words, reading) if reading else words


def phrases_html(title: str) -> SafeString:
    """Plain words in which a line may end between phrases only, as spoken Japanese has them."""
    return format_html_join(SafeString("<wbr>"), "{}", ((phrase,) for phrase in phrases(title)))


def json_ld(data: object) -> SafeString:
    """A block of linked data for the head of a page. No text in it can end the block or begin a comment."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  # no < can stand in it


def safe_url(url: str) -> str:
    """The address, or '' unless it is http or https, names a host and hides nothing.

    Spaces, controls and backslashes hide where it leads, because programs read them differently, and so does a user
    name before the host (RFC 3986 §7.5 and §7.6).
    """
    if _UNSAFE_IN_URL.search(url):
        return ""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:  # brackets without an IPv6 address, a port that is no number
        return ""
    return url if usable else ""


class _Kind(NamedTuple):
    """What may stand in one kind of text."""

    read: Callable[[str], "_Line"]
    may_link: Callable[[str], bool]
    markdown: MarkdownIt  # of the same links
    tags: set[str]


class _Line(NamedTuple):
    tag: str  # of the group it belongs to
    text: str  # without its mark
    number: int | None = None  # as it was typed


def _read(line: str) -> _Line:
    if mark := _QUOTED.match(line):
        return _Line("blockquote", line[mark.end() :])
    if mark := _LISTED.match(line):
        return _Line("ul", line[mark.end() :])
    if mark := _NUMBERED.match(line):
        return _Line("ol", line[mark.end() :], int(mark[1]))
    return _Line("p", line)


def _read_page(line: str) -> _Line:
    mark = _HEADED.match(line)
    return _Line("h2", line[mark.end() :]) if mark else _read(line)


def _group_of(place_and_line: tuple[int, _Line]) -> tuple[str, int]:
    """Equal for neighbours that belong together. Numbers must go on, because a list shows its own count of them."""
    place, line = place_and_line
    return line.tag, (line.number - place if line.number is not None else 0)


def _html(text: str, kind: _Kind) -> SafeString:
    lines = [kind.read(line) for line in block(text).split("\n") if line]
    groups = groupby(enumerate(lines), key=_group_of)
    return _sanitised("".join(_grouped([line for _, line in group], kind) for _, group in groups), kind)


def _grouped(lines: list[_Line], kind: _Kind) -> str:
    tag, inner = lines[0].tag, [kind.markdown.renderInline(line.text) for line in lines]
    if tag in ("p", "h2"):
        return "".join(f"<{tag}>{html}</{tag}>" for html in inner)
    if tag == "blockquote":
        return f"<blockquote>{''.join(f'<p>{html}</p>' for html in inner)}</blockquote>"
    start = f' start="{lines[0].number}"' if lines[0].number not in (None, 1) else ""
    return f"<{tag}{start}>{''.join(f'<li>{html}</li>' for html in inner)}</{tag}>"


def _sanitised(html: str, kind: _Kind) -> SafeString:
    """The last step, whatever came before: only what is allowed is left (nh3, an allow-list on an HTML5 parser)."""
    return mark_safe(  # noqa: S308  # nothing follows the sanitiser
        nh3.clean(
            html,
            tags=kind.tags,
            attributes=_ATTRIBUTES,
            attribute_filter=partial(_attribute, kind.may_link),
            url_schemes=_SCHEMES,
            link_rel="noopener",
        )
    )


def _attribute(may_link: Callable[[str], bool], tag: str, name: str, value: str) -> str | None:
    return value if name != "href" or may_link(value) else None


def _may_link(url: str) -> bool:
    return bool(safe_url(url) or _MAIL.fullmatch(url))


def _may_link_on_page(url: str) -> bool:
    return bool(_OF_THE_SITE.fullmatch(url)) or _may_link(url)


class _JapaneseState(StateInline):
    """Finds where emphasis begins and ends, in Japanese too.

    CommonMark 0.31 §6.2 reads the sign beside a mark as the edge of a word and wants a space around it, which Japanese
    does not write: これは**「重要」**です would show its asterisks. Beside Japanese, a mark may open wherever no space
    follows it and close wherever none comes before it.
    """

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803  # the parser's names
        found = super().scanDelims(start, canSplitWord)
        end = start + found.length
        before = self.src[start - 1] if start else " "
        after = self.src[end] if end < len(self.src) else " "
        if not canSplitWord or not (_is_wide(before) or _is_wide(after)):
            return found
        return Scanned(not after.isspace(), not before.isspace(), found.length)


def _is_wide(char: str) -> bool:
    """Whether it is a Japanese letter or sign: wide or full-width (Unicode UAX #11)."""
    return unicodedata.east_asian_width(char) in "WF" and not char.isspace()


class _JapaneseParser(ParserInline):
    def parse(self, src: str, md: MarkdownIt, env: MutableMapping[str, Any], tokens: list[Token]) -> list[Token]:
        state = _JapaneseState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def _keep_mark(state: StateInline, silent: bool) -> bool:
    """A backslash before a mark of a reading. Markdown's own rule knows those of ASCII only."""
    mark = state.src[state.pos : state.pos + 2]
    if mark not in ("\\｜", "\\《", "\\》"):
        return False
    if not silent:
        token = state.push("text_special", "", 0)
        token.content, token.markup, token.info = mark[1], mark, "escape"
    state.pos += 2
    return True


def _find_readings(state: StateInline) -> None:
    """Take the readings out of texts. What another mark divides is no reading."""
    state.tokens[:] = [part for token in state.tokens for part in _read_aloud(token)]


def _read_aloud(token: Token) -> list[Token]:
    if token.type != "text":
        return [token]
    return [
        Token("ruby" if reading else "text", "", 0, content=words, level=token.level, meta={"reading": reading})
        for words, reading in with_readings(token.content)
        if words
    ]


def _show_reading(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return _ruby(tokens[index].content, tokens[index].meta["reading"])


def _markdown(may_link: Callable[[str], bool]) -> MarkdownIt:
    """Markdown of one line: emphasis, links, readings, backslashes. No HTML, images, entities, code or headings."""
    markdown = MarkdownIt("zero")
    markdown.inline = _JapaneseParser()
    markdown.inline.ruler.before("escape", "keep_mark", _keep_mark)
    markdown.inline.ruler.enableOnly(["text", "emphasis", "link", "autolink", "keep_mark", "escape"])
    markdown.inline.ruler2.push("readings", _find_readings)
    markdown.inline.ruler2.enableOnly(["balance_pairs", "emphasis", "fragments_join", "readings"])
    markdown.add_render_rule("ruby", _show_reading)
    markdown.validateLink = may_link  # type: ignore[method-assign, assignment]
    return markdown


_BODY = _Kind(_read, _may_link, _markdown(_may_link), _TAGS)
_PAGE = _Kind(_read_page, _may_link_on_page, _markdown(_may_link_on_page), _TAGS | {"h2"})
