"""Nothing shows before its time or after it: words planted in every field are looked for at every public address."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from urllib.parse import unquote

import pytest
import time_machine
from django.core.files import File
from django.test import Client

from articles import drafting, publishing
from articles.document import Comment, Document, Section, Source
from articles.models import Article, Edition, SourceLink
from tests.desk import editor
from tests.figures import Measure
from tests.newsroom import permitted, picture

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 4, 1, 3, 0, tzinfo=UTC)  # noon in Tokyo
DAY = timedelta(days=1)
FIELDS = [
    "title",
    "kicker",
    "lead",
    "heading",
    "question",
    "answer",
    "caption",
    "site",
    "point",
    "credit",
    "alt",
    "opening",
    "voice",
    "body",
    "closing",
    "remark",
    "takeaway",
    "tag",
]


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def planted(mark: str) -> Document:
    """A Document in which every text is a word of its own that holds the mark: title-mark, lead-mark …"""
    word = {field: f"{field}{mark}" for field in FIELDS}
    source = Source(
        caption=word["caption"],
        url=f"https://paper.example/address{mark}",
        site_name=word["site"],
        published_on=date(2025, 3, 22),
        key_points=(word["point"],),
        image_credit=word["credit"],
    )
    section = Section(
        heading=word["heading"],
        question=word["question"],
        answer=word["answer"],
        sources=(source,),
        opening=(Comment(word["voice"], word["opening"]),),
        body=word["body"],
        closing=(Comment(word["voice"], word["closing"]),),
    )
    return Document(
        title=word["title"],
        lead_heading=word["kicker"],
        lead=word["lead"],
        sections=(section,),
        closing=(Comment("", word["remark"]),),
        takeaways=(word["takeaway"],),
        tags=(word["tag"],),
    )


def article(mark: str) -> Article:
    """A draft full of planted words, with a picture."""
    return illustrated(drafting.create(planted(mark)), mark)


def illustrated(draft: Article, mark: str) -> Article:
    source = SourceLink.objects.get(section__article=draft)
    source.image_alt = f"alt{mark}"
    source.image.save("port.png", File(picture(size=(len(mark) * 10, 30)), "port.png"))
    permitted(source.image.name)
    return draft


def frozen(mark: str) -> Edition:
    return publishing.save(article(mark), by=None)


Pages = dict[str, str]  # what is read at each address, its headers with it
NothingOf = Callable[[Pages, str], None]


def everything(client: Client) -> Pages:
    """All that a stranger can read: every address that pages link to, every feed, every article's address there is."""
    numbers = Article.objects.values_list("pk", flat=True)
    waiting = ["/", "/nothing/", *(f"/articles/{pk}/{view}" for pk in numbers for view in ("", "brief/", "facts/"))]
    waiting += [f"/tags/{tag}/{file}" for tag in slugs() for file in ("", "rss.xml", "atom.xml", "feed.json")]
    waiting += [f"/archive/2025/{month:02}/" for month in (3, 4, 5)]
    waiting += ["/sources/paper.example/", *(f"/sources/2025/{month:02}/" for month in (3, 4, 5))]
    waiting += [f"/feeds/{way}/{file}" for way in ("brief", "facts") for file in ("rss.xml", "atom.xml", "feed.json")]
    waiting += ["/sitemap.xml", "/news-sitemap.xml", *(f"/sitemaps/2025/{month:02}.xml" for month in (3, 4, 5))]
    seen: Pages = {}
    while waiting:
        url = waiting.pop()
        if url in seen or not url.startswith("/") or url.startswith(("/static/", "/media/", "/admin/")):
            continue
        answer = client.get(url)
        assert answer.status_code in (200, 404, 410), url
        seen[url] = unquote(unescape(answer.content.decode())) + str(answer.headers)
        waiting += re.findall(r'href="([^"#]*)', answer.content.decode())
    assert {"/tags/", "/archive/", "/feeds/", "/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json"} <= set(seen)
    return seen


def slugs() -> list[str]:
    return [f"tag{mark}" for mark in ("hidden", "later", "live", "edited", "gone")]


def found(pages: Pages, mark: str) -> list[str]:
    """The fields whose planted word is on any of the pages."""
    return [field for field in (*FIELDS, "address") if is_on(pages, f"{field}{mark}")]


def is_on(pages: Pages, text: str) -> bool:
    """Whether a text is on any of the pages."""
    return any(text in page for page in pages.values())


