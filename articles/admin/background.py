"""The screens of background work: tasks and sweeps, to look at and, where one failed, to run again. For superusers."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_tasks_db.models import DBTaskResult

from articles import background
from articles.models import BackgroundTask, SweepRun

if admin.site.is_registered(DBTaskResult):
    admin.site.unregister(DBTaskResult)  # the library's own screen, of which ours is a version in the editors' words

NAMES: dict[str, str | Promise] = {
    "articles.card_requests.read": _("Read a page for a source card"),
    "articles.notices.deliver": _("Send a mail to a colleague"),
    "articles.resizing.resize": _("Make smaller copies of a picture"),
    "articles.websub.tell": _("Tell a hub that a feed changed"),
}
SWEEP_NAMES: dict[str, str | Promise] = {
    "articles.link_health.look_at_addresses": _("Look at sources that are due"),
    "articles.card_requests.read": _("Read a page for a source card"),
    "articles.keeping.forget": _("Forget unsaved text of long ago"),
    "articles.presence.forget": _("Forget who was at work long ago"),
    "articles.security_events.forget": _("Forget security events of long ago"),
    "articles.sessions.forget": _("Forget sessions that ended"),
    "articles.throttling.forget": _("Forget failed guesses of passwords"),
    "articles.background.recover": _("Begin lost tasks again"),
    "articles.background.forget": _("Forget tasks done long ago"),
    "articles.resizing.resize_rest": _("Make smaller copies of pictures that have none"),
    "articles.picturing.sweep_files": _("Delete picture files that nothing names"),
    "articles.tallies.fold": _("Add up what has come to pass"),
    "articles.websub.notice_changes": _("Look for feeds that changed"),
    "newsdesk.page_store.finishing.finish": _("Make pages that changed before readers ask for them"),
    "articles.websub": _("Hubs were told of all changes until then"),
}
STATUSES: dict[str, str | Promise] = {
    "READY": _("waiting"),
    "RUNNING": _("running"),
    "FAILED": _("failed"),
    "SUCCESSFUL": _("done"),
}


def task_name(path: str) -> str:
    """What the task of that function does, in the words of editors."""
    return str(NAMES.get(path, path))


def sweep_name(run: SweepRun) -> str:
    """What the sweep does, in the words of editors."""
    return str(SWEEP_NAMES.get(run.name, run.name))


class FailedFilter(admin.SimpleListFilter):
    """Sweeps that failed when they last ran."""

    title = _("state")
    parameter_name = "failed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return [("1", str(STATUSES["FAILED"]))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SweepRun]) -> QuerySet[SweepRun]:
        return queryset.exclude(error="") if self.value() == "1" else queryset


class StatusFilter(admin.SimpleListFilter):
    """Tasks that wait, run, failed or are done."""

    title = _("state")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return [(status, str(name)) for status, name in STATUSES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[BackgroundTask]) -> QuerySet[BackgroundTask]:
        return queryset.filter(status=self.value()) if self.value() in STATUSES else queryset


class OnlyShown(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for type checkers only
    """Rows that the site writes and nobody edits."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(BackgroundTask)
class BackgroundTaskAdmin(OnlyShown):
    """What was handed to the background, and what became of it."""

    list_display = ("what", "state", "enqueued_at", "finished_at", "reason")
    list_filter = (StatusFilter,)
    ordering = ("-enqueued_at",)
    fields = ("what", "state", "enqueued_at", "started_at", "finished_at", "given", "trace")
    readonly_fields = fields
    actions = ("run_again",)

    def has_run_again_permission(self, request: HttpRequest) -> bool:
        """What failed can be run again by superusers."""
        return request.user.is_superuser  # type: ignore[union-attr, no-any-return, unused-ignore]

    @admin.action(description=_("Run what failed again"), permissions=["run_again"])
    def run_again(self, request: HttpRequest, queryset: QuerySet[BackgroundTask]) -> None:
        count = background.again(queryset)
        message = ngettext("%(count)d task will run again.", "%(count)d tasks will run again.", count)
        self.message_user(request, message % {"count": count})

    @admin.display(description=_("task"))
    def what(self, task: BackgroundTask) -> str:
        return task_name(task.task_path)

    @admin.display(description=_("state"), ordering="status")
    def state(self, task: BackgroundTask) -> str:
        return str(STATUSES.get(task.status, task.status))

    @admin.display(description=_("what went wrong"))
    def reason(self, task: BackgroundTask) -> str:
        return task.reason

    @admin.display(description=_("given"))
    def given(self, task: BackgroundTask) -> SafeString:
        given = task.args_kwargs
        named = [f"{name}: {value}" for name, value in given["kwargs"].items()]
        return format_html("<pre>{}</pre>", "\n".join([*map(str, given["args"]), *named]))

    @admin.display(description=_("what went wrong"))
    def trace(self, task: BackgroundTask) -> SafeString:
        return format_html("<pre>{}</pre>", task.traceback)


@admin.register(SweepRun)
class SweepRunAdmin(OnlyShown):
    """Work that comes round: when it ran last, when it is due."""

    list_display = ("what", "ended_at", "due_at", "failed")
    list_filter = (FailedFilter,)
    fields = ("what", "begun_at", "ended_at", "due_at", "trace")
    readonly_fields = fields

    @admin.display(description=_("sweep"), ordering="name")
    def what(self, run: SweepRun) -> str:
        return sweep_name(run)

    @admin.display(description=_("went well"), boolean=True)
    def failed(self, run: SweepRun) -> bool:
        return not run.error

    @admin.display(description=_("what went wrong"))
    def trace(self, run: SweepRun) -> SafeString:
        return format_html("<pre>{}</pre>", run.error)
