"""Boundaries between comment, report and comment: shown line by line, moved without losing a word."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from articles import boundaries
from articles.document import Comment, Document
from articles.manuscripts import parse
from tests.strategies import manuscripts

TEXT = """題: 港の話
リード: 港の今。
見出し: 一つ目
出典: https://example.jp/a
💬 港野 渡: 楽しみですね。
〃 行ってみたいですね。
本文:
〃 港が開いた。
〃 船が来た。
💬 また来たいですね。
見出し: 二つ目
本文: 町は静かだ。
まとめ 💬 見守りましょう。
"""


def by_text(text: str = TEXT) -> dict[str, boundaries.Line]:
    return {line.text: line for line in boundaries.lines(parse(text))}


def moved(**roles: str) -> Document:
    lines = by_text()
    return boundaries.moved(parse(TEXT), {lines[text].placement: role for text, role in roles.items()})


def test_every_line_of_report_and_comments_is_known_with_its_role() -> None:
    roles = {text: (line.section, line.role) for text, line in by_text().items()}

    assert roles == {
        "楽しみですね。": (0, "opening"),
        "行ってみたいですね。": (0, "opening"),
        "港が開いた。": (0, "body"),
        "船が来た。": (0, "body"),
        "また来たいですね。": (0, "closing"),
        "町は静かだ。": (1, "body"),
        "見守りましょう。": (1, "remark"),
    }


def test_only_the_last_section_can_give_remarks_on_the_whole() -> None:
    document, lines = parse(TEXT).document, by_text()

    assert boundaries.choices(lines["船が来た。"], document) == ("opening", "body", "closing")
    assert boundaries.choices(lines["町は静かだ。"], document) == ("opening", "body", "closing", "remark")
    assert moved(**{"船が来た。": "remark"}) == parse(TEXT).document


def test_nothing_moved_is_the_same_document() -> None:
    assert moved() == parse(TEXT).document


def test_a_line_of_the_report_joins_the_comment_beside_it() -> None:
    section = moved(**{"港が開いた。": "opening"}).sections[0]
    assert section.opening == (Comment("港野 渡", "楽しみですね。\n行ってみたいですね。\n港が開いた。"),)
    assert section.body == "船が来た。"

    section = moved(**{"船が来た。": "closing"}).sections[0]
    assert section.closing == (Comment("", "船が来た。\nまた来たいですね。"),)


def test_a_line_of_a_comment_joins_the_report() -> None:
    section = moved(**{"行ってみたいですね。": "body"}).sections[0]

    assert section.opening == (Comment("港野 渡", "楽しみですね。"),)
    assert section.body == "行ってみたいですね。\n港が開いた。\n船が来た。"


def test_a_closing_remark_can_go_to_the_last_section_and_back() -> None:
    document = moved(**{"見守りましょう。": "closing"})
    assert document.sections[1].closing == (Comment("", "見守りましょう。"),)
    assert document.closing == ()


def test_unknown_numbers_and_roles_change_nothing() -> None:
    reading = parse(TEXT)
    assert boundaries.moved(reading, {99999: "opening", 0: "body", 5: "x"}) == reading.document


def test_a_label_alone_on_its_line_is_no_line_of_text() -> None:
    reading = parse("題: 港\n見出し: 一\n本文:\n出典: https://example.jp/a\n")
    assert boundaries.lines(reading) == []


def test_without_a_section_nothing_can_be_moved() -> None:
    assert boundaries.lines(parse("題だけ")) == []


def words(document: Document) -> Counter[str]:
    texts = [comment.text for comment in document.comments] + [section.body for section in document.sections]
    return Counter(line for text in texts for line in text.split("\n") if line)


@settings(max_examples=200, deadline=None)
@given(manuscripts, st.data())
def test_no_line_is_lost_whatever_is_moved(text: str, data: st.DataObject) -> None:
    reading = parse(text)
    lines = boundaries.lines(reading)
    assert not reading.document.sections or Counter(line.text for line in lines) == words(reading.document)
    roles = {line.placement: data.draw(st.sampled_from(boundaries.choices(line, reading.document))) for line in lines}

    assert words(boundaries.moved(reading, roles)) == words(reading.document)