@pytest.fixture
def nothing_of(record_property: Measure) -> NothingOf:
    """Wants no planted word of a mark on any page, and notes how many pages there are, and such words on them."""

    def nothing(pages: Pages, mark: str) -> None:
        shown = [(address, field) for address, page in pages.items() for field in found({address: page}, mark)]
        record_property("pages read", len(pages))
        record_property("planted words shown", len(shown))
        assert shown == []

    return nothing


def test_everything_of_a_live_article_shows(client: Client) -> None:
    publishing.publish(frozen("live"), by=None)
    assert found(everything(client), "live") == [*FIELDS, "address"]


def test_nothing_of_a_draft_shows(client: Client, nothing_of: NothingOf) -> None:
    frozen("hidden")
    article("hidden")
    pages = everything(client)
    nothing_of(pages, "hidden")
    assert client.get(f"/articles/{Article.objects.latest('pk').pk}/").status_code == 404


def test_scheduled_article_shows_from_its_time_on(
    client: Client, noon: time_machine.Traveller, nothing_of: NothingOf
) -> None:
    edition = publishing.publish(frozen("later"), by=None, at=NOW + DAY)
    nothing_of(everything(client), "later")
    noon.move_to(NOW + DAY - timedelta(seconds=1))
    nothing_of(everything(client), "later")
    assert client.get(edition.get_absolute_url()).status_code == 404
    noon.move_to(NOW + DAY)
    assert found(everything(client), "later") == [*FIELDS, "address"]


def test_unscheduled_article_never_shows(client: Client, noon: time_machine.Traveller, nothing_of: NothingOf) -> None:
    edition = publishing.publish(frozen("later"), by=None, at=NOW + DAY)
    publishing.unschedule(edition.article, by=None)
    noon.move_to(NOW + 2 * DAY)
    nothing_of(everything(client), "later")


def test_edit_of_a_live_article_shows_only_when_published(client: Client, nothing_of: NothingOf) -> None:
    edition = publishing.publish(frozen("live"), by=None)
    drafting.write(edition.article, planted("edited"))
    illustrated(edition.article, "edited")
    nothing_of(everything(client), "edited")
    newer = publishing.save(edition.article, by=None)
    pages = everything(client)
    nothing_of(pages, "edited")
    assert found(pages, "live") == [*FIELDS, "address"]
    publishing.publish(newer, by=None)
    pages = everything(client)
    assert found(pages, "edited") == [*FIELDS, "address"]
    nothing_of(pages, "live")


def test_scheduled_update_takes_over_at_its_time(
    client: Client, noon: time_machine.Traveller, nothing_of: NothingOf
) -> None:
    edition = publishing.publish(frozen("live"), by=None)
    drafting.write(edition.article, planted("edited"))
    illustrated(edition.article, "edited")
    publishing.publish(publishing.save(edition.article, by=None), by=None, at=NOW + DAY, correction="直しました。")
    pages = everything(client)
    nothing_of(pages, "edited")
    assert not is_on(pages, "直しました。")
    noon.move_to(NOW + DAY)
    pages = everything(client)
    assert found(pages, "edited") == [*FIELDS, "address"]
    nothing_of(pages, "live")
    assert is_on(pages, "直しました。")


def test_nothing_of_a_withdrawn_article_shows(
    client: Client, noon: time_machine.Traveller, nothing_of: NothingOf
) -> None:
    edition = publishing.publish(frozen("gone"), by=None)
    noon.move_to(NOW + DAY)
    publishing.withdraw(edition.article, by=None, reason="理由の文。")
    pages = everything(client)
    nothing_of(pages, "gone")
    assert is_on(pages, "理由の文。")
    assert client.get(edition.get_absolute_url()).status_code == 410


def test_article_shows_until_its_planned_end(
    client: Client, noon: time_machine.Traveller, nothing_of: NothingOf
) -> None:
    edition = publishing.publish(frozen("gone"), by=None, until=NOW + DAY)
    noon.move_to(NOW + DAY - timedelta(seconds=1))
    assert found(everything(client), "gone") == [*FIELDS, "address"]
    noon.move_to(NOW + DAY)
    nothing_of(everything(client), "gone")
    assert client.get(edition.get_absolute_url()).status_code == 410


def test_names_of_editors_show_nowhere(client: Client) -> None:
    person = editor("secretname")
    draft = article("live")
    publishing.publish(publishing.save(draft, by=person, note="内部のメモ"), by=person)
    pages = everything(client)
    assert not is_on(pages, "secretname")
    assert not is_on(pages, "内部のメモ")
