"""Cards: what pages say of themselves is read, in every encoding of Japan, and no page breaks the reading."""

import codecs
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.cards import Card, read_card
from articles.cards.charsets import decode

URL = "https://news.aonami.example/2026/09/03/bridge.html"
TITLE = "①青波大橋、来春に開通　㈱青波建設が発表"
PAGE = f"""<!doctype html><html lang="ja"><head><meta charset="CHARSET">
<title>{TITLE} | 青波新聞</title></head><body><h1>{TITLE}</h1>
<p>町は三日、橋の工事が予定どおり進んでいると発表した。渡り初めは来年の三月になる見込みだ。</p></body></html>"""


def page(head: str = "", body: str = "") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


def card(head: str = "", body: str = "", url: str = URL) -> Card:
    return read_card(page(head, body), "text/html; charset=utf-8", url)


def ld(*items: Any) -> str:
    return "".join(
        f'<script type="application/ld+json">{json.dumps(item, ensure_ascii=False)}</script>' for item in items
    )


def og(**values: str) -> str:
    return "".join(f'<meta property="og:{name}" content="{value}">' for name, value in values.items())


# Encodings

ENCODINGS = [("Shift_JIS", "cp932"), ("EUC-JP", "euc_jis_2004"), ("UTF-8", "utf-8")]


@pytest.mark.parametrize(("name", "codec"), ENCODINGS)
@pytest.mark.parametrize("said", ["header", "page", "nowhere", "wrongly"])
def test_titles_are_right_in_every_encoding_wherever_it_is_said(name: str, codec: str, said: str) -> None:
    body = PAGE.replace("CHARSET", name if said in ("page", "wrongly") else "").encode(codec)
    wrong = "UTF-8" if name != "UTF-8" else "Shift_JIS"
    header = {"header": name, "wrongly": wrong}.get(said)
    read = read_card(body, f"text/html; charset={header}" if header else "text/html", URL)
    assert (read.caption, read.site_name) == (TITLE, "青波新聞")


@pytest.mark.parametrize("said", ["iso-2022-jp", ""])
def test_iso_2022_jp_is_read(said: str) -> None:
    body = PAGE.replace("CHARSET", said).replace("①", "").replace("㈱", "").encode("iso2022_jp")
    assert read_card(body, "text/html", URL).caption == "青波大橋、来春に開通　青波建設が発表"


@pytest.mark.parametrize(
    ("mark", "codec"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_a_byte_order_mark_is_believed(mark: bytes, codec: str) -> None:
    assert decode(mark + "港".encode(codec), "text/html; charset=shift_jis") == "港"


@pytest.mark.parametrize("name", ["utf-7", "x-unknown", "rot13", "unicode_escape", "", "＿", "hex"])
def test_an_encoding_nobody_uses_is_not_believed(name: str) -> None:
    assert decode("港+ADw-b".encode(), f"text/html; charset={name}") == "港+ADw-b"


def test_a_page_that_is_cut_off_or_has_a_broken_byte_is_still_read() -> None:
    body = PAGE.replace("CHARSET", "Shift_JIS").encode("cp932")
    for broken in (body[: body.index(b"<p>") + 30], body + b"\x81", body.replace(b"<p>", b"<p>\xff")):
        assert read_card(broken, "text/html", URL).caption == TITLE


def test_western_pages_are_western() -> None:
    body = '<meta charset="iso-8859-1"><title>Le café est fermé à Orléans</title>'.encode("cp1252")
    assert read_card(body, "text/html", URL).caption == "Le café est fermé à Orléans"


# Where things stand


def test_open_graph_fills_a_card() -> None:
    head = og(title="橋が開通", site_name="青波新聞", image="/i/bridge.jpg", url=URL + "?utm_source=x")
    head += '<meta property="article:published_time" content="2026-09-03T00:30:00+09:00"><title>別の題</title>'
    assert card(head) == Card(
        "橋が開通", "青波新聞", "2026-09-03", "https://news.aonami.example/i/bridge.jpg", URL + "?utm_source=x"
    )


ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "橋が開通",
    "datePublished": "2026-09-02T16:00:00Z",
    "publisher": {"@type": "NewsMediaOrganization", "name": "青波新聞"},
    "image": [{"@type": "ImageObject", "url": "https://img.aonami.example/a.jpg"}],
    "mainEntityOfPage": {"@id": URL},
}
LIST = {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "name": "社会"}]}
FROM_DATA = Card("橋が開通", "青波新聞", "2026-09-03", "https://img.aonami.example/a.jpg", URL)


