"""The same article in other ways: what it asks and on whom it stands, in half a minute, without commentary."""

import pytest
from django.test import Client

from articles import publishing
from articles.document import Section, Source
from articles.models import Commentator, Edition
from tests.newsroom import published
from tests.reading import page
from tests.test_pages import WHOLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return published(**WHOLE)


def test_contents_lead_to_each_question(client: Client, edition: Edition) -> None:
    shown = page(client.get(edition.get_absolute_url()))
    links = shown.one("nav", "contents").one("ol").all("a")
    assert [(link["href"], link.text) for link in links] == [("#s1", "1 いつ開く？"), ("#s2", "2 第二の見出し")]
    assert {"s1", "s2"} <= {element.attributes.get("id") for element in shown}


def test_an_article_without_parts_has_no_contents(client: Client) -> None:
    shown = page(client.get(published("題だけの記事").get_absolute_url()))
    assert not shown.all("nav", "contents"), "there is nothing to read in another way, either"
    assert not shown.all("section", "cited")


def test_sources_are_gathered_at_the_end(client: Client) -> None:
    one, other = Source(url="https://paper.example/1", site_name="港日報", caption="発表"), Source(site_name="町史")
    sections = (Section(heading="一", sources=(one, other)), Section(heading="二", sources=(one,)))
    shown = page(client.get(published(sections=sections).get_absolute_url()))
    first, second = shown.one("section", "cited").all("li")
    assert [link["href"] for link in first.all("a")] == [
        "https://paper.example/1",
        "/sources/paper.example/",
        "#s1",
        "#s2",
    ]
    assert "発表" in first.text
    assert [link["href"] for link in second.all("a")] == ["#s1"]


def test_how_long_it_takes_is_told(client: Client, edition: Edition) -> None:
    assert "約1分" in page(client.get(edition.get_absolute_url())).one("dl", "dates").text


def test_brief_has_questions_answers_and_takeaways_alone(client: Client, edition: Edition) -> None:
    shown = page(client.get(f"{edition.get_absolute_url()}brief/"))
    text = shown.one("main").text
    for part in ("港はいつ開く？", "リードの文。", "いつ開く？", "五月に開く。", "まとめその一"):
        assert part in text
    for part in ("報告の一行目。", "開幕の言葉", "要点その一", "全体への言葉"):
        assert part not in text
    assert shown.one("h2", "question").one("a")["href"] == f"{edition.get_absolute_url()}#s1"


def test_facts_have_everything_but_commentary(client: Client, edition: Edition) -> None:
    Commentator.objects.update(disclosure="港湾協会の顧問。")
    publishing.publish(publishing.save(edition.article, by=None), by=None, despite_findings=True)
    shown = page(client.get(f"{edition.get_absolute_url()}facts/"))
    text = shown.one("main").text
    for part in ("リードの文。", "五月に開く。", "報告の一行目。", "引用された言葉。", "要点その二", "まとめその二"):
        assert part in text
    for part in ("開幕の言葉", "結びの言葉", "全体への言葉", "港湾協会の顧問"):
        assert part not in text
        assert part in page(client.get(edition.get_absolute_url())).one("main").text
    assert not shown.all("figure", "voice")


def test_ways_lead_to_one_another_and_are_one_page_to_machines(client: Client, edition: Edition) -> None:
    here = edition.get_absolute_url()
    for way in ("", "brief/", "facts/"):
        shown = page(client.get(f"{here}{way}"))
        assert shown.one("link", rel="canonical")["href"].endswith(here)
        if way:
            assert here in [link["href"] for link in shown.one("main").all("a")]
    views = page(client.get(here)).one("ul", "views")
    assert [link["href"] for link in views.all("a")] == [f"{here}brief/", f"{here}facts/"]


def test_an_article_without_commentary_offers_no_way_around_it(client: Client) -> None:
    edition = published(sections=(Section(question="いつ？", body="五月。"),))
    views = page(client.get(edition.get_absolute_url())).one("ul", "views")
    assert [link["href"] for link in views.all("a")] == [f"{edition.get_absolute_url()}brief/"]


def test_ways_end_and_begin_with_the_article(client: Client, edition: Edition) -> None:
    here = edition.get_absolute_url()
    publishing.withdraw(edition.article, by=None, reason="出典の誤り")
    for way in ("brief/", "facts/"):
        gone = client.get(f"{here}{way}")
        assert gone.status_code == 410
        assert "出典の誤り" in gone.content.decode()
        assert client.get(f"/articles/999/{way}").status_code == 404
        assert client.post(f"{here}{way}").status_code == 405
