"""The calendar: what goes on show when. An entry is moved by dragging it to another day or by typing another time."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles import publishing
from articles.admin.release_forms import Moment
from articles.admin.screens import ArticleScreen
from articles.models import Article, Edition
from articles.months import Month

MOST_A_DAY = 6  # entries in a day of the month; all of them stand on the day's own page
MOST_A_MONTH = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """An edition on the calendar: `coming` where it is scheduled, `movable` where this editor may move it, too."""

    edition: Edition
    at: datetime
    coming: bool = False
    movable: bool = False

    @property
    def is_update(self) -> bool:
        """Whether readers know an earlier edition of the article."""
        return self.coming and self.edition.published_at != self.edition.live_from

    @property
    def typed(self) -> str:
        """Its time as a field for date and time shows it."""
        return self.at.strftime("%Y-%m-%dT%H:%M")


@dataclass(slots=True)
class Day:
    """One day of the calendar, with its entries in order."""

    date: date
    in_month: bool
    is_today: bool
    entries: list[Entry] = field(default_factory=list)

    @property
    def shown(self) -> list[Entry]:
        return self.entries[:MOST_A_DAY]

    @property
    def hidden(self) -> int:
        return max(len(self.entries) - MOST_A_DAY, 0)


class MoveForm(forms.Form):
    """Another time for a scheduled edition: `day` where it was dragged to, or `at` where a time was typed."""

    edition = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    was = forms.DateTimeField()
    day = forms.DateField(required=False)
    at = Moment()

    @property
    def wanted(self) -> datetime | None:
        """The new time; a day alone keeps the hour. None where neither was given."""
        day: date | None = self.cleaned_data["day"]
        if not day:
            typed: datetime | None = self.cleaned_data["at"]
            return typed
        hour = timezone.localtime(self.cleaned_data["was"]).time()
        return timezone.make_aware(datetime.combine(day, hour))


class CalendarScreen(ArticleScreen):
    """A month of publications past and to come, and a single day of it."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("calendar/", view(self.calendar_view), name="articles_article_calendar"),
            path("calendar/move/", view(self.move_view), name="articles_article_move"),
            *super().get_urls(),
        ]

    def calendar_view(self, request: HttpRequest) -> HttpResponseBase:
        """`?month=2026-11` shows a month, `?day=2026-11-23` one day; neither, this month."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        day = asked_day(request.GET.get("day"))
        month = Month(day.year, day.month) if day else asked_month(request.GET.get("month"))
        first, last = (day, day) if day else (_sunday_before(month.start), _saturday_after(month.end))
        days = self._days(request, first, last, month)
        return self.screen(
            request,
            "calendar",
            date_format(day, "DATE_FORMAT") if day else date_format(month.start, "YEAR_MONTH_FORMAT"),
            day=days[0] if day else None,
            weeks=[days[start : start + 7] for start in range(0, len(days), 7)],
            month=month,
            earlier=month.start - timedelta(days=1),
            later=month.end,
        )

    def _days(self, request: HttpRequest, first: date, last: date, month: Month) -> list[Day]:
        today = timezone.localdate()
        found: dict[date, list[Entry]] = defaultdict(list)
        for entry in self._entries(request, _midnight(first), _midnight(last + timedelta(days=1))):
            found[entry.at.date()].append(entry)
        every = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return [Day(day, day.month == month.month, day == today, found[day]) for day in every]

    def _entries(self, request: HttpRequest, start: datetime, end: datetime) -> list[Entry]:
        """What was first published then and is still on show, and what is scheduled for then. Two queries."""
        now = timezone.now()
        shown = Edition.objects.live(now).published_between(start, end).order_by("published_at")
        coming = Edition.objects.scheduled(now).filter(live_from__gte=start, live_from__lt=end).order_by("live_from")
        entries = [
            Entry(edition, timezone.localtime(edition.published_at)) for edition in shown.listed()[:MOST_A_MONTH]
        ]
        entries += [
            Entry(
                edition,
                timezone.localtime(edition.live_from),
                coming=True,
                movable=self.has_publish_permission(request, edition.article),
            )
            for edition in coming.listed().select_related("article")[:MOST_A_MONTH]
        ]
        return sorted(entries, key=lambda entry: entry.at)

    def move_view(self, request: HttpRequest) -> HttpResponseBase:
        """Give a scheduled edition another time."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_publish_permission(request):
            raise PermissionDenied
        form = MoveForm(request.POST)
        if not form.is_valid() or not form.wanted:
            self.message_user(request, _("The new time could not be read. Type day and hour."), messages.ERROR)
            return self._back(request, form.cleaned_data.get("was"))
        edition = get_object_or_404(Edition.objects.select_related("article"), pk=form.cleaned_data["edition"])
        article = get_object_or_404(self.get_queryset(request), pk=edition.article_id)
        if not self.has_publish_permission(request, article):
            raise PermissionDenied
        try:
            publishing.reschedule(edition, form.wanted, was=form.cleaned_data["was"], by=request.user)  # type: ignore[arg-type]
        except publishing.PublishingError as error:
            said = _("%(title)s: %(reason)s") % {"title": article, "reason": error}
            self.message_user(request, said, messages.ERROR)
        else:
            self._tell_moved(request, article, form.wanted)
        return self._back(request, form.cleaned_data["was"])

    def _tell_moved(self, request: HttpRequest, article: Article, at: datetime) -> None:
        time = date_format(timezone.localtime(at), "DATETIME_FORMAT")
        said = _("%(title)s goes on show at %(time)s.") % {"title": article, "time": time}
        self.message_user(request, said, messages.SUCCESS)
        self.log_change(request, article, said)

    def _back(self, request: HttpRequest, was: Any) -> HttpResponseRedirect:
        """To the month, or the day, from which the entry was moved."""
        address = reverse("admin:articles_article_calendar")
        day = asked_day(request.POST.get("from_day") or None)
        if day:
            return HttpResponseRedirect(f"{address}?day={day.isoformat()}")
        month = Month.of(was) if was else Month.of(timezone.now())
        return HttpResponseRedirect(f"{address}?month={month.year}-{month.month:02}")


def asked_month(asked: str | None) -> Month:
    """The month of an address, this one where it names none. Raises Http404."""
    if asked is None:
        return Month.of(timezone.now())
    year, _dash, month = asked.partition("-")
    if not (year.isascii() and year.isdecimal() and month.isascii() and month.isdecimal() and len(asked) == 7):
        raise Http404
    try:
        return Month(int(year), int(month))
    except ValueError as error:
        raise Http404 from error


def asked_day(asked: str | None) -> date | None:
    """The day of an address, None where it names none. Raises Http404."""
    if asked is None:
        return None
    try:
        day = parse_date(asked)
        if day is None:
            raise Http404
        Month(day.year, day.month)
    except ValueError as error:
        raise Http404 from error
    return day


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001


def _sunday_before(start: datetime) -> date:
    """Weeks begin on Sunday, as on the calendars of Japan."""
    day = timezone.localtime(start).date()
    return day - timedelta(days=day.isoweekday() % 7)


def _saturday_after(end: datetime) -> date:
    last = timezone.localtime(end).date() - timedelta(days=1)
    return last + timedelta(days=6 - last.isoweekday() % 7)
