"""Merging: what two editors made of one Document becomes one, and nothing that either wrote is lost."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.comparing import Kind
from articles.document import Comment, Document, Section, Source
from articles.merging import Conflict, Merge, Side, merge, resolve, text_of_part
from tests.strategies import documents

HARBOUR = Section(heading="港の工事", question="港はいつ開く？", answer="4月です。", body="工事は終わりに近い。")
LIGHT = Section(heading="灯台の灯り", body="電球が替わる。灯りは遠くまで届く。")
FERRY = Section(heading="渡し船", body="運賃は据え置かれる。冬は便が減る。")
BASE = Document(title="港はいつ開く？", lead="港が新しくなる。", sections=(HARBOUR, LIGHT, FERRY), tags=("港", "船"))


def with_section(number: int, **fields: object) -> Document:
    """The base with fields of one section changed."""
    sections = list(BASE.sections)
    sections[number] = replace(sections[number], **fields)  # type: ignore[arg-type]  # names are checked by replace
    return replace(BASE, sections=tuple(sections))


def test_each_side_has_the_fields_it_alone_touched() -> None:
    mine = replace(with_section(0, answer="5月です。"), title="港は開く？")
    theirs = with_section(0, body="工事は終わった。")
    merged = merge(BASE, mine, theirs)
    assert merged.conflicts == []
    assert merged.document == replace(
        BASE,
        title="港は開く？",
        sections=(replace(HARBOUR, answer="5月です。", body="工事は終わった。"), LIGHT, FERRY),
    )
    assert [(change.place, change.new) for change in merged.taken] == [("sections[0].body", "工事は終わった。")]


def test_what_both_changed_in_different_ways_is_a_conflict_that_carries_mine() -> None:
    merged = merge(BASE, with_section(1, body="私の文。"), with_section(1, body="相手の文。"))
    assert merged.conflicts == [Conflict("sections[1].body", LIGHT.body, "私の文。", "相手の文。")]
    assert merged.document.sections[1].body == "私の文。"
    assert merged.taken == []
    for choice, body in (
        (Side.MINE, "私の文。"),
        (Side.THEIRS, "相手の文。"),
        ("合わせた文。\n二行目。", "合わせた文。\n二行目。"),
    ):
        assert resolve(merged, {"sections[1].body": choice}).sections[1].body == body
    assert resolve(merged, {}) == merged.document


def test_what_both_changed_to_the_same_is_agreed() -> None:
    both = replace(BASE, lead="港が開く。")
    assert merge(BASE, both, both).conflicts == []
    assert merge(BASE, both, both).document == both


def test_added_sections_of_both_stand_where_each_put_them() -> None:
    first, last, mine_too = Section(heading="前書き"), Section(heading="後書き"), Section(heading="灯台守の話")
    mine = replace(BASE, sections=(first, HARBOUR, LIGHT, mine_too, FERRY))
    theirs = replace(BASE, sections=(HARBOUR, LIGHT, FERRY, last))
    merged = merge(BASE, mine, theirs)
    assert merged.document.sections == (first, HARBOUR, LIGHT, mine_too, FERRY, last)
    assert merged.conflicts == []
    assert [(change.place, change.kind) for change in merged.taken if change.is_part] == [("sections[5]", Kind.ADDED)]


def test_what_both_added_alike_is_there_once() -> None:
    added = replace(BASE, sections=(*BASE.sections, Section(heading="後書き")))
    assert merge(BASE, added, replace(added, title="港")).document.sections == added.sections


def test_what_one_removed_and_the_other_left_alone_is_gone() -> None:
    without = replace(BASE, sections=(HARBOUR, FERRY))
    for mine, theirs in ((without, BASE), (BASE, without), (without, replace(BASE, title="港")), (without, without)):
        merged = merge(BASE, mine, theirs)
        assert merged.document.sections == (HARBOUR, FERRY)
        assert merged.conflicts == []


def test_what_i_removed_and_they_changed_stays_until_it_is_decided() -> None:
    changed = replace(LIGHT, body="灯りは三倍になる。")
    merged = merge(BASE, replace(BASE, sections=(HARBOUR, FERRY)), replace(BASE, sections=(HARBOUR, changed, FERRY)))
    assert merged.document.sections == (HARBOUR, changed, FERRY)
    assert merged.conflicts == [Conflict("sections[1]", text_of_part(LIGHT), "", "灯台の灯り\n灯りは三倍になる。")]
    assert merged.taken == []
    assert resolve(merged, {"sections[1]": Side.MINE}).sections == (HARBOUR, FERRY)
    assert resolve(merged, {"sections[1]": Side.THEIRS}).sections == (HARBOUR, changed, FERRY)
    with pytest.raises(ValueError, match="a side has to be taken"):
        resolve(merged, {"sections[1]": "私の文。"})


def test_what_they_removed_and_i_changed_stays_until_it_is_decided() -> None:
    mine = with_section(1, body="灯りは三倍になる。")
    merged = merge(BASE, mine, replace(BASE, sections=(HARBOUR, FERRY), title="港"))
    assert merged.document == replace(mine, title="港")
    assert [(conflict.place, conflict.theirs) for conflict in merged.conflicts] == [("sections[1]", "")]
    assert resolve(merged, {"sections[1]": Side.THEIRS}).sections == (HARBOUR, FERRY)
    assert resolve(merged, {"sections[1]": Side.MINE}).sections == mine.sections


def test_a_choice_finds_its_place_whatever_else_is_chosen() -> None:
    mine = replace(BASE, sections=(replace(LIGHT, body="私の文。"), replace(FERRY, heading="私の船")))
    theirs = replace(
        BASE,
        sections=(
            replace(HARBOUR, answer="6月です。"),
            replace(LIGHT, body="相手の文。"),
            replace(FERRY, heading="相手の船"),
        ),
    )
    merged = merge(BASE, mine, theirs)
    assert [conflict.place for conflict in merged.conflicts] == [
        "sections[0]",
        "sections[1].body",
        "sections[2].heading",
    ]
    decided = resolve(
        merged, {"sections[0]": Side.MINE, "sections[1].body": "二人の文。", "sections[2].heading": Side.THEIRS}
    )
    assert [(section.heading, section.body) for section in decided.sections] == [
        ("灯台の灯り", "二人の文。"),
        ("相手の船", FERRY.body),
    ]


def test_a_section_moved_by_one_side_takes_along_what_the_other_wrote_in_it() -> None:
    moved = replace(BASE, sections=(FERRY, HARBOUR, LIGHT))
    changed = with_section(2, body="運賃が上がる。冬は便が減る。")
    wanted = (changed.sections[2], HARBOUR, LIGHT)
    assert merge(BASE, moved, changed).document.sections == wanted
    assert merge(BASE, changed, moved).document.sections == wanted
    assert merge(BASE, changed, moved).conflicts == []


def test_two_different_orders_are_a_conflict() -> None:
    mine, theirs = (LIGHT, HARBOUR, FERRY), (HARBOUR, FERRY, LIGHT)
    merged = merge(BASE, replace(BASE, sections=mine), replace(BASE, sections=theirs))
    assert merged.document.sections == mine
    assert [(conflict.place, conflict.takes_text) for conflict in merged.conflicts] == [("sections", False)]
    assert merged.conflicts[0].theirs == "港の工事\n渡し船\n灯台の灯り"
    assert resolve(merged, {"sections": Side.THEIRS}).sections == theirs


def test_sources_and_comments_are_followed_inside_a_section() -> None:
    one = Source(caption="市の発表", url="https://example.jp/1", published_on=date(2026, 3, 22))
    other = Source(caption="新聞の記事", url="https://example.jp/2", key_points=("漁師は喜ぶ",))
    voice = Comment("港野 渡", "楽しみです。")
    base = Document(sections=(replace(HARBOUR, sources=(one, other), opening=(voice,)),))
    mine = Document(sections=(replace(HARBOUR, sources=(other, one), opening=(voice, Comment("", "私も。"))),))
    later = replace(one, published_on=date(2026, 3, 23))
    theirs = Document(sections=(replace(HARBOUR, sources=(later, other), opening=()),))
    merged = merge(base, mine, theirs)
    assert merged.conflicts == []
    assert merged.document.sections[0].sources == (other, later)
    assert merged.document.sections[0].opening == (Comment("", "私も。"),)


def test_a_date_and_lines_can_be_chosen_as_text() -> None:
    def dated(day: int) -> Document:
        points = tuple(f"{day}日の要点")
        return Document(
            sections=(
                Section(heading="今", sources=(Source("市", published_on=date(2026, 3, day), key_points=points),)),
            )
        )

    merged = merge(dated(1), dated(2), dated(3))
    here = "sections[0].sources[0]"
    assert {conflict.place for conflict in merged.conflicts} == {f"{here}.published_on", f"{here}.key_points"}
    decided = resolve(merged, {f"{here}.published_on": "2026-03-05", f"{here}.key_points": "一つ\n二つ"})
    assert decided.sections[0].sources[0].published_on == date(2026, 3, 5)
    assert decided.sections[0].sources[0].key_points == ("一つ", "二つ")
    assert resolve(merged, {f"{here}.published_on": ""}).sections[0].sources[0].published_on is None
    with pytest.raises(ValueError, match="isoformat"):
        resolve(merged, {f"{here}.published_on": "昨日"})


def test_tags_of_both_are_put_together() -> None:
    merged = merge(BASE, replace(BASE, tags=("港", "灯台")), replace(BASE, tags=("船", "港", "冬")))
    assert merged.document.tags == ("港", "灯台", "冬")
    assert merged.conflicts == []


def test_where_each_emptied_what_the_other_left_nothing_is_lost() -> None:
    mine = with_section(1, heading="")
    theirs = with_section(1, body="")
    merged = merge(BASE, mine, theirs)
    assert merged.document.sections == mine.sections
    assert [conflict.place for conflict in merged.conflicts] == ["sections[1]"]
    assert resolve(merged, {"sections[1]": Side.THEIRS}).sections == theirs.sections


# -- whatever the texts

rewritings = st.tuples(documents, documents, documents) | documents.flatmap(
    lambda base: st.tuples(st.just(base), altered(base), altered(base))
)


def altered(base: Document) -> st.SearchStrategy[Document]:
    """Documents as an editor makes them of the base: parts moved, removed, added, and fields changed."""

    def change(draw: st.DrawFn) -> Document:
        sections = draw(st.permutations(base.sections)) if base.sections else []
        kept = [section for section in sections if draw(st.integers(0, 4))]
        written = [
            replace(section, body=draw(st.sampled_from([section.body, "直した。", "別に直した。"]))) for section in kept
        ]
        added = draw(st.lists(st.sampled_from([HARBOUR, LIGHT, FERRY]), max_size=2))
        lead = draw(st.sampled_from([base.lead, "前文。", "別の前文。"]))
        return replace(base, lead=lead, sections=(*written, *added))

    return st.composite(change)()


@given(documents, documents)
def test_one_side_alone_has_its_way(base: Document, other: Document) -> None:
    for mine, theirs in ((other, base), (base, other), (other, other)):
        merged = merge(base, mine, theirs)
        assert merged.document == other
        assert merged.conflicts == []


@given(documents.flatmap(lambda base: st.tuples(st.just(base), altered(base))))
def test_one_side_alone_has_its_way_with_what_was_there(pair: tuple[Document, Document]) -> None:
    test_one_side_alone_has_its_way.hypothesis.inner_test(*pair)  # type: ignore[attr-defined]


def said(document: Document) -> set[str]:
    """Every line of every text."""
    texts = [document.title, document.lead_heading, document.lead, *document.takeaways]
    texts += [*map(text_of_part, document.sections), *map(text_of_part, document.closing)]
    return {line for text in texts for line in text.split("\n")}


def in_conflict(merged: Merge) -> set[str]:
    return {
        line for conflict in merged.conflicts for text in (conflict.mine, conflict.theirs) for line in text.split("\n")
    }


@given(rewritings)
def test_nothing_that_either_wrote_is_lost(texts: tuple[Document, Document, Document]) -> None:
    base, mine, theirs = texts
    merged = merge(base, mine, theirs)
    assert (said(mine) | said(theirs)) - said(base) <= said(merged.document) | in_conflict(merged)
    assert set(merged.document.tags) >= (set(mine.tags) | set(theirs.tags)) - set(base.tags)


@given(rewritings, st.data())
def test_every_conflict_has_a_place_of_its_own_that_can_be_decided(
    texts: tuple[Document, Document, Document], data: st.DataObject
) -> None:
    merged = merge(*texts)
    places = [conflict.place for conflict in merged.conflicts]
    assert len(places) == len(set(places))
    chosen = {place: data.draw(st.sampled_from(Side)) for place in places}
    decided = resolve(merged, chosen)
    for conflict in merged.conflicts:
        if conflict.place in ("title", "lead_heading", "lead"):
            wanted = conflict.mine if chosen[conflict.place] is Side.MINE else conflict.theirs
            assert getattr(decided, conflict.place) == wanted
