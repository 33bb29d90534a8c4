"""Getting in: guesses are counted, passwords are long, links make the first account."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from articles import background, throttling
from articles.client_address import client_address, network
from articles.models import Guesses, SecurityEvent
from articles.throttling import WINDOW, Guess, Locked
from tests.desk import editor, signed_in

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/"


def attempt(password: str, name: str = "hama", address: str = "192.0.2.7", **more: Any) -> Any:
    data = {"username": name, "password": password}
    return Client(REMOTE_ADDR=address, **more).post(LOGIN, data)


# -- guesses


def test_after_five_wrong_passwords_the_right_one_has_to_wait() -> None:
    editor()
    assert [attempt(f"wrong-{number}").status_code for number in range(5)] == [200] * 5

    locked = attempt("for-tests")

    assert locked.status_code == 429
    assert 0 < int(locked["Retry-After"]) <= WINDOW.total_seconds() + 1
    assert "15" in locked.content.decode()
    assert "no-store" in locked["Cache-Control"]


def test_the_wait_ends_and_trying_does_not_make_it_longer() -> None:
    editor()
    for number in range(5):
        attempt(f"wrong-{number}")
    for minutes in (5, 14):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            assert attempt("for-tests").status_code == 429
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert attempt("for-tests").status_code == 302
    assert not Guesses.objects.exists()


def test_wrong_guesses_of_long_ago_do_not_count() -> None:
    editor()
    with time_machine.travel(timezone.now() - timedelta(minutes=20)):
        for number in range(4):
            attempt(f"wrong-{number}")
    assert attempt("wrong").status_code == 200
    assert attempt("for-tests").status_code == 302


def test_of_a_thousand_guesses_ten_at_most_are_looked_at() -> None:
    editor()
    answers = [attempt(f"wrong-{number}").status_code for number in range(1000)]
    assert answers.count(200) <= 10
    assert answers.count(429) >= 990
    assert SecurityEvent.objects.count() <= 11


def test_neither_an_office_nor_an_editor_is_locked_out() -> None:
    editor()
    editor("nami")
    for number in range(6):
        attempt(f"wrong-{number}")
    assert attempt("for-tests").status_code == 429
    assert attempt("for-tests", name="nami").status_code == 302  # from the same address
    assert attempt("for-tests", address="198.51.100.4").status_code == 302  # the same editor from elsewhere


def test_a_wrong_name_is_answered_as_a_wrong_password_is() -> None:
    editor()
    User.objects.create_user("yomi", password="for-tests")
    pages = [attempt(password, name) for name, password in (("hama", "no"), ("nobody", "no"), ("yomi", "for-tests"))]
    errors = [str(page.context["form"].non_field_errors()) for page in pages]
    assert len(set(errors)) == 1
    assert [page.status_code for page in pages] == [200] * 3
    for number in range(5):
        attempt(f"wrong-{number}", "nobody2")
    assert attempt("wrong", "nobody2").status_code == 429


def test_ways_to_write_a_name_are_counted_together() -> None:
    editor()
    for name in ("hama", "HAMA", "ｈａｍａ", "Hama", "hama"):
        attempt("wrong", name)
    assert attempt("wrong", "HaMa").status_code == 429


@pytest.mark.django_db(transaction=True)
def test_guesses_at_once_are_counted_too() -> None:
    def guess(_number: int) -> bool:
        try:
            Guess(("password", "hama", "192.0.2.7")).count()
        except Locked:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(guess, range(40))) == 5


def test_old_guesses_are_swept_away() -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        Guess(("password", "hama", "")).count()
    Guess(("password", "nami", "")).count()
    throttling.forget(lambda: False)
    assert Guesses.objects.count() == 1
    assert "articles.throttling.forget" in background.SWEEPS


# -- where somebody asks from


@pytest.mark.parametrize(
    ("forwarded", "behind", "expected"),
    [
        ("203.0.113.9", False, "192.0.2.1"),
        ("203.0.113.9", True, "203.0.113.9"),
        ("10.0.0.1, 203.0.113.9", True, "203.0.113.9"),
        ("", True, "192.0.2.1"),
        ("unknown", True, None),
        ("::ffff:203.0.113.9", True, "203.0.113.9"),
    ],
)
def test_the_address_is_what_the_one_proxy_says(
    settings: LazySettings, forwarded: str, behind: bool, expected: str | None
) -> None:
    settings.BEHIND_PROXY = behind
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == expected


def test_one_household_is_one_network() -> None:
    ask = RequestFactory().get
    assert network(ask("/", REMOTE_ADDR="2001:db8:1:2::3")) == network(ask("/", REMOTE_ADDR="2001:db8:1:2:9::")) != ""
    assert network(ask("/", REMOTE_ADDR="2001:db8:1:3::3")) != network(ask("/", REMOTE_ADDR="2001:db8:1:2::3"))
    assert network(ask("/", REMOTE_ADDR="")) == ""


def test_a_forged_header_does_not_get_round_the_lock(settings: LazySettings) -> None:
    settings.BEHIND_PROXY = True
    editor()
    last = [attempt("no", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, 203.0.113.9").status_code for number in range(6)][
        -1
    ]
    assert last == 429


# -- passwords


@pytest.mark.parametrize("password", ["short-one", "password1234", "hamano-minato"])
def test_what_is_short_common_or_like_the_name_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, User(username="hamano-minato"))


@pytest.mark.parametrize("password", ["correct horse battery", "港町の夜明けは静かで長い", "840273950163"])
def test_nothing_is_asked_of_the_kinds_of_signs(password: str) -> None:
    validate_password(password, User(username="hama"))


def test_the_hint_is_in_japanese() -> None:
    page = signed_in(editor()).get("/admin/password_change/").content.decode()
    assert "12 文字以上" in page


# -- the first account


def first(*args: str) -> str:
    out = StringIO()
    call_command("create_first_editor", *args, stdout=out)
    return out.getvalue().strip().splitlines()[-1]


def test_the_first_editor_chooses_a_password_once(settings: LazySettings) -> None:
    address = first("hama", "--email", "hama@example.com").removeprefix(settings.SITE_URL)
    user = User.objects.get()
    assert user.is_superuser
    assert not user.has_usable_password()

    client = Client()
    form = client.get(address)
    chosen = {"new_password1": "a long enough secret", "new_password2": "a long enough secret"}
    assert client.post(form["Location"], chosen).status_code == 302
    assert Client().get(address).status_code == 200  # it says that the link was used
    assert attempt("a long enough secret").status_code == 302


def test_the_link_ends() -> None:
    address = first("hama").removeprefix("http://news.example")
    assert Client().get(address).status_code == 302  # to the form
    with time_machine.travel(time.time() + 25 * 60 * 60):
        assert Client().get(address).status_code == 200  # it says that the link is not valid


def test_there_is_one_first_editor_unless_told_otherwise() -> None:
    first("hama")
    with pytest.raises(CommandError):
        first("nami")
    first("nami", "--despite-others")
    with pytest.raises(CommandError):
        first("hama", "--despite-others")
    with pytest.raises(CommandError):
        first("", "--despite-others")


# -- forgotten passwords


def test_without_mail_nobody_is_asked_for_an_address() -> None:
    assert Client().get("/admin/password/forgotten/").status_code == 404
    assert "password/forgotten" not in Client().get(LOGIN).content.decode()


def test_a_link_comes_by_mail(settings: LazySettings, django_capture_on_commit_callbacks: Any) -> None:
    settings.NOTICES = True
    editor()
    User.objects.create_user("yomi", "yomi@example.com", "for-tests")
    assert "password/forgotten" in Client().get(LOGIN).content.decode()
    answers = []
    for address in ("hama@example.com", "yomi@example.com", "nobody@example.com"):
        with django_capture_on_commit_callbacks(execute=True):
            answers.append(Client().post("/admin/password/forgotten/", {"email": address}))
    background.run_tasks(lambda: False)
    assert {answer["Location"] for answer in answers} == {"/admin/password/sent/"}
    assert [message.to for message in mail.outbox] == [["hama@example.com"]]
    assert "/admin/password/set/" in mail.outbox[0].body


def test_links_by_mail_are_throttled(settings: LazySettings) -> None:
    settings.NOTICES = True
    editor()
    answers = [Client().post("/admin/password/forgotten/", {"email": "hama@example.com"}) for _ in range(6)]
    assert answers[-1].status_code == 429
