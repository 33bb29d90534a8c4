"""What an editor gives the import screen: a manuscript, and how its parts are to be taken."""

import hashlib
import json
import secrets
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.admin.forms import token_in
from articles.manuscripts import LARGEST, UnreadableManuscript, decode
from articles.models import Commentator
from articles.tags import parse_tags
from articles.text import block


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
    token = forms.CharField(required=False, widget=forms.HiddenInput, initial=partial(secrets.token_hex, 16))

    def clean_manuscript(self) -> str:
        text: str = self.cleaned_data["manuscript"]
        if len(text.encode(errors="replace")) > LARGEST:
            raise ValidationError(gettext("The text is longer than a manuscript can be. Split it into its articles."))
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not token_in(cleaned.get("token", "")):
            self._put("token", secrets.token_hex(16))
        upload, pasted = cleaned.get("file"), block(cleaned.get("manuscript", ""))
        if upload and pasted and not self.is_seen(cleaned["manuscript"]):
            self.add_error(
                "file", gettext("There is text in the field, too. Empty the field to read the file instead.")
            )
        elif upload:
            self._take(upload)
        elif not pasted and not self.errors:
            self.add_error("manuscript", gettext("Paste the manuscript, or choose a text file."))
        return cleaned

    @property
    def once(self) -> str | None:
        """Names this very sending, however often it comes: the same window, text, boundaries and details.

        None where the window has no name.
        """
        if not token_in(self.cleaned_data["token"]):
            return None
        told = sorted((name, self.data.get(name)) for name in self.data if name not in ("csrfmiddlewaretoken", "save"))
        return seal(json.dumps(told), 32)

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
        if not block(text):
            self.add_error("file", gettext("There is nothing to be seen in the file. Choose another."))
            return
        self.cleaned_data["manuscript"] = text
        self._put("manuscript", text)

    def _put(self, name: str, value: str) -> None:
        """Show a value as if it had been sent."""
        self.data = {**dict(self.data.items()), name: value}


def seal(text: str, length: int = 16) -> str:
    """A short name of a text, whatever line ends a browser gave it."""
    lines = "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return hashlib.sha256(lines.encode(errors="surrogatepass")).hexdigest()[:length]


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
