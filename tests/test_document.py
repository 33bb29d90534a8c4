"""The Document and its JSON form."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from articles.document import Comment, Document, NotADocument, Section, Source, from_json, to_json
from tests.strategies import documents


@settings(deadline=None)
@given(documents)
def test_json_form_reads_back_to_an_equal_document(document: Document) -> None:
    assert from_json(json.loads(json.dumps(to_json(document)))) == document


def test_json_form_has_every_field_of_the_contract() -> None:
    form = to_json(Document(title="題", sections=(Section(heading="節", sources=(Source(url="https://a.example/"),)),)))
    assert list(form) == ["schema", "title", "lead_heading", "lead", "sections", "closing", "takeaways", "tags"]
    section = form["sections"][0]
    assert list(section) == ["heading", "question", "answer", "sources", "opening", "body", "closing"]
    assert section["sources"][0] == {
        "caption": "",
        "url": "https://a.example/",
        "site_name": "",
        "published_on": None,
        "key_points": [],
        "image": "",
        "image_credit": "",
    }


def test_document_cleans_its_text_and_drops_what_is_empty() -> None:
    document = Document(
        title=" 題\u202e ",
        lead="一\r\n\n二",
        sections=(Section(), Section(opening=(Comment("名", " "),), body="文")),
        takeaways=("", "要点"),
    )
    assert document == Document(title="題", lead="一\n二", sections=(Section(body="文"),), takeaways=("要点",))


def test_document_yields_its_voices_and_sources_in_reading_order() -> None:
    document = Document(
        sections=(
            Section(sources=(Source(url="1"),), opening=(Comment(text="a"),), closing=(Comment(text="b"),)),
            Section(sources=(Source(url="2"),)),
        ),
        closing=(Comment(text="c"),),
    )
    assert [comment.text for comment in document.comments] == ["a", "b", "c"]
    assert [source.url for source in document.sources] == ["1", "2"]


def test_unknown_and_absent_keys_are_passed_over() -> None:
    assert from_json({"title": "題", "colour": "red", "tags": None, "lead": None}) == Document(title="題")


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ([], "document: an object is expected, not a list"),
        ({"schema": 99}, "document.schema"),
        ({"schema": "1"}, "document.schema"),
        ({"title": 3}, "document.title: a text is expected, not a number"),
        ({"title": True}, "document.title: a text is expected, not true or false"),
        ({"tags": "a"}, "document.tags: a list is expected, not a text"),
        ({"tags": [{}]}, "document.tags[0]: a text is expected, not an object"),
        ({"sections": [{}, None]}, "document.sections[1]: an object is expected, not null"),
        ({"sections": [{"sources": [{"published_on": "2025-02-30"}]}]}, "document.sections[0].sources[0].published_on"),
        ({"closing": [{"text": []}]}, "document.closing[0].text"),
    ],
)
def test_json_of_another_form_is_refused_naming_the_place(data: Any, place: str) -> None:
    with pytest.raises(NotADocument, match=r".") as refused:
        from_json(data)
    assert place in str(refused.value)
