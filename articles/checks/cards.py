"""Rules about source cards: what stands on them, and whether their addresses are what they seem."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks import places
from articles.checks.findings import Found, Level, Proof
from articles.checks.parts import HOUSE_COUNT
from articles.checks.rules import rule
from articles.document import Source
from articles.text import fold

OLD = timedelta(days=3 * 365)  # a source older than that belongs into an article only on purpose


@rule(gettext_lazy("caption that only repeats the heading or the question"))
def caption_repeats_heading(proof: Proof) -> Iterator[Found]:
    for place, section in places.sections(proof.document):
        said_above = {_bare(section.heading), _bare(section.question)} - {""}
        for number, source in enumerate(section.sources):
            if _bare(source.caption) in said_above:
                yield Found(
                    f"{place}.sources[{number}].caption", _("The caption only repeats what stands above the section.")
                )


def _bare(text: str) -> str:
    return fold(text).strip("。.、!?「」 ")


@rule(gettext_lazy("source without date"))
def source_without_date(proof: Proof) -> Iterator[Found]:
    for place, source in places.sources(proof.document):
        if source.published_on is None:
            yield Found(f"{place}.published_on", _("The source has no date."))


@rule(gettext_lazy("source without address"))
def source_without_address(proof: Proof) -> Iterator[Found]:
    for place, source in places.sources(proof.document):
        if not source.url:
            yield Found(f"{place}.url", _("The source has no address."))


@rule(gettext_lazy("source without publisher"))
def source_without_publisher(proof: Proof) -> Iterator[Found]:
    for place, source in places.sources(proof.document):
        if not source.site_name:
            yield Found(f"{place}.site_name", _("The source does not name its publisher."))


@rule(gettext_lazy("source without key points"))
def key_points_missing(proof: Proof) -> Iterator[Found]:
    for place, source in places.sources(proof.document):
        if not source.key_points:
            yield Found(f"{place}.key_points", _("The source has no key points."))


@rule(gettext_lazy("not three key points"), Level.OFF)
def key_points_count(proof: Proof) -> Iterator[Found]:
    for place, source in places.sources(proof.document):
        if source.key_points and len(source.key_points) != HOUSE_COUNT:
            said = _("%(count)d key points instead of %(wanted)d.")
            yield Found(f"{place}.key_points", said % {"count": len(source.key_points), "wanted": HOUSE_COUNT})


@rule(gettext_lazy("source dated in the future"))
def date_in_future(proof: Proof) -> Iterator[Found]:
    today = proof.facts.today
    for place, source in places.sources(proof.document):
        if today and source.published_on and source.published_on > today:
            yield Found(f"{place}.published_on", _("The date lies in the future."))


@rule(gettext_lazy("source older than three years"))
def date_long_ago(proof: Proof) -> Iterator[Found]:
    today = proof.facts.today
    for place, source in places.sources(proof.document):
        if today and source.published_on and today - source.published_on > OLD:
            yield Found(f"{place}.published_on", _("The source is more than three years old. Is the year right?"))


@rule(gettext_lazy("address that is no web address"), Level.REQUIRED)
def address_not_web(proof: Proof) -> Iterator[Found]:
    for place, source in places.sources(proof.document):
        if source.url and not _host(source.url):
            yield Found(f"{place}.url", _("This is no address that begins with http:// or https://."))


@rule(gettext_lazy("address that looks like another one"))
def address_looks_alike(proof: Proof) -> Iterator[Found]:
    """A host with letters of several scripts, or a name before an @, as tricks use them."""
    for place, source in places.sources(proof.document):
        if "@" in _authority(source.url):
            said = _("Before the @ in the address stands something that is not the site. Is it the right address?")
            yield Found(f"{place}.url", said)
        elif _is_mixed(_host(source.url)):
            said = _("The letters in the name of the site %(host)s belong to several scripts. Is it the right address?")
            yield Found(f"{place}.url", said % {"host": _readable(_host(source.url))})


def _authority(url: str) -> str:
    found = re.match(r"https?://([^/?#]*)", url, re.IGNORECASE)
    return found[1] if found else ""


def _host(url: str) -> str:
    """The name of the site, or "" where it is no web address."""
    return re.sub(r":\d*$", "", _authority(url).rpartition("@")[2]).lower()


def _readable(host: str) -> str:
    """The host with its punycode labels as the letters they stand for."""
    return ".".join(_decoded(label) for label in host.split("."))


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label.removeprefix("xn--").encode("ascii").decode("punycode")
    except (ValueError, OverflowError, IndexError):
        return label


def _is_mixed(host: str) -> bool:
    """Whether a label mixes scripts that are never written together, or is all of letters that pass for Latin ones."""
    for label in _readable(host).split("."):
        scripts = {_script(char) for char in label if char.isalpha()}
        foreign = scripts & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "FULLWIDTH"}
        if len(scripts) > 1 and foreign:
            return True
        if foreign and all(char in _PASS_FOR_LATIN for char in label if char.isalpha()):
            return True
    return False


_PASS_FOR_LATIN = set("аеорсухіјԁԛѕһԝӏοαρν")


def _script(char: str) -> str:
    return unicodedata.name(char, "").split(" ")[0]


@rule(gettext_lazy("address that no longer answers"))
def address_dead(proof: Proof) -> Iterator[Found]:
    for place, source in places.sources(proof.document):
        if source.url and source.url in proof.facts.dead:
            yield Found(f"{place}.url", _("The page was gone when it was last looked at."))


@rule(gettext_lazy("same address twice"))
def address_twice(proof: Proof) -> Iterator[Found]:
    seen: set[str] = set()
    for place, source in places.sources(proof.document):
        address = _same(source)
        if address in seen:
            yield Found(f"{place}.url", _("Another source above has the same address."))
        elif address:
            seen.add(address)


def _same(source: Source) -> str:
    """What is the same for two addresses of one page: no scheme, no fragment, nothing that only counts visitors."""
    try:
        parts = urlsplit(source.url)
        asked = urlencode([(key, value) for key, value in parse_qsl(parts.query) if not key.startswith("utm_")])
    except ValueError:
        return source.url
    return f"{_host(source.url) or parts.scheme}{parts.path.rstrip('/')}?{asked}" if source.url else ""
