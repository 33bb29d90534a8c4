"""The articles that corpora are made of: our own samples, in a newsroom where some are asked more often than others."""

from collections.abc import Iterator
from random import Random
from typing import Any

from articles.samples.synthetic import document

BASE = 1_000  # articles that are imported; larger corpora are copies of them
PER_DAY = 20  # articles a newsroom publishes, and how long it has been there at most: more articles are more a day
YEARS = 20

# What stands in every title and address of a source, other in every copy: one word of the index of the search.
LETTERS = "abcdefghijklmnopqrstuvwxyz"

ASKED_AGAIN = 50  # one question of so many is asked in other articles, too
EVERYWHERE, RARE = "地域のニュース", "珍しい便り"  # tags of four articles of five, and of one of five hundred
HOSTS = [f"paper{number}.example" for number in range(1, 61)]
VOICES = [f"解説員{letter}" for letter in "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホ"]


def serial(copy: int) -> str:
    """The word of a copy: qaaaa, qaaab, …"""
    digits = []
    for _ in range(4):
        copy, digit = divmod(copy, len(LETTERS))
        digits.append(LETTERS[digit])
    return "q" + "".join(reversed(digits))


def documents(count: int, copy: int = 0) -> Iterator[dict[str, Any]]:
    """The JSON forms of so many articles, as the copy has them; the dates are not set."""
    return (_form(number, serial(copy)) for number in range(count))


def _form(number: int, word: str) -> dict[str, Any]:
    form = document(number)
    random = Random(number)  # noqa: S311  # nothing secret is made of it
    form["title"] = form["title"].replace("（第", f"（{word}第")
    form["tags"] = [*form["tags"], *([EVERYWHERE] if number % 5 else []), *([] if number % 500 else [RARE])]
    for place, section in enumerate(form["sections"]):
        if random.randrange(ASKED_AGAIN):
            section["question"] = f"{section['question']}（{word}第{number}報の{place}）"
        for source in section["sources"]:
            source["url"] = f"https://{_one(HOSTS, random)}/{word}/{number}/{random.randint(1, 999_999)}"
    for comment in _comments(form):
        comment["commentator"] = _one(VOICES, random)
    return form


def _comments(form: dict[str, Any]) -> Iterator[dict[str, str]]:
    for section in form["sections"]:
        yield from (*section["opening"], *section["closing"])
    yield from form["closing"]


def _one(choices: list[str], random: Random) -> str:
    """One of them, the first ones far more often than the last."""
    return choices[int(len(choices) * random.random() ** 3)]
