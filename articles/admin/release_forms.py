"""What an editor fills in to publish, schedule or withdraw."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.overview import Entry
from articles.text import excerpt


class Moment(forms.DateTimeField):
    """Date and time of day, in the newsroom's time zone."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(**{"required": False, "widget": widget, **kwargs})


class ScheduleForm(forms.Form):
    """When editions go on show, and until when."""

    at = Moment(label=_("Goes on show at"), required=True, help_text=_("Japan time."))
    until = Moment(label=_("Ends at"), help_text=_("Leave empty to keep it on show for good."))

    @property
    def options(self) -> dict[str, Any]:
        """The arguments of `publishing.publish`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "edition"}


class ReleaseForm(ScheduleForm):
    """One article's next edition: now or later, and what readers are told of the change."""

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)
    at = Moment(label=_("Goes on show at"), help_text=_("Leave empty to publish now. Japan time."))
    correction = forms.CharField(
        label=_("Correction"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only where something was wrong: what it was, and what is right. Readers see it with the article."),
    )
    correction_part = forms.TypedChoiceField(
        label=_("Place of the correction"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Where the wrong words stood: readers see the correction there, too."),
    )
    minor = forms.BooleanField(
        label=_("Minor change"), required=False, help_text=_("A typing error, say: the date of the update stays.")
    )

    def __init__(
        self, *args: Any, latest: int | None, was_published: bool, parts: Sequence[Entry] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        places = self.fields["correction_part"]
        places.choices = [  # type: ignore[attr-defined]  # a field of choices
            ("", gettext("The whole article")),
            *((part.number, f"{part.number}. {excerpt(part.title, 40)}") for part in parts),
        ]
        self.latest = latest
        self.fields["edition"].initial = latest
        if not was_published:
            del self.fields["correction"], self.fields["correction_part"], self.fields["minor"]

    def clean_edition(self) -> int | None:
        seen: int | None = self.cleaned_data["edition"]
        if seen != self.latest:
            raise ValidationError(
                gettext("Edition %(number)s was saved meanwhile. Look at it, then publish it.")
                % {"number": self.latest}
            )
        return seen


class WithdrawForm(forms.Form):
    """Why an article goes off the site."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Readers see it at the article's address. It may be empty."),
    )

    @property
    def options(self) -> dict[str, Any]:
        """The arguments of `publishing.withdraw`."""
        return self.cleaned_data
