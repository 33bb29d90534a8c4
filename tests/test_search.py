"""Search: what is found in live articles, in which order, where in them, and what is not."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unicodedata import normalize
from urllib.robotparser import RobotFileParser

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles import publishing
from articles.changes import SITE, state
from articles.document import Comment, Section, Source
from articles.models import Article, Edition, Passage
from articles.samples import loading
from articles.samples.newsroom import newsroom
from articles.search import index
from articles.search.finding import LENGTH, find
from articles.search.marking import excerpt, marked
from articles.search.queries import Condition, Phrase, read
from articles.search.words import runs, tokens
from tests.newsroom import changed, drafted, published
from tests.reading import Element, page
from tests.test_samples import ready_pictures, small  # noqa: F401  # fixtures

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
JUDGED = tomllib.loads((Path(__file__).parent / "golden" / "search.toml").read_text(encoding="utf-8"))


def found(query: str) -> list[str]:
    """The titles of everything that a query finds, in order; what only comes near is not found."""
    titles: list[str] = []
    page_number: int | None = 1
    while page_number:
        results = find(read(query), Edition.objects.live(), state([SITE]), str(page_number))
        titles += [hit.edition.title for hit in results.hits if not results.near]
        page_number = results.earlier
    return titles


def report(body: str, title: str = "いつ開く？", **fields: object) -> Edition:
    """An article on show with one section of that report."""
    return published(title, sections=(Section(heading="今", body=body, **fields),))  # type: ignore[arg-type]


def hits(client: Client, query: str) -> list[Element]:
    return page(client.get(f"/search/?{query}")).all("article", "hit")


def title(hit: Element) -> str:
    return hit.one("h2").text.replace(" ", "")  # around marks


# The judged set


@pytest.mark.django_db
@pytest.mark.usefixtures("ready_pictures")
def test_what_readers_mean_is_found_among_the_samples_and_little_else() -> None:
    loading.load()
    numbers = {sample.uid: sample.manuscript[:2] for sample in newsroom().samples}
    titles = {edition.title: numbers[edition.uid] for edition in Edition.objects.live()}
    right = returned = wanted = 0
    missed = []
    for query, answer in JUDGED.items():
        expected, got = set(answer.split()), {titles[title] for title in found(query)}
        right, returned, wanted = right + len(got & expected), returned + len(got), wanted + len(expected)
        if got != expected:
            missed.append(f"{query}: {' '.join(sorted(got))} instead of {answer}")
    assert len(JUDGED) >= 200
    assert right / wanted >= 0.98, missed
    assert right / returned >= 0.95, missed
    assert len(missed) <= 5, missed


# Japanese


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("米", "日米の協議"),
        ("米", "対米"),
        ("安保", "国連安保理で"),
        ("防衛費", "防衛費を増やす"),
        ("ＡＩ", "AIが水番を代わる"),
        ("ai", "ＡＩが水番を代わる"),
        ("ｶﾏｽ", "カマスを煮る"),
        ("ガス", "ｶﾞｽ料金"),
        ("2026年", "２０２６年度"),
        ("380m", "標高1,380mの山"),
        ("𠮷野", "𠮷野さん"),
        ("econom", "Economics"),
        ("トランプ大統領", "トランプ米大統領は"),
        ("石破首相", "石破茂首相が"),
        ("防衛費増額", "防衛費の増額を"),
        ("硫黄島の式典", "式典が硫黄島で"),
        ("Q&A", "よくあるQ&Aです"),
        ("港　橋", "橋と港"),
        ("静か", "**静か**な階"),
        ("静かな階", "[静かな](https://example.com/)階"),
    ],
)
def test_a_word_is_found_in_a_text(query: str, text: str) -> None:
    edition = report(text)
    assert found(query) == [edition.title]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("防衛費", "防衛、費用"),
        ("AI", "airとaid"),
        ("50", "450人と1500円"),
        ("港 橋", "港だけ"),
        ("水の出し入れ", "水を入れる"),
        ("安保理", "安保、理事"),
        ("1階", "1の階"),
    ],
)
def test_a_word_is_not_found_where_it_does_not_stand(query: str, text: str) -> None:
    report(text)
    assert not found(query)


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "　", "？", "()", '"', "* -", "'; DROP TABLE", "a" * 3000, "\x00", "港 " * 500])
def test_any_query_is_answered(client: Client, query: str) -> None:
    report("港")
    assert client.get("/search/", {"q": query}).status_code == 200
    assert client.get("/search/", {"q": "港", "month": query, "tag": query, "publisher": query}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sign", ['"', "'", "*", ":", "^", "(", ")", "-", "+", "&", "|", "!", "<", "\\", "%", "NEAR", "OR", "AND"]
)
def test_signs_of_the_engines_mean_nothing(client: Client, sign: str) -> None:
    edition = report(f"港 {sign} 橋")
    for query in (f"港{sign}橋", f"{sign}港", f"港 {sign} 橋", f"港{sign}"):
        response = client.get("/search/", {"q": query})
        assert response.status_code == 200
        assert [title(hit) for hit in page(response).all("article", "hit")] == [edition.title], query


WIDE = "港湾橋梁カマスのを"
NARROW = "ab1"


class Oracle(TestCase):
    """Whatever stands in a text is found in it: compared with looking through the text itself."""

    @hypothesis_settings(max_examples=60)
    @given(
        st.lists(st.text(WIDE + NARROW + " 、。　", min_size=1, max_size=25), min_size=1, max_size=4),
        st.text(WIDE + NARROW + "、", min_size=1, max_size=5),
    )
    def test_a_phrase_is_found_exactly_where_it_stands(self, bodies: list[str], query: str) -> None:
        for number, body in enumerate(bodies):
            report(body, title="甲乙丙丁"[number])
        words = read(query)
        if not words:
            return
        exact = [word.exact for word in words]
        expected = {
            "甲乙丙丁"[number] for number, body in enumerate(bodies) if all(stands(each, body) for each in exact)
        }
        got = set(found(query))
        assert expected <= got, (query, bodies)
        if not any(word.parted for word in words):
            assert expected == got, (query, bodies)


def stands(phrase: Phrase, body: str) -> bool:
    """Whether a phrase stands in a text: by looking through it, run by run."""
    there, wanted = runs(body), list(phrase.runs)
    for start in range(len(there) - len(wanted) + 1):
        here = there[start : start + len(wanted)]
        if len(wanted) == 1:
            run, word = here[0], wanted[0]
            if (word in run) if not word.isascii() else run == word:
                return True
        elif (
            here[0].endswith(wanted[0])
            and (not wanted[0].isascii() or here[0] == wanted[0])
            and here[1:-1] == wanted[1:-1]
            and here[-1].startswith(wanted[-1])
            and (not wanted[-1].isascii() or here[-1] == wanted[-1])
        ):
            return True
    return False


@given(st.text("港湾橋カab1", min_size=1, max_size=9), st.text("港湾橋カab1、", max_size=40))
def test_ways_to_part_a_word_that_others_include_are_not_looked_for(query: str, text: str) -> None:
    for word in read(query):
        every = [(word.exact,), *word.parted]
        assert set(map(tuple, word.either)) <= set(every)
        assert meets(word.either, tokens(text)) == meets(every, tokens(text))


def meets(condition: Condition, held: list[str]) -> bool:
    """Whether these tokens meet a condition, as an index has it."""
    return any(all(holds(phrase, held) for phrase in way) for way in condition)


def holds(phrase: Phrase, held: list[str]) -> bool:
    (*before, last), goes_on = phrase.tokens
    ends = (at + len(before) for at in range(len(held) - len(before)) if held[at : at + len(before)] == before)
    return any(held[end].startswith(last) if goes_on else held[end] == last for end in ends)


def test_of_the_ways_to_part_a_compound_those_stay_that_find_something_by_themselves() -> None:
    (word,) = read("路面電車再開")
    assert len(word.parted) == 4
    told = [["".join(phrase.runs) for phrase in way] for way in word.either]
    assert told == [["路面", "電車", "再開"], ["路面電", "車再開"]]
    (word,) = read("港湾の橋梁")
    assert word.either == [(Phrase(("港湾",)), Phrase(("橋梁",)))]


@given(st.text(max_size=60))
def test_tokens_hold_nothing_that_an_engine_reads_as_a_sign(text: str) -> None:
    assert not any(char.isspace() or (char.isascii() and not char.isalnum()) for char in "".join(tokens(text)))


# Order, places, marks


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.mark.django_db
def test_titles_come_before_texts_and_the_newest_first(noon: time_machine.Traveller) -> None:
    for days, title, body in (
        (1, "新しい本文", "岬の話"),
        (3, "古い本文", "岬の話"),
        (9, "岬の題", "話"),
        (5, "問い", ""),
    ):
        question = "岬はどこ？" if title == "問い" else ""
        section = Section(heading="今", question=question, body=body)
        published(title, at=NOW - days * DAY, sections=(section,))
    assert found("岬") == ["問い", "岬の題", "新しい本文", "古い本文"]


@pytest.mark.django_db
def test_the_words_as_typed_come_before_their_parts(noon: time_machine.Traveller) -> None:
    published("部分", at=NOW, sections=(Section(heading="今", body="防衛費の増額"),))
    published("全体", at=NOW - DAY, sections=(Section(heading="今", body="防衛費増額"),))
    assert found("防衛費増額") == ["全体", "部分"]


@pytest.mark.django_db
def test_a_hit_leads_to_the_section_and_marks_the_words(client: Client) -> None:
    sections = (
        Section(heading="一", body="何もない"),
        Section(
            heading="二", question="ﾄﾞｰﾑはいつ直る？", answer="3年後", body="前の話。\nドームの屋根は古い。\n後の話。"
        ),
    )
    edition = published("天文台", sections=sections)
    (hit,) = hits(client, "q=ドーム")
    place = hit.one("div", "place")
    assert place.one("p", "place-title").one("a")["href"] == f"{edition.get_absolute_url()}#s2"
    assert [mark.text for mark in place.all("mark")] == ["ﾄﾞｰﾑ", "ドーム"]
    assert place.one("p", "place-text").text.replace(" ", "") == "…ドームの屋根は古い。…".strip("…")
    assert page(client.get(edition.get_absolute_url())).all("section", id="s2")


@pytest.mark.django_db
def test_everything_that_readers_see_of_an_article_is_found(client: Client) -> None:
    section = Section(
        heading="見出語",
        question="質問語？",
        answer="回答語",
        sources=(Source(caption="出典語", site_name="媒体語", key_points=("要点語",)),),
        opening=(Comment("論者語", "前言語"),),
        body="本文語",
        closing=(Comment("", "後言語"),),
    )
    edition = published(
        "題名語",
        lead_heading="導入語",
        lead="前文語",
        sections=(section,),
        takeaways=("結論語",),
        tags=("札語",),
        closing=(Comment("", "全体語"),),
    )
    for word in (
        *("題名語", "導入語", "前文語", "見出語", "質問語", "回答語", "出典語", "媒体語", "要点語", "論者語", "前言語"),
        *("本文語", "後言語", "結論語", "札語", "全体語"),
    ):
        assert found(word) == [edition.title], word


@pytest.mark.django_db
def test_what_only_comes_near_says_so(client: Client) -> None:
    report("霧の夜は船が欠航する", title="霧")
    report("晴れの日", title="晴れ")
    (hit,) = hits(client, "q=霧の夜の欠航便")
    assert "hit-near" in hit.classes
    assert hit.one("h2").text == "霧"
    assert not hits(client, "q=まったく別の話題")
    assert "見つかりません" in client.get("/search/?q=まったく別の話題").content.decode()


@given(st.text(max_size=80), st.text(max_size=6))
def test_marks_leave_the_text_as_it_is(text: str, query: str) -> None:
    phrases = [phrase for word in read(query) for phrase in word.phrases]
    assert "".join(span.text for span in marked(text, phrases)) == text
    shown = "".join(span.text for span in excerpt(text, phrases))
    assert shown.strip("…") in text or "…" in text


@given(st.text("港湾のカ ab1、", max_size=30), st.text("港湾のカab1", min_size=1, max_size=3))
def test_what_is_found_is_marked(text: str, query: str) -> None:
    (word,) = read(query) or (None,)
    if word and stands(word.exact, text):
        spans = [span for span in marked(text, [word.exact]) if span.found]
        assert spans
        folded = normalize("NFKC", spans[0].text).casefold()
        assert "".join(runs(folded)).startswith(word.exact.runs[0][:1])


@given(st.text("港ｶﾞバ\u3099é㍿ß a\n", max_size=30), st.text("港ガバé株s a", min_size=1, max_size=3))
def test_marks_are_the_same_where_letters_are_joined_elsewhere(text: str, query: str) -> None:
    """Texts without joined letters are folded in one go; with one behind a line's end, letter by letter."""
    phrases = [phrase for word in read(query) for phrase in word.phrases]
    alone, followed = marked(text, phrases), marked(f"{text}\nﾋﾟ", phrases)
    assert [span for span in alone if span.found] == [span for span in followed if span.found]


