"""Kinds 120 to 124: text that breaks feeds, and articles that have no business in them."""

import json
from email.utils import parsedate_to_datetime
from time import time
from xml.etree import ElementTree

from tests.attack.kinds import SOUND, Target, Tries, kind

FEEDS = (
    "/feeds/rss.xml",
    "/feeds/atom.xml",
    "/feeds/feed.json",
    "/feeds/smartnews.xml",
    "/sitemap.xml",
    "/news-sitemap.xml",
)
PUBLISH = """
from articles.document import Document, Section, Comment, Source
text = {text!r}
section = Section(heading=text, question=text, answer=text, body=text, opening=(Comment("", text),),
    sources=(Source(caption=text, site_name=text, key_points=(text,), url="https://example.com/"),))
document = Document(title="前" + text + "後", lead=text, sections=(section,), takeaways=(text,), tags=("港",))
edition = publishing.save(drafting.create(document), by=None)
publishing.publish(edition, by=None, at={at}, despite_findings=True)
print(edition.article_id)
"""


def _published(target: Target, text: str, at: str = "None") -> int:
    return int(
        target.site.does(
            "from datetime import timedelta\nfrom django.utils import timezone\n" + PUBLISH.format(text=text, at=at)
        )
    )


def _parses(target: Target, path: str) -> str:
    """Whether a feed, or a page, can be read by a program, and has no sign that no text may have."""
    answer = target.browsers["anonymous"].ask("GET", path)
    if answer.status != 200:
        return f"status {answer.status} of {path}"
    text = answer.content.decode()
    if any((ord(sign) < 32 and sign not in "\t\n\r") or sign in "\ufffe\uffff\x7f" for sign in text):
        return f"a control in {path}"
    try:
        json.loads(text) if path.endswith("json") else ElementTree.fromstring(text) if "xml" in path else None  # noqa: S314  # our own
    except (ValueError, ElementTree.ParseError) as error:
        return f"{path}: {error}"
    return SOUND


def _enter(number: int, name: str, *texts: str) -> None:
    @kind(number, name)
    def tries(target: Target) -> Tries:
        for text in texts:
            article = _published(target, text)
            for path in (*FEEDS, f"/articles/{article}/", f"/articles/{article}/brief/", "/", "/questions/"):
                yield _parses(target, path)


_enter(
    120,
    "controls that XML has no place for",
    "".join(map(chr, range(1, 32))),
    "\x0b\x0c\x7f\x80\x9f\ufffe\uffff\ufdd0\U0001fffe",
    "\u202e\u2066\u200b\u2028\u2029\ufeff",
)
_enter(
    122,
    "ends of what stands around text",
    "]]>",
    "<![CDATA[",
    "-->",
    "</script><script>alert(1)</script>",
    "&amp;&lt;&#0;&bogus;",
)


@kind(121, "surrogates")
def surrogates(target: Target) -> Tries:
    line = '{"schema": 1, "title": "前\\ud83d後", "lead": "\\udc00", "sections": []}\n'
    file = target.site.folder / "surrogates.jsonl"
    file.write_text(line)
    done = target.site.run("manage.py", "import_documents", str(file), "--publish")
    yield "a traceback" if "Traceback" in done.stderr else SOUND
    for path in FEEDS:
        yield _parses(target, path)


@kind(123, "an article of tomorrow in a feed of today")
def tomorrow(target: Target) -> Tries:
    _published(target, "明日の話", "timezone.now() + timedelta(days=1)")
    for path in (*FEEDS, "/", "/tags/", "/questions/", "/search/?q=%E6%98%8E%E6%97%A5%E3%81%AE%E8%A9%B1"):
        answer = target.browsers["anonymous"].ask("GET", path)
        late = (
            parsedate_to_datetime(answer.headers["Last-Modified"]).timestamp() > time() + 5
            if "Last-Modified" in answer.headers
            else False
        )
        text = answer.content.decode().replace("<wbr>", "").replace("<mark>", "").replace("</mark>", "")
        yield f"in {path}" if "前明日の話" in text else f"Last-Modified of {path}" if late else SOUND


@kind(124, "an article that was withdrawn, asked for with a validator")
def withdrawn(target: Target) -> Tries:
    reader = target.browsers["anonymous"]
    article = _published(target, "取り下げる話")
    paths = (*FEEDS, "/", f"/articles/{article}/")
    before = {path: reader.ask("GET", path).headers.get("ETag", "") for path in paths}
    target.site.does(
        f"from articles.models import Article\npublishing.withdraw(Article.objects.get(pk={article}), by=None)"
    )
    for path, etag in before.items():
        answer = reader.ask("GET", path, If_None_Match=etag)
        shown = "前取り下げる話" in answer.content.decode().replace("<wbr>", "")
        named = f"/articles/{article}/" in path
        good = answer.status == 410 if named else answer.status == 200 or path == "/sitemap.xml"
        yield f"still in {path}" if shown and not named else SOUND if good else f"{path}: {answer.status}"
