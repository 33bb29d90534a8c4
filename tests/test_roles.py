"""Roles at the desk: the groups, what cannot be sent past them, and what happens when one is taken away."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.db.migrations import Migration
from django.test import Client
from django.urls import NoReverseMatch, reverse

from articles import drafting, noting, publishing, reviewing, workflow
from articles.after_migrating import let_editors_write_pages
from articles.document import Document, Section
from articles.models import Article, Autosave, Edition, Event
from articles.workflow import GROUPS, Role
from tests.desk import editor, fields, person, signed_in
from tests.test_access import ALL

pytestmark = pytest.mark.django_db

migration = import_module("articles.migrations.0008_roles")


def made(owner: User | None = None, title: str = "橋はいつ架かる？") -> Article:
    article = drafting.create(Document(title=title, sections=(Section(heading="今", body="動いた。"),)), by=owner)
    publishing.save(article, by=owner)
    return article


def address(name: str, article: Article) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def rights(holder: Group) -> set[str]:
    return {f"{each.content_type.app_label}.{each.codename}" for each in holder.permissions.all()}


# -- the groups


class _Editor:
    connection = connection


def test_the_migration_makes_the_groups_where_no_permission_is_yet() -> None:
    Group.objects.all().delete()
    Permission.objects.all().delete()
    migration.make_groups(apps, _Editor)
    create_permissions(apps.get_app_config("flatpages"), verbosity=0)
    let_editors_write_pages(connection.alias, [(Migration("0001_initial", "flatpages"), False)])
    for role in Role:
        assert rights(Group.objects.get(name=GROUPS[role])) == workflow.permissions(role)


def test_the_migration_takes_no_rights_from_whoever_could_publish_before() -> None:
    change = Permission.objects.get(codename="change_article")
    newsroom = Group.objects.create(name="編集部")
    newsroom.permissions.add(change)
    user = User.objects.create_user("mukashi", is_staff=True)
    user.user_permissions.add(change)
    stranger = Group.objects.create(name="ほか")
    migration.make_groups(apps, _Editor)
    for name in ("edit_any_article", "approve_article", "publish_article"):
        assert newsroom.permissions.filter(codename=name).exists()
        assert user.has_perm(f"articles.{name}")
    assert not rights(stranger)


def test_each_role_can_do_what_the_one_before_it_can() -> None:
    writer, desk_editor, publisher = map(workflow.permissions, Role)
    assert writer < desk_editor < publisher
    assert all(name.split(".")[0] in ("articles", "taggit", "flatpages") for name in publisher), (
        "nobody rises by their role"
    )
    known = {f"{each.content_type.app_label}.{each.codename}" for each in Permission.objects.all()}
    assert publisher <= known


# -- addresses


OURS = ("admin:articles_", "admin:taggit_", "admin:flatpages_")
NEWSROOM = sorted({name for route, name, _ in ALL if name.startswith(OURS)})


def places(name: str, article: Article) -> list[str]:
    """The address of that name, every number in it the article's or 1."""
    for more in ([], [article.pk], [article.pk, 1], [article.pk, 1, "settle"], [article.pk, 1, 1]):
        try:
            return [reverse(name, args=more)]
        except NoReverseMatch:
            continue
    raise AssertionError(f"{name} takes arguments that this test does not know")


@pytest.mark.parametrize("name", NEWSROOM)
def test_somebody_at_the_desk_without_a_role_reaches_nothing_of_the_newsroom(name: str) -> None:
    article = made(editor("somebody"))
    desk = signed_in(User.objects.create_user("nobody", is_staff=True))
    for place in places(name, article):
        for answer in (desk.get(place), desk.post(place, {"title": "x"})):
            refused = answer.status_code in (403, 404, 405)
            away = answer.status_code == 302 and answer["Location"] == reverse("admin:index")
            assert refused or away, f"{place} gave {answer.status_code}"
    assert Article.objects.get().version == 0


@pytest.mark.parametrize("name", [name for name in NEWSROOM if name.startswith("admin:articles_article_")])
def test_no_address_lets_a_writer_change_the_article_of_another(name: str) -> None:
    owner = editor("somebody")
    article = made(owner)
    desk = signed_in(person(Role.WRITER))
    form = fields(signed_in(owner).get(address("change", article)))
    before = _whole(article)
    for place in places(name, article):
        for more in ({}, {"post": "yes"}, {"edition": "1", "answer": "だめ", "approve": "1", "hours": "24"}):
            desk.post(place, form | {"title": "乗っ取り", "version": "0", **more})
    assert _whole(article) == before


def _whole(article: Article) -> Any:
    now = Article.objects.get(pk=article.pk)
    editions = list(Edition.objects.filter(article=article).values_list("number", "live_from", "live_until"))
    return drafting.read(now), now.version, now.stage, now.created_by_id, editions, now.reviews.count()


# -- what is sent


FORBIDDEN = {
    "stage": "approved",
    "created_by": "1",
    "version": "99",
    "follows": "1",
    "uid": "00000000-0000-0000-0000-000000000001",
    "form_token": "x",
    "required_findings": "0",
    "live_from": "2020-01-01T00:00",
    "published_at": "2020-01-01T00:00",
    "is_staff": "1",
    "is_superuser": "1",
    "groups": "1",
}


