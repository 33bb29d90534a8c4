"""The bench: corpora that are copies hold what imported ones do, and a whole run gives every figure."""

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from articles.models import Change, Edition, Event, Passage, Related, Tally
from articles.search import index
from articles.search.queries import read
from newsdesk.bench import corpora, databases, load, measure, nginx, report, servers
from newsdesk.bench import run as whole
from newsdesk.bench.documents import documents, serial
from newsdesk.bench.load import Wanted, WrongAnswer
from newsdesk.bench.measure import Options
from newsdesk.bench.multiply import INDEX, Multiplier, belonging
from newsdesk.bench.picture import picture
from tests.sites import on_this_database

needs_wrk = pytest.mark.skipif(not load.tool(), reason=load.HINT)
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="makes SQLite files of its own on any database")

# Rows that need not be as many: an import is noted and announced once a batch, tallies sum up, and which articles are
# near depends on what there is.
OTHERWISE = (Change, Event, Related, Tally)


def nothing(_: int) -> None:
    """Progress that nobody looks at."""


# Corpora


def rows() -> Counter[str]:
    """How many rows there are of each kind, with the table of the search, and how many different questions."""
    found = Counter({model._meta.label: model._base_manager.count() for model in apps.get_models()})
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {INDEX}")  # noqa: S608
        found[INDEX] = cursor.fetchone()[0]
    found["questions"] = Passage.objects.values("question_key").distinct().count()
    return +found


def look(client: Client, path: str) -> tuple[int, list[str]]:
    """The status of a page and the elements it is made of, but for texts, which differ from article to article."""
    response = client.get(path)
    body = response.content.decode()
    return response.status_code, [piece.split(">")[0].split()[0] for piece in body.split("<")[1:] if piece[0] != "/"]


@pytest.mark.django_db
def test_copies_are_what_an_import_would_have_left(client: Client) -> None:
    with transaction.atomic():
        for copy in range(3):
            corpora.import_base(10, nothing, copy, corpora.earlier(copy, 10, 3))
        imported = rows()
        oldest = Edition.objects.live().earliest("published_at")
        shown = look(client, oldest.get_absolute_url())
        listed = [client.get(path).content.count(b"/articles/") for path in ("/", "/feeds/rss.xml", "/corrections/")]
        transaction.set_rollback(True)
    corpora.import_base(10, nothing)
    corpora.copy(10, 3, nothing)
    multiplied = rows()
    for model in OTHERWISE:
        assert imported.pop(model._meta.label) >= multiplied.pop(model._meta.label) > 0
    assert multiplied == imported
    oldest = Edition.objects.live().earliest("published_at")
    status, elements = look(client, oldest.get_absolute_url())
    assert status == shown[0] == 200
    assert set(elements) == set(shown[1])
    assert [
        client.get(path).content.count(b"/articles/") for path in ("/", "/feeds/rss.xml", "/corrections/")
    ] == listed


@pytest.mark.django_db
def test_copies_are_articles_of_their_own(client: Client) -> None:
    corpora.import_base(10, nothing)
    corpora.copy(10, 3, nothing)
    live = Edition.objects.live()
    assert live.count() == 30
    assert live.values("uid").distinct().count() == live.values("published_at").distinct().count() == 30
    assert live.values("title").distinct().count() == 30
    for copy in range(3):
        found = client.get("/search/", {"q": serial(copy)}).content.decode()
        assert found.count("<mark>") >= 10
    edition = live.earliest("published_at")
    assert edition.uid == edition.article.uid
    assert serial(2) in edition.title
    assert serial(2) in json.dumps(edition.document)
    assert edition.edition_tags.first().published_at == edition.published_at  # type: ignore[union-attr]
    day, words = timezone.localdate(edition.published_at), read(serial(2))[0].either
    held = Passage.objects.filter(edition=edition, number=0)
    assert held.filter(pk__in=index.matching(words, eras=[f"{day:%Y%m%d}"])).exists()
    assert not held.filter(pk__in=index.matching(words, eras=[f"{day + timedelta(days=1):%Y%m%d}"])).exists()
    addresses = set(edition.citations.values_list("address__url", flat=True))
    assert addresses
    assert all(f"/{serial(2)}/" in address for address in addresses)


