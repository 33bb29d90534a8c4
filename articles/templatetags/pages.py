"""Template tags of the readers' pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import escape_uri_path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from taggit.models import Tag

from articles import addresses, ledger, markup, overview, quotations
from articles.beside import Beside, Other
from articles.citing import LostSource
from articles.dates import day_name, moment_name, month_name, month_of_year, year_name
from articles.document import Document, Section, Source
from articles.feeds.contents import SITE, Subject
from articles.models.commentators import Commentator
from articles.models.editions import Edition, Picture, Voice
from articles.search.marking import Span
from articles.share_picture import SIZE as SHARED
from articles.structured_data import breadcrumbs, news_article, web_site
from articles.text import without_ruby

register = template.Library()


@register.simple_tag
def site_name() -> str:
    """The name of the publication."""
    return settings.SITE_NAME  # type: ignore[no-any-return]


@register.simple_tag
def site_description() -> str:
    """What the publication says of itself."""
    return settings.SITE_DESCRIPTION  # type: ignore[no-any-return]


@register.simple_tag
def site_host() -> str:
    """The publication's host, as it is printed on paper."""
    return str(urlsplit(settings.SITE_URL).netloc)


@register.simple_tag
def canonical(request: HttpRequest, here: str = "") -> str:
    """The one public address of the page being shown: absolute, and without any query but its place in a list."""
    return f"{settings.SITE_URL}{escape_uri_path(request.path)}{'?' if here else ''}{here}"


@register.simple_tag
def absolute(path: str) -> str:
    """The public address of a path of the site."""
    return f"{settings.SITE_URL}{path}"


@register.simple_block_tag
def once(content: SafeString) -> SafeString:
    """What a page says in a block, to be kept under a name and written in several places: `{% once as title %}…`."""
    return content


@register.simple_tag
def share_picture(edition: Edition | None) -> Picture:
    """The picture shown where a page's address is shared: the article's, or the publication's."""
    return edition.share_picture if edition else Picture(static("img/share.png"), *SHARED, settings.SITE_NAME)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed as pages point to it."""

    title: str
    name: str
    type: str
    url: str


FEEDS = (
    ("rss", "RSS", "application/rss+xml"),
    ("atom", "Atom", "application/atom+xml"),
    ("json-feed", "JSON Feed", "application/feed+json"),
)


@register.simple_tag
def feed_links(about: Tag | Commentator | None = None, way: str = "") -> list[FeedLink]:
    """The three feeds of the site, a tag or a commentator; `way` names those shorter or without commentary."""
    title = f"{settings.SITE_NAME}: {about.name}" if about else settings.SITE_NAME
    subject = _subject(about)
    return [
        FeedLink(f"{title} ({name})", name, kind, subject.feed_path(f"{way}-{view}" if way else view))
        for view, name, kind in FEEDS
    ]


def _subject(about: Tag | Commentator | None) -> Subject:
    if isinstance(about, Tag):
        return Subject("tag", about.slug)
    return Subject("commentator", about.pk) if about else SITE


@register.filter
def day(on: datetime | date) -> SafeString:
    """A date, as a time element that machines read: a moment with its zone, on the site's clocks, or a day."""
    if isinstance(on, datetime):
        local = timezone.localtime(on)
        return _time(local.isoformat(timespec="seconds"), day_name(local.date()))
    return _time(on.isoformat(), day_name(on))


@register.filter
def day_alone(at: datetime) -> str:
    """The day of a moment in words, where no element may stand."""
    return day_name(timezone.localtime(at).date())


@register.filter
def moment(at: datetime) -> SafeString:
    """Date and time, as a time element that machines read with its zone."""
    return _time(timezone.localtime(at).isoformat(timespec="seconds"), moment_name(at))


