"""Readers' code cannot see drafts: no import of it leads to them, however long the way."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOR_READERS = [
    "articles.urls",
    "articles.views",
    "articles.listings",
    "articles.reading",
    "articles.beside",
    "articles.searching",
    "articles.sitemaps",
    "articles.structured_data",
    *(f"articles.search.{path.stem}" for path in sorted((ROOT / "articles/search").glob("[!_]*.py"))),
    "articles.templatetags.pages",
    "articles.templatetags.feeds",
    *(f"articles.feeds.{path.stem}" for path in sorted((ROOT / "articles/feeds").glob("[!_]*.py"))),
]
DESK = ("articles.models.drafts", "articles.drafting", "articles.publishing", "articles.importing", "articles.admin")


def file_of(module: str) -> Path | None:
    """The file of a module of the project, or None for anything else."""
    path = ROOT / module.replace(".", "/")
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


def imported(module: str) -> Iterator[str]:
    """The project's modules that a module names in its imports, wherever in the file they stand."""
    file = file_of(module)
    assert file, module
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if file_of(alias.name))
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports relatively"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            submodules = [name for name in names if file_of(name)]
            yield from submodules
            if len(submodules) < len(names) and file_of(node.module or ""):
                yield node.module or ""


def reachable(module: str) -> dict[str, list[str]]:
    """Every module of the project that it leads to, with the way there."""
    ways = {module: [module]}
    waiting = [module]
    while waiting:
        here = waiting.pop()
        for there in imported(here):
            if there not in ways:
                ways[there] = [*ways[here], there]
                waiting.append(there)
    return ways


@pytest.mark.parametrize("module", FOR_READERS)
def test_readers_code_does_not_lead_to_drafts(module: str) -> None:
    for there, way in reachable(module).items():
        assert there != "articles.models", f"{' → '.join(way)} takes in every model"
        assert not there.startswith(DESK), " → ".join(way)


def test_the_walk_finds_what_it_looks_for() -> None:
    assert "articles.models.drafts" in reachable("articles.publishing")
    assert "articles.models" in reachable("articles.samples.loading")
    assert "articles.models.editions" in reachable("articles.views")
    assert "articles.feeds.contents" in reachable("articles.feeds.urls")


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=str)
def test_readers_templates_load_no_tags_of_the_desk(path: Path) -> None:
    if "admin" not in path.parts:
        assert "load desk" not in path.read_text()
