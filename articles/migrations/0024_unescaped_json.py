"""Editions write letters as they are from now on. What was written before is read as it was, so no row is touched."""

from django.db import migrations, models

from articles.models.editions import UnescapedJSON


class Migration(migrations.Migration):
    dependencies = [("articles", "0023_search_by_index")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "edition", "corrections", models.JSONField(default=list, encoder=UnescapedJSON)
                ),
                migrations.AlterField(
                    "edition", "document", models.JSONField(encoder=UnescapedJSON, verbose_name="document")
                ),
                migrations.AlterField("edition", "media", models.JSONField(default=dict, encoder=UnescapedJSON)),
                migrations.AlterField("edition", "picture", models.JSONField(encoder=UnescapedJSON, null=True)),
            ]
        )
    ]
