"""Tags are renamed and merged for all articles at once, and what they were called leads to what they are called."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F
from django.test import Client
from django.urls import reverse
from taggit.models import Tag

from articles import drafting, publishing, tagging
from articles.admin.tags import suggested
from articles.document import Document
from articles.models import Article, Edition, EditionTag, Event
from articles.models.tags import FormerTag
from articles.tagging import TagTaken
from articles.text import kana_forms
from articles.workflow import Role
from tests.desk import editor, person, signed_in
from tests.newsroom import changed, drafted, published
from tests.reading import page

pytestmark = pytest.mark.django_db


def named(name: str) -> Tag:
    return Tag.objects.get(name=name)


def names_of(article: Article) -> tuple[str, ...]:
    return drafting.read(article).tags


@pytest.fixture
def both() -> tuple[Edition, Edition]:
    """An article with both tags, and one with the second only."""
    return published(tags=("港", "みなと", "船")), published("橋はいつ架かる？", tags=("みなと",))


def test_merged_tags_are_one_everywhere(client: Client, both: tuple[Edition, Edition]) -> None:
    first, second = both
    old = named("みなと").slug
    assert tagging.merge([named("みなと")], named("港"), by=editor()) == 1
    assert [names_of(each.article) for each in both] == [("港", "船"), ("港",)]
    assert not Tag.objects.filter(name="みなと").exists()
    assert {row.edition_id for row in EditionTag.objects.filter(tag=named("港"))} == {first.pk, second.pk}
    moved = client.get(f"/tags/{old}/")
    assert (moved.status_code, moved["Location"]) == (301, reverse("tag", args=[named("港").slug]))
    assert "橋はいつ架かる" in page(client.get(moved["Location"])).text
    event = Event.objects.get(verb="merge_tags")
    assert (event.by_name, event.details) == ("hama", {"was": ["みなと"], "tags": ["港"]})


def test_every_feed_of_a_merged_tag_leads_to_the_one_that_stays(client: Client, both: tuple[Edition, Edition]) -> None:
    old = named("みなと").slug
    tagging.merge([named("みなと")], named("港"), by=editor())
    for name in ("rss", "atom", "json-feed"):
        moved = client.get(reverse(f"tag-{name}", args=[old]))
        assert (moved.status_code, moved["Location"]) == (301, reverse(f"tag-{name}", args=[named("港").slug]))


def test_a_reader_who_has_the_page_of_a_merged_tag_is_led_on(client: Client, both: tuple[Edition, Edition]) -> None:
    address = reverse("tag", args=[named("みなと").slug])
    stored = client.get(address)["ETag"]
    tagging.merge([named("みなと")], named("港"), by=editor())
    assert client.get(address, headers={"if-none-match": stored}).status_code == 301


def test_whoever_writes_a_merged_name_means_the_tag_of_today(both: tuple[Edition, Edition]) -> None:
    waiting = publishing.save(drafted("灯台は？", tags=("みなと", "港", "船")), by=None)
    tagging.merge([named("みなと")], named("港"), by=editor())
    assert names_of(drafted("祭りは？", tags=("みなと", "祭り"))) == ("港", "祭り")
    published_later = publishing.publish(waiting, by=None, despite_findings=True)
    assert [row.tag.name for row in published_later.edition_tags.all()] == ["港", "船"]


def test_names_in_latin_letters_are_known_whatever_their_case() -> None:
    drafted(tags=("OpenLab", "研究所"))
    tagging.merge([named("OpenLab")], named("研究所"), by=editor())
    assert names_of(drafted(tags=("openlab",))) == ("研究所",)


def test_a_tag_merged_twice_leads_to_where_it_ended(client: Client) -> None:
    published(tags=("一", "二", "三"))
    first, second = named("一").slug, named("二").slug
    tagging.merge([named("一")], named("二"), by=editor())
    tagging.merge([named("二")], named("三"), by=editor("oki"))
    for slug in (first, second):
        assert client.get(f"/tags/{slug}/")["Location"] == reverse("tag", args=[named("三").slug])


def test_renaming_and_renaming_back_leaves_no_circle(client: Client) -> None:
    published(tags=("港",))
    tag, by = named("港"), editor()
    tagging.rename(tag, "港湾", by=by)
    assert client.get("/tags/港/").status_code == 301
    tagging.rename(tag, "港", by=by)
    assert client.get("/tags/港/").status_code == 200
    assert client.get("/tags/港湾/").status_code == 301
    assert names_of(drafted(tags=("港湾",))) == ("港",)


def test_a_tag_made_anew_takes_its_name_back(client: Client, both: tuple[Edition, Edition]) -> None:
    by = editor()
    tagging.merge([named("みなと")], named("港"), by=by)
    signed_in(by).post(reverse("admin:taggit_tag_add"), {"name": "みなと"})
    assert not FormerTag.objects.exists()
    assert names_of(drafted(tags=("みなと",))) == ("みなと",)


def test_a_tag_of_drafts_is_told_to_nobody(client: Client) -> None:
    drafted(tags=("秘密", "極秘"))
    old = named("秘密").slug
    tagging.merge([named("秘密")], named("極秘"), by=editor())
    assert client.get(f"/tags/{old}/").status_code == 404


def test_two_names_of_one_address_get_two_addresses() -> None:
    drafted(tags=("C", "言語"))
    tagging.rename(named("言語"), "C++", by=editor())
    assert named("C").slug != named("C++").slug


def test_names_that_are_taken_or_cannot_be_are_refused() -> None:
    drafted(tags=("港", "船"))
    by = editor()
    with pytest.raises(TagTaken, match="まとめ"):
        tagging.rename(named("船"), "港", by=by)
    with pytest.raises(ValidationError):
        tagging.rename(named("船"), "！？", by=by)
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["港", "船"]


def test_a_working_copy_opened_before_the_merge_saves_what_is_meant(both: tuple[Edition, Edition]) -> None:
    article = both[1].article
    tagging.merge([named("みなと")], named("港"), by=editor())
    drafting.write(article, Document(title="橋は？", tags=("みなと",)))
    assert names_of(article) == ("港",)
    assert changed(article, "橋はもう？").document["tags"] == ["港"]


# -- the screens


def chosen(*names: str) -> dict[str, object]:
    return {"action": "merge_selected", "_selected_action": [named(name).pk for name in names]}


def test_an_editor_merges_by_the_list(both: tuple[Edition, Edition]) -> None:
    desk, tags = signed_in(editor()), reverse("admin:taggit_tag_changelist")
    asked = desk.post(tags, chosen("港", "みなと"))
    assert [tag.name for tag in asked.context["tags"]] == ["みなと", "港"], "the one of most articles first"
    done = desk.post(tags, {**chosen("港", "みなと"), "into": named("港").pk, "apply": "1"}, follow=True)
    assert "まとめました" in done.content.decode()
    assert not Tag.objects.filter(name="みなと").exists()
    known = desk.get(reverse("admin:taggit_tag_change", args=[named("港").pk]))
    assert "みなと" in known.content.decode()


def test_one_tag_alone_cannot_be_merged(both: tuple[Edition, Edition]) -> None:
    desk = signed_in(editor())
    told = desk.post(reverse("admin:taggit_tag_changelist"), chosen("港"), follow=True)
    assert "2つ以上" in told.content.decode()
    assert Tag.objects.count() == 3


def test_a_writer_merges_nothing_and_is_suggested_tags(both: tuple[Edition, Edition], client: Client) -> None:
    desk = signed_in(person(Role.WRITER))
    desk.post(reverse("admin:taggit_tag_changelist"), {**chosen("港", "みなと"), "into": named("港").pk, "apply": "1"})
    assert Tag.objects.count() == 3
    suggest = reverse("admin:taggit_tag_suggest")
    assert desk.get(suggest, {"q": "港"}).json() == {"tags": ["港"]}
    assert client.get(suggest, {"q": "港"}).status_code == 302


def test_the_list_tells_where_tags_are_used(both: tuple[Edition, Edition]) -> None:
    drafted(tags=("船",))
    page = signed_in(editor()).get(reverse("admin:taggit_tag_changelist"))
    assert {tag.name: (tag.uses, tag.on_show) for tag in page.context["cl"].result_list} == {
        "港": (1, 1),
        "みなと": (2, 2),
        "船": (2, 1),
    }
    assert f'?tag={named("船").slug}">2</a>' in page.content.decode()


def test_the_list_costs_the_same_for_any_number_of_tags(django_assert_max_num_queries: object) -> None:
    drafted(tags=tuple(f"札{number}" for number in range(40)))
    desk = signed_in(editor())
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        desk.get(reverse("admin:taggit_tag_changelist"))


def test_what_begins_with_the_word_is_suggested_first_and_kana_are_one() -> None:
    drafted(tags=("新しい港", "港", "港湾", "ミナト祭"))
    drafted("別", tags=("新しい港",))
    assert suggested("港") == ["港", "港湾", "新しい港"]
    assert suggested("みなと") == ["ミナト祭"]
    assert suggested("　") == suggested("ない") == []
    tagging.rename(named("港湾"), "ハーバー", by=editor())
    assert "ハーバー" in suggested("港湾")


def test_kana_are_turned_into_each_other() -> None:
    assert kana_forms("ミナとA") == {"ミナとA", "ミナトA", "みなとA"}


def test_renaming_keeps_the_ids_of_feeds(client: Client) -> None:
    published(tags=("港",))
    before = client.get(reverse("tag-json-feed", args=["港"])).json()["items"]
    tagging.rename(named("港"), "港湾", by=editor())
    after = client.get(reverse("tag-json-feed", args=["港湾"])).json()["items"]
    assert [item["id"] for item in before] == [item["id"] for item in after]
    assert FormerTag.objects.filter(tag__name=F("tag__name")).count() == 1
