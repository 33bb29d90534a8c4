"""Text cut into what an index holds. Pure.

Japanese writes no spaces, so a run of kanji, kana or hangul is held as its overlapping pairs of letters, and its last
letter alone: 防衛費 is 防衛 衛費 費. Words of other scripts and
numbers are held whole, each by itself: 380m is 380 m. Every two or more letters that
somebody looks for are then a phrase of pairs, and one letter the beginning of a pair.
"""

import re
from operator import add

from articles.text import fold

# Scripts without spaces between words: Han, kana, hangul and the signs that are written among them (々〆ー).
_WIDE = (
    "\u1100-\u11ff\u3005-\u3007\u3021-\u3029\u303b\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003134f"
)
_NARROW = f"(?:(?![{_WIDE}])[^\\W_])"
LONGEST = 20  # letters of a word or number; what goes on is another one behind it
RUN = re.compile(rf"[{_WIDE}]+|\d{{1,{LONGEST}}}|(?:(?!\d){_NARROW}){{1,{LONGEST}}}")
_LETTER = rf"(?:(?!\d){_NARROW})"
_IS_WIDE = re.compile(f"[{_WIDE}]")


def is_wide(run: str) -> bool:
    """Whether a run is of a script that puts no spaces between words."""
    return bool(_IS_WIDE.match(run))


def edges(run: str) -> tuple[str, str]:
    """Patterns for where a run of a text begins and ends: a run of a script without spaces may do so anywhere."""
    if is_wide(run):
        return "", ""
    part = r"\d" if run[0].isdecimal() else _LETTER
    return f"(?<!{part})", f"(?!{part})"


def runs(text: str) -> list[str]:
    """The runs of letters and numbers of one kind in a text, folded; all other signs part them."""
    return RUN.findall(fold(text))


def tokens(text: str) -> list[str]:
    """What an index holds of a text, in order."""
    found: list[str] = []
    for run in runs(text):
        found += _whole(run)
    return found


def _whole(run: str) -> list[str]:
    return [*pairs(run), run[-1]] if is_wide(run) else [run]


def pairs(run: str) -> list[str]:
    """The overlapping pairs of letters of a run; none for a single letter."""
    return list(map(add, run, run[1:]))


def phrase(wanted: list[str]) -> tuple[list[str], bool]:
    """The tokens that stand one behind the other where these runs do, and whether the last one only begins so.

    The last run may go on in the text: 防衛 is found in 防衛費. A number, or a short word of another script, may not:
    AI is not looked for in air.
    """
    *before, last = wanted
    found = [token for run in before for token in _whole(run)]
    if not is_wide(last):
        return [*found, last], len(last) >= 4 and last.isalpha()
    return [*found, *(pairs(last) if len(last) > 1 else [last])], len(last) == 1
