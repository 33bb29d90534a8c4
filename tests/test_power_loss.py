"""What was acknowledged survives a loss of power: the real connection is asked."""

import pytest
from django.db import connection


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="a matter of SQLite's settings; PostgreSQL's are the server's"
)
def test_sqlite_writes_through_and_waits_its_turn() -> None:
    with connection.cursor() as cursor:
        told = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
        waits = cursor.execute("PRAGMA busy_timeout").fetchone()[0]

    assert told == ["wal", 2]  # 2 is FULL
    assert waits >= 5_000
    assert connection.transaction_mode == "IMMEDIATE"  # type: ignore[attr-defined]  # of SQLite alone
