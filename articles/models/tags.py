"""Addresses that tags had before they were merged or renamed: they lead to the tag of today."""

from collections.abc import Iterable

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag


class FormerTagQuerySet(models.QuerySet["FormerTag"]):
    """Former names and addresses of tags."""

    def meant_by(self, names: Iterable[str]) -> dict[str, Tag]:
        """The tags of today that are meant by names that tags had, by folded name. One query."""
        wanted = {name.lower() for name in names}
        rows = self.annotate(folded=Lower("name")).filter(folded__in=wanted).select_related("tag") if wanted else ()
        return {row.name.casefold(): row.tag for row in rows}


class FormerTag(models.Model):
    """The slug and name of a tag that is part of another one now."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=100)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="former", verbose_name=_("tag"))

    objects = FormerTagQuerySet.as_manager()

    class Meta:
        verbose_name = _("former tag")
        verbose_name_plural = _("former tags")

    def __str__(self) -> str:
        return self.name
