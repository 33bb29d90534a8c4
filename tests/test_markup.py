"""Body text becomes safe HTML: what an editor marks works in Japanese, and nothing else gets through."""

from html import unescape
from html.parser import HTMLParser
from math import inf
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.markup import body_html, line_html, lines_html, page_html, phrases_html, plain, safe_url
from articles.text import block, without_ruby
from tests import strategies

PLAIN = ("p", "em", "strong", "blockquote", "ul", "li", "ruby", "rp", "rt")
ALLOWED: dict[str, set[str]] = {**{tag: set() for tag in PLAIN}, "a": {"href", "rel"}, "ol": {"start"}}


class Page(HTMLParser):
    """What a reader's browser finds: elements, addresses, and the text of each paragraph or item."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.lines: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("p", "li"):
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        self.lines[-1] += data

    @property
    def links(self) -> list[str | None]:
        return [attributes["href"] for tag, attributes in self.elements if "href" in attributes]


def test_every_line_is_a_paragraph() -> None:
    assert body_html("港が開いた。\n\n  町が変わる。\r\n") == "<p>港が開いた。</p><p>町が変わる。</p>"


def test_lines_of_one_kind_make_one_block() -> None:
    text = "前\n> 一つ目\n>二つ目\n- 甲\n* 乙\n1. 先\n2. 後\n後"
    assert body_html(text) == (
        "<p>前</p><blockquote><p>一つ目</p><p>二つ目</p></blockquote>"
        "<ul><li>甲</li><li>乙</li></ul><ol><li>先</li><li>後</li></ol><p>後</p>"
    )


def test_numbers_stay_as_they_were_typed() -> None:
    assert body_html("3. 三\n4. 四\n1. 一\n1. 一\n0. 零") == (
        '<ol start="3"><li>三</li><li>四</li></ol><ol><li>一</li></ol><ol><li>一</li></ol>'
        '<ol start="0"><li>零</li></ol>'
    )


@pytest.mark.parametrize(
    "line", [">", "-", "1.", "-5度まで下がる", "2025. 年", "1.5倍", "※ 注", "・点", "１．全角", "－ 棒"]
)
def test_lines_without_a_whole_mark_stay_as_they_are(line: str) -> None:
    assert Page(body_html(line)).lines == [line]
    assert body_html(line).startswith("<p>")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("これは**「重要」**です", "これは<strong>「重要」</strong>です"),
        ("**「重要」**です", "<strong>「重要」</strong>です"),
        ("これは**重要**です", "これは<strong>重要</strong>です"),
        ("**注意：**よく読む", "<strong>注意：</strong>よく読む"),
        ("**発表（速報）**によると", "<strong>発表（速報）</strong>によると"),
        ("約**50%**増", "約<strong>50%</strong>増"),
        ("計**(a)**と**(b)**で", "計<strong>(a)</strong>と<strong>(b)</strong>で"),
        ("「**港**」、**町**。", "「<strong>港</strong>」、<strong>町</strong>。"),
        ("*「強く」*言う", "<em>「強く」</em>言う"),
        ("***「とても」***言う", "<em><strong>「とても」</strong></em>言う"),
        ("𠮷**「野」**家", "𠮷<strong>「野」</strong>家"),
        ("カナ**ﾊﾝｶｸ。**カナ", "カナ<strong>ﾊﾝｶｸ。</strong>カナ"),
        ("**a** and **b**", "<strong>a</strong> and <strong>b</strong>"),
        ("5 * 3", "5 * 3"),
        ("5 * 3 * 2 は 30", "5 * 3 * 2 は 30"),
        ("５　*　３　*　２", "５　*　３　*　２"),
        ("縦 ** 横 ** 高さ", "縦 ** 横 ** 高さ"),
        ("5*3円", "5*3円"),
        ("「*」と書く", "「*」と書く"),
        ("**", "**"),
        ("開いた**まま", "開いた**まま"),
        ("snake_case_name", "snake_case_name"),
        (r"\*そのまま\*", "*そのまま*"),
        (r"\> 引用でない", "&gt; 引用でない"),
    ],
)
def test_emphasis_in_japanese(text: str, html: str) -> None:
    assert body_html(text) == f"<p>{html}</p>"


def test_a_link_works_and_names_no_opener() -> None:
    assert body_html("[議会の**記録**](https://gikai.example/a?b=1&c=2)を読む") == (
        '<p><a href="https://gikai.example/a?b=1&amp;c=2" rel="noopener">議会の<strong>記録</strong></a>を読む</p>'
    )
    assert Page(body_html("<https://a.example/> <mati@a.example>")).links == [
        "https://a.example/",
        "mailto:mati@a.example",
    ]


def test_a_link_with_a_japanese_address_is_written_for_machines() -> None:
    assert Page(body_html("[港](https://例え.example/港)")).links == ["https://xn--r8jz45g.example/%E6%B8%AF"]


HOSTILE_URLS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html;base64,PHNjcmlwdD4=",
    "vbscript:x",
    "file:///etc/passwd",
    "//evil.example/",
    "/articles/1/",
    "\\\\evil.example",
    "https:\\evil.example",
    "https://good.example\\@evil.example/",
    "https://good.example@evil.example/",
    "https://",
    "https:///path",
    "http:evil.example",
    "https://[::1",
    "https://a.example:99999/",
    "https://a.example:x/",
    "https://a .example/",
    "https://a.example/\r\nSet-Cookie: a=b",
    "https://a.example/\u3000",
    "https://a.example/\x00",
    "https://a.example/\u2028",
    "ｈｔｔｐｓ://a.example/",
    "mailto:a@a.example?body=x",
    "",
]


@pytest.mark.parametrize("url", HOSTILE_URLS)
def test_an_address_that_hides_something_is_refused(url: str) -> None:
    assert safe_url(url) == ""


CLEANED = dict.fromkeys(["https://a.example/\x00", "https://a.example/\u3000"], "https://a.example/")


@pytest.mark.parametrize("url", sorted(set(HOSTILE_URLS) - CLEANED.keys()))
def test_a_link_to_such_an_address_is_shown_as_text(url: str) -> None:
    assert Page(body_html(f"[押す]({url})")).links == []


def test_what_could_end_an_attribute_is_encoded() -> None:
    assert Page(body_html('[押す](https://a.example/"onclick="alert(1))')).links == [
        "https://a.example/%22onclick=%22alert(1)"
    ]


@pytest.mark.parametrize(("typed", "meant"), CLEANED.items())
def test_a_sign_in_a_link_that_can_be_cleaned_is(typed: str, meant: str) -> None:
    assert Page(body_html(f"[押す]({typed})")).links == [meant]


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/",
        "HTTP://A.EXAMPLE",
        "https://例え.example/港?q=「町」#x",
        "https://[::1]:8000/a(b)_c",
        "https://a.example/%0d%0a",
    ],
)
def test_an_ordinary_address_is_safe(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<template><svg/onload=alert(1)></template>",
        "</p></article><iframe src=//evil.example>",
        "<!-- --><style>*{}</style>",
        "![絵](https://a.example/b.png)",
        "# 見出し",
        "```\nコード\n```",
        "`code`",
        "&lt;b&gt; &amp; &#106;avascript:",
        "]]> <![CDATA[ <?xml ?>",
        "[x]: https://evil.example/",
        "~~消す~~",
        "| a | b |",
        "***",
        "---",
    ],
)
def test_anything_else_is_shown_as_it_was_typed(text: str) -> None:
    page = Page(body_html(text))
    assert page.lines == text.replace("![絵](https://a.example/b.png)", "!絵").split("\n")
    assert {tag for tag, _ in page.elements} <= {"p", "a"}


RUBY = "<ruby>{}<rp>（</rp><rt>{}</rt><rp>）</rp></ruby>"


@pytest.mark.parametrize(
    ("text", "html", "words"),
    [
        ("開く帆影港《ほかげこう》の町", f"開く{RUBY.format('帆影港', 'ほかげこう')}の町", "開く帆影港の町"),
        ("新しい｜エキ《駅》へ", f"新しい{RUBY.format('エキ', '駅')}へ", "新しいエキへ"),
        ("霞ヶ浦《かすみがうら》", RUBY.format("霞ヶ浦", "かすみがうら"), "霞ヶ浦"),
        (
            "人々《ひとびと》、𠮷野《よしの》",
            f"{RUBY.format('人々', 'ひとびと')}、{RUBY.format('𠮷野', 'よしの')}",
            "人々、𠮷野",
        ),
        ("港《AT&T <i>》", RUBY.format("港", "AT&amp;T &lt;i&gt;"), "港"),
        ("港\\《みなと》", "港《みなと》", "港《みなと》"),
        ("\\｜エキ\\《駅》", "｜エキ《駅》", "｜エキ《駅》"),
    ],
)
def test_a_reading_stands_above_its_words(text: str, html: str, words: str) -> None:
    assert body_html(text) == lines_html(text) == f"<p>{html}</p>"
    assert line_html(text) == html
    assert plain(text) == without_ruby(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "みなと《港》",
        "《ほかげこう》",
        "港《》",
        "港《 》",
        f"港《{'あ' * 31}》",
        f"｜{'あ' * 31}《あ》",
        f"{'港' * 31}《みなと》",
        "港《みな",
        "｜港",
        "｜《みなと》",
        "帆影港《港《みなと》の町》",
        "組曲《港の四季》",
        "港(《みなと》)",
    ],
)
def test_brackets_that_are_no_reading_stay_as_they_were_typed(text: str) -> None:
    assert body_html(text) == lines_html(text) == f"<p>{text}</p>"
    assert plain(text) == without_ruby(text) == text


def test_a_reading_stands_in_other_marks_but_not_across_them() -> None:
    assert body_html("**帆影港《ほかげこう》**") == f"<p><strong>{RUBY.format('帆影港', 'ほかげこう')}</strong></p>"
    link = body_html("[港《みなと》](https://a.example/)")
    assert link == f'<p><a href="https://a.example/" rel="noopener">{RUBY.format("港", "みなと")}</a></p>'
    assert body_html("- 港《みなと》") == f"<ul><li>{RUBY.format('港', 'みなと')}</li></ul>"
    assert body_html("*港*《みなと》") == "<p><em>港</em>《みなと》</p>"
    assert plain("**港《みなと》**は*開く*") == "港は開く"


@given(st.text(st.sampled_from("漢字々かなA｜《》\\（<& 。"), max_size=40))
def test_nothing_typed_is_lost_with_readings(text: str) -> None:
    """Every letter but the marks is shown, where it was typed."""
    marks = str.maketrans("", "", "｜《》\\（）")
    typed = [line.translate(marks) for line in block(text).split("\n") if line]
    assert [line.translate(marks) for line in Page(lines_html(text)).lines] == typed
    assert [line.translate(marks) for line in Page(body_html(text)).lines] == typed


def test_lines_of_a_title_end_between_phrases() -> None:
    assert phrases_html("最終便を遅らせた船は、最初の夜をどう走ったのか?") == (
        "最終便を<wbr>遅らせた<wbr>船は、<wbr>最初の<wbr>夜を<wbr>どう<wbr>走ったのか?"
    )
    assert phrases_html("<b>AT&T") == "&lt;b&gt;AT&amp;T"
    assert phrases_html("") == ""


@given(strategies.lines)
def test_a_title_in_phrases_says_the_same(title: str) -> None:
    assert unescape(phrases_html(title).replace("<wbr>", "")) == title


@given(strategies.blocks)
def test_plain_words_hold_no_reading(text: str) -> None:
    assert len(without_ruby(text)) <= len(text)
    assert set(without_ruby(text)) <= set(text)


def test_lines_without_marks_are_escaped_paragraphs() -> None:
    assert lines_html("**a** <b>\n\n- c") == "<p>**a** &lt;b&gt;</p><p>- c</p>"
    assert lines_html(" \n") == body_html("\u3000\n\x00") == ""


@given(
    strategies.blocks
    | st.text(st.sampled_from("漢字｜《》*_[]()<>\\&;\"'#!`~-+>1. \n港「」。https://a.example/mailto:"), max_size=60)
)
@example('[a](https://a.example/ "t" onclick=x)')
@example('<https://a.example/"onclick="x>')
def test_any_text_gives_only_what_is_allowed(text: str) -> None:
    page = Page(body_html(text))
    assert all(set(attributes) <= ALLOWED[tag] for tag, attributes in page.elements)
    assert all(link and (safe_url(link) or link.startswith("mailto:")) for link in page.links)


@given(st.text(st.sampled_from("*_[]()<>\\&;\"'#!`- /.\n港https://a.example/mailto:"), max_size=60))
@example('## [a](/b/ "t" onclick=x)')
@example("[a](//b.example/)")
@example("[a](/\\b.example/)")
def test_any_text_of_a_page_gives_that_headings_and_links_within_the_site(text: str) -> None:
    page = Page(page_html(text).replace("h2>", "p>"))
    assert all(set(attributes) <= ALLOWED[tag] for tag, attributes in page.elements)
    for link in page.links:
        assert link
        within = link.startswith("/") and not link.startswith("//") and "\\" not in link
        assert within or safe_url(link) or link.startswith("mailto:")


unmarked = st.text(st.characters(codec=None, exclude_characters="*_[]\\<>-《"), max_size=40).filter(
    lambda text: not any(line[:1].isdigit() for line in block(text).split("\n"))
)


@given(unmarked)
@example("AT&T；「港」&amp;\u00a0町\u3000👨‍👩‍👧")
def test_every_character_of_plain_text_is_shown(text: str) -> None:
    assert (
        Page(body_html(text)).lines
        == Page(lines_html(text)).lines
        == [line for line in block(text).split("\n") if line]
    )


@pytest.mark.parametrize(
    "part",
    [
        "[",
        "*",
        "**あ",
        "a*",
        "](",
        "[a](",
        "<",
        "<http:",
        "\\",
        "[*",
        "*[",
        "[[]",
        "「",
        "字《",
        "《字",
        "《字》",
        "｜字",
        "字",
        '[a](b "',
        "> a\n- b\n",
    ],
)
def test_a_trap_for_parsers_costs_little(part: str) -> None:
    """Eight times the text costs about eight times the time, where a parser that goes back and forth takes 64 times."""
    assert seconds(part * (16_000 // len(part))) < 30 * seconds(part * (2_000 // len(part))) + 0.2


def seconds(text: str) -> float:
    """The best of three, which the garbage of other tests disturbs least."""
    best = inf
    for _ in range(3):
        started = process_time()
        body_html(text)
        best = min(best, process_time() - started)
    return best
