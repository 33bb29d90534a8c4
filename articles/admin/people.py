"""People and their roles: Django's own screen, which also tells the trail whose roles were changed."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest

from articles import trail
from articles.admin.reviews import signed_in

admin.site.unregister(User)


@admin.register(User)
class PeopleAdmin(UserAdmin):  # type: ignore[type-arg]
    """Accounts. Roles are groups; what each may do is told in docs/editing.md."""

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        form.roles_before = roles(User.objects.get(pk=obj.pk)) if change else []
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """In the transaction of the save: what the person is now, if that is something else than before."""
        super().save_related(request, form, formsets, change)
        now = roles(form.instance)
        if now != form.roles_before:
            name = form.instance.get_username()
            trail.record("change_roles", by=signed_in(request), person=name, was=form.roles_before, roles=now)


def roles(user: User) -> list[str]:
    """What decides on the rights of a person: active, at the desk, superuser, groups, permissions of their own."""
    marks = [name for name in ("is_active", "is_staff", "is_superuser") if getattr(user, name)]
    groups = user.groups.order_by("name").values_list("name", flat=True)
    own = user.user_permissions.order_by("codename").values_list("codename", flat=True)
    return [*marks, *groups, *own]
