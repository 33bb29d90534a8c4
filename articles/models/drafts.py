"""The working copy: what editors edit in the admin. Readers' code must not import this module."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from articles.images import PictureField
from articles.models.commentators import Commentator
from articles.models.editions import Edition


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles as editors look for them."""

    def with_state(self) -> Self:
        """Add what the desk shows of an article's editions, in the same query.

        `is_live`, `is_scheduled`, `was_live`: booleans; `latest_number`, `live_number`: numbers of editions, or None.
        """
        now = timezone.now()
        editions = Edition.objects.filter(article=OuterRef("pk"))
        live = editions.live(now)
        return self.annotate(
            is_live=Exists(live),
            is_scheduled=Exists(editions.filter(live_from__gt=now)),
            was_live=Exists(editions.filter(live_until__lte=now)),
            scheduled_for=Subquery(editions.filter(live_from__gt=now).order_by("live_from").values("live_from")[:1]),
            live_number=Subquery(live.values("number")[:1]),
            latest_number=Subquery(editions.order_by("-number").values("number")[:1]),
        )


class Article(models.Model):
    """The working copy of one article. Nothing of it is public: readers see its editions."""

    class Stage(models.TextChoices):
        WRITING = "writing", _("being written")
        REVIEW = "review", _("in review")
        APPROVED = "approved", _("approved")

    uid = models.UUIDField(_("permanent id"), default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), blank=True, help_text=_("The question the article answers."))
    lead_heading = models.CharField(_("heading over the lead"), blank=True)
    lead = models.TextField(_("lead"), blank=True, help_text=_("One paragraph that sums it all up."))
    takeaways = models.TextField(_("takeaways"), blank=True, help_text=_("One a line; the page adds the 💡."))
    unplaced = models.TextField(
        _("unplaced lines"),
        blank=True,
        help_text=_("Lines of the manuscript that found no place. Move what is needed, then empty this field."),
    )
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False, db_index=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )
    tags = TaggableManager(_("tags"), blank=True, help_text=_("Parted by 、 or a comma."))

    # The desk's own: where the text stands on its way to the readers, and what the checks found in it when last saved.
    stage = models.CharField(_("stage"), max_length=8, choices=Stage.choices, default=Stage.WRITING, editable=False)
    follows = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="followers",
        verbose_name=_("follow-up to"),
    )
    form_token = models.CharField(max_length=40, null=True, unique=True, editable=False)  # noqa: DJ001  # unique
    required_findings = models.PositiveIntegerField(_("findings that stop publication"), default=0, editable=False)
    other_findings = models.PositiveIntegerField(_("other findings"), default=0, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-changed_at", "-pk"]
        permissions = [
            ("edit_any_article", "Can edit the articles of others"),
            ("approve_article", "Can approve articles"),
            ("publish_article", "Can publish, schedule and withdraw articles"),
        ]

    def __str__(self) -> str:
        return self.title or str(_("(untitled article)"))

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.pk])


class Section(models.Model):
    """One part of an article: question, sources, report, and the voices around it."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="sections", verbose_name=_("article"))
    position = models.PositiveIntegerField(_("position"), default=0)
    heading = models.CharField(_("heading"), blank=True)
    question = models.CharField(_("question"), blank=True)
    answer = models.CharField(_("answer"), blank=True, help_text=_("One short answer."))
    body = models.TextField(
        _("report"),
        blank=True,
        help_text=_("What happened. Every line is a paragraph; > begins a quotation, ** ** makes words strong."),
    )

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.heading or self.question or str(_("(section without heading)"))


class SourceLink(models.Model):
    """A source card: where a section's facts come from, summed up in the newsroom's own words."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="sources", verbose_name=_("section"))
    position = models.PositiveIntegerField(_("position"), default=0)
    caption = models.CharField(_("caption"), blank=True)
    url = models.CharField(
        _("address"), blank=True, validators=[URLValidator(["http", "https"])], help_text=_("Where the source is read.")
    )
    site_name = models.CharField(_("publisher"), blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    key_points = models.TextField(_("key points"), blank=True, help_text=_("One a line; the page adds the ✅."))
    image = PictureField(_("picture"), blank=True, db_index=True)
    image_width = models.PositiveIntegerField(null=True, editable=False)
    image_height = models.PositiveIntegerField(null=True, editable=False)
    image_alt = models.CharField(
        _("alternative text"), blank=True, help_text=_("What the picture shows, for those who cannot see it.")
    )
    image_credit = models.CharField(_("picture credit"), blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.caption or self.site_name or self.url or str(_("(empty source)"))


class Comment(models.Model):
    """A commentator's voice: before or after a section's report, or, without a section, on the whole article."""

    class Placement(models.TextChoices):
        OPENING = "opening", _("before the report")
        CLOSING = "closing", _("after the report")

    article = models.ForeignKey(Article, models.CASCADE, related_name="comments", verbose_name=_("article"))
    section = models.ForeignKey(
        Section, models.CASCADE, null=True, blank=True, related_name="comments", verbose_name=_("section")
    )
    placement = models.CharField(_("placement"), max_length=7, choices=Placement.choices, default=Placement.CLOSING)
    position = models.PositiveIntegerField(_("position"), default=0)
    commentator = models.ForeignKey(
        Commentator,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="comments",
        verbose_name=_("commentator"),
    )
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(section__isnull=False) | Q(placement="closing"),
                name="remark_on_the_whole_is_closing",
                violation_error_message=_("A comment on the whole article stands at its end."),
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]

    def save(self, **kwargs: Any) -> None:
        """A comment in a section belongs to the section's article; the admin's nested forms know only the section."""
        if self.section is not None:
            self.article_id = self.section.article_id
        super().save(**kwargs)
