"""The trail's screen: who did what, found by person, kind, article and date; read by editors, written by nobody."""

import ast
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import publishing, trail
from articles.models import Article, Event
from articles.trail import VERBS
from articles.workflow import Role
from tests.catalogue import ROOT
from tests.desk import person, signed_in
from tests.newsroom import drafted

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/event/"


@pytest.fixture
def user() -> User:
    return person(Role.EDITOR, "hama")


@pytest.fixture
def desk(user: User) -> Client:
    return signed_in(user)


def shown(desk: Client, **query: Any) -> list[str]:
    """The kinds of the events on the page, in its order."""
    page = desk.get(LIST, query).content.decode()
    return re.findall(r'class="field-what">(.*?)</td>', page)


def test_events_are_found_by_person_kind_article_and_date(desk: Client, user: User) -> None:
    other = person(Role.PUBLISHER, "hoka")
    first, second = drafted("一つ目"), drafted("二つ目")
    trail.record("publish", by=user, article=first, edition=1)
    trail.record("withdraw", by=other, article=first, reason="誤報のため")
    trail.record("import", by=None, article=second)
    Event.objects.filter(verb="publish").update(at=timezone.now() - timedelta(days=40))

    assert shown(desk) == ["原稿を取り込みました", "取り下げました", "公開しました"], "newest first"
    assert shown(desk, by=other.pk) == ["取り下げました"]
    assert shown(desk, by="none") == ["原稿を取り込みました"]
    assert shown(desk, verb="publish") == ["公開しました"]
    assert shown(desk, article=first.pk) == ["取り下げました", "公開しました"]
    assert shown(desk, at__gte=str(timezone.now() - timedelta(days=2))) == [
        "原稿を取り込みました",
        "取り下げました",
    ]
    assert shown(desk, q="二つ目") == ["原稿を取り込みました"]
    page = desk.get(LIST).content.decode()
    assert "理由: 誤報のため" in page
    assert reverse("admin:articles_article_change", args=[first.pk]) in page


@pytest.mark.parametrize("query", [{"by": "x"}, {"by": "9" * 30}, {"verb": "improve"}, {"article": "x"}, {"p": "9999"}])
def test_what_cannot_be_asked_is_no_error(desk: Client, query: dict[str, str]) -> None:
    assert desk.get(LIST, query).status_code in (200, 302)


def test_nobody_writes_the_trail(desk: Client, user: User) -> None:
    event = trail.record("publish", by=user, article=drafted())
    chief = signed_in(User.objects.create_superuser("chief"))
    for client in (desk, chief):
        assert client.get(f"{LIST}add/").status_code == 403
        assert client.post(f"{LIST}{event.pk}/change/", {"verb": "withdraw"}).status_code == 403
        assert client.post(f"{LIST}{event.pk}/delete/", {"post": "yes"}).status_code == 403
        client.post(LIST, {"action": "delete_selected", "_selected_action": event.pk, "post": "yes"})
    assert Event.objects.get().verb == "publish"


def test_writers_and_strangers_do_not_read_it() -> None:
    for user in (person(Role.WRITER), User.objects.create_user("staff", is_staff=True)):
        assert signed_in(user).get(LIST).status_code == 403
    assert Client().get(LIST).status_code == 302


def test_the_page_costs_the_same_however_many_events(
    desk: Client, user: User, django_assert_max_num_queries: Any
) -> None:
    article = drafted()
    Event.objects.bulk_create(
        Event(verb="publish", by=user, by_name="hama", article=article, title="題", details={"edition": number})
        for number in range(250)
    )
    with django_assert_max_num_queries(10) as made:
        page = desk.get(LIST).content.decode()
    assert page.count('class="field-what"') == 100
    assert not any("COUNT(*)" in query["sql"] and "LIMIT" not in query["sql"] for query in made)
    assert desk.get(LIST, {"p": "3"}).content.decode().count('class="field-what"') == 50


def test_markup_and_control_characters_in_names_forge_nothing(desk: Client, user: User) -> None:
    article = drafted("題\r\n<script>alert(1)</script>")
    trail.record("withdraw", by=user, article=article, reason="<b>理由</b>\x1b[2J\r\n2026 chief withdrew")
    page = desk.get(LIST).content.decode()
    assert "<script>alert(1)" not in page
    assert "<b>理由</b>" not in page
    assert page.count('class="field-what"') == 1


def test_times_and_lists_are_told_as_a_person_reads_them(user: User) -> None:
    article = drafted()
    at = timezone.now() + timedelta(days=1)
    publishing.publish(publishing.save(article, by=user), by=user, at=at)
    event = Event.objects.get()
    told = trail.tell(event)
    assert "版: 1" in told
    assert f"{timezone.localtime(at).year}年" in told
    assert "T" not in told
    assert trail.tell(Event(verb="add_tags", details={"tags": ["港", "橋"], "published": True})) == (
        "タグ: 港、橋、published: はい"
    )


def _recorded() -> set[str]:
    """The verbs that the code records, as they stand in its calls."""
    found = set()
    for path in (ROOT / "articles").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "trail.record" and node.args:
                found |= {
                    each.value
                    for each in ast.walk(node.args[0])
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                }
    return found


def test_the_code_records_only_verbs_that_have_a_name() -> None:
    assert _recorded() <= set(VERBS)
    assert {"publish", "withdraw", "delete", "approve", "note", "share_draft"} <= set(VERBS)
    assert not Article.objects.exists()