@pytest.mark.django_db
def test_database_counts_on_behind_the_copies() -> None:
    corpora.import_base(10, nothing)
    multiplier = Multiplier()
    for copy in (1, 2):
        multiplier.copy(copy, timedelta(days=copy))
    connection.check_constraints()
    multiplier.finish()
    corpora.import_base(1, nothing, copy=3)  # the database counts on behind the copies
    assert Edition.objects.live().count() == 31


INDEXES = """
from django.db import connection
tables = connection.introspection.table_names()
with connection.cursor() as cursor:
    found = [connection.introspection.get_constraints(cursor, table) for table in tables]
print(sorted(name for constraints in found for name, told in constraints.items() if told["index"]))
"""


def test_large_corpora_are_copied_without_indexes_and_get_them_back(tmp_path: Path) -> None:
    with on_this_database(tmp_path, "bulk") as site:
        before = site.does(INDEXES)
        filled = site.run("-m", "newsdesk.bench.inside", "fill", "10")
        assert filled.returncode == 0, filled.stderr
        grown = site.run("-m", "newsdesk.bench.inside", "grow", "60")
        assert grown.returncode == 0, grown.stderr
        assert json.loads(grown.stdout.splitlines()[-1]) == {"articles": 60}
        assert site.does(INDEXES) == before
        assert "articles_article" in before
        verified = site.run("manage.py", "verify")
        assert verified.returncode == 0, verified.stdout + verified.stderr


def test_articles_come_before_what_belongs_to_them() -> None:
    names = [model.__name__ for model in belonging()]
    assert {"Article", "Section", "SourceLink", "Comment", "Edition", "Passage", "TaggedItem", "StoryPart"} <= set(
        names
    )
    assert names.index("Article") < names.index("Edition") < names.index("Passage")
    assert not {"User", "Tag", "Commentator"} & set(names)


def test_large_corpora_spread_over_years_and_not_over_centuries() -> None:
    assert corpora.earlier(1, 1_000, 20) > timedelta(days=49)
    assert corpora.earlier(999, 1_000, 1_000) < timedelta(days=366) * 21


def test_some_tags_hosts_and_voices_are_everywhere_and_others_rare() -> None:
    forms = list(documents(500))
    tags = Counter(tag for form in forms for tag in form["tags"])
    hosts = Counter(
        source["url"].split("/")[2] for form in forms for part in form["sections"] for source in part["sources"]
    )
    assert tags.most_common()[0][1] > 300
    assert tags.most_common()[-1][1] < 10
    assert hosts.most_common()[0][1] > 20 * hosts.most_common()[-1][1]


# Databases


