"""Write down of each edition when it was last corrected."""

from datetime import datetime

from django.db import migrations

BATCH = 500


def write(apps, schema_editor):
    editions = apps.get_model("articles", "Edition").objects.using(schema_editor.connection.alias)
    corrected = editions.exclude(corrections=[]).order_by("pk")
    last = 0
    while batch := list(corrected.filter(pk__gt=last).only("corrections")[:BATCH]):
        last = batch[-1].pk
        for edition in batch:
            edition.corrected_at = max(datetime.fromisoformat(each["at"]) for each in edition.corrections)
        editions.bulk_update(batch, ["corrected_at"])


class Migration(migrations.Migration):
    dependencies = [("articles", "0014_corrected_at")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
