"""Tells a page cache in front, nginx, until when it may show an answer by itself: never as long as a second.

nginx counts in whole seconds: what says `X-Accel-Expires: @N` it keeps until the clock shows N + 1. So a page may be
kept until the second in which it was asked for ends. The page store sees to it that it was true then, not a moment
before (`newsdesk.page_store.store`).
"""

import time
from collections.abc import Callable, Iterable
from typing import Any

AGREED = "HTTP_X_FRONT_CACHE"  # nginx sets the header, and lets no client's through
ADDS = "HTTP_X_FRONT_ADDS"  # likewise: headers that it adds to every answer by itself, and need not be given
TOO_EARLY = (
    0.02  # of a second: what was asked for before is not kept, lest a nginx that looks at its clock late shows it
)
NEVER = ("X-Accel-Expires", "0")

Headers = list[tuple[str, str]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class FrontCache:
    """WSGI around the whole site. Without the header of the server in front, answers go as they are."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if AGREED not in environ:
            return self.application(environ, start_response)
        asked, added = time.time(), environ.get(ADDS, "").split(", ")

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            given = [each for each in headers if each[0] not in added]
            return start_response(status, [*given, until(status, headers, asked)], exc_info)

        return self.application(environ, start)


def until(status: str, headers: Headers, asked: float) -> tuple[str, str]:
    """The header for an answer to what was asked then, in seconds since 1970.

    Only what is the same for everybody is kept. What comes too early in its second gets one that is over: nginx keeps
    it for nobody, and still answers 304 to whoever has it, which it does not with NEVER.
    """
    named = {name.lower(): value for name, value in headers}
    is_public = "public" in named.get("cache-control", "") and "set-cookie" not in named
    if not is_public or status[:3] not in ("200", "410"):
        return NEVER
    return "X-Accel-Expires", f"@{int(asked) - (asked % 1 < TOO_EARLY)}"
