"""Write down again what readers look up in articles: parts, questions, commentators' remarks and the search index.

    python manage.py rebuild_search

Publishing does this by itself; it is needed after a restore that left the index out, or when a newer version of
newsdesk cuts text in another way. Readers find what is written already while it goes on.
"""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import ngettext
from tqdm import tqdm

from articles.bulk import in_bulk
from articles.passages import forget_ended, to_be_found, write_passages
from articles.search import index

BATCH = 100


class Command(BaseCommand):
    help = "Write down again what readers search: the parts of every article that is, or will be, on show."

    def handle(self, **options: Any) -> None:
        """Rebuild in batches, each a transaction; interrupted, it can simply be run again."""
        forget_ended()
        editions, last, done = to_be_found(), 0, 0
        with in_bulk(), tqdm(total=editions.count(), unit="", disable=None) as bar:
            while batch := list(editions.filter(pk__gt=last).order_by("pk")[:BATCH]):
                with transaction.atomic():
                    write_passages(batch)
                last = batch[-1].pk
                done += len(batch)
                bar.update(len(batch))
        index.put_in_order()
        said = ngettext("%(number)d article can be found.", "%(number)d articles can be found.", done)
        self.stdout.write(self.style.SUCCESS(said % {"number": done}))
