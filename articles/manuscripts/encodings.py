"""Bytes of a manuscript file → text. An encoding is recognised strictly or the file is refused; nothing is guessed into
replacement characters."""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

LARGEST = 2_000_000  # bytes

# What files begin with that are no text, and what to call them.
_FILES = (
    (b"PK\x03\x04", "ZIP, Word, Excel"),
    (b"PK\x05\x06", "ZIP"),
    (b"\xd0\xcf\x11\xe0", "Word, Excel"),
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
)
_HTML = re.compile(rb"\s*<(?:!doctype\s+html|html|\?xml)\b", re.IGNORECASE)
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF32_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF8_KANA = re.compile(rb"(?:\xe3[\x81-\x83][\x80-\xbf]){3}")
_JIS_ESCAPE = re.compile(rb"\x1b(?:\$[@B]|\([BIJ])")
_LEGACY = ("cp932", "euc_jp")
_PLAUSIBLE = 0.6  # mean plausibility of the characters of Japanese text; wrongly decoded text stays under 0.5


class UnreadableManuscript(ValueError):
    """The bytes are no text that can be read for certain; the message says what was found and what to do."""


def decode(data: bytes) -> str:
    """The text of a manuscript file: UTF-8 with or without mark, UTF-16 with mark, Shift_JIS, EUC-JP or ISO-2022-JP.

    Raises UnreadableManuscript for everything else, for an empty file, and for more than LARGEST bytes.
    """
    _check_file(data)
    if data.startswith(_UTF16_MARKS):
        return _strict(data, "utf-16", "UTF-16")
    if b"\x00" in data or _is_utf16(data):
        raise _refused(_without_mark(data))
    if data.isascii():
        return _strict(data, *(("iso2022_jp_ext", "ISO-2022-JP") if _JIS_ESCAPE.search(data) else ("ascii", "ASCII")))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _legacy(data, error)
    return _readable(text)


def _check_file(data: bytes) -> None:
    """Refuse what is no text of a usable size at first sight."""
    if not data:
        raise UnreadableManuscript(_("The file is empty. Choose the file with the manuscript."))
    if len(data) > LARGEST:
        message = _("The file has %(size).1f MB; a manuscript has at most %(most)d MB. Split it into its articles.")
        raise UnreadableManuscript(message % {"size": len(data) / 1e6, "most": LARGEST // 1_000_000})
    for beginning, name in _FILES:
        if data.startswith(beginning):
            message = _("This is a file of another kind (%(name)s).") % {"name": name}
            raise _refused(message)
    if _HTML.match(data):
        raise _refused(_("This is a web page with its HTML code."))
    if data.startswith(_UTF32_MARKS):
        raise _refused(_("The text is encoded in UTF-32."))


def _refused(found: str) -> UnreadableManuscript:
    return UnreadableManuscript(
        found + " " + _("Open it in your editor, save it as plain text in UTF-8 and try again.")
    )


def _strict(data: bytes, codec: str, name: str) -> str:
    try:
        return _readable(data.decode(codec))
    except UnicodeDecodeError as error:
        message = _("The text begins as %(encoding)s, but byte %(byte)d does not belong to it.")
        raise _refused(message % {"encoding": name, "byte": error.start + 1}) from None


def _readable(text: str) -> str:
    """The text, unless control characters show that it is none."""
    controls = sum(
        count for char, count in Counter(text).items() if unicodedata.category(char) == "Cc" and char not in "\t\n\r"
    )
    if "\x00" in text or controls * 10 > len(text):
        raise _refused(_("The file holds binary data, not text."))
    return text


def _is_utf16(data: bytes) -> bool:
    """True where two bytes make a kana too often for chance."""
    return len(data) % 2 == 0 and max(_kana_share(data, "utf-16-le"), _kana_share(data, "utf-16-be")) > 0.1


def _kana_share(data: bytes, codec: str) -> float:
    """How much of the data would be kana if it were in this encoding; judged on its first part."""
    sample = data[:4000][: min(len(data), 4000) // 2 * 2]
    text = sample.decode(codec, errors="ignore")  # only looked at, never returned
    return sum("\u3041" <= char <= "\u30ff" for char in text) / max(len(text), 1)


def _without_mark(data: bytes) -> str:
    """What data with NUL bytes seems to be."""
    shares = {codec: _kana_share(data, codec) for codec in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")}
    best = max(shares, key=lambda codec: shares[codec])
    if shares[best] > 0.05:
        return _("The text seems to be encoded in %(encoding)s, without the mark that says so.") % {
            "encoding": best[:6].upper()
        }
    return _("The file holds binary data, not text.")


def _legacy(data: bytes, error: UnicodeDecodeError) -> str:
    """Text in the older Japanese encodings; refused where part of it is UTF-8."""
    line = data.count(b"\n", 0, error.start) + 1
    if _UTF8_KANA.search(data) or data.startswith(codecs.BOM_UTF8):
        raise _refused(
            _("The text is UTF-8, but on line %(line)d something else stands in it: it is damaged or put together.")
            % {"line": line}
        )
    texts = sorted(_decodings(data), key=plausibility, reverse=True)
    if not texts or plausibility(texts[0]) < _PLAUSIBLE or _has_odd_line(texts[0]):
        raise _refused(
            _("The text is neither UTF-8 nor Shift_JIS nor EUC-JP (line %(line)d cannot be read).") % {"line": line}
        )
    return _readable(texts[0])


def _decodings(data: bytes) -> Iterator[str]:
    for codec in _LEGACY:
        try:
            yield data.decode(codec)
        except UnicodeDecodeError:
            continue


def _has_odd_line(text: str) -> bool:
    """True where a longer line is implausible by itself: two encodings in one file."""
    longer = (line for line in text.splitlines() if sum(char > "\x7f" for char in line) >= 8)
    return any(plausibility(line) < _PLAUSIBLE / 2 for line in longer)


def plausibility(text: str) -> float:
    """How much a text looks like Japanese: 1 for kana, common kanji and full-width signs only, 0 for none of them."""
    counts = Counter(char for char in text if char > "\x7f")
    total = sum(counts.values())
    return sum(_weight(char) * count for char, count in counts.items()) / total if total else 1.0


def _weight(char: str) -> float:
    """1 for what Japanese text is made of, less for signs that appear where text is decoded wrongly."""
    if "\uff61" <= char <= "\uff9f":  # half-width katakana
        return 0.2
    if "\u3000" <= char <= "\u30ff" or "\uff01" <= char <= "\uff5e":
        return 1.0
    try:
        row = char.encode("euc_jp")[0] - 0xA0
    except UnicodeEncodeError:
        return 0.8 if "\u2460" <= char <= "\u33ff" or "\uf900" <= char <= "\ufaff" else 0.0
    return 1.0 if row in (1, 2, 3) or 16 <= row <= 47 else 0.3  # JIS X 0208: signs; kanji of the first level
