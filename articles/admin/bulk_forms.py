"""What an editor fills in for bulk work."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.tags import parse_tags


class NothingForm(forms.Form):
    """Nothing to fill in."""

    @property
    def options(self) -> dict[str, Any]:
        return {}


class TagsForm(forms.Form):
    """Tags to add or to remove."""

    tags = forms.CharField(
        label=_("Tags"), widget=forms.TextInput(attrs={"class": "vTextField"}), help_text=_("Parted by 、 or a comma.")
    )

    def clean_tags(self) -> list[str]:
        names = parse_tags(self.cleaned_data["tags"])
        if not names:
            raise ValidationError(gettext("Name at least one tag."))
        return names
