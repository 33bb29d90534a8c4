"""Static files as production has them: collected, named by their content, each one found that another names."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

STATIC = re.compile(r"""{% static ['"]([^'"]+)['"]""")


HASHED = re.compile(r"\.[0-9a-f]{12}\.")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `collectstatic` makes of all static files, with the storage of production in use."""
    folder = tmp_path_factory.mktemp("static")
    hashed = {"BACKEND": "newsdesk.static_files.HashedStaticFiles"}
    with override_settings(STATIC_ROOT=folder, STORAGES={**settings.STORAGES, "staticfiles": hashed}):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


def test_every_file_that_a_template_names_is_there(collected: Path) -> None:
    templates = [
        *Path(settings.BASE_DIR, "templates").rglob("*.html"),
        *Path(settings.BASE_DIR).glob("articles/**/*.html"),
    ]
    names = {name for path in templates for name in STATIC.findall(path.read_text())}
    assert "img/face.svg" in names
    paths = json.loads((collected / "staticfiles.json").read_text())["paths"]
    for name in names:
        assert HASHED.search(paths[name]), name
        assert (collected / paths[name]).is_file(), name


def test_scripts_import_one_another_by_the_names_they_have(collected: Path) -> None:
    ours = [path for path in (collected / "admin-desk").rglob("*.js") if HASHED.search(path.name)]
    imports = [(path, found) for path in ours for found in re.findall(r"""from ["'](\.[^"']+)["']""", path.read_text())]
    assert imports
    for path, found in imports:
        assert HASHED.search(found), (path, found)
        assert (path.parent / found).is_file(), (path, found)


def test_what_is_large_lies_there_compressed(collected: Path) -> None:
    sheets = list((collected / "css").glob("*.css"))
    assert sheets
    assert all(sheet.with_name(f"{sheet.name}.gz").is_file() for sheet in sheets if sheet.stat().st_size > 1000)
