"""All kinds by their numbers, and the site they are thrown at."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.attack import addresses, desk, fuzz, kinds, manuscripts, pictures, requests, texts
from tests.attack.kinds import Target
from tests.drills.people import Browser, editors
from tests.sites import on_this_database

MODULES = (addresses, desk, fuzz, manuscripts, pictures, requests, texts)  # each enters its kinds
KINDS = dict(sorted(kinds.KINDS.items()))


@contextmanager
def attacked(folder: Path) -> Iterator[Target]:
    """A site with an article on show, its server, and those who ask it."""
    with on_this_database(folder, "attack") as site, site.serving() as server:
        (editor,) = editors(site, server.port, 1)
        browsers = {"anonymous": Browser(server.port), "editor": editor.browser}
        yield Target(site, server.port, browsers)
