"""Commentators: persons whose voice stands in articles. Editors describe them; readers see it once they were heard."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.images import PictureField
from articles.models.editions import Edition
from articles.models.editions import Picture as ShownPicture


class Commentator(models.Model):
    """A person whose voice stands beside the reports."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    role = models.CharField(_("role"), max_length=100, blank=True, help_text=_("Shown below the name."))
    profile = models.TextField(
        _("profile"), blank=True, help_text=_("Readers see it on the commentator’s page, once an article is published.")
    )
    disclosure = models.TextField(
        _("disclosure"), blank=True, help_text=_("Ties to those the commentator speaks of, for readers to know.")
    )
    portrait = PictureField(_("portrait"), blank=True)
    portrait_width = models.PositiveIntegerField(null=True, editable=False)
    portrait_height = models.PositiveIntegerField(null=True, editable=False)

    face: ShownPicture | None = None  # the portrait as a page shows it, see `voices.with_faces`

    class Meta:
        verbose_name = _("commentator")
        verbose_name_plural = _("commentators")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("commentator", args=[self.pk])


class Remark(models.Model):
    """That a commentator speaks at one place of a published edition; written with the publication."""

    commentator = models.ForeignKey(Commentator, models.CASCADE, related_name="remarks", db_index=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="remarks")
    section = models.PositiveIntegerField(null=True)  # its place in the Document; none for the whole article
    position = models.PositiveIntegerField()  # among all comments of the Document
    published_at = models.DateTimeField(null=True)  # the edition's, so that a commentator's page is one walk

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["edition", "position"], name="remark_once")]
        indexes = [
            models.Index(
                "commentator", models.F("published_at").desc(), models.F("edition").desc(), name="remark_newest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.position}"
