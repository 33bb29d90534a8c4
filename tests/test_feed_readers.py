"""What reader programs leave of an article: their allow-lists take marks away, never the order or who is speaking.

The lists (golden/feed-readers.toml) are what the programs themselves let through.
"""

import tomllib
from pathlib import Path

import nh3
import pytest
from django.http import HttpResponse
from django.utils import translation

from articles.document import Document
from articles.feeds.contents import Way, article_html
from tests.reading import Element, page
from tests.test_feed_content import MEDIA, WHOLE, edition

GOLDEN = Path(__file__).parent / "golden" / "feed-readers.toml"
PROGRAMS = tomllib.loads(GOLDEN.read_text(encoding="utf-8"))
every_program = pytest.mark.parametrize("program", PROGRAMS)


def left(program: str, way: Way = Way.WHOLE, document: Document = WHOLE) -> Element:
    """What a program shows of the article."""
    elements = set(PROGRAMS[program]["elements"].split())
    attributes = {name: set(known) for name, known in PROGRAMS[program]["attributes"].items()}
    with translation.override("en"):  # the catalogue's words may change
        html = article_html(edition(document, media=MEDIA), way)
    return page(HttpResponse(nh3.clean(html, tags=elements, attributes=attributes, link_rel=None)))


def lines(element: Element) -> list[str]:
    """Its paragraphs and items, as they are read one after the other."""
    return [part.text for part in element if part.name in ("p", "li")]


@every_program
def test_order_and_speakers_stay(program: str) -> None:
    """Question, answer, source with its points, comment with a name, report with its quotation, comment, and so on."""
    text = left(program).text
    spoken = [
        *("Q 工事は何年かかる？", "A 二年。春に始まる。"),
        *("Key points (summed up by the newsroom) 町が工事の予定を示した", "岸壁を延ばす", "Source: mati.example"),
        *("Commentary 灯台もと子 (灯台守)", "楽しみですね。"),
        *("Report", "町は 「二年」 と答えた。", "Quotation", "春に始める。", "Source: 町だより"),
        *("A comment from the newsroom", "続きを待ちましょう。"),
        *("Q 費用は？", "Report", "町が出す。"),
        *("Commentary 灯台もと子 (灯台守)", "よい港になりますように。"),
        *("工事は二年", "費用は町"),
    ]
    rest = text.replace("「二年」", " 「二年」 ").replace("  ", " ")
    for part in spoken:
        assert part in rest, part
        rest = rest.partition(part)[2]


@every_program
def test_a_comment_is_set_apart_with_its_speaker_and_the_report_is_not(program: str) -> None:
    shown = left(program)
    comments = [each for each in shown.all("blockquote") if "omment" in lines(each)[0]]
    assert [lines(each)[0] for each in comments] == [
        "Commentary 灯台もと子 (灯台守)",
        "A comment from the newsroom",
        "Commentary 灯台もと子 (灯台守)",
    ]
    assert [lines(each)[1] for each in comments] == [
        "楽しみですね。",
        "続きを待ちましょう。",
        "よい港になりますように。",
    ]
    for said in ("町が出す。", "A 二年。春に始まる。", "✅ 岸壁を延ばす"):
        (told,) = [part for part in shown if part.name in ("p", "li") and part.text == said]
        assert not told.within("blockquote")


@pytest.mark.parametrize("program", ["Miniflux", "FreshRSS"])
def test_links_pictures_and_dates_stay(program: str) -> None:
    shown = left(program)
    assert [link["href"] for link in shown.all("a")] == ["https://mati.example/kouji?a=1&b=2"] * 2
    image = shown.one("img")
    assert (image["alt"], image["width"], image["height"]) == ('赤い"岸壁"', "40", "30")
    assert "2025-03-22" in [time["datetime"] for time in shown.all("time")]


@every_program
def test_without_commentary_nobody_speaks(program: str) -> None:
    text = left(program, Way.FACTS).text
    assert "工事は何年かかる？" in text
    assert not [word for word in ("omment", "灯台もと子", "楽しみですね", "続きを待ち") if word in text]


@every_program
def test_in_brief_each_answer_follows_its_question(program: str) -> None:
    told = lines(left(program, Way.BRIEF))
    assert told.index("A 二年。春に始まる。") == told.index("Q 工事は何年かかる？") + 1


@every_program
def test_a_reading_stands_after_its_words_where_no_ruby_is_shown(program: str) -> None:
    document = Document(title="港", lead="帆影港《ほかげこう》が開く。", takeaways=("｜エキ《駅》へ",))
    shown = ["".join(each.split()) for each in lines(left(program, document=document))]
    assert "帆影港（ほかげこう）が開く。" in shown
    assert any("エキ（駅）へ" in each for each in shown)
