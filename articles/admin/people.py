"""People and their roles: Django's own screen, which also tells the trail whose roles were changed."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import second_factor, security_events, sessions, trail
from articles.admin.reviews import signed_in

admin.site.unregister(User)


@admin.register(User)
class PeopleAdmin(UserAdmin):  # type: ignore[type-arg]
    """Accounts. Roles are groups; what each may do is told in docs/editing.md."""

    actions = ("end_sessions", "take_off_factor")

    def has_superuser_permission(self, request: HttpRequest) -> bool:
        """Whether this person may act on the sessions and factors of others."""
        return request.user.is_superuser  # type: ignore[union-attr, no-any-return, unused-ignore]

    @admin.action(description=_("End all sessions"), permissions=["superuser"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            ended = sessions.end_all(user)
            if ended:
                security_events.record(
                    "session_ended", request, by=signed_in(request), person=user.get_username(), count=ended
                )
        self.message_user(request, gettext("Their sessions were ended."))

    @admin.action(description=_("Take off a lost second factor"), permissions=["superuser"])
    def take_off_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            if second_factor.turn_off(user):
                sessions.end_all(user)
                security_events.record("factor_off", request, by=signed_in(request), person=user.get_username())
        self.message_user(request, gettext("They sign in with the password alone until they turn it on again."))

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """Somebody's password, set by who may: their sessions end."""
        answer = super().user_change_password(request, id, form_url)
        if request.method == "POST" and answer.status_code == 302:
            user = User.objects.get(pk=unquote(id))
            here = request.session.session_key if user == request.user else None
            sessions.end_all(user, but=here)
            security_events.record("password_changed", request, by=signed_in(request), person=user.get_username())
        return answer

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        form.before = User.objects.get(pk=obj.pk) if change else None
        form.roles_before = roles(form.before) if form.before else []
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """In the transaction of the save: what the person is now, if that is something else than before."""
        super().save_related(request, form, formsets, change)
        user, by = form.instance, signed_in(request)
        now, name = roles(user), user.get_username()
        if not change:
            security_events.record("account_made", request, by=by, person=name)
        if now != form.roles_before:
            trail.record("change_roles", by=by, person=name, was=form.roles_before, roles=now)
            security_events.record("roles_changed", request, by=by, person=name, was=form.roles_before, roles=now)
        if form.before and form.before.is_active and not user.is_active:
            sessions.end_all(user)
            security_events.record("account_deactivated", request, by=by, person=name)


def roles(user: User) -> list[str]:
    """What decides on the rights of a person: active, at the desk, superuser, groups, permissions of their own."""
    marks = [name for name in ("is_active", "is_staff", "is_superuser") if getattr(user, name)]
    groups = user.groups.order_by("name").values_list("name", flat=True)
    own = user.user_permissions.order_by("codename").values_list("codename", flat=True)
    return [*marks, *groups, *own]
