"""Dates as readers see them: of the western calendar or, where the setting WAREKI says so, by Japanese eras."""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.months import Month
from articles.text import wareki, wareki_month, wareki_year


def day_name(day: date) -> str:
    """A day: 2026年4月1日 or 令和8年4月1日."""
    return wareki(day) if settings.WAREKI else date_format(day)


def moment_name(at: datetime) -> str:
    """Day and time on the site's clocks."""
    local = timezone.localtime(at)
    if settings.WAREKI:
        return f"{wareki(local.date())}{date_format(local, 'TIME_FORMAT')}"
    return date_format(local, "DATETIME_FORMAT")


def month_name(month: Month) -> str:
    """A month with its year."""
    first = month.start.date()
    return wareki_month(first) if settings.WAREKI else date_format(first, "YEAR_MONTH_FORMAT")


def month_of_year(month: Month) -> str:
    """A month below the heading of its year: 4月."""
    return str(MONTHS[month.month])


def year_name(year: int) -> str:
    """A year, as the heading above its months."""
    return wareki_year(year) if settings.WAREKI else _("%(year)s") % {"year": year}
