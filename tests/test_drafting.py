"""Documents and rows: what goes in comes out, and nothing is lost between."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from taggit.models import Tag

from articles import drafting
from articles.document import Comment, Document, Section, Source, from_json
from articles.drafting import UnusableDocument
from articles.images import normalise
from articles.models import Article, Commentator, SourceLink
from articles.models import Comment as CommentRow
from articles.samples.synthetic import documents as synthetic
from articles.tags import is_tag, tag_name
from tests.newsroom import drafted, picture
from tests.strategies import documents

pytestmark = pytest.mark.django_db

WHOLE = Document(
    title="渡船はなぜ戻った？",
    lead_heading="沖の島の冬",
    lead="一段落。\n二段落。",
    sections=(
        Section(
            heading="船",
            question="誰が決めた？",
            answer="島の人たちです",
            sources=(
                Source("時刻表", "https://news.example/1", "汐見日日", date(2025, 3, 22), ("一", "二", "三")),
                Source(caption="写真なし"),
            ),
            opening=(Comment("灘みなと", "寒い朝でしたね。"), Comment("", "誰かの声です。")),
            body="本文。\n> 引用。",
            closing=(Comment("岬わたる", "続きを見守りたいですね。"),),
        ),
        Section(body="見出しのない節"),
    ),
    closing=(Comment("灘みなと", "また乗りたいですね。"),),
    takeaways=("冬も動く", "島が決めた"),
    tags=("渡船", "沖の島"),
)


def stored(document: Document, known: dict[str, str]) -> Document:
    """The Document as rows can keep it: tags in their stored form, each once, and only those that can be one."""
    names = dict.fromkeys(tag_name(tag).casefold() for tag in document.tags if is_tag(tag))
    return replace(document, tags=tuple(known[name] for name in names))


def test_whole_document_comes_back() -> None:
    assert drafting.read(drafting.create(WHOLE)) == WHOLE


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(documents)
def test_any_document_comes_back(document: Document) -> None:
    try:
        article = drafting.create(document)
    except UnusableDocument:
        return
    known = {name.casefold(): name for name in Tag.objects.values_list("name", flat=True)}
    article = Article.objects.get(pk=article.pk)
    assert drafting.read(article) == stored(document, known)
    assert set(article.unplaced.splitlines()) == {tag for tag in document.tags if not is_tag(tag)}
    drafting.write(article, WHOLE)
    assert drafting.read(article) == WHOLE
    drafting.write(article, drafting.read(article))
    assert drafting.read(article) == WHOLE


def test_writing_replaces_everything() -> None:
    article = drafting.create(WHOLE)
    short = Document(title="短い", tags=("山",))
    drafting.write(article, short)
    assert drafting.read(Article.objects.get()) == short
    assert not CommentRow.objects.exists()
    assert not SourceLink.objects.exists()


def test_reading_costs_the_same_for_long_articles() -> None:
    long = replace(WHOLE, sections=WHOLE.sections * 5)
    counts = []
    for document in (WHOLE, long):
        article = Article.objects.get(pk=drafting.create(document).pk)
        with CaptureQueriesContext(connection) as queries:
            drafting.read(article)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_many_are_created_at_the_cost_of_few() -> None:
    forms = [from_json(form) for form in synthetic(12)]
    drafting.create_all(forms)  # tags and commentators are known from here on
    counts = []
    for some in (forms[:2], forms[2:6]):
        with CaptureQueriesContext(connection) as queries:
            articles = drafting.create_all(some)
        counts.append(len(queries))
        assert [drafting.read(article) for article in articles] == some
    assert counts[0] == counts[1]


def test_one_unusable_document_creates_none() -> None:
    bad = Document(title="a", closing=(Comment("名" * 101, "声"),))
    with pytest.raises(UnusableDocument, match="100"):
        drafting.create_all([WHOLE, bad])
    with pytest.raises(UnusableDocument, match="200"):
        drafting.create(Document(sections=(Section(sources=(Source(image="a" * 201),)),)))
    assert not Article.objects.exists()
    article = drafting.create(WHOLE)
    with pytest.raises(UnusableDocument):
        drafting.write(article, bad)
    assert drafting.read(article) == WHOLE


def test_tag_that_cannot_be_one_is_kept_for_the_editor() -> None:
    article = drafting.create(Document(title="a", tags=("港", "！？")), unplaced="置けない行")
    assert article.unplaced == "置けない行\n！？"
    assert drafting.read(article).tags == ("港",)
    drafting.write(article, Document(title="b", tags=("★", "！？")))
    assert Article.objects.get().unplaced == "置けない行\n！？\n★"


def test_tags_differing_in_case_or_width_are_one() -> None:
    drafted(tags=("OpenLab", "Δ株", "AI"))
    article = drafted(tags=("openlab", "δ株", "ＡＩ", "ai", "OPENLAB"))
    assert drafting.read(article).tags == ("OpenLab", "Δ株", "AI")
    assert Tag.objects.count() == 3


def test_commentator_is_one_person_everywhere() -> None:
    known = Commentator.objects.create(name="灘みなと", role="港の記者")
    drafting.create_all([WHOLE, WHOLE])
    assert Commentator.objects.get(name="灘みなと") == known
    assert CommentRow.objects.filter(commentator=known).count() == 4
    assert Commentator.objects.count() == 2


def test_media_tell_what_names_stand_for() -> None:
    name = _stored_picture()
    sources = (Source(image=name), Source(image="gone.png"))
    article = drafting.create(replace(WHOLE, sections=(Section(sources=sources), *WHOLE.sections)))
    SourceLink.objects.filter(image=name).update(image_alt="赤と青")
    Commentator.objects.filter(name="灘みなと").update(role="港の記者")
    media = drafting.media(article)
    assert media["pictures"] == {name: {"width": 40, "height": 30, "alt": "赤と青"}}
    assert {who: facts["role"] for who, facts in media["voices"].items()} == {"灘みなと": "港の記者", "岬わたる": ""}


def test_picture_shown_before_needs_no_second_look_at_the_file() -> None:
    name = _stored_picture()
    document = Document(title="a", sections=(Section(sources=(Source(image=name),)),))
    drafting.create(document)
    SourceLink.objects.update(image_alt="赤と青")
    default_storage.delete(name)
    facts = drafting.media(drafting.create(document))["pictures"][name]
    assert facts == {"width": 40, "height": 30, "alt": "赤と青"}


def test_facts_an_edition_kept_win() -> None:
    article = drafting.create(WHOLE)
    known = {"pictures": {"old.png": {"width": 7, "height": 8, "alt": "昔の絵"}}}
    drafting.write(article, Document(title="a", sections=(Section(sources=(Source(image="old.png"),)),)), known)
    assert drafting.media(article)["pictures"] == known["pictures"]


def _stored_picture() -> str:
    made = normalise(picture())
    return default_storage.save(str(made.name), made)


def test_more_sections_than_a_page_can_be_edited_with_are_refused() -> None:
    sections = tuple(Section(heading=f"{number}") for number in range(drafting.MOST_SECTIONS + 1))
    drafting.create(Document(title="港", sections=sections[:-1]))

    with pytest.raises(UnusableDocument, match="201"):
        drafting.create(Document(title="港", sections=sections))

    assert Article.objects.count() == 1
