"""The Japanese catalogue: read it, and bring it up to date with the texts in the sources.

`python -m tests.catalogue update` (`make messages`) does so; texts that are new then want their Japanese.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCALE = Path("articles/locale/ja/LC_MESSAGES")
SOURCES = ("articles", "newsdesk", "templates", "static", "manage.py")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@dataclass
class Entry:
    """One text and its translation; `msgstr` has one value per plural form."""

    msgctxt: str = ""
    msgid: str = ""
    msgid_plural: str = ""
    msgstr: dict[int, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        return self.msgctxt, self.msgid, self.msgid_plural

    @property
    def complete(self) -> bool:
        return bool(self.msgstr) and all(self.msgstr.values()) and not self.fuzzy

    @property
    def compiled(self) -> dict[str | tuple[str, int], str]:
        """What the compiled catalogue holds for it, in the words of gettext.GNUTranslations."""
        name = f"{self.msgctxt}\x04{self.msgid}" if self.msgctxt else self.msgid
        return {(name, n): text for n, text in self.msgstr.items()} if self.msgid_plural else {name: self.msgstr[0]}


def read(po: Path) -> list[Entry]:
    """The entries of a catalogue, without its header and without what is obsolete."""
    blocks = po.read_text(encoding="utf-8").split("\n\n")
    return [entry for entry in map(_entry, blocks) if entry.msgid]


def _entry(block: str) -> Entry:
    entry = Entry(fuzzy=bool(re.search(r"^#,.*\bfuzzy\b", block, re.MULTILINE)))
    for name, text in _fields(block):
        if name.startswith("msgstr"):
            entry.msgstr[int(name[7:-1] or 0)] = text
        else:
            setattr(entry, name, text)
    return entry


def _fields(block: str) -> Iterator[tuple[str, str]]:
    lines = "\n".join(line for line in block.splitlines() if not line.startswith("#"))
    for name, quoted in re.findall(r'^(msg\S+)((?:\s+".*")+)', lines, re.MULTILINE):
        yield name, "".join(map(ast.literal_eval, re.findall(r'".*"', quoted)))


def has_gettext() -> bool:
    return all(map(shutil.which, ("xgettext", "msgmerge", "msguniq", "msgfmt")))


def updated(folder: Path) -> Path:
    """The catalogue as it would be after an update, made in a copy of the sources inside an empty folder."""
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    (folder / LOCALE).mkdir(parents=True, exist_ok=True)
    for domain in ("django", "djangojs"):
        _manage(folder, "makemessages", "-d", domain, "--no-wrap", "--add-location", "file", "--no-obsolete")
    return folder / LOCALE


def _manage(folder: Path, *arguments: str) -> None:
    environment = {**os.environ, "SECRET_KEY": "for-the-catalogue-only", "SITE_URL": "http://127.0.0.1:8000"}
    subprocess.run(
        [sys.executable, "manage.py", *arguments, "-l", "ja", "-v", "0"], cwd=folder, env=environment, check=True
    )


def update() -> list[Entry]:
    """Write the catalogue anew and compile it; returns what still wants its Japanese."""
    with tempfile.TemporaryDirectory() as folder:
        made = updated(Path(folder))
        _manage(Path(folder), "compilemessages")
        (ROOT / LOCALE).mkdir(parents=True, exist_ok=True)
        for path in made.iterdir():
            shutil.copy(path, ROOT / LOCALE)
    return [entry for po in (ROOT / LOCALE).glob("*.po") for entry in read(po) if not entry.complete]


if __name__ == "__main__":
    if not has_gettext():
        sys.exit("xgettext and msgfmt are not here. On Debian or Ubuntu: apt-get install gettext")
    open_entries = update()
    for left in open_entries:
        print(f"No Japanese yet: {left.msgid!r}")
    sys.exit(bool(open_entries))
