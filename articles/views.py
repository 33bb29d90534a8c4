"""The pages readers see. Each is declared with `for_readers` and starts from the editions that are live.

One is for people who are shown a draft: it is declared with `for_holders` and starts from their link.
"""

import hashlib
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from articles import changes, flat_pages, ledger, listings, markup, questions, share_picture, voices
from articles.beside import beside
from articles.leafing import NoSuchPage, Wanted
from articles.models.editions import HEAVY, Edition, EditionQuerySet
from articles.models.sharing import DraftLink
from articles.months import Month
from articles.reading import fingerprint, for_holders, for_readers, site_state
from articles.searching import Asked, results_for
from articles.stories import story_of
from articles.text import excerpt

DRAWN_FOR = 30 * 24 * 3600  # seconds that a drawing is kept


def of_article(pk: int) -> Sequence[str]:
    """What an article's pages are made of."""
    return changes.made_of(pk)


@for_readers(leafed=True)
def home(request: HttpRequest) -> HttpResponse:
    """The front page: the newest articles, a page at a time."""
    return render(request, "home.html", {"page": _page(request, Edition.objects.live().newest_first())})


@for_readers(of=of_article, params=())
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """An article in its live edition; 410 where it was on show and no longer is."""
    return _article(request, pk, "article.html")


@for_readers(of=of_article, params=())
def brief(request: HttpRequest, pk: int) -> HttpResponse:
    """An article in half a minute: title, lead, every question with its answer, takeaways."""
    return _article(request, pk, "brief.html")


@for_readers(of=of_article, params=())
def facts(request: HttpRequest, pk: int) -> HttpResponse:
    """An article without what commentators say."""
    return _article(request, pk, "facts.html", facts=True)


def _article(request: HttpRequest, pk: int, template: str, *, facts: bool = False) -> HttpResponse:
    edition = Edition.objects.live().filter(article=pk).first()
    if edition is None:
        return _gone(request, pk)
    around = beside(edition)
    context = {
        "edition": edition,
        "article": edition.content,
        "tags": [row.tag for row in edition.edition_tags.select_related("tag")],
        "beside": around,
        "lost": around.lost,
        "facts": facts,
        "has_views": True,
    }
    return render(request, template, context)


@for_readers(kept=False)
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture of an article's title, shown where its address is shared; 410 where the article is gone.

    It is drawn once: what it is made of is its name in the cache, so that nothing old can be found there.
    """
    edition = Edition.objects.live().listed().filter(article=pk).first()
    if edition is None:
        return _gone(request, pk)
    made_of = hashlib.sha256(f"{fingerprint()} {edition.title}".encode()).hexdigest()
    draw = partial(share_picture.drawn, edition.title, settings.SITE_NAME)
    png = cache.get_or_set(f"share-picture-{made_of}", draw, DRAWN_FOR)
    return HttpResponse(png, content_type="image/png")


def _gone(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell why it is gone, if a reason was given, and nothing else of it. Raises Http404 where it never was on show."""
    reasons = Edition.objects.ended().filter(article=pk).order_by("-live_until").values_list("withdrawal", flat=True)
    reason = reasons.first()
    if reason is None:
        raise Http404
    return render(request, "410.html", {"reason": reason}, status=410)


@for_holders
def draft(request: HttpRequest, signed: str) -> HttpResponseBase:
    """One edition that is not public, for the holder of a link; 410 where the link has ended, whatever ended it.

    Once readers have this edition or a newer one, the link leads there. Raises Http404 for what this site never made.
    """
    try:
        link = DraftLink.objects.signed(signed).with_state().select_related("edition").first()
    except BadSignature as error:
        raise Http404 from error
    state = link.state() if link else None
    if link and state is DraftLink.State.PUBLISHED:
        return redirect(link.edition)
    if link is None or state is not DraftLink.State.OPEN:
        return render(request, "draft_ended.html", status=410)
    if request.method == "GET":
        link.count_opening()
    return render(request, "draft.html", {"link": link, "edition": link.edition, "article": link.edition.content})


@for_readers()
def tags(request: HttpRequest) -> HttpResponse:
    """Every tag of a live article, with how many there are of it."""
    return render(request, "tags.html", {"tags": listings.tags_in_use()})


@for_readers(leafed=True)
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """The articles of one tag; 404 where none is live. From an address that it had, a reader is led on."""
    wanted = listings.tag_at(slug)
    if not wanted:
        raise Http404
    if wanted.slug != slug:
        return redirect("tag", wanted.slug, permanent=True)
    page = _page(request, Edition.objects.live().tagged(wanted).newest_first(), may_be_empty=False)
    return render(request, "tag.html", {"tag": wanted, "page": page})


@for_readers()
def archive(request: HttpRequest) -> HttpResponse:
    """The months in which articles were published."""
    return render(request, "archive.html", {"years": listings.years()})


@for_readers(leafed=True)
def month(request: HttpRequest, month: Month) -> HttpResponse:
    """The articles first published in one month; 404 where none is live."""
    editions = Edition.objects.live().published_between(month.start, month.end).newest_first()
    page = _page(request, editions, may_be_empty=False)
    earlier, later = listings.months_beside(month)
    return render(request, "month.html", {"month": month, "page": page, "earlier": earlier, "later": later})


@for_readers()
def sources(request: HttpRequest) -> HttpResponse:
    """The source ledger: the publishers that articles stand on, and the newest months there are of it."""
    return render(request, "sources.html", {**_ledger(), "years": listings.newest_years()})


