"""Manuscripts of many articles in one file, as newsrooms exchange and keep them."""

import re
from collections.abc import Sequence
from tempfile import SpooledTemporaryFile
from typing import IO
from unicodedata import normalize
from zipfile import ZIP_DEFLATED, ZipFile

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import drafting, trail
from articles.manuscripts import dump
from articles.models.drafts import Article
from articles.text import line

IN_MEMORY = 8 * 1024 * 1024  # bytes; what is larger goes to the disk
LONGEST_NAME = 60  # characters of the title in the name of a file

# What Windows, macOS or a shell takes for something else, and what cannot be seen or turns the direction of writing.
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|$`\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')


@transaction.atomic
def export(articles: Sequence[Article], *, by: User) -> IO[bytes]:
    """A ZIP with each article's working copy as a manuscript, and a list that says what stands in which file.

    Lines without a place are no part of a manuscript; the list says which articles have some.
    """
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # whoever sends it closes it
    told = []
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for article in articles:
            name = name_of(article)
            archive.writestr(name, dump(drafting.read(article)))
            left = _(" (it has lines without a place, which are kept at the desk)") if article.unplaced else ""
            told.append(f"{name}\t{line(str(article))}{left}\n")
        archive.writestr(_("list.txt"), "".join(told))
    trail.record("export", by=by, count=len(articles), articles=[article.pk for article in articles])
    file.seek(0)
    return file


def name_of(article: Article) -> str:
    """The name of the article's file: its number, which no other has, and what of its title any system takes."""
    title = _NOT_IN_NAMES.sub("", normalize("NFC", line(article.title))).strip(" .")[:LONGEST_NAME]
    return f"{article.pk}-{title}.txt" if title else f"{article.pk}.txt"


def file_name() -> str:
    """The name of the ZIP."""
    return f"manuscripts-{timezone.localtime():%Y%m%d-%H%M}.zip"
