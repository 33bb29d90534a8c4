"""EMAIL_URL as Django's settings of mails: one way to name a mail server in the environment."""

from typing import Any

import django
import environ
from django.core.exceptions import ImproperlyConfigured

TIMEOUT = 20  # seconds without an answer after which a mail has failed
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def mail_settings(url: str) -> dict[str, Any]:
    """What settings of mails the address stands for; without one, mails go nowhere. Raises ImproperlyConfigured."""
    named = environ.Env.email_url_config(url or "dummymail://")
    if named["EMAIL_BACKEND"] == SMTP and not named["EMAIL_HOST"]:
        raise ImproperlyConfigured("EMAIL_URL must be like smtp+tls://user:password@mail.example.com:587.")
    return {"MAILERS": {"default": _mailer(named)}} if django.VERSION >= (6, 1) else {**named, "EMAIL_TIMEOUT": TIMEOUT}


def _mailer(named: dict[str, Any]) -> dict[str, Any]:
    """The same in the form that Django 6.1 brought."""
    options: dict[str, Any] = {}
    if named["EMAIL_BACKEND"] == SMTP:
        options = {
            "host": named["EMAIL_HOST"],
            "port": named["EMAIL_PORT"],
            "username": named["EMAIL_HOST_USER"],
            "password": named["EMAIL_HOST_PASSWORD"],
            "use_tls": named.get("EMAIL_USE_TLS", False),
            "use_ssl": named.get("EMAIL_USE_SSL", False),
            "timeout": TIMEOUT,
        }
    elif named["EMAIL_FILE_PATH"]:
        options = {"file_path": f"/{named['EMAIL_FILE_PATH']}"}
    return {"BACKEND": named["EMAIL_BACKEND"], "OPTIONS": options}
