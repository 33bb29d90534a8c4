"""DATABASE_URL: a database by its address, with what each engine needs to be safe under concurrent editors."""

from pathlib import Path
from typing import Any

from environ import Env

# A lock is waited for as long as on SQLite; then editors are told. Our queries are over before they would be compiled
# (jit), and on an SSD or in memory an index costs what its table does (random_page_cost; 4 is a spinning disk's). What
# was published last stands in a list of the index that each search goes through; by default it grows to 4 MB.
START_UP = "-c lock_timeout=10s -c jit=off -c random_page_cost=1.1 -c gin_pending_list_limit=256kB"


def database_from_url(url: str, *, kept_for: int = 60) -> dict[str, Any]:
    """The entry of Django's DATABASES for an address; connections are kept for so many seconds."""
    config: dict[str, Any] = Env.db_url_config(url)
    if config["ENGINE"] == "django.db.backends.sqlite3":
        # IMMEDIATE: a transaction waits for the write lock when it begins instead of failing when it first writes.
        # FULL: an acknowledged save survives a loss of power.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA journal_size_limit=67108864;",
        }
        if config["NAME"] != ":memory:":
            Path(config["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    else:
        config["CONN_HEALTH_CHECKS"] = True
        options = config.setdefault("OPTIONS", {})
        options.setdefault("connect_timeout", 3)  # seconds until readers are told
        # A server that was cut off from the network is noticed within 15 seconds; TCP by itself takes many minutes.
        for name, value in {"keepalives_idle": 5, "keepalives_interval": 5, "keepalives_count": 2}.items():
            options.setdefault(name, value)
        options.setdefault("tcp_user_timeout", 15_000)  # milliseconds
        options.setdefault("options", START_UP)
    return {**config, "CONN_MAX_AGE": kept_for}
