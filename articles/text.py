"""Japanese text: cleaning, folding, excerpts, dates and the voice of a sentence. Pure: no Django models."""

import re
import unicodedata

# Everything that some system takes for the end of a line (Unicode UAX #14, classes BK, CR, LF, NL).
LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")

# Characters dropped from every text: controls, halves of surrogate pairs, non-characters, and what is invisible and
# turns text around (bidi controls, Unicode UAX #9) or hides in names (zero-width marks). U+200D, the joiner, stays:
# emoji are built with it. So do private-use characters: they are the gaiji of old texts.
UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)


def line(value: str) -> str:
    """One clean line: NFC (never NFKC: full-width letters are the writer's), nothing unwanted, no outer space.

    Tabs and ends of lines become spaces.
    """
    return unicodedata.normalize("NFC", UNWANTED.sub("", LINE_END.sub(" ", value).replace("\t", " "))).strip()


def block(value: str) -> str:
    """Clean lines without empty ones between them: in the house layout every line is a paragraph."""
    lines = (line(part) for part in LINE_END.split(value))
    return "\n".join(part for part in lines if part)


def excerpt(value: str, width: int) -> str:
    """The beginning of a text in at most `width` full-width columns (a half-width letter counts a half), ended by …."""
    flat = " ".join(value.split())
    used = 0
    for index, char in enumerate(flat):
        used += 2 if unicodedata.east_asian_width(char) in "FWA" else 1
        if used > 2 * width:
            return flat[: max(index - 1, 0)].rstrip() + "…"
    return flat


def fold(value: str) -> str:
    """The form in which texts are compared and searched: NFKC, without case, every space a single half-width one."""
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())
