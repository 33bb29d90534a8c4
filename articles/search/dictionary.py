"""Words of a compound, from SudachiPy's dictionary where that is installed (the extra `ja`). Pure.

It is asked about queries only, never about what is indexed: a newer dictionary needs no new index, and without one
compounds are parted by their letters alone (`queries`).
"""

from functools import cache
from typing import Any

# Particles, endings and signs: a text may say the same with others.
_PASSED_OVER = {"助詞", "助動詞", "補助記号", "空白", "記号"}


@cache
def _tokenizer() -> Any:
    try:
        from sudachipy import Dictionary, SplitMode  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return None
    try:
        return Dictionary(dict="small").create(mode=SplitMode.A)
    except Exception:  # the package without a dictionary raises errors of several kinds
        return None


def split(word: str) -> list[list[str]]:
    """The one way in which the dictionary parts a folded word; nothing where it is not installed or knows no parts."""
    tokenizer = _tokenizer()
    if tokenizer is None:
        return []
    parts = [part.surface() for part in tokenizer.tokenize(word) if part.part_of_speech()[0] not in _PASSED_OVER]
    return [parts] if len(parts) > 1 and all(parts) else []
