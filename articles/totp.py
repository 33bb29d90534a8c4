"""Codes that change every half minute (RFC 6238, with SHA-1 and six digits, as every authenticator knows them)."""

import base64
import hmac
import secrets
from urllib.parse import quote, urlencode

STEP = 30  # seconds
DIGITS = 6
DRIFT = 1  # steps that a phone's clock may be wrong


def new_secret() -> str:
    """160 random bits in base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code(secret: str, step: int) -> str:
    """The code of that time step."""
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_of(secret: str, typed: str, now: float) -> int | None:
    """The time step whose code was typed, `now` in seconds since 1970; None if that is none of the present ones."""
    present = int(now) // STEP
    steps = range(present - DRIFT, present + DRIFT + 1)
    return next((step for step in steps if hmac.compare_digest(code(secret, step).encode(), typed.encode())), None)


def address(secret: str, name: str, issuer: str) -> str:
    """What the QR code says: all that an authenticator needs."""
    return f"otpauth://totp/{quote(f'{issuer}:{name}', safe='')}?{urlencode({'secret': secret, 'issuer': issuer})}"
