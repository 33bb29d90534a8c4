"""What stands in a feed, whatever its format: which articles, and for each of them its ids, dates and whole content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from mimetypes import guess_type
from uuid import uuid5

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from taggit.models import Tag

from articles import voices
from articles.feeds.addresses import in_full
from articles.leafing import FIRST, NoSuchPage, Wanted
from articles.listings import page_of
from articles.models.commentators import Commentator
from articles.models.editions import Edition, EditionQuerySet, EditionTag
from articles.text import UNWANTED, excerpt, line

LENGTH = 20  # articles a page: whole ones come to about 200 kB, which readers fetch gladly
REMEMBERED = timedelta(days=30)  # how long a feed tells of an article that was taken off the site
SUMMARY_WIDTH = 110  # full-width columns, as that of an article
MOST_WITHDRAWN = 100  # of them in a feed, the latest


class Way(StrEnum):
    """How much of each article a feed brings; the value stands in the names of its addresses."""

    WHOLE = ""
    BRIEF = "brief"  # questions with their answers, and what to remember
    FACTS = "facts"  # everything but commentary
    VOICE = "voice"  # what one commentator says; the feed of a commentator, at no other address


@dataclass(frozen=True, slots=True)
class Subject:
    """What a feed is about: the site or, by its slug, a tag or, by their number, a commentator.

    `kind` is the name of its page's address, and stands before the names of the feeds' addresses.
    """

    kind: str = ""
    key: str | int = ""

    @property
    def path(self) -> str:
        """Its page."""
        return reverse(self.kind, args=[self.key]) if self.kind else reverse("home")

    def feed_path(self, name: str) -> str:
        """One of its feeds, by the name that the site's has."""
        return reverse(f"{self.kind}-{name}", args=[self.key]) if self.kind else reverse(name)


SITE = Subject()


@dataclass(frozen=True, slots=True)
class Label:
    """A tag: the name that people read, and the term that programs compare."""

    name: str
    term: str


@dataclass(frozen=True, slots=True)
class Image:
    """The picture that stands for an article. `type` is its media type, `credit` may be empty like `alt`."""

    url: str
    type: str
    width: int
    height: int
    alt: str
    credit: str


@dataclass(frozen=True, slots=True)
class Item:
    """One article in a feed. Texts are plain but for `html`; addresses are whole; times have their zone.

    `edition` is what it is made of, `way` how much of that it shows.
    """

    id: str
    url: str
    title: str
    summary: str
    html: str
    published: datetime
    updated: datetime
    tags: Sequence[Label]
    image: Image | None
    edition: Edition
    way: Way


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An article that readers had and now have not, and nothing of what it said.

    `id` and `url` are those it had in the feed, `at` is when it went, `reason` what its address tells, or empty.
    """

    id: str
    url: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, or a page of it: what it is called, where it and its page on the site are, its articles, newest first.

    The first page has the articles, too, that were `withdrawn` of late, the latest withdrawal first. `earlier_url` and
    `later_url` lead to the pages beside it, in time; the first has no later one (RFC 5005 §3).
    """

    id: str
    title: str
    description: str
    page_url: str
    url: str
    earlier_url: str
    later_url: str
    items: Sequence[Item]
    withdrawn: Sequence[Withdrawal]

    @property
    def hubs(self) -> Sequence[str]:
        """Addresses of hubs that tell of changes of it (WebSub §4). They are told of first pages only."""
        return () if self.later_url else settings.WEBSUB_HUB

    @property
    def updated(self) -> datetime:
        """When it last changed; 1970 where it has no content, for equal content must give equal bytes."""
        changes = (*(item.updated for item in self.items), *(each.at for each in self.withdrawn))
        return max(changes, default=datetime.fromtimestamp(0, UTC))


def feed_of(name: str, subject: Subject = SITE, page: Wanted = FIRST, way: Way = Way.WHOLE) -> Feed:
    """The feed about a subject; `name` is that of the address it is fetched from. Three queries, a fourth for voices.

    Raises NoSuchPage where it has no such page, or readers have no article of its subject.
    """
    shown = page_of(_editions(subject).live().newest_first(), page, LENGTH, without=())
    known_as, called = _known(subject, shown.editions)
    url = in_full(subject.feed_path(name))
    return Feed(
        id="/".join([settings.FEED_ID, *known_as, *([way.value] if way in (Way.BRIEF, Way.FACTS) else [])]),
        title=line(_title(called, way)),
        description=line(settings.SITE_DESCRIPTION),
        page_url=in_full(subject.path),
        url=_page_url(url, shown.here),
        earlier_url=_page_url(url, shown.earlier),
        later_url=_page_url(url, shown.later),
        items=[_item(edition, way) for edition in shown.editions],
        withdrawn=_withdrawn(subject, way) if shown.is_first else [],
    )


def _editions(subject: Subject) -> EditionQuerySet:
    """Every edition about the subject, on show or not, in the order of its page."""
    match subject.kind:
        case "tag":
            return Edition.objects.tagged(Tag.objects.filter(slug=subject.key)[:1])
        case "commentator":
            return voices.speaking_in(int(subject.key))
    return Edition.objects.all()


