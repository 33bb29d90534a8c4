"""Import an archive: a file of JSON Lines, one article a line, of any size.

    python manage.py import_documents archive.jsonl --publish

Every line is the JSON form of a Document, with `published_at` and, if there are any, `updated_at` and `uid` beside it
(docs/operating.md). Killed at any moment, the same command carries on where it was.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import reset_queries, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from articles import archiving
from articles.archiving import BadEntry, Entry
from articles.bulk import in_bulk
from articles.jsonlines import DamagedFile, Reader, plain
from articles.models.imports import ImportRun
from articles.search import index

BATCH = 200  # articles a transaction
BATCH_BYTES = 8 * 1024 * 1024
BATCH_LINES = 5_000  # so that a file of nothing but bad lines moves on too
SAY_EVERY = 10_000  # articles, where no bar can be shown


class Command(BaseCommand):
    help = "Import an archive of articles from a file of JSON Lines (plain or gzipped); - is standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the file; - reads standard input, which cannot be carried on with")
        parser.add_argument("--publish", action="store_true", help="put the articles on show, since their published_at")
        parser.add_argument("--again", action="store_true", help="import the file from its start, whatever was before")

    def handle(self, *, file: str, publish: bool, again: bool, verbosity: int, **options: Any) -> None:
        with _opened(file) as raw:
            run = _run(raw, file, publish, again) if file != "-" else None
            if not run and verbosity:
                self.stderr.write(_("Standard input cannot be carried on with: a killed import starts anew."))
            reader = _reader(raw, run)
            progress = _Progress(raw, reader, shown=verbosity > 0)
            work = _Import(reader, run, publish, progress)
            try:
                with in_bulk():
                    work.work()
            except KeyboardInterrupt:
                raise CommandError(_("Stopped. The same command carries on from here."), returncode=130) from None
            except archiving.AnotherImport:
                raise CommandError(_("This file is being imported by another process.")) from None
            finally:
                progress.close()
        index.put_in_order()
        self._sum_up(work)

    def _sum_up(self, work: "_Import") -> None:
        if not work.read:
            self.stdout.write(_("Nothing to do: this file was imported before. --again imports it once more."))
            return
        self.stdout.write(
            ngettext("%(count)s article imported.", "%(count)s articles imported.", work.imported)
            % {"count": f"{work.imported:,}"}
        )
        if work.damaged:
            raise CommandError(_("The file is damaged after line %(number)d.") % {"number": work.reader.number})
        if work.refused:
            raise CommandError(
                ngettext(
                    "%(count)s line could not be imported; it is named above. Correct it in a file of its own.",
                    "%(count)s lines could not be imported; they are named above. Correct them in a file of their own.",
                    work.refused,
                )
                % {"count": f"{work.refused:,}"}
            )


class _Import:
    """One import at work: reads, stores a batch a transaction, and counts."""

    def __init__(self, reader: Reader, run: ImportRun | None, publish: bool, progress: "_Progress") -> None:
        self.reader, self.run, self.publish, self.progress = reader, run, publish, progress
        self.start = reader.offset
        self.imported = self.refused = 0
        self.damaged = False

    @property
    def read(self) -> bool:
        """Whether there was anything to read."""
        return self.damaged or self.reader.offset > self.start

    def work(self) -> None:
        for batch, refused in self._batches():
            with transaction.atomic():
                if self.run:
                    archiving.hold(self.run)
                stored = self._store(batch)
                self.refused += refused + len(batch) - stored
                self.imported += stored
                if self.run:
                    archiving.note(self.run, self.reader, articles=stored, refused=refused + len(batch) - stored)
            self.progress.move(self.imported)
            reset_queries()  # with DEBUG, Django keeps the texts of 9,000 queries: of batches, that is 400 MB

    def _batches(self) -> Iterator[tuple[list[tuple[int, Entry]], int]]:
        """Entries with their numbers of line, and how many lines among them were bad."""
        batch: list[tuple[int, Entry]] = []
        since = (self.reader.offset, self.reader.number)
        refused = 0
        for number, entry in self._entries():
            if isinstance(entry, Entry):
                batch.append((number, entry))
            elif entry:
                self.progress.refuse(number, entry)
                refused += 1
            size, lines = self.reader.offset - since[0], self.reader.number - since[1]
            if len(batch) >= BATCH or size >= BATCH_BYTES or lines >= BATCH_LINES:
                yield batch, refused
                batch, refused, since = [], 0, (self.reader.offset, self.reader.number)
        if self.reader.offset > since[0]:
            yield batch, refused

    def _entries(self) -> Iterator[tuple[int, Entry | BadEntry | None]]:
        try:
            for line in self.reader:
                try:
                    yield (
                        line.number,
                        archiving.read_entry(line.data, titled=self.publish) if line.data != b"" else None,
                    )
                except BadEntry as error:
                    yield line.number, error
        except DamagedFile:
            self.damaged = True

    def _store(self, batch: list[tuple[int, Entry]]) -> int:
        outcomes = archiving.archive_each([entry for _, entry in batch], publish=self.publish)
        for (number, _entry), refusal in zip(batch, outcomes, strict=True):
            if refusal:
                self.progress.refuse(number, refusal)
        return outcomes.count(None)


class _Progress:
    """Says on standard error how far it has come: a bar on a terminal, else a line now and then."""

    def __init__(self, raw: BinaryIO, reader: Reader, *, shown: bool) -> None:
        self.reader, self.shown = reader, shown
        self.said = 0
        self.place = raw.tell if raw is not sys.stdin.buffer else lambda: reader.offset
        size = Path(raw.name).stat().st_size if raw is not sys.stdin.buffer else None
        off = not (shown and sys.stderr.isatty())
        self.bar = tqdm(total=size, unit="B", unit_scale=True, file=sys.stderr, disable=off)

    def move(self, imported: int) -> None:
        """So many articles are stored by now."""
        self.bar.set_postfix_str(_("%(count)s articles") % {"count": f"{imported:,}"}, refresh=False)
        self.bar.update(self.place() - self.bar.n)
        if self.shown and self.bar.disable and imported - self.said >= SAY_EVERY:
            self.said = imported
            sys.stderr.write(_("%(count)s articles imported (line %(line)s)") % self._figures(imported) + "\n")
            sys.stderr.flush()

    def _figures(self, imported: int) -> dict[str, str]:
        return {"count": f"{imported:,}", "line": f"{self.reader.number:,}"}

    def refuse(self, number: int, error: BadEntry) -> None:
        """Name a bad line."""
        tqdm.write(_("Line %(number)d: %(reason)s") % {"number": number, "reason": error}, file=sys.stderr)

    def close(self) -> None:
        self.bar.close()


def _opened(file: str) -> BinaryIO:
    if file == "-":
        return sys.stdin.buffer
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise CommandError(
            _("%(file)s cannot be read: %(reason)s") % {"file": file, "reason": error.strerror}
        ) from error


def _reader(raw: BinaryIO, run: ImportRun | None) -> Reader:
    if run is None:
        return Reader(raw)
    raw.seek(0)
    reader = Reader(plain(raw))
    reader.advance(run.offset)
    reader.number = run.line
    return reader


def _run(raw: BinaryIO, file: str, publish: bool, again: bool) -> ImportRun:
    """The import that this file belongs to, or a new one."""
    name = str(Path(file).resolve())
    found = None if again else archiving.find(plain(raw), name)
    if found and found.published != publish:
        before = _("with --publish") if found.published else _("without --publish")
        raise CommandError(
            _("This file was imported %(before)s before. Do so now, or add --again.") % {"before": before}
        )
    if found:
        return found
    if not again and ImportRun.objects.filter(name=name, offset__gt=0).exists():
        raise CommandError(
            _(
                "%(file)s was imported before, and its beginning has changed since. Put what is new into a file of "
                "another name, or import all of it with --again."
            )
            % {"file": file}
        )
    ImportRun.objects.filter(name=name).delete()
    return ImportRun.objects.create(name=name, published=publish)
