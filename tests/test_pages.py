"""The article page: every piece in the order of the layout, recognisable for what it is, and no empty shells."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core.files import File
from django.shortcuts import render
from django.test import Client, RequestFactory
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from articles import markup, publishing, quotations, reading
from articles.document import Comment, Document, Section, Source, to_json
from articles.models import Article, Commentator, Edition, SourceLink
from articles.templatetags.pages import host, moment
from tests.newsroom import drafted, permitted, picture, published
from tests.reading import Element, following, page

NOW = datetime(2025, 4, 1, 3, 0, tzinfo=UTC)  # noon in Tokyo
SOURCE = Source(
    caption="港の再開の見通し",
    url="https://www.paper.example/port/1?a=1&b=2",
    site_name="港日報",
    published_on=date(2025, 3, 22),
    key_points=("要点その一", "要点その二"),
    image_credit="写真・港日報",
)
WHOLE: dict[str, Any] = {
    "lead_heading": "リードの見出し",
    "lead": "リードの文。",
    "sections": (
        Section(
            heading="第一の見出し",
            question="いつ開く？",
            answer="五月に開く。",
            sources=(SOURCE,),
            opening=(Comment("浜口沙江", "開幕の言葉ですね。"),),
            body="報告の一行目。\n> 引用された言葉。\n報告の二行目。",
            closing=(Comment("", "結びの言葉ですね。"),),
        ),
        Section(heading="第二の見出し", body="第二の報告。"),
    ),
    "closing": (Comment("浜口沙江", "全体への言葉ですね。"),),
    "takeaways": ("まとめその一", "まとめその二"),
    "tags": ("港", "観光"),
}


@pytest.fixture
def noon(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def shown(client: Client, edition: Edition) -> Element:
    return page(client.get(edition.get_absolute_url()))


# Order


def test_pieces_stand_in_the_order_of_the_layout(client: Client, noon: time_machine.Traveller) -> None:
    text = shown(client, published("港はいつ開く？", **WHOLE)).one("main").text
    pieces = [
        "港はいつ開く？",
        "2025",
        "観光",
        "リードの見出し",
        "リードの文。",
        "第一の見出し",
        "いつ開く？",
        "五月に開く。",
        "港の再開の見通し",
        "要点その一",
        "要点その二",
        "paper.example",
        "写真・港日報",
        "浜口沙江",
        "開幕の言葉ですね。",
        "報告の一行目。",
        "引用された言葉。",
        "報告の二行目。",
        "結びの言葉ですね。",
        "第二の見出し",
        "第二の報告。",
        "全体への言葉ですね。",
        "まとめその一",
        "まとめその二",
    ]
    places: list[int] = []
    for piece in pieces:
        places.append(text.index(piece, places[-1] if places else 0))
    assert places == sorted(places)


# Who is speaking


def test_report_summary_quotation_and_commentary_are_different_elements(
    client: Client, noon: time_machine.Traveller
) -> None:
    main = shown(client, published("港", **WHOLE)).one("main")
    report, source = main.all("div", "report")[0], main.one("section", "source")
    quotation, voices = main.one("figure", "quotation"), main.all("figure", "voice")
    assert [element.one(css="label").text != "" for element in (source, quotation)] == [True, True]
    assert report.all("p", "label")[0].text
    assert quotation.one("blockquote").text == "引用された言葉。"
    assert len(main.all("blockquote")) == 1
    assert len(voices) == 3
    assert all(voice.one("figcaption").text for voice in voices)


def test_quotation_links_to_the_source_it_was_taken_from(client: Client, noon: time_machine.Traveller) -> None:
    link = shown(client, published("港", **WHOLE)).one("figure", "quotation").one("figcaption").one("cite").one("a")
    assert link["href"] == SOURCE.url
    assert link.text == "港日報"


def test_commentator_is_shown_with_face_and_role(client: Client, noon: time_machine.Traveller) -> None:
    article = drafted("港", **WHOLE)
    person = Commentator.objects.get(name="浜口沙江")
    person.role = "元船長"
    person.portrait.save("face.png", File(picture(), "face.png"))
    edition = publishing.publish(publishing.save(article, by=None), by=None)
    voices = shown(client, edition).all("figure", "voice")
    named, nameless = voices[0].one("figcaption"), voices[1].one("figcaption")
    assert "浜口沙江" in named.text
    assert "元船長" in named.text
    assert named.one("img")["src"] == f"/media/{person.portrait.name}"
    assert named.one("img")["alt"] == ""
    assert nameless.text
    assert nameless.one("img")["src"].endswith("face.svg")


def test_marks_of_points_and_takeaways_are_words_to_those_who_listen(
    client: Client, noon: time_machine.Traveller
) -> None:
    main = shown(client, published("港", **WHOLE)).one("main")
    for name, sign in (("points", "✅"), ("takeaways", "💡")):
        for row in main.one(css=name).all("li"):
            assert row.one(css="sign").text == sign
            assert row.one(css="sign")["aria-hidden"] == "true"
            assert row.one(css="unseen").text


def test_outside_links_say_where_they_lead_and_take_nothing_along(client: Client, noon: time_machine.Traveller) -> None:
    card = shown(client, published("港", **WHOLE)).one(css="credits")
    link = card.one("a")
    assert link["href"] == SOURCE.url
    assert link.text == "港日報"
    assert set(link["rel"].split()) >= {"noopener", "nofollow", "external"}
    assert card.one(css="host").text == "paper.example"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example/", "https://a@b.example/"])
def test_unsafe_address_is_no_link(client: Client, noon: time_machine.Traveller, url: str) -> None:
    section = Section(
        sources=(Source(caption="要約", site_name="港日報", url=url),), body="> 引用\n[読む](javascript:x)"
    )
    main = shown(client, published("港", sections=(section,))).one("main")
    assert all(link["href"].startswith(("/", "#", "?")) for link in main.all("a"))
    assert "港日報" in main.text
    assert main.one("figure", "quotation").one("blockquote").text == "引用"


def test_hostile_text_stays_text(client: Client, noon: time_machine.Traveller) -> None:
    evil = "\"><script>alert(1)</script>'"
    section = Section(
        evil, evil, evil, (Source(evil, "", evil, None, (evil,), "", evil),), (Comment(evil, evil),), evil
    )
    edition = published(evil, lead_heading=evil, lead=evil, sections=(section,), takeaways=(evil,), tags=(evil,))
    shown_page = shown(client, edition)
    ours = [each for each in shown_page.all("script") if each.attributes.get("src")]
    assert [each["src"] for each in ours] == ["/static/js/commentary.js"]
    others = [each for each in shown_page.all("script") if each not in ours]
    assert {each.attributes.get("type") for each in others} == {"application/ld+json"}
    assert shown_page.one("h1").text == evil
    assert [each["type"] for each in page(client.get("/")).all("script")] == ["application/ld+json"]


# Pictures


def test_picture_has_size_alternative_and_credit(client: Client, noon: time_machine.Traveller) -> None:
    article = drafted("港", **WHOLE)
    source = SourceLink.objects.get()
    source.image_alt = "港の全景"
    source.image.save("port.png", File(picture(), "port.png"))
    permitted(source.image.name)
    edition = publishing.publish(publishing.save(article, by=None), by=None)
    figure = shown(client, edition).one("figure", "picture")
    image = figure.one("img")
    assert (image["width"], image["height"], image["alt"], image["loading"]) == ("40", "30", "港の全景", "lazy")
    assert "写真・港日報" in figure.one("figcaption").text
    lead = page(client.get("/")).one(css="lead-story").one("img")
    assert (lead["alt"], lead["fetchpriority"]) == ("港の全景", "high")


# Dates and corrections


def test_dates_are_machine_readable_in_japanese_time(client: Client, noon: time_machine.Traveller) -> None:
    edition = published("港", at=datetime(2025, 3, 31, 15, 30, tzinfo=UTC))
    dates = shown(client, edition).one(css="dates").all("time")
    assert [element["datetime"] for element in dates] == ["2025-04-01T00:30:00+09:00"]
    assert "4月1日" in dates[0].text


def test_correction_is_shown_dated_at_the_top(client: Client, noon: time_machine.Traveller) -> None:
    edition = published("港", **WHOLE)
    noon.move_to(NOW + timedelta(days=2))
    article = edition.article
    Article.objects.filter(pk=article.pk).update(lead="正しいリード。")
    article.refresh_from_db()
    corrected = publishing.save(article, by=None)
    publishing.publish(corrected, by=None, correction="リードの日付を直しました。")
    main = shown(client, edition).one("main")
    note = main.one(css="corrections")
    assert "リードの日付を直しました。" in note.text
    assert note.one("time")["datetime"].startswith("2025-04-03")
    assert [time["datetime"][:10] for time in main.one(css="dates").all("time")] == ["2025-04-01", "2025-04-03"]
    assert main.text.index("リードの日付") < main.text.index("正しいリード。")


# Nothing empty

SHELLS = (
    "lead",
    "corrections",
    "tags",
    "part",
    "qa",
    "question",
    "answer",
    "source",
    "source-date",
    "points",
    "picture",
    "credits",
    "voice",
    "report",
    "quotation",
    "closing",
    "takeaways",
)


def test_article_of_a_title_alone_has_no_empty_shells(client: Client, noon: time_machine.Traveller) -> None:
    main = shown(client, published("港")).one("main")
    assert [name for name in SHELLS if main.all(css=name)] == []


lines = st.sampled_from(["", "一", "二三"])
texts = st.lists(st.sampled_from(["四", "五"]), max_size=2)
voices = st.lists(st.builds(Comment, lines, lines), max_size=1)
sources = st.builds(Source, lines, st.sampled_from(["", "https://a.example/", "ftp://a/"]), lines, st.none(), texts)
sections = st.builds(Section, lines, lines, lines, st.lists(sources, max_size=2), voices, lines, voices)
documents = st.builds(
    Document, st.just("題"), lines, lines, st.lists(sections, max_size=2), voices, texts, st.lists(lines, max_size=1)
)


@given(documents)
def test_whatever_is_missing_leaves_no_empty_element(document: Document) -> None:
    edition = Edition(article_id=1, title="題", document=to_json(document), published_at=NOW, updated_at=NOW)
    context = {"edition": edition, "article": document, "tags": []}
    main = page(render(RequestFactory().get("/articles/1/"), "article.html", context)).one("main")
    for element in main:
        assert element.text or element.name in ("img", "wbr") or element.all("img") or "anchor" in element.classes, (
            element
        )
    ids = [element["id"] for element in main if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    assert headings_skip_no_level(main)


def headings_skip_no_level(main: Element) -> bool:
    levels = [int(element.name[1]) for element in main if element.name in ("h1", "h2", "h3", "h4", "h5", "h6")]
    return levels[0] == 1 and all(after <= before + 1 for before, after in pairwise(levels))


# Head and frame


def test_head_names_the_page_its_address_and_its_feeds(client: Client, noon: time_machine.Traveller) -> None:
    edition = published("港はいつ開く？", **WHOLE)
    head = shown(client, edition).one("head")
    assert head.one("title").text == "港はいつ開く？ | 試験新聞"
    assert [meta["content"] for meta in head.all("meta") if meta.attributes.get("name") == "description"] == [
        "リードの文。"
    ]
    assert head.one("link", rel="canonical")["href"] == f"http://news.example/articles/{edition.article_id}/"
    assert [link["href"] for link in head.all("link", rel="alternate")] == [
        "/feeds/rss.xml",
        "/feeds/atom.xml",
        "/feeds/feed.json",
    ]


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/", "/"),
        ("/tags/港/?x=1", "/tags/%E6%B8%AF/"),
        ("/archive/2025/04/", "/archive/2025/04/"),
        ("/archive/?page=7", "/archive/"),
    ],
)
def test_every_page_has_one_address(client: Client, noon: time_machine.Traveller, asked: str, canonical: str) -> None:
    for number in range(17):
        published(f"問{number}", tags=("港",))
    head = page(client.get(asked)).one("head")
    assert head.one("link", rel="canonical")["href"] == f"http://news.example{canonical}"


@pytest.mark.parametrize("start", ["/", "/tags/%E6%B8%AF/"])
def test_a_further_page_has_an_address_and_a_title_of_its_own(
    client: Client, noon: time_machine.Traveller, start: str
) -> None:
    for number in range(17):
        published(f"問{number}", tags=("港",))
    second = following(client, start)
    head = page(client.get(f"{second}&utm_source=x")).one("head")
    assert head.one("link", rel="canonical")["href"] == f"http://news.example{second}"
    first = page(client.get(start)).one("title").text
    assert head.one("title").text != first
    assert "まで" in head.one("title").text


def test_tag_page_lists_its_own_feeds_first(client: Client, noon: time_machine.Traveller) -> None:
    published("港", tags=("港",))
    links = [link["href"] for link in page(client.get("/tags/港/")).one("head").all("link", rel="alternate")]
    assert links[0] == "/tags/%E6%B8%AF/rss.xml"
    assert links[3] == "/feeds/rss.xml"
    assert all(client.get(link).status_code == 200 for link in links)


def test_every_page_has_landmarks_one_title_and_a_way_past_the_menu(
    client: Client, noon: time_machine.Traveller
) -> None:
    edition = published("港", **WHOLE)
    urls = ("/", "/tags/", "/tags/港/", "/archive/", "/archive/2025/04/", "/feeds/", "/no/", edition.get_absolute_url())
    for url in urls:
        body = page(client.get(url)).one("body")
        assert len(body.all("main")) == len(body.all("h1")) == len(body.all("footer")) == 1
        assert all(nav["aria-label"] for nav in body.all("nav"))
        first = body.all("a")[0]
        assert first["href"] == "#main"
        assert body.one(id="main").name == "main"
        assert not [image for image in body.all("img") if not {"alt", "width", "height"} <= set(image.attributes)]


# Attribution by itself


def test_quotation_without_a_source_is_a_figure_without_a_link() -> None:
    html = quotations.attributed(markup.body_html("> 言葉"), None)
    assert html.startswith('<figure class="quotation">')
    assert html.endswith("<blockquote><p>言葉</p></blockquote></figure>")


def test_every_quotation_is_attributed() -> None:
    html = quotations.attributed(markup.body_html("> 一\n二\n> 三"), SOURCE)
    assert html.count("<figure") == html.count("</figure>") == html.count("<figcaption>") == 2
    assert "a=1&amp;b=2" in html


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (Source(caption="見出し", url="https://www.a.example/x", site_name="港日報"), "港日報"),
        (Source(caption="見出し", url="https://www.a.example/x"), "見出し"),
        (Source(url="https://www.a.example:8000/x"), "a.example:8000"),
    ],
)
def test_source_is_named_by_what_is_known_of_it(source: Source, name: str) -> None:
    assert quotations.source_name(source) == name


def test_host_of_no_web_address_is_nothing() -> None:
    assert host("mailto:a@b.example") == host("") == ""


def test_readings_stand_above_words_and_nowhere_else(client: Client, noon: time_machine.Traveller) -> None:
    said = "帆影港《ほかげこう》"
    section = Section(
        heading=f"{said}の工事",
        question=f"{said}は？",
        answer=f"{said}答え。",
        sources=(Source(caption=f"{said}の発表", url="https://a.example/", key_points=(f"{said}要点。",)),),
        opening=(Comment("", f"{said}口火。"),),
        body=f"{said}報告。",
    )
    shown_with: dict[str, Any] = {
        "lead_heading": f"{said}見出し",
        "lead": f"{said}リード。",
        "takeaways": (f"{said}まとめ。",),
    }
    edition = published(f"{said}の問い", sections=(section,), closing=(Comment("", f"{said}結び。"),), **shown_with)
    article = shown(client, edition)
    assert edition.title == "帆影港の問い"
    assert edition.summary == "帆影港リード。"
    ruby = article.all("ruby")
    assert len(ruby) == 7
    assert {each.text for each in ruby} == {"帆影港 （ ほかげこう ）"}
    assert all(each.within("p") or each.within("li") for each in ruby)
    assert len(page(client.get(f"/articles/{edition.article_id}/brief/")).all("ruby")) == 3
    for path in (edition.get_absolute_url(), "/", "/questions/", "/search/?q=帆影港", *map(reverse, ("rss", "atom"))):
        answer = client.get(path).content.decode()
        assert "帆影港" in answer, path
        assert "《" not in answer, path


def test_lines_of_titles_end_between_phrases_on_pages_alone(client: Client, noon: time_machine.Traveller) -> None:
    section = Section(heading="夜の水路", question="船は走った？", answer="はい。")
    edition = published("最終便を遅らせた船", sections=(section,))
    title = "最終便を<wbr>遅らせた<wbr>船"
    article = client.get(edition.get_absolute_url()).content.decode()
    assert f"<h1>{title}</h1>" in article
    assert "夜の<wbr>水路</h2>" in article
    assert "船は<wbr>走った？</h3>" in article
    assert "<title>最終便を遅らせた船 |" in article
    assert f">{title}</a></h2>" in client.get("/").content.decode()
    assert "船は<wbr>走った？</a></h2>" in client.get("/questions/").content.decode()
    for feed in ("rss", "atom", "json-feed"):
        assert "<wbr" not in client.get(reverse(feed)).content.decode()


def test_dates_are_shown_by_era_where_the_site_wants_it(
    client: Client, noon: time_machine.Traveller, settings: LazySettings
) -> None:
    edition = published(**WHOLE)
    western = {(time["datetime"], time.text) for time in shown(client, edition).all("time")}
    settings.DEBUG = True  # or the fingerprint is kept for good
    state = reading.fingerprint()
    settings.WAREKI = True
    by_era = {(time["datetime"], time.text) for time in shown(client, edition).all("time")}
    assert western == {("2025-04-01T12:00:00+09:00", "2025年4月1日"), ("2025-03-22", "2025年3月22日")}
    assert by_era == {("2025-04-01T12:00:00+09:00", "令和7年4月1日"), ("2025-03-22", "令和7年3月22日")}
    assert reading.fingerprint() != state
    assert page(client.get("/archive/")).one("h2").text == "令和7年"
    assert page(client.get("/archive/2025/04/")).one("h1").text == "令和7年4月"
    assert "令和7年4月" in client.get(edition.get_absolute_url()).content.decode().partition("BreadcrumbList")[2]
    assert moment(NOW) == '<time datetime="2025-04-01T12:00:00+09:00">令和7年4月1日12:00</time>'
    for feed in ("rss", "atom", "json-feed"):
        answer = client.get(reverse(feed)).content.decode()
        assert "令和7年3月22日" in answer
        assert "2025年" not in answer


def test_dates_are_western_unless_the_site_says_otherwise(client: Client, noon: time_machine.Traveller) -> None:
    published(**WHOLE)
    assert page(client.get("/archive/")).one("h2").text == "2025年"
    assert page(client.get("/archive/2025/04/")).one("h1").text == "2025年4月"
    assert moment(NOW) == '<time datetime="2025-04-01T12:00:00+09:00">2025年4月1日12:00</time>'
