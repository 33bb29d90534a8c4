"""Manuscript text ⇄ Document. `parse` reads any text, `dump` writes text that reads back to the same Document.

How a manuscript is written is described in `articles.manuscripts.marks`. Pure: no Django models.
"""

from articles.manuscripts.encodings import LARGEST, UnreadableManuscript, decode
from articles.manuscripts.findings import Doubt, Placement, Reading, Unplaced
from articles.manuscripts.reading import parse
from articles.manuscripts.writing import dump

__all__ = [
    "LARGEST",
    "Doubt",
    "Placement",
    "Reading",
    "Unplaced",
    "UnreadableManuscript",
    "decode",
    "dump",
    "parse",
]
