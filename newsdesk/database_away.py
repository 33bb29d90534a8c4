"""Telling a database that is busy or away, which passes, from a mistake in a query, which does not."""

import sqlite3

from django.db import InterfaceError, OperationalError

# Primary result codes of SQLite that say so; "no such table" is none of them.
_SQLITE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}
# Classes of SQLSTATE: connection, rolled back, resources, not in a state to (locks), operator, system.
_POSTGRES = {"08", "40", "53", "55", "57", "58"}


def is_away(error: BaseException | None) -> bool:
    """Whether the same request may well be answered in a moment."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return (getattr(cause, "sqlite_errorcode", 0) & 0xFF) in _SQLITE
    state = getattr(cause, "sqlstate", None)
    if state:
        return str(state)[:2] in _POSTGRES
    # Without a state no server answered: it could not be reached, or the connection broke.
    return isinstance(error, OperationalError) or "connection" in str(error)
