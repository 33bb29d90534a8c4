"""The library of pictures: every stored picture has its row, its copies, and whoever shows it holds on to it."""

import os
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from articles import archiving, changes, drafting, picturing, publishing
from articles.archiving import Entry
from articles.background import tick
from articles.document import Document, Section, Source
from articles.images import UnusablePicture, store
from articles.models import Article, Commentator, Edition, Event, Picture, Shown, SourceLink
from articles.renditions import Kind, focal_class, rendition_name, rendition_names
from articles.resizing import resize_rest
from tests.newsroom import picture

pytestmark = pytest.mark.django_db


def kept(size: tuple[int, int] = (900, 600), kind: str = "JPEG", **words: Any) -> Picture:
    return picturing.keep(picture(kind, size), by=None, **words)


def showing(row: Picture, title: str = "港はいつ開く？") -> Document:
    source = Source(caption="市の発表", image=str(row.file), image_credit="港日報")
    return Document(title=title, lead="再開が近い。", sections=(Section(heading="港", sources=(source,)),))


def on_show(row: Picture) -> Edition:
    edition = publishing.save(drafting.create(showing(row)), by=None)
    return publishing.publish(edition, by=None, despite_findings=True)


def files() -> set[str]:
    root = Path(default_storage.path(""))
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


# Into the library


def test_picture_kept_twice_has_one_row_whose_words_stay() -> None:
    first = kept(alt="港", credit="港日報", permission=Picture.Permission.OWN)
    again = kept(alt="別の言葉", permission=Picture.Permission.REFUSED)
    assert first == again == Picture.objects.get()
    assert (again.alt, again.credit, again.permission) == ("港", "港日報", "own")
    assert (again.file_width, again.file_height) == (900, 600)


def test_pictures_of_rows_come_into_the_library_with_their_words() -> None:
    """A document that names a stored file, as an import does: the first save makes the row."""
    name = store(picture("JPEG", (90, 60)))
    article = drafting.create(
        Document(title="a", sections=(Section(sources=(Source(image=name, image_credit="市"),)),))
    )
    SourceLink.objects.update(image_alt="赤と青")
    publishing.save(article, by=None)
    row = Picture.objects.get()
    assert (row.file.name, row.alt, row.credit, row.permission) == (name, "赤と青", "市", "unknown")


def test_library_learns_words_it_lacks_and_keeps_those_it_has() -> None:
    row = kept(alt="港")
    article = drafting.create(showing(row))
    SourceLink.objects.update(image_alt="別の言葉")
    publishing.save(article, by=None)
    row.refresh_from_db()
    assert (row.alt, row.credit) == ("港", "港日報")


def test_archive_brings_its_pictures_in_a_number_of_queries_that_does_not_grow() -> None:
    def entries(count: int, shade: int) -> list[Entry]:
        names = [store(picture("JPEG", (40 + shade + number, 30))) for number in range(count)]
        return [Entry(Document(title="a", sections=(Section(sources=(Source(image=name),)),))) for name in names]

    def queries(batch: list[Entry]) -> int:
        with CaptureQueriesContext(transaction.get_connection()) as seen:
            archiving.archive(batch, publish=True)
        return len(seen)

    few, many = entries(2, 0), entries(12, 100)
    queries(entries(1, 300))
    assert queries(many) == queries(few)
    assert Picture.objects.count() == Shown.objects.count() == 15


def test_portrait_of_an_edition_counts_as_shown() -> None:
    person = Commentator.objects.create(name="灘")
    person.portrait.save("a.png", picture("PNG"))  # type: ignore[arg-type]
    picturing.adopt_portrait(person, None)
    row = Picture.objects.get()
    assert row.alt == "灘"
    assert picturing.is_used(row)
    assert list(picturing.people_with(row)) == [person]


def test_full_disk_is_told_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)  # the one thing here that is not the real one: a disk is hard to fill
    with pytest.raises(UnusablePicture, match="No space left"):
        kept()
    assert not Picture.objects.exists()
    assert not files()


# Copies


@pytest.mark.parametrize(
    ("size", "widths"),
    [((200, 100), [200]), ((900, 600), [320, 640, 900]), ((2400, 30), [320, 640, 1280, 1920]), ((320, 10), [320])],
)
@pytest.mark.django_db(transaction=True)
def test_copies_are_made_by_the_tick_and_never_wider_than_the_picture(size: tuple[int, int], widths: list[int]) -> None:
    row = kept(size)
    assert row.renditions is None
    tick()
    row.refresh_from_db()
    assert row.renditions == {"avif": widths, "webp": widths, "jpeg": widths}
    for kind in (Kind.AVIF, Kind.WEBP, Kind.JPEG):
        for width in widths:
            with default_storage.open(rendition_name(str(row.file), kind, width)) as file:
                copy = Image.open(file)
                assert (copy.format, copy.width) == (kind.format, width)
                assert abs(copy.height - size[1] * width / size[0]) <= 1
                assert not copy.getexif()


@pytest.mark.django_db(transaction=True)
def test_transparent_picture_stays_so_in_every_copy() -> None:
    out = BytesIO()
    Image.new("RGBA", (400, 300), (255, 0, 0, 0)).save(out, "PNG")
    out.seek(0)
    row = picturing.keep(out, by=None)
    tick()
    row.refresh_from_db()
    assert set(row.renditions) == {"avif", "webp", "png"}
    for name in rendition_names(str(row.file), row.renditions):
        with default_storage.open(name) as file:
            alpha = Image.open(file).convert("RGBA").getchannel("A").getextrema()
            assert alpha == (0, 0), name