# Narrowed, in pages, and only what is on show


@pytest.mark.django_db
def test_a_search_is_narrowed_to_tag_month_and_publisher(client: Client, noon: time_machine.Traveller) -> None:
    source = Source(url="https://www.wire.example/1")
    published("港の今", tags=("ＡＩ",), sections=(Section(heading="今", sources=(source,)),))
    published("港の昔", at=NOW - 40 * DAY)
    assert len(hits(client, "q=港")) == 2
    for narrowing in ("tag=AI", "tag=ai", "month=2026-04", "month=2026年4月", "publisher=www.wire.example"):
        assert [title(hit) for hit in hits(client, f"q=港&{narrowing}")] == ["港の今"], narrowing
    for narrowing in ("tag=x", "month=2026-03", "month=九月", "month=0000-00", "publisher=none.example"):
        assert not hits(client, f"q=港&{narrowing}"), narrowing
    assert 'value="AI"' in client.get("/search/?q=港&tag=AI").content.decode(), "the form keeps what was typed"


@pytest.mark.django_db
def test_results_are_leafed_through(client: Client) -> None:
    for number in range(LENGTH + 1):
        published(f"港{number}")
    first = page(client.get("/search/?q=港&tag="))
    (more,) = [link for link in first.all("a") if link.attributes.get("rel") == "next"]
    second = client.get(f"/search/{more['href']}")
    assert len(page(second).all("article", "hit")) == 1
    for wrong in ("0", "x", "-1", "99999999"):
        assert client.get(f"/search/?q=港&page={wrong}").status_code == 404


