"""The picture shown where an article's address is shared: its title in good lines, and gone with the article."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pylopdf_fonts_jp
import pytest
from django.core.cache import cache
from django.core.files import File
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from articles import publishing, share_picture, sharing
from articles.document import Section, Source
from articles.models import Edition, SourceLink
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
from tests.newsroom import changed, drafted, permitted, picture, published
from tests.reading import Element, following, page

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


@example("2、2き「 2", 5)
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
    assert cut(["一二", "三"], 1, 0.5, square) == ["…"], "however little room there is"


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


# Its address


@pytest.mark.django_db
def test_readers_get_the_picture_of_what_is_on_show(client: Client) -> None:
    edition = published("港はいつ開く？")
    shown = client.get(f"{edition.get_absolute_url()}share.png")
    assert shown["Content-Type"] == "image/png"
    assert shown.content == share_picture.drawn("港はいつ開く？", SITE)
    newer = changed(edition.article, "港はもう開いた")
    assert client.get(f"{edition.get_absolute_url()}share.png").content == shown.content, "a draft is nobody's business"
    publishing.publish(newer, by=None, despite_findings=True)
    assert client.get(f"{edition.get_absolute_url()}share.png").content == share_picture.drawn("港はもう開いた", SITE)


@pytest.mark.django_db
def test_a_picture_is_drawn_once_and_sent_once(client: Client) -> None:
    url = f"{published().get_absolute_url()}share.png"
    cache.clear()
    first = client.get(url)
    letters_measured = share_picture._advance.cache_info()
    assert client.get(url).content == first.content
    assert share_picture._advance.cache_info() == letters_measured
    assert client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.head(url)["ETag"] == first["ETag"]


@pytest.mark.django_db
def test_a_picture_goes_with_its_article(client: Client) -> None:
    edition = published()
    url = f"{edition.get_absolute_url()}share.png"
    assert client.get(url).status_code == 200
    publishing.withdraw(edition.article, by=None, reason="出典の誤り")
    assert client.get(url).status_code == 410
    assert client.get(f"/articles/{drafted().pk}/share.png").status_code == 404, "a draft has none"
    assert client.get("/articles/999/share.png").status_code == 404
    assert client.post(url).status_code == 405


# What sites that show it are told


def told(client: Client, url: str) -> dict[str, str]:
    """What the head of a page says in Open Graph."""
    metas = page(client.get(url)).one("head").all("meta")
    return {meta["property"]: meta["content"] for meta in metas if "property" in meta.attributes}


def named(head: Element, name: str) -> str:
    """What a head says under a name; empty where it says nothing."""
    return "".join(meta["content"] for meta in head.all("meta") if meta.attributes.get("name") == name)


def with_picture(size: tuple[int, int], alt: str = "港の朝") -> Edition:
    article = drafted("港", sections=(Section(heading="今", sources=(Source(caption="写真"),)),))
    source = SourceLink.objects.get()
    source.image_alt = alt
    source.image.save("port.png", File(picture(size=size), "port.png"))
    permitted(source.image.name)
    return publishing.publish(publishing.save(article, by=None), by=None, despite_findings=True)


@pytest.mark.django_db
@pytest.mark.parametrize(("size", "is_shown"), [((1200, 630), True), ((1199, 900), False), ((1600, 629), False)])
def test_a_picture_of_its_own_is_shown_if_it_is_large_enough(
    client: Client, size: tuple[int, int], is_shown: bool
) -> None:
    edition = with_picture(size)
    social = told(client, edition.get_absolute_url())
    if is_shown:
        assert social["og:image"].startswith("http://news.example/media/pictures/")
        assert social["og:image:alt"] == "港の朝"
    else:
        assert social["og:image"] == f"http://news.example{edition.get_absolute_url()}share.png"
        assert social["og:image:alt"] == "港"
    width, height = size if is_shown else (1200, 630)
    assert (social["og:image:width"], social["og:image:height"]) == (str(width), str(height))


@pytest.mark.django_db
def test_a_picture_without_words_is_called_as_its_article(client: Client) -> None:
    assert told(client, with_picture((1200, 630), alt="").get_absolute_url())["og:image:alt"] == "港"


PAGES = (
    "/",
    "/tags/",
    "/tags/港/",
    "/archive/",
    "/archive/2025/04/",
    "/sources/",
    "/sources/2025/04/",
    "/sources/paper.example/",
    "/corrections/",
    "/feeds/",
)
OF_AN_ARTICLE = ("", "brief/", "facts/")


@pytest.fixture
def edition(db: None) -> Edition:
    at = datetime(2025, 4, 1, 3, 0, tzinfo=UTC)
    section = Section(question="いつ？", answer="五月。", sources=(Source(url="https://paper.example/1"),))
    editions = [
        published(f"「港」は<{number}>？", at, lead="港の話。", sections=(section,), tags=("港",))
        for number in range(17)
    ]
    return editions[-1]


def heads(client: Client, edition: Edition) -> Iterator[tuple[str, Element, dict[str, str]]]:
    for url in (
        *PAGES,
        following(client, "/"),
        following(client, "/tags/港/"),
        *(f"{edition.get_absolute_url()}{way}" for way in OF_AN_ARTICLE),
    ):
        yield url, page(client.get(url)).one("head"), told(client, url)


def test_every_page_tells_the_same_to_people_engines_and_sites(client: Client, edition: Edition) -> None:
    for url, head, social in heads(client, edition):
        title, description = head.one("title").text, named(head, "description")
        assert title.startswith(social["og:title"]), url
        assert title.removeprefix(social["og:title"]) in ("", f" | {SITE}", " | 2025年4月1日まで"), url
        assert social["og:description"] == description != "", url
        assert social["og:url"] == head.one("link", rel="canonical")["href"], url
        assert (social["og:site_name"], social["og:locale"]) == (SITE, "ja_JP")
        assert named(head, "twitter:card") == "summary_large_image"


def test_lists_are_websites_and_show_the_publications_sign(client: Client, edition: Edition) -> None:
    for url in PAGES:
        social = told(client, url)
        assert (social["og:type"], social["og:image:alt"]) == ("website", SITE)
        assert social["og:image"] == "http://news.example/static/img/share.png"
    size = Image.open(ROOT / "static/img/share.png").size
    assert size == (int(social["og:image:width"]), int(social["og:image:height"])) == share_picture.SIZE


def test_every_way_to_read_an_article_is_an_article(client: Client, edition: Edition) -> None:
    for way in OF_AN_ARTICLE:
        social = told(client, f"{edition.get_absolute_url()}{way}")
        assert social["og:type"] == "article"
        assert social["og:url"].endswith(edition.get_absolute_url())
        assert social["article:tag"] == "港"
        assert social["og:image"].endswith(f"{edition.get_absolute_url()}share.png")
        assert social["og:title"].startswith("「港」は<16>？")


def test_what_is_not_public_tells_nothing(client: Client, edition: Edition) -> None:
    draft = sharing.share(changed(edition.article, "秘密"), by=None).get_absolute_url()
    answers = [client.get("/no/"), client.get(draft)]
    publishing.withdraw(edition.article, by=None)
    answers += [client.get(draft), client.get(edition.get_absolute_url())]
    assert [answer.status_code for answer in answers] == [404, 200, 410, 410]
    for answer in answers:
        head = page(answer).one("head")
        assert not [meta for meta in head.all("meta") if "property" in meta.attributes]
        assert not {"港", "秘密"} & set(re.findall("港|秘密", named(head, "description") or "")), (
            "a word of the article"
        )
        assert not head.all("link", rel="canonical")
