"""Deleting articles: drafts that no reader ever saw. What was published is withdrawn instead."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from articles import publishing, workflow
from articles.admin.screens import ArticleScreen
from articles.models import Article
from articles.workflow import Action


class DeleteScreen(ArticleScreen):
    """Django's own pages, without what they would tell of the rows that go with an article."""

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        may = workflow.may(request.user, Action.DELETE, obj)
        return may and (obj is None or workflow.fits(Action.DELETE, obj))

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        publishing.delete(obj, by=request.user)  # type: ignore[arg-type]  # whoever is at the desk has signed in

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        for article in queryset:
            self.delete_model(request, article)

    def get_deleted_objects(
        self, objs: Iterable[Article], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Only the articles are named: notes, reviews and unsaved texts of others go with them unseen."""
        articles = list(objs)
        mine = [article for article in articles if workflow.may(request.user, Action.DELETE, article)]
        refused = set() if len(mine) == len(articles) else {str(self.opts.verbose_name)}
        names = [format_html("{}: {}", self.opts.verbose_name, article) for article in mine]
        protected = [_why_not(article) for article in mine if not workflow.fits(Action.DELETE, article)]
        return names, {str(self.opts.verbose_name_plural): len(articles)}, refused, protected


def _why_not(article: Article) -> str:
    return _("%(title)s: readers saw it, or will. It can be withdrawn, but not deleted.") % {"title": article}
