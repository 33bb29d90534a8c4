"""`_newsdesk` in a JSON Feed: the article itself for programs, no more than the feed shows, and only what is live."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from articles import publishing
from articles.document import Document, Section, Source, from_json
from articles.models import Commentator, Edition
from tests.newsroom import changed, published
from tests.reading import page
from tests.test_feeds import NOW, illustrated
from tests.test_pages import WHOLE

pytestmark = pytest.mark.django_db


def item(client: Client, way: str = "") -> dict[str, Any]:
    """The only item of a JSON Feed."""
    (found,) = client.get(f"/feeds/{way}feed.json").json()["items"]
    return found  # type: ignore[no-any-return]


def newsdesk(client: Client, way: str = "") -> dict[str, Any]:
    return item(client, way)["_newsdesk"]  # type: ignore[no-any-return]


def test_the_whole_document_comes_back_out_of_it(client: Client) -> None:
    published("港はいつ開く？", **WHOLE)
    form = newsdesk(client)
    assert form["schema"] == 1
    assert from_json(form) == Document("港はいつ開く？", **WHOLE)


def test_it_says_where_it_is_explained(client: Client) -> None:
    published()
    place = "http://news.example/feeds/#newsdesk"
    assert newsdesk(client)["about"] == client.get("/feeds/feed.json").json()["_newsdesk"]["about"] == place
    assert len(page(client.get("/feeds/")).all(id="newsdesk")) == 1


@pytest.mark.parametrize(("way", "view"), [("", ""), ("brief/", ""), ("facts/", "facts/")])
def test_sections_have_the_address_of_their_place(client: Client, way: str, view: str) -> None:
    edition = published(sections=(Section(body="前置き。"), Section(question="いつ？", answer="五月。", body="報告。")))
    address = f"/articles/{edition.article_id}/{view}"
    urls = [section["url"] for section in newsdesk(client, way)["sections"]]
    assert urls[-1] == f"http://news.example{address}#s2"
    assert len(urls) == (1 if way == "brief/" else 2)
    assert page(client.get(address)).all(id="s2")


def test_pictures_have_whole_addresses_and_words(client: Client) -> None:
    edition = illustrated()
    assert edition.list_picture
    (source,) = newsdesk(client)["sections"][0]["sources"]
    assert source["image"] == f"http://news.example{edition.list_picture.url}"
    assert (source["image_alt"], source["image_width"], source["image_height"]) == ("赤い岸壁", 40, 30)
    assert source["image_credit"] == "町だより"


def test_corrections_stand_in_it_newest_first(client: Client) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        edition = published()
        for note in ("一つめ。", "二つめ。\n二行。"):
            clock.shift(timedelta(hours=1))
            publishing.publish(changed(edition.article, f"題{note}"), by=None, correction=note, despite_findings=True)
        assert newsdesk(client)["corrections"] == newsdesk(client, "brief/")["corrections"]
        assert newsdesk(client)["corrections"] == [
            {"at": "2025-04-01T14:00:00+09:00", "text": "二つめ。\n二行。"},
            {"at": "2025-04-01T13:00:00+09:00", "text": "一つめ。"},
        ]


def test_it_says_who_speaks_and_with_what_ties(client: Client) -> None:
    edition = published(**WHOLE)
    Commentator.objects.update(role="港湾記者", disclosure="港湾協会の顧問。")
    publishing.publish(publishing.save(edition.article, by=None), by=None, despite_findings=True)
    voices = newsdesk(client)["voices"]
    assert voices == [{"name": "浜口沙江", "role": "港湾記者", "disclosure": "港湾協会の顧問。"}]


def test_without_commentary_it_has_none(client: Client) -> None:
    published(**WHOLE)
    form = newsdesk(client, "facts/")
    assert not {"closing", "voices"} & set(form)
    assert not [section for section in form["sections"] if {"opening", "closing"} & set(section)]
    assert form["sections"][0]["body"] == WHOLE["sections"][0].body
    assert "浜口" not in str(form)
    assert list(from_json(form).comments) == []


def test_in_brief_it_has_questions_answers_and_takeaways(client: Client) -> None:
    published(**WHOLE)
    form = newsdesk(client, "brief/")
    assert set(form) == {"about", "schema", "title", "lead", "sections", "takeaways", "tags", "corrections"}
    assert [set(section) for section in form["sections"]] == [{"url", "question", "answer"}]


@pytest.mark.parametrize("way", ["", "facts/", "brief/"])
def test_every_text_in_it_is_in_the_html_beside_it(client: Client, way: str) -> None:
    """Neither says more than the other."""
    published(**WHOLE)
    found = item(client, way)

    def texts(value: Any) -> list[str]:
        if isinstance(value, dict):
            left_out = ("about", "url", "tags", "title", "published_on", "image_credit")  # there is no picture
            return [text for name, part in value.items() if name not in left_out for text in texts(part)]
        if isinstance(value, list):
            return [text for part in value for text in texts(part)]
        return [text.removeprefix("> ") for text in value.split("\n")] if isinstance(value, str) else []

    said = texts(found["_newsdesk"])
    assert len(said) >= 5
    assert [text for text in said if text not in found["content_html"]] == []


def test_addresses_lead_to_the_web_only(client: Client) -> None:
    urls = ("javascript:alert(1)", "https://a:b@paper.example/", "https://paper.example/")
    published(sections=(Section(body="本文。", sources=tuple(Source(caption=url, url=url) for url in urls)),))
    sources = newsdesk(client)["sections"][0]["sources"]
    assert [source["url"] for source in sources] == ["", "", "https://paper.example/"]


def test_only_the_live_edition_is_in_it(client: Client) -> None:
    edition = published("出ている題", sections=(Section(body="出ている報告。"),))
    changed(edition.article, "書きかけの題")
    later = changed(edition.article, "あとの題")
    publishing.publish(later, by=None, at=NOW.replace(year=2099), despite_findings=True)
    body = client.get("/feeds/feed.json").content.decode()
    assert newsdesk(client)["title"] == "出ている題"
    assert "書きかけ" not in body
    assert "あとの題" not in body


@pytest.mark.parametrize("bad", ["\x0b", "\ufffe", "\u202e"])
def test_a_character_that_an_old_edition_holds_is_left_out(client: Client, bad: str) -> None:
    edition = illustrated()
    Edition.objects.filter(pk=edition.pk).update(
        document={**edition.document, "lead": f"港{bad}町", "closing": [{"commentator": "浜", "text": f"言{bad}葉"}]},
        media={**edition.media, "voices": {"浜": {"role": f"記{bad}者", "disclosure": f"顧{bad}問"}}},
    )
    form = newsdesk(client)
    assert bad not in str(form)
    said = (form["lead"], form["closing"][0]["text"], form["voices"][0]["role"], form["voices"][0]["disclosure"])
    assert ["".join(text.split()) for text in said] == ["港町", "言葉", "記者", "顧問"]
