"""One of several processes that publish and read at once: `python -m tests.busy_process SEED COUNT`.

It works on the site of its environment, reads through the WSGI application as a server would, and prints a line of JSON
for each thing it did: when it began and ended (seconds since 1970), and what was shown.
"""

import json
import random
import re
import sys
import time
from datetime import timedelta
from io import BytesIO
from typing import Any

TITLE = re.compile(r"記事(\d+)版(\d+)")


def main(seed: int, count: int) -> None:
    from newsdesk.wsgi import application  # sets Django up

    chance = random.Random(seed)  # noqa: S311  # the same every time
    for _ in range(count):
        began = time.time()
        done = verb(chance) if chance.random() < 0.3 else read(application, chance)
        print(json.dumps({**done, "began": began, "ended": time.time()}), flush=True)


def verb(chance: random.Random) -> dict[str, Any]:
    """Publish, schedule, withdraw or take a schedule back, whichever is possible by then."""
    from django.utils import timezone

    from articles import publishing
    from articles.models import Article, Edition

    article = chance.choice(list(Article.objects.order_by("pk")))
    edition = chance.choice(list(Edition.objects.filter(article=article, number__lte=EDITIONS).order_by("pk")))
    soon = timezone.now() + timedelta(seconds=chance.uniform(0.2, 1.5))
    what = chance.choice(["publish", "publish", "publish until", "schedule", "withdraw", "unschedule"])
    scheduled = None
    try:
        if what == "withdraw":
            publishing.withdraw(article, by=None)
        elif what == "unschedule":
            publishing.unschedule(article, by=None)
        else:
            at = soon if what == "schedule" else None
            until = soon if what == "publish until" else None
            publishing.publish(edition, by=None, at=at, until=until, despite_findings=True)
            scheduled = at and (edition.title, at.timestamp())
    except publishing.PublishingError as error:
        what = f"{what}: {type(error).__name__}"
    return {"verb": what, "article": article.pk, "scheduled": scheduled}


EDITIONS = 5  # that each article begins with
KNOWN: dict[str, tuple[str, list[tuple[int, int]]]] = {}  # what was read last at a path: its name, and what it showed


def read(application: Any, chance: random.Random) -> dict[str, Any]:
    """An article, a list or a feed, as an anonymous reader gets it who may have read it before.

    Whoever is answered that nothing changed goes on to see what he saw.
    """
    article = chance.randint(1, ARTICLES)
    path = chance.choice([f"/articles/{article}/", f"/articles/{article}/", f"/articles/{article}/brief/", *LISTS])
    said: list[Any] = []
    tag, known = KNOWN.get(path, ("", []))
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "news.example",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "news.example",
        "HTTP_X_PAGE": "1",
        "HTTP_IF_NONE_MATCH": tag,
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }
    body = application(environ, lambda status, headers, exc_info=None: said.extend((status, headers)))
    text = b"".join(body).decode().replace("<wbr>", "")
    getattr(body, "close", lambda: None)()
    status, headers = int(said[0][:3]), dict(said[1])
    shown = known if status == 304 else sorted({(int(one), int(number)) for one, number in TITLE.findall(text)})
    KNOWN[path] = headers.get("ETag", ""), shown
    return {"read": path, "status": status, "shown": shown, "how": headers.get("X-Page", "")}


ARTICLES = 6
LISTS = ["/", "/tags/港/".encode().decode("latin-1"), "/feeds/rss.xml", "/feeds/feed.json"]

if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