@pytest.mark.django_db(transaction=True)
def test_making_copies_again_changes_nothing_and_a_lost_file_is_not_tried_for_ever() -> None:
    row, lost = kept(), Picture.objects.create(file="pictures/aa/gone.jpg", file_width=4, file_height=3)
    tick()
    before = {name: default_storage.get_modified_time(name) for name in files()}
    Picture.objects.update(renditions=None)
    resize_rest(lambda: False)
    assert {name: default_storage.get_modified_time(name) for name in files()} == before
    lost.refresh_from_db()
    row.refresh_from_db()
    assert lost.renditions == {}
    assert row.renditions


@pytest.mark.django_db(transaction=True)
def test_editions_learn_of_copies_and_focal_point_and_say_the_same_as_before() -> None:
    row = kept()
    edition = on_show(row)
    assert "renditions" not in edition.media["pictures"][str(row.file)]
    before = changes.state([changes.SITE])
    tick()
    edition.refresh_from_db()
    facts = edition.media["pictures"][str(row.file)]
    assert facts["renditions"]["avif"] == [320, 640, 900]
    assert edition.picture == {"file": str(row.file), **facts}
    assert changes.state([changes.SITE]) != before, "stored copies of the page are out of date"
    picturing.change(Picture.objects.get(), by=None, changed=["alt"])
    edition.refresh_from_db()
    assert "focal" not in edition.media["pictures"][str(row.file)]
    picture_row = Picture.objects.get()
    picture_row.focal_x, picture_row.focal_y = 0.9, 0.1
    picturing.change(picture_row, by=None, changed=["focal_x"])
    edition.refresh_from_db()
    assert edition.media["pictures"][str(row.file)]["focal"] == [0.9, 0.1]
    article = Article.objects.get()
    assert publishing.save(article, by=None) == edition, "nothing was written since"


def test_edition_published_later_knows_its_pictures_as_they_are_then() -> None:
    row = kept()
    edition = publishing.save(drafting.create(showing(row)), by=None)
    Picture.objects.update(renditions={"avif": [320]})
    edition = publishing.publish(edition, by=None, despite_findings=True)
    assert edition.media["pictures"][str(row.file)]["renditions"] == {"avif": [320]}


def test_focal_points_are_rounded_into_classes() -> None:
    assert focal_class(None) == focal_class([0.5, 0.52]) == ""
    assert focal_class([0.0, 1.0]) == "focal-x-0 focal-y-10"


# Out of the library


@pytest.mark.django_db(transaction=True)
def test_picture_nobody_shows_goes_with_all_its_files() -> None:
    row = kept()
    tick()
    assert len(files()) == 10
    picturing.remove(row, by=None)
    assert not files()
    assert not Picture.objects.exists()
    assert Event.objects.get(verb="delete_picture").details["picture"].startswith("pictures/")


@pytest.mark.django_db(transaction=True)
def test_file_stays_where_the_transaction_fails() -> None:
    row = kept()

    def removed_and_failed() -> None:
        with transaction.atomic():
            picturing.remove(row, by=None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        removed_and_failed()
    assert files() == {str(row.file)}
    assert Picture.objects.exists()


def test_picture_that_anybody_shows_or_showed_is_not_removed() -> None:
    row = kept()
    edition = on_show(row)
    article = edition.article
    assert list(picturing.articles_with(row)) == [article]
    with pytest.raises(picturing.PictureInUse):
        picturing.remove(row, by=None)
    drafting.write(article, Document(title="絵のない版"))
    publishing.publish(publishing.save(article, by=None), by=None, despite_findings=True)
    publishing.withdraw(article, by=None)
    with pytest.raises(picturing.PictureInUse):
        picturing.remove(row, by=None)
    assert list(picturing.articles_with(row)) == [article]


def test_picture_of_a_schedule_taken_back_can_go() -> None:
    row = kept()
    article = drafting.create(showing(row))
    later = timezone.now() + timedelta(days=1)
    publishing.publish(publishing.save(article, by=None), by=None, at=later, despite_findings=True)
    drafting.write(article, Document(title="絵のない版"))
    with pytest.raises(picturing.PictureInUse):
        picturing.remove(row, by=None)
    publishing.unschedule(article, by=None)
    picturing.remove(row, by=None)
    assert not Picture.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_sweep_deletes_what_nothing_names_after_a_day() -> None:
    row = kept()
    tick()
    orphan, fresh = store(picture("JPEG", (50, 50))), store(picture("JPEG", (60, 60)))
    half = f"{orphan.rpartition('/')[0]}/.half.jpg.x"
    Path(default_storage.path(half)).write_bytes(b"half")
    long_ago = time.time() - 2 * 86400
    for name in files() - {fresh}:
        os.utime(default_storage.path(name), (long_ago, long_ago))
    picturing.sweep_files(lambda: False)
    assert files() == {fresh, str(row.file), *rendition_names(str(row.file), Picture.objects.get().renditions)}


def test_search_finds_words_in_any_order_and_place() -> None:
    row = kept(alt="夕暮れの港", credit="港日報", permission_note="10月に電話で許可")
    kept((60, 60), alt="橋")
    for words in ("港", "港日報 夕暮れ", "電話", str(row.file)[-12:]):
        assert list(picturing.search(Picture.objects.all(), words)) == [row], words
    assert not picturing.search(Picture.objects.all(), "港 橋")
