"""Tags as Japanese newsrooms write them: parted by 、 or a comma, never by a space."""

import re
from collections.abc import Iterable
from unicodedata import normalize

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from taggit.models import Tag

from articles.text import line

_BETWEEN = re.compile("[、，､,\n]")
LONGEST = 90  # taggit keeps 100 characters of a name and of a slug, which may need a number at its end


def parse_tags(value: str) -> list[str]:
    """The tag names in what somebody typed, each once, in order.

    Names are NFKC-folded so that ＡＩ and AI are one tag. Raises ValidationError for a name that cannot stand in
    an address (「!?」) or is longer than 90 characters.
    """
    names = tag_names(value or "")
    for name in names:
        check_tag(name)
    return names


def tag_names(value: str) -> list[str]:
    """The same, whether or not each can be a tag."""
    names: dict[str, str] = {}
    for part in _BETWEEN.split(value):
        name = tag_name(part)
        if name:
            names.setdefault(name.casefold(), name)
    return list(names.values())


def tag_name(value: str) -> str:
    """The form in which a tag is kept: NFKC, one line, single spaces."""
    return " ".join(normalize("NFKC", line(value)).split())


def check_tag(name: str) -> None:
    """Raise ValidationError where a name cannot be a tag."""
    if not slugify(name, allow_unicode=True):
        raise ValidationError(_("The tag “%(name)s” needs at least one letter or digit.") % {"name": name})
    if len(name) > LONGEST:
        raise ValidationError(
            _("The tag “%(name)s…” is longer than %(most)d characters.") % {"name": name[:20], "most": LONGEST}
        )


def is_tag(name: str) -> bool:
    """Whether the name can be a tag."""
    try:
        check_tag(tag_name(name))
    except ValidationError:
        return False
    return True


def join_tags(tags: Iterable[Tag]) -> str:
    """The tags as an editor reads and edits them: 港、観光."""
    return join_names(tag.name for tag in tags)


def join_names(names: Iterable[str]) -> str:
    """The same, of their names."""
    return "、".join(names)
