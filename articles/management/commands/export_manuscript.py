"""Articles as manuscripts: text that imports to the same Document."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import drafting
from articles.manuscripts import dump
from articles.models import Article


class Command(BaseCommand):
    help = (
        "Prints the working copy of articles as manuscripts in the house layout; several are parted by an empty line."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="+", type=int, metavar="ID", help="the number in the article's address")

    def handle(self, *args: Any, **options: Any) -> None:
        missing = 0
        for number, pk in enumerate(options["ids"]):
            article = Article.objects.filter(pk=pk).first()
            if article:
                self._write(article, begins=not number)
            else:
                missing += 1
                self.stderr.write(f"{pk}: " + _("There is no article of this number."))
        if missing:
            message = ngettext("%(count)d article was not found.", "%(count)d articles were not found.", missing)
            raise CommandError(message % {"count": missing})

    def _write(self, article: Article, begins: bool) -> None:
        if article.unplaced:
            note = _("Its unplaced lines are not part of the text; they are kept at the desk.")
            self.stderr.write(f"{article.pk}: {note}", self.style.WARNING)
        if not begins:
            self.stdout.write("")
        self.stdout.write(dump(drafting.read(article)), ending="")
