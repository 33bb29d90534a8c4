"""Rules about pictures: words for those who cannot see them, whose they are, and whether we may show them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks import places
from articles.checks.findings import Found, Level, Proof
from articles.checks.rules import rule
from articles.document import Source

# Values of Picture.Permission that let a picture be shown, and the one that forbids it.
ALLOWED = frozenset({"granted", "own", "free", "quoted"})
REFUSED = "refused"


def _shown(proof: Proof) -> Iterator[tuple[str, Source]]:
    """The sources whose picture readers would see: those that are stored."""
    stored = proof.media.get("pictures", {})
    return ((place, source) for place, source in places.sources(proof.document) if source.image in stored)


@rule(gettext_lazy("picture that is not stored"))
def picture_not_stored(proof: Proof) -> Iterator[Found]:
    stored = proof.media.get("pictures", {})
    for place, source in places.sources(proof.document):
        if source.image and source.image not in stored:
            said = _("There is no stored picture %(name)s; readers see none.") % {"name": source.image}
            yield Found(f"{place}.image", said)


@rule(gettext_lazy("picture without alternative text"), Level.REQUIRED)
def picture_without_alt(proof: Proof) -> Iterator[Found]:
    for place, source in _shown(proof):
        if not proof.media["pictures"][source.image].get("alt"):
            yield Found(f"{place}.image_alt", _("The picture has no alternative text for those who cannot see it."))


@rule(gettext_lazy("picture without credit"), Level.REQUIRED)
def picture_without_credit(proof: Proof) -> Iterator[Found]:
    for place, source in _shown(proof):
        if not source.image_credit:
            yield Found(f"{place}.image_credit", _("The picture has no credit."))


@rule(gettext_lazy("picture of which nobody noted that it may be shown"), Level.REQUIRED)
def picture_without_permission(proof: Proof) -> Iterator[Found]:
    for place, source in _shown(proof):
        if _permission(proof, source) not in {*ALLOWED, REFUSED}:
            said = _("It is not noted that the picture may be shown. Note the permission in the library of pictures.")
            yield Found(f"{place}.image", said)


@rule(gettext_lazy("picture that may not be shown"), Level.REQUIRED)
def picture_refused(proof: Proof) -> Iterator[Found]:
    for place, source in _shown(proof):
        if _permission(proof, source) == REFUSED:
            yield Found(f"{place}.image", _("Showing this picture was refused. Take it out."))


def _permission(proof: Proof, source: Source) -> str:
    """The value noted; where permissions are not known at all, none is asked for."""
    permissions = proof.facts.permissions
    return "own" if permissions is None else permissions.get(source.image, "unknown")
