"""The desk's answer to a pasted address: what the page says of itself, once the background has read it."""

from typing import Any

from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse

from articles import card_requests
from articles.admin.screens import ArticleScreen
from articles.card_requests import NoCard
from articles.models import Card


class CardScreen(ArticleScreen):
    """An address that the article's page talks to; it gives out the fields of a card and nothing else of a page."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.card_view)
        return [path("<int:pk>/card/", view, name="articles_article_card"), *super().get_urls()]

    def form_addresses(self, pk: int) -> dict[str, str]:
        return {**super().form_addresses(pk), "card": reverse("admin:articles_article_card", args=[pk])}

    def card_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """POST `url` asks for a card; with `poll`, it only looks how far that is."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self.to_write(request, pk)
        url = request.POST.get("url", "")
        try:
            card = card_requests.known(url) if "poll" in request.POST else card_requests.ask(url, by=request.user)  # type: ignore[arg-type]  # whoever is at the desk has signed in
        except NoCard as refusal:
            return JsonResponse({"state": Card.State.FAILED, "error": str(refusal)}, status=422)
        if card is None:
            return JsonResponse({"state": Card.State.FAILED, "error": ""}, status=404)
        return JsonResponse(_shown(card))


def _shown(card: Card) -> dict[str, Any]:
    return {"state": card.state, "error": card.error, "card": card.content}
