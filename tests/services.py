"""What of the outside is here: PostgreSQL, Redis, Chromium, gettext. Tests that need one are skipped with the reason.

`python -m tests.services postgres URL` prints why it cannot be used and exits with 1;
where it can, it prints nothing and exits with 0.
"""

import os
import shutil
import sys
from collections.abc import Callable

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def no_postgres(url: str) -> str:
    """Why tests cannot run in that PostgreSQL, or '' where they can."""
    import psycopg

    server, _, _ = url.replace("postgres://", "postgresql://", 1).rpartition("/")
    try:
        with psycopg.connect(f"{server}/postgres", connect_timeout=3) as connection:
            row = connection.execute("SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user").fetchone()
    except psycopg.OperationalError as error:
        return f"no answer ({' '.join(str(error).split())}). Start one, or set DATABASE_URL_POSTGRES."
    return "" if row and row[0] else "its user may not create databases. Set DATABASE_URL_POSTGRES to one that may."


def no_redis(url: str) -> str:
    """Why that Redis cannot be used, or '' where it can."""
    import redis

    try:
        redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3).ping()
    except redis.RedisError as error:
        return f"no answer ({error}). Start one, or set CACHE_URL_REDIS."
    return ""


def chromium() -> str:
    """The path of the Chromium to drive, or '' where there is none; CHROMIUM names another."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), "")


CHECKS: dict[str, Callable[[str], str]] = {"postgres": no_postgres, "redis": no_redis}

if __name__ == "__main__":
    reason = CHECKS[sys.argv[1]](sys.argv[2])
    print(reason, end="")
    sys.exit(bool(reason))
