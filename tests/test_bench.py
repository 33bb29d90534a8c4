"""The bench measures what it says it measures."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection

from articles.management.commands import bench
from articles.management.commands.bench import Figures, Site
from articles.models import Edition

pytestmark = pytest.mark.django_db
KINDS = ["article", "front page", "tag page", "RSS"]


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Keep the handler from closing the connection of the test's transaction, as Django's test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_bench_measures_every_page_and_writes_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    used: list[str] = []
    monkeypatch.setattr(bench, "use_database", lambda name, folder: used.append(name))  # stay in the tests' own
    monkeypatch.setattr(connection, "close", lambda: None)  # and in their transaction
    monkeypatch.setattr(bench, "BATCH", 2)
    monkeypatch.setattr(bench, "COLD", 1)
    path = tmp_path / "var" / "bench.json"
    call_command("bench", "--articles", "5", "3", "--rounds=1", "--requests=2", f"--json={path}")
    assert used == ["bench_3", "bench_5"]
    assert Edition.objects.live().count() == 5
    written = json.loads(path.read_text())
    assert [(row["articles"], row["page"]) for row in written["pages"]] == [(n, kind) for n in (3, 5) for kind in KINDS]
    assert all(1 <= row["queries"] <= 4 and row["bytes"] > 500 for row in written["pages"])
    assert all(min(row[time] for time in ("cold", "warm", "bare", "unchanged")) > 0 for row in written["pages"])
    assert list(written["growth"]) == KINDS
    table = capsys.readouterr().out
    assert all(kind in table for kind in KINDS)


def test_bare_view_returns_the_same_bytes() -> None:
    bench.fill(1)
    with bench.measuring():
        site = Site()
        page = site.page("/")
        bench.bodies["front page"] = page.body, page.headers["Content-Type"]
        bare = site.page("/bare/front page")
    assert (bare.body, bare.headers["Content-Type"]) == (page.body, page.headers["Content-Type"])
    assert "第1報" in page.body.decode()


def test_missing_page_is_no_figure() -> None:
    with bench.measuring(), pytest.raises(CommandError, match="404"):
        Site().page("/articles/1/")


def test_larger_database_is_not_measured_as_a_smaller_one() -> None:
    bench.fill(2)
    with pytest.raises(CommandError, match="2 articles"):
        bench.fill(1)


def test_growth_and_ratio_are_of_warm_pages() -> None:
    small = Figures("RSS", 10, 100, 3, cold=50, warm=2, bare=0.5, unchanged=1)
    large = Figures("RSS", 1000, 100, 3, cold=50, warm=3, bare=0.5, unchanged=1)
    assert (small.ratio, large.ratio) == (4, 6)
    assert bench.growth([small, large]) == {"RSS": 1.5}
    assert bench.growth([small]) == {}
