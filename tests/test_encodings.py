"""Bytes of manuscript files: recognised strictly, or refused with what to do."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from articles.manuscripts import LARGEST, UnreadableManuscript, decode

PROSE = "灯台の町に新しい港が開きました。\n観光客が増えると見込まれています。\n公開日:2025/03/22\n"
TEXTS = [
    PROSE,
    "観光ガイドﾎﾟｽﾀｰを町が配布、ﾈｯﾄでも",
    "白波町の防潮堤工事、完成へ",
    "蜃気楼が現れる薔薇園で鴎が鳴く",
    "タイトル",
    "ひらがなだけのぶんしょうです",
]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "iso2022_jp_ext"])
@pytest.mark.parametrize("text", TEXTS)
def test_japanese_is_recognised_in_every_usual_encoding(text: str, codec: str) -> None:
    assert decode(text.encode(codec)) == text


def test_utf_16_is_read_in_both_byte_orders() -> None:
    for mark, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert decode(mark + PROSE.encode(codec)) == PROSE


def test_signs_of_windows_are_read_in_shift_jis() -> None:
    text = "株式会社①と㈱、髙橋さんと﨑山さん"
    assert decode(text.encode("cp932")) == text


def test_plain_letters_and_stray_escapes_are_text() -> None:
    assert decode(b"ABC\n") == "ABC\n"
    assert decode(b"\x1b[31mred letters") == "\x1b[31mred letters"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "empty"),
        (b"a" * (LARGEST + 1), "MB"),
        (PROSE.encode("utf-16-le"), "UTF-16"),
        (PROSE.encode("utf-16-be"), "UTF-16"),
        ("ひらがなだけのぶんしょうです".encode("utf-16-le"), "UTF-16"),
        (PROSE.encode("utf-32"), "UTF-32"),
        (PROSE.encode("utf-32-be"), "UTF-32"),
        (b"\xff\xfe" + b"\x00\xd8a\x00", "UTF-16"),
        (b"PK\x03\x04" + PROSE.encode(), "ZIP"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0x", "Word"),
        (b" <!DOCTYPE html><p>x", "HTML"),
        (b"a\x00b", "binary"),
        (bytes(range(1, 32)) * 9, "binary"),
        (PROSE.encode() + PROSE.encode("cp932"), "line 4"),
        (PROSE.encode("cp932") + PROSE.encode(), "UTF-8"),
        (PROSE.encode()[:-30] + b"\xe3\x81\n", "UTF-8"),
        (b"\xed\xa0\xbd\xed\xb8\x80" + PROSE.encode(), "line 1"),
        (PROSE.encode("euc_jp") + PROSE.encode("cp932"), "Shift_JIS"),
        (PROSE.encode("cp932") + b"\x81\xff", "Shift_JIS"),
        (bytes(range(128, 256)), "Shift_JIS"),
        (b"\x1b$B$", "ISO-2022-JP"),
    ],
)
def test_anything_else_is_refused_with_what_was_found(data: bytes, found: str) -> None:
    with pytest.raises(UnreadableManuscript) as refused:
        decode(data)
    assert found in str(refused.value)


def test_refusal_says_what_to_do() -> None:
    with pytest.raises(UnreadableManuscript, match="UTF-8 and try again"):
        decode(b"a\x00b")
