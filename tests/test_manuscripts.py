"""Manuscripts: read to Documents and written from them; golden ones, hostile ones and every variant writers use."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.document import Comment, Document, Section, Source, to_json
from articles.manuscripts import Reading, dump, parse
from articles.text import LINE_END, fold, line
from tests.strategies import characters, documents, manuscripts

HERE = Path(__file__).resolve().parent
GOLDEN = sorted((HERE / "golden").glob("*.txt"))
SAMPLES = sorted((HERE.parent / "articles" / "samples" / "manuscripts").glob("*.txt"))
ORIGINAL = HERE.parent.parent / "shared" / "original_article.txt"

thorough = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=150)


def golden(name: str) -> str:
    return (HERE / "golden" / f"{name}.txt").read_text(encoding="utf-8")


def visible(text: str) -> Counter[str]:
    """The visible characters of a text as it is kept: clean and composed, without space."""
    return Counter("".join("".join(map(line, LINE_END.split(text.removeprefix("\ufeff")))).split()))


def accounted(reading: Reading) -> Counter[str]:
    texts = [placed.text for placed in reading.placements] + [left.text for left in reading.unplaced]
    return Counter("".join("".join(texts).split()))


def value_at(reading: Reading, path: str) -> Any:
    """The value a placement names, such as sections[0].opening[0].text."""
    value: Any = to_json(reading.document)
    for key, number in re.findall(r"(\w+)|\[(\d+)\]", path):
        value = value[key] if key else value[int(number)]
    return value


# -- the identity


@thorough
@given(documents)
def test_dump_reads_back_to_the_same_document(document: Document) -> None:
    reading = parse(dump(document))
    assert reading.document == document
    assert not reading.unplaced


@thorough
@given(manuscripts | st.text(characters))
def test_any_text_is_read_and_every_visible_character_accounted_for(text: str) -> None:
    reading = parse(text)
    assert accounted(reading) == visible(text)
    assert parse(dump(reading.document)).document == reading.document


@thorough
@given(manuscripts)
def test_placements_name_the_field_that_holds_the_text(text: str) -> None:
    reading = parse(text)
    for placement in reading.placements:
        value = value_at(reading, placement.field)
        if placement.field.endswith("published_on"):
            date.fromisoformat(value)
        elif placement.field != "tags" and not re.search(r"[\\💬🗨〃]|^(本文|見出し|要旨)\s*[:：]$", placement.text):
            said = value.split("\n")
            assert any(fold(part) in fold(placement.text) or not part for part in said), placement


@pytest.mark.parametrize("path", [*GOLDEN, *SAMPLES], ids=lambda path: path.stem)
def test_written_manuscript_round_trips(path: Path) -> None:
    document = parse(path.read_text(encoding="utf-8")).document
    assert parse(dump(document)).document == document


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples_are_read_whole_and_written_in_the_house_layout(path: Path) -> None:
    reading = parse(path.read_text(encoding="utf-8"))
    assert not reading.unplaced
    assert not re.search("^(題|見出し|本文|問|答|要旨):", dump(reading.document), re.MULTILINE)


def test_house_layout_is_written_with_each_piece_on_its_own_line() -> None:
    source = Source(
        caption="港の再開、来月から。",
        url="https://minato.example/1",
        site_name="港の町新聞",
        published_on=date(2025, 3, 2),
        key_points=("一つ目。", "二つ目。"),
        image="port.jpg",
        image_credit="https://minato.example/1",
    )
    section = Section(
        heading="港の再開",
        question="いつ開くのか?",
        answer="来月1日に開く。",
        sources=(source,),
        opening=(Comment(text="楽しみですね。\n待ち遠しいですね。"),),
        body="港は1日に開く。\n船は3隻入る。",
        closing=(Comment("灯野", "行ってみたいですね。"),),
    )
    document = Document(
        title="港はいつ開くのか?",
        lead_heading="再開の知らせ",
        lead="港が来月、2年ぶりに開く。",
        sections=(section,),
        closing=(Comment("灯野", "では、また。"),),
        takeaways=("港は来月開く。",),
        tags=("港", "観光"),
    )
    assert dump(document) == (
        "港はいつ開くのか?\n再開の知らせ\n港が来月、2年ぶりに開く。\n港の再開\nいつ開くのか?\n来月1日に開く。\n"
        "港の再開、来月から。\n公開日:2025/03/02\n\n✅ 一つ目。\n✅ 二つ目。\nさらに読む ⇒港の町新聞\n"
        "出典/画像元: https://minato.example/1\n画像: port.jpg\n楽しみですね。\n待ち遠しいですね。\n港は1日に開く。\n"
        "船は3隻入る。\n💬 灯野: 行ってみたいですね。\nまとめ 💬 灯野: では、また。\n💡 港は来月開く。\n"
        "タグ: 港、観光\n"
    )


# -- golden manuscripts


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_manuscript_is_read_as_expected(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    reading = parse(path.read_text(encoding="utf-8"))
    assert to_json(reading.document) == expected["document"]
    assert [[left.line, left.text] for left in reading.unplaced] == expected["unplaced"]
    assert [doubt.line for doubt in reading.doubts] == expected["doubted_lines"]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028", "\u2029", "\x85", "\n\n", "\n \u3000\n"])
@pytest.mark.parametrize("name", ["marks", "glue", "sources", "voices"])
def test_end_of_line_makes_no_difference(name: str, end: str) -> None:
    text = golden(name)
    assert parse(text.replace("\n", end)).document == parse(text).document


def test_byte_order_mark_and_missing_blank_lines_make_no_difference() -> None:
    text = golden("marks")
    reading = parse("\ufeff" + text.replace("\n\n", "\n"))
    assert reading.document == parse(text).document
    assert reading.doubts == tuple(parse(text.replace("\n\n", "\n")).doubts)


# -- the reference article; its sentences stay in its own file


@pytest.fixture
def original() -> Reading:
    if not ORIGINAL.exists():
        pytest.skip("the reference article is not beside this checkout")
    return parse(ORIGINAL.read_text(encoding="utf-8"))


def original_lines(first: int, last: int) -> str:
    return "\n".join(ORIGINAL.read_text(encoding="utf-8").split("\n")[first - 1 : last])


def test_original_has_every_piece_of_the_anatomy(original: Reading) -> None:
    document = original.document
    head, mark, rest = original_lines(1, 1).partition("(?マーク)")
    assert (document.title, document.lead_heading) == (head + mark, rest)
    assert document.lead == original_lines(2, 2)
    assert [section.heading for section in document.sections] == [original_lines(at, at) for at in (3, 20, 36)]
    assert [section.question for section in document.sections] == [original_lines(at, at) for at in (4, 21, 37)]
    assert [section.answer for section in document.sections] == [original_lines(at, at) for at in (5, 22, 38)]
    assert "\n".join(f"💡 {takeaway}" for takeaway in document.takeaways) == original_lines(53, 55)
    assert not original.unplaced
    assert not document.tags


def test_original_sources_are_split_from_what_is_glued_to_them(original: Reading) -> None:
    for section, (first, glued) in zip(original.document.sections, [(6, 12), (23, 29), (39, 45)], strict=True):
        (source,) = section.sources
        assert source.caption == original_lines(first, first)
        assert source.published_on == date(2025, 3, 22)
        assert "\n".join(f"✅ {point}" for point in source.key_points) == original_lines(first + 3, first + 5)
        said = section.opening[0].text.split("\n")[0]
        assert source.image_credit == source.url
        assert original_lines(glued, glued) == f"さらに読む ⇒{source.site_name}出典/画像元: {source.url}{said}"


def test_original_is_cut_between_voices_and_report(original: Reading) -> None:
    boundaries = [(13, 14, 18, 19), (30, 31, 34, 35), (46, 47, 49, 50)]
    for section, (opened, first, last, closed) in zip(original.document.sections, boundaries, strict=True):
        (opening,), (closing,) = section.opening, section.closing
        assert opening.text.split("\n")[1:] == [original_lines(opened, opened)]
        assert section.body == original_lines(first, last)
        assert closing.text == original_lines(closed, closed)
        assert {opened, closed} <= {doubt.line for doubt in original.doubts}
    assert [comment.text for comment in original.document.closing] == [original_lines(51, 52)]
    assert {1, 4, 51} <= {doubt.line for doubt in original.doubts}


def test_original_is_written_in_the_house_layout(original: Reading) -> None:
    text = dump(original.document)
    assert parse(text).document == original.document
    assert "本文:" not in text
    assert "💬" not in text


# -- variants and unhappy paths

CARD = "題\n前文は一段落で、記事の全体をまとめて伝える。\n見出し\n何が?\n答え。\n要旨。\n"


def only_source(text: str) -> Source:
    return parse(CARD + text).document.sections[0].sources[0]


@pytest.mark.parametrize("mark", ["✅", "✅ ", "✅\ufe0f", "✅\ufe0f ", "☑", "☑\ufe0f ", "✔", "✔\ufe0f　", "✓ ", "🗹 "])
def test_key_point_is_known_by_each_tick(mark: str) -> None:
    assert only_source(f"公開日:2025/03/22\n{mark}要点。").key_points == ("要点。",)


@pytest.mark.parametrize("mark", ["💡", "💡 ", "🔆", "🔆\ufe0f "])
def test_takeaway_is_known_by_each_mark(mark: str) -> None:
    assert parse(f"題\n{mark}要点。").document.takeaways == ("要点。",)


@pytest.mark.parametrize(
    "mark",
    [
        "さらに読む ⇒",
        "さらに読む⇒ ",
        "続きを読む →",
        "さらに読む ➡\ufe0f ",
        "もっと読む =>",
        "さらに読む：",
        "さらに読む ＝＞",
    ],
)
def test_publisher_is_known_by_each_arrow(mark: str) -> None:
    assert only_source(f"公開日:2025/03/22\n{mark}港の新聞").site_name == "港の新聞"


@pytest.mark.parametrize(
    ("label", "url", "credit"),
    [
        ("出典/画像元: ", True, True),
        ("出典／画像元：", True, True),
        ("画像元/出典:", True, True),
        ("出典: ", True, False),
        ("画像元：", False, True),
    ],
)
def test_credit_label_says_what_the_link_is_for(label: str, url: bool, credit: bool) -> None:
    source = only_source(f"公開日:2025/03/22\n{label}https://a.example/x?y=(z)楽しみですね。")
    assert source.url == "https://a.example/x?y=(z)" * url
    assert source.image_credit == "https://a.example/x?y=(z)" * credit


def test_text_glued_to_a_link_opens_the_section_whatever_its_voice() -> None:
    section = parse(CARD + "出典: https://a.example/1港は開く。\n船が入る。").document.sections[0]
    assert section.opening == (Comment(text="港は開く。"),)
    assert section.body == "船が入る。"


def test_several_links_on_a_line_are_several_sources() -> None:
    reading = parse(
        CARD + "出典: https://a.example/1、https://b.example/2 ｈｔｔｐｓ：／／ｃ．ｅｘａｍｐｌｅ 楽しみですね。"
    )
    section = reading.document.sections[0]
    assert [source.url for source in section.sources] == [
        "https://a.example/1",
        "https://b.example/2",
        "https://c.example",
    ]
    assert section.opening == (Comment(text="楽しみですね。"),)
    assert sum(doubt.line == 7 for doubt in reading.doubts) >= 3


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example",
        "ftp://a.example",
        "ｊａｖａｓｃｒｉｐｔ：x",
    ],
)
def test_address_that_is_not_http_becomes_no_link_and_is_kept(address: str) -> None:
    reading = parse(CARD + f"公開日:2025/03/22\n出典: {address}")
    assert reading.document.sections[0].sources[0].url == ""
    assert [left.text for left in reading.unplaced] == [f"出典: {address}"]
    assert any("https://" in doubt.reason for doubt in reading.doubts)


@pytest.mark.parametrize("day", ["2025/02/30", "0000/01/01", "令和0年1月1日", "22/03/2025", "未定", ""])
def test_date_that_cannot_be_read_is_kept_and_doubted(day: str) -> None:
    reading = parse(CARD + f"公開日:{day}\n✅ 要点。")
    assert reading.document.sections[0].sources[0].published_on is None
    assert [left.line for left in reading.unplaced] == [7]
    assert 7 in {doubt.line for doubt in reading.doubts}


def test_what_follows_a_date_is_kept() -> None:
    reading = parse(CARD + "公開日:2025/03/22 10:30")
    assert only_source("公開日:2025/03/22 10:30").published_on == date(2025, 3, 22)
    assert [left.text for left in reading.unplaced] == ["10:30"]


def test_points_without_ticks_are_assumed_between_date_and_publisher() -> None:
    reading = parse(
        CARD + "公開日:2025/03/22\n要点その一。\n要点その二。\nさらに読む ⇒\n港の新聞\n出典: https://a.example/"
    )
    (source,) = reading.document.sections[0].sources
    assert source.key_points == ("要点その一。", "要点その二。")
    assert (source.site_name, source.url) == ("港の新聞", "https://a.example/")
    assert {8, 9, 11} <= {doubt.line for doubt in reading.doubts}


def test_bare_link_belongs_to_the_card_above_it() -> None:
    assert only_source("さらに読む ⇒港の新聞\nhttps://a.example/1\n港は開く。").url == "https://a.example/1"


def test_second_credit_and_second_title_are_kept_unplaced() -> None:
    reading = parse(CARD + "画像元: 一人\n画像元: 二人\n題: 二つ目\n問: 何\n答: これ\n答: それ")
    assert [left.text for left in reading.unplaced] == ["画像元: 二人", "題: 二つ目", "答: それ"]


def test_controls_and_bidi_marks_are_removed_and_reported() -> None:
    reading = parse("題\u202e名\x1b\n\x00\ud800前文。")
    assert (reading.document.title, reading.document.lead) == ("題名", "前文。")
    assert [doubt.line for doubt in reading.doubts] == [1, 2]


@pytest.mark.parametrize("text", ["", "\u3000\u200b", "\n\r\n", "\ufeff"])
def test_empty_text_is_an_empty_document_with_a_doubt(text: str) -> None:
    reading = parse(text)
    assert reading.document == Document()
    assert reading.doubts[0].line == 0
    assert not reading.unplaced


@pytest.mark.parametrize(
    "title", ["admin", "=1+1", "！？", "\\", "<script>alert(1)</script>", "{{ x }}", "]]>", "[a](b)"]
)
def test_title_may_be_any_text(title: str) -> None:
    assert parse(dump(Document(title=title))).document.title == title


def test_heading_block_is_cut_by_labels_too() -> None:
    text = "題\n前の節の報せ。\n見出しの行\n問: 何が?\n答え。\n要旨: 短い要旨。\n公開日:2025/03/22\n節の報せ。"
    section = parse(text).document.sections[-1]
    assert (section.heading, section.question, section.answer) == ("見出しの行", "何が?", "答え。")
    assert section.sources[0].caption == "短い要旨。"


@pytest.mark.parametrize(
    ("block", "fields"),
    [
        ("見出し", ("見出し", "", "", "")),
        ("見出し\n要旨。", ("見出し", "", "", "要旨。")),
        ("見出し\n何が?", ("見出し", "何が?", "", "")),
        ("見出し\n何が?\n答え。", ("見出し", "何が?", "答え。", "")),
        ("見出し\n何が?これだ\n要旨。", ("見出し", "何が?これだ", "", "要旨。")),
        ("何が?\n答え。\n要旨。", ("", "何が?", "答え。", "要旨。")),
        ("見出し\n答え。\n要旨。", ("見出し", "", "答え。", "要旨。")),
        ("見出し\n問いの行\n要旨。", ("見出し", "問いの行", "", "要旨。")),
        ("見出しは?\n何が?\n答え。\n要旨。", ("見出しは?", "何が?", "答え。", "要旨。")),
        ("要旨だけ。", ("", "", "", "要旨だけ。")),
    ],
)
def test_incomplete_heading_block_is_read_by_place(block: str, fields: tuple[str, ...]) -> None:
    lead = "前文は一段落で、記事の全体をまとめて伝える。" * 4
    reading = parse(f"題\n{lead}\n{block}\n公開日:2025/03/22")
    (section,) = reading.document.sections
    assert (section.heading, section.question, section.answer, section.sources[0].caption) == fields
    assert reading.document.lead == lead


def test_second_card_behind_an_opening_comment_is_a_source_of_the_same_section() -> None:
    text = CARD + "出典: https://a.example/楽しみですね。\n二つ目の要旨。\n公開日:2025/03/23\n報せ。"
    (section,) = parse(text).document.sections
    assert [source.caption for source in section.sources] == ["要旨。", "二つ目の要旨。"]
    assert section.opening[0].text == "楽しみですね。"


def test_cards_without_anything_between_them_are_two_sources() -> None:
    text = CARD + "公開日:2025/03/22\n出典: https://a.example/\n公開日:2025/03/23\n✅ 要点。\n出典: https://b.example/"
    (section,) = parse(text).document.sections
    assert [source.url for source in section.sources] == ["https://a.example/", "https://b.example/"]


def test_marked_comment_is_one_line_and_fixes_the_boundary() -> None:
    text = (
        CARD
        + "出典: https://a.example/\n💬 灯野: 港です。\n楽しみですね、と言う。\n期待されます。\n💬 閉じます。\n次です。"
    )
    (section,) = parse(text).document.sections
    assert section.opening == (Comment("灯野", "港です。"),)
    assert section.body.startswith("楽しみですね、と言う。\n期待されます。")
    assert section.closing[0] == Comment("", "閉じます。")


@pytest.mark.parametrize("text", ["10:30に開く。", "https://a.example/ を見た。", "これは何だろう。答え：港。"])
def test_colon_in_a_comment_makes_no_name(text: str) -> None:
    assert parse(f"見出し: 節\n💬 {text}").document.sections[0].opening == (Comment("", text),)


def test_comment_before_the_first_section_is_a_remark_on_the_article() -> None:
    reading = parse("題\n💬 灯野: はじめに。\n前文。")
    assert reading.document.closing == (Comment("灯野", "はじめに。"),)
    assert any(doubt.line == 2 for doubt in reading.doubts)


def test_comment_behind_the_takeaways_is_a_remark_on_the_article() -> None:
    document = parse(CARD + "公開日:2025/03/22\n報せ。\n💡 要点。\n💬 灯野: では。").document
    assert document.closing == (Comment("灯野", "では。"),)


def test_ditto_mark_without_a_text_above_is_kept() -> None:
    assert [left.text for left in parse("題\n〃 続き").unplaced] == ["〃 続き"]


def test_labels_with_nothing_behind_them_are_kept() -> None:
    reading = parse("題\n見出し:\n要旨:\n出典:\n")
    assert [left.text for left in reading.unplaced] == ["見出し:", "要旨:", "出典:"]


def test_text_without_any_mark_is_lead_and_report() -> None:
    document = parse("題\n最初の段落は前文である。\n次の段落。\n最後の段落。").document
    assert document.lead == "最初の段落は前文である。"
    assert [section.body for section in document.sections] == ["次の段落。\n最後の段落。"]


def test_list_amid_the_report_is_no_heading() -> None:
    (section,) = parse(
        CARD + "公開日:2025/03/22\n品は次のとおり。\nりんご\nみかん\nぶどう\nどれも旬だ。"
    ).document.sections
    assert section.body.split("\n")[1:4] == ["りんご", "みかん", "ぶどう"]


# -- size: these end because each line is looked at a fixed number of times


@pytest.mark.parametrize(
    "text",
    [
        "「" * 50_000,
        "題\n" + "あ" * 1_000_000,
        "公開日:" + " " * 200_000 + "x",
        "💬" + "\\a" * 100_000,
        "出典:" + "https://a.example/ " * 5_000,
        "出典: https://a.example" + "、" * 100_000 + "x",
        "タグ:" + "\\、" * 50_000,
        "さらに読む   " * 20_000,
        "か" + "\u3099" * 5_000,
        "（" * 100_000 + "\n公開日:2025/01/01",
        "出典:https://a.example/、" * 5_000,
    ],
    ids=lambda text: text[:8].encode("unicode_escape").decode(),
)
def test_hostile_size_is_read_and_accounted_for(text: str) -> None:
    assert accounted(parse(text)) == visible(text)


def test_thousands_of_sections_are_read() -> None:
    title, lead_heading, lead, section = golden("marks").split("\n", 3)
    text = "\n".join([title, lead_heading, lead, *[section.split("🔆")[0].strip()] * 1_000])
    assert len(parse(text).document.sections) == 1_000
