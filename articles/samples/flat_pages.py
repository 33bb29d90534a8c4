"""Brings the pages of the sample newsroom into the database: what a publication tells of itself, at its address.

A page is a text file whose place in the folder `pages` is its address: the title in the first line, then the text.
"""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.db import transaction

FOLDER = Path(__file__).parent / "pages"


@transaction.atomic
def load() -> list[FlatPage]:
    """Add the pages whose addresses are free; returns what was added. What is there stays as it is."""
    taken = set(FlatPage.objects.values_list("url", flat=True))
    added = [page for page in _pages() if page.url not in taken]
    for page in added:
        page.save()
        page.sites.set([settings.SITE_ID])
    return added


def _pages() -> Iterator[FlatPage]:
    for path in sorted(FOLDER.rglob("*.txt")):
        title, _, text = path.read_text(encoding="utf-8").partition("\n")
        yield FlatPage(url=f"/{path.relative_to(FOLDER).with_suffix('').as_posix()}/", title=title, content=text)
