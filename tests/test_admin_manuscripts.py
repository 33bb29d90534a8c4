"""Form and text are two views of one article: nothing is lost on the way there or back, or saved unasked."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from articles import drafting, publishing
from articles.admin.manuscripts import as_form
from articles.admin.typed import filled, typed
from articles.document import Comment, Document, Section, Source
from articles.manuscripts import LARGEST, dump, parse
from articles.models import Article, Commentator, Edition
from tests.desk import editor, fields, signed_in
from tests.newsroom import picture
from tests.strategies import documents

pytestmark = pytest.mark.django_db

DOCUMENT = Document(
    title="港はいつ開く？",
    lead="再開が近い。",
    sections=(
        Section(
            heading="工事",
            question="終わるのか？",
            answer="春に終わる。",
            sources=(
                Source("市の発表", "https://example.jp/a", "凪浜市", None, ("一つ", "二つ"), "pictures/a.png", "市"),
            ),
            opening=(Comment("港野", "待ち遠しいですね。"),),
            body="工事が進む。",
        ),
        Section(heading="費用", body="三億円。"),
    ),
    closing=(Comment("港野", "全体について。"),),
    takeaways=("春", "三億円"),
    tags=("港", "予算"),
)


@pytest.fixture
def desk() -> Client:
    return signed_in(editor())


@pytest.fixture
def article() -> Article:
    return drafting.create(DOCUMENT)


def address(name: str, pk: int) -> str:
    return reverse(f"admin:articles_article_{name}", args=[pk])


def change(article: Article) -> str:
    return address("change", article.pk)


def as_text(desk: Client, article: Article | None, document: Document) -> dict[str, str]:
    """The fields of the page of the text, reached from the form with that text in it."""
    pk = article.pk if article else 0
    return fields(desk.post(address("manuscript", pk), filled(document, article).dict()))


def test_a_form_becomes_text_and_the_text_the_same_form_again(desk: Client, article: Article) -> None:
    unsaved = Document(**{**_parts(DOCUMENT), "title": "まだ保存していない題？"})
    text = as_text(desk, article, unsaved)
    assert parse(text["manuscript"]).document == unsaved

    page = desk.post(address("manuscript", article.pk), text)
    assert page.status_code == 200
    assert typed_of(page, article) == unsaved
    assert drafting.read(article) == DOCUMENT
    assert not Edition.objects.exists()


def typed_of(page: Any, article: Article | None) -> Document:
    data = QueryDict(mutable=True)
    data.update(fields(page))
    return typed(data, article).document


def _parts(document: Document) -> dict[str, Any]:
    return {name: getattr(document, name) for name in Document.__slots__}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents)
def test_any_text_of_a_document_makes_a_form_that_says_the_same(document: Document) -> None:
    sent = QueryDict(mutable=True)
    sent["manuscript"] = dump(document)
    assert typed(as_form(sent, None), None).document.sections == document.sections


def test_what_was_typed_as_text_is_saved_and_sections_keep_their_rows(desk: Client, article: Article) -> None:
    first, second = article.sections.all()
    text = as_text(desk, article, DOCUMENT)
    text["manuscript"] = text["manuscript"].replace("三億円。", "四億円になった。")
    saved = desk.post(address("manuscript", article.pk), {**text, "_continue": "1"})

    assert saved.status_code == 302
    assert drafting.read(article).sections[1].body == "四億円になった。"
    assert list(article.sections.all()) == [first, second]
    assert article.editions.get().content.sections[1].body == "四億円になった。"


def test_a_new_article_is_written_as_text(desk: Client) -> None:
    written = Document(title="橋はいつ架かる？", sections=DOCUMENT.sections[1:], tags=("橋",))
    text = {**fields(desk.get(address("manuscript", 0))), "manuscript": dump(written), "_save": "1"}
    saved = desk.post(address("manuscript", 0), text)
    assert saved.status_code == 302, saved.context["errors"]
    assert drafting.read(Article.objects.get()) == written


def test_alternative_texts_come_back_though_no_manuscript_says_them(desk: Client, article: Article) -> None:
    data = filled(DOCUMENT, article)
    source = article.sections.all()[0].sources.all()[0]
    type(source).objects.filter(pk=source.pk).update(image_width=4, image_height=3)
    data["sections-0-sources-0-image_alt"] = "夜の港"
    text = fields(desk.post(address("manuscript", article.pk), data.dict()))
    assert "夜の港" not in text["manuscript"]
    back = fields(desk.post(address("manuscript", article.pk), text))
    assert back["sections-0-sources-0-image_alt"] == "夜の港"


def test_an_alternative_text_that_was_emptied_stays_empty(desk: Client, article: Article) -> None:
    source = article.sections.all()[0].sources.all()[0]
    type(source).objects.filter(pk=source.pk).update(image_width=4, image_height=3, image_alt="古い説明")
    data = filled(drafting.read(article), article)
    data["sections-0-sources-0-image_alt"] = ""
    text = fields(desk.post(address("manuscript", article.pk), data.dict()))
    back = fields(desk.post(address("manuscript", article.pk), text))
    assert back["sections-0-sources-0-image_alt"] == ""


def test_a_picture_that_was_only_chosen_comes_along(desk: Client, article: Article) -> None:
    chosen = picture()
    chosen.name = "port.png"
    form = {**filled(DOCUMENT, article).dict(), "sections-0-sources-0-image": chosen}
    text = fields(desk.post(address("manuscript", article.pk), form))
    (name,) = (source.image for source in parse(text["manuscript"]).document.sources)
    assert name.startswith("pictures/")
    assert name != "pictures/a.png"

    desk.post(address("manuscript", article.pk), {**text, "_save": "1"})
    assert next(drafting.read(article).sources).image == name
    row = article.sections.all()[0].sources.get()
    assert (row.image_width, row.image_height) == (40, 30)


def test_a_file_that_is_no_picture_is_named_and_the_text_kept(desk: Client, article: Article) -> None:
    chosen = BytesIO("絵ではない".encode())
    chosen.name = "port.png"
    form = {**filled(DOCUMENT, article).dict(), "sections-0-sources-0-image": chosen}
    page = desk.post(address("manuscript", article.pk), form)
    assert "JPEG" in page.content.decode()
    assert parse(fields(page)["manuscript"]).document == DOCUMENT


def test_a_name_being_typed_adds_nobody(desk: Client, article: Article) -> None:
    text = {"manuscript": "題？\n見出し: 工事\n💬 灯台も: こんにちは。\n本文: 進む。\n"}
    page = desk.post(address("preview_typed", article.pk), text)
    desk.post(address("read", article.pk), text)
    assert "灯台も" in page.content.decode()
    assert not Commentator.objects.filter(name="灯台も").exists()

    desk.post(address("manuscript", article.pk), {**text, "_save": "1"})
    assert Commentator.objects.filter(name="灯台も").exists()


def test_the_preview_of_a_text_is_that_of_its_form(desk: Client, article: Article) -> None:
    Commentator.objects.filter(name="港野").update(role="記者")
    source = article.sections.all()[0].sources.all()[0]
    type(source).objects.filter(pk=source.pk).update(image_width=4, image_height=3, image_alt="夜の港")
    with time_machine.travel(timezone.now(), tick=False):  # a draft is dated with the moment it is looked at
        form = desk.post(address("preview_typed", article.pk), filled(DOCUMENT, article).dict())
        text = desk.post(address("preview_typed", article.pk), as_text(desk, article, DOCUMENT))
    assert "記者" in text.content.decode()
    assert "夜の港" in text.content.decode()
    assert text.content == form.content


@pytest.mark.parametrize("button", ["_form", "_save"])
def test_a_name_that_no_column_holds_is_refused_and_kept(desk: Client, article: Article, button: str) -> None:
    text = as_text(desk, article, DOCUMENT)
    text["manuscript"] = f"題？\n見出し: 工事\n💬 {'長' * 101}: こんにちは。\n"
    refused = desk.post(address("manuscript", article.pk), {**text, button: "1"})
    assert refused.status_code == 422
    assert "100" in refused.content.decode()
    assert fields(refused)["manuscript"] == text["manuscript"]
    assert not Commentator.objects.filter(name__startswith="長").exists()
    assert drafting.read(article) == DOCUMENT


def test_lines_without_a_place_are_kept_and_shown(desk: Client, article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(unplaced="前からの行")
    text = fields(desk.get(address("manuscript", article.pk)))
    found = desk.post(address("read", article.pk), {"manuscript": text["manuscript"] + "\n✅ どこにも属さない"}).json()
    text["manuscript"] += "\n出典/画像元: https://example.jp/z\n公開日:2025/02/30"
    back = desk.post(address("manuscript", article.pk), text)
    shown = fields(back)
    assert "前からの行" in shown["unplaced"]
    assert found["sections"] == ["工事", "費用"]
    for piece in parse(text["manuscript"]).unplaced:
        assert piece.text in shown["unplaced"]


def test_the_parsers_doubts_come_with_their_lines(desk: Client, article: Article) -> None:
    text = "港は(?マーク)開くのか\nリード。\n\n見出し\n問いか？\n答え。\n公開日:2025/02/30\n"
    found = desk.post(address("read", article.pk), {"manuscript": text}).json()
    assert [remark["line"] for remark in found["remarks"]] == sorted(remark["line"] for remark in found["remarks"])
    assert {doubt.line for doubt in parse(text).doubts} <= {remark["line"] for remark in found["remarks"]}


def test_a_text_that_is_too_long_is_refused_and_kept(desk: Client, article: Article) -> None:
    long = "長" * (LARGEST // 3 + 1)
    page = desk.post(address("manuscript", article.pk), {"manuscript": long, "_save": "1"})
    assert page.status_code == 422
    assert "記事ごとに分けて" in page.content.decode()
    assert long in page.content.decode()
    for name in ("read", "preview_typed"):
        assert desk.post(address(name, article.pk), {"manuscript": long}).status_code == 400


@pytest.mark.parametrize("button", ["_form", "_save"])
def test_a_text_outlives_its_article(desk: Client, article: Article, button: str) -> None:
    text = as_text(desk, article, replace(DOCUMENT, sections=DOCUMENT.sections[1:]))
    place = address("manuscript", article.pk)
    article.delete()
    page = desk.post(place, {**text, button: "1"})
    assert "削除されました" in page.content.decode()
    assert not Article.objects.exists()
    assert desk.get(place).status_code == 404

    saved = desk.post(reverse("admin:articles_article_add"), {**fields(page), "_save": "1"})
    assert saved.status_code == 302
    assert drafting.read(Article.objects.get()).lead == DOCUMENT.lead


def test_tags_stand_in_the_order_of_the_text(desk: Client, article: Article) -> None:
    text = as_text(desk, article, replace(DOCUMENT, sections=DOCUMENT.sections[1:]))
    text["manuscript"] = text["manuscript"].replace("タグ: 港、予算", "タグ: 橋、予算、港")
    desk.post(address("manuscript", article.pk), {**text, "_save": "1"})
    assert drafting.read(article).tags == ("橋", "予算", "港")


def test_a_tag_that_is_none_is_refused_in_the_form_and_kept(desk: Client, article: Article) -> None:
    text = as_text(desk, article, DOCUMENT)
    text["manuscript"] = text["manuscript"].replace("予算", "!?")
    page = desk.post(address("manuscript", article.pk), {**text, "_save": "1"})
    assert "errornote" in page.content.decode()
    assert fields(page)["tags"] == "港、!?"
    assert drafting.read(article) == DOCUMENT


def test_control_characters_are_told_and_dropped(desk: Client) -> None:
    text = "港は\x00いつ\u202e開く？\n"
    told = desk.post(address("read", 0), {"manuscript": text}).json()
    assert "制御文字" in told["remarks"][0]["text"]
    desk.post(address("manuscript", 0), {"manuscript": text, "_save": "1"})
    assert Article.objects.get().title == "港はいつ開く？"


def test_a_text_without_a_title_is_told_so_and_saved_all_the_same(desk: Client) -> None:
    text = {"manuscript": "見出し: 工事\n本文: 進む。\n", "_save": "1"}
    assert "題がありません" in desk.post(address("read", 0), text).json()["remarks"][0]["text"]
    assert desk.post(address("manuscript", 0), text).status_code == 302
    assert drafting.read(Article.objects.get()).sections[0].body == "進む。"


def test_nobody_keeps_it(desk: Client, article: Article) -> None:
    for page in (desk.get(address("manuscript", article.pk)), desk.post(address("read", article.pk))):
        assert "no-store" in page["Cache-Control"]


def test_an_old_text_does_not_overwrite_a_newer_save(desk: Client, article: Article) -> None:
    text = as_text(desk, article, DOCUMENT)
    publishing.claim(article, article.version)
    Article.objects.filter(pk=article.pk).update(title="ほかの人の題？")
    text["manuscript"] = text["manuscript"].replace(DOCUMENT.title, "わたしの題？")
    page = desk.post(address("manuscript", article.pk), {**text, "_save": "1"})
    article.refresh_from_db()
    assert page.status_code == 409
    assert article.title == "ほかの人の題？"
    assert "わたしの題？" in page.content.decode()


@pytest.mark.parametrize("words", ["", "x", "[]", '{"a": {"b": 1}}', "null", "[" * 100_000])
def test_odd_hidden_fields_do_no_harm(desk: Client, article: Article, words: str) -> None:
    text = {"manuscript": dump(DOCUMENT), "words": words, "opened_version": "x"}
    assert desk.post(address("manuscript", article.pk), text).status_code == 200


def test_strangers_and_people_without_the_right_get_nothing(client: Client, article: Article) -> None:
    viewer = User.objects.create_user("mite", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_article"))
    for who in (None, viewer):
        if who:
            client.force_login(who)
        for answer in (
            client.get(address("manuscript", article.pk)),
            client.post(address("manuscript", article.pk), {"manuscript": "題", "_save": "1"}),
            client.post(address("read", article.pk), {"manuscript": "題"}),
            client.get(address("manuscript", 0)),
        ):
            assert answer.status_code in (302, 403)
    assert drafting.read(article) == DOCUMENT


def test_hostile_text_is_text(desk: Client) -> None:
    bad = "</textarea><script>alert(1)</script>"
    page = desk.post(address("manuscript", 0), {"manuscript": bad, "_x": ""})
    assert "<script>alert(1)" not in page.content.decode()