@for_readers()
def sources_of_month(request: HttpRequest, month: Month) -> HttpResponse:
    """The publishers that the articles of one month stand on; 404 where none of it is live."""
    shown = _ledger(month)
    if not (shown["publishers"] or Edition.objects.live().published_between(month.start, month.end).exists()):
        raise Http404
    return render(request, "sources.html", {**shown, "month": month})


def _ledger(month: Month | None = None) -> dict[str, Any]:
    return {"publishers": ledger.publishers(month), "most": ledger.MOST}


@for_readers(leafed=True)
def publisher(request: HttpRequest, host: str) -> HttpResponse:
    """The articles that stand on one publisher; 404 where none does."""
    page = _page(request, ledger.standing_on(host), may_be_empty=False)
    return render(
        request, "publisher.html", {"host": host, "page": page, "standings": ledger.standings(host, page.editions)}
    )


@for_readers(leafed=True)
def corrections(request: HttpRequest) -> HttpResponse:
    """What was corrected in articles that are on show, the newest first."""
    page = _page(request, Edition.objects.live().corrected(), without=("document", "media", "corrected_at"))
    return render(request, "corrections.html", {"page": page})


@for_readers(kept=False)
def search(request: HttpRequest) -> HttpResponse:
    """What stands where in the articles, for `q`, among those of a `tag`, a `month` and a `publisher`."""
    asked = Asked.of(request.GET)
    try:
        results = results_for(asked, request.GET.get("page"), site_state(request))
    except NoSuchPage as error:
        raise Http404 from error
    return render(request, "search.html", {"asked": asked, "page": results})


@for_readers(leafed=True)
def all_questions(request: HttpRequest) -> HttpResponse:
    """Every question that articles answer, newest first, and the newest months there are."""
    return _questions(request, {"years": listings.newest_years()})


@for_readers(leafed=True)
def questions_of_month(request: HttpRequest, month: Month) -> HttpResponse:
    """The questions of the articles of one month; 404 where none is live."""
    return _questions(request, {"month": month}, Edition.objects.live().published_between(month.start, month.end))


@for_readers(leafed=True)
def questions_of_tag(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions of the articles of one tag; 404 where none is live."""
    wanted = listings.tag_at(slug)
    if not wanted:
        raise Http404
    if wanted.slug != slug:
        return redirect("questions-of-tag", wanted.slug, permanent=True)
    return _questions(request, {"tag": wanted}, Edition.objects.live().tagged(wanted))


def _questions(request: HttpRequest, context: dict[str, Any], articles: EditionQuerySet | None = None) -> HttpResponse:
    """A page of questions. Raises Http404 where there is no such page, or none of the articles it is about."""
    month, tag = context.get("month"), context.get("tag")
    try:
        page = questions.page_of(Wanted.of(request.GET), month=month, tag=tag)
    except NoSuchPage as error:
        raise Http404 from error
    if articles is not None and not (page.questions or articles.exists()):
        raise Http404
    return render(request, "questions.html", {**context, "questions": page.questions, "page": page.leaf})


@for_readers()
def commentators(request: HttpRequest) -> HttpResponse:
    """Who speaks in the articles."""
    return render(request, "commentators.html", {"commentators": voices.with_faces(voices.heard_from())})


@for_readers(leafed=True)
def commentator(request: HttpRequest, pk: int) -> HttpResponse:
    """A commentator, and everything said in articles that are on show; 404 where nothing is."""
    try:
        page = voices.page_of(pk, Wanted.of(request.GET))
    except NoSuchPage as error:
        raise Http404 from error
    if not page.editions:
        raise Http404
    heard = [voices.heard(edition) for edition in page.editions]
    [person] = voices.with_faces([voices.speaker(page.editions[0])])
    return render(request, "commentator.html", {"person": person, "page": page, "heard": heard})


@for_readers()
def story(request: HttpRequest, pk: int) -> HttpResponse:
    """A story in its parts, and the line of time of its sources. 404 unless two of its articles are on show."""
    found = story_of(pk)
    if not found:
        raise Http404
    return render(request, "story.html", {"story": found})


@for_readers()
def feeds(request: HttpRequest) -> HttpResponse:
    """What feeds are, and where those of the site and of each tag are found."""
    return render(request, "feeds.html", {"tags": listings.tags_in_use()})


@for_readers()
def pages(request: HttpRequest) -> HttpResponse:
    """What the publication tells of itself: the pages there are."""
    return render(request, "pages.html", {"flat_pages": flat_pages.listed(request)})


@for_readers()
def page(request: HttpRequest, address: str) -> HttpResponse:
    """A page of the publication, as editors wrote it; 404 where there is none."""
    found = flat_pages.at(address)
    if not found:
        raise Http404
    words = {"body": markup.page_html(found.content), "description": excerpt(markup.page_words(found.content), 100)}
    return render(request, "page.html", {"flat_page": found, **words})


def _page(
    request: HttpRequest, editions: EditionQuerySet, *, may_be_empty: bool = True, without: Sequence[str] = HEAVY
) -> listings.Page:
    """The page of a list the address asks for. Raises Http404 where there is none."""
    try:
        page = listings.page_of(editions, Wanted.of(request.GET), without=without)
    except NoSuchPage as error:
        raise Http404 from error
    if not (page.editions or may_be_empty):
        raise Http404
    return page


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: as every page, so that whoever followed a broken link can go on."""
    return render(request, "404.html", status=404)
