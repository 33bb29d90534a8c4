"""The readers' addresses: what is found there, what is not, and what an answer costs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.http import http_date
from taggit.models import Tag

from articles import publishing
from articles.document import Comment, Section, Source
from articles.listings import PAGE_LENGTH
from articles.models import Edition
from tests.desk import editor, signed_in
from tests.newsroom import changed, drafted, published
from tests.reading import following, page

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 4, 1, 3, 0, tzinfo=UTC)  # noon in Tokyo
DAY = timedelta(days=1)
PAGES = ("/", "/tags/", "/tags/港/", "/archive/", "/archive/2025/04/", "/feeds/")


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def titles(client: Client, url: str) -> list[str]:
    """The titles a list shows, in its order."""
    return [element.text for element in page(client.get(url)).all(css="card-title")]


def some(count: int, **fields: object) -> list[Edition]:
    """Articles 1, 2 … of which each is an hour older than the one before."""
    return [published(f"問{number}", at=NOW - number * timedelta(hours=1), **fields) for number in range(1, count + 1)]


# What is found


def test_front_page_newest_first(client: Client) -> None:
    published("先月", at=NOW - 30 * DAY)
    published("昨日", at=NOW - DAY)
    published("今日")
    assert titles(client, "/") == ["今日", "昨日", "先月"]


def test_front_page_without_articles_says_so(client: Client) -> None:
    main = page(client.get("/")).one("main")
    assert main.one(css="nothing").text
    assert not main.all("article")


def test_pages_of_a_list_follow_each_other_by_links(client: Client) -> None:
    some(2 * PAGE_LENGTH + 1, tags=("港",))
    for start in ("/", "/tags/%E6%B8%AF/"):
        seen, url = [], start
        while url:
            shown = page(client.get(url))
            seen += [element.text for element in shown.all(css="card-title")]
            following = shown.all("a", rel="next")
            url = start + following[0]["href"] if following else ""
        assert seen == [f"問{number}" for number in range(1, 2 * PAGE_LENGTH + 2)]
        before = shown.one("a", rel="prev")["href"]
        assert before.startswith("?after=")
        assert quote(page(client.get(start + before)).one("a", rel="prev")["href"], safe="/%") == start
        titles = [element.text for element in page(client.get(start + before)).all(css="card-title")]
        assert titles == [f"問{number}" for number in range(PAGE_LENGTH + 1, 2 * PAGE_LENGTH + 1)]


def test_second_page_leads_back_to_the_bare_address(client: Client) -> None:
    some(PAGE_LENGTH + 1)
    assert page(client.get(following(client, "/"))).one("a", rel="prev")["href"] == "/"


def test_what_is_published_meanwhile_moves_no_page(client: Client) -> None:
    some(PAGE_LENGTH + 2)
    second = following(client, "/")
    before = [element.text for element in page(client.get(second)).all(css="card-title")]
    published("新しい記事")
    assert [element.text for element in page(client.get(second)).all(css="card-title")] == before


@pytest.mark.parametrize("start", ["/", "/tags/港/", "/feeds/rss.xml", "/questions/", "/corrections/"])
def test_where_pages_had_numbers_the_first_one_answers(client: Client, start: str) -> None:
    published(tags=("港",))
    answer = client.get(f"{start}?page=2")
    assert answer.status_code == 301
    assert unquote(answer["Location"]) == start
    assert client.get(answer["Location"]).status_code == 200


def test_full_last_page_has_no_next(client: Client) -> None:
    some(PAGE_LENGTH)
    assert not page(client.get("/")).all(css="pager")


def test_tag_page_holds_only_its_articles(client: Client) -> None:
    published("港の記事", tags=("港", "観光"))
    published("山の記事", tags=("山",))
    assert titles(client, "/tags/港/") == ["港の記事"]


def test_tags_count_live_articles_only(client: Client) -> None:
    published("一", tags=("港", "観光"))
    both = published("二", tags=("港",))
    publishing.publish(changed(both.article, "二の改"), by=None)
    drafted("草稿", tags=("港", "秘密"))
    entries = [element.text for element in page(client.get("/tags/")).all("a", rel="tag")]
    assert [entry.split()[0] for entry in entries] == ["港", "観光"]
    assert "2" in entries[0]
    assert "1" in entries[1]


def test_month_is_that_of_tokyo(client: Client) -> None:
    published("三月の終わり", at=datetime(2025, 3, 31, 14, 59, 59, tzinfo=UTC))
    published("四月の初め", at=datetime(2025, 3, 31, 15, 0, tzinfo=UTC))
    assert titles(client, "/archive/2025/03/") == ["三月の終わり"]
    assert titles(client, "/archive/2025/04/") == ["四月の初め"]


def test_month_leads_to_the_nearest_months_with_articles(client: Client) -> None:
    for year, month in ((2023, 12), (2025, 1), (2025, 3)):
        published(f"{year}/{month}", at=datetime(year, month, 5, tzinfo=UTC))
    links = [link["href"] for link in page(client.get("/archive/2025/01/")).one("nav", css="onward").all("a")]
    beside = ["/questions/2025/01/", "/sources/2025/01/"]
    assert links == ["/archive/2023/12/", "/archive/", *beside, "/archive/2025/03/"]
    links = [link["href"] for link in page(client.get("/archive/2023/12/")).one("nav", css="onward").all("a")]
    assert links == ["/archive/", "/questions/2023/12/", "/sources/2023/12/", "/archive/2025/01/"]


@pytest.mark.parametrize("name", ["questions", "sources"])
def test_lists_name_months_of_the_newest_years_and_the_archive_leads_to_the_others(client: Client, name: str) -> None:
    for year in (2022, 2023, 2025):
        published(f"{year}", at=datetime(year, 3, 5, tzinfo=UTC))
    shown = page(client.get(f"/{name}/")).one("main")
    assert [link["href"] for each in shown.all("ul", "months") for link in each.all("a")] == [
        f"/{name}/2025/03/",
        f"/{name}/2023/03/",
    ]
    assert "/archive/" in [link["href"] for link in shown.all("a")]
    assert f"/{name}/2022/03/" in [link["href"] for link in page(client.get("/archive/2022/03/")).all("a")]


def test_archive_lists_every_month_with_its_count(client: Client) -> None:
    published("正月", at=datetime(2024, 12, 31, 15, 0, tzinfo=UTC))
    published("大晦日", at=datetime(2024, 12, 31, 14, 0, tzinfo=UTC))
    published("二日", at=datetime(2025, 1, 2, tzinfo=UTC))
    links = page(client.get("/archive/")).one("main").all("a")
    assert [link["href"] for link in links] == ["/archive/2025/01/", "/archive/2024/12/"]
    assert [link.one(css="count").text[0] for link in links] == ["2", "1"]


def test_dates_no_address_can_name_break_nothing(client: Client) -> None:
    published("昔々", at=datetime(900, 1, 1, tzinfo=UTC))
    published("今")
    assert client.get("/archive/").status_code == 200
    assert client.get("/archive/2025/04/").status_code == 200
    assert client.get("/").status_code == 200


def test_feeds_page_names_every_feed(client: Client) -> None:
    published(tags=("港",))
    main = page(client.get("/feeds/")).one("main")
    for link in main.all("a"):
        assert client.get(link["href"]).status_code == 200
    assert len(main.all("a")) == 13, "three formats of all articles, of two other ways, of the tag; and SmartFormat"
    assert "http://news.example/feeds/atom.xml" in main.text


# What is not found


@pytest.mark.parametrize(
    "url",
    [
        "/?page=0",
        "/?before=1-1",
        "/?before=",
        "/?after=",
        "/?before=x",
        "/?before=9999999999999999999999-1",
        "/?before=1-9999999999999999999999",
        "/?before=1-1-1-1",
        "/?before=１-1",
        "/?before=1-1&after=1-1",
        "/?after=99999999999999999-999999999999999999",
        "/?after=315537897599999999-1",
        "/feeds/rss.xml?before=1-1",
        "/questions/?before=1-1",
        "/questions/?before=1-1-7",
        "/corrections/?after=99999999999999-1",
        "/?page=-1",
        "/?page=x",
        "/?page=",
        "/?page=1.5",
        "/?page=１",
        "/?page=²",
        "/?page=%00",
        "/?page=99999999999999999999999",
        "/tags/港/?before=1-1",
        "/archive/2025/04/?before=1-1",
        "/archive/2025/04/?page=%EF%BC%91",
    ],
)
def test_page_that_does_not_exist_is_404(client: Client, url: str) -> None:
    published(tags=("港",))
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "/nothing/",
        "/articles/",
        "/articles/0/",
        "/articles/01/",
        "/articles/-1/",
        "/articles/1a/",
        "/articles/１/",
        "/articles/999999/",
        f"/articles/{2**63 - 1}/",
        f"/articles/{2**63}/",
        "/articles/" + "9" * 5000 + "/",
        "/tags/nothing/",
        "/tags/%00/",
        "/tags/a%00b/",
        "/tags/a%0Ab/",
        "/tags/a%E2%80%AEb/",
        "/tags/%ED%A0%80/",
        "/tags/" + "a" * 101 + "/",
        "/tags/..%2f..%2fetc/",
        "/archive/2025/",
        "/archive/2025/00/",
        "/archive/2025/13/",
        "/archive/2025/3/",
        "/archive/0000/01/",
        "/archive/0001/01/",
        "/archive/9999/12/",
        "/archive/10000/01/",
        "/archive/2024/01/",
    ],
)
def test_address_that_does_not_exist_is_404(client: Client, url: str) -> None:
    published(tags=("港",))
    response = client.get(url)
    assert response.status_code == 404
    shown = page(response)
    assert shown.one("h1").text
    assert {link["href"] for link in shown.one("main").all("a")} >= {"/", "/tags/", "/archive/"}


def test_tag_of_no_live_article_is_404(client: Client) -> None:
    drafted("草稿", tags=("秘密",))
    assert Tag.objects.filter(name="秘密").exists()
    assert client.get("/tags/秘密/").status_code == 404


def test_slug_of_a_tag_that_was_numbered_is_found(client: Client) -> None:
    Tag.objects.create(name="C", slug="c")
    published(tags=("C++",))
    tag = Tag.objects.get(name="C++")
    assert tag.slug != "c"
    assert client.get(f"/tags/{tag.slug}/").status_code == 200


# What is gone


def test_withdrawn_article_is_gone_and_says_why(client: Client) -> None:
    edition = published("港の話", at=NOW - DAY)
    publishing.withdraw(edition.article, by=None, reason="出典に誤りがありました。")
    response = client.get(edition.get_absolute_url())
    assert response.status_code == 410
    shown = page(response)
    assert "出典に誤りがありました。" in shown.one("main").text
    assert "港の話" not in shown.text
    assert {link["href"] for link in shown.one("main").all("a")} >= {"/", "/tags/", "/archive/"}


def test_expired_article_is_gone_without_a_reason(client: Client, noon: time_machine.Traveller) -> None:
    edition = publishing.publish(publishing.save(drafted("港の話"), by=None), by=None, until=NOW + DAY)
    assert client.get(edition.get_absolute_url()).status_code == 200
    noon.move_to(NOW + DAY)
    response = client.get(edition.get_absolute_url())
    assert response.status_code == 410
    assert not page(response).all(css="reason")


def test_reason_of_an_earlier_withdrawal_is_not_shown_again(client: Client, noon: time_machine.Traveller) -> None:
    edition = published("港の話", at=NOW - DAY)
    publishing.withdraw(edition.article, by=None, reason="古い理由")
    noon.move_to(NOW + DAY)
    again = changed(edition.article, "港の話、改")
    publishing.publish(again, by=None, until=NOW + 2 * DAY)
    assert client.get(edition.get_absolute_url()).status_code == 200
    noon.move_to(NOW + 3 * DAY)
    response = client.get(edition.get_absolute_url())
    assert response.status_code == 410
    assert "古い理由" not in response.content.decode()


# How it is served


def test_pages_leave_nothing_on_the_readers_machine(client: Client) -> None:
    edition = published(tags=("港",))
    for url in (*PAGES, edition.get_absolute_url(), "/nothing/"):
        response = client.get(url)
        assert not response.cookies
        assert "cookie" not in response.get("Vary", "").lower()


@pytest.mark.parametrize("url", PAGES)
def test_pages_answer_304_by_either_validator(client: Client, noon: time_machine.Traveller, url: str) -> None:
    published(tags=("港",))
    noon.move_to(NOW + timedelta(minutes=1))
    response = client.get(url)
    assert response.status_code == 200
    assert client.get(url, headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert client.get(url, headers={"If-Modified-Since": http_date(datetime.now(UTC).timestamp())}).status_code == 304
    assert client.head(url)["ETag"] == response["ETag"]
    published("新しい記事", tags=("港",))
    assert client.get(url, headers={"If-None-Match": response["ETag"]}).status_code == 200


def test_pages_refuse_to_be_written_to(client: Client) -> None:
    for url in PAGES:
        assert client.post(url).status_code == 405


def test_reader_after_an_editor_with_english_gets_japanese(client: Client, settings: LazySettings) -> None:
    desk = signed_in(editor())
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert '<html lang="en' in desk.get("/admin/").content.decode()
    assert page(client.get("/")).one("html")["lang"] == "ja"


def test_broken_page_needs_nothing_to_be_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    # Of the views alone: whoever is imported under it meanwhile would keep what is put in place.
    monkeypatch.setattr("articles.views._page", lambda *args: 1 / 0)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert page(response).one("h1").text


# What it costs


def long_article(title: str, sections: int) -> Edition:
    section = Section(
        heading="何が",
        question="なぜ？",
        sources=(Source(caption="要約", url="https://paper.example/1", key_points=("一", "二")),),
        opening=(Comment("浜口", "なるほど。"),),
        body="報告。",
        closing=(Comment("沖田", "さて。"),),
    )
    return published(title, sections=(section,) * sections, tags=("港", "観光"))


@pytest.mark.parametrize("url", ["article", "article brief/", "article facts/", *PAGES])
def test_page_costs_at_most_four_queries_however_much_there_is(client: Client, url: str) -> None:
    edition = long_article("一", 2)
    small = queries(client, url.replace("article ", "article").replace("article", edition.get_absolute_url()))
    for number in range(6):
        more = long_article(f"多{number}", 8)
    large = queries(client, url.replace("article ", "article").replace("article", more.get_absolute_url()))
    assert len(large) == len(small) <= 4, large


def queries(client: Client, url: str) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("url", PAGES)
def test_lists_load_no_document(client: Client, url: str) -> None:
    long_article("一", 2)
    for sql in queries(client, url):
        assert '"document"' not in sql
        assert '"media"' not in sql
