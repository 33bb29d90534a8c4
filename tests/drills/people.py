"""Those who use the site during a drill: readers, and editors who save at the desk, each a thread."""

import http.client
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from types import SimpleNamespace
from urllib.parse import urlencode

from tests.desk import fields
from tests.drills.records import Record
from tests.sites import HOST, Site

PATIENCE = 40  # seconds

MAKE_EDITORS = """
from django.contrib.auth.models import User
from articles.document import Document, Section
for number in range({number}):
    User.objects.create_superuser(f"editor{{number}}", "", f"for-drills-{{number}}")
    article = drafting.create(Document(title=f"訓練の記事{{number}}", lead="海辺の町の話。", sections=(
        Section(heading="港", question="港はいつ開く？", answer="四月です。", body="工事は終わりました。" * 40),)))
    publishing.publish(publishing.save(article, by=None), by=None, despite_findings=True)
    print(article.pk)
"""


@dataclass
class Browser:
    """One browser: a server, and the cookies it gave."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> SimpleNamespace:
        """Status, content and headers of an answer. Raises OSError or HTTPException where none comes."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        sent = {"Host": HOST, "Connection": "close", **{k.replace("_", "-"): v for k, v in headers.items()}}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            asked.request(method, path, body or None, sent)
            answer = asked.getresponse()
            content = answer.read()
        finally:
            asked.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return SimpleNamespace(status=answer.status, content=content, headers=answer.headers)

    def post(self, path: str, values: dict[str, str]) -> SimpleNamespace:
        kind = "application/x-www-form-urlencoded"
        return self.ask("POST", path, urlencode(values).encode(), Content_Type=kind, Origin=f"http://{HOST}")

    def sign_in(self, number: int) -> None:
        """Sign in as one of the editors of a drill."""
        form = fields(self.ask("GET", "/admin/login/"))
        known = {"username": f"editor{number}", "password": f"for-drills-{number}"}
        answer = self.post("/admin/login/", {**form, **known})
        assert answer.status == 302, answer.content.decode()


@dataclass
class Editor:
    """Saves one article again and again. `acknowledged` are the titles of which the desk said that they are saved."""

    browser: Browser
    article: int
    saves: Record = field(default_factory=Record)
    acknowledged: list[str] = field(default_factory=list)
    kept: int = 0  # refused saves whose page held what was typed

    @property
    def address(self) -> str:
        return f"/admin/articles/article/{self.article}/change/"

    def save(self, title: str) -> int:
        """Open the form, change the title, save; the status of the answer."""
        began, status = time.monotonic(), 0
        with suppress(OSError, http.client.HTTPException):
            form = fields(self.browser.ask("GET", self.address))
            began = time.monotonic()
            answer = self.browser.post(self.address, {**form, "title": title})
            status = answer.status
            self.acknowledged += [title] if status == 302 else []
            self.kept += status == 503 and fields(answer).get("title") == title
        self.saves.note(began, status)
        return status


def editors(site: Site, port: int, number: int) -> list[Editor]:
    """Editors of the site, signed in at the server on that port."""
    articles = site.does(MAKE_EDITORS.format(number=number)).split()
    found = [Editor(Browser(port), int(article)) for article in articles]
    for each, editor in enumerate(found):
        editor.browser.sign_in(each)
    return found


def lost(site: Site, people: list[Editor]) -> int:
    """Acknowledged saves of which the site holds no edition."""
    titles = [title for editor in people for title in editor.acknowledged]
    code = "from articles.models import Edition; print(*Edition.objects.values_list('title', flat=True), sep='\\n')"
    return len(set(titles) - set(site.does(code).splitlines()))


@contextmanager
def at_work(people: list[Editor], every: float) -> Iterator[None]:
    """While the block lasts, each of them saves every so many seconds."""

    def work(editor: Editor, name: int, over: threading.Event) -> None:
        number = 0
        while not over.wait(every):
            number += 1
            editor.save(f"{name}人目の{number}回目")

    with _threads(len(people), lambda name, over: work(people[name], name, over)):
        yield


@contextmanager
def reading(port: int, number: int, articles: list[int], every: float = 0.1) -> Iterator[Record]:
    """While the block lasts, so many readers ask for articles (70 %), lists (20 %) and feeds (10 %)."""
    record = Record()

    def read(name: int, over: threading.Event) -> None:
        chance = random.Random(name)  # noqa: S311  # the same every time
        browser = Browser(port)
        while not over.wait(every * chance.uniform(0.5, 1.5)):
            article = f"/articles/{chance.choice(articles)}/"
            path = chance.choices([article, "/", "/feeds/rss.xml"], [7, 2, 1])[0]
            began, status = time.monotonic(), 0
            with suppress(OSError, http.client.HTTPException):
                status = browser.ask("GET", path).status
            record.note(began, status)

    with _threads(number, read):
        yield record


@contextmanager
def _threads(number: int, work: Callable[[int, threading.Event], None]) -> Iterator[None]:
    over = threading.Event()
    threads = [threading.Thread(target=work, args=(each, over)) for each in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()
