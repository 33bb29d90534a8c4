"""What differs between two Documents: which part is which, what each field said and says, and the characters changed.

Pure: no Django models. `articles.merging` stands on it, and so do the history, the screen of a conflict and the switch
between form and manuscript.
"""

from articles.comparing.alignment import Pair, aligned, moved
from articles.comparing.changes import Change, Kind, compare, side_by_side
from articles.comparing.marking import Run, marks

__all__ = ["Change", "Kind", "Pair", "Run", "aligned", "compare", "marks", "moved", "side_by_side"]
