"""Make the index of the search, and write down the parts and remarks of the editions that are, or will be, on show."""

from django.db import migrations
from django.db.models import Q
from django.utils import timezone

BATCH = 200


def make(apps, schema_editor):
    from articles.search import index

    schema_editor.execute(index.make())


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE articles_search")


def write(apps, schema_editor):
    """By the program's own means: how a text is cut is that of the program, and `rebuild_search` does the same."""
    from articles.models import Edition
    from articles.passages import write_passages

    editions = apps.get_model("articles", "Edition").objects.filter(live_from__isnull=False)
    shown = editions.filter(Q(live_until__isnull=True) | Q(live_until__gt=timezone.now())).order_by("pk")
    columns = ("pk", "document", "published_at")
    last = 0
    while rows := list(shown.filter(pk__gt=last).values_list(*columns)[:BATCH]):
        last = rows[-1][0]
        write_passages([Edition(**dict(zip(columns, row, strict=True))) for row in rows])


class Migration(migrations.Migration):
    dependencies = [("articles", "0016_passages")]

    operations = [migrations.RunPython(make, drop), migrations.RunPython(write, migrations.RunPython.noop)]
