"""Settings of the site, read from the environment (and from `.env` beside manage.py); safe by default.

A fresh checkout needs none of them but SECRET_KEY, which `make run` writes into `.env`. What each one means and what
it defaults to is listed in docs/operating.md.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from newsdesk import logs, sound_sqlite
from newsdesk.database_url import database_from_url
from newsdesk.forgiving_cache import forgiving
from newsdesk.mail_url import mail_settings
from newsdesk.storage_url import storage_from_url

BASE_DIR = Path(__file__).resolve().parent.parent

sound_sqlite.use_it()

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. `make run` writes one into .env; in production set it in the environment."
    )

# The public address of the site, without a path: feeds, canonical links and ids of the site are made from it.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SITE_NAME = env.str("SITE_NAME", default="ニュースデスク")
SITE_DESCRIPTION = env.str(
    "SITE_DESCRIPTION",
    default="出来事を問いと答えで読み解くニュース。出典を示し、報道と論評を分けてお届けします。",
)
# The same in a few words, for aggregators that take no more; cut from the description where it is empty.
SITE_TAGLINE = env.str("SITE_TAGLINE", default="")
_site = urlsplit(SITE_URL)
if _site.scheme not in ("http", "https") or not _site.hostname or _site.path:
    raise ImproperlyConfigured(f"SITE_URL must be like https://news.example.com, not {SITE_URL!r}.")
if _site.scheme == "https":  # a site that others can reach
    if DEBUG:
        raise ImproperlyConfigured("DEBUG=1 shows the insides of the site: not with a SITE_URL on https.")
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure"):
        raise ImproperlyConfigured(
            "SECRET_KEY is too short or not random. Make one: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
# What the feeds are known by, for ever (RFC 4151). When the site moves to another host, this stays as it was.
FEED_ID = env.str("FEED_ID", default=f"tag:{_site.hostname},2026:newsdesk")
# Hubs that tell subscribers of changes (WebSub). None, until whoever runs the site wants them to know subscribers.
WEBSUB_HUB = env.list("WEBSUB_HUB", default=[])
for _hub in map(urlsplit, WEBSUB_HUB):
    if _hub.scheme not in ("http", "https") or not _hub.hostname or set(_hub.geturl()) & set('<>" '):
        raise ImproperlyConfigured(f"WEBSUB_HUB must be like https://hub.example.com/, not {_hub.geturl()!r}.")
# Whom to tell of a weakness of the site, best first. Nobody is named until whoever runs the site does.
SECURITY_CONTACT = env.list("SECURITY_CONTACT", default=[])
for _contact in SECURITY_CONTACT:
    if (
        not _contact.startswith(("mailto:", "https://", "tel:"))
        or not _contact.isascii()
        or set(_contact) & set('<>" ')
    ):
        raise ImproperlyConfigured(f"SECURITY_CONTACT must be like mailto:security@example.com, not {_contact!r}.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_site.hostname])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "articles.admin.resending.csrf_failure"

INSTALLED_APPS = [
    "articles.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sites",
    "articles.apps.PagesConfig",
    "articles.apps.FilesConfig",
    "django_tasks",
    "django_tasks_db",
    "nested_admin",
    "articles.apps.TagsConfig",
    "articles.apps.ArticlesConfig",
]

MIDDLEWARE = [
    "newsdesk.request_log.RequestLog",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "newsdesk.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsdesk.metrics.Measured",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "newsdesk.middleware.DeskLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "newsdesk.middleware.DatabaseAwayMiddleware",
]

ROOT_URLCONF = "newsdesk.urls"
WSGI_APPLICATION = "newsdesk.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

CONN_MAX_AGE = env.int("CONN_MAX_AGE", default=60)
_database = env.str("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'newsdesk.sqlite3'}")
DATABASES = {"default": database_from_url(_database, kept_for=CONN_MAX_AGE)}
# A copy of the database that follows it: readers' pages are made from there while it has all that they may show.
if _replica := env.str("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = {**database_from_url(_replica, kept_for=CONN_MAX_AGE), "TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS = ["newsdesk.replica.ReplicaRouter"]
    MIDDLEWARE.append("newsdesk.replica.ReadersFromReplica")
SITE_ID = 1  # the one row of django.contrib.sites, which follows SITE_URL and SITE_NAME
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHE_URL = env.str("CACHE_URL", default="locmemcache://")
CACHES = {"default": forgiving(env.cache_url_config(CACHE_URL))}

# Finished pages (newsdesk.page_store): how many bytes of them each process keeps, the file in which the processes of a
# machine share them, '' for none, and for how many bytes. Whoever works on templates wants to see them as they are.
PAGE_STORE_BYTES = env.int("PAGE_STORE_BYTES", default=0 if DEBUG else 32 * 1024 * 1024)
PAGE_STORE_FILE = env.str("PAGE_STORE_FILE", default=str(BASE_DIR / "var" / "pages.sqlite3"))
PAGE_STORE_FILE_BYTES = env.int("PAGE_STORE_FILE_BYTES", default=1024 * 1024 * 1024)

# What `manage.py serve` listens on, and with how many processes and threads; '' for as many as fit the machine.
SERVE_BIND = env.str("SERVE_BIND", default="127.0.0.1:8000")
SERVE_WORKERS = env.str("SERVE_WORKERS", default="")
SERVE_THREADS = env.str("SERVE_THREADS", default="4")

STORAGES = {
    "default": storage_from_url(env.str("STORAGE_URL", default=f"file://{BASE_DIR / 'media'}")),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "newsdesk.static_files.HashedStaticFiles"
    },
}
MEDIA_URL = "/media/"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))  # where collectstatic puts them
STATICFILES_DIRS = [BASE_DIR / "static"]

# Levels of checks that differ from their own: "title_length=required,tags_missing=off".
CHECK_LEVELS = env.str("CHECK_LEVELS", default="")

# One line an event on stderr: for programs, or for whoever sits before the terminal.
LOG_FORMAT = env.str("LOG_FORMAT", default="text" if DEBUG else "json")
if LOG_FORMAT not in logs.FORMATS:
    raise ImproperlyConfigured(f"LOG_FORMAT must be json or text, not {LOG_FORMAT!r}.")
LOGGING = logs.logging_settings(LOG_FORMAT)

# Whoever has the token may see the metrics; without one there are none. Processes add up in the folder.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
METRICS_DIR = env.str("METRICS_DIR", default=str(BASE_DIR / "var" / "metrics"))
if METRICS_TOKEN:
    if len(METRICS_TOKEN) < 20 or not METRICS_TOKEN.isascii():
        raise ImproperlyConfigured("METRICS_TOKEN must have 20 ASCII characters or more.")
    Path(METRICS_DIR).mkdir(parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = METRICS_DIR

# Work that no request waits for: rows in the database, done by `manage.py newsdesk_tick`.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Mails to editors: to nobody, until a server is named.
_email_url = env.str("EMAIL_URL", default="")
NOTICES = bool(_email_url)
globals().update(mail_settings(_email_url))
SILENCED_SYSTEM_CHECKS = [] if NOTICES else ["mail.E001"]  # that mails go to nobody is meant
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default=f"newsdesk@{_site.hostname}")

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "articles" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"

# Whether readers see dates by Japanese eras, 令和8年4月1日, and not by the western calendar.
WAREKI = env.bool("WAREKI", default=False)

# Whether only what a second person approved can be published.
REVIEW_REQUIRED = env.bool("REVIEW_REQUIRED", default=False)

# 40 sections with 3 sources and 2 comments each are about 2,400 fields; Django's 1,000 would refuse a long article.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

# Long and not guessable is what counts: nothing is asked of the kinds of signs, and nothing expires.
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_validation}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60  # seconds until a link to set a password ends

# Whether everybody at the desk signs in with a code besides the password, or whoever wants to.
SECOND_FACTOR = env.str("SECOND_FACTOR", default="optional")
if SECOND_FACTOR not in ("optional", "required"):
    raise ImproperlyConfigured(f"SECOND_FACTOR must be optional or required, not {SECOND_FACTOR!r}.")

TAGGIT_CASE_INSENSITIVE = True
TAGGIT_TAGS_FROM_STRING = "articles.tags.parse_tags"
TAGGIT_STRING_FROM_TAGS = "articles.tags.join_tags"

X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "articles.session_store"
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60  # seconds without a visit after which a session ends
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Whether one web server in front says in X-Forwarded-For who asks. On https there is one, as for X-Forwarded-Proto.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=_site.scheme == "https")
if _site.scheme == "https":
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked on the machine itself, without https
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    # Browsers take these from this very host alone, over https, for all its paths.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
