"""Logs: one line an event on stderr, as JSON for programs or as text for people.

Every line that belongs to a request carries its reference, which the reader was shown, too (`newsdesk.request_log`).
"""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from newsdesk.redacting import one_line, without_secrets

FORMATS = ("json", "text")

# The request that this thread, or this asynchronous task, is answering.
reference: ContextVar[str] = ContextVar("reference", default="")


class JsonLines(logging.Formatter):
    """A record as one line of JSON. What the caller passed as `extra={"fields": …}` is part of it."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if told := reference.get():
            line["request"] = told
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["traceback"] = without_secrets(self.formatException(record.exc_info))
        # JSON escapes what ASCII knows of controls; the rest could end a line for those who read it.
        return one_line(json.dumps(line, ensure_ascii=False, default=str))


class TextLines(logging.Formatter):
    """A record for whoever sits before the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        line = one_line(f"{at} {record.levelname} {record.name}: {without_secrets(record.getMessage())}")
        if record.exc_info:
            told = without_secrets(self.formatException(record.exc_info)).splitlines()
            line = "\n".join([line, *map(one_line, told)])
        return line


def logging_settings(style: str) -> dict[str, Any]:
    """Django's LOGGING: all to stderr, in that style, one line a request, and no mails of errors."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "newsdesk.logs.JsonLines"},
            "text": {"()": "newsdesk.logs.TextLines"},
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": style},
            "none": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.request": {"level": "ERROR"},  # refusals are told by the line of the request
            "django.server": {"handlers": ["none"], "propagate": False},  # so is what runserver would say of it
            "django_tasks": {"level": "WARNING"},  # or cron would send a mail of every task that went well
            "gunicorn.http": {"level": "ERROR"},  # it warns of each HEAD, whose body it drops as it should
            "httpx2": {"level": "WARNING"},
            "httpcore2": {"level": "WARNING"},
        },
    }