@pytest.mark.parametrize(
    "data",
    [
        [ARTICLE],
        [LIST, ARTICLE],
        [[LIST, ARTICLE]],
        [{"@context": "https://schema.org", "@graph": [LIST, {"@type": "WebPage", "headline": "x"}, ARTICLE]}],
        [{"@type": "WebPage", "mainEntity": ARTICLE}],
        [{**ARTICLE, "@type": ["Article", "https://schema.org/NewsArticle"]}],
        [{"@graph": [{**ARTICLE, "publisher": {"@id": "#us"}}, {"@id": "#us", "name": "青波新聞"}]}],
        [{**ARTICLE, "image": "https://img.aonami.example/a.jpg", "publisher": "青波新聞", "mainEntityOfPage": URL}],
        [{**ARTICLE, "datePublished": [None, "2026-09-03"], "image": [["https://img.aonami.example/a.jpg"]]}],
    ],
)
def test_structured_data_fills_a_card_however_it_is_nested(data: list[Any]) -> None:
    assert card(ld(*data)) == FROM_DATA


@pytest.mark.parametrize("wrapping", ["<!-- {} -->", "//<![CDATA[\n{}\n//]]>", "/*<![CDATA[*/ {} /*]]>*/", "\n{};"])
def test_structured_data_is_read_out_of_its_wrapping(wrapping: str) -> None:
    text = json.dumps(ARTICLE, ensure_ascii=False).replace("橋が開通", "橋が\n開通")
    assert card(f'<script type="application/ld+json">{wrapping.replace("{}", text)}</script>').caption == "橋が 開通"


def test_meta_and_title_fill_what_else_is_said() -> None:
    head = '<title>橋が開通 - 青波新聞デジタル</title><meta name="application-name" content="青波新聞">'
    read = card(head + '<meta name="date" content="2026/09/03"><link rel="canonical" href="/2026/09/03/b">')
    assert read == Card("橋が開通", "青波新聞", "2026-09-03", "", "https://news.aonami.example/2026/09/03/b")


@pytest.mark.parametrize(
    ("title", "name", "caption", "site"),
    [
        ("橋が開通 | 青波新聞", "", "橋が開通", "青波新聞"),
        ("橋が開通｜社会｜青波新聞", "青波新聞", "橋が開通｜社会", "青波新聞"),
        ("橋が開通 : 青波新聞オンライン", "青波新聞", "橋が開通", "青波新聞"),
        ("橋が開通 - 社会 - 青波新聞", "青波新聞", "橋が開通 - 社会", "青波新聞"),
        ("橋が開通－青波新聞", "青波新聞", "橋が開通－青波新聞", "青波新聞"),
        ("橋 - 渡り初めは来春", "", "橋 - 渡り初めは来春", ""),
        ("青波新聞", "青波新聞", "青波新聞", "青波新聞"),
        ("| 青波新聞", "青波新聞", "| 青波新聞", "青波新聞"),
        (
            "橋が開通 | 渡り初めは翌年の春になる見込みだと町長は言う",
            "",
            "橋が開通 | 渡り初めは翌年の春になる見込みだと町長は言う",
            "",
        ),
        ("A&amp;amp;B社が合併 | 青波新聞", "青波新聞", "A&B社が合併", "青波新聞"),
    ],
)
def test_titles_are_cleaned_of_the_site_and_of_nothing_else(title: str, name: str, caption: str, site: str) -> None:
    head = f"<title>{title}</title>" + (og(site_name=name) if name else "")
    read = card(head)
    assert (read.caption, read.site_name) == (caption, site)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-09-03", "2026-09-03"),
        ("2026-09-03T23:59:00+09:00", "2026-09-03"),
        ("2026-09-03T15:30:00Z", "2026-09-04"),
        ("2026-09-03T15:30:00.000+0000", "2026-09-04"),
        ("20260903", "2026-09-03"),
        ("2026/09/03 10:00", "2026-09-03"),
        ("2026年9月3日", "2026-09-03"),
        ("令和8年9月3日", "2026-09-03"),
        ("Thu, 03 Sep 2026 16:00:00 GMT", "2026-09-04"),
        ("2026-02-30", ""),
        ("yesterday", ""),
        ("1601-01-01", ""),
        ("0001-01-01T00:00:00+14:00", ""),
        ("9999-12-31T23:59:59-12:00", ""),
        ("1" * 5_000, ""),
    ],
)
def test_dates_are_days_in_japan(said: str, day: str) -> None:
    assert card(f'<meta property="article:published_time" content="{said}">').published_on == day
    assert card(body=f"<article><time>{said}</time></article>").published_on == day


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ("https://www.news.aonami.example/a", "https://www.news.aonami.example/a"),
        ("/b?id=3", "https://news.aonami.example/b?id=3"),
        ("https://news.aonami.example/", URL),
        ("https://elsewhere.example/a", URL),
        ("javascript:alert(1)", URL),
        ("http://[::1", URL),
        ("//news.aonami.example:99999999/", URL),
        ("", URL),
    ],
)
def test_a_page_is_known_by_an_address_of_its_own_site(link: str, canonical: str) -> None:
    assert card(f'<link rel="Canonical" href="{link}">').canonical == canonical


