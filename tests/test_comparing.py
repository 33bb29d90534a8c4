"""Comparing Documents: which part is which, what changed in each field, and the characters that differ."""

import time
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.comparing import Change, Kind, aligned, compare, marks, moved, side_by_side
from articles.comparing.alignment import longest_rise
from articles.document import Comment, Document, Section, Source
from tests.strategies import blocks, comments, documents, sections, some, sources

HARBOUR = Section(
    heading="港の工事",
    question="港はいつ開く？",
    answer="4月です。",
    body="市は3月22日、新しい港の工事が終わりに近いと発表した。岸壁は去年より40メートル長い。",
)
LIGHT = Section(heading="灯台の灯り", body="灯台の電球は発光ダイオードに替わる。灯りは遠くまで届く。")
FERRY = Section(heading="渡し船", question="船賃は変わる？", body="渡し船の運賃は据え置かれる。便の数は冬だけ減る。")


# -- which part is which


def test_a_rewritten_section_is_known_by_its_heading_and_one_renamed_by_its_words() -> None:
    rewritten = replace(HARBOUR, question="", answer="", body="まったく別の話になった。")
    renamed = replace(LIGHT, heading="新しい電球")
    assert aligned([HARBOUR, LIGHT], [renamed, rewritten]) == [(1, 0), (0, 1)]


def test_what_is_gone_stands_where_it_stood() -> None:
    assert aligned([HARBOUR, LIGHT, FERRY], [HARBOUR, FERRY]) == [(0, 0), (1, None), (2, 1)]
    assert aligned([HARBOUR, LIGHT], [FERRY]) == [(0, None), (1, None), (None, 0)]
    assert aligned([], [FERRY]) == [(None, 0)]


def test_of_equal_parts_each_has_its_own() -> None:
    twice = Comment("港野 渡", "楽しみですね。")
    assert aligned([twice, twice], [twice]) == [(0, 0), (1, None)]
    assert aligned([twice], [twice, twice]) == [(0, 0), (None, 1)]


def test_sources_are_known_by_their_address_and_comments_by_who_speaks() -> None:
    one = Source(caption="市の発表", url="https://example.jp/1", key_points=("岸壁は長くなる",))
    other = Source(caption="新聞の記事", url="https://example.jp/2", key_points=("漁師は喜ぶ",))
    assert aligned([one, other], [replace(other, caption="続報"), replace(one, url="https://example.jp/3")]) == [
        (1, 0),
        (0, 1),
    ]
    said = [Comment("港野 渡", "楽しみですね。"), Comment("灯台もと子", "心配です。")]
    assert aligned(said, [Comment("灯台もと子", "ほっとしました。")]) == [(0, None), (1, 0)]


def test_the_fewest_parts_count_as_moved() -> None:
    assert moved([(1, 0), (2, 1), (0, 2)]) == {2}
    assert moved([(0, 0), (None, 1), (1, 2)]) == set()


@given(st.permutations(range(12)).map(lambda numbers: numbers[:8]))
def test_the_longest_rise_rises_and_nothing_longer_does(numbers: list[int]) -> None:
    found = [numbers[place] for place in sorted(longest_rise(numbers))]
    assert found == sorted(found)
    best: list[int] = []
    for place, number in enumerate(numbers):
        best.append(1 + max((best[at] for at in range(place) if numbers[at] < number), default=0))
    assert len(found) == max(best)


@given(some(sections, 5), some(sections, 5))
def test_every_part_is_in_exactly_one_pair(old: tuple[Section, ...], new: tuple[Section, ...]) -> None:
    pairs = aligned(old, new)
    assert sorted(i for i, _ in pairs if i is not None) == list(range(len(old)))
    assert [j for _, j in pairs if j is not None] == list(range(len(new)))
    assert (None, None) not in pairs


@given(some(sources, 5), some(comments, 5))
def test_what_did_not_change_stays_with_itself(sources: tuple[Source, ...], comments: tuple[Comment, ...]) -> None:
    for parts in (sources, comments):
        assert aligned(parts, parts) == [(number, number) for number in range(len(parts))]


def test_thousands_of_parts_are_aligned_in_bounded_time() -> None:
    old = [Section(heading=f"見出し{number}", body=f"本文{number}。" * 20) for number in range(2_000)]
    new = [replace(section, body=f"{section.body}追記。") for section in reversed(old)]
    start = time.thread_time()
    assert aligned(old, new) == [(1_999 - number, number) for number in range(2_000)]
    assert time.thread_time() - start < 10


# -- what changed

