"""The checks: every rule finds what it is for and nothing in a sound article, and no Document makes one fail."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from articles.checks import RULES, BadLevels, Facts, Finding, Level, Media, check, levels
from articles.checks.labels import label
from articles.checks.places import in_reading_order
from articles.document import Comment, Document, Section, Source
from articles.manuscripts import parse
from tests.strategies import documents

ORIGINAL = Path(__file__).resolve().parents[2] / "shared" / "original_article.txt"
TODAY = date(2026, 3, 24)
VOICE = "灯台もと子"

SOURCE = Source(
    caption="町の発表",
    url="https://mati.example/kouji",
    site_name="青波町",
    published_on=date(2026, 3, 22),
    key_points=("工事は4月に始まる。", "費用は3億円を見込む。", "橋は片側ずつ通れる。"),
    image="pictures/hashi.jpg",
    image_credit="青波町",
)
BODY = (
    "町は長く使われてきた橋を直すことにした。海からの風で傷みが進み、歩く人から不安の声が出ていたためだ。"
    "工事のあいだも橋は閉じず、車は交互に進む。"
)
SECTION = Section(
    heading="橋を直す",
    question="橋は通れるのか？",
    answer="片側ずつ通れる。",
    sources=(SOURCE,),
    opening=(Comment(VOICE, "気になりますね。"),),
    body=BODY,
    closing=(Comment(VOICE, "安心して渡りたいと思います。"),),
)
OTHER = Source(
    caption="組合の調べ",
    url="https://kumiai.example/shirabe",
    site_name="漁業組合",
    published_on=date(2026, 3, 20),
    key_points=("朝の渋滞が心配されている。", "船の便は増えない。"),
)
SECOND = Section(heading="朝の道", sources=(OTHER,), body=BODY.replace("橋", "道"), opening=SECTION.opening)
SOUND = Document(
    title="橋の工事で何が変わるのか？",
    lead="青波町は4月から橋を直す。費用は3億円。工事のあいだも片側ずつ通れるが、朝は混みそうだ。",
    sections=(SECTION, SECOND),
    takeaways=("片側ずつ通れる。", "朝は混む。", "費用は町が出す。"),
    tags=("橋",),
)
MEDIA: Media = {
    "pictures": {SOURCE.image: {"width": 4, "height": 3, "alt": "橋"}},
    "voices": {VOICE: {"role": "灯台守", "portrait": None}},
}
FACTS = Facts(today=TODAY, permissions={SOURCE.image: "own"})
ALL_ON = dict.fromkeys(RULES, Level.RECOMMENDED)

Change = Callable[[], tuple[Document, Media, Facts]]


def found(document: Document = SOUND, media: Media = MEDIA, facts: Facts = FACTS) -> list[Finding]:
    return check(document, media, facts, ALL_ON)


def whole(**changes: Any) -> Document:
    return replace(SOUND, **changes)


def section(**changes: Any) -> Document:
    return replace(SOUND, sections=(replace(SECTION, **changes), SECOND))


def source(**changes: Any) -> Document:
    return section(sources=(replace(SOURCE, **changes),))


FIRST = "sections[0]"
CARD = f"{FIRST}.sources[0]"

# rule: (place, Document) or (place, Document, Media, Facts), each with the one fault that the rule is for
FAULTS: list[tuple[Any, ...]] = [
    ("left_over_mark", "title", whole(title="橋はどうなる(?マーク)それでも？")),
    ("left_over_mark", "title", whole(title="橋はどうなる（？マーク）それでも？")),
    ("left_over_mark", "lead", whole(lead=SOUND.lead + "〓〓の話。")),
    ("left_over_mark", f"{FIRST}.heading", section(heading="（仮）橋を直す")),
    ("left_over_mark", f"{FIRST}.body", section(body=BODY + "\nTODO 数を入れる")),
    ("left_over_mark", f"{FIRST}.body", section(body=BODY + "●●さんが話した。")),
    ("left_over_mark", f"{FIRST}.answer", section(answer="XX月から片側ずつ通れる。")),
    ("left_over_mark", f"{FIRST}.closing[0].text", section(closing=(Comment(VOICE, "渡りたい???"),))),
    ("left_over_mark", f"{CARD}.key_points", source(key_points=("工事は4月に始まる\ufffd。", "費用は3億円。"))),
    ("empty_brackets", f"{CARD}.site_name", source(site_name="青波町()の知らせ")),
    ("empty_brackets", f"{FIRST}.body", section(body=BODY + "町は「　」と述べた。")),
    ("unbalanced_brackets", "lead", whole(lead=SOUND.lead + "「そうだ")),
    ("unbalanced_brackets", f"{FIRST}.body", section(body=BODY + "そうだ）と述べた。")),
    ("half_width_kana", f"{FIRST}.heading", section(heading="橋のﾆｭｰｽ")),
    ("mixed_digits", f"{FIRST}.answer", section(answer="４月も片側ずつ通れる。")),
    ("repeated_word", "lead", whole(lead=SOUND.lead.replace("町は4月", "町のの話、4月"))),
    ("repeated_word", f"{FIRST}.body", section(body=BODY + "町役場町役場は答えた。")),
    ("title_missing", "title", whole(title="")),
    ("title_length", "title", whole(title="橋の工事で何が変わるのか？" * 4)),
    ("title_without_question", "title", whole(title="橋の工事")),
    ("lead_missing", "lead", whole(lead="")),
    ("lead_length", "lead", whole(lead="短い。")),
    ("lead_length", "lead", whole(lead="片側ずつ通れる。" * 40)),
    ("heading_missing", f"{FIRST}.heading", section(heading="")),
    ("question_without_answer", f"{FIRST}.answer", section(answer="")),
    ("answer_without_question", f"{FIRST}.question", section(question="")),
    ("answer_length", f"{FIRST}.answer", section(answer="片側ずつ通れる。" * 12)),
    ("report_missing", f"{FIRST}.body", section(body="")),
    ("section_without_source", FIRST, section(sources=())),
    ("comment_missing", FIRST, section(opening=(), closing=())),
    ("comment_without_name", f"{FIRST}.opening[0].commentator", section(opening=(Comment("", "そうですね。"),))),
    ("comment_without_name", "closing[0].commentator", whole(closing=(Comment("", "そうですね。"),))),
    ("unknown_commentator", f"{FIRST}.opening[0].commentator", section(opening=(Comment("だれか", "ですね。"),))),
    ("takeaways_count", "takeaways", whole(takeaways=("朝は混む。",))),
    ("takeaways_count", "takeaways", whole(takeaways=())),
    ("tags_missing", "tags", whole(tags=())),
    ("unplaced_lines", "unplaced", SOUND, MEDIA, replace(FACTS, unplaced="どこにも\n入らない行")),
    ("same_section_twice", "sections[1].heading", whole(sections=(SECTION, replace(SECOND, heading="橋を直す。")))),
    ("same_section_twice", "sections[1].body", whole(sections=(SECTION, replace(SECOND, body=BODY)))),
    (
        "same_point_twice",
        f"{CARD}.key_points",
        source(key_points=("工事は4月に始まる。", "工事は４月に始まる", "3億円。")),
    ),
    ("same_point_twice", "takeaways", whole(takeaways=("朝は混む。", "片側。", "朝は混む。"))),
    ("caption_repeats_heading", f"{CARD}.caption", source(caption="橋を直す。")),
    ("caption_repeats_heading", f"{CARD}.caption", source(caption="橋は通れるのか?")),
    ("source_without_date", f"{CARD}.published_on", source(published_on=None)),
    ("source_without_address", f"{CARD}.url", source(url="")),
    ("source_without_publisher", f"{CARD}.site_name", source(site_name="")),
    ("key_points_missing", f"{CARD}.key_points", source(key_points=())),
    ("key_points_count", f"{CARD}.key_points", source(key_points=SOURCE.key_points[:2])),
    ("date_in_future", f"{CARD}.published_on", source(published_on=date(2026, 3, 25))),
    ("date_long_ago", f"{CARD}.published_on", source(published_on=date(2016, 3, 22))),
    ("address_not_web", f"{CARD}.url", source(url="javascript:alert(1)")),
    ("address_not_web", f"{CARD}.url", source(url="//mati.example/kouji")),
    ("address_looks_alike", f"{CARD}.url", source(url="https://mаti.example/kouji")),
    ("address_looks_alike", f"{CARD}.url", source(url="https://xn--mti-7cd.example/kouji")),
    ("address_looks_alike", f"{CARD}.url", source(url="https://mati.example@evil.example/kouji")),
    ("address_dead", f"{CARD}.url", SOUND, MEDIA, replace(FACTS, dead={SOURCE.url})),
    (
        "address_twice",
        "sections[1].sources[0].url",
        whole(sections=(SECTION, replace(SECOND, sources=(replace(OTHER, url=SOURCE.url + "/?utm_source=x#a"),)))),
    ),
    ("picture_not_stored", f"{CARD}.image", source(image="weg.jpg")),
    ("picture_without_alt", f"{CARD}.image_alt", SOUND, {**MEDIA, "pictures": {SOURCE.image: {"alt": ""}}}, FACTS),
    ("picture_without_credit", f"{CARD}.image_credit", source(image_credit="")),
    ("picture_without_permission", f"{CARD}.image", SOUND, MEDIA, replace(FACTS, permissions={SOURCE.image: "asked"})),
    ("picture_without_permission", f"{CARD}.image", SOUND, MEDIA, replace(FACTS, permissions={})),
    ("picture_refused", f"{CARD}.image", SOUND, MEDIA, replace(FACTS, permissions={SOURCE.image: "refused"})),
    ("unsupported_statement", "lead", whole(lead=SOUND.lead + "開通は5月2日。")),
    ("quoted_share", "", whole(lead="", sections=(replace(SECTION, body="直す。"), replace(SECOND, body="混む。")))),
    ("quoted_share_of_section", FIRST, section(body="> " + "長い引用の言葉。" * 20 + "\n短い本文。")),
    (
        "one_source",
        f"{CARD}.site_name",
        whole(sections=(SECTION, replace(SECOND, sources=(replace(OTHER, site_name="青波町"),)))),
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault[0])
def test_rule_finds_the_fault_it_is_for(fault: tuple[Any, ...]) -> None:
    rule, place, *case = fault
    assert place in [finding.place for finding in found(*case) if finding.rule == rule]


def test_every_rule_has_a_case_that_fails() -> None:
    assert {fault[0] for fault in FAULTS} == set(RULES)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_rule_finds_nothing_in_a_sound_article(rule: str) -> None:
    tolerated = {"key_points_count"}  # two points are enough for the second source
    assert [finding for finding in found() if finding.rule == rule and rule not in tolerated] == []


def test_three_key_points_each_are_the_house_style() -> None:
    three = replace(OTHER, key_points=(*OTHER.key_points, "市が聞き取りをした。"))
    assert found(whole(sections=(SECTION, replace(SECOND, sources=(three,))))) == []


# What is no fault


@pytest.mark.parametrize(
    ("rule", "document"),
    [
        ("left_over_mark", section(body=BODY + "○○さん、と呼びかけた。疑問符(?)の話。TODOS社、XL判。")),
        ("left_over_mark", whole(title="なぜ？？")),
        ("empty_brackets", section(body=BODY + "f(x) と「あ」。")),
        ("unbalanced_brackets", section(body="1) 一つ目\n２）二つ目\n（半角との組)もよい。(^^) :)\n「『』」")),
        (
            "repeated_word",
            section(body=BODY + "小さいものの、人は来る。母（はは）も、一歩一歩、メニューニュースのの字。"),
        ),
        ("repeated_word", section(body=BODY + "待って。。。そして……")),
        ("caption_repeats_heading", source(caption="橋を直すと町が発表した。")),
        ("address_looks_alike", source(url="https://日本語.example/橋?a=@b")),
        ("address_looks_alike", source(url="https://xn--wgv71a119e.example:8080/")),
        (
            "address_twice",
            whole(sections=(SECTION, replace(SECOND, sources=(replace(OTHER, url=SOURCE.url + "?id=2"),)))),
        ),
        ("date_long_ago", source(published_on=date(2023, 4, 1))),
        ("lead_length", whole(lead="")),
        ("quoted_share_of_section", section(body=BODY + "町は「短い言葉」と述べた。")),
    ],
)
def test_what_only_looks_like_a_fault_is_none(rule: str, document: Document) -> None:
    assert [finding for finding in found(document) if finding.rule == rule] == []


def test_what_is_not_known_is_not_judged() -> None:
    nothing = check(source(published_on=date(2999, 1, 1)), MEDIA, Facts(), ALL_ON)
    assert not {finding.rule for finding in nothing} & {"date_in_future", "picture_without_permission"}


# Fixes


@pytest.mark.parametrize(
    ("document", "place", "fixed"),
    [
        (whole(title="橋はどうなる(?マーク)"), "title", "橋はどうなる"),
        (source(site_name="青波町()の知らせ"), f"{CARD}.site_name", "青波町の知らせ"),
        (section(heading="橋のﾆｭｰｽ"), f"{FIRST}.heading", "橋のニュース"),
        (section(body="町のの橋、、長い\n二行目。"), f"{FIRST}.body", "町の橋、長い\n二行目。"),
        (whole(title="XX月に橋はどうなる？"), "title", None),
    ],
)
def test_fix_takes_away_what_is_wrong_and_nothing_else(document: Document, place: str, fixed: str | None) -> None:
    assert next(finding.fix for finding in found(document) if finding.place == place) == fixed


def test_no_rule_finds_again_what_its_fix_put_right() -> None:
    document = whole(title="橋は(?マーク)()ｶﾅ町のの橋？")
    for rule in ("left_over_mark", "empty_brackets", "half_width_kana", "repeated_word"):
        (finding,) = [each for each in found(document) if each.rule == rule]
        assert finding.fix is not None
        assert rule not in {each.rule for each in found(whole(title=finding.fix))}


# Levels


def test_levels_come_from_the_setting() -> None:
    level_of = levels("title_length=required, tags_missing=off,")
    assert (level_of["title_length"], level_of["tags_missing"]) == (Level.REQUIRED, Level.OFF)
    assert level_of["left_over_mark"] is Level.REQUIRED
    findings = check(whole(title="長い題" * 20 + "？", tags=()), MEDIA, FACTS, level_of)
    assert [(finding.rule, finding.is_required) for finding in findings] == [("title_length", True)]


@pytest.mark.parametrize("setting", ["titel_length=off", "title_length=of", "title_length", "=off"])
def test_levels_that_there_are_not_are_refused(setting: str) -> None:
    with pytest.raises(BadLevels, match=r"is one of|is not a rule"):
        levels(setting)


def test_rules_that_are_off_are_not_run() -> None:
    assert check(SOUND, MEDIA, FACTS, dict.fromkeys(RULES, Level.OFF)) == []


# Any Document


@given(documents, st.dates() | st.none(), st.text(max_size=30))
def test_no_document_makes_a_rule_fail_and_every_place_exists(
    document: Document, today: date | None, lines: str
) -> None:
    media: Media = {"pictures": {each.image: {} for each in document.sources}, "voices": {}}
    findings = check(document, media, Facts(today=today, unplaced=lines, permissions={}), ALL_ON)
    order = in_reading_order(document)
    assert [order[finding.place] for finding in findings] == sorted(order[finding.place] for finding in findings)
    assert all(label(finding.place) and finding.message for finding in findings)


@given(st.text(), st.text())
def test_no_text_makes_a_rule_fail(text: str, url: str) -> None:
    card = Source(caption=text, url="https://" + url, key_points=(text,))
    check(Document(title=text, lead=text, sections=(Section(body=text, sources=(card,)),)), level_of=ALL_ON)


# The reference article


@pytest.fixture
def original() -> list[Finding]:
    if not ORIGINAL.exists():
        pytest.skip("the original article is not beside this checkout")
    document = parse(ORIGINAL.read_text(encoding="utf-8")).document
    return check(document, {}, Facts(today=date(2025, 3, 24)))


def test_the_three_faults_that_its_editors_missed_are_found(original: list[Finding]) -> None:
    assert [(finding.rule, finding.place) for finding in original if finding.is_required] == [
        ("left_over_mark", "title")
    ]
    places = {rule: [each.place for each in original if each.rule == rule] for rule in RULES}
    assert places["empty_brackets"] == ["sections[0].sources[0].site_name"]
    assert places["caption_repeats_heading"] == ["sections[1].sources[0].caption", "sections[2].sources[0].caption"]


def test_its_unsupported_statements_are_listed_and_the_supported_ones_are_not(original: list[Finding]) -> None:
    told = [finding for finding in original if finding.rule == "unsupported_statement"]
    words = re.split("[、: ]+", "、".join(finding.message for finding in told))
    assert {"2025年1月", "電話会談", "尖閣"} <= set(words)
    assert not [word for word in words if re.search("インド|太平洋|硫黄島|石破", word)]
    assert len(words) < 30  # a list that is read, not noise


def test_its_findings_are_those_and_no_others(original: list[Finding]) -> None:
    assert {finding.rule for finding in original} == {
        "left_over_mark",
        "empty_brackets",
        "caption_repeats_heading",
        "unsupported_statement",
        "comment_without_name",
        "tags_missing",
    }


# Labels


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("", "記事全体"),
        ("title", "タイトル"),
        ("sections[1]", "セクション2"),
        ("sections[1].sources[0].caption", "セクション2・出典1・要旨"),
        ("sections[0].opening[1].text", "セクション1・冒頭コメント2"),
        ("closing[0].commentator", "全体へのコメント1・コメンテーター"),
    ],
)
def test_places_are_told_in_the_words_of_the_newsroom(place: str, said: str) -> None:
    with translation.override("ja"):
        assert label(place) == said