@pytest.mark.django_db
def test_only_what_is_on_show_is_found(client: Client, noon: time_machine.Traveller) -> None:
    drafted("秘密の港")
    edition = published("旧い港")
    changed(edition.article, "直しかけの港")
    publishing.publish(publishing.save(drafted("明日の港"), by=None), by=None, at=NOW + DAY, despite_findings=True)
    assert found("港") == ["旧い港"]
    assert "港" not in client.get("/search/?q=秘密").content.decode()
    noon.move_to(NOW + DAY)
    assert found("港") == ["明日の港", "旧い港"]
    publishing.withdraw(edition.article, by=None)
    assert found("港") == ["明日の港"]


@pytest.mark.django_db
def test_a_new_edition_takes_the_place_of_the_old_one() -> None:
    edition = published("古い題")
    publishing.publish(changed(edition.article, "新しい題"), by=None, despite_findings=True)
    assert found("新しい") == ["新しい題"]
    assert not found("古い")


@pytest.mark.django_db
def test_rebuilding_finds_what_was_lost_and_forgets_what_is_gone(capsys: pytest.CaptureFixture[str]) -> None:
    edition = report("港湾")
    gone = report("湾岸", title="消える")
    Passage.objects.filter(edition=edition).delete()
    publishing.withdraw(gone.article, by=None)
    assert not found("港湾")
    call_command("rebuild_search")
    assert "1" in capsys.readouterr().out
    assert found("港湾") == [edition.title]
    assert not Passage.objects.filter(edition=gone).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM articles_search")
        assert cursor.fetchone()[0] == Passage.objects.count()


