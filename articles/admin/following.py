"""Follow-ups at the desk: begin one, and see the chain an article stands in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from articles import drafting, following
from articles.admin.reviews import signed_in
from articles.admin.screens import ArticleScreen
from articles.models import Article
from articles.workflow import Action


class FollowScreen(ArticleScreen):
    """One button on the article's page; it leads to the new article."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.follow_view)
        return [path("<int:pk>/follow-up/", view, name="articles_article_follow_up"), *super().get_urls()]

    def chain_part(self, request: HttpRequest, article: Article) -> dict[str, Any]:
        """What the article follows, what follows it, and whether this person may go on. A query for each before it."""
        return {
            "before": following.before(article),
            "after": following.after(article),
            "may_follow": self.has_add_permission(request),
        }

    def follow_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Begin a follow-up. There is nothing to ask, so a GET is refused."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.to_do(request, pk, Action.FOLLOW_UP)
        try:
            made = following.follow_up(article, by=signed_in(request))
        except drafting.UnusableDocument as error:
            self.message_user(request, str(error), messages.ERROR)
            return self.to_change_page(article)
        self.log_addition(request, made, _("Begun as a follow-up"))
        told = _("This is a new draft, begun as a copy. Give it a title of its own and write what is new.")
        self.message_user(request, told, messages.SUCCESS)
        return self.to_change_page(made)
