"""What of a text may stand in a log: no secrets that addresses carry, and nothing that forges a line."""

import re

# Addresses that open something to whoever holds them: links to drafts, whatever is signed, and one-time tokens.
_SECRET = re.compile(
    r"(?<=/drafts/)[^\s/?'\"]+"
    r"|(?<=/)[^\s/?'\"]*:[\w-]{20,}"
    r"|(?<=/)[0-9a-z]{6,13}-[0-9a-f]{32,64}"
    r"|(?<=/)(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{32,}(?![\w.-])"
)
_QUERY = re.compile(r"(?<=[\w/])\?[^\s'\"]*=[^\s'\"]*")
# What a terminal or a reader of lines obeys: controls, separators of lines, changes of direction, halves of characters.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LONGEST = 500  # characters of an address


def without_secrets(text: str) -> str:
    """The text with tokens in addresses, and their queries, as an ellipsis."""
    return _QUERY.sub("?…", _SECRET.sub("…", text))


def one_line(text: str) -> str:
    """The text with everything escaped that a terminal or a reader of lines would obey."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def shown_path(path: str) -> str:
    """A path as a log may have it; cut where it is endless."""
    return without_secrets(path[:_LONGEST])
