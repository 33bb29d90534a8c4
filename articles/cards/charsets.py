"""Bytes of a web page → text, whatever its encoding is said to be. Pure.

Sites say it in the header, in a byte order mark, in the page, rightly, wrongly or not at all. What is said is tried
in that order, then what is usual in Japan; the first that leaves the fewest characters unread is taken.
"""

import codecs
import re
from collections.abc import Iterator

from articles.manuscripts.encodings import plausibility

# Names as pages write them, and what Japanese pages that use them really hold (WHATWG Encoding §4.2, where it differs
# from the standards of those names). UTF-7 and the like are not among them, and never will be.
_CODECS = {
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8"), "utf-8"),
    **dict.fromkeys(
        ("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "windows-31j", "cp932", "csshiftjis"), "cp932"
    ),
    **dict.fromkeys(("euc-jp", "x-euc-jp", "eucjp", "cseucpkdfmtjapanese"), "euc_jis_2004"),
    **dict.fromkeys(("iso-2022-jp", "csiso2022jp"), "iso2022_jp_ext"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs"), "big5hkscs"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
    **dict.fromkeys(("utf-16", "utf-16le", "utf-16be"), "utf-8"),  # in a page that could be read this far, it is not
}
_WESTERN = dict.fromkeys(
    ("iso-8859-1", "latin1", "us-ascii", "ascii", "windows-1252", "cp1252", "iso-8859-15"), "cp1252"
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE | re.ASCII)
_IN_PAGE = re.compile(
    rb"<(?:meta\b[^>]{0,500}?charset|\?xml\b[^>]{0,200}?encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE
)
_JIS_ESCAPE = re.compile(rb"\x1b(?:\$[@B]|\([BIJ])")
_LOOKED_THROUGH = 4096  # bytes of a page, for what it says of its encoding
_PLAUSIBLE = 0.6


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a page. Characters that cannot be read are U+FFFD; the end may be cut off anywhere."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return _read(body[len(mark) :], codec)
    said = list(_said(body, content_type))
    texts = [_read(body, _CODECS[name]) for name in said if name in _CODECS]
    texts += [_read(body, "iso2022_jp_ext")] if _JIS_ESCAPE.search(body) else []
    texts += [_read(body, "utf-8"), *_usual(body)]
    texts += [_read(body, _WESTERN[name]) for name in said if name in _WESTERN]
    return min(texts, key=lambda text: text.count("\ufffd"))


def _said(body: bytes, content_type: str) -> Iterator[str]:
    if found := _IN_HEADER.search(content_type):
        yield found[1].lower()
    if in_page := _IN_PAGE.search(body[:_LOOKED_THROUGH]):
        yield in_page[1].decode("ascii", "replace").lower()


def _usual(body: bytes) -> Iterator[str]:
    """The older encodings of Japan, where the text looks like Japanese in them, the likeliest first."""
    texts = [_read(body, codec) for codec in ("cp932", "euc_jis_2004")]
    likely = {text: plausibility(text[:20_000]) for text in texts}
    yield from sorted((text for text in texts if likely[text] >= _PLAUSIBLE), key=lambda text: -likely[text])


def _read(body: bytes, codec: str) -> str:
    return codecs.getincrementaldecoder(codec)("replace").decode(body)
