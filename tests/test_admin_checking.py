"""What the checks find is told beside the form, in the list, before publication and at the import."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from articles import drafting, publishing
from articles.admin.typed import filled
from articles.checks.places import put
from articles.document import Comment, Document, Section, Source
from articles.models import Article, Edition
from tests.desk import editor, fields, signed_in

pytestmark = pytest.mark.django_db

MARKED = Document(
    title="港はいつ開く(?マーク)",
    sections=(
        Section(heading="工事", body="工事()が進む。", sources=(Source(caption="工事。", key_points=("一つ",)),)),
    ),
)
LIST = "/admin/articles/article/"


@pytest.fixture
def desk() -> Client:
    return signed_in(editor())


@pytest.fixture
def article() -> Article:
    article = drafting.create(MARKED)
    publishing.save(article, by=None)
    return article


def address(name: str, pk: int) -> str:
    return reverse(f"admin:articles_article_{name}", args=[pk])


def test_the_form_as_it_stands_is_checked(desk: Client, article: Article) -> None:
    data = filled(MARKED, article)
    found = desk.post(address("check", article.pk), data.dict()).json()["findings"]
    first = found[0]
    assert (first["place"], first["required"], first["where"]) == ("title", True, "タイトル")
    assert "(?マーク)" not in first["fix"]
    data["title"] = "港はいつ開く？"
    again = desk.post(address("check", article.pk), data.dict()).json()["findings"]
    assert "title" not in {each["place"] for each in again if each["required"]}
    assert desk.post(address("check", 0), filled(MARKED, None).dict()).status_code == 200


def test_only_who_may_write_asks(desk: Client, article: Article, client: Client) -> None:
    viewer = User.objects.create_user("mite", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_article"))
    client.force_login(viewer)
    assert client.post(address("check", article.pk), filled(MARKED, article).dict()).status_code == 403
    assert desk.get(address("check", article.pk)).status_code == 405


def test_the_list_counts_and_filters(desk: Client, article: Article) -> None:
    sound = drafting.create(Document(title="指摘のない題？"))
    Article.objects.filter(pk=sound.pk).update(other_findings=0)
    page = desk.get(LIST).content.decode()
    assert "公開を止める" in page
    listed = {
        value: {row.pk for row in desk.get(LIST, {"findings": value}).context["cl"].result_list}
        for value in ("required", "any", "none")
    }
    assert listed == {"required": {article.pk}, "any": {article.pk}, "none": {sound.pk}}


def test_what_is_required_stops_publication_and_is_named(desk: Client, article: Article) -> None:
    asked = desk.get(address("publish", article.pk))
    assert "公開を止めます。" in asked.content.decode()
    refused = desk.post(address("publish", article.pk), fields(asked))
    assert refused.status_code == 409
    assert not Edition.objects.live().exists()
    Article.objects.filter(pk=article.pk).update(title="港はいつ開く？")
    article.refresh_from_db()
    publishing.save(article, by=None)
    asked = desk.get(address("publish", article.pk))
    assert desk.post(address("publish", article.pk), fields(asked)).status_code == 302


def test_a_manuscript_is_put_right_as_it_is_imported(desk: Client) -> None:
    text = "港はいつ開く(?マーク)\n\n見出し: 工事\n本文: 工事が進む。\n"
    page = desk.post(address_of_import(), {"manuscript": text, "read": "1"})
    assert "直す：" in page.content.decode()
    sent = {**fields(page), "mend": "left_over_mark title", "publish": "1"}
    sent.pop("read", None)
    saved = desk.post(address_of_import(), sent)
    made = Article.objects.get()
    assert made.title == "港はいつ開く"
    assert saved["Location"] == address("publish", made.pk)


def test_several_things_in_one_text_are_put_right_as_they_are_ticked(desk: Client) -> None:
    text = "港は（）いつ開く(?マーク)\n\n見出し: 工事\n本文: 工事が進む。\n"
    sent: dict[str, Any] = {**fields(desk.post(address_of_import(), {"manuscript": text})), "save": "1"}
    sent.pop("read", None)
    desk.post(address_of_import(), {**sent, "mend": ["empty_brackets title"]})
    assert Article.objects.get().title == "港はいつ開く(?マーク)"
    Article.objects.all().delete()
    desk.post(address_of_import(), {**sent, "mend": ["left_over_mark title", "empty_brackets title"]})
    assert Article.objects.get().title == "港はいつ開く"


def test_a_manuscript_that_is_not_put_right_keeps_its_words(desk: Client) -> None:
    text = "港はいつ開く(?マーク)\n\n見出し: 工事\n本文: 工事が進む。\n"
    sent: dict[str, Any] = {**fields(desk.post(address_of_import(), {"manuscript": text})), "save": "1"}
    desk.post(address_of_import(), sent)
    assert Article.objects.get().title == "港はいつ開く(?マーク)"


def address_of_import() -> str:
    return reverse("admin:articles_article_import")


def test_a_text_is_put_at_any_place() -> None:
    document = Document(
        title="題", sections=(Section(opening=(Comment("", "声"),), sources=(Source(caption="要旨"),)),)
    )
    assert put(document, "title", "別の題").title == "別の題"
    assert put(document, "sections[0].sources[0].key_points", "一\n二").sections[0].sources[0].key_points == (
        "一",
        "二",
    )
    assert put(document, "sections[0].opening[0].text", "別の声").sections[0].opening[0].text == "別の声"
    assert put(document, "takeaways", "一\n二").takeaways == ("一", "二")
