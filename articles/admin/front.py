"""The desk's front page: what waits for this editor, what is planned, what is wrong.

Every number leads to the list of what it counts, and comes from the same query as that list.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import background
from articles.admin import listing
from articles.admin.background import sweep_name, task_name
from articles.models import Address, Article, Edition
from articles.states import CONDITIONS, State

AnyModel = TypeVar("AnyModel", bound=Model)

ROWS = 6  # articles a box shows; its number leads to all of them
DAYS = 28  # in the chart


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a box."""

    text: str
    address: str
    detail: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """One question an editor comes with, and its answer: how many, where they are listed, and the first of them."""

    name: str
    title: str
    count: int
    address: str
    rows: list[Row] = field(default_factory=list)
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the chart: what was first published on it. Lengths are in units of the drawing."""

    day: datetime
    count: int
    x: int
    height: int
    address: str

    @property
    def y(self) -> int:
        return 60 - self.height


def boxes(request: HttpRequest) -> list[Box]:
    """The boxes of this editor's front page; empty for somebody who may not see articles."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm("articles.view_article"):
        return []
    makers: list[Callable[[User], Box]] = [_waiting, _drafts, _unsaved, _scheduled, _today, _findings]
    if user.has_perm("articles.view_address"):
        makers.append(_sources)
    if user.is_superuser:
        makers += [_tasks, _sweeps]
    return [make(user) for make in makers]


def _box(name: str, title: str, query: str, articles: QuerySet[Article], empty: str, **row: Any) -> Box:
    """A box of articles that the list shows under `query`."""
    address = reverse("admin:articles_article_changelist") + f"?{query}"
    first, count = _first(articles)
    return Box(name, title, count, address, [_row(each, **row) for each in first], empty)


def _first(rows: "QuerySet[AnyModel]") -> "tuple[list[AnyModel], int]":
    """The rows that a box shows, and how many there are; they are counted only where there are more."""
    first = list(rows[:ROWS])
    return first, len(first) if len(first) < ROWS else rows.count()


def _row(article: Article, at: str = "changed_at") -> Row:
    address = reverse("admin:articles_article_change", args=[article.pk])
    return Row(str(article), address, at=getattr(article, at))


def _page(kind: str, row: Model) -> str:
    return reverse(f"admin:articles_{kind}_change", args=[row.pk])


def _waiting(user: User) -> Box:
    articles = listing.waiting_for(user).order_by("changed_at")
    return _box("waiting", _("Waiting for me"), "mine=waiting", articles, _("Nothing waits for you."))


def _drafts(user: User) -> Box:
    articles = listing.written_by(user).filter(CONDITIONS[State.DRAFT]).order_by("-changed_at")
    return _box("drafts", _("My drafts"), "mine=written&state=draft", articles, _("You have no drafts."))


def _unsaved(user: User) -> Box:
    articles = listing.unsaved_by(user).order_by("-changed_at")
    return _box("unsaved", _("Text I have not saved"), "mine=unsaved", articles, _("Everything you typed is saved."))


def _scheduled(user: User) -> Box:
    articles = listing.scheduled().order_by("scheduled_for")  # type: ignore[misc]  # annotated
    return _box("scheduled", _("Scheduled"), "when=scheduled", articles, _("Nothing is scheduled."), at="scheduled_for")


def _today(user: User) -> Box:
    articles = listing.begun_today().order_by("-changed_at")
    return _box("today", _("Went on show today"), "when=today", articles, _("Nothing went on show today yet."))


def _findings(user: User) -> Box:
    articles = Article.objects.with_state().filter(required_findings__gt=0).order_by("-changed_at")
    return _box("findings", _("Stopped by the checks"), "findings=required", articles, _("The checks stop nothing."))


def _sources(user: User) -> Box:
    gone = Address.objects.filter(health=Address.Health.GONE).order_by("url")
    first, count = _first(gone)
    rows = [Row(each.url, _page("address", each), at=each.checked_at) for each in first]
    address = reverse("admin:articles_address_changelist") + "?health__exact=gone"
    return Box("sources", _("Dead sources"), count, address, rows, _("No source is known to be gone."))


def _tasks(user: User) -> Box:
    first, count = _first(background.failed_tasks())
    rows = [
        Row(
            task_name(each.task_path),
            _page("backgroundtask", each),
            at=each.finished_at,
        )
        for each in first
    ]
    address = reverse("admin:articles_backgroundtask_changelist") + "?status=FAILED"
    return Box("tasks", _("Failed tasks"), count, address, rows, _("All background tasks went well."))


def _sweeps(user: User) -> Box:
    first, count = _first(background.failed_sweeps().order_by("name"))
    rows = [Row(sweep_name(each), _page("sweeprun", each), at=each.ended_at) for each in first]
    address = reverse("admin:articles_sweeprun_changelist") + "?failed=1"
    return Box("sweeps", _("Failed regular work"), count, address, rows, _("All regular work went well."))


def bars() -> list[Bar]:
    """First publications of the last four weeks, day by day. One query."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    start = today - timedelta(days=DAYS - 1)
    moments = Edition.objects.live().published_between(start, today + timedelta(days=1))
    counts = Counter(timezone.localtime(at).date() for at in moments.values_list("published_at", flat=True) if at)
    most = max(counts.values(), default=1)
    address = reverse("admin:articles_article_calendar")
    days = [start + timedelta(days=number) for number in range(DAYS)]
    return [
        Bar(day, counts[day.date()], 12 * x, round(56 * counts[day.date()] / most), f"{address}?day={day.date()}")
        for x, day in enumerate(days)
    ]
