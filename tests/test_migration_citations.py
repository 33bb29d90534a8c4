"""Editions that were on show before addresses were written down get theirs by a migration."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from articles import publishing
from articles.models import Address, Citation
from tests.test_link_health import cited

pytestmark = pytest.mark.django_db


def test_what_was_published_before_is_written_down_and_only_once() -> None:
    shown, ended = cited("http://news.example/a#x", "港"), cited("https://news.example/b", title="駅は？")
    publishing.withdraw(ended.article, by=None)
    Citation.objects.all().delete()
    Address.objects.all().delete()
    write = import_module("articles.migrations.0013_citations").write
    for _ in range(2):
        write(apps, SimpleNamespace(connection=connection))
    assert list(Citation.objects.values_list("edition", "section", "position", "address__url")) == [
        (shown.pk, 0, 0, "https://news.example/a")
    ]
