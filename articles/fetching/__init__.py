"""Fetching pages of the web: the one place from which the site asks for an address that somebody typed.

It leads to the public web only, whatever names and redirects say, keeps to what a site's robots.txt and the pace of one
request a second ask for, and takes little time and memory whatever it meets. Hubs of feeds are told through it as well.
"""

from articles.fetching.errors import (
    BadAddress,
    Disallowed,
    FetchError,
    NotAPage,
    NotPublic,
    NotTrusted,
    Refused,
    TooManyRedirects,
    TooSlow,
    Unreachable,
    Unreadable,
)
from articles.fetching.fetcher import Answer, Fetcher, address

__all__ = [
    "Answer",
    "BadAddress",
    "Disallowed",
    "FetchError",
    "Fetcher",
    "NotAPage",
    "NotPublic",
    "NotTrusted",
    "Refused",
    "TooManyRedirects",
    "TooSlow",
    "Unreachable",
    "Unreadable",
    "address",
]
