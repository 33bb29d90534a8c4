"""Write down which addresses the editions stand on that are, or will be, on show."""

import random
from datetime import timedelta

from django.db import migrations
from django.db.models import Q
from django.utils import timezone

from articles.addresses import host, normal

BATCH = 500
ROUND = timedelta(days=30)


def write(apps, schema_editor):
    alias = schema_editor.connection.alias
    addresses, citations = (apps.get_model("articles", name).objects.using(alias) for name in ("Address", "Citation"))
    now = timezone.now()
    editions = apps.get_model("articles", "Edition").objects.using(alias).filter(live_from__isnull=False)
    shown = editions.filter(Q(live_until__isnull=True) | Q(live_until__gt=now)).order_by("pk")
    last = 0
    while batch := list(shown.filter(pk__gt=last).values_list("pk", "document")[:BATCH]):
        last = batch[-1][0]
        places = [
            (pk, number, position, normal(source.get("url") or ""))
            for pk, document in batch
            for number, section in enumerate(document.get("sections") or [])
            for position, source in enumerate(section.get("sources") or [])
        ]
        urls = {url for *_, url in places if url}
        addresses.bulk_create(
            [
                addresses.model(url=url, host=host(url), due_at=now + ROUND * random.random())  # noqa: S311
                for url in sorted(urls)
            ],
            ignore_conflicts=True,
        )
        keys = dict(addresses.filter(url__in=urls).values_list("url", "pk"))
        citations.bulk_create(
            [
                citations.model(edition_id=pk, section=section, position=position, address_id=keys[url])
                for pk, section, position, url in places
                if url
            ],
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    dependencies = [("articles", "0012_address_failures")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
