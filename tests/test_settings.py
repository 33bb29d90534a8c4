"""The site is set up by its environment alone, and refuses to start on what would be unsafe or cannot work."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from newsdesk.database_url import database_from_url
from newsdesk.storage_url import storage_from_url
from tests.catalogue import ROOT
from tests.figures import Measure
from tests.services import no_redis

SAFE = {"SECRET_KEY": "k" * 60 + "abcdef", "SITE_URL": "https://news.example.com", "DATABASE_URL": "sqlite://:memory:"}
REDIS = os.environ.get("CACHE_URL_REDIS", "redis://127.0.0.1:6379/1")

Settings = Callable[..., dict[str, Any]]


def run(code: str, environment: dict[str, str], folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run Python with this environment and no other settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    wanted = {**kept, "PYTHONPATH": str(folder), "DJANGO_SETTINGS_MODULE": "newsdesk.settings", **environment}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=wanted, capture_output=True, text=True, check=False
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the settings that no .env of this machine reaches."""
    package = tmp_path / "newsdesk"
    package.mkdir()
    for source in (ROOT / "newsdesk").glob("*.py"):
        (package / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


@pytest.fixture
def settings_of(checkout: Path) -> Settings:
    """The settings as an environment gives them."""
    code = (
        "import json; from newsdesk import settings;"
        "print(json.dumps({n: getattr(settings, n) for n in dir(settings) if n.isupper() and n != 'LANGUAGES'},"
        " default=str))"
    )

    def settings(**environment: str) -> dict[str, Any]:
        done = run(code, environment, checkout)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return settings


def test_secret_key_alone_is_enough(settings_of: Settings, checkout: Path) -> None:
    found = settings_of(SECRET_KEY="k")
    assert found["DEBUG"] is False
    assert found["ALLOWED_HOSTS"] == ["127.0.0.1"]
    assert found["DATABASES"]["default"]["NAME"] == str(checkout / "var" / "newsdesk.sqlite3")
    assert found["CACHES"]["default"]["BACKEND"].endswith("LocMemCache")
    assert found["STORAGES"]["default"]["OPTIONS"] == {"location": str(checkout / "media")}


def test_without_a_secret_key_it_refuses_and_says_what_to_do(checkout: Path) -> None:
    done = run("import newsdesk.settings", {}, checkout)
    assert done.returncode != 0
    assert "SECRET_KEY is not set. `make run` writes one into .env" in done.stderr


def test_env_file_is_read_and_the_environment_wins(settings_of: Settings, checkout: Path) -> None:
    (checkout / ".env").write_text("SECRET_KEY=from-file\nDEBUG=1\nSITE_NAME=港の新聞\n", encoding="utf-8")
    assert settings_of()["SECRET_KEY"] == "from-file"
    found = settings_of(DEBUG="0")
    assert (found["DEBUG"], found["SITE_NAME"]) == (False, "港の新聞")


@pytest.mark.parametrize(
    "address", ["news.example.com", "ftp://news.example.com", "https://", "https://news.example.com/news", ""]
)
def test_site_url_that_is_no_address_of_a_site_is_refused(checkout: Path, address: str) -> None:
    done = run("import newsdesk.settings", {"SECRET_KEY": "k", "SITE_URL": address}, checkout)
    assert "SITE_URL must be like https://news.example.com" in done.stderr


def test_site_url_loses_its_slash_and_names_the_host(settings_of: Settings) -> None:
    found = settings_of(**{**SAFE, "SITE_URL": "https://news.example.com:8443/"})
    assert found["SITE_URL"] == "https://news.example.com:8443"
    assert found["ALLOWED_HOSTS"] == ["news.example.com"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://news.example.com:8443"]


def test_site_on_https_keeps_cookies_and_readers_on_https(settings_of: Settings) -> None:
    found = settings_of(**SAFE)
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert settings_of(**SAFE, SECURE_SSL_REDIRECT="0")["SECURE_SSL_REDIRECT"] is False


def test_site_on_http_can_be_signed_in_to(settings_of: Settings) -> None:
    found = settings_of(SECRET_KEY="k", SITE_URL="http://127.0.0.1:8000")
    assert not {"SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"} & set(found)


def test_site_on_https_refuses_to_show_its_insides(checkout: Path) -> None:
    done = run("import newsdesk.settings", {**SAFE, "DEBUG": "1"}, checkout)
    assert done.returncode != 0
    assert "DEBUG=1 shows the insides of the site" in done.stderr


@pytest.mark.parametrize(
    "key", ["changeme", "k" * 60, "k" * 49, "django-insecure-" + "9d2fK-wQ7_zLr4Tn8VbYx1Hs6CmPe3Ga5JuRi0OtZk"]
)
def test_site_on_https_refuses_a_key_that_can_be_guessed(checkout: Path, key: str) -> None:
    done = run("import newsdesk.settings", {**SAFE, "SECRET_KEY": key}, checkout)
    assert done.returncode != 0
    assert "SECRET_KEY is too short or not random" in done.stderr
    assert key not in done.stderr


def test_sqlite_waits_for_its_lock_and_survives_a_loss_of_power(settings_of: Settings, tmp_path: Path) -> None:
    found = settings_of(SECRET_KEY="k", DATABASE_URL=f"sqlite:///{tmp_path}/deep/news.sqlite3")["DATABASES"]["default"]
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in found["OPTIONS"]["init_command"]
    assert "synchronous=FULL" in found["OPTIONS"]["init_command"]
    assert (tmp_path / "deep").is_dir()


def test_sqlite_does_what_the_settings_say(tmp_path: Path) -> None:
    code = (
        "import django; django.setup(); from django.db import connection, transaction\n"
        "cursor = connection.cursor()\n"
        "ask = lambda name: cursor.execute(f'PRAGMA {name}').fetchone()[0]\n"
        "print(ask('journal_mode'), ask('synchronous'), ask('busy_timeout'), ask('foreign_keys'))"
    )
    done = run(code, {**SAFE, "DATABASE_URL": f"sqlite:///{tmp_path}/news.sqlite3"})
    assert done.stdout.split() == ["wal", "2", "10000", "1"], done.stderr


def test_postgresql_is_chosen_by_its_address(settings_of: Settings) -> None:
    found = settings_of(SECRET_KEY="k", DATABASE_URL="postgres://desk:p%40ss@db.example:5433/news", CONN_MAX_AGE="5")
    database = found["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert [database[name] for name in ("HOST", "PORT", "NAME", "USER", "PASSWORD")] == [
        "db.example", 5433, "news", "desk", "p@ss",
    ]  # fmt: skip
    assert (database["CONN_HEALTH_CHECKS"], database["CONN_MAX_AGE"]) == (True, 5)


def test_redis_is_chosen_by_its_address(settings_of: Settings) -> None:
    cache = settings_of(SECRET_KEY="k", CACHE_URL="redis://cache.example:6379/1")["CACHES"]["default"]
    assert (cache["BACKEND"], cache["LOCATION"]) == (
        "newsdesk.forgiving_cache.ForgivingRedis",
        "redis://cache.example:6379/1",
    )


def test_redis_keeps_what_it_is_given() -> None:
    if reason := no_redis(REDIS):
        pytest.skip(f"Redis: {reason}")
    code = (
        "import django, os; django.setup(); from django.core.cache import cache\n"
        "key = f'newsdesk-test-{os.getpid()}'; cache.set(key, {'題': [1]}, 30)\n"
        "print(cache.get(key)); cache.delete(key); print(cache.get(key))"
    )
    done = run(code, {**SAFE, "CACHE_URL": REDIS})
    assert done.stdout == "{'題': [1]}\nNone\n", done.stderr


def test_static_files_are_named_by_their_content_in_production_only(settings_of: Settings) -> None:
    assert "HashedStaticFiles" in settings_of(**SAFE)["STORAGES"]["staticfiles"]["BACKEND"]
    assert "HashedStaticFiles" not in settings_of(SECRET_KEY="k", DEBUG="1")["STORAGES"]["staticfiles"]["BACKEND"]


def test_deploy_check_finds_nothing(record_property: Measure) -> None:
    code = "from django.core.management import execute_from_command_line as x; x(['', 'check', '--deploy'])"
    done = run(code, {**SAFE, "SECRET_KEY": "9d2fK-wQ7_zLr4Tn8VbYx1Hs6CmPe3Ga5JuRi0OtZkXyWvUqSpNlMdBh"})
    found = re.search(r"identified (no|\d+) issue", done.stdout + done.stderr)
    assert found, done.stdout + done.stderr
    record_property("warnings of the deploy check", int(found[1].replace("no", "0")))
    assert found[1] == "no", done.stderr


def test_files_are_kept_in_a_folder() -> None:
    assert storage_from_url("file:///srv/my%20media") == {
        "BACKEND": "newsdesk.whole_files.WholeFiles",
        "OPTIONS": {"location": "/srv/my media"},
    }


def test_files_are_kept_in_an_s3_store() -> None:
    url = "s3://KEY:SEC%2FRET@s3.example.com/news-media?region=jp-east&public=https://media.example.com/files/"
    options = storage_from_url(url)["OPTIONS"]
    assert options["endpoint_url"] == "https://s3.example.com"
    assert (options["bucket_name"], options["region_name"]) == ("news-media", "jp-east")
    assert (options["access_key"], options["secret_key"]) == ("KEY", "SEC/RET")
    assert (options["custom_domain"], options["url_protocol"]) == ("media.example.com/files", "https:")
    assert options["file_overwrite"] is False


def test_s3_store_of_the_machine_itself_needs_no_key() -> None:
    options = storage_from_url("s3://127.0.0.1:9000/news?scheme=http")["OPTIONS"]
    assert options["endpoint_url"] == "http://127.0.0.1:9000"
    assert not {"access_key", "secret_key", "region_name", "custom_domain"} & set(options)


def test_s3_store_gives_readers_the_public_address() -> None:
    from storages.backends.s3 import S3Storage

    url = "s3://KEY:SECRET@s3.example.com/news?region=jp-east&public=http://media.example.com/files"
    assert S3Storage(**storage_from_url(url)["OPTIONS"]).url("a/b.webp") == "http://media.example.com/files/a/b.webp"


@pytest.mark.parametrize("url", ["", "/srv/media", "file:", "s3://bucket", "s3://host/", "s3://host/a/b", "ftp://h/b"])
def test_storage_url_of_no_known_kind_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"STORAGE_URL must be like file:///srv/media or s3://"):
        storage_from_url(url)


def test_a_database_server_that_was_cut_off_is_noticed() -> None:
    options = database_from_url("postgres://desk@db.example/newsdesk")["OPTIONS"]
    waited = options["keepalives_idle"] + options["keepalives_count"] * options["keepalives_interval"]
    assert waited == options["tcp_user_timeout"] / 1000 == 15
