"""Writing a Document over another: what stays of the text keeps its rows."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from articles import drafting
from articles.document import Comment, Document, Section, Source
from articles.drafting import UnusableDocument
from articles.models import Article, Note, SourceLink
from articles.models import Comment as CommentRow
from articles.models import Section as SectionRow
from tests.strategies import documents
from tests.test_drafting import WHOLE

pytestmark = pytest.mark.django_db

FOUR = Document(
    title="四つの節",
    sections=tuple(
        Section(
            heading=f"見出し{name}",
            body=f"本文{name}",
            sources=(Source(url=f"https://example.jp/{name}"), Source(caption=f"資料{name}")),
            opening=(Comment("灘みなと", f"前{name}"),),
            closing=(Comment("", f"後{name}"), Comment("灘みなと", f"末{name}")),
        )
        for name in "甲乙丙丁"
    ),
    closing=(Comment("灘みなと", "全体。"), Comment("", "終わり。")),
    tags=("港", "船"),
)
A, B, C, D = FOUR.sections


def ids(article: Article) -> dict[str, int]:
    """Sections' ids by heading."""
    return dict(SectionRow.objects.filter(article=article).values_list("heading", "pk"))


def writes(work: Callable[[], object]) -> list[str]:
    """The statements that change something."""
    with CaptureQueriesContext(connection) as queries:
        work()
    return [one["sql"] for one in queries if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_writing_what_is_there_touches_no_row() -> None:
    article = Article.objects.get(pk=drafting.create(FOUR).pk)
    SourceLink.objects.filter(caption="資料甲").update(image="a.png", image_width=4, image_height=3, image_alt="港")
    document = drafting.read(article)
    assert writes(lambda: drafting.write(article, document)) == []
    assert SourceLink.objects.get(caption="資料甲").image_alt == "港"


@pytest.mark.parametrize(
    "sections",
    [
        (D, C, B, A),
        (A, Section(heading="新しい節"), B, C, D),
        (B, D),
        (Section(heading="初め"), D, replace(A, body="書き直した本文"), Section(body="無題")),
        (replace(A, heading="付け直した見出し"), B, C, D),
    ],
    ids=["reordered", "inserted", "deleted", "all at once", "renamed"],
)
def test_sections_that_stay_keep_their_rows(sections: tuple[Section, ...]) -> None:
    article = drafting.create(FOUR)
    before = ids(article)
    notes = {name: Note.objects.create(article=article, section_id=pk, text=name) for name, pk in before.items()}

    drafting.write(article, replace(FOUR, sections=sections))

    assert drafting.read(Article.objects.get()) == replace(FOUR, sections=sections)
    after = ids(article)
    stayed = {section.heading for section in sections} & before.keys()
    assert {name: after[name] for name in stayed} == {name: before[name] for name in stayed}
    for name in stayed:
        notes[name].refresh_from_db()
        assert notes[name].section_id == after[name]
    assert Note.objects.count() == 4, "a note outlives its section"


def test_a_reworded_section_keeps_its_row() -> None:
    article = drafting.create(FOUR)
    before = ids(article)["見出し乙"]
    drafting.write(article, replace(FOUR, sections=(A, replace(B, heading="別の見出し"), C, D)))
    assert ids(article)["別の見出し"] == before


def test_only_what_changed_is_written() -> None:
    article = drafting.create(FOUR)
    changed = replace(B, sources=(replace(B.sources[0], caption="題名"), B.sources[1]))
    statements = writes(lambda: drafting.write(article, replace(FOUR, sections=(A, changed, C, D))))
    assert len(statements) == 1
    assert "sourcelink" in statements[0]


def test_sources_and_comments_that_stay_keep_theirs() -> None:
    article = drafting.create(FOUR)
    sources = dict(SourceLink.objects.values_list("caption", "pk"))
    comments = dict(CommentRow.objects.values_list("text", "pk"))
    section = replace(A, sources=(Source(caption="新"), *reversed(A.sources)), closing=(A.closing[1],))

    drafting.write(article, replace(FOUR, sections=(section, B, C, D), closing=FOUR.closing[1:]))

    assert drafting.read(Article.objects.get()).sections[0] == section
    assert SourceLink.objects.get(caption="資料甲").pk == sources["資料甲"]
    left = dict(CommentRow.objects.values_list("text", "pk"))
    assert left == {text: pk for text, pk in comments.items() if text not in ("後甲", "全体。")}


def test_a_long_article_costs_no_more_queries_than_a_short_one() -> None:
    counts = []
    for length in (2, 40):
        sections = tuple(replace(A, heading=f"{length}の{number}") for number in range(length))
        article = drafting.create(replace(FOUR, sections=sections))
        other = replace(FOUR, sections=tuple(replace(section, body="直した") for section in reversed(sections)))
        with CaptureQueriesContext(connection) as queries:
            drafting.write(article, other)
        counts.append(len(queries))
        assert drafting.read(Article.objects.get(pk=article.pk)) == other
    assert counts[0] == counts[1] <= 20


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents, documents)
def test_any_document_can_be_written_over_any_other(first: Document, second: Document) -> None:
    try:
        drafting.check(second)
        article = drafting.create(first)
    except UnusableDocument:
        return
    drafting.write(article, second)
    article = Article.objects.get(pk=article.pk)
    assert replace(drafting.read(article), tags=()) == replace(second, tags=())
    assert writes(lambda: drafting.write(article, drafting.read(article))) == []
    drafting.write(article, WHOLE)
    assert drafting.read(Article.objects.get(pk=article.pk)) == WHOLE
