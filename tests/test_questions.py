"""Questions as readers look them up: all of them, by month and tag, and where one was asked before."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from taggit.models import Tag

from articles import publishing, tagging
from articles.document import Section
from articles.models import Edition, Passage
from articles.passages import question_key
from articles.questions import LENGTH
from tests.newsroom import drafted, published
from tests.reading import Element, following, page

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def asking(*questions: str, title: str = "港", at: datetime | None = None, tags: tuple[str, ...] = ()) -> Edition:
    """An article on show with a section for each question."""
    sections = tuple(Section(heading="今", question=question, answer=f"{question}の答え") for question in questions)
    return published(title, at=at, sections=sections, tags=tags)


def asked(client: Client, url: str = "/questions/") -> list[Element]:
    return page(client.get(url)).all("article", "asked")


def texts(client: Client, url: str = "/questions/") -> list[str]:
    return [each.one("h2").one("a").text for each in asked(client, url)]


def test_every_question_leads_to_the_place_of_its_answer(client: Client) -> None:
    edition = asking("いつ？", "", "どこで？")
    first, second = asked(client)
    assert first.one("h2").one("a")["href"] == f"{edition.get_absolute_url()}#s1"
    assert second.one("h2").one("a")["href"] == f"{edition.get_absolute_url()}#s3"
    assert second.one("p", "answer").text == "答 どこで？の答え"
    assert page(client.get(edition.get_absolute_url())).one("section", id="s3").one("h3").text == "問 どこで？"


def test_the_newest_article_comes_first_and_its_questions_in_their_order(client: Client) -> None:
    asking("古い一", "古い二", at=NOW - DAY)
    asking("新しい一", "新しい二")
    assert texts(client) == ["新しい一", "新しい二", "古い一", "古い二"]


def test_a_question_asked_again_leads_there_and_back(client: Client) -> None:
    before = asking("いつ開く？", title="前", at=NOW - DAY)
    since = asking("別の問い", "いつ　開く?", title="後")
    other, later, earlier = asked(client)
    assert not other.all("p", "again")
    assert later.one("p", "again").one("a")["href"] == f"{before.get_absolute_url()}#s1"
    assert earlier.one("p", "again").one("a")["href"] == f"{since.get_absolute_url()}#s2"
    assert "のちの答え" in earlier.one("p", "again").text
    assert "前の答え" in later.one("p", "again").text
    on_page = page(client.get(before.get_absolute_url())).one("section", id="s1").one("p", "again")
    assert on_page.one("a")["href"] == f"{since.get_absolute_url()}#s2"
    publishing.withdraw(since.article, by=None)
    assert not page(client.get(before.get_absolute_url())).all("p", "again")


def test_questions_are_the_same_whatever_their_signs_and_widths() -> None:
    assert question_key("AIは いつ？") == question_key("ＡＩは　いつ?") != ""
    assert question_key("いつ？") != question_key("いつか？")
    assert question_key("？") == question_key("") == ""
    assert len(question_key("長" * 10_000)) == 32


def test_months_and_tags_have_their_own(client: Client) -> None:
    asking("三月？", at=NOW - 2 * DAY, tags=("港",))
    asking("四月？", tags=("橋",))
    assert texts(client, "/questions/2026/03/") == ["三月？"]
    assert texts(client, "/questions/2026/04/") == ["四月？"]
    assert texts(client, "/tags/橋/questions/") == ["四月？"]
    assert client.get("/questions/2025/03/").status_code == 404
    assert client.get("/tags/無い/questions/").status_code == 404
    published("問わない", at=NOW - 70 * DAY, tags=("無言",))
    assert client.get("/questions/2026/01/").status_code == 200, "the archive leads there"
    assert client.get("/tags/無言/questions/").status_code == 200


def test_a_renamed_tag_leads_on(client: Client) -> None:
    asking("いつ？", tags=("港",))
    tagging.rename(Tag.objects.get(name="港"), "みなと", by=None)  # type: ignore[arg-type]
    response = client.get("/tags/港/questions/")
    assert response.status_code == 301
    assert texts(client, response.headers["Location"]) == ["いつ？"]


def test_only_what_is_on_show_is_asked(client: Client, noon: time_machine.Traveller) -> None:
    drafted("下書き", sections=(Section(heading="今", question="秘密？"),))
    asking("明日？", at=NOW + DAY)
    gone = asking("取り下げ？")
    publishing.withdraw(gone.article, by=None)
    assert not texts(client)
    assert client.get("/questions/2026/04/").status_code == 404
    noon.move_to(NOW + DAY)
    assert texts(client) == ["明日？"]


def test_what_everybody_asks_leads_nowhere(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.passages.COMMON", 3)
    for _ in range(5):
        asking("なぜ？")
    assert texts(client) == ["なぜ？"] * 5, "it is a question all the same"
    assert Passage.objects.exclude(question_key="").values("question_key").distinct().count() == 3
    assert Passage.objects.filter(question_key=question_key("なぜ？")).count() == 3


def test_the_index_is_leafed_through(client: Client) -> None:
    asking(*(f"問い{number}？" for number in range(LENGTH + 1)))
    assert len(asked(client)) == LENGTH
    second = following(client, "/questions/")
    assert texts(client, second) == [f"問い{LENGTH}？"], "in the middle of an article, too"
    assert page(client.get(second)).one("a", rel="prev")["href"] == "/questions/"
    for wrong in ("3", "0", "x", "1-1-1"):
        assert client.get(f"/questions/?before={wrong}").status_code == 404


def test_many_questions_of_many_articles_are_met_once_each_there_and_back(client: Client) -> None:
    for article in range(5):
        asking(*(f"記事{article}の問い{number}？" for number in range(20)))
    seen, address = texts(client), "/questions/"
    while page(client.get(address)).all("a", rel="next"):
        address = following(client, address)
        seen += texts(client, address)
    assert len(seen) == len(set(seen)) == 100
    back = texts(client, address)
    while before := page(client.get(address)).all("a", rel="prev"):
        address = urljoin(address, before[0]["href"])
        back = texts(client, address) + back
    assert back[-len(seen) + LENGTH :] == seen[LENGTH:]


def test_a_question_as_long_as_it_likes_is_published(client: Client) -> None:
    asking("長" * 20_000 + "？")
    assert len(asked(client)) == 1


@pytest.mark.parametrize("url", ["/questions/", "/questions/2026/04/", "/tags/港/questions/"])
def test_what_a_page_costs_does_not_grow(client: Client, url: str) -> None:
    costs = []
    for _ in range(2):
        for _number in range(5):
            asking("いつ？", "どこ？", tags=("港",))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        costs.append(len(queries))
        assert not any('"document"' in query["sql"] for query in queries.captured_queries)
    assert costs[0] == costs[1] <= 4
