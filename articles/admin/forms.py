"""The form of an article, and the rules its rows share."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from nested_admin import NestedInlineFormSet

from articles.models import Article, Comment, Section, SourceLink


def area(rows: int) -> AdminTextareaWidget:
    """A field for some lines; it grows with its text where the browser can."""
    return AdminTextareaWidget(attrs={"rows": rows})


class ArticleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """The article's own fields, and the version they were read at: a save over somebody else's is refused."""

    opened_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Article
        fields = ("title", "lead_heading", "lead", "takeaways", "unplaced", "tags")
        widgets = {"lead": area(4), "takeaways": area(3), "unplaced": area(4)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_version"].initial = self.instance.version
        self.is_stale = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.is_stale = bool(self.instance.pk) and cleaned.get("opened_version") != self.instance.version
        if self.is_stale:
            self.add_error(None, ValidationError(who_saved(self.instance)))
        return cleaned


def who_saved(article: Article) -> SafeString:
    """Tells an editor whose save came between, and what to do with the text on the page."""
    latest = article.editions.order_by("-number").select_related("created_by").first()
    name = latest.created_by.get_username() if latest and latest.created_by else _("Somebody else")
    saved = timezone.localtime(latest.created_at if latest else article.changed_at)
    return format_html(
        _(
            "{name} saved this article at {time}, while you were editing it. Nothing of yours is saved, and all of it "
            'still stands below. <a href="" target="_blank">Open the article as it is now</a> beside it, copy over '
            "what you want to keep, and save there."
        ),
        name=name,
        time=date_format(saved, "DATETIME_FORMAT"),
    )


class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    """A section, source or comment. A new one in which nothing is written is left out."""

    def has_changed(self) -> bool:
        changed = set(self.changed_data)
        if self.instance.pk is None:
            changed -= {"position", "placement"}
        return bool(changed) or any(part.has_changed() for part in getattr(self, "nested_formsets", ()))


class SectionForm(RowForm):
    class Meta:
        model = Section
        fields = ("heading", "question", "answer", "body", "position")
        widgets = {"body": area(6)}


class SourceForm(RowForm):
    class Meta:
        model = SourceLink
        fields = (
            "caption",
            "url",
            "site_name",
            "published_on",
            "key_points",
            "image",
            "image_alt",
            "image_credit",
            "position",
        )
        widgets = {"key_points": area(3), "url": forms.URLInput(attrs={"class": "vURLField"})}


class CommentForm(RowForm):
    class Meta:
        model = Comment
        fields = ("placement", "commentator", "text", "position")
        widgets = {"text": area(3)}

    def validate_constraints(self) -> None:
        """Nothing: Django 6.1 asks before a new section is saved, and takes its comments for remarks on the whole."""


class RemarkForm(RowForm):
    class Meta:
        model = Comment
        fields = ("commentator", "text", "position")
        widgets = {"text": area(3)}


class Rows(NestedInlineFormSet):  # type: ignore[misc]  # nested_admin has no types
    """Rows of one article: read ahead with their section, gone with it, and never those of another article."""

    def get_queryset(self) -> Any:
        """On a page, the rows that were prefetched with the section; in a submitted form, the rows it names."""
        if not self.is_bound:
            return self._read_ahead()
        if not hasattr(self, "_named"):
            rows = super().get_queryset()
            self._named = list(rows.select_related("section") if self.model is SourceLink else rows)
            # Noted now: a form makes its row belong to whatever it stands under.
            self._owners = {
                row.pk: (row.section if self.model is SourceLink else row).article_id for row in self._named
            }
        return self._named

    def _read_ahead(self) -> Any:
        if not isinstance(self.instance, Section):
            return super().get_queryset()
        rows = list(getattr(self.instance, self.fk.remote_field.get_accessor_name()).all()) if self.instance.pk else []
        for position, row in enumerate(rows):
            row.position = position  # opening and closing comments are counted apart in the database
        return rows

    def clean(self) -> None:
        super().clean()
        article = self.instance.pk if isinstance(self.instance, Article) else self.instance.article_id
        self.get_queryset()
        if any(article is None or self._owners.get(form.instance.pk) != article for form in self.initial_forms):
            raise ValidationError(_("A part of this form is no longer in the article. Open the article anew."))

    @property
    def _goes_with_section(self) -> bool:
        """Whether the section that holds the rows is being removed."""
        parent = getattr(self, "parent_form", None)
        return bool(parent and parent.parent_formset._should_delete_form(parent))

    def is_valid(self) -> bool:
        return self._goes_with_section or bool(super().is_valid())

    def save(self, commit: bool = True) -> list[Any]:
        if not self._goes_with_section:
            return list(super().save(commit=commit))
        nothing: list[Any] = []
        self.new_objects = self.changed_objects = self.deleted_objects = nothing
        return nothing
