"""An article as feeds carry it: whole, in the order of the page, and clear without any of the page's layout."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import translation
from hypothesis import given

from articles.document import Comment, Document, Section, Source, to_json
from articles.feeds.contents import article_html
from articles.markup import safe_url
from articles.models.editions import Edition
from tests import strategies
from tests.newsroom import picture

GOLDEN = Path(__file__).parent / "golden" / "feed-article.html"

WHOLE = Document(
    title="港はいつ開く？",
    lead_heading="新しい港への道",
    lead="港が二年かけて変わる。\n費用は町が出す。",
    sections=(
        Section(
            heading="工事の予定",
            question="工事は何年かかる？",
            answer="二年。春に始まる。",
            sources=(
                Source(
                    caption="町が工事の予定を示した",
                    url="https://mati.example/kouji?a=1&b=2",
                    site_name="町だより",
                    published_on=date(2025, 3, 22),
                    key_points=("岸壁を延ばす", "道を広げる <二車線>"),
                    image="pictures/minato.png",
                    image_credit="町だより",
                ),
                Source(caption="会議の記録", url="javascript:alert(1)", site_name="議会"),
            ),
            opening=(Comment("灯台もと子", "楽しみですね。"),),
            body="町は**「二年」**と答えた。\n> 春に始める。\n- 岸壁\n- 道",
            closing=(Comment("", "続きを待ちましょう。\n気になりますね。"),),
        ),
        Section(question="費用は？", body="町が出す。"),
    ),
    closing=(Comment("灯台もと子", "よい港になりますように。"),),
    takeaways=("工事は二年", "費用は町"),
)
MEDIA = {
    "pictures": {"pictures/minato.png": {"width": 40, "height": 30, "alt": '赤い"岸壁"'}},
    "voices": {"灯台もと子": {"role": "灯台守"}},
}


def edition(document: Document, **columns: object) -> Edition:
    """An edition that is in no database: what it looks like depends on nothing else."""
    return Edition(article_id=7, title=document.title, document=to_json(document), **columns)


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_whole_article_is_rendered_part_by_part() -> None:
    default_storage.save("pictures/minato.png", ContentFile(picture().read()))
    notes = [
        {"at": "2025-04-01T00:00:00+00:00", "text": "年数を直しました。"},
        {"at": "2025-04-02T00:00:00+00:00", "text": "費用を直しました。\n<b>町です。"},
    ]
    with translation.override("en"):  # the catalogue's words may change without an article changing
        html = article_html(edition(WHOLE, media=MEDIA, corrections=notes))
    assert html + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_parts_stand_in_the_order_of_the_page() -> None:
    rest = Page(article_html(edition(WHOLE, media=MEDIA))).text
    lead = ["新しい港への道", "港が二年"]
    first = ["工事の予定", "何年かかる", "春に始まる", "予定を示した", "岸壁を延ばす", "町だより", "会議の記録"]
    voices = ["楽しみですね", "町は「二年」", "続きを待ち"]
    for part in [*lead, *first, *voices, "費用は？", "町が出す", "よい港", "工事は二年", "費用は町"]:
        assert part in rest
        rest = rest.partition(part)[2]


def test_speaker_is_named_before_what_is_said() -> None:
    html = article_html(edition(WHOLE, media=MEDIA))
    quoted = html.split("<blockquote>")[1].split("</blockquote>")[0]
    assert quoted.index("灯台もと子") < quoted.index("灯台守") < quoted.index("楽しみですね。")


def test_addresses_are_whole_and_lead_to_the_web(settings: LazySettings) -> None:
    settings.SITE_URL = "https://news.example"
    elements = Page(article_html(edition(WHOLE, media=MEDIA))).elements
    addresses = [value for _, known in elements for name, value in known.items() if name in ("href", "src")]
    assert "https://news.example/media/pictures/minato.png" in addresses
    assert "https://mati.example/kouji?a=1&b=2" in addresses
    assert all(address and safe_url(address) for address in addresses)


def test_picture_says_its_size_and_what_it_shows() -> None:
    (image,) = [known for tag, known in Page(article_html(edition(WHOLE, media=MEDIA))).elements if tag == "img"]
    assert (image["width"], image["height"], image["alt"]) == ("40", "30", '赤い"岸壁"')


def test_article_of_a_title_alone_is_empty() -> None:
    assert article_html(edition(Document(title="港は？"))) == ""


@pytest.mark.parametrize("bad", ["\x0b", "\x1b", "\ufffe", "\u202e", "\ud800"])
def test_a_character_that_an_old_edition_holds_outside_its_document_is_left_out(bad: str) -> None:
    media = {"pictures": {"pictures/minato.png": {"width": 1, "height": 1, "alt": f"岸{bad}壁"}}}
    notes = [{"at": datetime(2025, 4, 1, tzinfo=UTC).isoformat(), "text": f"直し{bad}ました"}]
    html = article_html(edition(WHOLE, media=media, corrections=notes))
    assert bad not in html
    assert "岸壁" in html
    assert "直しました" in html


RUBY = ("ruby", "rp", "rt")
ALLOWED = {
    **{tag: set() for tag in ("p", "h2", "ul", "li", "ol", "strong", "em", "blockquote", "cite", "br", *RUBY)},
    "figure": {"class"},
    "figcaption": set(),
    "a": {"href", "rel"},
    "time": {"datetime"},
    "img": {"src", "alt", "width", "height"},
}


@given(strategies.documents)
def test_any_document_gives_well_formed_harmless_html(document: Document) -> None:
    page = Page(article_html(edition(document)))
    assert page.open == []
    for tag, attributes in page.elements:
        assert tag in ALLOWED
        assert set(attributes) <= ALLOWED[tag] | {"class", "start"}
        link = attributes.get("href") or ""
        assert not link or safe_url(link) or link.startswith("mailto:")
