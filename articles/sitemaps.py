"""What search engines are told of the site: every address readers have, and when what stands there last changed.

One sitemap a month of first publication, so that those of old months never change and none grows too long
(sitemaps.org/protocol.html: 50,000 addresses); the index names them. News engines get the last two days.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from articles import flat_pages, ledger, listings, voices
from articles.leafing import NoSuchPage
from articles.models.editions import Edition
from articles.months import Month
from articles.reading import for_readers
from articles.stories import stories_in_use

LENGTH = 1_000  # articles a sitemap: one that grows without end costs more to make each time an article changes
MOST = 50_000  # addresses a sitemap, by the protocol
NEWS_FOR = timedelta(days=2)  # Google's rules for news sitemaps, as are these 1,000
MOST_NEWS = 1_000
XML = "application/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Place:
    """An address of the site, and when what stands there last changed, if that is known."""

    path: str
    changed: datetime | None = None


@for_readers()
def index(request: HttpRequest) -> HttpResponse:
    """The sitemaps there are: of pages that are no articles, and of each month."""
    months = [
        Place(_of_month(entry.month, number), entry.updated_at)
        for _year, entries in listings.years()
        for entry in entries
        for number in range(1, ceil(entry.count / LENGTH) + 1)
    ]
    return render(request, "sitemaps/index.xml", {"parts": [Place(reverse("sitemap-pages")), *months]}, XML)


def _of_month(month: Month, number: int) -> str:
    return reverse("sitemap-month", args=[month]) + (f"?page={number}" if number > 1 else "")


@for_readers(params=("page",))
def month(request: HttpRequest, month: Month) -> HttpResponse:
    """The articles first published in a month; 404 where none is live."""
    live = Edition.objects.live().published_between(month.start, month.end).newest_first()
    try:
        start = (listings.page_number(request.GET.get("page")) - 1) * LENGTH
    except NoSuchPage as error:
        raise Http404 from error
    rows = live.values_list("article_id", "updated_at")[start : start + LENGTH]
    places = [Place(reverse("article", args=[article]), updated) for article, updated in rows]
    if not places:
        raise Http404
    return render(request, "sitemaps/pages.xml", {"places": places}, XML)


@for_readers()
def pages(request: HttpRequest) -> HttpResponse:
    """Every page that is no article."""
    names = ("home", "questions", "tags", "archive", "commentators", "sources", "corrections", "feeds", "pages")
    tags = [reverse("tag", args=[tag.slug]) for tag in listings.tags_in_use()]
    months = [reverse("month", args=[entry.month]) for _year, entries in listings.years() for entry in entries]
    publishers = [each.path for each in ledger.publishers() if each.path]
    people = [person.get_absolute_url() for person in voices.heard_from()]
    stories = [reverse("story", args=[key]) for key in stories_in_use()]
    own = [page.url for page in flat_pages.listed(request)]
    places = [Place(path) for path in (*map(reverse, names), *own, *people, *stories, *tags, *months, *publishers)]
    return render(request, "sitemaps/pages.xml", {"places": places[:MOST]}, XML)


@for_readers(ages=True)
def news(request: HttpRequest) -> HttpResponse:
    """The articles of the last two days, for news engines.

    Where there are none it names the front page, without news: sitemap.xsd wants an address, Google's rules no older
    article with news.
    """
    now = timezone.now()
    recent = Edition.objects.live(now).published_between(now - NEWS_FOR, now + timedelta(seconds=1))
    editions = recent.newest_first().listed()[:MOST_NEWS]
    return render(request, "sitemaps/news.xml", {"editions": editions, "home": reverse("home")}, XML)


@for_readers()
def robots(request: HttpRequest) -> HttpResponse:
    """What programs may ask for (RFC 9309): everything but the desk. Drafts forbid it themselves."""
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")