def _known(subject: Subject, editions: Sequence[Edition]) -> tuple[list[str], str]:
    """What tells the subject's feeds apart for ever, and its name. Raises NoSuchPage without articles."""
    match subject.kind:
        case "tag":
            tag = _tag_of(editions, str(subject.key))
            return ["tags", str(tag.pk)], tag.name
        case "commentator":
            return ["commentators", str(subject.key)], _person_of(editions).name
    return [], ""


def _person_of(editions: Sequence[Edition]) -> Commentator:
    for edition in editions:
        return voices.speaker(edition)
    raise NoSuchPage


def _tag_of(editions: Sequence[Edition], slug: str) -> Tag:
    """The tag of that slug, which the articles have, so that it needs no query. Raises NoSuchPage without articles."""
    for edition in editions:
        for row in edition.edition_tags.all():
            if row.tag.slug == slug:
                return row.tag
    raise NoSuchPage(slug)


def _about(subject: Subject, editions: EditionQuerySet) -> EditionQuerySet:
    """Those of some few editions that are about the subject, where `_editions` walks along all of it."""
    match subject.kind:
        case "tag":
            return editions.filter(Exists(EditionTag.objects.filter(edition=OuterRef("pk"), tag__slug=subject.key)))
        case "commentator":
            return voices.speaking_among(int(subject.key), editions)
    return editions


def _withdrawn(subject: Subject, way: Way) -> list[Withdrawal]:
    now = timezone.now()
    gone = _about(subject, Edition.objects.gone(now - REMEMBERED, now))
    return [
        Withdrawal(
            id=_id(edition, way),
            url=_url(edition, way),
            at=timezone.localtime(edition.live_until),
            reason=line(edition.withdrawal),
        )
        for edition in gone.only("uid", "article_id", "live_until", "withdrawal")[:MOST_WITHDRAWN]
    ]


def _title(called: str, way: Way) -> str:
    name: str = settings.SITE_NAME
    if way is Way.BRIEF:
        return _("%(site)s (in 30 seconds)") % {"site": name}
    if way is Way.FACTS:
        return _("%(site)s (without commentary)") % {"site": name}
    return _("%(site)s: %(tag)s") % {"site": name, "tag": called} if called else name


def _page_url(url: str, query: str | None) -> str:
    return "" if query is None else f"{url}?{query}" if query else url


def _item(edition: Edition, way: Way) -> Item:
    return Item(
        id=_id(edition, way),
        url=_url(edition, way),
        title=line(edition.title),
        summary=line(_summary(edition, way)),
        html=article_html(edition, way),
        published=timezone.localtime(edition.published_at),
        updated=timezone.localtime(edition.updated_at),
        tags=[Label(line(row.tag.name), row.tag.slug) for row in edition.edition_tags.all()],
        image=_image(edition),
        edition=edition,
        way=way,
    )


def _summary(edition: Edition, way: Way) -> str:
    first = next((said.text for said in voices.heard(edition).said), "") if way is Way.VOICE else ""
    return excerpt(first, SUMMARY_WIDTH) or edition.summary or edition.title


def _url(edition: Edition, way: Way) -> str:
    return in_full(reverse("facts", args=[edition.article_id]) if way is Way.FACTS else edition.get_absolute_url())


def _id(edition: Edition, way: Way) -> str:
    """One for each way: what differs in content may not share an id (RFC 4287 §4.2.6). Name-based: RFC 9562 §5.5."""
    if way is Way.VOICE:
        return uuid5(edition.uid, f"{way.value}/{voices.speaker(edition).pk}").urn
    return uuid5(edition.uid, way.value).urn if way else edition.permanent_id


def _image(edition: Edition) -> Image | None:
    picture = edition.list_picture
    if not picture or not edition.picture:
        return None
    file = edition.picture["file"]
    credited = (source.image_credit for source in edition.content.sources if source.image == file)
    return Image(
        url=in_full(picture.url),
        type=guess_type(file)[0] or "image/jpeg",
        width=picture.width,
        height=picture.height,
        alt=line(picture.alt),
        credit=next(credited, ""),
    )


_TEMPLATES = {Way.BRIEF: "feeds/brief.html", Way.VOICE: "feeds/voice.html"}


def article_html(edition: Edition, way: Way = Way.WHOLE) -> str:
    """The article as plain semantic HTML that needs no style sheet, in the order of the page.

    Its addresses are whole, and it has no character that XML forbids, whatever an old edition holds.
    """
    context = {"edition": edition, "article": edition.content, "facts": way is Way.FACTS}
    if way is Way.VOICE:
        context["heard"] = voices.heard(edition)
    html = render_to_string(_TEMPLATES.get(way, "feeds/article.html"), context)
    lines = (UNWANTED.sub("", part).strip() for part in html.split("\n"))
    return "\n".join(part for part in lines if part)
