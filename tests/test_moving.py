"""A site moves from SQLite to PostgreSQL: every row, or none at all."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.sites import Site, get, postgres_database, prepared

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="needs a PostgreSQL to move to")


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site on SQLite with the samples, drafts, schedules, pictures and somebody who can sign in."""
    site = prepared(tmp_path_factory.mktemp("old"))
    for command in (["load_samples"], ["create_editor"]):
        done = site.run("manage.py", *command, DEBUG="1")
        assert done.returncode == 0, done.stderr
    return site


@pytest.fixture
def new(old: Site) -> Iterator[Site]:
    """The same site with an empty PostgreSQL database."""
    with postgres_database("moved") as url:
        yield Site(old.folder, {**old.environment, "DATABASE_URL": url, "LANGUAGE_CODE": "en"})


def rows(site: Site, table: str) -> int:
    with closing(sqlite3.connect(site.folder / "site.sqlite3")) as file:
        return int(file.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


@on_postgresql
def test_everything_moves_and_answers(old: Site, new: Site) -> None:
    done = new.run("manage.py", "move_database", old.environment["DATABASE_URL"])

    assert done.returncode == 0, done.stderr
    code = "from articles.models import Article, Edition; print(Article.objects.count(), Edition.objects.count())"
    assert new.does(code) == f"{rows(old, 'articles_article')} {rows(old, 'articles_edition')}"
    with new.serving() as server:
        answer = get(server.port, "/")
        assert answer.status == 200
        assert "/articles/1/" in answer.body
        assert get(server.port, "/search/?q=%E6%B8%AF").status == 200
    new_key = "from articles import drafting\nfrom articles.document import Document\n"
    new.does(new_key + 'print(drafting.create(Document(title="新")).pk)')  # sequences go on behind what was moved


@on_postgresql
def test_what_postgresql_refuses_moves_nothing(old: Site, new: Site) -> None:
    with closing(sqlite3.connect(old.folder / "site.sqlite3")) as file:
        title = file.execute("SELECT title FROM articles_article WHERE id = 1").fetchone()[0]
        file.execute("UPDATE articles_article SET title = ? WHERE id = 1", ["港" + "\0"])
        file.commit()
        try:
            done = new.run("manage.py", "move_database", old.environment["DATABASE_URL"])
        finally:
            file.execute("UPDATE articles_article SET title = ? WHERE id = 1", [title])
            file.commit()

    assert done.returncode == 1
    assert "PostgreSQL" in done.stderr
    assert new.does("from articles.models import Article; print(Article.objects.count())") == "0"


@on_postgresql
def test_a_database_with_articles_is_not_filled(old: Site, new: Site) -> None:
    assert new.run("manage.py", "migrate", "-v0").returncode == 0
    new.does('from articles.document import Document\ndrafting.create(Document(title="港"))')

    done = new.run("manage.py", "move_database", old.environment["DATABASE_URL"])

    assert done.returncode == 1
    assert "articles_article" in done.stderr


@on_postgresql
def test_databases_of_different_versions_are_not_mixed(old: Site, new: Site) -> None:
    with closing(sqlite3.connect(old.folder / "site.sqlite3")) as file:
        file.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('articles', '9999_later', '2026-01-01')"
        )
        file.commit()
        try:
            done = new.run("manage.py", "move_database", old.environment["DATABASE_URL"])
        finally:
            file.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
            file.commit()

    assert done.returncode == 1
    assert "articles.9999_later" in done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["sqlite:////nowhere/site.sqlite3", "postgres://127.0.0.1/newsdesk"])
def test_an_address_without_a_sqlite_database_is_named(url: str) -> None:
    with pytest.raises(CommandError, match="sqlite:////srv/newsdesk"):
        call_command("move_database", url)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor == "postgresql", reason="about a site that is on SQLite still")
def test_it_asks_for_a_postgresql(tmp_path: Path) -> None:
    file = tmp_path / "site.sqlite3"
    file.touch()

    with pytest.raises(CommandError, match="PostgreSQL"):
        call_command("move_database", f"sqlite:///{file}")
