"""SmartFormat: what one aggregator takes, whole articles in the elements it knows, and withdrawals it must follow."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from django.conf import LazySettings
from django.core.files import File
from django.test import Client
from PIL import Image

from articles import publishing
from articles.document import Section, Source
from articles.feeds import smartformat
from articles.models import Edition, SourceLink
from articles.samples import sign
from tests.newsroom import changed, drafted, permitted, picture, published
from tests.reading import page
from tests.test_feeds import CONTENT, DC, MEDIA, NOW
from tests.test_pages import WHOLE

pytestmark = pytest.mark.django_db

URL = "/feeds/smartnews.xml"
SNF = "{http://www.smartnews.be/snf}"
DAY = timedelta(days=1)
LOGO = Path(__file__).parent.parent / "static" / "img" / "logo.png"

# Of the elements that publishers.smartnews.com lists as taken (360010977813), those that an article can need.
TAKEN = {
    *(
        "a",
        "article",
        "b",
        "blockquote",
        "br",
        "cite",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ),
    *("i", "img", "li", "ol", "p", "strong", "ul"),
}


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def channel(client: Client) -> ElementTree.Element:
    found = ElementTree.fromstring(client.get(URL).content).find("channel")  # noqa: S314  # our own
    assert found is not None
    return found


def item(client: Client) -> ElementTree.Element:
    (found,) = channel(client).findall("item")
    return found


def state(element: ElementTree.Element) -> str | None:
    status = element.find(f"{MEDIA}status")
    assert status is not None
    assert status.text == status.get("state")
    return status.text


def test_the_channel_says_what_is_asked_for(client: Client) -> None:
    published()
    found = channel(client)
    names = ("title", "link", "description", "pubDate", "language", "copyright", "ttl")
    assert [found.findtext(name) for name in names] == [
        "試験新聞",
        "http://news.example/",
        "試験のための新聞です。",
        "Tue, 01 Apr 2025 12:00:00 +0900",
        "ja",
        "© 試験新聞",
        "5",
    ]
    for logo in ("logo", "darkModeLogo"):
        assert (found.findtext(f"{SNF}{logo}/url") or "").startswith("http://news.example/static/img/logo")


def test_it_is_served_as_rss_and_names_its_own_address(client: Client) -> None:
    published()
    answer = client.get(URL)
    assert answer["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert b'href="http://news.example/feeds/smartnews.xml"' in answer.content
    assert client.get(URL, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.post(URL).status_code == 405


def test_an_item_has_the_whole_article(client: Client) -> None:
    edition = published("港はいつ開く？", **WHOLE)
    found = item(client)
    assert found.findtext("title") == "港はいつ開く？"
    assert found.findtext("link") == f"http://news.example{edition.get_absolute_url()}"
    guid = found.find("guid")
    assert guid is not None
    assert (guid.text, guid.attrib) == (edition.permanent_id, {"isPermaLink": "false"})
    assert found.findtext("pubDate") == "Tue, 01 Apr 2025 12:00:00 +0900"
    assert found.findtext(f"{DC}creator") == "試験新聞"
    assert [category.text for category in found.findall("category")] == ["港", "観光"]
    assert state(found) == "active"
    html = found.findtext(f"{CONTENT}encoded") or ""
    for part in ("リードの文。", "いつ開く？", "五月に開く。", "要点その一", "報告の一行目。", "まとめその二"):
        assert part in html
    assert not [
        name for name in ("analytics", "advertisement", "sponsoredLink") if found.find(f"{SNF}{name}") is not None
    ]


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_only_elements_that_are_taken_are_in_it(client: Client) -> None:
    body = "報告。\n> 引用。\n- 一\n- 二\n3. 三\n**強く**と*やや強く*と[先](https://paper.example/)"
    edition = published(**{**WHOLE, "sections": (*WHOLE["sections"], Section(body=body))})
    publishing.publish(changed(edition.article, "直した題"), by=None, correction="題を直した。", despite_findings=True)
    html = item(client).findtext(f"{CONTENT}encoded") or ""
    elements = Elements(html)
    assert elements.found <= TAKEN
    assert {"blockquote", "figure", "ol", "strong", "a"} <= elements.found
    assert elements.attributes <= {"href", "src", "alt", "width", "height", "start"}
    assert "2025年3月22日" in html, "what loses its marks keeps its words"


def test_an_update_is_taken_again(client: Client, noon: time_machine.Traveller) -> None:
    edition = published()
    noon.shift(3600)
    publishing.publish(changed(edition.article, "直した題"), by=None, correction="題の誤り。", despite_findings=True)
    found = item(client)
    assert (found.findtext("guid"), found.findtext("title")) == (edition.permanent_id, "直した題")
    assert found.findtext("pubDate") == "Tue, 01 Apr 2025 13:00:00 +0900"


def test_what_was_withdrawn_is_said_to_be_and_nothing_else(client: Client, noon: time_machine.Traveller) -> None:
    edition = published("消える題", at=NOW - DAY, lead="消えるリード。", tags=("消える札",))
    noon.shift(60)
    publishing.withdraw(edition.article, by=None, reason="消える理由。")
    found = item(client)
    assert state(found) == "deleted"
    assert found.findtext("guid") == edition.permanent_id
    assert found.findtext("link") == f"http://news.example{edition.get_absolute_url()}"
    assert found.findtext("pubDate") == "Tue, 01 Apr 2025 12:01:00 +0900"
    assert found.findtext("title")
    assert found.findtext(f"{CONTENT}encoded")
    assert "消える" not in client.get(URL).content.decode()
    noon.shift(30 * DAY)
    assert channel(client).findall("item") == []


def test_what_is_on_show_again_is_active(client: Client, noon: time_machine.Traveller) -> None:
    edition = published(at=NOW - DAY)
    publishing.withdraw(edition.article, by=None)
    noon.shift(60)
    publishing.publish(changed(edition.article, "直した題"), by=None, despite_findings=True)
    assert (state(item(client)), item(client).findtext("guid")) == ("active", edition.permanent_id)


def test_drafts_and_schedules_are_not_in_it(client: Client) -> None:
    publishing.save(drafted("下書き"), by=None)
    published("予定", at=NOW + DAY)
    assert channel(client).findall("item") == []


@pytest.mark.parametrize(
    ("tagline", "description", "said"),
    [
        ("", "港の新聞です。", "港の新聞です。"),
        ("港の新聞", "長い説明" * 10, "港の新聞"),
        ("", "あ" * 15, "あ" * 15),
        ("", "あ" * 16, "あ" * 14 + "…"),
        ("い" * 40, "港の新聞です。", "い" * 14 + "…"),
    ],
)
def test_what_the_publication_is_fits(
    client: Client, settings: LazySettings, tagline: str, description: str, said: str
) -> None:
    settings.SITE_TAGLINE, settings.SITE_DESCRIPTION = tagline, description
    assert channel(client).findtext("description") == said


@pytest.mark.parametrize(
    ("size", "is_taken"), [((200, 200), True), ((660, 200), True), ((670, 200), False), ((400, 199), False)]
)
def test_only_a_picture_of_the_size_that_is_taken_stands_for_it(
    client: Client, size: tuple[int, int], is_taken: bool
) -> None:
    article = drafted(sections=(Section(body="本文。", sources=(Source(url="https://paper.example/"),)),))
    link = SourceLink.objects.get(section__article=article)
    link.image.save("port.png", File(picture(size=size)))
    permitted(link.image.name)
    edition = publishing.publish(publishing.save(article, by=None), by=None, despite_findings=True)
    assert edition.list_picture
    shown = [each.attrib for each in item(client).findall(f"{MEDIA}thumbnail")]
    assert shown == ([{"url": f"http://news.example{edition.list_picture.url}"}] if is_taken else [])


def long(characters: int, hours: int) -> Edition:
    return published(f"{hours}", at=NOW - timedelta(hours=hours), sections=(Section(body="港" * characters),))


def test_it_never_grows_beyond_what_is_taken(client: Client) -> None:
    gone = published(at=NOW - DAY)
    publishing.withdraw(gone.article, by=None)
    kept = [long(60_000, hours) for hours in range(1, 9)]
    body = client.get(URL).content
    assert len(body) <= smartformat.LARGEST
    states = [(each.findtext("guid"), state(each)) for each in channel(client).findall("item")]
    assert states == [*((each.permanent_id, "active") for each in kept[:5]), (gone.permanent_id, "deleted")]


def test_an_article_too_long_for_it_keeps_out_no_other(client: Client) -> None:
    long(400_000, 1)
    short = published(at=NOW - 2 * DAY)
    assert len(client.get(URL).content) <= smartformat.LARGEST
    assert item(client).findtext("guid") == short.permanent_id


def test_it_costs_what_other_feeds_cost(client: Client, django_assert_num_queries: Callable[..., Any]) -> None:
    published(**WHOLE)
    with django_assert_num_queries(4):
        client.get(URL)


def test_the_page_of_feeds_explains_it_and_no_page_offers_it_to_readers(client: Client) -> None:
    published()
    assert page(client.get("/feeds/")).one("a", href=URL).within("section")
    assert URL not in client.get("/").content.decode()


def test_the_logo_is_the_one_its_script_draws(tmp_path: Path) -> None:
    sign.draw(tmp_path)
    with Image.open(tmp_path / "logo.png") as drawn, Image.open(LOGO) as kept:
        assert drawn.convert("RGBA").tobytes() == kept.convert("RGBA").tobytes()
        assert (kept.format, kept.height) == ("PNG", 100)
        assert kept.width <= 700
