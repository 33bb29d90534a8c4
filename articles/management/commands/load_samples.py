"""The sample newsroom, to look at and to try things on."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.samples import flat_pages, loading


class Command(BaseCommand):
    help = (
        "Adds sample articles, commentators, pictures and pages. Safe to repeat: what is there already stays as it is."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        added = len(loading.load())
        message = ngettext("%(count)d sample article was added.", "%(count)d sample articles were added.", added)
        self.stdout.write(message % {"count": added} if added else _("The sample articles are there already."))
        if pages := len(flat_pages.load()):
            message = ngettext("%(count)d sample page was added.", "%(count)d sample pages were added.", pages)
            self.stdout.write(message % {"count": pages})
