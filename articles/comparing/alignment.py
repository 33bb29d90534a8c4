"""Which section, source or comment of a new text is which of the old one."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import singledispatch
from itertools import product

from articles.document import Comment, Section, Source

# Numbers of a part in the old and in the new text; None where it is not there.
Pair = tuple[int | None, int | None]
Part = Section | Source | Comment

LIKE_ENOUGH = (
    0.4  # of what two parts say in pairs of letters, how much they share; unrelated Japanese shares up to 0.25
)
MOST_LOOKS = 4_000  # pairs looked at closely: some 60 unlike parts on either side; with more, only neighbours are


def aligned(old: Sequence[Part], new: Sequence[Part]) -> list[Pair]:
    """Each part of both texts exactly once, in the order of the new one; what is gone stands where it stood.

    Equal parts belong together; then those most alike, where a heading, question, report, address or caption that is
    word for word the same counts most; of two as much alike, the one that stands nearer.
    """
    partners = _equal(old, new)
    looks_old = {i: _look(part) for i, part in enumerate(old) if i not in partners.values()}
    looks_new = {j: _look(part) for j, part in enumerate(new) if j not in partners}
    taken: set[int] = set()
    for _, _, i, j in sorted(_candidates(looks_old, looks_new)):
        if i not in taken and j not in partners:
            partners[j] = i
            taken.add(i)
    return list(_in_order(partners, len(old), len(new)))


def moved(pairs: Iterable[Pair]) -> set[int]:
    """Numbers, in the new text, of the fewest parts that must have been moved to bring the old order into the new."""
    both = [(i, j) for i, j in pairs if i is not None and j is not None]
    stayed = longest_rise([i for i, _ in both])
    return {j for index, (_, j) in enumerate(both) if index not in stayed}


def longest_rise(numbers: Sequence[int]) -> set[int]:
    """Where in a list of different numbers the longest of its rising subsequences stands."""
    ends: list[int] = []  # by length less one: the lowest number a rise of that length can end on …
    places: list[int] = []  # … and where in the list it is
    before: list[int] = []
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(places[length - 1] if length else -1)
        ends[length : length + 1], places[length : length + 1] = [number], [place]
    found: set[int] = set()
    place = places[-1] if places else -1
    while place >= 0:
        found.add(place)
        place = before[place]
    return found


def grams(text: str) -> frozenset[str]:
    """The pairs of letters in a text; of a short one, the letters too, for it has few pairs."""
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    return frozenset(pairs if len(text) > 20 else pairs | set(text))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """How much two texts share of their pairs of letters, from 0 to 1 (the Dice coefficient)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def _equal(old: Sequence[Part], new: Sequence[Part]) -> dict[int, int]:
    """By number in the new text, the number of the old part that says the same; of several, one after the other."""
    waiting = defaultdict(list)
    for i, part in reversed(list(enumerate(old))):
        waiting[part].append(i)
    return {j: waiting[part].pop() for j, part in enumerate(new) if waiting.get(part)}


@dataclass(frozen=True, slots=True)
class _Look:
    """What a part is recognised by: what is its own if anything is, and all that it says."""

    keys: tuple[str, ...]
    grams: frozenset[str]

    def likeness(self, other: "_Look") -> float:
        same = sum(bool(mine) and mine == yours for mine, yours in zip(self.keys, other.keys, strict=True))
        return same + likeness(self.grams, other.grams)


@singledispatch
def _look(part: Part) -> _Look:
    raise TypeError(part)


@_look.register
def _(section: Section) -> _Look:
    captions = (source.caption for source in section.sources)
    voices = (comment.text for comment in (*section.opening, *section.closing))
    texts = (section.heading, section.question, section.answer, section.body, *captions, *voices)
    return _Look((section.heading, section.question, section.body), grams("\n".join(filter(None, texts))))


@_look.register
def _(source: Source) -> _Look:
    texts = (source.caption, source.site_name, *source.key_points)
    return _Look((source.url, source.caption), grams("\n".join(filter(None, texts))))


@_look.register
def _(comment: Comment) -> _Look:
    return _Look((comment.commentator, comment.text), grams(comment.text))


def _candidates(old: dict[int, _Look], new: dict[int, _Look]) -> Iterator[tuple[float, int, int, int]]:
    """Pairs that are alike enough: by how much (negative, so that the best come first), how far apart, and numbers."""
    for i, j in _worth_a_look(old, new):
        found = old[i].likeness(new[j])
        if found >= LIKE_ENOUGH:
            yield -found, abs(i - j), i, j


def _worth_a_look(old: dict[int, _Look], new: dict[int, _Look]) -> Iterable[tuple[int, int]]:
    """Every pair, or, where that are too many, those near each other and those that share a key found nowhere else."""
    if len(old) * len(new) <= MOST_LOOKS:
        return product(old, new)
    reach = max(MOST_LOOKS // max(len(old), len(new)) // 2, 1)
    left, right = list(old), list(new)
    near = {
        (i, j)
        for place, i in enumerate(left)
        for j in right[max(place * len(right) // len(left) - reach, 0) : place * len(right) // len(left) + reach + 1]
    }
    owners_old, owners_new = _owners(old), _owners(new)
    return near | {(owners_old[key], owners_new[key]) for key in owners_old.keys() & owners_new.keys()}


def _owners(looks: dict[int, _Look]) -> dict[tuple[int, str], int]:
    """Who has a key that nobody else has."""
    owners: dict[tuple[int, str], set[int]] = defaultdict(set)
    for number, look in looks.items():
        for key in enumerate(look.keys):
            owners[key].add(number)
    return {key: next(iter(numbers)) for key, numbers in owners.items() if key[1] and len(numbers) == 1}


def _in_order(partners: dict[int, int], count_old: int, count_new: int) -> Iterator[Pair]:
    """The pairs in the order of the new text, each followed by what is gone and stood behind it in the old one."""
    kept = set(partners.values())
    gone_after: dict[int, list[int]] = defaultdict(list)
    last = -1
    for i in range(count_old):
        if i in kept:
            last = i
        else:
            gone_after[last].append(i)
    yield from ((i, None) for i in gone_after[-1])
    for j in range(count_new):
        partner = partners.get(j)
        yield partner, j
        if partner is not None:
            yield from ((i, None) for i in gone_after[partner])
