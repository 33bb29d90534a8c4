"""The picture shown where an article's address is shared: its title in good lines, and gone with the article."""

import re
from io import BytesIO
from pathlib import Path

import pylopdf_fonts_jp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from articles import share_picture
from articles.typesetting import (
    CLOSING,
    NOT_FIRST,
    NOT_LAST,
    OPENING,
    balanced,
    cut,
    in_lines,
    measured,
    phrases,
    placed,
)
from tests.catalogue import ROOT

SITE = "試験新聞"
LONG = "商店街の空き店舗を使った夜市は、なぜ若者を呼び戻せたのか"


def square(letter: str) -> float:
    """An advance: Latin letters are half as wide as others."""
    return 0.5 if letter.isascii() else 1.0


def lines(text: str, width: float) -> list[str]:
    return in_lines(phrases(text), width, square)


# Lines


def test_lines_end_between_phrases() -> None:
    assert lines(LONG, 9) == ["商店街の空き店舗を", "使った夜市は、なぜ", "若者を", "呼び戻せたのか"]


def test_lines_are_of_much_the_same_width() -> None:
    title = "灯台守が去った島に残ったものは何か"
    assert lines(title, 15) == ["灯台守が去った島に残ったものは", "何か"]
    assert balanced(phrases(title), 15, square) == ["灯台守が去った島に", "残ったものは何か"]


def test_words_and_numbers_stay_whole() -> None:
    assert lines("How does a small harbour keep its ferry?", 8) == ["How does a small", "harbour keep its", "ferry?"]
    for width in range(6, 14):
        joined = "|".join(lines("2025年に1,250人が参加したAIの訓練は7.5%遅れた？", width))
        assert all(whole in joined for whole in ("2025", "1,250", "AI", "7.5%"))


def test_a_word_that_no_line_can_hold_is_taken_apart() -> None:
    assert lines("a" * 25, 5) == ["a" * 10, "a" * 10, "a" * 5]
    assert lines("語", 0.5) == ["語"], "and a letter is not"


@given(st.text(alphabet="港の島は、。「」（）ーっ？ 2aゆき", max_size=60), st.integers(4, 20))
def test_lines_keep_every_letter_and_fit_and_follow_the_rules(text: str, width: int) -> None:
    parts = phrases(text)
    found = in_lines(parts, width, square)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(measured(line, square) <= width for line in found)
    if all(measured(part, square) <= width for part in parts):
        assert not any(line[0] in NOT_FIRST for line in found[1:])
        assert not any(line[-1] in NOT_LAST for line in found[:-1])
        assert len(balanced(parts, width, square)) == len(found)


def test_what_is_left_out_is_told() -> None:
    assert cut(["一二", "三四"], 2, 2, square) == ["一二", "三四"]
    assert cut(["一二三", "四五、六", "七"], 2, 4, square) == ["一二三", "四五…"]


def test_punctuation_leaves_no_holes() -> None:
    assert placed("「港」、", square) == [(-0.5, "「"), (0.5, "港"), (1.5, "」"), (2.0, "、")]
    assert placed("港「海", square)[1] == (1.0, "「"), "between words it keeps its room"
    assert placed("港AI", square)[1][0] > 1, "Latin is set off"
    assert not set(OPENING) & set(CLOSING)


# The picture


def test_picture_is_of_the_size_that_sites_want_and_always_the_same() -> None:
    png = share_picture.drawn(LONG, SITE)
    image = Image.open(BytesIO(png), formats=["PNG"])
    assert image.size == (1200, 630)
    assert len(png) < 60_000
    assert share_picture.drawn(LONG, SITE) == png
    assert share_picture.drawn(LONG, "別の新聞") != png != share_picture.drawn("港", SITE)


@pytest.mark.parametrize("title", ["港🎉", "港️", "👨‍👩‍👧 港", "港\U0010fffd", "　港　"])
def test_signs_that_the_font_does_not_have_are_left_out(title: str) -> None:
    assert share_picture.drawn(title, SITE) == share_picture.drawn("港", SITE)


@pytest.mark.parametrize("title", ["", "🎉", "안녕"])
def test_where_nothing_is_left_the_name_stands_for_it(title: str) -> None:
    assert share_picture.drawn(title, SITE) == share_picture.drawn(SITE, SITE)


def test_an_endless_title_costs_no_more_than_a_long_one() -> None:
    longest = share_picture.MOST_LETTERS
    assert share_picture.drawn("題" * 50_000, SITE) == share_picture.drawn("題" * (longest + 1), SITE)
    assert share_picture.drawn("港", "名" * 50_000) == share_picture.drawn("港", "名" * (longest + 1))


@pytest.mark.parametrize("title", ["港", LONG, LONG * 2, LONG * 9, "i" * 300, "Www. " * 60, "「」、。" * 60])
def test_letters_keep_to_their_room(title: str) -> None:
    """The margins are paper, whatever stands between them."""
    image = Image.open(BytesIO(share_picture.drawn(title, SITE))).convert("RGB")
    below = share_picture.BAR
    for box in ((0, below, 70, 630), (1130, below, 1200, 630), (0, below, 1200, below + 20), (0, 474, 1200, 492)):
        assert image.crop(box).getcolors() == [((box[2] - box[0]) * (box[3] - box[1]), (0xFA, 0xF6, 0xEC))]


def test_colours_are_those_of_the_site() -> None:
    by_day = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8").partition("prefers-color-scheme")[0]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", by_day))
    ours = share_picture
    told = [colours[name] for name in ("paper", "ink", "ink-soft", "rule", "shu")]
    assert told == [ours.PAPER, ours.INK, ours.INK_SOFT, ours.RULE, ours.SHU]
    seal = (ROOT / "static/img/seal.svg").read_text(encoding="utf-8")
    assert f'fill="{ours.SEAL}"' in seal
    assert f'stroke="{ours.SEAL_LINE}" stroke-width="{ours.SEAL_STROKE}"' in seal


def test_the_font_comes_with_its_licence_from_a_package() -> None:
    folder = Path(pylopdf_fonts_jp.__file__).parent
    assert pylopdf_fonts_jp.serif_path().parent == folder
    licence = next(folder.parent.glob("pylopdf_fonts_jp-*/licenses/LICENSE"))
    assert "SIL OPEN FONT LICENSE" in licence.read_text(encoding="utf-8").upper()
