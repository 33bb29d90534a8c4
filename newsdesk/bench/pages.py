"""The pages that are measured, by name: each with the addresses that are asked for in turn."""

import re
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from django.db.models import Count
from django.test import Client
from django.urls import reverse
from taggit.models import Tag

from articles import ledger, listings
from articles.models.commentators import Commentator
from articles.models.editions import Edition, EditionTag
from articles.months import Month
from articles.stories import stories_in_use

DIFFERENT = 100  # article pages that are asked for in turn
LEAFED = 20  # times that a reader leafs on from the front page

SEARCHES = {
    "search, 1 letter": "港",
    "search, 2 letters": "給食",
    "search, 3 letters": "防潮堤",
    "search, compound": "路面電車再開",
    "search, common word": "発表",
    "search, no hit": "鰐淵諸島",
}
_NEXT = re.compile(rb'<(?:a|link)\b(?=[^>]*\brel="?next\b)[^>]*\bhref="([^"]+)"')


def chosen(client: Client, only: Sequence[str] = ()) -> dict[str, list[str]]:
    """The addresses of those pages, or of all. Pages of what is not there have none and are left out."""
    found = addresses(client)
    return {name: found[name] for name in NAMES if found.get(name) and (not only or name in only)}


def addresses(client: Client) -> dict[str, list[str]]:
    """The addresses of every page, as the corpus has them."""
    shown = articles(DIFFERENT)
    found = {
        "article": shown,
        "article, one": shown[:1],
        "brief": [f"{path}brief/" for path in shown],
        "facts": [f"{path}facts/" for path in shown],
        "front": [reverse("home")],
        "front, deep": [deep(lambda path: client.get(path).content)],
        "tag, common": [reverse("tag", args=[_tag("-articles").slug])],
        "tag, rare": [reverse("tag", args=[_tag("articles").slug])],
        "month": [reverse("month", args=[_month()])],
        "commentator": [Commentator.objects.annotate(said=Count("remarks")).latest("said").get_absolute_url()],
        "publisher": [ledger.publishers()[0].path],
        "story": [reverse("story", args=[key]) for key in stories_in_use()[:1]],
        "tag feed": [reverse("tag-rss", args=[_tag("-articles").slug])],
        "sitemap month": [reverse("sitemap-month", args=[_month()])],
        "404": ["/articles/999999999999/"],
    }
    found |= {name: [f"{reverse('search')}?{urlencode({'q': words})}"] for name, words in SEARCHES.items()}
    return found | {name: [reverse(view)] for name, view in _SINGLE.items()}


_SINGLE = {
    "tags": "tags",
    "archive": "archive",
    "questions": "questions",
    "commentators": "commentators",
    "sources": "sources",
    "corrections": "corrections",
    "rss": "rss",
    "atom": "atom",
    "json feed": "json-feed",
    "sitemap index": "sitemap",
}

# Every page by name, in the order of the report.
NAMES = [
    *("article", "article, one", "brief", "facts", "front", "front, deep", "tag, common", "tag, rare", "tags"),
    *("archive", "month", "questions", "commentators", "commentator", "sources", "publisher", "corrections", "story"),
    *SEARCHES,
    *("rss", "atom", "json feed", "tag feed", "sitemap index", "sitemap month", "404"),
]


def deep(get: Callable[[str], bytes]) -> str:
    """Where a reader comes who leafs on from the front page, through links to the next page of the list."""
    path = reverse("home")
    for _ in range(LEAFED):
        link = _NEXT.search(get(path))
        if link is None:
            break
        href = link[1].decode().replace("&amp;", "&")
        path = href if href.startswith("/") else f"{path.partition('?')[0]}{href}"
    return path


def articles(count: int) -> list[str]:
    """The pages of so many articles, or of all, from all over the archive."""
    keys = list(Edition.objects.live().order_by("article_id").values_list("article_id", flat=True))
    return [reverse("article", args=[key]) for key in keys[:: max(1, len(keys) // count)]][:count]


def _tag(order: str) -> Tag:
    """The tag of most articles, or of fewest."""
    counted = EditionTag.objects.filter(edition__in=Edition.objects.live()).values("tag").annotate(articles=Count("pk"))
    row = counted.order_by(order, "tag")[0]
    return Tag.objects.get(pk=row["tag"])


def _month() -> Month:
    """The newest month that is over, or the newest there is."""
    months = [entry.month for _year, entries in listings.years() for entry in entries]
    return months[1] if len(months) > 1 else months[0]
