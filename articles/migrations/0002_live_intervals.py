"""On PostgreSQL the database itself refuses that two editions of one article are on show at once.

SQLite has no such constraint; there the verbs of `articles.publishing`, which hold the write lock, are alone with the
article. The range of one number stands in for equality, so that no extension is needed. Deferred, since a
publication sets the start of one edition before the end of the other.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ADD = """
ALTER TABLE articles_edition ADD CONSTRAINT edition_alone_on_show EXCLUDE USING gist (
    int8range(article_id, article_id, '[]') WITH &&,
    tstzrange(live_from, live_until) WITH &&
) WHERE (live_from IS NOT NULL) DEFERRABLE INITIALLY DEFERRED
"""
REMOVE = "ALTER TABLE articles_edition DROP CONSTRAINT edition_alone_on_show"


def on_postgresql(statement: str):
    def run(apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]

    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(REMOVE))]
