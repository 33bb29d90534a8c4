"""The parts of an article on its page: sections with their sources and comments, and remarks on the whole."""

from typing import Any

from django.contrib.admin.widgets import AdminDateWidget, RelatedFieldWidgetWrapper
from django.db.models import DateField, ForeignKey, Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from nested_admin import NestedStackedInline, SortableHiddenMixin

from articles import workflow
from articles.admin.forms import ChosenPerson, CommentForm, Day, RemarkForm, Rows, SectionForm, SourceForm
from articles.drafting import MOST_SECTIONS
from articles.models import Article, Comment, Commentator, Section, SourceLink
from articles.workflow import Action


class Part(SortableHiddenMixin, NestedStackedInline):  # type: ignore[misc]  # nested_admin has no types
    """Rows that an editor adds, removes and drags. Never give one the class `collapse`: it hides errors inside."""

    formset = Rows
    extra = 0
    sortable_field_name = "position"

    # Whoever may write the article may write its parts.

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return workflow.may(request.user, Action.VIEW)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may_write(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may_write(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may_write(request, obj)


def _may_write(request: HttpRequest, parent: Article | Section | None) -> bool:
    """Asked for the article first, then for each of its sections, which would have to look the article up again."""
    if isinstance(parent, Article) and parent.pk:
        request.may_write = workflow.may(request.user, Action.EDIT, parent)  # type: ignore[attr-defined]
    if hasattr(request, "may_write"):
        return bool(request.may_write)
    return workflow.may(request.user, Action.CREATE)


class Spoken(Part):
    """Comments; all of a page share one reading of the commentators."""

    model = Comment

    def formfield_for_foreignkey(self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name != "commentator":
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        field = super().formfield_for_foreignkey(db_field, request, form_class=ChosenPerson, **kwargs)
        field.people = _commentators(request)
        field.choices = [("", _("(no name)")), *((pk, person.name) for pk, person in field.people.items())]
        return field

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A commentator can be added from here; the other buttons that Django puts beside the choice are in the way."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "commentator" and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_delete_related = field.widget.can_view_related = False
        return field


def _commentators(request: HttpRequest) -> dict[str, Commentator]:
    """All of them by number, as a form sends it; read once for a page."""
    if not hasattr(request, "commentators"):
        people = Commentator.objects.only("name")
        request.commentators = {str(person.pk): person for person in people}  # type: ignore[attr-defined]
    return request.commentators  # type: ignore[attr-defined, no-any-return]


class SourceInline(Part):
    model = SourceLink
    form = SourceForm
    formfield_overrides = {DateField: {"form_class": Day, "widget": AdminDateWidget}}
    fields = (
        "caption",
        ("url", "site_name", "published_on"),
        "key_points",
        ("image", "image_alt", "image_credit"),
        "picture",
        "position",
    )


class CommentInline(Spoken):
    form = CommentForm
    fields = (("placement", "commentator"), "text", "position")


class RemarkInline(Spoken):
    form = RemarkForm
    fields = ("commentator", "text", "position")
    verbose_name = _("remark on the whole article")
    verbose_name_plural = _("remarks on the whole article")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Comment]":
        rows: QuerySet[Comment] = super().get_queryset(request)
        return rows.filter(section=None)


class SectionInline(Part):
    model = Section
    form = SectionForm
    fields = ("heading", ("question", "answer"), "body", "position")
    inlines = (SourceInline, CommentInline)
    max_num = MOST_SECTIONS

    def get_formset(self, request: HttpRequest, obj: Article | None = None, **kwargs: Any) -> Any:
        """A form that says it has thousands of rows is refused, instead of being shown with all of them.

        Rows that are taken away are among those that come.
        """
        return super().get_formset(request, obj, **{"absolute_max": MOST_SECTIONS + 100, **kwargs})

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Section]":
        """With sources and comments, opening ones first, in three queries however many sections there are."""
        rows: QuerySet[Section] = super().get_queryset(request)
        spoken = Comment.objects.order_by("-placement", "position", "pk")
        return rows.prefetch_related("sources", Prefetch("comments", spoken))
