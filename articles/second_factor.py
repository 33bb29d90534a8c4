"""The second factor: an authenticator that shows codes, and recovery codes for when it is lost."""

import hashlib
import secrets
import string
import time
import unicodedata
from typing import Literal

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction

from articles import totp
from articles.models.accounts import RecoveryCode, SecondFactor

CODES = 10
LENGTH = 16  # digits alone, as a phone's keyboard for codes has no letters: 53 bits


class WrongCode(Exception):
    """The code is not the authenticator's present one, or was used before."""


def is_on(user: User | AnonymousUser) -> bool:
    """Whether the person signs in with a code."""
    return SecondFactor.objects.filter(user_id=user.pk).exists() if user.pk else False


@transaction.atomic
def turn_on(user: User, secret: str, typed: str) -> list[str]:
    """Begin with the secret, once the authenticator shows that it knows it. Returns the recovery codes.

    Raises WrongCode.
    """
    step = totp.step_of(secret, normal(typed), time.time())
    if step is None:
        raise WrongCode
    SecondFactor.objects.filter(user=user).delete()
    SecondFactor.objects.create(user=user, secret=secret, last_step=step)
    return new_codes(user)


@transaction.atomic
def new_codes(user: User) -> list[str]:
    """Ten recovery codes in place of those there were. They can't be read again."""
    RecoveryCode.objects.filter(user=user).delete()
    codes = ["".join(secrets.choice(string.digits) for _ in range(LENGTH)) for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(user, code)) for code in codes)
    return ["-".join(code[start : start + 4] for start in range(0, LENGTH, 4)) for code in codes]


def codes_left(user: User) -> int:
    """How many recovery codes are unused."""
    return RecoveryCode.objects.filter(user=user).count()


@transaction.atomic
def turn_off(user: User) -> bool:
    """Sign in with the password alone from now on. Returns whether there was a factor."""
    RecoveryCode.objects.filter(user=user).delete()
    return SecondFactor.objects.filter(user=user).delete()[0] > 0


def take(user: User, typed: str) -> Literal["code", "recovery"]:
    """Use up what was typed: a code, or a recovery code. Each is taken once, by whoever comes first.

    Raises WrongCode.
    """
    given = normal(typed)
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is None:
        raise WrongCode
    if len(given) == LENGTH:
        if RecoveryCode.objects.filter(user=user, digest=_digest(user, given)).delete()[0]:
            return "recovery"
        raise WrongCode
    step = totp.step_of(factor.secret, given, time.time())
    as_seen = SecondFactor.objects.filter(user=user, secret=factor.secret)
    if step is None or not as_seen.filter(last_step__lt=step).update(last_step=step):
        raise WrongCode
    return "code"


def normal(typed: str) -> str:
    """A code without what people put between its signs, full-width signs as plain ones."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", typed).upper() if sign.isalnum())


def _digest(user: User, code: str) -> str:
    return hashlib.sha256(f"{user.pk}:{code}".encode()).hexdigest()
