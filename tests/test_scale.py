"""Nothing that editors or an import do goes through whole tables: SQLite says so for each query, as the site runs it.

It has no statistics there, so it goes by indexes and conditions alone. PostgreSQL decides by its statistics.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import drafting, publishing
from articles.archiving import Entry, archive
from articles.document import from_json
from articles.models import Article
from articles.samples.synthetic import documents
from newsdesk.page_store import finishing
from tests.test_leafing import explained

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL decides by statistics"),
]

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
# Tables that have a row, or many, for each article.
GROWING = (
    r"articles_(address|article|citation|comment|edition|editionpublisher|editiontag|passage|related|remark|section|"
    r"sourcelink)|taggit_taggeditem"
)
# Of these it goes through all or most: the table (not to where a list ends), all that was said, all that has tags.
THROUGH = re.compile(
    rf"SCAN ({GROWING})\b(?! USING INDEX \w+_newest)|comment_commentator_id|content_type_id_\w+ \(content_type_id=\?\)"
)


def entries(start: int, count: int) -> list[Entry]:
    forms = list(documents(start + count))[start:]
    return [Entry(from_json(form), NOW - timedelta(hours=number)) for number, form in enumerate(forms)]


def an_import() -> None:
    archive(entries(20, 10), publish=True)


def a_life() -> None:
    """An article is written, saved, published, changed, and withdrawn."""
    article = drafting.create(entries(30, 1)[0].document)
    publishing.publish(publishing.save(article, by=None), by=None, despite_findings=True)
    Article.objects.filter(pk=article.pk).update(lead_heading="改めた見出し")
    article.refresh_from_db()
    publishing.publish(publishing.save(article, by=None), by=None, despite_findings=True)
    publishing.withdraw(article, by=None)


def finished_pages() -> None:
    list(finishing.addresses(None, NOW))
    list(finishing.addresses(NOW, NOW))


@pytest.mark.parametrize("work", [an_import, a_life, finished_pages])
def test_no_query_of_it_goes_through_a_table_that_grows(work: Callable[[], None]) -> None:
    archive(entries(0, 20), publish=True)
    with CaptureQueriesContext(connection) as queries:
        work()
    asked = [query["sql"] for query in queries if re.match(r"(SELECT|UPDATE|DELETE|WITH)\b", query["sql"])]
    assert len(asked) > 10
    for sql in asked:
        plan = explained(sql)
        assert not THROUGH.search(plan), f"{sql}\n{plan}"
