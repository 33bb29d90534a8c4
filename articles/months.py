"""Calendar months in the site's time zone. Pure: no Django models."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from django.utils import timezone


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month, from January 1000 to December 9998, so that it and the moment it ends can be reckoned with.

    Raises ValueError for any other.
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1000 <= self.year <= 9998 and 1 <= self.month <= 12):
            raise ValueError(f"{self.year}/{self.month} is not a month")

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """The month in which the moment lies, on the site's clocks."""
        local = timezone.localtime(moment)
        return cls(local.year, local.month)

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return timezone.make_aware(datetime(self.year, self.month, 1))  # noqa: DTZ001

    @property
    def end(self) -> datetime:
        """The first moment of the next month."""
        years, month = divmod(self.month, 12)
        return timezone.make_aware(datetime(self.year + years, month + 1, 1))  # noqa: DTZ001


def month_of(moment: datetime | None) -> Month | None:
    """The month of a moment; None also for one that no address names, as of an import dated before the year 1000."""
    try:
        return Month.of(moment) if moment else None
    except (ValueError, OverflowError):
        return None


def day_of(moment: datetime | None) -> date | None:
    """The day of a moment; None where its month has no name, either."""
    return timezone.localdate(moment) if month_of(moment) else None
