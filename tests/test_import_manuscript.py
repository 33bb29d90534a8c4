"""The commands that take manuscripts in and write them out, as scripts use them."""

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from articles import drafting
from articles.document import from_json
from articles.manuscripts import parse
from articles.models import Article, Edition
from tests.test_boundaries import TEXT

pytestmark = pytest.mark.django_db

ORIGINAL = Path(__file__).resolve().parents[2] / "shared" / "original_article.txt"


def run(name: str, *args: Any, **options: Any) -> tuple[str, str]:
    """What the command wrote to stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    call_command(name, *map(str, args), stdout=out, stderr=err, no_color=True, **options)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_each_file_becomes_a_draft_and_its_address_is_printed(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "b.txt"
    other.write_bytes("題: 別の話\r\n見出し: 一\r\n本文: 二。".encode("cp932"))
    out, _ = run("import_manuscript", file, other)

    articles = list(Article.objects.order_by("pk"))
    assert out.split() == [f"/articles/{article.pk}/" for article in articles]
    assert [drafting.read(article).title for article in articles] == ["港の話", "別の話"]
    assert not Edition.objects.live().exists()


def test_doubts_and_unplaced_lines_go_to_stderr_by_line(file: Path) -> None:
    file.write_text(TEXT + "💡 開いた。\nどこにも入らない行\n", encoding="utf-8")
    _, err = run("import_manuscript", file)

    assert f"{file}:15: " in err
    assert "どこにも入らない行" in err
    assert Article.objects.get().unplaced == "どこにも入らない行"


def test_publishing_now_and_at_a_time_with_tags(file: Path) -> None:
    run("import_manuscript", "--publish", "--tags", "港、観光,ＡＩ", file)
    shown = Edition.objects.live().get()
    assert shown.content.tags == ("港", "観光", "AI")

    run("import_manuscript", "--at", "2036-12-01 09:00", file)
    assert Edition.objects.scheduled().get().live_from == datetime.fromisoformat("2036-12-01T00:00:00+00:00")
    run("import_manuscript", "--publish", "--at", "2020-01-02T03:04:05+00:00", file)
    assert Edition.objects.live().filter(published_at__year=2020).exists()


@pytest.mark.parametrize("option", ["--check", "--json"])
def test_checking_saves_nothing(file: Path, option: str) -> None:
    out, _ = run("import_manuscript", option, file)

    assert not Article.objects.exists()
    if option == "--check":
        assert out == ""
    else:
        assert [from_json(form) for form in json.loads(out)] == [parse(TEXT).document]


def test_json_of_nothing_readable_is_still_an_array(tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_manuscript", "--json", str(tmp_path / "none.txt"), stdout=out, stderr=err)
    assert json.loads(out.getvalue()) == []


@pytest.mark.parametrize("option", ["--check", "--json"])
def test_checking_and_publishing_do_not_go_together(file: Path, option: str) -> None:
    with pytest.raises(CommandError):
        run("import_manuscript", option, "--publish", file)


def test_what_cannot_be_read_is_named_and_the_others_go_on(file: Path, tmp_path: Path) -> None:
    binary, nameless = tmp_path / "b.txt", tmp_path / "c.txt"
    binary.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    nameless.write_text("💡 題のない話", encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    files = [str(path) for path in (tmp_path / "none.txt", tmp_path, binary, nameless, file)]
    with pytest.raises(CommandError) as raised:
        call_command("import_manuscript", "--publish", *files, stdout=out, stderr=err, no_color=True)

    assert raised.value.returncode == 1
    assert all(f"{name}: " in err.getvalue() for name in files[:4])
    article = Article.objects.get()
    assert out.getvalue() == f"/articles/{article.pk}/\n"


def test_a_name_too_long_is_told_by_check_as_by_import(file: Path) -> None:
    file.write_text(TEXT.replace("港野 渡", "渡" * 101), encoding="utf-8")
    for options in ([], ["--check"]):
        with pytest.raises(CommandError):
            run("import_manuscript", *options, file)
    assert not Article.objects.exists()


def test_standard_input_is_a_manuscript_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    run("import_manuscript", "-")
    assert drafting.read(Article.objects.get()) == parse(TEXT).document


@pytest.mark.parametrize("bad", [["--at", "tomorrow"], ["--at", "2026-13-01 09:00"], ["--tags", "!?"]])
def test_bad_options_are_refused_before_anything_is_saved(file: Path, bad: list[str]) -> None:
    with pytest.raises(CommandError):
        run("import_manuscript", *bad, file)
    assert not Article.objects.exists()


def test_an_exported_article_imports_to_the_same_document(file: Path) -> None:
    run("import_manuscript", "--tags", "港", file)
    article = Article.objects.get()
    out, err = run("export_manuscript", article.pk)

    assert parse(out).document == drafting.read(article)
    assert err == ""


def test_exporting_names_what_is_not_there_and_goes_on(file: Path) -> None:
    run("import_manuscript", file, file)
    Article.objects.filter(pk=Article.objects.latest("pk").pk).update(unplaced="残り")
    ids = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError):
        call_command("export_manuscript", "999999", *map(str, ids), stdout=out, stderr=err, no_color=True)

    assert "999999: " in err.getvalue()
    assert f"{ids[1]}: " in err.getvalue(), "unplaced lines are told of"
    assert out.getvalue().count("港の話") == 2


@pytest.mark.skipif(not ORIGINAL.exists(), reason="the original article is not beside this checkout")
def test_the_original_article_fills_every_field() -> None:
    out, _ = run("import_manuscript", "--json", ORIGINAL)
    (form,) = json.loads(out)

    assert form["title"]
    assert form["lead_heading"]
    assert form["lead"]
    assert len(form["sections"]) == 3
    assert len(form["takeaways"]) == 3
    assert form["closing"]
    for section in form["sections"]:
        (source,) = section["sources"]
        assert section["heading"]
        assert section["question"]
        assert section["answer"]
        assert len(source["key_points"]) == 3
        assert source["published_on"] == "2025-03-22"
        assert source["site_name"]
        assert source["url"] == source["image_credit"]
        assert len(section["opening"]) == 1
        assert section["opening"][0]["text"].count("\n") == 1
        assert section["body"]
        assert len(section["closing"]) == 1
        assert "\n" not in section["closing"][0]["text"]
    assert not parse(ORIGINAL.read_text(encoding="utf-8")).unplaced
