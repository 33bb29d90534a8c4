"""Pages of the desk, measured in this process: an editor, an article of many sections; nothing stays changed."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import count
from statistics import median
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import reverse

from articles import drafting, publishing
from articles.document import from_json
from articles.models import Article
from articles.samples.synthetic import document
from newsdesk.bench.inside import counted
from newsdesk.bench.load import WrongAnswer

SECTIONS = 15
TIMES = 5  # measured, after one that only warms up

Act = Callable[[dict[str, str]], None]


def measured() -> Iterator[dict[str, Any]]:
    """CPU milliseconds (median) and queries of the list of articles, of an article's form, and of saving it."""
    with transaction.atomic():
        article = _long_article()
        client = _editor()
        form = reverse("admin:articles_article_change", args=[article.pk])
        changes = count()

        def shown(path: str) -> Act:
            return lambda _: _expect(client.get(path, secure=True), 200)

        def filled() -> dict[str, str]:
            fields = _fields(client.get(form, secure=True).content.decode())
            return {**fields, "lead": f"{fields['lead']} {next(changes)}", "_continue": "1"}

        yield {"page": "desk, list", **_measure(shown(reverse("admin:articles_article_changelist")))}
        yield {"page": "desk, form", **_measure(shown(form))}
        yield {
            "page": "desk, save",
            **_measure(lambda fields: _expect(client.post(form, fields, secure=True), 302), filled),
        }
        transaction.set_rollback(True)


def _expect(response: Any, status: int) -> None:
    """Raise WrongAnswer where the desk answers anything else."""
    if response.status_code != status:
        raise WrongAnswer(f"{response.request['PATH_INFO']} answers {response.status_code}, not {status}.")


def _measure(act: Act, prepare: Callable[[], dict[str, str]] = dict) -> dict[str, Any]:
    """What acting costs, without what had to be prepared for it."""
    act(prepare())
    times = []
    for _ in range(TIMES):
        prepared, start = prepare(), time.process_time()
        act(prepared)
        times.append((time.process_time() - start) * 1000)
    prepared = prepare()
    with counted() as queries:
        act(prepared)
    return {"cpu": median(times), "queries": queries[0]}


def _long_article() -> Article:
    whole = from_json(document(0))
    sections = (whole.sections * SECTIONS)[:SECTIONS]
    article = drafting.create(replace(whole, sections=sections))
    publishing.save(article, by=None)
    return article


def _editor() -> Client:
    client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    client.force_login(User.objects.create_superuser("bench"))
    return client


class _Fields(HTMLParser):
    """Collects what a browser would send: the controls of the article's form, but for templates of new rows."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        name = known.get("name", "")
        if tag == "select":
            self.select, self.values[name] = name, ""
        elif tag == "option" and self.select and "selected" in known:
            self.values[self.select] = known.get("value", "")
        elif tag == "textarea":
            self.area, self.values[name] = name, ""
        elif tag == "input" and not (self._unsent(known) or not name):
            self.values[name] = known.get("value") or ("on" if known.get("type") == "checkbox" else "")

    def _unsent(self, known: dict[str, str]) -> bool:
        kind = known.get("type")
        return kind in ("submit", "file") or (kind in ("checkbox", "radio") and "checked" not in known)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.values[self.area] = self.values[self.area].removeprefix("\r\n").removeprefix("\n")
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[self.area] += data


def _fields(page: str) -> dict[str, str]:
    parser = _Fields()
    parser.feed(page)
    templates = ("-empty-", "__prefix__")
    return {
        name: value for name, value in parser.values.items() if name and not any(part in name for part in templates)
    }
