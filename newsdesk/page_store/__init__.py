"""Finished pages, answered before Django makes a request of them. See docs/decisions/0029-page-store.md.

store.py      answers, or has the page made once and keeps it
asking.py     which page a request asks for, and in which form
pages.py      a finished page: status, headers, bytes in every encoding
memory.py     the pages of this process, within a number of bytes
shared.py     the pages that processes share: in Redis, and in a file of this machine
clock.py      the state of the site, asked a few times a second
finishing.py  has pages made when they change, by the background work
"""

from newsdesk.page_store.store import PageStore

__all__ = ["PageStore"]