def _time(written: str, shown: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', written, shown)


register.filter("month_name", month_name)
register.filter("month_of_year", month_of_year)
register.filter("year_name", year_name)


@register.filter
def w3c(at: datetime) -> str:
    """Date and time with its zone, as sitemaps have them (W3C Datetime)."""
    return timezone.localtime(at).isoformat(timespec="seconds")


@register.filter
def host(url: str) -> str:
    """The host of an address, which is what a reader recognises of it."""
    return quotations.host(url)


@register.filter
def publisher_url(url: str) -> str:
    """The page of the ledger on the publisher of an address; empty where there can be none."""
    return ledger.path_of(addresses.host(addresses.normal(url)))


@register.filter
def safe_url(url: str) -> str:
    """The address if it leads to the web, else nothing."""
    return markup.safe_url(url)


@register.filter
def ruby(text: str) -> SafeString:
    """A text with its readings above the words."""
    return markup.line_html(text)


register.filter("without_ruby", without_ruby)


@register.filter
def phrases(title: str) -> SafeString:
    """A title, in plain words, whose lines end between phrases."""
    return markup.phrases_html(title)


@register.filter("tag_path")
@lru_cache(maxsize=1_024)  # a list names fifty tags, many of them again and again, and each takes Django 25 µs
def tag_path(slug: str) -> str:
    """The address of a tag's page."""
    return reverse("tag", args=[slug])


@register.filter
def marks(spans: Iterable[Span]) -> SafeString:
    """A text in which what was looked for is marked; a page of results holds a hundred."""
    return format_html_join("", "{}", ([_mark(span)] for span in spans))


def _mark(span: Span) -> str:
    return format_html("<mark>{}</mark>", span.text) if span.found else span.text


@register.filter
def asked_later(around: Beside | str, number: int) -> list[Other]:
    """Where the question of a section was asked again since; nothing on pages that do not ask."""
    return around.asked_later(number) if isinstance(around, Beside) else []


@register.filter
def asked_earlier(around: Beside | str, number: int) -> list[Other]:
    """Where the question of a section was asked before."""
    return around.asked_earlier(number) if isinstance(around, Beside) else []


@register.filter
def read_on(source: Source) -> str:
    """The words of the link to a source."""
    return quotations.source_name(source)


@register.simple_tag(takes_context=True)
def lost_source(context: Context, source: Source) -> LostSource | None:
    """What became of a source whose original is gone; None for any other, and on pages that do not ask."""
    lost: dict[str, LostSource] = context.get("lost") or {}
    return lost.get(source.url)


@register.filter
def report(section: Section) -> SafeString:
    """The section's report as HTML, its quotations credited to the section's first source."""
    return quotations.attributed(markup.body_html(section.body), next(iter(section.sources), None))


@register.filter
def level_below(section: Section) -> int:
    """The level of a heading inside the section: no level may be left out, and not every section has a heading."""
    return 3 if section.heading or section.question else 2


@register.simple_tag
def structured_data(edition: Edition, tags: list[Tag]) -> SafeString:
    """What machines are told of an article."""
    return markup.json_ld([news_article(edition, tags), breadcrumbs(edition)])


@register.simple_tag
def structured_data_of_site() -> SafeString:
    """What machines are told of the publication."""
    return markup.json_ld(web_site())


@register.filter
def contents(article: Document) -> list[overview.Entry]:
    """The table of contents: questions, or headings where none is asked."""
    return overview.contents(article)


@register.filter
def answered(article: Document) -> list[overview.Entry]:
    """Every question with its answer."""
    return overview.answered(article)


@register.filter
def cited(article: Document) -> list[overview.Cited]:
    """Every source once, with the parts that stand on it."""
    return overview.cited(article)


@register.filter
def has_commentary(article: Document) -> bool:
    """Whether a commentator speaks in it."""
    return any(article.comments)


@register.simple_tag
def minutes(article: Document, *, facts_only: bool = False) -> int:
    """How many minutes it takes to read."""
    return overview.minutes(article, facts_only=facts_only)


@register.filter
def picture_of(edition: Edition, file: str) -> Picture | None:
    """The picture that a source names."""
    return edition.picture_of(file)


@register.filter
def voice_of(edition: Edition, name: str) -> Voice:
    """The commentator that a comment names."""
    return edition.voice_of(name)
