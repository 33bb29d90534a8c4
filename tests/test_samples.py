"""The sample newsroom: its manuscripts, which are golden input of the importer, its pictures, and how it is loaded.

After a change that is meant, write the golden files anew:  UPDATE_GOLDEN=1 pytest tests/test_samples.py
"""

import json
import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db.models import Model
from django.utils import timezone
from PIL import Image

from articles import drafting
from articles.document import Document, to_json
from articles.manuscripts import dump, parse
from articles.models import Article, Comment, Commentator, Edition, EditionTag, Section, SourceLink
from articles.samples import loading, pictures
from articles.samples.newsroom import Sample, newsroom

GOLDEN = Path(__file__).parent / "golden" / "samples"
SAMPLES = newsroom().samples
each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=[sample.manuscript for sample in SAMPLES])


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All pictures, drawn once for every test of a worker."""
    folder = tmp_path_factory.mktemp("pictures")
    pictures.make(folder)
    return folder


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stand-ins of the same names and other contents each, tiny so that loading them takes no time."""
    folder = tmp_path_factory.mktemp("small")
    for number, name in enumerate([*pictures.SCENES, *pictures.PORTRAITS]):
        Image.new("RGB", (16, 9), (number * 9, 90, 90)).save(folder / name)
    return folder


@pytest.fixture
def ready_pictures(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading takes the small pictures instead of drawing."""
    monkeypatch.setattr(pictures, "make", lambda folder: shutil.copytree(small, folder, dirs_exist_ok=True))


@pytest.fixture
def loaded(db: None, ready_pictures: None) -> list[Article]:
    """The sample newsroom in the database."""
    return loading.load()


# The manuscripts


@each_sample
def test_manuscript_reads_as_its_golden_document(sample: Sample) -> None:
    golden = GOLDEN / f"{Path(sample.manuscript).stem}.json"
    found = to_json(sample.reading.document)
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert found == json.loads(golden.read_text(encoding="utf-8"))


@each_sample
def test_manuscript_leaves_no_line_without_a_place(sample: Sample) -> None:
    assert sample.reading.unplaced == ()
    placed = "".join(placement.text for placement in sample.reading.placements)
    assert _signs(placed) == _signs(sample.text)


def _signs(text: str) -> str:
    return "".join(sorted("".join(text.split())))


@each_sample
def test_manuscript_written_out_reads_the_same(sample: Sample) -> None:
    assert parse(dump(sample.document)).document == sample.document


@each_sample
def test_article_has_all_that_a_reader_expects(sample: Sample) -> None:
    document = sample.document
    assert document.title.rstrip("(?マーク)").endswith(("?", "？")) or "?" in document.title
    assert document.lead_heading
    assert document.lead
    assert len(document.takeaways) == 3
    assert 2 <= len(document.tags) <= 4
    assert 1000 <= len(sample.text) <= 2600
    assert len(document.closing) == 1
    assert all(section.heading and section.body for section in document.sections)
    assert all(source.caption and source.site_name and source.published_on for source in document.sources)
    assert all(len(source.key_points) == 3 for source in document.sources)


@each_sample
def test_article_names_invented_addresses_only(sample: Sample) -> None:
    hosts = re.findall(r"https?://([^/\s)]+)", sample.text)
    assert hosts
    assert all(re.search(r"(^|\.)example(\.(com|org|net))?$", host) for host in hosts)


def test_articles_show_every_variety_of_the_layout() -> None:
    documents = {sample.manuscript: sample.document for sample in SAMPLES}
    sections = [section for document in documents.values() for section in document.sections]
    assert any(len(section.sources) == 2 for section in sections)
    assert any(not section.sources for section in sections)
    assert any(not section.opening and not section.closing for section in sections)
    assert not any(section.question or section.answer for section in documents["01-observatory.txt"].sections)
    assert any(len(document.sections) == 1 for document in documents.values())
    assert any(len(document.title) > 50 for document in documents.values())
    bodies = "\n".join(section.body for section in sections)
    assert re.search(r"^> ", bodies, re.MULTILINE)
    assert re.search(r"\*\*[^*\n]+\*\*", bodies)
    assert re.search(r"\[[^\]\n]+\]\(https://[^)\n]+\)", bodies)
    assert 8 <= len({tag for document in documents.values() for tag in document.tags}) <= 12


@pytest.mark.parametrize("manuscript", ["04-night-bus.txt", "06-wool-museum.txt"])
def test_plainest_manuscripts_are_parted_by_voice_alone(manuscript: str) -> None:
    (sample,) = (sample for sample in SAMPLES if sample.manuscript == manuscript)
    assert "💬" not in sample.text
    for section in sample.reading.document.sections:
        (opening,), (closing,) = section.opening, section.closing
        assert len(opening.text.splitlines()) == 2
        assert len(closing.text.splitlines()) == 1
        assert len(section.body.splitlines()) >= 3
        assert section.sources[0].url.isascii()


@each_sample
def test_every_voice_and_picture_is_known_to_the_newsroom(sample: Sample) -> None:
    names = {person.name for person in newsroom().people}
    plain = "💬" not in sample.text
    assert {comment.commentator for comment in sample.document.comments} <= ({""} if plain else names)
    shown = {source.image for source in sample.document.sources} - {""}
    assert shown
    assert shown <= newsroom().alt.keys()


def test_sources_are_older_than_the_article() -> None:
    for sample in SAMPLES:
        if sample.published_at:
            days = [source.published_on for source in sample.document.sources if source.published_on]
            assert max(days) <= sample.published_at.date()


# The pictures


def test_pictures_are_made_for_every_name_and_valid(drawn: Path) -> None:
    expected = {*newsroom().alt, *(person.portrait for person in newsroom().people)}
    assert {path.name for path in drawn.iterdir()} == expected
    for path in drawn.iterdir():
        with Image.open(path) as image:
            image.load()
            assert image.size == ((512, 512) if path.suffix == ".png" else (1600, 900))
        assert path.stat().st_size < 150_000


@pytest.mark.parametrize("name", ["bridge.jpg", "pilot.png"])
def test_picture_drawn_again_is_the_same_to_the_byte(name: str, drawn: Path, tmp_path: Path) -> None:
    assert pictures.draw(name, tmp_path).read_bytes() == (drawn / name).read_bytes()


# Loading


def _article(manuscript: str) -> Article:
    (sample,) = (sample for sample in SAMPLES if sample.manuscript.endswith(manuscript + ".txt"))
    return Article.objects.get(uid=sample.uid)


def _rows() -> dict[str, list[tuple[object, ...]]]:
    models: list[type[Model]] = [Article, Section, SourceLink, Comment, Commentator, Edition, EditionTag]
    return {model.__name__: list(model._default_manager.order_by("pk").values_list()) for model in models}


def test_loading_puts_every_article_in_its_promised_state(loaded: list[Article]) -> None:
    live = set(Edition.objects.live().values_list("article__uid", flat=True))
    assert live == {sample.uid for sample in SAMPLES if sample.published_at and not sample.withdrawn}
    assert len(live) == 12
    assert _article("island-clinic").editions.get().live_from is None


def test_loading_writes_the_article_that_the_manuscript_tells(loaded: list[Article]) -> None:
    for sample in SAMPLES:
        document = drafting.read(Article.objects.get(uid=sample.uid))
        assert _without_pictures(document) == _without_pictures(sample.document)


def _without_pictures(document: Document) -> dict[str, object]:
    text = json.dumps(to_json(document))
    return dict(json.loads(re.sub(r'"image": "[^"]*"', '"image": ""', text)))


def test_scheduled_article_appears_a_month_later(loaded: list[Article]) -> None:
    edition = _article("tram-extension").editions.get()
    assert edition.live_from
    assert timedelta(days=28) < edition.live_from - timezone.now() < timedelta(days=32)
    assert not Edition.objects.live().filter(pk=edition.pk).exists()
    assert Edition.objects.live(edition.live_from).filter(pk=edition.pk).exists()


def test_corrected_article_tells_what_was_wrong(loaded: list[Article]) -> None:
    newer, older = _article("bridge").editions.order_by("-number")
    (note,) = newer.corrected
    assert "夜8時" in note.text
    assert "夜8時から" in json.dumps(older.document, ensure_ascii=False)
    assert "夜8時から" not in json.dumps(newer.document, ensure_ascii=False)
    assert newer.is_updated
    assert newer.published_at == older.published_at
    assert newer.media["pictures"] == older.media["pictures"]


def test_withdrawn_article_gives_its_reason(loaded: list[Article]) -> None:
    edition = _article("lighthouse").editions.get()
    assert edition.published_at
    assert edition.withdrawal
    assert not Edition.objects.live().filter(article=edition.article).exists()


def test_loaded_pictures_have_words_and_size(loaded: list[Article]) -> None:
    shown = SourceLink.objects.exclude(image="")
    assert {source.image_alt for source in shown} == set(newsroom().alt.values())
    for source in shown:
        assert (source.image_width, source.image_height) == (16, 9)
        assert default_storage.exists(str(source.image.name))
    assert all(edition.list_picture for edition in Edition.objects.live())


def test_loaded_commentators_have_faces(loaded: list[Article]) -> None:
    people = {person.name: person for person in Commentator.objects.all()}
    assert people.keys() == {person.name for person in newsroom().people}
    for person in newsroom().people:
        row = people[person.name]
        assert (row.role, row.profile) == (person.role, person.profile)
        assert default_storage.exists(str(row.portrait.name))
        assert row.portrait_width == 16


def test_loading_twice_changes_nothing(loaded: list[Article]) -> None:
    before = _rows()
    assert loading.load() == []
    assert _rows() == before


def test_loading_again_keeps_what_an_editor_changed(loaded: list[Article]) -> None:
    article = _article("harbour-ferry")
    Article.objects.filter(pk=article.pk).update(title="船は何時に出る?")
    Commentator.objects.filter(name="波止場玄造").update(role="港の語り部")
    _article("observatory").delete()
    (added,) = loading.load()
    assert added.uid == SAMPLES[0].uid
    assert _article("harbour-ferry").title == "船は何時に出る?"
    assert Commentator.objects.get(name="波止場玄造").role == "港の語り部"


def test_loading_again_brings_back_lost_pictures(loaded: list[Article]) -> None:
    lost = str(SourceLink.objects.exclude(image="").earliest("pk").image.name)
    default_storage.delete(lost)
    before = _rows()
    assert loading.load() == []
    assert default_storage.exists(lost)
    assert _rows() == before


@pytest.mark.django_db
def test_loading_on_a_machine_whose_clock_is_behind_still_shows_the_articles(ready_pictures: None) -> None:
    with time_machine.travel(datetime(2026, 9, 1, 3, 0, tzinfo=UTC), tick=False):
        loading.load()
        live = Edition.objects.live()
        assert live.count() == 12
        newest = live.newest_first().values_list("published_at", flat=True)[0]
        assert newest
        assert timedelta(0) <= timezone.now() - newest < timedelta(days=1)


def test_command_draws_loads_and_says_what_it_added(db: None) -> None:
    first, second = StringIO(), StringIO()
    call_command("load_samples", stdout=first)
    call_command("load_samples", stdout=second)
    assert str(len(SAMPLES)) in first.getvalue()
    assert set(SourceLink.objects.exclude(image="").values_list("image_width", "image_height")) == {(1600, 900)}
    assert set(Commentator.objects.values_list("portrait_width", "portrait_height")) == {(512, 512)}
    assert second.getvalue().strip()
    assert str(len(SAMPLES)) not in second.getvalue()