LONG = Document(
    title="港はいつ開く？",
    lead="港が新しくなる。",
    sections=(HARBOUR, LIGHT, FERRY),
    closing=(Comment("港野 渡", "楽しみです。"),),
    takeaways=("港は4月に開く", "灯りが変わる"),
    tags=("港",),
)


def places(changes: list[Change]) -> list[tuple[str, Kind]]:
    return [(change.place, change.kind) for change in changes]


def test_changes_come_field_by_field_in_reading_order() -> None:
    source = Source(caption="市の発表", published_on=date(2026, 3, 22), image="a.webp", image_credit="市")
    old = replace(LONG, sections=(HARBOUR, replace(LIGHT, sources=(source,)), FERRY))
    later = replace(source, published_on=date(2026, 3, 23), image="b.webp")
    new = replace(
        old,
        lead="港が 4 月に新しくなる。",
        sections=(
            replace(HARBOUR, answer=""),
            replace(LIGHT, sources=(later,), closing=(Comment("", "ですね。"),)),
            FERRY,
        ),
        closing=(),
        takeaways=("港は5月に開く", "灯りが変わる"),
        tags=("港", "灯台"),
    )
    changes = compare(old, new)
    assert places(changes) == [
        ("lead", Kind.CHANGED),
        ("sections[0].answer", Kind.REMOVED),
        ("sections[1].sources[0].published_on", Kind.CHANGED),
        ("sections[1].sources[0].image", Kind.CHANGED),
        ("sections[1].closing[0]", Kind.ADDED),
        ("sections[1].closing[0].text", Kind.ADDED),
        ("closing[0]", Kind.REMOVED),
        ("closing[0].commentator", Kind.REMOVED),
        ("closing[0].text", Kind.REMOVED),
        ("takeaways", Kind.CHANGED),
        ("tags", Kind.CHANGED),
    ]
    assert (changes[2].old, changes[2].new, changes[2].label) == ("2026-03-22", "2026-03-23", "published_on")
    assert (changes[-1].old, changes[-1].new) == ("港", "港\n灯台")
    assert changes[4].is_part
    assert changes[4].label == "closing"


def test_added_removed_and_moved_sections_are_told_apart() -> None:
    new = replace(LONG, sections=(FERRY, Section(heading="新しい話"), HARBOUR))
    parts = [change for change in compare(LONG, new) if change.is_part]
    assert [(part.kind, part.old_place, part.place, part.old or part.new) for part in parts] == [
        (Kind.MOVED, "sections[2]", "sections[0]", "渡し船"),
        (Kind.ADDED, "", "sections[1]", "新しい話"),
        (Kind.REMOVED, "sections[1]", "sections[1]", "灯台の灯り"),
    ]


def test_what_pictures_show_and_who_speaks_is_compared_where_it_is_known() -> None:
    said = (Comment("港野 渡", "楽しみです。"),)
    document = Document(sections=(Section(sources=(Source(image="a.webp"),), opening=said),))
    media = [
        {"pictures": {"a.webp": {"alt": alt}}, "voices": {"港野 渡": {"role": role}}}
        for alt, role in (("港", "記者"), ("夜の港", "編集委員"))
    ]
    changes = compare(document, document, old_media=media[0], new_media=media[1])
    assert places(changes) == [("sections[0].sources[0].image_alt", Kind.CHANGED), ("voices", Kind.CHANGED)]
    assert (changes[0].old, changes[0].new) == ("港", "夜の港")
    assert compare(document, document, old_media=media[0], new_media=media[0]) == []
    assert compare(document, document) == []


def test_side_by_side_has_what_stayed_too() -> None:
    lines = side_by_side(LONG, replace(LONG, title="港は開いた？"))
    assert [line.place for line in lines if line.kind is not Kind.SAME] == ["title"]
    assert "sections[2].body" in [line.place for line in lines]


@given(documents, documents)
def test_two_documents_compare_as_equal_only_if_they_are(old: Document, new: Document) -> None:
    assert (compare(old, new) == []) == (old == new)


@given(documents, st.data())
def test_a_change_in_any_one_place_is_found(old: Document, data: st.DataObject) -> None:
    parts = data.draw(st.permutations(old.sections)) if old.sections else []
    new = replace(old, sections=tuple(parts), lead=data.draw(st.sampled_from([old.lead, "別の前文。"])))
    assert (compare(old, new) == []) == (old == new)


@given(documents, documents)
def test_changes_say_everything_that_was_and_is(old: Document, new: Document) -> None:
    """Nothing is left out of the comparison: the texts of the lines are those of the Documents."""
    lines = [line for line in side_by_side(old, new) if not line.is_part]
    for document, said in ((old, [line.old for line in lines]), (new, [line.new for line in lines])):
        texts = [document.title, document.lead, *(section.body for section in document.sections)]
        texts += [comment.text for comment in document.comments]
        assert not Counter(filter(None, texts)) - Counter(said)


