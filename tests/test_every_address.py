"""Every address that a page, a feed or a sitemap of the sample site names answers; every place in a page is there."""

import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client

from articles import publishing
from articles.models import Article, Edition
from articles.samples import loading
from tests.test_samples import ready_pictures, small  # noqa: F401  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ready_pictures")]

_IN_MARKUP = re.compile(r"""(?:href|src|action|cite|content)=["']([^"']+)["']|<(?:loc|link|guid|url)>([^<]+)</""")
_SRCSET = re.compile(r'srcset="([^"]+)"')
STARTS = ("/", "/robots.txt", "/sitemap.xml", "/news-sitemap.xml", "/feeds/", "/search/?q=港", "/nothing/")
DESK = "/admin/"


def named(url: str, text: str, kind: str) -> Iterator[str]:
    """The addresses of the site that an answer names, without scheme and host."""
    if "json" in kind:
        found = [value for value in texts(json.loads(text)) if value.startswith(("http:", "https:", "/"))]
        markup = "\n".join(value for value in texts(json.loads(text)) if "<" in value)
        found += [one or other for one, other in _IN_MARKUP.findall(markup)]
    else:
        text = unescape(text) if "xml" in kind else text
        found = [unescape(one or other) for one, other in _IN_MARKUP.findall(text)]
        found += [each.split()[0] for srcset in _SRCSET.findall(text) for each in srcset.split(", ")]
        found += re.findall(r"^Sitemap: (\S+)$", text, re.MULTILINE)
    for address in found:
        if address.startswith(("/", "?", "#", "http:", "https:")) and not re.fullmatch("#[0-9a-f]{6}", address):
            whole = urljoin(f"{settings.SITE_URL}{url}", address)
            if whole.startswith(f"{settings.SITE_URL}/"):
                yield whole.removeprefix(settings.SITE_URL)


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def test_whatever_the_site_names_is_there(client: Client) -> None:
    loading.load()
    gone = Edition.objects.exclude(withdrawal="").get().get_absolute_url()
    expected = {"/nothing/": 404, gone: 410, f"{gone}facts/": 410}  # feeds tell what was withdrawn
    waiting = list(STARTS)
    pages: dict[str, str] = {}
    places: dict[str, set[str]] = {}
    named_by: dict[str, str] = {}
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        if address.startswith("/media/"):
            assert default_storage.exists(unquote(address.removeprefix("/media/"))), (address, named_by.get(address))
            continue
        if address.startswith(("/static/", DESK)):
            continue
        response = client.get(address)
        assert response.status_code == expected.get(address, 200), (address, named_by.get(address))
        kind = response.headers["Content-Type"]
        pages[address] = "" if kind.startswith("image/") else response.content.decode()
        for here in named(address, pages[address], kind):
            here, place = urldefrag(here)
            if place:
                places.setdefault(here or address, set()).add(place)
            named_by.setdefault(here, address)
            waiting.append(here)
    assert len(pages) > 150
    for address, wanted in places.items():
        for place in wanted - {"article"}:  # that one is a name in linked data
            assert f'id="{unquote(place)}"' in pages[address], (address, place)


def test_addresses_of_what_is_gone_say_so_and_old_ones_lead_on(client: Client) -> None:
    loading.load()
    gone = Edition.objects.exclude(withdrawal="").get()
    for way in ("", "brief/", "facts/", "share.png"):
        assert client.get(f"{gone.get_absolute_url()}{way}").status_code == 410
    edition = Edition.objects.live().first()
    assert edition
    publishing.withdraw(Article.objects.get(pk=edition.article_id), by=None, reason="試しに")
    for way in ("", "brief/", "facts/", "share.png"):
        assert client.get(f"{edition.get_absolute_url()}{way}").status_code == 410
    without_slash = client.get(edition.get_absolute_url().rstrip("/"))
    assert without_slash.status_code == 301
    assert urlsplit(without_slash.headers["Location"]).path == edition.get_absolute_url()
