"""From the desk to the readers: publish, schedule and withdraw one article, and what its page says about that."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from articles import drafting, publishing, workflow
from articles.admin.checking import told
from articles.admin.release_forms import ReleaseForm, WithdrawForm
from articles.admin.screens import ArticleScreen
from articles.admin.typed import Typed
from articles.models import Article, Edition
from articles.overview import named
from articles.states import State, state_of
from articles.workflow import Action


@dataclass(frozen=True, slots=True)
class Panel:
    """What an article's page says of its state, and what can be done from there."""

    state: State
    address: str
    live: Edition | None
    scheduled: Edition | None
    latest: Edition | None
    ended: Edition | None
    may_publish: bool
    fits_publish: bool

    @property
    def can_publish(self) -> bool:
        """Whether there is anything that readers do not have yet and, where a review is required, it was approved."""
        return self.may_publish and self.fits_publish

    @property
    def can_withdraw(self) -> bool:
        return self.may_publish and self.live is not None


class ReleaseScreens(ArticleScreen):
    """Screens that decide what readers see. A GET only asks; a POST acts."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/publish/", view(self.publish_view), name="articles_article_publish"),
            path("<int:pk>/unschedule/", view(self.unschedule_view), name="articles_article_unschedule"),
            path("<int:pk>/withdraw/", view(self.withdraw_view), name="articles_article_withdraw"),
            *super().get_urls(),
        ]

    def panel(self, request: HttpRequest, article: Article) -> Panel:
        """The panel of an article that came from `get_queryset`."""
        editions = article.editions.listed().select_related("created_by")
        return Panel(
            state=state_of(article),
            address=settings.SITE_URL + article.get_absolute_url(),
            live=editions.live().first(),
            scheduled=editions.scheduled().first(),
            latest=editions.first(),
            ended=editions.ended().order_by("-live_until").first(),
            may_publish=self.has_publish_permission(request, article),
            fits_publish=workflow.fits(Action.PUBLISH, article),
        )

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Publish the latest edition, now or later."""
        article = self.to_publish(request, pk)
        panel = self.panel(request, article)
        form = ReleaseForm(
            request.POST if request.method == "POST" else None,
            latest=panel.latest.number if panel.latest else None,
            was_published=bool(panel.live or panel.ended),
            parts=named(panel.latest.content) if panel.latest else (),
        )
        if request.method == "POST" and form.is_valid():
            try:
                edition = publish_latest(article, request.user, **form.options)  # type: ignore[arg-type]
            except publishing.PublishingError as error:
                form.add_error(None, str(error))
            else:
                return self._published(request, article, edition)
        status = 409 if form.errors else 200
        text = Typed(drafting.read(article), drafting.media(article), article.unplaced)
        return self.screen(
            request, "publish", _("Publish"), article, form=form, panel=panel, findings=told(text), status=status
        )

    def _published(self, request: HttpRequest, article: Article, edition: Edition) -> HttpResponse:
        said = _("Edition %(number)d was published.") % {"number": edition.number}
        if edition.live_from and edition.live_from > timezone.now():
            said = _("Edition %(number)d goes on show at %(time)s.") % {
                "number": edition.number,
                "time": moment(edition.live_from),
            }
            self.message_user(request, said, messages.SUCCESS)
        else:
            link = format_html('<a href="{}">{}</a>', article.get_absolute_url(), _("Look at the page."))
            self.message_user(request, format_html("{} {}", said, link), messages.SUCCESS)
        self.log_change(request, article, said)
        return self.to_change_page(article)

    def unschedule_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Take the schedule back. There is nothing to ask, so a GET is refused."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.to_publish(request, pk)
        if publishing.unschedule(article, by=request.user):  # type: ignore[arg-type]
            self._done(request, article, _("The schedule was cancelled."))
        else:
            self.message_user(request, _("Nothing was scheduled any more."), messages.WARNING)
        return self.to_change_page(article)

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Take the article off the site."""
        article = self.to_publish(request, pk)
        form = WithdrawForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            if publishing.withdraw(article, by=request.user, **form.options):  # type: ignore[arg-type]
                self._done(request, article, _("The article was withdrawn."))
            else:
                self.message_user(request, _("The article was not on show any more."), messages.WARNING)
            return self.to_change_page(article)
        panel = self.panel(request, article)
        return self.screen(request, "withdraw", _("Withdraw"), article, form=form, panel=panel)

    def response_add(self, request: HttpRequest, obj: Article, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._to_publish_page(request, obj) or super().response_add(request, obj, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._to_publish_page(request, obj) or super().response_change(request, obj)

    def _to_publish_page(self, request: HttpRequest, article: Article) -> HttpResponse | None:
        """Where the editor pressed “Save and publish…”, the next page asks when."""
        if "_publish" not in request.POST or not self.has_publish_permission(request, article):
            return None
        return HttpResponseRedirect(reverse("admin:articles_article_publish", args=[article.pk]))

    def _done(self, request: HttpRequest, article: Article, said: str) -> None:
        self.message_user(request, said, messages.SUCCESS)
        self.log_change(request, article, said)


@transaction.atomic
def publish_latest(article: Article, by: User, **options: Any) -> Edition:
    """Publish the latest edition, saving a first one where there is none. Raises PublishingError."""
    latest = article.editions.first() or publishing.save(article, by=by)
    return publishing.publish(latest, by=by, **options)


def moment(at: datetime) -> str:
    """Date and time as the desk writes them."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")
