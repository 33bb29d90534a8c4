"""Manuscripts from files, as the import screen takes them from editors."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import publishing
from articles.document import Document, to_json
from articles.drafting import UnusableDocument, check
from articles.importing import import_reading, tagged
from articles.manuscripts import LARGEST, Reading, UnreadableManuscript, decode, parse
from articles.models import Article
from articles.tags import parse_tags


class Command(BaseCommand):
    help = (
        "Reads manuscripts in the house layout and saves each as a draft. Prints the address of every article; "
        "what was doubtful or found no place goes to standard error, as FILE:LINE: …"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a text file; - is standard input")
        parser.add_argument("--publish", action="store_true", help="publish each article at once")
        parser.add_argument(
            "--at", type=moment, metavar="TIME", help="publish then: 2026-12-01 09:00 (Asia/Tokyo), or ISO 8601"
        )
        parser.add_argument(
            "--force", action="store_true", help="publish in spite of findings of the checks that stop publication"
        )
        parser.add_argument("--tags", default="", help="tags for every article, parted by commas")
        parser.add_argument("--check", action="store_true", help="read and report only; save nothing")
        parser.add_argument(
            "--json", action="store_true", help="print the Documents as a JSON array and nothing else; save nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        saves = not (options["check"] or options["json"])
        if not saves and (options["publish"] or options["at"]):
            raise CommandError(_("--check and --json save nothing, so there is nothing to publish."))
        tags = _tags(options["tags"])
        documents: list[Document] = []
        failed = 0
        for name in options["files"]:
            try:
                reading = self._read(name)
                if saves:
                    publish = {"at": options["at"], "despite_findings": options["force"]}
                    article = _import(reading, tags, publish if options["publish"] or options["at"] else None)
                    self.stdout.write(article.get_absolute_url())
                else:
                    documents.append(_checked(reading, tags))
            except (OSError, UnreadableManuscript, UnusableDocument, publishing.PublishingError) as error:
                failed += 1
                self.stderr.write(f"{name}: {_reason(error)}")
        if options["json"]:
            self._print_json(documents)
        if failed:
            count = len(options["files"])
            message = ngettext(
                "%(failed)d of %(count)d file was not read.", "%(failed)d of %(count)d files were not read.", count
            )
            raise CommandError(message % {"failed": failed, "count": count})

    def _read(self, name: str) -> Reading:
        """Read one file and report what is doubtful. Raises OSError, UnreadableManuscript."""
        reading = parse(decode(_bytes(name)))
        for line, said in _findings(reading):
            self.stderr.write(f"{name}:{line}: {said}", self.style.WARNING)
        return reading

    def _print_json(self, documents: list[Document]) -> None:
        forms = [to_json(document) for document in documents]
        self.stdout.write(json.dumps(forms, ensure_ascii=False, indent=2))


def moment(value: str) -> datetime:
    """A point in time; without a zone it is in the newsroom's. Raises ValueError."""
    at = parse_datetime(value.strip().replace("/", "-"))
    if at is None:
        raise ValueError(value)
    return at if timezone.is_aware(at) else timezone.make_aware(at)


def _tags(typed: str) -> list[str]:
    try:
        return parse_tags(typed)
    except ValidationError as error:
        raise CommandError("--tags: " + " ".join(error.messages)) from None


def _bytes(name: str) -> bytes:
    """The file, or a little more than the largest manuscript of it, which `decode` refuses."""
    if name == "-":
        return sys.stdin.buffer.read(LARGEST + 1)
    with Path(name).open("rb") as file:
        return file.read(LARGEST + 1)


def _findings(reading: Reading) -> Iterator[tuple[int, str]]:
    """Doubts and unplaced lines by line number."""
    doubts = [(doubt.line, f"{doubt.reason} {doubt.assumed}") for doubt in reading.doubts]
    lost = [(piece.line, _("No place for: %(text)s") % {"text": piece.text}) for piece in reading.unplaced]
    yield from sorted([*doubts, *lost], key=lambda finding: finding[0])


def _checked(reading: Reading, tags: list[str]) -> Document:
    """The Document as it would be saved. Raises UnusableDocument."""
    document = tagged(reading.document, tags)
    check(document)
    return document


@transaction.atomic
def _import(reading: Reading, tags: list[str], publish: dict[str, Any] | None) -> Article:
    """One article, wholly or not at all. Raises UnusableDocument, PublishingError."""
    article = import_reading(reading, tags=tags)
    if publish:
        publishing.publish(article.editions.get(), by=None, **publish)
    return article


def _reason(error: Exception) -> str:
    return str(error.strerror or error) if isinstance(error, OSError) else str(error)
