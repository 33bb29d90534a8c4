"""Kinds 1 to 69: files that call themselves manuscripts, given to the import screen.

Each has the verdict that an editor would want: refused with a message, or read, and then not a visible character lost.
"""

import gzip
import io
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPException

from articles.manuscripts import UnreadableManuscript, decode
from tests.attack.kinds import REFUSED, SOUND, Target, Tries, kind
from tests.attack.uploads import send
from tests.desk import fields

SCREEN = "/admin/articles/article/import/"
TEXT = """港はいつ開く？
✅ 要約：港が四月に開きます。

1．港の工事
❓ 港はいつ開きますか？
💡 四月一日に開きます。
公開日:2025/03/22
✔️ 工事は三月に終わる
➡ 海辺市
https://example.com/kouji
市によると、工事は三月末に終わります。

🗨 港が開けば、町はにぎわうでしょう。
"""
READ, NOT_READ = True, False


def _given(target: Target, data: bytes, wanted: bool | None, name: str = "原稿.txt") -> str:
    """What giving a file comes to. `wanted`: whether it should be read; None where either will do."""
    browser = target.browsers["editor"]
    try:
        answer = send(browser, SCREEN, {"read": "1"}, "file", name, data)
    except (HTTPException, ConnectionError, TimeoutError) as error:
        return REFUSED if wanted is not READ else f"no answer: {error!r}"
    if answer.status >= 500:
        return f"status {answer.status}"
    if answer.status == 413 or 'class="errorlist' in answer.content.decode():
        return REFUSED if wanted is not READ else "refused, though it can be read"
    if wanted is NOT_READ:
        return "read, though it is no manuscript"
    return _kept(target, data, fields(answer))


def _kept(target: Target, data: bytes, form: dict[str, str]) -> str:
    """Save what was read, and look whether all that can be seen of it is in the draft."""
    browser = target.browsers["editor"]
    answer = browser.post(SCREEN, {**form, "save": "1"})
    if answer.status >= 500:
        return f"status {answer.status} when saving"
    if answer.status != 302:  # told what to do, such as shorten the title
        return REFUSED
    page = browser.ask("GET", answer.headers["Location"])
    if page.status != 200:
        return f"status {page.status} of the draft"
    try:
        text = decode(data)
    except UnreadableManuscript:
        return "saved, though it cannot be read"
    lost = _seen(text) - _seen("".join(fields(page).values()))
    # Marks say what a line is and are not kept themselves; nor is what a date or an address is written with.
    lost = Counter({sign: count for sign, count in lost.items() if unicodedata.category(sign)[0] == "L"})
    few = sum(lost.values()) <= 0.02 * max(200, len(text))
    return SOUND if few else f"lost {lost.most_common(5)}"


def _seen(text: str) -> Counter[str]:
    return Counter("".join(unicodedata.normalize("NFKC", text).split()))


def _texts(number: int, name: str, *texts: "str | bytes", wanted: bool | None = READ) -> None:
    """Enter a kind whose tries are these texts."""

    @kind(number, name)
    def tries(target: Target) -> Tries:
        for text in texts:
            yield _given(target, text if isinstance(text, bytes) else text.encode(errors="surrogatepass"), wanted)


def _with(line: str, before: str = "市によると") -> str:
    return TEXT.replace(before, f"{line}\n{before}", 1)


def _titled(title: str) -> str:
    return TEXT.replace("港はいつ開く？", title, 1)


def _zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("原稿.txt", TEXT)
    return out.getvalue()


def _days() -> Iterator[str]:
    for day in ("2025/02/30", "0000/01/01", "令和七年三月二十二日", "22/03/2025", "9999/12/31"):
        yield TEXT.replace("2025/03/22", day)