@pytest.mark.parametrize("role", list(Role))
def test_what_the_desk_decides_is_not_taken_from_a_form(role: Role) -> None:
    user = person(role)
    article = made(user)
    desk = signed_in(user)
    page = address("change", article)
    before = Article.objects.values("stage", "created_by", "version", "follows", "uid").get(pk=article.pk)
    assert desk.post(page, fields(desk.get(page)) | FORBIDDEN | {"lead": "書いた。"}).status_code == 302
    after = Article.objects.values("stage", "created_by", "version", "follows", "uid").get(pk=article.pk)
    assert after == before | {"version": 1}
    add = reverse("admin:articles_article_add")
    desk.post(add, fields(desk.get(add)) | FORBIDDEN | {"title": "新しい"})
    new = Article.objects.get(title="新しい")
    assert (new.stage, new.created_by, new.follows) == ("writing", user, None)
    assert not Edition.objects.live().exists()
    user.refresh_from_db()
    assert not user.is_superuser


def test_a_request_for_review_cannot_name_its_outcome() -> None:
    writer = person(Role.WRITER)
    article = made(writer)
    data = {
        "request": "",
        "assignee": "",
        "outcome": "approved",
        "asked_by": "1",
        "edition_number": "9",
        "stage": "approved",
    }
    signed_in(writer).post(address("review", article), data)
    review = article.reviews.get()
    assert (review.outcome, review.asked_by, review.edition_number) == ("open", writer, 1)


# -- rights that change while somebody is at work


def test_a_role_that_is_taken_away_ends_at_once() -> None:
    user = person(Role.PUBLISHER)
    article = made(user)
    desk = signed_in(user)
    form = fields(desk.get(address("publish", article)))
    assert "edition" in form
    user.groups.clear()
    assert desk.post(address("publish", article), form).status_code == 403
    assert desk.post(address("change", article), {"title": "x"}).status_code == 403
    assert not Edition.objects.live().exists()
    user.groups.add(Group.objects.get(name=GROUPS[Role.PUBLISHER]))
    User.objects.filter(pk=user.pk).update(is_active=False)
    answer = desk.post(address("publish", article), form)
    assert answer.status_code == 403
    assert "/admin/login/" in answer.content.decode()
    assert not Edition.objects.live().exists()


def test_roles_are_given_by_superusers_and_recorded_once() -> None:
    chief, user = editor("chief"), User.objects.create_user("kaku", password="for-tests")
    desk = signed_in(chief)
    page = reverse("admin:auth_user_change", args=[user.pk])
    group = Group.objects.get_or_create(name=GROUPS[Role.WRITER])[0]
    form = {name: value for name, value in fields(desk.get(page)).items() if name not in ("groups", "user_permissions")}
    desk.post(page, form | {"is_staff": "on", "groups": str(group.pk)})
    event = Event.objects.get()
    assert (event.verb, event.by, event.details["person"]) == ("change_roles", chief, "kaku")
    assert "ライター" in event.details["roles"]
    form = {name: value for name, value in fields(desk.get(page)).items() if name not in ("groups", "user_permissions")}
    desk.post(page, form | {"groups": str(group.pk), "first_name": "花"})
    assert Event.objects.count() == 1, "a new name is no new role"
    for role in Role:
        assert signed_in(person(role)).get(page).status_code == 403


# -- what others wrote stays theirs


def test_deleting_names_no_note_review_or_unsaved_text_of_others() -> None:
    writer, other = person(Role.WRITER), person(Role.EDITOR)
    article = made(writer)
    noting.write(article, "内緒のメモ", by=other)
    reviewing.ask(article, by=writer, request="内緒の依頼")
    Autosave.objects.create(user=other, article=article, data={"title": ["内緒の題"]})
    desk = signed_in(writer)
    page = desk.get(address("delete", article)).content.decode()
    chosen = {"action": "delete_selected", "_selected_action": article.pk}
    listed = desk.post(reverse("admin:articles_article_changelist"), chosen).content.decode()
    for text in (page, listed):
        assert article.title in text
        assert "内緒" not in text
        assert "editor" not in text.split("user-tools")[-1].split("</div>", 1)[1]


def test_the_delete_action_names_no_article_that_may_not_be_deleted() -> None:
    own, hidden = made(person(Role.WRITER)), made(editor("somebody"), "よその記事")
    desk = signed_in(User.objects.get(username="writer"))
    data = {"action": "delete_selected", "_selected_action": [own.pk, hidden.pk]}
    page = desk.post(reverse("admin:articles_article_changelist"), data).content.decode()
    assert "よその記事" not in page
    assert desk.post(reverse("admin:articles_article_changelist"), data | {"post": "yes"}).status_code == 403
    assert Article.objects.count() == 2


# -- the page for those who may only read


def test_a_writer_reads_the_article_of_another_without_a_form() -> None:
    article = made(editor("somebody"))
    page = signed_in(person(Role.WRITER)).get(address("change", article))
    text = page.content.decode()
    assert page.status_code == 200
    assert "動いた。" in text
    assert 'name="_save"' not in text
    assert 'name="sections-0-body"' not in text
    assert "djn-add-handler" not in text
    assert '"readonly": true' in text


def test_a_writer_is_offered_only_what_a_writer_may_do() -> None:
    writer = person(Role.WRITER)
    article = made(writer)
    desk = signed_in(writer)
    text = desk.get(address("change", article)).content.decode()
    assert 'name="_publish"' not in text
    assert address("publish", article) not in text
    assert address("review", article) in text
    listed = desk.get(reverse("admin:articles_article_changelist")).content.decode()
    for action, offered in {"publish_selected": False, "withdraw_selected": False, "review_selected": True}.items():
        assert (f'value="{action}"' in listed) is offered
    assert reverse("admin:articles_event_changelist") not in desk.get("/admin/").content.decode()
    assert Client().get(address("change", article)).status_code == 302
