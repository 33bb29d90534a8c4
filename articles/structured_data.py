"""What machines are told, as JSON-LD: of an article by schema.org's NewsArticle and its place on the site; of the site.

Nothing stands here that readers do not see on the page: dates, sources, corrections and tags are those of the edition.
Commentators are not named as authors; they are voices in the article, not those who wrote it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from taggit.models import Tag

from articles.dates import month_name
from articles.feeds.addresses import icon_url, in_full
from articles.markup import safe_url
from articles.models.editions import Edition
from articles.months import month_of
from articles.overview import Cited, cited
from articles.quotations import source_name
from articles.text import without_ruby

LONGEST_HEADLINE = 110  # characters; beyond that search engines cut it


def news_article(edition: Edition, tags: Iterable[Tag]) -> dict[str, Any]:
    """The article (schema.org/NewsArticle), with its sources as citations and what was corrected."""
    url = in_full(edition.get_absolute_url())
    sources = [_citation(each) for each in cited(edition.content)]
    told = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": f"{url}#article",
        "mainEntityOfPage": url,
        "url": url,
        "headline": edition.title[:LONGEST_HEADLINE],
        "description": edition.summary,
        "inLanguage": settings.LANGUAGE_CODE,
        "datePublished": _time(edition.published_at),
        "dateModified": _time(edition.updated_at),
        "author": _publication(),
        "publisher": _publication(),
        "isAccessibleForFree": True,
        "image": [in_full((edition.list_picture or edition.share_picture).url)],
        "keywords": [tag.name for tag in tags],
        "citation": sources,
        "isBasedOn": [source["url"] for source in sources if "url" in source],
        "correction": [
            {"@type": "CorrectionComment", "text": each.text, "datePublished": _time(each.at)}
            for each in edition.corrected
        ],
    }
    return _said(told)


def breadcrumbs(edition: Edition) -> dict[str, Any]:
    """The way to the article: front page, month, article (schema.org/BreadcrumbList)."""
    steps = [(settings.SITE_NAME, reverse("home"))]
    if month := month_of(edition.published_at):
        steps.append((month_name(month), reverse("month", args=[month])))
    steps.append((edition.title, edition.get_absolute_url()))
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": in_full(path)}
            for position, (name, path) in enumerate(steps, start=1)
        ],
    }


def web_site() -> dict[str, Any]:
    """The publication itself, for its front page (schema.org/WebSite), and how it is searched."""
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "@id": in_full(reverse("home")) + "#site",
        "name": settings.SITE_NAME,
        "description": settings.SITE_DESCRIPTION,
        "url": in_full(reverse("home")),
        "inLanguage": settings.LANGUAGE_CODE,
        "publisher": _publication(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": in_full(reverse("search")) + "?q={words}"},
        },
    }


def _publication() -> dict[str, Any]:
    return {
        "@type": "NewsMediaOrganization",
        "name": settings.SITE_NAME,
        "url": in_full(reverse("home")),
        "logo": {"@type": "ImageObject", "url": icon_url()},
        "correctionsPolicy": in_full(reverse("corrections")),
    }


def _citation(each: Cited) -> dict[str, Any]:
    source = each.source
    return _said(
        {
            "@type": "CreativeWork",
            "name": without_ruby(source.caption) or source_name(source) or _("Source"),
            "url": safe_url(source.url),
            "datePublished": source.published_on.isoformat() if source.published_on else "",
            "publisher": {"@type": "Organization", "name": source.site_name} if source.site_name else "",
        }
    )


def _said(told: dict[str, Any]) -> dict[str, Any]:
    """Without what there is nothing to say of."""
    return {name: value for name, value in told.items() if value not in ("", [], None)}


def _time(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""
