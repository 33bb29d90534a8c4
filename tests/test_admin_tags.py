"""The tags' screen: a tag that readers see is renamed or deleted."""

import pytest
from django.test import Client
from django.urls import reverse
from taggit.models import Tag

from tests.desk import editor, signed_in
from tests.newsroom import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    return signed_in(editor())


@pytest.fixture
def tag() -> Tag:
    published(tags=("港",))
    return Tag.objects.get(name="港")


def stored(client: Client, url: str) -> dict[str, str]:
    """What a reader who has the page sends to ask whether it changed."""
    return {"if-none-match": client.get(url)["ETag"]}


def test_a_renamed_tag_reaches_readers_at_once(client: Client, desk: Client, tag: Tag) -> None:
    have = stored(client, "/tags/")
    assert client.get("/tags/", headers=have).status_code == 304
    answer = desk.post(reverse("admin:taggit_tag_change", args=[tag.pk]), {"name": "ＰＯＲＴ"})
    assert answer.status_code == 302
    anew = client.get("/tags/", headers=have)
    assert anew.status_code == 200
    assert "PORT" in anew.content.decode()
    assert "PORT" in client.get("/tags/port/").content.decode()
    moved = client.get("/tags/港/")
    assert (moved.status_code, moved["Location"]) == (301, "/tags/port/")


def test_a_deleted_tag_is_gone_from_readers_pages_at_once(client: Client, desk: Client, tag: Tag) -> None:
    have = stored(client, "/tags/")
    assert desk.post(reverse("admin:taggit_tag_delete", args=[tag.pk]), {"post": "yes"}).status_code == 302
    anew = client.get("/tags/", headers=have)
    assert anew.status_code == 200
    assert "港" not in anew.content.decode()


def test_tags_deleted_from_the_list_are_gone_too(client: Client, desk: Client, tag: Tag) -> None:
    have = stored(client, "/tags/")
    chosen = {"action": "delete_selected", "_selected_action": [tag.pk], "post": "yes"}
    assert desk.post(reverse("admin:taggit_tag_changelist"), chosen).status_code == 302
    assert client.get("/tags/", headers=have).status_code == 200


def test_a_tag_of_drafts_only_changes_nothing_for_readers(client: Client, desk: Client, tag: Tag) -> None:
    unused = Tag.objects.create(name="未使用")
    have = stored(client, "/tags/")
    desk.post(reverse("admin:taggit_tag_change", args=[unused.pk]), {"name": "使わない"})
    assert client.get("/tags/", headers=have).status_code == 304
