"""The article's form and a Document, each as the other: nothing typed is lost on the way, and nothing is saved."""

from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings

from articles import drafting
from articles.admin.typed import filled, typed
from articles.document import Comment, Document, Section, Source
from articles.models import Article, Commentator
from tests.desk import editor, fields, signed_in
from tests.strategies import documents

pytestmark = pytest.mark.django_db

DOCUMENT = Document(
    title="港はいつ開く？",
    lead_heading="港の今",
    lead="再開が近い。",
    sections=(
        Section(
            heading="工事",
            question="終わるのか？",
            answer="春に終わる。",
            sources=(Source("市の発表", "https://example.jp/a", "凪浜市", None, ("一つ", "二つ"), "", "市"),),
            opening=(Comment("港野", "待ち遠しいですね。"),),
            body="工事が進む。\n春まで続く。",
            closing=(Comment("港野", "見守りましょう。"), Comment("", "名なし。")),
        ),
        Section(heading="費用", body="三億円。"),
    ),
    closing=(Comment("港野", "全体について。"),),
    takeaways=("春", "三億円"),
    tags=("港", "予算"),
)


def sent(page: Any) -> QueryDict:
    """The form of a page, as a browser sends it."""
    data = QueryDict(mutable=True)
    data.update(fields(page))
    return data


@pytest.fixture
def desk() -> Client:
    return signed_in(editor())


@pytest.fixture
def article() -> Article:
    return drafting.create(DOCUMENT)


def page_of(desk: Client, article: Article) -> Any:
    return desk.get(reverse("admin:articles_article_change", args=[article.pk]))


def test_the_form_of_an_article_says_what_the_article_says(desk: Client, article: Article) -> None:
    assert typed(sent(page_of(desk, article)), article).document == DOCUMENT


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents)
def test_any_document_goes_into_a_form_and_out_again(document: Document) -> None:
    """Tags that can be none, and those of several spellings, are the exception: a form's field folds them."""
    back = typed(filled(document, None), None).document
    assert (back.title, back.lead, back.sections, back.closing, back.takeaways) == (
        document.title,
        document.lead,
        document.sections,
        document.closing,
        document.takeaways,
    )


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents, documents)
def test_whatever_the_article_said_before(old: Document, new: Document) -> None:
    article = drafting.create(old)
    assert typed(filled(new, article), article).document.sections == new.sections


def test_what_stays_keeps_its_rows_and_what_goes_is_marked(article: Article) -> None:
    first, second = article.sections.all()
    changed = Document(title="別の題", sections=(Section(heading="前に加えた"), DOCUMENT.sections[1]))
    data = filled(changed, article)

    assert (data["sections-0-id"], data["sections-0-DELETE"]) == (str(first.pk), "on")
    assert (data["sections-1-id"], data["sections-1-position"], data["sections-1-heading"]) == (
        str(second.pk),
        "1",
        "費用",
    )
    assert (data["sections-2-id"], data["sections-2-heading"]) == ("", "前に加えた")
    assert data["sections-0-sources-0-DELETE"] == "on"


def test_a_filled_form_is_shown_and_saves_nothing(desk: Client, article: Article) -> None:
    changed = Document(title="題を変えた", sections=(*DOCUMENT.sections, Section(heading="三つ目", body="本文。")))
    page = _shown(desk, article, filled(changed, article))

    assert page.status_code == 200
    assert "errornote" not in page.content.decode()
    assert typed(sent(page), article).document == changed
    article.refresh_from_db()
    assert (article.title, article.version, article.editions.count()) == (DOCUMENT.title, 0, 0)


def test_what_a_filled_form_shows_can_be_saved(desk: Client, article: Article) -> None:
    changed = Document(
        title="題を変えた",
        sections=(
            Section(heading="新しい", sources=(Source(caption="新聞", url="https://example.jp/n"),)),
            *DOCUMENT.sections[:1],
        ),
        closing=(Comment("港野", "全体について。"),),
        tags=("港",),
    )
    section = article.sections.first()
    data = fields(_shown(desk, article, filled(changed, article)))
    saved = desk.post(reverse("admin:articles_article_change", args=[article.pk]), data)

    assert saved.status_code == 302, saved.context["errors"]
    article.refresh_from_db()
    assert drafting.read(article) == changed
    assert section in article.sections.all()


