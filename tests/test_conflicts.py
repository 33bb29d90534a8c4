"""Two editors at one article: what only one touched is merged, what both touched is decided, nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files import File
from django.db import connection
from django.test import Client
from django.urls import reverse

from articles import drafting, publishing
from articles.document import Comment, Document, Section, Source
from articles.models import Article, Autosave, SourceLink
from tests.desk import editor, fields, signed_in
from tests.newsroom import picture

pytestmark = pytest.mark.django_db

TEXT = Document(
    title="港の灯台は残るのか？",
    lead="灯台の今を追った。",
    sections=(
        Section(
            heading="歩み", body="灯台は百年前に建った。", sources=(Source(caption="町史", key_points=("石造り",)),)
        ),
        Section(heading="これから", body="町は調べている。", closing=(Comment("", "残ってほしいですね。"),)),
        Section(heading="費用", body="一億円かかる。"),
    ),
    takeaways=("灯台は残る。",),
    tags=("港", "灯台"),
)


@pytest.fixture
def article() -> Article:
    made = drafting.create(TEXT, unplaced="置けない行")
    publishing.save(made, by=None)
    return made


@pytest.fixture
def mine() -> Client:
    return signed_in(editor("hama", first_name="渡", last_name="浜"))


@pytest.fixture
def theirs() -> Client:
    return signed_in(editor("isoda"))


def page(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def opened(client: Client, article: Article) -> dict[str, str]:
    return fields(client.get(page(article)))


def save(client: Client, article: Article, form: dict[str, str], **changes: str) -> Any:
    return client.post(page(article), {**form, **changes})


def decide(client: Client, article: Article, asked: Any, **answers: str) -> Any:
    """Answer the screen of a conflict: `mine`, `theirs`, or another text for each place in its order."""
    form = {name: value for name, value in fields(asked).items() if name in ("form", "theirs", "version")}
    for number, answer in enumerate(answers.values()):
        known = answer in ("mine", "theirs", "")
        form |= {f"choice-{number}": answer if known else "text", f"text-{number}": "" if known else answer}
    return client.post(reverse("admin:articles_article_settle", args=[article.pk]), form)


def now(article: Article) -> Document:
    return drafting.read(Article.objects.get(pk=article.pk))


def test_what_only_one_touched_is_merged_and_told(mine: Client, theirs: Client, article: Article) -> None:
    form = opened(mine, article)
    save(
        theirs, article, opened(theirs, article), title="先の題", **{"sections-1-body": "先の本文。", "tags": "港、町"}
    )

    response = save(mine, article, form, lead="私のリード", **{"sections-0-sources-0-caption": "私の出典"})

    assert response.status_code == 302
    sections = (
        replace(TEXT.sections[0], sources=(replace(TEXT.sections[0].sources[0], caption="私の出典"),)),
        replace(TEXT.sections[1], body="先の本文。"),
        TEXT.sections[2],
    )
    assert now(article) == replace(TEXT, title="先の題", lead="私のリード", sections=sections, tags=("港", "町"))
    told = mine.get(response["Location"]).content.decode()
    assert "タイトル、セクション2：本文、タグ" in told
    assert "soda" in told
    assert article.editions.count() == 3
    assert article.editions.latest("number").created_by == User.objects.get(username="hama")


def test_both_texts_are_shown_and_either_can_be_taken(mine: Client, theirs: Client, article: Article) -> None:
    form = opened(mine, article)
    save(theirs, article, opened(theirs, article), title="先に保存した題", lead="先のリード")

    asked = save(mine, article, form, title="私が書いた題", lead="私のリード", **{"sections-0-body": "私の本文。"})

    assert asked.status_code == 409
    shown = asked.content.decode()
    assert "isoda" in shown
    assert "<ins>" in shown
    assert "<del>" in shown
    assert now(article).title == "先に保存した題"
    assert save(mine, article, form, title="私が書いた題").status_code == 409, "sending it again does not get past"

    assert decide(mine, article, asked, title="mine", lead="theirs").status_code == 302
    assert (now(article).title, now(article).lead) == ("私が書いた題", "先のリード")
    assert now(article).sections[0].body == "私の本文。"


def test_a_third_text_can_be_made_of_both(mine: Client, theirs: Client, article: Article) -> None:
    form = opened(mine, article)
    save(theirs, article, opened(theirs, article), **{"sections-0-sources-0-key_points": "石造り\n先の点"})
    asked = save(mine, article, form, **{"sections-0-sources-0-key_points": "石造り\n私の点", "_continue": "1"})
    response = decide(mine, article, asked, points="石造り\n先の点\n私の点")
    assert response.status_code == 302
    assert response["Location"] == page(article), "the button that was pressed first decides where it goes on"
    assert now(article).sections[0].sources[0].key_points == ("石造り", "先の点", "私の点")


def test_nothing_is_saved_until_all_is_decided(mine: Client, theirs: Client, article: Article) -> None:
    form = opened(mine, article)
    day = "sections-0-sources-0-published_on"
    save(theirs, article, opened(theirs, article), title="先", **{day: "2025-01-01"})
    asked = save(mine, article, form, title="私", **{day: "2025-02-02"})
    again = decide(mine, article, asked, title="二人の題", day="")
    assert again.status_code == 422
    assert "二人の題" in again.content.decode()
    again = decide(mine, article, again, title="mine", day="春ごろ")
    assert again.status_code == 422
    assert "春ごろ" in again.content.decode()
    assert now(article).title == "先"
    assert decide(mine, article, again, title="mine", day="2025-03-03").status_code == 302
    assert now(article).title == "私"


def test_whoever_saves_during_the_decision_is_met_too(mine: Client, theirs: Client, article: Article) -> None:
    form = opened(mine, article)
    save(theirs, article, opened(theirs, article), title="先の題")
    asked = save(mine, article, form, title="私の題")
    save(theirs, article, opened(theirs, article), title="もっと先の題", lead="先のリード")

    again = decide(mine, article, asked, title="mine")

    assert again.status_code == 409
    assert "もっと先の題" in again.content.decode()
    assert decide(mine, article, again, title="mine").status_code == 302
    assert (now(article).title, now(article).lead) == ("私の題", "先のリード")


def test_a_section_that_another_removed_can_be_kept(mine: Client, theirs: Client, article: Article) -> None:
    for answer, headings in (("mine", ["費用", "歩み", "これから"]), ("theirs", ["これから", "費用"])):
        form = opened(mine, article)
        save(theirs, article, opened(theirs, article), **{"sections-0-DELETE": "on"})
        asked = save(mine, article, form, **{"sections-0-body": "私が足した本文。"})
        assert asked.status_code == 409
        assert "私が足した本文。" in asked.content.decode()
        assert decide(mine, article, asked, section=answer).status_code == 302
        assert sorted(section.heading for section in now(article).sections) == sorted(headings)
        publishing.restore(Article.objects.get(), article.editions.get(number=1), by=None)


def test_sections_that_one_moved_and_the_other_wrote_in_follow(mine: Client, theirs: Client, article: Article) -> None:
    form = opened(mine, article)
    order = {"sections-0-position": "2", "sections-1-position": "0", "sections-2-position": "1"}
    save(theirs, article, opened(theirs, article), **order)
    response = save(mine, article, form, **{"sections-0-body": "百年前だった。", "sections-2-DELETE": "on"})
    assert response.status_code == 302
    assert [(each.heading, each.body) for each in now(article).sections] == [
        ("これから", "町は調べている。"),
        ("歩み", "百年前だった。"),
    ]


def test_unplaced_lines_and_alternative_texts_are_met_as_well(mine: Client, theirs: Client, article: Article) -> None:
    SourceLink.objects.get().image.save("a.png", File(picture(), "a.png"))
    publishing.save(article, by=None)
    alt = "sections-0-sources-0-image_alt"
    form = opened(mine, article)
    save(theirs, article, opened(theirs, article), unplaced="先の残り", **{alt: "先の説明"})
    asked = save(mine, article, form, unplaced="私の残り", **{alt: "私の説明"})
    assert asked.status_code == 409
    assert decide(mine, article, asked, unplaced="二人の残り", alt="mine").status_code == 302
    assert Article.objects.get().unplaced == "二人の残り"
    assert SourceLink.objects.get().image_alt == "私の説明"


def test_an_emptied_field_is_taken_over_when_only_one_emptied_it(
    mine: Client, theirs: Client, article: Article
) -> None:
    form = opened(mine, article)
    save(theirs, article, opened(theirs, article), unplaced="", lead="")
    assert save(mine, article, form, title="私の題").status_code == 302
    assert Article.objects.get().unplaced == ""
    assert (now(article).title, now(article).lead) == ("私の題", "")


def test_a_picture_that_was_chosen_is_not_lost_in_a_merge(mine: Client, theirs: Client, article: Article) -> None:
    form = opened(mine, article)
    save(theirs, article, opened(theirs, article), **{"sections-1-DELETE": "on"})
    upload = picture()
    upload.name = "a.png"
    changes: dict[str, Any] = {"sections-0-sources-0-image": upload, "sections-0-sources-0-image_alt": "赤と青"}
    assert save(mine, article, form, **changes).status_code == 302
    shown = SourceLink.objects.get()
    assert shown.image_width == 40
    assert shown.image_alt == "赤と青"


def test_an_article_that_another_deleted_can_be_made_anew(mine: Client, theirs: Client, article: Article) -> None:
    form = opened(mine, article)
    theirs.post(reverse("admin:articles_article_delete", args=[article.pk]), {"post": "yes"})
    assert not Article.objects.exists()

    response = save(mine, article, form, title="私の題", **{"sections-0-body": "私の本文。"})

    assert response.status_code == 409
    shown = fields(response)
    assert (shown["title"], shown["sections-0-body"], shown["tags"]) == ("私の題", "私の本文。", "港、灯台")
    assert mine.post(reverse("admin:articles_article_add"), shown).status_code == 302
    assert now(Article.objects.get()).sections[0].body == "私の本文。"


def test_an_article_deleted_during_the_decision_keeps_both_texts(
    mine: Client, theirs: Client, article: Article
) -> None:
    form = opened(mine, article)
    save(theirs, article, opened(theirs, article), title="先の題")
    asked = save(mine, article, form, title="私の題")
    theirs.post(reverse("admin:articles_article_delete", args=[article.pk]), {"post": "yes"})

    response = decide(mine, article, asked, title="二人の題")

    assert response.status_code == 409
    shown = fields(response)
    assert (shown["title"], shown["unplaced"]) == ("私の題", "置けない行\n二人の題")
    assert decide(Client(), article, asked, title="二人の題").status_code == 403


def test_nothing_but_a_save_makes_a_copy_stale(mine: Client, theirs: Client, article: Article) -> None:
    """Publishing, scheduling, withdrawing, keeping unsaved text and being there leave the version alone."""
    form = opened(mine, article)
    edition = article.editions.get()
    publishing.publish(edition, by=None)
    chosen = {"action": "withdraw_selected", "_selected_action": str(article.pk), "apply": "1"}
    theirs.post(reverse("admin:articles_article_changelist"), chosen)
    publishing.withdraw(article, by=None)
    publishing.publish(article.editions.get(number=1), by=None)
    publishing.unschedule(article, by=None)
    assert Article.objects.get().version == 0
    assert save(mine, article, form, title="私の題").status_code == 302
    assert now(article).title == "私の題"


def test_a_save_without_changes_between_is_no_reason_to_ask(mine: Client, theirs: Client, article: Article) -> None:
    form = opened(mine, article)
    save(theirs, article, opened(theirs, article))
    assert Article.objects.get().version == 1
    assert save(mine, article, form, title="私の題").status_code == 302


def test_a_restored_edition_is_met_like_any_save(mine: Client, article: Article) -> None:
    save(mine, article, opened(mine, article), title="二つ目の題", lead="二つ目のリード")
    form = opened(mine, article)
    publishing.restore(Article.objects.get(), article.editions.get(number=1), by=None)
    asked = save(mine, article, form, title="私の題")
    assert asked.status_code == 409
    assert decide(mine, article, asked, title="mine").status_code == 302
    assert (now(article).title, now(article).lead) == ("私の題", TEXT.lead)


def test_strangers_decide_nothing(article: Article, mine: Client, theirs: Client) -> None:
    form = opened(mine, article)
    save(theirs, article, opened(theirs, article), title="先の題")
    asked = save(mine, article, form, title="私の題")
    reader = signed_in(User.objects.create_user("reader"))
    staff = signed_in(User.objects.create_user("staff", is_staff=True))
    for client, expected in ((Client(), 403), (reader, 302), (staff, 403)):
        assert decide(client, article, asked, title="mine").status_code == expected
    address = reverse("admin:articles_article_settle", args=[article.pk])
    for bad in ({}, {"form": "x", "theirs": "1"}, {"form": "[]", "theirs": "1"}, {"form": "{}", "theirs": "99"}):
        assert mine.post(address, bad).status_code == 404
    assert mine.get(address).status_code == 405
    assert now(article).title == "先の題"


# -- one form sent twice


def test_a_new_article_sent_twice_is_saved_once(mine: Client) -> None:
    add = reverse("admin:articles_article_add")
    form = fields(mine.get(add)) | {"title": "橋はいつ架かる？"}
    first, second = mine.post(add, form), mine.post(add, form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert second["Location"] == page(Article.objects.get())


def test_going_back_and_saving_other_text_changes_the_one_article(mine: Client) -> None:
    add = reverse("admin:articles_article_add")
    form = fields(mine.get(add)) | {"title": "橋はいつ架かる？"}
    mine.post(add, form)
    article = Article.objects.get()
    assert mine.post(add, form | {"lead": "書き足した。"}).status_code == 302
    assert (now(article).title, now(article).lead) == ("橋はいつ架かる？", "書き足した。")
    assert Article.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_one_article(mine: Client) -> None:
    add = reverse("admin:articles_article_add")
    form = fields(mine.get(add)) | {"title": "橋はいつ架かる？"}
    user = User.objects.get(username="hama")
    clients = [signed_in(user) for _ in range(20)]
    together = Barrier(20)

    def send(client: Client) -> Any:
        together.wait()
        try:
            return client.post(add, form)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        responses = list(pool.map(send, clients))

    article = Article.objects.get()
    assert {response.status_code for response in responses} == {302}
    assert article.editions.count() == 1
    to_it = [response for response in responses if response["Location"] == page(article)]
    assert len(to_it) == 19, "one went to the list as after any save, the others to the article"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one transaction at a time begin")
def test_two_saves_at_once_of_different_fields_are_both_kept(article: Article, mine: Client, theirs: Client) -> None:
    forms = [opened(mine, article) | {"title": "題"}, opened(theirs, article) | {"lead": "リード"}]
    together = Barrier(2)

    def send(number: int) -> int:
        together.wait()
        try:
            return (mine, theirs)[number].post(page(article), forms[number]).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(send, (0, 1))) == [302, 302]
    assert (now(article).title, now(article).lead) == ("題", "リード")


def test_what_was_refused_stands_in_the_slot(mine: Client, theirs: Client, article: Article) -> None:
    form = opened(mine, article)
    refused = save(mine, article, form, title="私の題", **{"sections-0-sources-0-url": "半端な住所"})
    assert refused.status_code == 422
    assert Autosave.objects.get().data["sections-0-sources-0-url"] == ["半端な住所"]
    save(theirs, article, opened(theirs, article), title="先の題")
    assert save(mine, article, form, title="私の題").status_code == 409
    slot = Autosave.objects.get()
    assert (slot.data["title"], slot.article, slot.user.username) == (["私の題"], article, "hama")
    asked = save(mine, article, form, title="私の題")
    assert decide(mine, article, asked, title="mine").status_code == 302
    assert not Autosave.objects.exists()
