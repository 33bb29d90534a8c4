"""Moments as whole numbers, which every database compares as they are. Pure."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(at: datetime) -> int:
    """Microseconds since 1970 in UTC."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment(since: int) -> datetime:
    """The moment so many microseconds after 1970 began in UTC."""
    return _EPOCH + timedelta(microseconds=since)
