"""The record of security events: what is written, who reads it, when it goes."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles import security_events
from articles.models import SecurityEvent
from articles.workflow import Role
from tests.desk import editor, fields, person, signed_in

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/securityevent/"


def kinds() -> list[str]:
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", flat=True))


def attempt(password: str = "for-tests", name: str = "hama") -> Client:  # noqa: S107
    client = Client(REMOTE_ADDR="192.0.2.7")
    client.post("/admin/login/", {"username": name, "password": password})
    return client


def test_signing_in_and_out_is_recorded() -> None:
    editor()
    attempt("a wrong password")
    attempt().post("/admin/logout/")
    assert kinds() == ["sign_in_failed", "signed_in", "signed_out"]
    failed, signed, _ = SecurityEvent.objects.order_by("pk")
    assert (failed.person, failed.by, failed.address) == ("hama", None, "192.0.2.7")
    assert signed.by_name == "hama"


def test_a_lock_is_recorded_once() -> None:
    editor()
    for _ in range(20):
        attempt("a wrong password")
    assert kinds().count("locked") == 1


def test_no_password_and_no_code_is_kept() -> None:
    editor()
    attempt("a wrong password")
    for event in SecurityEvent.objects.values():
        assert "a wrong password" not in str(event)


def test_a_refused_page_is_recorded() -> None:
    client = signed_in(person(Role.WRITER))
    assert client.get("/admin/auth/user/").status_code == 403
    event = SecurityEvent.objects.get(kind="denied")
    assert event.details == {"page": "/admin/auth/user/"}


def test_what_is_done_to_accounts_is_recorded() -> None:
    client = signed_in(editor())
    new = "a long enough secret"
    made = {"username": "nami", "password1": new, "password2": new, "usable_password": "true"}
    client.post("/admin/auth/user/add/", made)
    nami = User.objects.get(username="nami")
    address = f"/admin/auth/user/{nami.pk}/change/"
    form = fields(client.get(address))
    del form["groups"], form["user_permissions"]
    client.post(address, form | {"is_staff": "on"})
    without = {name: value for name, value in form.items() if name != "is_active"}
    client.post(address, without)
    password = {"password1": new + "!", "password2": new + "!", "usable_password": "true"}
    client.post(f"/admin/auth/user/{nami.pk}/password/", password)
    assert kinds() == [
        "account_made",
        "roles_changed",
        "roles_changed",
        "roles_changed",
        "account_deactivated",
        "password_changed",
    ]
    assert set(SecurityEvent.objects.values_list("person", flat=True)) == {"nami"}


def test_names_forge_no_lines() -> None:
    attempt("wrong", "hama\n2026 chief signed in\x1b[2J\u202e" + "x" * 300)
    event = SecurityEvent.objects.get(kind="sign_in_failed")
    assert event.person.isprintable()
    assert len(event.person) <= 150


def test_a_page_of_any_name_is_refused_and_noted() -> None:
    """A publisher may not delete an address of a source, whatever the number of it is."""
    refused = signed_in(person(Role.PUBLISHER)).get("/admin/articles/address/%00\x1b/delete/")
    assert refused.status_code == 403
    assert SecurityEvent.objects.get(kind="denied").details["page"] == "/admin/articles/address/��/delete/"


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        security_events.record("something", None)


def test_superusers_alone_read_it_and_nobody_writes() -> None:
    attempt("wrong", "<b>nobody</b>")
    page = signed_in(editor()).get(LIST)
    assert page.status_code == 200
    assert "&lt;b&gt;nobody" in page.content.decode()
    assert LIST in signed_in(User.objects.get(username="hama")).get("/admin/").content.decode()
    for role in Role:
        client = signed_in(person(role))
        assert client.get(LIST).status_code == 403
        assert LIST not in client.get("/admin/").content.decode()
    chief = signed_in(User.objects.get(username="hama"))
    event = SecurityEvent.objects.latest("pk")
    assert chief.get(f"{LIST}add/").status_code == 403
    assert chief.post(f"{LIST}{event.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("query", [{"kind": "sign_in_failed"}, {"q": "nobody"}, {"by": "none"}, {"kind": "x"}])
def test_it_is_filtered(query: dict[str, Any]) -> None:
    attempt("wrong", "nobody")
    page = signed_in(editor()).get(LIST, query)
    assert "nobody" in page.content.decode()


def test_it_goes_after_90_days() -> None:
    for days in (89, 91):
        SecurityEvent.objects.create(kind="signed_in", at=timezone.now() - timedelta(days=days))
    security_events.forget(lambda: False)
    assert SecurityEvent.objects.count() == 1
