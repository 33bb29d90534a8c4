"""The history at the desk: what happened, any two versions compared, and the way back to an edition."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles import drafting, publishing, trail
from articles.document import Comment, Document, Section, Source
from articles.models import Article, Edition
from articles.models.drafts import Section as SectionRow
from tests.desk import editor, fields, signed_in
from tests.newsroom import changed

pytestmark = pytest.mark.django_db

HARBOUR = Section(
    heading="港の工事",
    question="港はいつ開く？",
    answer="4月です。",
    sources=(Source(caption="市の発表", url="https://example.jp/1", published_on=date(2026, 3, 22)),),
    body="工事は3月22日に終わる。",
    closing=(Comment("港野 渡", "楽しみです。"),),
)
FIRST = Document(title="港はいつ開く？", lead="港が新しくなる。", sections=(HARBOUR,), tags=("港",))


@pytest.fixture
def user() -> User:
    return editor()


@pytest.fixture
def desk(user: User) -> Client:
    return signed_in(user)


@pytest.fixture
def article(user: User) -> Article:
    article = drafting.create(FIRST, by=user)
    publishing.save(article, by=user)
    return article


def address(name: str, article: Article, *more: int) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk, *more])


def saved(article: Article, document: Document, note: str = "") -> Edition:
    """An edition of the article that says what the Document says."""
    drafting.write(article, document)
    return publishing.save(article, by=None, note=note)


def compared(desk: Client, article: Article, **query: str) -> str:
    """The text of a comparison, with [-gone-] and {+new+}."""
    response = desk.get(address("compare", article), query)
    assert response.status_code == 200
    return marked(response.content.decode())


def marked(page: str) -> str:
    page = page[page.index('id="content"') : page.index("</main>")]
    page = re.sub(r'<span class="visually-hidden">.*?</span>', "", page, flags=re.S)
    page = re.sub(r"<del>(.*?)</del>", r"[-\1-]", page, flags=re.S)
    page = re.sub(r"<ins>(.*?)</ins>", r"{+\1+}", page, flags=re.S)
    return re.sub(r"(?:\s|<[^>]*>)+", " ", page)


# -- what happened


def test_each_edition_says_who_when_why_and_what_changed(desk: Client, article: Article) -> None:
    saved(
        article,
        replace(FIRST, sections=(replace(HARBOUR, answer="5月です。"), Section(heading="渡し船"))),
        "日付を確認",
    )
    page = desk.get(address("history", article)).content.decode()

    assert "日付を確認" in page
    assert "セクション1：答え" in page
    assert "セクション2を追加（渡し船）" in page
    assert "セクション2：見出し" not in page, "an added section is named once"
    assert "最初の版" in page
    assert page.index("セクション1：答え") < page.index("最初の版")


def test_editions_and_events_stand_in_one_line_of_time(desk: Client, article: Article, user: User) -> None:
    publishing.publish(article.editions.get(), by=user)
    changed(article, "港は開いた？")
    publishing.withdraw(article, by=user, reason="日付に誤りがあったため")
    text = marked(desk.get(address("history", article)).content.decode())

    withdrew, edition, published, first = (
        text.index(words)
        for words in ("理由：日付に誤りがあったため", " 2 港は開いた？", "公開しました · 第1版", "最初の版")
    )
    assert withdrew < edition < published < first


def test_an_event_of_another_article_is_not_among_them(desk: Client, article: Article, user: User) -> None:
    other = drafting.create(Document(title="別の記事"))
    trail.record("withdraw", by=user, article=other, reason="別の理由")
    assert "別の理由" not in desk.get(address("history", article)).content.decode()


def test_a_long_history_is_read_a_page_at_a_time(
    desk: Client, article: Article, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    start = timezone.now()
    latest = article.editions.get()
    Edition.objects.bulk_create(
        Edition(
            article=article,
            uid=article.uid,
            number=number,
            created_at=start + timedelta(minutes=number),
            title=f"第{number}版の題",
            document={**latest.document, "title": f"第{number}版の題"},
        )
        for number in range(2, 202)
    )
    with django_assert_max_num_queries(20):
        page = desk.get(address("history", article)).content.decode()
    assert page.count("desk-time-edition") == 20
    assert "第201版の題" in page
    assert page.count("<li>タイトル</li>") == 20, "the last of the page is compared with one that is not on it"
    last = desk.get(address("history", article), {"page": 11}).content.decode()
    assert "最初の版" in last
    assert desk.get(address("history", article), {"page": "x"}).status_code == 200


def test_documents_are_read_only_for_the_page(desk: Client, article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        changed(article, f"題{number}")
    read: list[int] = []
    content = Edition.content.func  # type: ignore[attr-defined]

    def counted(edition: Edition) -> Document:
        read.append(edition.number)
        found: Document = content(edition)
        return found

    monkeypatch.setattr(Edition, "content", property(counted))
    desk.get(address("history", article))
    assert set(read) == set(range(11, 32))


# -- comparing


def test_two_editions_are_compared_field_by_field(desk: Client, article: Article) -> None:
    later = replace(
        HARBOUR,
        body="工事は3月28日に終わる。",
        sources=(replace(HARBOUR.sources[0], published_on=date(2026, 3, 23)),),
        closing=(Comment("灯台もと子", "心配です。"),),
    )
    saved(article, replace(FIRST, sections=(Section(heading="渡し船"), later), tags=("港", "船")))
    text = compared(desk, article, **{"from": "1", "to": "2"})

    assert "工事は3月[-22-]{+28+}日に終わる。" in text
    assert "[-2026年3月22日-]{+2026年3月23日+}" in text
    assert "セクション1 渡し船 ＋ 追加" in text
    assert "[-港野 渡-]" in text
    assert "{+灯台もと子+}" in text
    assert "港 {+船+}" in text
    assert "変更なし: タイトル、リード" in text


def test_the_screen_says_each_change_aloud_and_not_by_colour_alone(desk: Client, article: Article) -> None:
    changed(article, "港は開いた？")
    page = desk.get(address("compare", article)).content.decode()
    assert '<del><span class="visually-hidden"> 削除： </span>' in page
    assert '<span class="visually-hidden"> 追加ここまで </span></ins>' in page


def test_the_last_change_is_shown_unless_another_is_asked_for(desk: Client, article: Article) -> None:
    changed(article, "港は夏に開く？")
    changed(article, "港は秋に開く？")
    assert "港は[-夏-]{+秋+}に開く？" in compared(desk, article)
    assert "港は[-いつ-]{+夏に+}開く？" in compared(desk, article, to="2")
    assert "{+港はいつ開く？+}" in compared(desk, article, to="1")
    page = desk.get(address("compare", article), {"to": "2"}).content.decode()
    assert re.search(r"from=0&amp;to=1[^>]*rel=\"prev\"", page)
    assert re.search(r"from=2&amp;to=3[^>]*rel=\"next\"", page)


def test_with_the_working_copy_and_with_what_readers_see(desk: Client, article: Article) -> None:
    publishing.publish(article.editions.get(), by=None)
    changed(article, "港は夏に開く？")
    Article.objects.filter(pk=article.pk).update(lead="港が大きくなる。")

    assert "港は[-いつ-]{+夏に+}開く？" in compared(desk, article, **{"from": "live", "to": "2"})
    now = compared(desk, article, **{"from": "2", "to": "now"})
    assert "港が[-新し-]{+大き+}くなる。" in now
    assert "夏に+}" not in now


def test_pictures_stand_side_by_side_and_their_words_are_compared(desk: Client, article: Article) -> None:
    for number, (file, alt) in enumerate((("a.webp", "港"), ("b.webp", "夜の港"))):
        edition = article.editions.latest("number")
        source = Source(caption="市の発表", image=file)
        edition.pk, edition.number = None, edition.number + 1
        edition.document = {"sections": [{"sources": [{"caption": source.caption, "image": source.image}]}]}
        edition.media = {"pictures": {file: {"width": 40, "height": 30, "alt": alt}}}
        edition.created_at += timedelta(minutes=number + 1)
        edition.save(force_insert=True)
    page = desk.get(address("compare", article)).content.decode()
    assert page.index('src="/media/a.webp"') < page.index('src="/media/b.webp"')
    assert "{+夜の+}港" in marked(page)


def test_a_comparison_costs_the_same_however_long_the_article(
    desk: Client, article: Article, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    sections = tuple(replace(HARBOUR, heading=f"港の工事、その{number}") for number in range(40))
    saved(article, replace(FIRST, sections=sections))
    for query in ({"from": "1", "to": "2"}, {"from": "now", "to": "1"}):
        with django_assert_max_num_queries(20):
            compared(desk, article, **query)


def test_what_is_the_same_says_so(desk: Client, article: Article) -> None:
    assert "二つの内容は同じです。" in compared(desk, article, **{"from": "1", "to": "now"})


@pytest.mark.parametrize(
    "query", [{"to": "99"}, {"from": "x"}, {"to": "-1"}, {"to": "live"}, {"to": "1" * 50}, {"from": "１"}, {"to": "\0"}]
)
def test_a_version_that_is_not_there_is_not_found(desk: Client, article: Article, query: dict[str, str]) -> None:
    assert desk.get(address("compare", article), query).status_code in (
        (200, 404) if "１" in query.values() else (404,)
    )


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</del></ins><svg onload=alert(1)>",
    "{{ 7|add:7 }}{% csrf_token %}",
    "javascript:alert(1)",
]


def test_hostile_text_is_only_text(desk: Client, article: Article, user: User) -> None:
    for number, text in enumerate(HOSTILE):
        voice = Comment(text, text)
        source = Source(text, text, text, None, (text,), f"{number}<b>.webp", text)
        section = Section(text, text, text, (source,), (voice,), text, (voice,))
        hostile = Document(text, text, text, (section, HARBOUR), (voice,), (text,), (text,))
        saved(article, hostile, note=text)
        trail.record("withdraw", by=user, article=article, reason=text, recipient=text)
    pages = [desk.get(address("history", article)).content.decode()]
    pages += [desk.get(address("compare", article), {"to": str(number)}).content.decode() for number in range(2, 7)]
    for page in pages:
        body = page[page.index('id="content"') : page.index("</main>")]
        assert "alert(1)" in body
        for sign in ("<script", "<img src=x", "<svg", "<b>", "onerror=alert(1)>"):
            assert sign not in body
        assert "{{ 7|add:7 }}" in page or "7|add:7" not in page
        assert 'href="javascript' not in body


# -- why


def test_the_reason_given_with_a_save_stands_in_the_history(desk: Client, article: Article) -> None:
    page = address("change", article)
    desk.post(page, fields(desk.get(page)) | {"title": "港は夏に開く？", "note": "市の発表で日付が変わった"})
    assert article.editions.latest("number").note == "市の発表で日付が変わった"
    assert "市の発表で日付が変わった" in desk.get(address("history", article)).content.decode()


def test_a_reason_for_nothing_is_handed_back(desk: Client, article: Article) -> None:
    page = address("change", article)
    response = desk.post(page, fields(desk.get(page)) | {"note": "理由だけ", "_continue": "1"}, follow=True)
    assert article.editions.count() == 1
    assert any("理由だけ" in str(message) for message in response.context["messages"])


# -- the way back


def asked(desk: Client, article: Article, number: int) -> dict[str, str]:
    return fields(desk.get(address("compare", article), {"from": "now", "to": str(number)}))


def test_restoring_shows_what_it_does_and_makes_a_new_edition(desk: Client, article: Article, user: User) -> None:
    row = SectionRow.objects.get(article=article)
    saved(article, replace(FIRST, title="港は開いた？", sections=(replace(HARBOUR, answer="6月です。"),)))
    assert "[-6-]{+4+}月です。" in compared(desk, article, **{"from": "now", "to": "1"})
    response = desk.post(address("restore", article, 1), {"version": asked(desk, article, 1)["version"]})

    assert response["Location"] == address("change", article)
    article.refresh_from_db()
    assert drafting.read(article) == FIRST
    latest = article.editions.latest("number")
    assert (latest.number, latest.created_by, latest.content) == (3, user, FIRST)
    assert SectionRow.objects.get(article=article).pk == row.pk, "the section keeps its row, and so its notes"


def test_restoring_over_what_was_saved_meanwhile_is_refused(desk: Client, article: Article) -> None:
    changed(article, "港は夏に開く？")
    version = asked(desk, article, 1)["version"]
    page = address("change", article)
    desk.post(page, fields(desk.get(page)) | {"title": "別の人の題"})
    for data in ({"version": version}, {}, {"version": "x"}):
        response = desk.post(address("restore", article, 1), data)
        assert response["Location"].endswith("?from=now&to=1")
    article.refresh_from_db()
    assert article.title == "別の人の題"
    assert article.editions.count() == 3


def test_restoring_is_offered_only_where_the_working_copy_is_compared_with(desk: Client, article: Article) -> None:
    changed(article, "港は夏に開く？")
    assert "version" in asked(desk, article, 1)
    assert "version" not in fields(desk.get(address("compare", article), {"from": "1", "to": "2"}))


# -- strangers


def test_who_may_not_see_the_article_sees_no_history(article: Article) -> None:
    nobody = signed_in(User.objects.create_user("dare", is_staff=True))
    for name in ("history", "compare"):
        assert nobody.get(address(name, article)).status_code == 403


def test_who_may_only_look_can_compare_but_not_restore(article: Article) -> None:
    guest = User.objects.create_user("miru", is_staff=True)
    guest.user_permissions.add(Permission.objects.get(codename="view_article"))
    client = signed_in(guest)
    assert client.get(address("history", article)).status_code == 200
    page: Any = client.get(address("compare", article), {"from": "now", "to": "1"})
    assert "version" not in fields(page)
    assert client.post(address("restore", article, 1), {"version": "0"}).status_code == 403
    assert article.editions.count() == 1
