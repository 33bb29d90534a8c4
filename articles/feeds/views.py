"""The feeds' addresses answered: one view a format, of the site, of a tag by its slug, of a commentator by number."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from articles.feeds import xml
from articles.feeds.contents import SITE, Feed, Subject, Way, feed_of
from articles.feeds.json_feed import json_feed
from articles.feeds.smartformat import smartformat
from articles.leafing import NoSuchPage, Wanted
from articles.listings import tag_at
from articles.reading import for_readers

FRESH = 300  # seconds a reader need not ask again

Format = Callable[[Feed], bytes]


def _view(
    name: str, content_type: str, written: Format, way: Way = Way.WHOLE, *, has_hubs: bool = True
) -> Callable[..., HttpResponseBase]:
    @for_readers(max_age=FRESH, leafed=True)
    def view(request: HttpRequest, slug: str = "", pk: int = 0) -> HttpResponse:
        subject = Subject("tag", slug) if slug else Subject("commentator", pk) if pk else SITE
        try:
            feed = feed_of(name, subject, Wanted.of(request.GET), way)
        except NoSuchPage as error:
            tag = tag_at(slug) if slug else None
            if tag and tag.slug != slug:
                return redirect(f"tag-{name}", tag.slug, permanent=True)
            raise Http404 from error
        links = _discovery(feed) if has_hubs else {}
        return HttpResponse(written(feed), content_type=f"{content_type}; charset=utf-8", headers=links)

    return view


def _discovery(feed: Feed) -> dict[str, str]:
    """Where a subscriber finds the hubs of a feed, and by which address they know it (WebSub §4, RFC 8288)."""
    hubs = [f'<{hub}>; rel="hub"' for hub in feed.hubs]
    return {"Link": ", ".join([*hubs, f'<{feed.url}>; rel="self"'])} if hubs else {}


RSS, ATOM, JSON = "application/rss+xml", "application/atom+xml", "application/feed+json"

rss = _view("rss", RSS, xml.rss)
atom = _view("atom", ATOM, xml.atom)
json = _view("json-feed", JSON, json_feed)
brief_rss = _view("brief-rss", RSS, xml.rss, Way.BRIEF)
brief_atom = _view("brief-atom", ATOM, xml.atom, Way.BRIEF)
brief_json = _view("brief-json-feed", JSON, json_feed, Way.BRIEF)
facts_rss = _view("facts-rss", RSS, xml.rss, Way.FACTS)
facts_atom = _view("facts-atom", ATOM, xml.atom, Way.FACTS)
facts_json = _view("facts-json-feed", JSON, json_feed, Way.FACTS)
voice_rss = _view("rss", RSS, xml.rss, Way.VOICE)
voice_atom = _view("atom", ATOM, xml.atom, Way.VOICE)
voice_json = _view("json-feed", JSON, json_feed, Way.VOICE)
smartnews = _view("smartnews", RSS, smartformat, has_hubs=False)
