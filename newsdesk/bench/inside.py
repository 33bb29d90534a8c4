"""What the bench does inside the site, in a process of its own: `python -m newsdesk.bench.inside JOB [ARGUMENT]`.

The environment names the corpus. Answers are lines of JSON on standard output.
"""

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.conf import settings

WARM_UP = 2  # requests before the one whose queries are counted


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


def fill(size: str) -> None:
    """Fill the empty database."""
    from newsdesk.bench import corpora

    say(articles=corpora.make(int(size), lambda added: say(added=added)))


def grow(size: str) -> None:
    """Make as many articles of those there are."""
    from articles.models import Article
    from newsdesk.bench import corpora

    base = Article.objects.count()
    corpora.multiply(base, -(-int(size) // base), lambda added: say(added=added))
    say(articles=Article.objects.count())


def rate(count: str) -> None:
    """Measure the real import into the empty database."""
    from newsdesk.bench import corpora

    first, last = corpora.import_rate(int(count))
    say(first=first, last=last)


def rate_into(count: str) -> None:
    """Measure the real import into the database as it is, which it stays."""
    from django.db import transaction

    from articles.archiving import Entry, archive
    from articles.bulk import in_bulk
    from articles.document import from_json
    from newsdesk.bench import corpora, documents

    last = len(documents.LETTERS) ** 4 - 1  # a copy that no corpus has
    entries = [Entry(from_json(form), corpora.NEWEST) for form in documents.documents(int(count), last)]
    with in_bulk(), transaction.atomic():
        start = time.perf_counter()
        for batch in corpora.batches(iter(entries)):
            archive(batch, publish=True)
        say(rate=len(entries) / (time.perf_counter() - start))
        transaction.set_rollback(True)


def articles(count: str) -> None:
    """Say where so many articles are, from all over the archive."""
    from newsdesk.bench import pages as wanted

    say(paths=wanted.articles(int(count)))


def pages(folder: str, *only: str) -> None:
    """Say of every page what readers get, and how many queries it costs to make; bodies go into the folder."""
    from newsdesk.bench import pages as wanted

    client = _client()
    for number, (name, paths) in enumerate(wanted.chosen(client, only).items()):
        answers = [client.get(path) for path in paths]
        body, first = answers[0].content, answers[0]
        Path(folder, f"{number}.body").write_bytes(body)
        say(
            page=name,
            number=number,
            status=first.status_code,
            type=first.headers["Content-Type"],
            bytes=len(body),
            queries=queries(lambda path=paths[0]: client.get(path)),  # type: ignore[misc]
            addresses=[
                {"path": path, "etag": answer.headers.get("ETag", ""), "digest": digest(answer.content)}
                for path, answer in zip(paths, answers, strict=True)
            ],
        )


def desk() -> None:
    """Measure pages of the desk in this process: CPU milliseconds and queries; nothing stays changed."""
    from newsdesk.bench import desk

    for found in desk.measured():
        say(**found)


def publish() -> None:
    """Publish an article whenever a line comes in, and say where it is and when that was committed."""
    from articles import drafting, publishing
    from articles.document import Document

    for number, _line in enumerate(sys.stdin):
        document = Document(title=f"いま公開された記事（第{number + 1}番）", lead="確かめるための記事です。")
        edition = publishing.save(drafting.create(document), by=None)
        publishing.publish(edition, by=None, despite_findings=True)
        say(committed=time.monotonic(), path=edition.get_absolute_url())


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def queries(request: Callable[[], object]) -> int:
    """How many queries a request makes that is not the first."""
    for _ in range(WARM_UP):
        request()
    with counted() as count:
        request()
    return count[0]


@contextmanager
def counted() -> Iterator[list[int]]:
    """Counts the queries of its block."""
    from django.db import connection

    count = [0]

    def wrapper(execute: Callable[..., Any], *args: Any) -> Any:
        count[0] += 1
        return execute(*args)

    with connection.execute_wrapper(wrapper):
        yield count


def _client() -> Any:
    from django.test import Client

    return Client(raise_request_exception=True, SERVER_NAME=settings.ALLOWED_HOSTS[0], HTTP_X_FORWARDED_PROTO="https")


JOBS: dict[str, Callable[..., None]] = {
    job.__name__: job for job in (fill, grow, rate, rate_into, articles, pages, desk, publish)
}

if __name__ == "__main__":
    django.setup()
    JOBS[sys.argv[1]](*sys.argv[2:])
