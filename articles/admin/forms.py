"""The form of an article, and the rules its rows share."""

import re
import secrets
from collections import Counter
from datetime import date
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from nested_admin import NestedInlineFormSet
from taggit.models import Tag, TaggedItem

from articles import drafting, images
from articles.document import Document
from articles.models import Article, Comment, Commentator, Section, SourceLink
from articles.text import leading_date

ONLY_SHOWN = "_only_shown"  # a field by which the desk itself fills a form that is not to be saved yet


def area(rows: int) -> AdminTextareaWidget:
    """A field for some lines; it grows with its text where the browser can."""
    return AdminTextareaWidget(attrs={"rows": rows})


class ArticleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """The article's own fields, and what its copy is: opened when, on top of which edition, in which window."""

    opened_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    opened_edition = forms.IntegerField(widget=forms.HiddenInput, required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label=gettext_lazy("What changed and why"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=gettext_lazy("Stands in the history, for colleagues. It may be empty."),
    )

    class Meta:
        model = Article
        fields = ("title", "lead_heading", "lead", "takeaways", "unplaced", "tags")
        widgets = {"lead": area(4), "takeaways": area(3), "unplaced": area(4)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["tags"] = in_order(self.instance)
        self.fields["opened_version"].initial = self.instance.version
        self.fields["opened_edition"].initial = self._latest_edition()
        self.fields["token"].initial = secrets.token_hex(16)
        if "unplaced" in self.fields:
            self.fields["unplaced"].show_hidden_initial = True  # no edition knows what stood there
        if "tags" in self.fields:
            self.fields["tags"].widget.attrs["data-suggest"] = reverse("admin:taggit_tag_suggest")
        self.is_only_shown = ONLY_SHOWN in self.data

    def _latest_edition(self) -> int | None:
        if self.is_bound or not self.instance.pk:
            return None
        if hasattr(self.instance, "latest_number"):  # the desk's own queries have it with them
            return int(self.instance.latest_number or 0)
        number: int | None = self.instance.editions.order_by("-number").values_list("number", flat=True).first()
        return number

    def is_valid(self) -> bool:
        """Never, where the form is only shown: text that came from elsewhere is looked at before it is saved."""
        return super().is_valid() and not self.is_only_shown

    def clean_token(self) -> str | None:
        """What names the window; nothing where it is none of ours."""
        return token_in(self.cleaned_data["token"])

    def _save_m2m(self) -> None:
        """Tags stand in the order in which they are written, also where some of them were there before."""
        super()._save_m2m()  # type: ignore[misc]  # not in the stubs
        drafting.write_tags(self.instance, Document(tags=tuple(self.cleaned_data["tags"])))


def token_in(text: str) -> str | None:
    """The token, if the text is one."""
    return text if re.fullmatch(r"[0-9a-f]{32}", text) else None


def in_order(article: Article) -> list[Tag]:
    """The article's tags as they were given, the order in which readers see them."""
    kind = ContentType.objects.get_for_model(Article)
    items = TaggedItem.objects.filter(content_type=kind, object_id=article.pk).select_related("tag").order_by("pk")
    return [item.tag for item in items]


class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    """A section, source or comment. A new one in which nothing is written is left out."""

    def has_changed(self) -> bool:
        if self.instance.pk:
            return bool(self.changed_data)
        written = set(self.changed_data) - {"position", "placement"}
        return bool(written) or any(part.has_changed() for part in getattr(self, "nested_formsets", ()))


class SectionForm(RowForm):
    class Meta:
        model = Section
        fields = ("heading", "question", "answer", "body", "position")
        widgets = {"body": area(6)}


class Day(forms.DateField):
    """A date, in any way in which Japanese newsrooms write one: 2025-03-22, 2025/3/22, ２０２５年３月２２日."""

    def to_python(self, value: Any) -> date | None:
        day, length = leading_date(str(value or "").strip())
        return day if day and length == len(str(value).strip()) else super().to_python(value)


class SourceForm(RowForm):
    """A source. Its picture is an upload, or one that is stored already and named by `picture`."""

    picture = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["picture"].initial = self.instance.image.name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        name = cleaned.get("picture")
        is_other = f"{self.prefix}-image" in self.files or f"{self.prefix}-image-clear" in self.data
        if name and name != self.instance.image.name and not is_other:
            self._take(cleaned, name)
        return cleaned

    def _take(self, cleaned: dict[str, Any], name: str) -> None:
        """Show the stored picture of that name."""
        size = images.measure(name)
        if not size:
            self.add_error("image", ValidationError(_("The picture is not stored any more. Choose it again.")))
            return
        cleaned["image"] = name
        self.instance.image_width, self.instance.image_height = size

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


class SpokenForm(RowForm):
    """A comment."""

    def _get_validation_exclusions(self) -> set[str]:
        """Not the commentator, too: the field found them among all, and the database need not look for each again."""
        return {*super()._get_validation_exclusions(), "commentator"}  # type: ignore[misc]  # not in the stubs


class CommentForm(SpokenForm):
    class Meta:
        model = Comment
        fields = ("placement", "commentator", "text", "position")
        widgets = {"text": area(3)}

    def validate_constraints(self) -> None:
        """Nothing: Django 6.1 asks before a new section is saved, and takes its comments for remarks on the whole."""


class RemarkForm(SpokenForm):
    class Meta:
        model = Comment
        fields = ("commentator", "text", "position")
        widgets = {"text": area(3)}


class ChosenPerson(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The choice of a commentator: found among all of them, who are read once for a page."""

    people: dict[str, Commentator]

    def to_python(self, value: Any) -> Any:
        return self.people.get(str(value)) or super().to_python(value)


class OwnRow(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The hidden number of a row: found among the rows of its set, which were read at once."""

    def __init__(self, rows: "Rows", queryset: "QuerySet[Any] | None") -> None:
        super().__init__(queryset, required=False, widget=forms.HiddenInput)
        self.rows = rows

    def to_python(self, value: Any) -> Any:
        return self.rows.by_number.get(str(value)) or super().to_python(value)


class Rows(NestedInlineFormSet):  # type: ignore[misc]  # nested_admin has no types
    """Rows of one article: read ahead with their section, gone with it, and never those of another article."""

    def get_queryset(self) -> Any:
        """On a page, the rows that were prefetched with the section; in a submitted form, the rows it names."""
        if not self.is_bound:
            return self._read_ahead()
        if not hasattr(self, "_named"):
            self._named = [row for name, row in self._sent().items() if name.startswith(f"{self.prefix}-")]
            # Noted now: a form makes its row belong to whatever it stands under.
            self._parents = {row.pk: getattr(row, self.fk.attname) for row in self._named}
            self._owners = {
                row.pk: (row.section if self.model is SourceLink else row).article_id for row in self._named
            }
        return self._named

    def _sent(self) -> dict[str, Any]:
        """The rows that the sent form names in all sets of this kind, by the names of their fields; read once.

        The sources of forty sections are forty sets, and they are read for all of these together.
        """
        parent = getattr(self, "parent_form", None)
        store = (parent.parent_formset if parent else self).__dict__.setdefault("_rows_sent", {})
        kind = re.sub(r"\d+", r"\\d+", self.prefix)
        if kind not in store:
            number = re.compile(rf"{kind}-\d+-id")
            sent = {name: value for name, value in self.data.items() if number.fullmatch(name) and _is_number(value)}
            rows = self.model._default_manager.filter(pk__in=set(sent.values()))
            known = {row.pk: row for row in (rows.select_related("section") if self.model is SourceLink else rows)}
            store[kind] = {name: known[int(pk)] for name, pk in sent.items() if int(pk) in known}
        found: dict[str, Any] = store[kind]
        return found

    @cached_property
    def by_number(self) -> dict[str, Any]:
        """The rows that a submitted form names, by their numbers as it sends them."""
        return {str(row.pk): row for row in self.get_queryset()} if self.is_bound else {}

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        number = form.fields[self._pk_field.name]
        if isinstance(number, forms.ModelChoiceField):
            initial = number.initial
            form.fields[self._pk_field.name] = OwnRow(self, number.queryset)
            form.fields[self._pk_field.name].initial = initial

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

    def save_existing_objects(self, initial_forms: list[Any] | None = None, commit: bool = True) -> list[Any]:
        """Without the rows that stay as they are: nested_admin would look each of them up twice."""
        changed = [form for form in initial_forms or () if self._is_to_save(form)]
        return list(super().save_existing_objects(changed, commit))

    def _is_to_save(self, form: Any) -> bool:
        """Whether a row of the database is changed, removed, or comes from another section."""
        moved = self._parents.get(form.instance.pk) != self.instance.pk
        return bool(moved or form.has_changed() or self._should_delete_form(form))

    def process_forms_pre_save(self, sent: list[Any]) -> list[Any]:
        """Number the rows in their order, as they are kept: comments before the report and after it apart.

        nested_admin counts them through, and would so write rows that nobody touched.
        """
        sent.sort(key=lambda form: form.cleaned_data.get("position") or 0)
        seen: Counter[str] = Counter()
        for form in sent:
            if self._should_delete_form(form) or not (form._is_initial or form.has_changed()):
                continue
            kind = form.cleaned_data.get("placement", "")
            form.instance.position = seen[kind]
            form.data[form.add_prefix("position")] = str(seen[kind])
            form.__dict__.pop("changed_data", None)  # counted anew
            seen[kind] += 1
        return sent

    def save(self, commit: bool = True) -> list[Any]:
        if not self._goes_with_section:
            return list(super().save(commit=commit))
        nothing: list[Any] = []
        self.new_objects = self.changed_objects = self.deleted_objects = nothing
        return nothing


def _is_number(value: str) -> bool:
    """Whether a database can look for it among the numbers of rows."""
    return value.isascii() and value.isdecimal() and len(value) < 19
