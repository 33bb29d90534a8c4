"""What an editor gives the import screen: a manuscript, and how its parts are to be taken."""

import hashlib
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.manuscripts import LARGEST, UnreadableManuscript, decode
from articles.models import Commentator
from articles.tags import parse_tags


class ManuscriptForm(forms.Form):
    """A manuscript, pasted or as a file; what was pasted stays in the form whatever happens."""

    manuscript = forms.CharField(
        label=_("Manuscript"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "class": "desk-manuscript", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("or a text file"),
        required=False,
        help_text=_("UTF-8, Shift_JIS, EUC-JP or UTF-16."),
        widget=forms.FileInput(attrs={"accept": ".txt,text/plain"}),
    )

    def clean_manuscript(self) -> str:
        text: str = self.cleaned_data["manuscript"]
        if len(text.encode(errors="replace")) > LARGEST:
            raise ValidationError(gettext("The text is longer than a manuscript can be. Split it into its articles."))
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload, pasted = cleaned.get("file"), cleaned.get("manuscript", "").strip()
        if upload and pasted and not self.is_seen(cleaned["manuscript"]):
            self.add_error(
                "file", gettext("There is text in the field, too. Empty the field to read the file instead.")
            )
        elif upload:
            self._take(upload)
        elif not pasted and not self.errors:
            self.add_error("manuscript", gettext("Paste the manuscript, or choose a text file."))
        return cleaned

    def is_seen(self, text: str) -> bool:
        """Whether this very text was shown as it was read."""
        return self.data.get("seen") == seal(text)

    def _take(self, upload: "UploadedFile[Any]") -> None:
        """Put the file's text where pasted text stands, for the editor to see and correct."""
        try:
            text = decode(upload.read(LARGEST + 1))
        except UnreadableManuscript as error:
            self.add_error("file", str(error))
            return
        self.cleaned_data["manuscript"] = text
        self.data = {**self.data, "manuscript": text}


def seal(text: str) -> str:
    """A short name of a text, whatever line ends a browser gave it."""
    lines = "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return hashlib.sha256(lines.encode(errors="surrogatepass")).hexdigest()[:16]


class DetailsForm(forms.Form):
    """What the manuscript itself does not say."""

    commentator = forms.ModelChoiceField(
        Commentator.objects.all(),
        label=_("Commentator"),
        required=False,
        empty_label=_("(no name)"),
        help_text=_("For the comments that name nobody."),
    )
    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("In addition to those of the manuscript, parted by 、 or a comma."),
    )

    def clean_tags(self) -> list[str]:
        return parse_tags(self.cleaned_data["tags"])
