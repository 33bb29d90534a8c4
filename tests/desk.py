"""Forms of the desk as a browser would send them back: read from the page, changed, posted."""

from html.parser import HTMLParser
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from articles.workflow import GROUPS, Role, permissions


def editor(name: str = "hama", **more: Any) -> User:
    """Somebody who may do everything at the desk."""
    return User.objects.create_superuser(name, f"{name}@example.com", "for-tests", **more)


def person(role: Role, name: str = "", **more: Any) -> User:
    """Somebody of that role, through its group; named as the role is, if no name is given."""
    who = name or role.value
    user = User.objects.create_user(who, f"{who}@example.com", "for-tests", is_staff=True, **more)
    user.groups.add(group(role))
    return user


def group(role: Role) -> Group:
    """The role's group, as the migration makes it; a test that empties the database takes the groups with it."""
    found, _ = Group.objects.get_or_create(name=GROUPS[role])
    if not found.permissions.exists():
        found.permissions.set(
            Permission.objects.get(content_type__app_label=app, codename=codename)
            for app, codename in (name.split(".") for name in permissions(role))
        )
    return found


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class _Fields(HTMLParser):
    """Collects what a form would send: the values of its controls that are not templates of new rows."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        name = known.get("name") or ""
        if tag == "select":
            self._select = name
            self.values[name] = ""
        elif tag == "option" and self._select and "selected" in known:
            self.values[self._select] = known.get("value") or ""
        elif tag == "textarea":
            self._area = name
            self.values[name] = ""
        elif tag == "input" and name:
            self._input(name, known)

    def _input(self, name: str, known: dict[str, str | None]) -> None:
        kind = known.get("type")
        if kind in ("submit", "file") or (kind in ("checkbox", "radio") and "checked" not in known):
            return
        self.values[name] = known.get("value") or ("on" if kind == "checkbox" else "")

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.values[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self.values[self._area or ""] = self.values[self._area or ""].removeprefix("\r\n").removeprefix("\n")
            self._area = None


def fields(response: Any) -> dict[str, str]:
    """The fields of every form on a page, without the templates of new rows."""
    reader = _Fields()
    reader.feed(response.content.decode())
    skipped = ("-empty-", "__prefix__")
    return {name: value for name, value in reader.values.items() if name and not any(part in name for part in skipped)}


def new_row(formset: str, number: int, **values: str) -> dict[str, str]:
    """The fields of a row that an editor adds to an empty set of rows; `TOTAL_FORMS` follows."""
    row = {f"{formset}-{number}-{name}": value for name, value in {"position": str(number), **values}.items()}
    return {**row, f"{formset}-TOTAL_FORMS": str(number + 1), f"{formset}-INITIAL_FORMS": "0"}
