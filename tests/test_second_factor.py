"""The second factor: turned on, asked for, lost and taken off."""

import base64
import time
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from articles import second_factor, totp
from articles.models import RecoveryCode, SecondFactor, SecurityEvent
from articles.workflow import Role
from tests.desk import editor, person, signed_in

pytestmark = pytest.mark.django_db
LOGIN, CODE, FACTOR = "/admin/login/", "/admin/login/code/", "/admin/account/second-factor/"


def now_code(secret: str, later: int = 0) -> str:
    return totp.code(secret, int(time.time()) // totp.STEP + later)


def with_factor(user: User) -> tuple[str, list[str]]:
    """Turn the factor on a while ago. Returns the secret and the recovery codes."""
    secret = totp.new_secret()
    codes = second_factor.turn_on(user, secret, now_code(secret))
    SecondFactor.objects.update(last_step=0)
    return secret, codes


def halfway(next_page: str = "") -> Client:
    client = Client()
    answer = client.post(LOGIN, {"username": "hama", "password": "for-tests", "next": next_page})
    assert answer["Location"] == CODE
    return client


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


# -- codes


@pytest.mark.parametrize(("at", "expected"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_codes_are_those_of_rfc_6238(at: int, expected: str) -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert totp.code(secret, at // 30) == expected


def test_a_clock_may_be_half_a_minute_wrong() -> None:
    secret = totp.new_secret()
    for step, known in ((98, False), (99, True), (100, True), (101, True), (102, False)):
        assert (totp.step_of(secret, totp.code(secret, step), 100 * 30 + 5) is not None) == known


# -- turning it on


def test_an_editor_turns_it_on() -> None:
    user = editor()
    client = signed_in(user)
    page = client.get(FACTOR)
    secret = page.context["secret"].replace(" ", "")
    text = page.content.decode()
    assert "<svg" in text
    assert "style=" not in text.split("<svg")[1].split("</svg>")[0]
    assert 'autocomplete="one-time-code"' in text
    assert 'inputmode="numeric"' in text

    wrong = client.post(FACTOR, {"code": "000000" if now_code(secret) != "000000" else "111111"})
    assert wrong.context["form"].errors
    assert not second_factor.is_on(user)

    shown = client.post(FACTOR, {"code": now_code(secret)})
    assert len(shown.context["codes"]) == 10
    assert "no-store" in shown["Cache-Control"]
    assert second_factor.is_on(user)
    assert not any(code in client.get(FACTOR).content.decode() for code in shown.context["codes"])
    kept = RecoveryCode.objects.values_list("digest", flat=True)
    assert not any(second_factor.normal(code) in digest for code in shown.context["codes"] for digest in kept)


# -- signing in


def test_the_password_alone_lets_nobody_in() -> None:
    user = editor()
    secret, _ = with_factor(user)
    client = halfway("/admin/articles/article/")
    assert not is_in(client)

    answer = client.post(CODE, {"code": now_code(secret)})

    assert answer["Location"] == "/admin/articles/article/"
    assert is_in(client)


def test_a_code_is_taken_once() -> None:
    secret, _ = with_factor(editor())
    code = now_code(secret)
    first, second = halfway(), halfway()
    assert first.post(CODE, {"code": code}).status_code == 302
    assert second.post(CODE, {"code": code}).status_code == 200
    assert not is_in(second)
    assert second.post(CODE, {"code": now_code(secret, -1)}).status_code == 200  # nor one before it


def test_a_recovery_code_stands_in_once() -> None:
    _, codes = with_factor(editor())
    client = halfway()
    assert client.post(CODE, {"code": codes[3].lower().replace("-", " ")}).status_code == 302
    assert is_in(client)
    again = halfway()
    assert again.post(CODE, {"code": codes[3]}).status_code == 200
    assert not is_in(again)
    assert SecurityEvent.objects.get(kind="recovery_code_used").details == {"left": 9}


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２", "0" * 41, "\0"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    with_factor(editor())
    client = halfway()
    assert client.post(CODE, {"code": typed}).status_code == 200
    assert not is_in(client)


def test_full_width_digits_are_digits() -> None:
    secret, _ = with_factor(editor())
    wide = now_code(secret).translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    assert halfway().post(CODE, {"code": wide}).status_code == 302


def test_codes_are_not_guessed() -> None:
    secret, _ = with_factor(editor())
    client = halfway()
    answers = [client.post(CODE, {"code": f"{number:06}"}).status_code for number in range(50)]
    assert answers.count(200) <= 5
    assert client.post(CODE, {"code": now_code(secret)}).status_code == 429
    assert not is_in(client)


def test_codes_are_not_guessed_from_many_places_either() -> None:
    user = editor()
    with_factor(user)
    client = halfway()
    answers = [client.post(CODE, {"code": f"{n:06}"}, REMOTE_ADDR=f"198.51.100.{n}").status_code for n in range(40)]
    assert answers.count(200) <= 20


def test_a_code_needs_the_password_first() -> None:
    secret, _ = with_factor(editor())
    for client in (Client(), signed_in(editor("nami"))):
        assert client.post(CODE, {"code": now_code(secret)})["Location"] == LOGIN


def test_the_code_has_to_follow_soon_and_the_password_to_be_the_same() -> None:
    user = editor()
    secret, _ = with_factor(user)
    client = halfway()
    with time_machine.travel(time.time() + 11 * 60):
        assert client.post(CODE, {"code": now_code(secret)})["Location"] == LOGIN
    client = halfway()
    user.set_password("something else")
    user.save()
    assert client.post(CODE, {"code": now_code(secret)})["Location"] == LOGIN


def test_nobody_is_led_elsewhere() -> None:
    secret, _ = with_factor(editor())
    assert halfway("https://elsewhere.example/").post(CODE, {"code": now_code(secret)})["Location"] == "/admin/"


# -- off, new codes, lost


@pytest.mark.parametrize("proof", ["password", "code"])
def test_its_owner_turns_it_off(proof: str) -> None:
    user = editor()
    secret, _ = with_factor(user)
    client = signed_in(user)
    assert client.post(FACTOR, {"off": "1", "proof": "wrong"}).status_code == 200
    assert second_factor.is_on(user)
    given = "for-tests" if proof == "password" else now_code(secret)
    assert client.post(FACTOR, {"off": "1", "proof": given}).status_code == 302
    assert not second_factor.is_on(user)


def test_new_recovery_codes_take_the_place_of_the_old() -> None:
    user = editor()
    _, old = with_factor(user)
    assert signed_in(user).post(FACTOR, {"codes": "1"}).context["form"].errors
    new = signed_in(user).post(FACTOR, {"codes": "1", "proof": "for-tests"}).context["codes"]
    assert halfway().post(CODE, {"code": old[0]}).status_code == 200
    assert halfway().post(CODE, {"code": new[0]}).status_code == 302


def test_proofs_are_not_guessed() -> None:
    user = editor()
    with_factor(user)
    client = signed_in(user)
    answers = [client.post(FACTOR, {"off": "1", "proof": f"wrong-{n}"}).status_code for n in range(8)]
    assert answers[-1] == 429


def take_off(client: Client, user: User) -> Any:
    return client.post("/admin/auth/user/", {"action": "take_off_factor", "_selected_action": user.pk})


def test_a_superuser_takes_a_lost_factor_off() -> None:
    lost, chief = person(Role.WRITER), editor("chief")
    with_factor(lost)
    other = person(Role.EDITOR)
    take_off(signed_in(other), lost)
    assert second_factor.is_on(lost)
    take_off(signed_in(chief), lost)
    assert not second_factor.is_on(lost)
    event = SecurityEvent.objects.get(kind="factor_off")
    assert (event.by_name, event.person) == ("chief", lost.username)


def test_a_command_takes_it_off() -> None:
    user = editor()
    with_factor(user)
    client = signed_in(user)
    call_command("reset_second_factor", "hama")
    assert not second_factor.is_on(user)
    assert not is_in(client)
    call_command("reset_second_factor", "hama")
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody")


# -- required


def test_where_it_is_required_every_page_leads_to_it(settings: LazySettings) -> None:
    settings.SECOND_FACTOR = "required"
    user = editor()
    client = signed_in(user)
    for address in ("/admin/", "/admin/articles/article/", "/admin/articles/article/add/", "/admin/account/"):
        assert client.get(address)["Location"] == FACTOR
        assert client.post(address, {"a": "b"})["Location"] == FACTOR
    page = client.get(FACTOR)
    assert page.status_code == 200
    client.post(FACTOR, {"code": now_code(page.context["secret"].replace(" ", ""))})
    assert is_in(client)


def test_where_it_is_required_readers_see_nothing_of_it(settings: LazySettings) -> None:
    settings.SECOND_FACTOR = "required"
    assert Client().get("/").status_code == 200
    assert Client().get("/admin/")["Location"].startswith(LOGIN)
    assert signed_in(User.objects.create_user("yomi")).get("/admin/")["Location"].startswith(LOGIN)