@pytest.mark.django_db
def test_deleting_a_draft_that_was_to_appear_leaves_nothing_behind() -> None:
    article = drafted("予約")
    publishing.publish(publishing.save(article, by=None), by=None, at=datetime.now(UTC) + DAY, despite_findings=True)
    publishing.unschedule(article, by=None)
    keys = list(Passage.objects.values_list("pk", flat=True))
    assert keys
    assert all(indexed(key) for key in keys)
    publishing.delete(Article.objects.get(pk=article.pk), by=None)
    assert not Passage.objects.exists()
    assert not any(indexed(key) for key in keys)


@pytest.mark.django_db
def test_a_key_that_the_index_knows_from_an_emptied_database_is_taken_anew() -> None:
    edition = report("港湾")
    key = Passage.objects.get(edition=edition, number=1).pk
    index.add([index.Entry(key, "", "山林")])
    assert not found("港湾")
    assert found("山林") == [edition.title]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    ["港" * 400_000, "𐐀" * 400_000, " ".join(f"w{number}𐐨𐐩" * 9 for number in range(40_000))],
    ids=["kanji", "rare letters", "words"],
)
def test_a_section_of_any_length_is_published_and_found_by_its_beginning(text: str) -> None:
    edition = report(f"湾岸 {text}", question="岬" * 3_000)
    assert found("湾岸") == [edition.title]
    assert found("岬岬") == [edition.title]


