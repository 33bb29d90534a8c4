"""Looks at addresses, some of them hostile, on a server of its own: `python -m tests.drills.checker NUMBER SECONDS`."""

import json
import socket
import sys
import time
from collections import Counter

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def _silent(connection: socket.socket) -> None:
    time.sleep(30)


def main(number: int, seconds: float) -> None:
    """Look at so many addresses, a tenth of them hostile, each for so many seconds at most; print what came of it."""
    import django

    django.setup()

    import pytest

    from articles.addresses import normal
    from articles.citing import known
    from articles.fetching.fetcher import Fetcher
    from articles.link_health import look, note
    from articles.models.sources import Address
    from tests.hosts import Talk, endlessly, host, reply, slowly, to

    hostile: dict[str, Talk] = {
        "endless": endlessly(HEAD, b"a" * 65536),
        "headers": endlessly(b"HTTP/1.1 200 OK\r\n", b"X: " + b"a" * 60_000 + b"\r\n"),
        "silent": _silent,
        "slow": slowly(HEAD * 9),
        "odd": reply(status="999 No"),
        "loop": to("/loop"),
        "inside": to("http://169.254.169.254/"),
    }
    kinds = [
        list(hostile)[n // 10 % len(hostile)] if n % 10 == 0 else "gone" if n % 3 else "well" for n in range(number)
    ]
    said: Counter[str] = Counter()
    longest = 0.0
    with host(pytest.MonkeyPatch(), well=reply("<title>港</title>"), **hostile) as server:
        urls = []
        for n, kind in enumerate(kinds):
            if talk := server.answers.get(f"/{kind}"):
                server.answers[f"/{kind}{n}"] = talk
            urls.append(normal(f"{server.url}/{kind}{n}"))
        known(urls)
        fetcher = Fetcher(pace=0, seconds=seconds)  # one host stands for thousands, each of which has a pace of its own
        for address in Address.objects.filter(url__in=urls):
            began = time.monotonic()
            found = look(address.url, fetcher)
            note(address, found)
            longest = max(longest, time.monotonic() - began)
            said[address.url.rpartition("/")[2].rstrip("0123456789") + " " + str(found.verdict)] += 1
    print(json.dumps({"longest": longest, "looked at": said.total(), "said": said}))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
