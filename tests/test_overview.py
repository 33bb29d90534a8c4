"""Contents, sources and reading time, as a page tells them."""

from hypothesis import given

from articles.document import Comment, Document, Section, Source
from articles.overview import answered, cited, contents, minutes
from tests.strategies import documents as any_documents

DOCUMENT = Document(
    title="港はいつ開く？",
    sections=(
        Section(heading="工事", question="いつ終わる？", answer="春に。", body="あ" * 600),
        Section(body="見出しのない部分。"),
        Section(heading="費用", opening=(Comment("", "い" * 1200),)),
    ),
)


def test_contents_name_sections_by_question_or_heading() -> None:
    assert [(entry.number, entry.title, entry.answer) for entry in contents(DOCUMENT)] == [
        (1, "いつ終わる？", "春に。"),
        (3, "費用", ""),
    ]
    assert [entry.title for entry in answered(DOCUMENT)] == ["いつ終わる？"]


def test_a_single_section_needs_no_contents() -> None:
    assert contents(Document(sections=DOCUMENT.sections[:2])) == []


def test_a_source_stands_once_however_its_address_is_spelt() -> None:
    one = Source(url="https://Example.jp/a?utm_source=x#top", site_name="県")
    same = Source(url="http://example.jp/a", caption="同じページ")
    named, unnamed = Source(site_name="町史"), Source(key_points=("点",))
    document = Document(sections=(Section(sources=(one, named)), Section(sources=(same, unnamed, one))))
    assert [(each.source, each.numbers) for each in cited(document)] == [(one, (1, 2)), (named, (1,))]


def test_reading_time_counts_what_is_read() -> None:
    assert minutes(Document(title="港")) == 1
    assert minutes(DOCUMENT) == 3
    assert minutes(DOCUMENT, facts_only=True) == 1


def test_readings_are_neither_named_nor_counted() -> None:
    section = Section(question="帆影港《ほかげこう》は？", body="港《みなと》" * 900)
    document = Document(sections=(section, Section(heading="｜エキ《駅》")))
    assert [entry.title for entry in contents(document)] == ["帆影港は？", "エキ"]
    assert [entry.title for entry in answered(document)] == ["帆影港は？"]
    assert minutes(document) == 2


@given(any_documents)
def test_any_document_has_them(document: Document) -> None:
    assert len(contents(document)) <= len(document.sections)
    assert len(answered(document)) == sum(bool(section.question) for section in document.sections)
    assert len(cited(document)) <= len(list(document.sources))
    assert minutes(document, facts_only=True) <= minutes(document)
