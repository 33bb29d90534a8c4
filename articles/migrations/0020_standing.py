"""Write down which editions stand on which publishers, and keep corrections in the order of their list."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

BATCH = 2_000  # editions


def write(apps, schema_editor):
    alias = schema_editor.connection.alias
    citations, standing = (
        apps.get_model("articles", name).objects.using(alias) for name in ("Citation", "EditionPublisher")
    )
    editions = citations.order_by("edition").values_list("edition", flat=True).distinct()
    last = 0
    while batch := list(editions.filter(edition__gt=last)[:BATCH]):
        here = citations.filter(edition__gt=last, edition__lte=batch[-1]).order_by()
        rows = here.values_list("edition", "address__host", "edition__published_at").distinct()
        standing.bulk_create(
            [standing.model(edition_id=pk, host=host, published_at=published) for pk, host, published in rows],
            ignore_conflicts=True,
        )
        last = batch[-1]


class Migration(migrations.Migration):
    dependencies = [("articles", "0019_tallies")]

    operations = [
        migrations.CreateModel(
            name="EditionPublisher",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("host", models.CharField(max_length=255)),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "edition",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="edition_publishers",
                        to="articles.edition",
                    ),
                ),
            ],
            options={
                "verbose_name": "publisher of an edition",
                "verbose_name_plural": "publishers of editions",
                "indexes": [
                    models.Index(
                        F("host"), F("published_at").desc(), F("edition").desc(), name="edition_publisher_newest"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "host"), name="edition_publisher_once")
                ],
            },
        ),
        migrations.RemoveIndex("edition", "edition_corrected"),
        migrations.AddIndex(
            "edition",
            models.Index(
                F("corrected_at").desc(),
                F("article").desc(),
                name="edition_corrected",
                condition=Q(corrected_at__isnull=False),
            ),
        ),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
