"""Lets a tag's page walk one index, and drops indexes that others begin with."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0003_import_run'),
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='editiontag',
            name='edition_tag_newest',
        ),
        migrations.AlterField(
            model_name='editiontag',
            name='edition',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='edition_tags', to='articles.edition'),
        ),
        migrations.AlterField(
            model_name='editiontag',
            name='tag',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='edition_tags', to='taggit.tag'),
        ),
        migrations.AddIndex(
            model_name='editiontag',
            index=models.Index(models.F('tag'), models.OrderBy(models.F('published_at'), descending=True), models.OrderBy(models.F('edition'), descending=True), name='edition_tag_newest'),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(models.F('live_until'), condition=models.Q(('live_until__isnull', False)), name='edition_ended'),
        ),
    ]