# -- characters


def shown(old: str, new: str) -> str:
    """Runs as [-gone-] and {+new+}."""
    signs = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    return "".join(signs[run.kind].format(run.text) for run in marks(old, new))


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("港が開いた。", "港が開いた。", "港が開いた。"),
        ("港が開いた。", "港は開いた。", "港[-が-]{+は+}開いた。"),
        ("", "港。", "{+港。+}"),
        ("港。", "", "[-港。-]"),
        ("", "", ""),
        ("工事は3月22日に終わる。", "工事は3月28日に終わる。", "工事は3月[-22-]{+28+}日に終わる。"),
        ("費用は1,200万円。", "費用は1,250万円。", "費用は[-1,200-]{+1,250+}万円。"),
        ("一つ目。二つ目。", "一つ目。あいだ。二つ目。", "一つ目。{+あいだ。+}二つ目。"),
        ("港が開いた。船が来る。", "船が来る。", "[-港が開いた。-]船が来る。"),
        ("一行目\n二行目", "一行目\n間の行\n二行目", "一行目\n{+間の行\n+}二行目"),
        ("港", "夜の港", "{+夜の+}港"),
        ("市は港を開いた。", "県議会で予算が通った。", "[-市は港を開いた。-]{+県議会で予算が通った。+}"),
        ("家族👨‍👩‍👧の話", "家族👨‍👩‍👦の話", "家族[-👨‍👩‍👧-]{+👨‍👩‍👦+}の話"),
        ("葛󠄀城の話です", "葛城の話です", "[-葛󠄀-]{+葛+}城の話です"),
    ],
)
def test_characters_that_changed_are_marked(old: str, new: str, wanted: str) -> None:
    assert shown(old, new) == wanted


def test_a_sentence_rewritten_is_no_confetti() -> None:
    old = "市の担当者は、工事の遅れは天候によるものだと説明している。"
    new = "港の利用者は、運賃の値上げは暮らしに響くものだと心配している。"
    runs = marks(old, new)
    assert len(runs) <= 7
    changes = [run for run in runs if run.kind != "same"]
    islands = [run for run in runs[1:-1] if run.kind == "same"]
    assert all(len(run.text) > 1 for run in islands), (changes, islands)


texts = st.text("港は開くの。、\n12aZ？「」\u3099👨\u200d👧 ", max_size=60) | blocks | st.text(max_size=30)


@given(texts, texts)
def test_runs_are_both_texts(old: str, new: str) -> None:
    runs = marks(old, new)
    assert "".join(run.text for run in runs if run.kind != "new") == old
    assert "".join(run.text for run in runs if run.kind != "gone") == new
    assert all(run.text for run in runs)
    for one, other in pairwise(runs):
        assert one.kind != other.kind
        assert (one.kind, other.kind) != ("new", "gone")


def _prose(letters: int) -> str:
    words = ("市は", "港の工事が", "来年の春に", "およそ三割", "遅れる見通しだと", "住民に", "説明した", "という")
    text, number = "", 0
    while len(text) < letters:
        number += 1
        text += "、".join(words[(number * step) % len(words)] for step in (1, 3, 5)) + f"{number}日。"
    return text[:letters]


def _took(old: str, new: str) -> float:
    """Milliseconds of work, the best of three; how long others had the processor does not count."""
    times = []
    for _ in range(3):
        start = time.thread_time()
        marks(old, new)
        times.append(time.thread_time() - start)
    return min(times) * 1000


def test_a_long_text_is_marked_in_the_blink_of_an_eye() -> None:
    text = _prose(7_000)
    assert _took(text, text.replace("住民に", "市民に", 3)) < 50 * SLACK
    assert _took(text, text.replace("住民", "市民")) < 50 * SLACK


SLACK = 4  # coverage is counted beside; measured alone, each takes a fraction


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("あ" * 7_000, "あ" * 6_999 + "い"),
        ("あい" * 3_500, "いああ" * 2_333),
        ("。" * 7_000, "あ。" * 3_500),
        ("あ。" * 3_500, "い。" * 3_500),
        ("港は開く" * 1_750, "船が来る" * 1_750),
        ("".join(f"{n}。" for n in range(1_800)), "".join(f"{n}。x。" for n in range(0, 1_800, 2))),
        ("「" * 7_000, "」" * 7_000),
        ("a" * 7_000, "b" * 7_000),
        ("あ\u3099" * 3_500, "\u3099あ" * 3_500),
    ],
    ids=range(9),
)
def test_no_text_takes_long(old: str, new: str) -> None:
    assert _took(old, new) < 3_000
