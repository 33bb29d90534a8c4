"""Japanese text: cleaning, sentences, voice and dates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text import (
    block,
    excerpt,
    fold,
    is_commentary,
    is_firm_commentary,
    leading_date,
    line,
    sentences,
    wareki,
    wareki_month,
    wareki_year,
)
from tests.strategies import characters

COMMENTARY = [
    "町の景色が変わるのは、少しさびしいですね。",
    "灯台は、島の人にとって特別な場所ですよね。",
    "これからも目が離せませんね！",
    "早く開通してほしいと思います。",
    "難しい問題も多いと思いますが、うまくいくことを期待しています。",
    "にぎわいが戻ることを願っています。",
    "町の本気を感じます。",
    "一度、訪ねてみましょう。",
    "皆さんはどう考えるでしょうか。",
    "一度行ってみたいですね（笑）。",
    "朝の港を歩いてみてください。",
    "完成が楽しみです♪",
    "観光客の増加が期待されます。",
    "私たちは町の再生を願っています。",
    "今後の動きを見守りたい。",
    "いい知恵だと思う。",
    "待ち遠しいですね😊",
]
REPORTS = [
    "港は来月、再開します。",
    "町は説明会を開きました。",
    "来年には橋が開通するでしょう。",
    "詳しい日程は明らかにされていません。",
    "町長は「本当に楽しみですね。うれしいです。」と話した。",
    "市は検討を続ける（住民は「残念ですね」と話す）。",
    "県は工事を急いでいる。",
    "実施は来春になる見通しだ。",
    "住民は早い再開を願っています。",
    "観光協会は客の増加に期待しています。",
    "利用者は年1万2千人。",
    "橋の行方",
    "",
]


@pytest.mark.parametrize("sentence", COMMENTARY)
def test_commentary_is_a_voice_that_speaks_to_the_reader(sentence: str) -> None:
    assert is_commentary(sentence)


@pytest.mark.parametrize("sentence", REPORTS)
def test_report_is_no_commentary(sentence: str) -> None:
    assert not is_commentary(sentence)


def test_hope_of_nobody_is_not_firm_commentary() -> None:
    assert is_firm_commentary("開通が楽しみですね。")
    assert not is_firm_commentary("観光客の増加が期待されます。")
    assert not is_firm_commentary("港は来月、再開します。")


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("一つ。二つ！三つ？四つ", ["一つ。", "二つ！", "三つ？", "四つ"]),
        ("「はい。そうです。」と言った。次。", ["「はい。そうです。」と言った。", "次。"]),
        ("港（北。南）が開く。次。", ["港（北。南）が開く。", "次。"]),
        ("「閉じない。次。終わり", ["「閉じない。", "次。", "終わり"]),
        ("閉じるだけ」です。次。", ["閉じるだけ」です。", "次。"]),
        ("えっ！？本当…。", ["えっ！？", "本当…。"]),
        ("", []),
    ],
)
def test_sentences_end_outside_of_brackets(value: str, parts: list[str]) -> None:
    assert sentences(value) == parts


@given(st.text(characters) | st.text("「」（）。！？あ "))
def test_sentences_keep_every_character(value: str) -> None:
    assert "".join("".join(sentences(value)).split()) == "".join(value.split())


def test_sentences_of_a_hostile_line_are_found_in_one_pass() -> None:
    assert sentences("「" * 50_000 + "。")[0].endswith("。")
    assert len(sentences("「あ。" * 50_000)) == 50_000


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2025/03/22", date(2025, 3, 22)),
        ("2025-3-2", date(2025, 3, 2)),
        ("2025.03.22", date(2025, 3, 22)),
        ("2025年3月22日", date(2025, 3, 22)),
        ("２０２５年３月２２日（土）", date(2025, 3, 22)),
        ("２０２５／０３／２２", date(2025, 3, 22)),
        ("令和7年3月22日", date(2025, 3, 22)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("西暦 0001年1月1日", date(1, 1, 1)),
        ("9999/12/31", date(9999, 12, 31)),
    ],
)
def test_date_is_read_in_every_form_writers_use(value: str, day: date) -> None:
    assert leading_date(value) == (day, len(value))


@pytest.mark.parametrize("value", ["2025/02/30", "2025/13/01", "0000/01/01", "令和0年1月1日", "平成99999年1月1日"])
def test_date_that_does_not_exist_is_none(value: str) -> None:
    assert leading_date(value)[0] is None


@pytest.mark.parametrize("value", ["", "未定", "22/03/2025", "25/03/22", "2025", "2025/03", "2025/03/221"])
def test_text_that_is_no_date_has_no_length(value: str) -> None:
    assert leading_date(value) == (None, 0)


def test_date_ends_before_what_follows_it() -> None:
    assert leading_date("2025/03/22 10:30")[1] == len("2025/03/22")


def test_line_removes_what_is_invisible_and_keeps_what_is_written() -> None:
    assert line("\ufeff ２０２５\t年\u202e\x00\n次　") == "２０２５ 年 次"
    assert line("か\u3099") == "が"
    assert line("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"
    assert line("\ud800\ufffe\x1b") == ""


@given(st.text(characters))
def test_line_and_block_of_clean_text_change_nothing(value: str) -> None:
    assert line(line(value)) == line(value)
    assert block(block(value)) == block(value)


def test_block_keeps_lines_without_empty_ones() -> None:
    assert block("一\r\n\r\n 二 \u2028三\n\u3000\n") == "一\n二\n三"


def test_excerpt_counts_full_width_columns() -> None:
    assert excerpt("短い", 4) == "短い"
    assert excerpt("長い長い文", 3) == "長い…"
    assert excerpt("abcdef", 3) == "abcdef"
    assert excerpt("abcdefg", 3) == "abcde…"


def test_fold_compares_widths_and_cases_as_equal() -> None:
    assert fold("ＡＩ　ｶﾞｲﾄﾞ\n x") == fold("ai ガイド X")


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2026, 4, 1), "令和8年4月1日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1912, 7, 30), "大正元年7月30日"),
        (date(1912, 7, 29), "明治45年7月29日"),
        (date(1873, 1, 1), "明治6年1月1日"),
        (date(1872, 12, 31), "1872年12月31日"),
        (date(1000, 1, 1), "1000年1月1日"),
    ],
)
def test_a_day_is_named_by_its_era(day: date, shown: str) -> None:
    assert wareki(day) == shown


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_day_named_by_its_era_is_read_as_the_same_day(day: date) -> None:
    assert leading_date(wareki(day)) == (day, len(wareki(day)))


def test_a_month_and_a_year_in_which_an_era_began_have_both() -> None:
    assert wareki_month(date(2026, 4, 1)) == "令和8年4月"
    assert wareki_month(date(2019, 5, 1)) == "令和元年5月"
    assert wareki_month(date(1989, 1, 1)) == "昭和64年・平成元年1月"
    assert wareki_month(date(1926, 12, 1)) == "大正15年・昭和元年12月"
    assert wareki_year(2026) == "令和8年"
    assert wareki_year(2019) == "平成31年・令和元年"
    assert wareki_year(1872) == "1872年"
