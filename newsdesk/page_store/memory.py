"""The pages that this process keeps, those asked for last, within a number of bytes."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from newsdesk.page_store.pages import Page


@dataclass(slots=True)
class Kept:
    """A page in memory: the state of the site with which it was found true last, and when it was (time.monotonic)."""

    page: Page
    site: str
    at: float


class Memory:
    """Pages by key. What was not asked for longest makes room for what is new; a page larger than all is not kept."""

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.size = 0
        self._pages: OrderedDict[str, Kept] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: str) -> Kept | None:
        """The page of that key, which is now the one asked for last."""
        with self._lock:
            kept = self._pages.get(key)
            if kept:
                self._pages.move_to_end(key)
            return kept

    def put(self, key: str, kept: Kept) -> None:
        """Keep a page in the place of the one that had the key."""
        with self._lock:
            self._drop(key)
            if kept.page.size > self.budget:
                return
            self._pages[key] = kept
            self.size += kept.page.size
            while self.size > self.budget:
                self._drop(next(iter(self._pages)))

    def forget(self, key: str) -> None:
        """Keep the page no longer."""
        with self._lock:
            self._drop(key)

    def _drop(self, key: str) -> None:
        kept = self._pages.pop(key, None)
        if kept:
            self.size -= kept.page.size
