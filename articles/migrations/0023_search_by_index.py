"""Make the function that searches call on PostgreSQL; nothing on SQLite."""

from django.db import migrations


def make(apps, schema_editor):
    from articles.search import index

    index.make_function()


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION articles_search_matching(tsquery)")


class Migration(migrations.Migration):
    dependencies = [("articles", "0022_search_by_day")]

    operations = [migrations.RunPython(make, drop)]