@pytest.mark.parametrize(
    "image", ["javascript:alert(1)", "data:image/png;base64,AAAA", "file:///etc/passwd", "http://a:b@x/"]
)
def test_pictures_are_on_the_web(image: str) -> None:
    assert card(og(image=image)).image == ""


# Pages that mean harm (kind 105)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 1000,
        b"<" * 500_000,
        b"<div>" * 200_000,
        b"<h1><time>" * 100_000,
        b"<time>" * 80_000 + b"</link>" * 70_000,
        b"<title>" * 140_000,
        b"<script>" * 120_000,
        b"<meta>" * 160_000,
        b"<d" * 500_000,
        b"<p " + b"a" * 1_000_000,
        b"<!--" * 250_000,
        b"<title>" + "港".encode() * 500_000,
        b"<title>&#x202e;&#0;&#xD800;&#xFFFF;abc</title>",
        b"<title>" + b"&amp;" * 100_000,
        b'<script type="application/ld+json">' + b"[" * 500_000,
        b'<script type="application/ld+json">{"@graph":' + b'{"a":' * 900 + b"1" + b"}" * 901,
        b'<script type="application/ld+json">{"@type":"Article","headline":{"@id":"x"},"@id":"x","name":{"@id":"x"}}',
        b'<script type="application/ld+json">' + b"1" * 100_000,
        b'<meta property="og:title" content="\xff\xfe\xfd">',
        b'<meta charset="' + b"a" * 100_000,
        (b"<meta " + b"charset " * 10_000) * 10,
    ],
)
def test_no_page_breaks_the_reading_or_takes_long(body: bytes) -> None:
    started = time.thread_time()
    read = read_card(body, "text/html", URL)
    assert time.thread_time() - started < 3
    assert len(read.caption) <= 300
    assert "\u202e" not in read.caption
    assert read.canonical == URL


@given(body=st.binary(max_size=3_000), kind=st.text(max_size=60), url=st.text(max_size=60))
def test_no_bytes_break_the_reading(body: bytes, kind: str, url: str) -> None:
    read_card(body, kind, url)


NASTY = st.sampled_from(
    ["<", ">", '"', "=", "meta", "title", "script", "[", "{", "}", ":", ",", "@type", "\\ud800", "港", "\x00"]
)
KEYS = st.sampled_from(["@type", "@id", "@graph", "headline", "publisher", "name", "image", "url", "datePublished"])
VALUES = st.recursive(
    st.none() | st.text(max_size=9) | st.integers() | st.booleans(),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(KEYS, each, max_size=4),
)


@given(parts=st.lists(NASTY, max_size=60), value=VALUES)
def test_no_markup_and_no_data_break_the_reading(parts: list[str], value: Any) -> None:
    read_card("".join(parts).encode(), "text/html", URL)
    read_card(page(ld({"@type": "NewsArticle", **value} if isinstance(value, dict) else value)), "text/html", URL)


def test_it_needs_no_database() -> None:
    for path in (Path(__file__).parent.parent / "articles/cards").glob("*.py"):
        assert "articles.models" not in path.read_text(encoding="utf-8")