class Made:
    """Notes which databases were filled, and leaves a file that says with what."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.jobs: list[tuple[str, int]] = []

    def __call__(self, job: str, size: int, url: str) -> None:
        self.jobs.append((job, size))
        with Path(url.removeprefix("sqlite:///")).open("a") as file:
            file.write(f"{job} {size};")


def test_corpora_are_kept_and_larger_ones_grow_from_the_base(tmp_path: Path) -> None:
    made, shelf = Made(tmp_path), databases.Files(tmp_path)
    Path(tmp_path, "of-other-code_1000.sqlite3").touch()
    names = [databases.corpus(shelf, size, made) for size in (20_000, 1_000, 20_000)]
    assert made.jobs == [("fill", 1_000), ("grow", 20_000)]
    assert sorted(shelf.names()) == sorted({names[0], names[1]})
    assert Path(tmp_path, f"{names[0]}.sqlite3").read_text() == "fill 1000;grow 20000;"


def test_corpus_that_was_not_finished_is_made_again(tmp_path: Path) -> None:
    shelf = databases.Files(tmp_path)

    def broken(job: str, size: int, url: str) -> None:
        Path(url.removeprefix("sqlite:///")).touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        databases.corpus(shelf, 30, broken)
    made = Made(tmp_path)
    databases.corpus(shelf, 30, made)
    assert made.jobs == [("fill", 30)]


def test_corpus_without_room_is_not_begun(tmp_path: Path) -> None:
    made = Made(tmp_path)
    with pytest.raises(databases.NoRoom, match="GB"):
        databases.corpus(databases.Files(tmp_path), 10**12, made)
    assert made.jobs == [("fill", 1_000)]


# A whole run


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def found(bench: Path) -> dict[str, Any]:
    """The report of a tiny run."""
    options = Options(bench, rounds=1, seconds=0.2, workers=1, only=["article", "front", "404"])
    plan = whole.Plan([30], [databases.Files(bench)], publications=1, imported=20, imported_into=10)
    return whole.run(plan, options, str)


@needs_wrk
@on_sqlite
def test_every_figure_is_there(found: dict[str, Any]) -> None:
    [corpus] = found["runs"]
    assert (corpus["database"], corpus["articles"]) == ("sqlite", 30)
    assert [row["page"] for row in corpus["pages"]] == ["article", "front", "404"]
    for row in corpus["pages"]:
        assert row["bytes"] > 500
        assert 1 <= row["queries"] <= 8
        for kind in ("bare", "made", "cold", "warm", *(["unchanged"] if row["page"] != "404" else [])):
            assert row[kind]["per_second"] > 0
            assert row[kind]["p99"] >= row[kind]["p50"] > 0
            assert row[kind]["cpu"] >= 0
        assert row["first"]["p50"] > 0
    assert "site_cache" in corpus["pages"][1]
    assert all(each["rss"] >= each["pss"] > 1 for each in corpus["memory"])
    assert [each["page"] for each in corpus["desk"]] == ["desk, list", "desk, form", "desk, save"]
    assert found["visible"]["most"] > 0
    assert found["import"]["last"] > 0
    assert corpus["import"] > 0
    assert len(found["goals"]) == 11


@needs_wrk
@on_sqlite
@pytest.mark.skipif(not nginx.program(), reason="nginx is not here")
def test_nginx_sends_the_same_bytes_as_files(found: dict[str, Any]) -> None:
    assert found["runs"][0]["pages"][1]["static"]["per_second"] > 0


@needs_wrk
@on_sqlite
def test_report_is_for_people_and_programs(found: dict[str, Any], tmp_path: Path) -> None:
    [drawing] = whole.write(found, Path(tmp_path, "bench.json"))
    assert json.loads(Path(tmp_path, "bench.json").read_text())["runs"][0]["articles"] == 30
    assert drawing.read_text().startswith("<svg")
    text = report.text(found)
    assert all(name in text for name in ("article", "front", "404", "Goals:", "publish to visible", "Memory"))


@needs_wrk
@on_sqlite
def test_wrong_body_is_noticed(found: dict[str, Any], bench: Path, tmp_path: Path) -> None:
    shelf, options = databases.Files(bench), Options(bench, workers=1, only=["front"])
    url = shelf.url(databases.corpus(shelf, 30, Made(tmp_path)))
    [page] = measure.found_pages(url, tmp_path, options)
    port = servers.free_port()
    line = servers.command(servers.GUNICORN, servers.SITE, port, 1)
    with servers.served(line, port, options.environment(url), options.log):
        load.check(port, measure.HOST, replace(page.wanted[0], etag=""))
        with pytest.raises(WrongAnswer, match="not those of the page"):
            load.check(port, measure.HOST, Wanted("/", "0" * 64))
        with pytest.raises(WrongAnswer, match="404"):
            load.check(port, measure.HOST, Wanted("/articles/999999999/", ""))
        with pytest.raises(WrongAnswer, match="refused"):
            load.load(port, measure.HOST, [Wanted("/articles/999999999/", "")], 0.1)
    assert not servers.answers(port)


def test_files_have_the_headers_of_their_pages(tmp_path: Path) -> None:
    headers = [("content-type", "text/html; charset=utf-8"), ("X-Said", 'a "b" \\'), ("content-length", "3")]
    text = nginx.static(tmp_path, tmp_path, 8123, 1, {0: ("/港/", headers)}).read_text()
    assert 'location = "/港/" { try_files /0.sent =404; default_type "text/html; charset=utf-8"; ' in text
    assert 'add_header X-Said "a \\"b\\" \\\\"; }' in text


def test_without_wrk_the_command_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CommandError, match="apt-get install wrk"):
        call_command("bench")


# Reports


def page(name: str, made: float, bare: float = 1.0, **more: Any) -> dict[str, Any]:
    def figures(cpu: float) -> dict[str, float]:
        return {"cpu": cpu, "database_cpu": 0.0, "per_second": 1000 / cpu, "p50": cpu, "p99": 2 * cpu}

    kinds = {
        "bare": figures(bare),
        "made": figures(made),
        "cold": figures(made / 2),
        "warm": figures(bare / 2),
        "unchanged": figures(bare / 2),
    }
    return {"page": name, "bytes": 1, "queries": 3, "source": "", "first": {"p50": 1.0}, **kinds, **more}


def of_sizes(*costs: float) -> dict[str, Any]:
    runs = [
        {"database": "sqlite", "articles": 10 ** (place + 3), "pages": [page("article", made)], "memory": []}
        for place, made in enumerate(costs)
    ]
    return {"runs": runs, "growth": report.growth(runs)}


def test_growth_is_measured_beside_the_bare_view() -> None:
    slow = {"database": "sqlite", "articles": 20_000, "memory": [], "pages": [page("article", made=6, bare=2)]}
    fast = {"database": "sqlite", "articles": 1_000, "memory": [], "pages": [page("article", made=2, bare=1)]}
    assert report.growth([slow, fast]) == {"sqlite": {"article": pytest.approx(1.5)}}
    assert report.growth([fast]) == {}


def test_goals_name_the_worst_figure_and_what_was_not_measured() -> None:
    found = {goal.name: goal for goal in report.goals(of_sizes(2.0, 8.0))}
    cold = found["cold article, of the bare view"]
    assert (cold.figure, cold.where, cold.met) == (0.25, "article, sqlite 10,000", False)
    assert found["warm, of the bare view"].met is True
    assert found["growth from the smallest corpus to the largest"].figure == 4
    assert found["publish to visible, s"].met is None


def test_an_import_keeps_up_where_it_is_as_fast_into_a_large_archive() -> None:
    found = of_sizes(2.0, 2.0)
    for run, rate in zip(found["runs"], (200.0, 150.0), strict=True):
        run["import"] = rate
    [goal] = [goal for goal in report.goals(found) if goal.name.startswith("import")]
    assert (goal.figure, goal.where, goal.met) == (0.75, "sqlite 10,000", False)
    assert "sqlite 10,000: import of more, 150 articles a second" in report.text(found)


def test_drawing_has_a_line_for_each_page_and_is_for_light_and_dark() -> None:
    drawn = picture(of_sizes(2.0, 8.0, 9.0)["runs"], "sqlite")
    assert drawn.count("<polyline") == 1
    assert drawn.count("<circle") == 3
    assert "prefers-color-scheme: dark" in drawn
    assert "article 9" in drawn


# nginx before the site


SHIPPED = """
# pages of the site
proxy_cache_path /var/cache/nginx/newsdesk keys_zone=pages:10m;
upstream newsdesk { server 127.0.0.1:8000; keepalive 8; }
server { listen 80; listen [::]:80; server_name news.example.jp; return 301 https://$host$request_uri; }
server {
  listen 443 ssl http2; listen [::]:443 ssl http2; server_name news.example.jp;
  ssl_certificate /etc/ssl/a.pem;
  location / { proxy_pass http://newsdesk; proxy_set_header X-Forwarded-Proto $scheme; }
}
"""


def test_shipped_configuration_is_brought_to_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nginx, "SHIPPED", Path(tmp_path, "nginx.conf"))
    nginx.SHIPPED.write_text(SHIPPED)
    path, ports = nginx.before(tmp_path, "news.example.com", 8123, 1)
    text = path.read_text()
    assert len(ports) == 2
    assert all(f"listen 127.0.0.1:{port};" in text for port in ports)
    assert "server 127.0.0.1:8123;" in text
    assert "X-Forwarded-Proto https" in text
    assert not any(word in text for word in ("ssl_", "[::]", "/var/cache", "example.jp"))
    nginx.SHIPPED.write_text("server { listen 80; }")
    with pytest.raises(ValueError, match="passes nothing on"):
        nginx.before(tmp_path, "news.example.com", 8123, 1)
