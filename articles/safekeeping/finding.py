"""What a look at the site's data finds."""

from dataclasses import dataclass

AT_ONCE = 200  # rows


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong: a word for the kind, what it is about, and what to do."""

    kind: str
    subject: str
    advice: str