_texts(1, "an empty file", b"", wanted=NOT_READ)
_texts(2, "nothing but blanks", "　　\n　\u200b\u200b\n", wanted=NOT_READ)
_texts(3, "a title alone", "港はいつ開く？")
_texts(
    4,
    "Shift_JIS",
    TEXT.replace("✅", "")
    .replace("❓", "")
    .replace("💡", "")
    .replace("✔️", "")
    .replace("➡", "→")
    .replace("🗨", "")
    .encode("cp932"),
)
_texts(5, "EUC-JP", "灯台の町に新しい港が開きました。\n観光客が増えると見込まれています。\n".encode("euc_jp"))
_texts(6, "ISO-2022-JP", "灯台の町に新しい港が開きました。\n観光客が増えています。\n".encode("iso2022_jp"), wanted=None)
_texts(7, "UTF-16 with a mark", b"\xff\xfe" + TEXT.encode("utf-16-le"), b"\xfe\xff" + TEXT.encode("utf-16-be"))
_texts(8, "UTF-16 without a mark", TEXT.encode("utf-16-le"), wanted=None)
_texts(9, "UTF-32", TEXT.encode("utf-32"), wanted=None)
_texts(10, "UTF-8 with a mark", b"\xef\xbb\xbf" + TEXT.encode())
_texts(11, "broken UTF-8", TEXT.encode()[:50] + b"\xff\xfe\xff" + TEXT.encode()[50:], wanted=NOT_READ)
_texts(12, "UTF-8 with a tail of Shift_JIS", TEXT.encode() + "港の話".encode("cp932"), wanted=NOT_READ)
_texts(13, "surrogates written as UTF-8", TEXT.encode() + b"\xed\xa0\xbd\xed\xb8\x80", wanted=NOT_READ)
_texts(14, "kana in parts", unicodedata.normalize("NFD", TEXT.replace("工事", "ガイド")))
_texts(15, "signs of one maker, rare letters, half-width kana", _with("㈱海辺と①番、髙﨑さん、𠮷野さん、ｶﾞｲﾄﾞ"))
_texts(16, "every end of a line", TEXT.replace("\n", "\r\n", 5).replace("\n\n", "\r\r") + "\u2028終わり\n")
_texts(17, "NUL", _with("前\0後"), wanted=None)
_texts(18, "control signs", _with("前\x01\x1b[31m\x7f\x85\x9f後"), wanted=None)
_texts(19, "no characters", _with("前\ufffe\uffff後"), wanted=None)
_texts(20, "a title that nobody sees", _titled("\u200b\u200c\u2060"), wanted=None)
_texts(21, "joined pictures", _titled("👩‍👩‍👧‍👦が港へ？"))
_texts(22, "marks that turn the direction", _titled("港\u202e？く開つい\u202c"), _with("\u2066前\u2069"))
_texts(23, "five thousand marks on one letter", _with("が" + "\u3099" * 5_000), wanted=None)
_texts(
    24, "script, pictures, templates", _with("<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7|add:7 }}${7*7}")
)
_texts(25, "a title that ends an attribute", _titled("港\"'><svg onload=alert(1)>？"))
_texts(26, "a title that ends JSON", _titled('港"},{"@type":"Person"</script><script>alert(1)</script>？'))
_texts(27, "an end of CDATA", _with("]]>終わり<![CDATA["))
_texts(
    28, "links in Markdown", _with("[港](https://example.com/a)と[外](javascript:alert(1))と![絵](data:image/png,x)")
)
_texts(29, "javascript:", TEXT.replace("https://example.com/kouji", "javascript:alert(document.cookie)"))
_texts(30, "a tab in a scheme", TEXT.replace("https://", "java\tscript:"), TEXT.replace("https://", "ht\ttps://"))
_texts(31, "data:", TEXT.replace("https://example.com/kouji", "data:text/html,<script>alert(1)</script>"))
_texts(32, "file:", TEXT.replace("https://example.com/kouji", "file:///etc/passwd"))
_texts(33, "an address without a scheme", TEXT.replace("https://example.com/kouji", "//evil.example/kouji"))
_texts(34, "a name and a password in an address", TEXT.replace("https://", "https://user:secret@"))
_texts(
    35, "the address of a cloud's secrets", TEXT.replace("https://example.com/kouji", "http://169.254.169.254/latest")
)
_texts(36, "a quotation mark in an address", TEXT.replace("/kouji", "/kou\"onmouseover=alert(1)'ji"))
_texts(37, "a host that looks like another", TEXT.replace("example.com", "ехample.com"))
_texts(
    38, "a full-width address", TEXT.replace("https://example.com/kouji", "ｈｔｔｐｓ：／／ｅｘａｍｐｌｅ．ｃｏｍ／")
)
_texts(39, "no address", TEXT.replace("https://example.com/kouji\n", ""))
_texts(40, "an address of 8 kB", TEXT.replace("/kouji", "/" + "a" * 8_000), wanted=None)
_texts(41, "blanks in an address", TEXT.replace("/kouji", "/kou ji　の話"))
_texts(42, "line ends in an address", TEXT.replace("/kouji", "/%0d%0aSet-Cookie:a=b"))
_texts(
    43,
    "addresses glued to kana",
    TEXT.replace(
        "https://example.com/kouji", "出典はhttps://example.com/aとhttps://example.com/bやhttps://example.com/cです"
    ),
)
_texts(44, "an address glued to letters", TEXT.replace("https://example.com/kouji", "seehttps://example.com/kouji"))
_texts(
    45,
    "full-width signs of a card",
    TEXT.replace("公開日:", "公開日：").replace("2025/03/22", "２０２５／０３／２２").replace("➡", "→"),
)
_texts(46, "other ticks", TEXT.replace("✔️", "☑").replace("💡", "🔆").replace("1．", "１／"))
_texts(47, "a tick with a selector", TEXT.replace("✅", "✅\ufe0f"))
_texts(48, "no ticks", TEXT.replace("✔️ ", ""))
_texts(49, "no source", "\n".join(line for line in TEXT.splitlines() if "example.com" not in line and "➡" not in line))
_texts(50, "no date", TEXT.replace("公開日:2025/03/22\n", ""))
_texts(51, "no sections", "港はいつ開く？\n港が四月に開きます。\n市によると、工事は終わりました。\n")
_texts(52, "cut midway", TEXT[: len(TEXT) // 2], wanted=READ)
_texts(53, "the lines reversed", "\n".join(reversed(TEXT.splitlines())))
_texts(54, "all of it twice", TEXT + TEXT)
_texts(55, "days that there are not", *_days())
_texts(56, "equal headings", TEXT + TEXT.partition("\n\n")[2] + TEXT.partition("\n\n")[2])
_texts(57, "a title of 10,000 letters", _titled("港" * 10_000), wanted=None)
_texts(58, "a title of signs", _titled("！？…※★"))
_texts(59, "a title called admin", _titled("admin"), _titled("login/?next=/admin/"))
_texts(
    60,
    "a title that is a formula",
    _titled('=HYPERLINK("https://evil.example","x")'),
    _titled("@SUM(1)"),
    _titled("+1"),
)
_texts(
    61, "five thousand sections", "港の話\n\n" + "".join(f"{n}．見出し\n本文。\n\n" for n in range(5_000)), wanted=None
)
_texts(62, "a trap for patterns", _with("（" * 3_000 + "「『" * 3_000 + "a" * 3_000 + "!"), wanted=None)
_texts(63, "fifty thousand brackets", _with("「" * 50_000), wanted=None)
_texts(64, "a line of 1 MB", _with("港" * 340_000), wanted=None)
_texts(65, "a line of 10 MB", b"a" * 10_000_000, wanted=NOT_READ)
_texts(66, "50 MB", b"a\n" * 25_000_000, wanted=NOT_READ)
_texts(67, "no text at all", bytes(range(256)) * 40, wanted=NOT_READ)
_texts(68, "HTML", "<!DOCTYPE html><html><body><p>港はいつ開く？</p></body></html>", wanted=None)
_texts(69, "a ZIP, and a gzip, named .txt", _zipped(), gzip.compress(TEXT.encode()), wanted=NOT_READ)
