from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0013_citations'),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='corrected_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(models.OrderBy(models.F('corrected_at'), descending=True), condition=models.Q(('corrected_at__isnull', False)), name='edition_corrected'),
        ),
    ]