@pytest.mark.django_db
def test_a_word_longer_than_the_index_holds_in_one_is_found() -> None:
    edition = report("x" * 45)
    assert found("x" * 45) == [edition.title]
    assert not found("x" * 42)


def indexed(key: int) -> bool:
    """Whether the index holds a passage of that key."""
    column = "passage" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM articles_search WHERE {column} = %s", [key])  # noqa: S608  # ours
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["港", "港 今", "港湾再開"])
def test_what_a_search_costs_does_not_grow(client: Client, query: str) -> None:
    costs = []
    for _ in range(2):
        for number in range(12):
            report("港湾の再開 今", title=f"港{number}", question="いつ？")
        for _again in range(2):
            with CaptureQueriesContext(connection) as asked:
                assert hits(client, f"q={query}")
            costs.append(len(asked))
            assert not any('"document"' in each["sql"] for each in asked.captured_queries)
    assert costs == [6, 5, 6, 5], "how many articles each month has is asked once after a publication"


@pytest.mark.django_db
def test_search_pages_are_not_for_search_engines(client: Client) -> None:
    """A page that may not be fetched needs no `noindex`, which nobody would read."""
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").content.decode().splitlines())
    for engine in ("*", "Googlebot", "bingbot"):
        assert not robots.can_fetch(engine, "/search/?q=x")
        assert robots.can_fetch(engine, "/questions/")
    assert robots.can_fetch("archive.org_bot", "/search/?q=x")
    assert not robots.can_fetch("archive.org_bot", "/admin/")


def test_the_dictionary_parts_compounds_where_it_is_installed() -> None:
    pytest.importorskip("sudachidict_small")
    (word,) = read("防衛費増額")
    assert (Phrase(("防衛",)), Phrase(("費",)), Phrase(("増額",))) not in word.parted, "a single letter tells nothing"
    assert any(Phrase(("増額",)) in way for way in word.parted)
