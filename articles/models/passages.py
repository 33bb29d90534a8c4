"""What readers look up in published editions: their parts, and which articles belong together.

All of it is written with the publication and starts from a live edition whenever it is read.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.models.editions import Edition


class Passage(models.Model):
    """One part of a published edition: a section by its number, or, as number 0, what belongs to the whole article."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="passages", db_index=False)
    number = models.PositiveIntegerField()  # of its place in the page, #s<number>
    heading = models.CharField(_("heading"), blank=True)
    question = models.CharField(_("question"), blank=True)
    question_key = models.CharField(max_length=32, blank=True)  # see passages.question_key
    answer = models.CharField(_("answer"), blank=True)
    published_at = models.DateTimeField(null=True)  # the edition's, so that an index of questions is one walk
    text = models.TextField(blank=True)  # all that it says besides, a line each; last, since only searches show it

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="passage_once")]
        indexes = [
            models.Index(  # the index of questions
                F("published_at").desc(),
                F("edition").desc(),
                "number",
                name="passage_questions",
                condition=~Q(question_key=""),
            ),
            models.Index("question_key", name="passage_question", condition=~Q(question_key="")),
        ]

    def __str__(self) -> str:
        return self.question or self.heading


class StoryPart(models.Model):
    """That an article belongs to a story: to the articles that go on from one another."""

    story = models.PositiveBigIntegerField(db_index=True)  # the number of the article that the story began with
    article = models.OneToOneField("articles.Article", models.CASCADE, related_name="story_part")

    class Meta:
        verbose_name = _("part of a story")
        verbose_name_plural = _("parts of stories")

    def __str__(self) -> str:
        return f"{self.story} {self.article_id}"


class Related(models.Model):
    """That readers of an article are led to another one; decided when the first was published."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="related", db_index=False)
    other = models.ForeignKey("articles.Article", models.CASCADE, related_name="related_to")
    position = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("related article")
        verbose_name_plural = _("related articles")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["article", "position"], name="related_once")]

    def __str__(self) -> str:
        return f"{self.article_id} {self.other_id}"
