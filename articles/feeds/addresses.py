"""Addresses as others have to write them. Pure."""

from urllib.parse import urljoin

from django.conf import settings
from django.templatetags.static import static
from django.utils.encoding import iri_to_uri


def in_full(url: str) -> str:
    """An address of the site with scheme and host, in ASCII. One that is whole already stays."""
    return str(iri_to_uri(urljoin(f"{settings.SITE_URL}/", url)))


def icon_url() -> str:
    """The publication's sign, square."""
    return in_full(static("img/icon.png"))
