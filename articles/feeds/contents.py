"""What stands in a feed, whatever its format: which articles, and for each of them its ids, dates and whole content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from mimetypes import guess_type
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Prefetch
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from taggit.models import Tag

from articles.models.editions import Edition, EditionTag, Picture
from articles.text import line

LENGTH = 30  # articles; readers fetch often enough, and 30 whole articles stay under 250 kB


@dataclass(frozen=True, slots=True)
class Item:
    """One article in a feed. Texts are plain but for `html`; addresses are whole; times have their zone."""

    id: str
    url: str
    title: str
    summary: str
    html: str
    published: datetime
    updated: datetime
    tags: Sequence[Tag]
    picture: Picture | None
    credit: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: what it is called, where it and its page are, and its articles, newest first."""

    id: str
    title: str
    description: str
    page_url: str
    url: str
    items: Sequence[Item]

    @property
    def updated(self) -> datetime | None:
        """When its newest content is from."""
        return max((item.updated for item in self.items), default=None)


def feed_of(name: str, tag: Tag | None = None) -> Feed:
    """The feed of the site or of a tag; `name` is that of the address it is fetched from. Two queries."""
    live = Edition.objects.live()
    editions = (live.tagged(tag) if tag else live).newest_first()
    tags = Prefetch("edition_tags", EditionTag.objects.select_related("tag"))
    return Feed(
        id=f"{settings.FEED_ID}/tags/{tag.pk}" if tag else settings.FEED_ID,
        title=line(
            _("%(site)s: %(tag)s") % {"site": settings.SITE_NAME, "tag": tag.name} if tag else settings.SITE_NAME
        ),
        description=line(settings.SITE_DESCRIPTION),
        page_url=in_full(reverse("tag", args=[tag.slug]) if tag else reverse("home")),
        url=in_full(reverse(f"tag-{name}", args=[tag.slug]) if tag else reverse(name)),
        items=[_item(edition) for edition in editions.prefetch_related(tags)[:LENGTH]],
    )


def _item(edition: Edition) -> Item:
    picture = edition.list_picture
    return Item(
        id=edition.permanent_id,
        url=in_full(edition.get_absolute_url()),
        title=line(edition.title),
        summary=line(edition.summary or edition.title),
        html=article_html(edition),
        published=timezone.localtime(edition.published_at),
        updated=timezone.localtime(edition.updated_at),
        tags=[row.tag for row in edition.edition_tags.all()],
        picture=picture,
        credit=_credit(edition),
    )


def _credit(edition: Edition) -> str:
    """Who the article's picture in lists is credited to."""
    file = edition.picture["file"] if edition.picture else None
    return next((source.image_credit for source in edition.content.sources if source.image == file), "")


def article_html(edition: Edition) -> str:
    """The whole article as plain semantic HTML that needs no style sheet, in the order of the page."""
    html = render_to_string("feeds/article.html", {"edition": edition, "article": edition.content})
    return "\n".join(part for part in (part.strip() for part in html.splitlines()) if part)


def in_full(path: str) -> str:
    """An address of the site with scheme and host, in ASCII."""
    return str(iri_to_uri(urljoin(settings.SITE_URL, path)))


def icon_url() -> str:
    """The publication's sign, square."""
    return in_full(static("img/icon.png"))


def picture_type(picture: Picture) -> str:
    """The media type of a stored picture."""
    return guess_type(picture.url)[0] or "image/jpeg"