def test_a_new_article_is_shown_and_saved_too(desk: Client) -> None:
    data = fields(_shown(desk, None, filled(DOCUMENT, None)))
    saved = desk.post(reverse("admin:articles_article_add"), data)
    assert saved.status_code == 302, saved.context["errors"]
    assert drafting.read(Article.objects.get()) == DOCUMENT


def test_wrong_fields_are_read_and_shown_with_what_is_wrong(desk: Client, article: Article) -> None:
    data = filled(DOCUMENT, article)
    data["sections-0-sources-0-url"] = "javascript:alert(1)"
    data["sections-0-sources-0-published_on"] = "昨日"
    assert typed(data, article).document.sections[0].sources[0].url == "javascript:alert(1)"

    page = _shown(desk, article, data)
    assert "javascript:alert(1)" in page.content.decode()
    assert "昨日" in page.content.decode()
    assert "errornote" in page.content.decode()


@pytest.mark.parametrize(
    ("written", "read"), [("2025/03/22", "2025-03-22"), ("令和7年3月22日", "2025-03-22"), ("2025-02-30", ""), ("", "")]
)
def test_dates_are_read_in_every_usual_form(written: str, read: str) -> None:
    data = filled(DOCUMENT, None)
    data["sections-0-sources-0-published_on"] = written
    found = typed(data, None).document.sections[0].sources[0].published_on
    assert (found.isoformat() if found else "") == read


def test_removed_rows_are_left_out_and_the_order_is_that_of_the_page() -> None:
    data = filled(DOCUMENT, None)
    data["sections-0-position"], data["sections-1-position"] = "1", "0"
    data["sections-0-sources-0-DELETE"] = "on"
    first, second = typed(data, None).document.sections
    assert (first.heading, second.heading, second.sources) == ("費用", "工事", ())


@pytest.mark.parametrize("count", ["", "x", "-1", "9" * 30])
def test_a_form_that_claims_odd_numbers_of_rows_is_read_without_them(count: str) -> None:
    data = filled(DOCUMENT, None)
    data["sections-TOTAL_FORMS"] = count
    assert typed(data, None).document.sections == ()


def test_pictures_are_those_named_or_the_rows_own(article: Article) -> None:
    source = article.sections.all()[0].sources.all()[0]
    type(source).objects.filter(pk=source.pk).update(image="pictures/a.png", image_width=4, image_height=3)
    data = filled(drafting.read(article), article)
    assert typed(data, article).document.sections[0].sources[0].image == "pictures/a.png"

    data["sections-0-sources-0-image_alt"] = "港の写真"
    data.pop("sections-0-sources-0-picture")
    found = typed(data, article)
    assert found.document.sections[0].sources[0].image == "pictures/a.png"
    assert found.media["pictures"]["pictures/a.png"] == {"width": 4, "height": 3, "alt": "港の写真"}


def test_the_facts_of_who_speaks_come_along(article: Article) -> None:
    Commentator.objects.filter(name="港野").update(role="記者")
    found = typed(filled(DOCUMENT, article), article)
    assert found.media["voices"]["港野"]["role"] == "記者"


def test_its_queries_do_not_grow_with_the_article(article: Article, django_assert_max_num_queries: Any) -> None:
    long = Document(title="長い", sections=DOCUMENT.sections * 12)
    data = filled(long, article)
    with django_assert_max_num_queries(5):
        typed(data, article)


def _shown(desk: Client, article: Article | None, data: QueryDict) -> Any:
    """The page that shows `data`, as the desk does with text from elsewhere."""
    from articles.admin.forms import ONLY_SHOWN

    name, arguments = ("change", [article.pk]) if article else ("add", [])
    return desk.post(reverse(f"admin:articles_article_{name}", args=arguments), {**data.dict(), ONLY_SHOWN: "1"})
