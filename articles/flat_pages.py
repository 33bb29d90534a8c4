"""What the publication tells of itself, in pages that editors write: the reads that readers' views make of them."""

from typing import Any

from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.db.models import QuerySet
from django.http import HttpRequest

from articles import changes


def on_show() -> QuerySet[FlatPage]:
    """The pages anybody may see, each after the one it lies below."""
    return FlatPage.objects.filter(sites=settings.SITE_ID, registration_required=False).order_by("url")


def at(address: str) -> FlatPage | None:
    """The page at an address, which is given without its first slash."""
    return on_show().filter(url=f"/{address}").first()


def listed(request: HttpRequest) -> list[FlatPage]:
    """All of them, without their texts; asked once a request."""
    if not hasattr(request, "flat_pages"):
        request.flat_pages = list(on_show().defer("content"))  # type: ignore[attr-defined]
    return request.flat_pages  # type: ignore[attr-defined, no-any-return]


def changed(**kwargs: Any) -> None:
    """Say that the pages of the publication change now: connected to whatever writes them."""
    changes.announce(())
