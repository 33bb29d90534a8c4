"""The article itself in a JSON Feed: `_newsdesk`, its Document in the JSON form of `articles.document`, for programs.

A reader program shows `content_html`; whoever wants to know what is a question, an answer, a source or a comment
finds it here without taking HTML apart. The page of the feeds explains it to those who write such programs.
"""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from articles.document import to_json
from articles.feeds.addresses import in_full
from articles.feeds.contents import Item, Way
from articles.markup import safe_url
from articles.models.editions import Edition
from articles.text import block, line
from articles.voices import heard

# What an item leaves out of the Document and of its sections, because its HTML does not show it either.
HIDDEN = {
    Way.WHOLE: frozenset[str](),
    Way.FACTS: frozenset({"opening", "closing"}),
    Way.BRIEF: frozenset({"lead_heading", "heading", "sources", "opening", "body", "closing"}),
    Way.VOICE: frozenset({"lead_heading", "lead", "sections", "closing", "takeaways"}),
}


def about() -> str:
    """Where `_newsdesk` is explained; JSON Feed asks extensions to say so."""
    return in_full(reverse("feeds")) + "#newsdesk"


def newsdesk(item: Item) -> dict[str, Any]:
    """The Document of an item, as far as the item shows it.

    Beyond the form of the archive, sections have the address (`url`) of their place in the page, pictures are whole
    addresses with `image_alt`, `image_width` and `image_height`, and `corrections`, newest first, and `voices`, who
    speaks in it, are added. Addresses that do not lead to the web are left out. Tags are named as they are now.
    """
    form = to_json(item.edition.content)
    form["tags"] = [tag.name for tag in item.tags]
    form["sections"] = [
        {"url": f"{item.url}#s{number}", **_section(section, item)}
        for number, section in enumerate(form["sections"], start=1)
        if item.way is not Way.BRIEF or section["question"]
    ]
    corrections = [
        {
            "at": timezone.localtime(each.at).isoformat(timespec="seconds"),
            "text": block(each.text),
            **({"url": f"{item.url}#s{each.number}"} if each.number else {}),
        }
        for each in item.edition.corrected
    ]
    voices = {"voices": _voices(item.edition)} if item.way is Way.WHOLE else {}
    remarks = {"remarks": _remarks(item)} if item.way is Way.VOICE else {}
    return {"about": about(), **_shown(form, item.way), **voices, **remarks, "corrections": corrections}


def _remarks(item: Item) -> list[dict[str, str]]:
    """What the commentator of a feed says, each with the question or heading and the place it stands at."""
    return [
        {"url": f"{item.url}#{said.anchor}", "about": line(said.about), "text": block(said.text)}
        for said in heard(item.edition).said
    ]


def _shown(part: dict[str, Any], way: Way) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name not in HIDDEN[way]}


def _section(section: dict[str, Any], item: Item) -> dict[str, Any]:
    shown = _shown(section, item.way)
    if "sources" in shown:
        shown["sources"] = [_source(source, item.edition) for source in section["sources"]]
    return shown


def _source(source: dict[str, Any], edition: Edition) -> dict[str, Any]:
    picture = edition.picture_of(source["image"])
    shown = {**source, "url": safe_url(source["url"]), "image": in_full(picture.url) if picture else ""}
    if picture:
        shown |= {"image_alt": line(picture.alt), "image_width": picture.width, "image_height": picture.height}
    return shown


def _voices(edition: Edition) -> list[dict[str, str]]:
    """Who speaks in it, in the order of speaking, with the ties that readers are told of."""
    names = dict.fromkeys(comment.commentator for comment in edition.content.comments if comment.commentator)
    voices = (edition.voice_of(name) for name in names)
    return [{"name": voice.name, "role": line(voice.role), "disclosure": block(voice.disclosure)} for voice in voices]
