"""Hypothesis strategies: Documents of every shape, and texts that look like manuscripts."""

from datetime import date

from hypothesis import strategies as st

from articles.document import Comment, Document, Section, Source

# Text that is easily taken for something else when a manuscript is read.
MARKS = [
    "✅",
    "✅ ",
    "☑️",
    "✔",
    "💡",
    "🔆",
    "💬",
    "💬 港野: ",
    "まとめ 💬",
    "〃",
    "\\",
    "\\✅",
    "公開日:2025/03/22",
    "公開日：２０２５年３月２２日（土）",
    "公開日:2025/02/30",
    "さらに読む ⇒",
    "続きを読む→",
    "出典:",
    "出典/画像元: ",
    "出典／画像元：https://example.jp/a?b=c",
    "画像元: ",
    "画像: a.jpg",
    "https://example.jp/(a)",
    "ｈｔｔｐ：／／ｅｘａｍｐｌｅ．ｊｐ",
    "javascript:alert(1)",
    "//example.jp",
    "題: ",
    "リード: ",
    "リード見出し:",
    "見出し：",
    "問: ",
    "答: ",
    "要旨:",
    "本文:",
    "タグ: 港、観光",
    "(?マーク)",
    "帆影港《ほかげこう》",
    "｜エキ《駅》",
    "《",
    "》",
    "（？マーク）",
    "、",
    "，",
    ",",
    ":",
    "：",
    "。",
    "？",
    "?",
    "「",
    "」",
    "（",
    "港が開きました。",
    "楽しみですね。",
    "期待されます。",
    "灯台の町の新しい港",
    "何が変わる？",
    "\u3000",
    " ",
    "\t",
    "\ufe0f",
    "\u200d",
    "\u3099",
    "\u0338",
    "👨‍👩‍👧",
]

characters = st.characters(codec=None)  # surrogates, controls and non-characters among them
fragments = st.lists(st.sampled_from(MARKS) | st.text(characters, max_size=4), max_size=5).map("".join)
lines = fragments | st.text(characters, max_size=12) | st.sampled_from(MARKS)
blocks = st.lists(lines, max_size=4).map("\n".join)
urls = (
    st.sampled_from(
        ["https://example.jp/", "http://example.jp/a?b=c&d=(e)", "HTTPS://EXAMPLE.JP/%0d%0a", "https:// a b"]
    )
    | lines
    | lines.map("https://example.jp/".__add__)
)
comments = st.builds(Comment, commentator=st.just("") | st.sampled_from(["灯台もと子", "港野 渡"]) | lines, text=blocks)
sources = st.builds(
    Source,
    caption=lines,
    url=urls,
    site_name=lines,
    published_on=st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31)),
    key_points=st.lists(lines, max_size=3).map(tuple),
    image=lines,
    image_credit=urls,
) | st.builds(lambda url: Source(url=url, image_credit=url), urls)


def some(values: st.SearchStrategy, most: int) -> st.SearchStrategy:
    """Tuples of non-empty Documents' parts."""
    return st.lists(values.filter(bool), max_size=most).map(tuple)


sections = st.builds(
    Section,
    heading=lines,
    question=lines,
    answer=lines,
    sources=some(sources, 2),
    opening=some(comments, 2),
    body=blocks,
    closing=some(comments, 2),
)
documents = st.builds(
    Document,
    title=lines,
    lead_heading=lines,
    lead=blocks,
    sections=some(sections, 3),
    closing=some(comments, 2),
    takeaways=st.lists(lines, max_size=3).map(tuple),
    tags=st.lists(lines, max_size=3).map(tuple),
)

# Whole manuscripts, more or less: marks, sentences, junk and ends of lines of every kind.
ends = st.sampled_from(["\n", "\r\n", "\r", "\u2028", "\n\n", "", "\x0b"])
manuscripts = st.lists(st.tuples(lines, ends).map("".join), max_size=25).map("".join)
