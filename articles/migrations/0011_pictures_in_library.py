"""A row of the library for each picture that is there, and which editions show it."""

from typing import Any

from django.db import migrations

BATCH = 1_000  # editions at a time: an archive may hold hundreds of thousands


def fill(apps: Any, schema_editor: Any) -> None:
    """Rows that are there stay as they are, so that it may run again."""
    Picture, Edition = apps.get_model("articles", "Picture"), apps.get_model("articles", "Edition")
    SourceLink, Commentator = apps.get_model("articles", "SourceLink"), apps.get_model("articles", "Commentator")
    found: dict[str, Any] = {}

    def see(file: str, width: int | None, height: int | None, alt: str, credit: str = "") -> None:
        if file and width and height:
            row = found.setdefault(file, Picture(file=file, file_width=width, file_height=height))
            row.alt, row.credit = row.alt or alt, row.credit or credit

    sources = SourceLink.objects.exclude(image="").order_by("-pk")
    for row in sources.values_list("image", "image_width", "image_height", "image_alt", "image_credit").iterator():
        see(*row)
    people = Commentator.objects.exclude(portrait="")
    for row in people.values_list("portrait", "portrait_width", "portrait_height", "name"):
        see(*row)
    shown = []
    for pk, media, live_from in Edition.objects.values_list("pk", "media", "live_from").iterator(BATCH):
        for file, facts in media.get("pictures", {}).items():
            see(file, facts["width"], facts["height"], facts["alt"])
        portraits = [voice for voice in media.get("voices", {}).values() if voice.get("portrait")]
        for voice in portraits:
            see(voice["portrait"], voice["width"], voice["height"], "")
        if live_from:
            files = {*media.get("pictures", {}), *(voice["portrait"] for voice in portraits)}
            shown += [(pk, file) for file in sorted(files)]
    known = set(Picture.objects.values_list("file", flat=True))
    Picture.objects.bulk_create((row for file, row in found.items() if file not in known), batch_size=BATCH)
    _note(apps, shown)


def _note(apps: Any, shown: list[tuple[int, str]]) -> None:
    Picture, Shown = apps.get_model("articles", "Picture"), apps.get_model("articles", "Shown")
    numbers = dict(Picture.objects.values_list("file", "pk"))
    rows = (Shown(edition_id=edition, picture_id=numbers[file]) for edition, file in shown if file in numbers)
    Shown.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("articles", "0010_shown")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
