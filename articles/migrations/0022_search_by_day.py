"""Make the index of the search anew: it holds the day of every article, and what begins with a letter by itself."""

from importlib import import_module

from django.db import migrations

passages = import_module("articles.migrations.0017_search")


def remake(apps, schema_editor):
    passages.drop(apps, schema_editor)
    passages.make(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("articles", "0021_security_events")]

    operations = [
        migrations.RunPython(remake, migrations.RunPython.noop),
        migrations.RunPython(passages.write, migrations.RunPython.noop),
    ]
