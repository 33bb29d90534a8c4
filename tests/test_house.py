"""The house is in order: what the documents say is so, and what must not stand in the repository does not."""

import re
import subprocess
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from articles.management.commands import create_editor
from articles.manuscripts import parse
from tests.catalogue import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def pins(lock: Path) -> dict[str, str]:
    return dict(
        re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    )


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_operating_names_every_setting() -> None:
    read_by_settings = re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', read("newsdesk/settings.py"))
    assert len(set(read_by_settings)) > 8
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", read("docs/operating.md"), re.MULTILINE)) == set(read_by_settings)


def test_contributing_and_readme_name_only_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    for document in DOCUMENTS:
        named = set(re.findall(r"(?:`| {4})make ([a-z-]+)", document.read_text(encoding="utf-8")))
        assert named <= targets, document.name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    for target in re.findall(
        r"\]\(([^)#]+)\)", re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.S)
    ):
        assert "://" in target or (document.parent / target).exists(), target


def test_manuscript_in_the_guide_for_editors_reads_without_a_doubt() -> None:
    example = re.search(r"```text\n(.*?)```", read("docs/editing.md"), re.DOTALL)
    assert example
    reading = parse(example[1])
    assert (reading.doubts, reading.unplaced) == ((), ())
    (section,) = reading.document.sections
    assert (len(section.sources), len(section.opening), len(section.closing)) == (1, 1, 1)
    assert section.answer.startswith("荷さばき")
    assert reading.document.tags == ("港", "交通")


def test_changelog_begins_with_what_is_unreleased() -> None:
    headings = re.findall(r"^## \[(.+?)\]", read("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == "Unreleased"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_has_a_hash_for_every_pin_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    for requirement in re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip()):
        assert re.match(r"[a-z0-9._-]+(\[[^]]*\])?==\S+", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement
    assert not re.search(r"https?:|file:|-url|find-links", text)


def test_lock_names_every_extra_that_a_locked_package_asks_for() -> None:
    """pip takes `coverage[toml]` as unpinned where only `coverage` is, once there is a newer one: nothing installs."""
    lock = read("requirements/dev.txt")
    extras = {
        name: set(listed.split(",")) for name, listed in re.findall(r"^([a-z0-9._-]+)\[([^]]*)\]==", lock, re.MULTILINE)
    }
    asked = [
        requirement
        for name in pins(ROOT / "requirements" / "dev.txt")
        for requirement in map(Requirement, _requires(name))
        if requirement.extras and (requirement.marker is None or requirement.marker.evaluate({"extra": ""}))
    ]
    assert [each.name for each in asked]
    assert [str(each) for each in asked if not each.extras <= extras.get(canonicalize_name(each.name), set())] == []


def _requires(name: str) -> list[str]:
    """What an installed package asks for; nothing where the lock holds it for other systems only."""
    try:
        return requires(name) or []
    except PackageNotFoundError:
        return []


def test_locks_agree_and_build_on_one_another() -> None:
    base, production, dev = (pins(ROOT / "requirements" / f"{name}.txt") for name in ("base", "production", "dev"))
    assert base.items() <= pins(ROOT / "requirements" / "sqlite.txt").items()
    assert base.items() <= production.items() <= dev.items()
    assert base["django"].startswith("5.2.")
    assert pins(ROOT / "requirements" / "django61.txt")["django"].startswith("6.1.")


def test_every_requirement_is_locked() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = {"base": project["dependencies"], **project["optional-dependencies"]}
    for name, lock in {"base": "base", "sqlite": "sqlite", "scale": "production", "dev": "dev"}.items():
        names = {re.split(r"[\[<>=!~;]", requirement)[0] for requirement in wanted[name]}
        assert names <= set(pins(ROOT / "requirements" / f"{lock}.txt"))


def test_what_belongs_to_a_machine_is_ignored_by_git() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    names = [".env", ".venv/x", ".venv-next/x", "var/newsdesk.sqlite3", "media/a.jpg", "staticfiles/a.css"]
    done = subprocess.run(["git", "check-ignore", *names], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.split() == names


@pytest.mark.django_db
def test_editor_to_try_the_desk_is_made_once_and_can_sign_in(settings: LazySettings, client: Client) -> None:
    settings.DEBUG = True
    for _ in range(2):
        out = StringIO()
        call_command("create_editor", stdout=out)
        assert f"{settings.SITE_URL}/admin/" in out.getvalue()
        assert create_editor.password() in out.getvalue()
    assert User.objects.count() == 1
    assert client.login(username="editor", password=create_editor.password())
    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db
def test_password_that_the_editor_changed_is_kept(settings: LazySettings) -> None:
    settings.DEBUG = True
    call_command("create_editor", stdout=StringIO())
    editor = User.objects.get()
    editor.set_password("another one entirely")
    editor.save()
    out = StringIO()
    call_command("create_editor", stdout=out)
    assert create_editor.password() not in out.getvalue()
    assert "manage.py changepassword editor" in out.getvalue()
    assert User.objects.get().check_password("another one entirely")


@pytest.mark.django_db
def test_editor_with_a_printed_password_is_refused_outside_debug() -> None:
    with pytest.raises(CommandError, match="create_first_editor"):
        call_command("create_editor", stdout=StringIO())
    assert not User.objects.exists()


def test_password_of_the_editor_is_another_on_every_machine(settings: LazySettings) -> None:
    first = create_editor.password()
    settings.SECRET_KEY = "of another machine"
    assert create_editor.password() != first
