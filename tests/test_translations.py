"""The desk and the pages speak Japanese, whole and up to date, on a machine that has no gettext tools."""

import gettext
from pathlib import Path

import pytest

from tests.catalogue import LOCALE, PLACEHOLDER, ROOT, Entry, has_gettext, read, updated

CATALOGUES = sorted((ROOT / LOCALE).glob("*.po"))


def entries() -> list[Entry]:
    return [entry for po in CATALOGUES for entry in read(po)]


def test_catalogue_exists() -> None:
    assert entries(), "no catalogue: run `make messages`"


def test_every_text_has_its_japanese() -> None:
    assert [entry.msgid for entry in entries() if not entry.complete] == []


def test_translation_keeps_the_placeholders() -> None:
    for entry in entries():
        wanted = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        for text in entry.msgstr.values():
            assert set(PLACEHOLDER.findall(text)) == wanted, entry.msgid


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: po.name)
def test_compiled_catalogue_is_the_written_one(po: Path) -> None:
    with po.with_suffix(".mo").open("rb") as compiled:
        in_use = vars(gettext.GNUTranslations(compiled))["_catalog"]
    in_use.pop("", None)
    written = {name: text for entry in read(po) for name, text in entry.compiled.items()}
    assert in_use == written, "out of date: run `make messages`"


@pytest.mark.skipif(not has_gettext(), reason="cannot compare the catalogue with the sources: gettext is not installed")
def test_catalogue_has_every_text_of_the_sources(tmp_path: Path) -> None:
    in_sources = {entry.key for po in updated(tmp_path).glob("*.po") for entry in read(po)}
    assert in_sources == {entry.key for entry in entries()}, "out of date: run `make messages`"


def test_an_entry_is_read_as_gettext_writes_it(tmp_path: Path) -> None:
    po = tmp_path / "django.po"
    po.write_text(
        'msgid ""\nmsgstr "Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
        '#: a.py\n#, fuzzy, python-format\n#| msgid "old"\nmsgctxt "of a page"\nmsgid ""\n'
        '"Say \\"%(what)s\\"\\n"\n"twice"\n'
        'msgid_plural "many"\nmsgstr[0] "二度"\n\n#~ msgid "gone"\n#~ msgstr "消えた"\n',
        encoding="utf-8",
    )
    assert read(po) == [Entry("of a page", 'Say "%(what)s"\ntwice', "many", {0: "二度"}, fuzzy=True)]
    assert not read(po)[0].complete
