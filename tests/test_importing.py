"""From a Reading to a draft: names, tags and lines without a place."""

import pytest

from articles import drafting
from articles.document import Comment, Document
from articles.drafting import UnusableDocument
from articles.importing import import_reading, named, tagged
from articles.manuscripts import parse
from articles.models import Article
from tests.desk import editor

pytestmark = pytest.mark.django_db

TEXT = """題: 港の話
見出し: 一つ目
本文: 港が開いた。
💬 港野 渡: いいですね。
💬 また来たいですね。
💡 港は開いた。
タグ: 港
どこにも入らない行
"""


def test_a_manuscript_becomes_a_draft_with_its_first_edition() -> None:
    user = editor()
    article = import_reading(parse(TEXT), by=user, tags=["観光", "港"])

    assert drafting.read(article).title == "港の話"
    assert drafting.read(article).tags == ("港", "観光")
    assert article.unplaced == "どこにも入らない行"
    edition = article.editions.get()
    assert (edition.number, edition.created_by, bool(edition.note)) == (1, user, True)
    assert edition.live_from is None


def test_a_tag_that_cannot_be_one_is_kept_among_the_unplaced_lines() -> None:
    article = import_reading(parse(TEXT.replace("タグ: 港", "タグ: 港、!?")))

    assert drafting.read(article).tags == ("港",)
    assert article.unplaced == "どこにも入らない行\n!?"


def test_a_commentator_fills_empty_names_only() -> None:
    document = named(parse(TEXT).document, "磯田 真")

    assert document.sections[0].closing == (
        Comment("港野 渡", "いいですね。"),
        Comment("磯田 真", "また来たいですね。"),
    )
    assert named(document, "") == document


def test_tags_differ_by_more_than_case() -> None:
    assert tagged(Document(tags=("AI",)), ["ａｉ", "港"]).tags == ("AI", "港")


def test_what_no_row_can_keep_leaves_nothing_behind() -> None:
    with pytest.raises(UnusableDocument):
        import_reading(parse(TEXT.replace("港野 渡", "渡" * 101)))
    assert not Article.objects.exists()
