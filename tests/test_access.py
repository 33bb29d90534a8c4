"""Who may ask for what: every address of the site says whom it is for, or sends strangers to sign in."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.figures import Measure
from tests.newsroom import published

pytestmark = pytest.mark.django_db

# Readers are everybody; holders are those who were given an address that nobody can guess;
# machines watch over the site.
AUDIENCES = {"readers", "holders", "machines"}
# What a stranger has to reach in order to sign in; the rest of the desk sends him there.
OPEN_AT_THE_DESK = {
    "admin:login",
    "admin:second_step",
    "admin:logout",
    "admin:password_forgotten",
    "admin:password_sent",
    "admin:password_set",
    "admin:password_was_set",
}


def patterns(resolver: URLResolver, route: str = "", spaces: str = "") -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """Every address: its route, its full name and its view."""
    for entry in resolver.url_patterns:
        here = route + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield here, f"{spaces}{entry.name}", entry.callback
        else:
            yield from patterns(entry, here, f"{spaces}{entry.namespace}:" if entry.namespace else spaces)


ALL = list(patterns(get_resolver()))


def address(route: str) -> str:
    """An address of the route, every part of it filled with 1."""
    return "/" + re.sub(r"\(\?P<[^)]*\)|<[^>]*>", "1", route).replace("^", "").rstrip("$")


@pytest.mark.parametrize(("route", "name", "view"), ALL, ids=[name for _, name, _ in ALL])
def test_every_address_declares_who_it_is_for(
    route: str, name: str, view: Callable[..., Any], record_property: Measure
) -> None:
    declared = route.startswith("admin/") or getattr(view, "audience", None) in AUDIENCES
    record_property("addresses", 1)
    record_property("addresses undeclared", not declared)
    assert declared, f"{route} declares no audience"


DESK = [(route, name) for route, name, _ in ALL if route.startswith("admin/") and name not in OPEN_AT_THE_DESK]


@pytest.mark.parametrize("who", ["anonymous", "reader"])
@pytest.mark.parametrize(("route", "name"), DESK, ids=[f"{name} {route}" for route, name in DESK])
def test_the_desk_sends_strangers_to_sign_in(
    client: Client, route: str, name: str, who: str, record_property: Measure
) -> None:
    published()
    if who == "reader":
        client.force_login(User.objects.create_user("yomi"))
    answers = [ask(address(route)) for ask in (client.get, client.post)]
    wrong = [
        f"{route} gave {answer.status_code} {answer.get('Location', '')}"
        for answer in answers
        if answer.status_code != 302 or not answer["Location"].startswith("/admin/login/")
    ]
    record_property("cells", len(answers))
    record_property("cells wrong", len(wrong))
    assert wrong == []


def test_only_drafts_are_for_holders() -> None:
    assert [name for _, name, view in ALL if getattr(view, "audience", None) == "holders"] == ["draft"]


def test_only_health_and_metrics_are_for_machines() -> None:
    found = [name for _, name, view in ALL if getattr(view, "audience", None) == "machines"]
    assert found == ["healthz", "readyz", "metrics"]
