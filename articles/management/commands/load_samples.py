"""The sample newsroom, to look at and to try things on."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.samples import loading


class Command(BaseCommand):
    help = "Adds sample articles, commentators and pictures. Safe to repeat: what is there already stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        added = len(loading.load())
        message = ngettext("%(count)d sample article was added.", "%(count)d sample articles were added.", added)
        self.stdout.write(message % {"count": added} if added else _("The sample articles are there already."))
