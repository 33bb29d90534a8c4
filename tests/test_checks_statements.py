"""Unsupported statements and the balance of quotations: what counts as a statement, and when a card bears it out."""

import pytest

from articles.checks import check
from articles.checks.statements import statements
from articles.document import Document, Section, Source


def missing(text: str, *points: str, caption: str = "", **more: object) -> list[str]:
    """The statements of a lead that a card with these key points does not bear out."""
    card = Source(caption=caption, key_points=points or ("何も言わない。",), **more)  # type: ignore[arg-type]
    document = Document(lead=text, sections=(Section(sources=(card,)),))
    found = [finding for finding in check(document) if finding.rule == "unsupported_statement"]
    return found[0].message.partition(": ")[2].split("、") if found else []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2025年1月に始まる。", ["2025年1月"]),
        ("令和7年3月22日と3月と24日。", ["令和7年3月22日", "3月", "24日"]),
        ("２０２５年１月、2025/01/22。", ["2025年1月", "2025/01/22"]),
        ("費用は3億8千万円、1,380人が3割、5.5%増。", ["3億8千万円", "1,380人", "3割", "5.5%"]),
        ("2年間、3か月、24時間、2026年度。", ["3か月", "24時間", "2026年度"]),
        ("ウクライナとジョン・スミスのサービス。", ["ウクライナ", "ジョン・スミス"]),
        ("中谷防衛大臣と雪代朔也さん、石破首相。", ["中谷防衛", "雪代朔也", "石破"]),
        ("硫黄島の慰霊式典、電話会談と安全保障条約。", ["硫黄島", "慰霊式典", "電話会談", "安全保障条約"]),
        ("尖閣をめぐる米国の考え。", ["尖閣", "米国"]),
        ("NATOとAIとDX。", ["NATO", "AI", "DX"]),
    ],
)
def test_dates_numbers_and_names_are_statements(text: str, words: list[str]) -> None:
    assert [found.shown for found in statements(text)] == words


@pytest.mark.parametrize(
    "text",
    [
        "それは重要な話だ。各国の政府と協議を続け、計画を見直す。",
        "1つの案、2回の話し合い、1日に運ぶ量。",
        "サービスのデータをシステムで見るイベント。",
        "[町の頁](https://mati.example/2024/05/06/999)を見る。",
        "同社の会長と皆さんが話し合った。",
    ],
)
def test_common_words_are_none(text: str) -> None:
    assert list(statements(text)) == []


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("2025年1月に始まる。", "2025/01/22に発表。"),
        ("２０２５年１月に始まる。", "2025年1月から。"),
        ("令和7年1月に始まる。", "2025年1月22日から。"),
        ("1月に始まる。", "令和7年1月に始まる。"),
        ("24日に訪れる。", "3月24日に訪れる。"),
        ("費用は3億8千万円。", "費用は380,000,000円。"),
        ("３８０００人が来た。", "3万8千人が来た。"),
        ("15000人が来た。", "1.5万人が来た。"),
        ("ＮＡＴＯの会議。", "NATO会議。"),
        ("石破首相が来る。", "石破総理が来る。"),
        ("日米防衛相会談がある。", "日米の話し合い。防衛相と会談する。"),
        ("インド太平洋の話。", "自由なインド太平洋という考え。"),
    ],
)
def test_card_bears_out_what_it_says_in_another_notation(text: str, point: str) -> None:
    assert missing(text) != []
    assert missing(text, point) == []


@pytest.mark.parametrize(
    ("text", "point", "words"),
    [
        ("2025年1月に始まる。", "2025年2月から。", ["2025年1月"]),
        ("2025年1月5日に始まる。", "2025年1月から。", ["2025年1月5日"]),
        ("費用は3億円。", "費用は3万円。", ["3億円"]),
        ("30人が来た。", "30%が来た。", ["30人"]),
        ("電話会談をした。", "会談をした。", ["電話会談"]),
        ("スイスが決めた。", "スイソの話。", ["スイス"]),
    ],
)
def test_card_that_says_something_else_does_not(text: str, point: str, words: list[str]) -> None:
    assert missing(text, point) == words


def test_caption_publisher_and_date_of_a_card_count() -> None:
    from datetime import date

    assert missing("硫黄島の話。", caption="硫黄島へ") == []
    assert missing("時事通信社の話。", site_name="時事通信社") == []
    assert missing("2025年3月の話。", published_on=date(2025, 3, 22)) == []


def test_statement_is_named_once_where_it_stands_first_and_long_lists_are_cut() -> None:
    section = Section(question="ウクライナは？", body="ウクライナとスイス。", sources=(Source(key_points=("点",)),))
    document = Document(lead="、".join(f"{number}人" for number in range(10, 30)), sections=(section,))
    found = [finding for finding in check(document) if finding.rule == "unsupported_statement"]
    assert [finding.place for finding in found] == ["lead", "sections[0].question", "sections[0].body"]
    assert found[0].message.endswith("17人…")
    assert "ウクライナ" not in found[2].message


def test_article_without_cards_has_nothing_to_be_compared_with() -> None:
    document = Document(lead="2025年1月、電話会談。", sections=(Section(body="30人"),))
    assert not [finding for finding in check(document) if finding.rule == "unsupported_statement"]


# The balance


def shares(document: Document) -> dict[str, str]:
    rules = ("quoted_share", "quoted_share_of_section", "one_source")
    return {finding.rule: finding.message for finding in check(document) if finding.rule in rules}


def test_share_counts_points_captions_and_long_quotations() -> None:
    card = Source(caption="要" * 10, key_points=("点" * 20,), site_name="一")
    body = "文" * 40 + "「" + "引" * 28 + "」\n> " + "用" * 40
    found = shares(Document(sections=(Section(sources=(card,), body=body),)))
    assert "70" in found["quoted_share"]  # 10 + 20 + 30 + 40 of 143, of which 43 are its own
    assert "70" in found["quoted_share_of_section"]


def test_one_publisher_counts_over_all_its_cards() -> None:
    cards = [Source(site_name=name, key_points=("点" * 30,)) for name in ("一", "二", "一", "１")]
    sections = tuple(Section(body="文" * 200, sources=(card,)) for card in cards)
    assert "one_source" not in shares(Document(sections=(*sections[:2], sections[1])))
    assert "one_source" in shares(Document(sections=(sections[0], sections[1], sections[2], sections[2])))
    assert "one_source" not in shares(Document(sections=sections[:1]))
