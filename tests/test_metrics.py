"""Metrics: only with the token; what Prometheus reads; the same from every process."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection
from django.db.backends.signals import connection_created
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from articles import publishing
from articles.background import task
from articles.models import Address, SweepRun
from newsdesk import metrics
from tests.desk import editor, signed_in
from tests.newsroom import drafted, published
from tests.test_settings import SAFE, run

pytestmark = pytest.mark.django_db

TOKEN = "a-token-of-twenty-four-1"
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@task()
def waits() -> None:
    """Never run here."""


@pytest.fixture
def token(settings: LazySettings) -> Iterator[None]:
    settings.METRICS_TOKEN = TOKEN
    yield
    connection_created.disconnect(dispatch_uid="newsdesk.metrics")
    if metrics._count_errors in connection.execute_wrappers:
        connection.execute_wrappers.remove(metrics._count_errors)


def read(text: str) -> Samples:
    families = text_string_to_metric_families(text)
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def ask(client: Client) -> Samples:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["Cache-Control"] == "no-store"
    return read(answer.content.decode())


def test_without_a_token_there_are_none(client: Client) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize(
    "sent", ["", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Bearer 鍵"]
)
def test_strangers_are_refused(client: Client, sent: str) -> None:
    answer = client.get("/metrics", headers={"Authorization": sent})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert not answer.content


@pytest.mark.usefixtures("token")
def test_editors_have_no_other_way_in() -> None:
    assert signed_in(editor()).get("/metrics").status_code == 401


@pytest.mark.usefixtures("token")
def test_requests_are_counted_and_timed_by_kind_of_page(client: Client) -> None:
    edition = published()
    before = ask(client)
    for address in (edition.get_absolute_url(), edition.get_absolute_url(), "/no-such-page/", "/admin/"):
        client.get(address)
    after = ask(client)

    def more(name: str, **labels: str) -> float:
        key = (name, tuple(sorted(labels.items())))
        return after.get(key, 0) - before.get(key, 0)

    assert more("newsdesk_requests_total", page="article", status="200") == 2
    assert more("newsdesk_requests_total", page="desk", status="302") == 1
    assert more("newsdesk_request_seconds_count", page="article") == 2
    assert more("newsdesk_request_seconds_bucket", page="article", le="+Inf") == 2
    assert sum(value for (name, _), value in after.items() if name == "newsdesk_requests_total") > 3


@pytest.mark.usefixtures("token")
def test_addresses_that_strangers_make_up_make_no_new_series(client: Client) -> None:
    client.get("/no-such-page-0/")
    before = ask(client).keys()
    for number in range(1, 20):
        client.get(f"/no-such-page-{number}/")
        client.get(f"/tags/{number}/")
    assert len(ask(client).keys() - before) < 40  # one kind of page, with its buckets


@pytest.mark.usefixtures("token")
def test_how_the_newsroom_is(client: Client) -> None:
    now = timezone.now()
    edition = published("一")
    published("二")
    publishing.publish(
        publishing.save(drafted("三"), by=None), by=None, at=now + timedelta(days=1), despite_findings=True
    )
    for number, state in enumerate((Address.Health.GONE, Address.Health.GONE, Address.Health.WELL)):
        Address.objects.create(url=f"https://example.jp/{number}", host="example.jp", health=state)
    waits.enqueue()
    SweepRun.objects.create(name="articles.a", begun_at=now)
    SweepRun.objects.create(name="articles.b", begun_at=None, error="ValueError")
    found = ask(client)
    assert found["newsdesk_database_up", ()] == 1
    assert found["newsdesk_articles_live", ()] == 2
    assert found["newsdesk_articles_scheduled", ()] == 1
    assert found["newsdesk_sources_dead", ()] == 2
    assert found["newsdesk_last_publication_seconds", ()] >= edition.live_from.timestamp()  # type: ignore[union-attr]
    assert found["newsdesk_tasks", (("state", "waiting"),)] >= 1
    assert found["newsdesk_tasks", (("state", "failed"),)] == 0
    assert 0 <= found["newsdesk_tasks_oldest_seconds", ()] < 60
    assert found["newsdesk_sweep_run_seconds", (("sweep", "articles.a"),)] == pytest.approx(now.timestamp())
    assert found["newsdesk_sweep_run_seconds", (("sweep", "articles.b"),)] == 0
    assert found["newsdesk_sweep_failed", (("sweep", "articles.b"),)] == 1
    assert found.get(("newsdesk_memory_bytes", ()), 1e7) > 1e6


@pytest.mark.usefixtures("token")
def test_an_empty_newsroom_has_metrics_too(client: Client) -> None:
    assert ask(client)["newsdesk_last_publication_seconds", ()] == 0


@pytest.mark.usefixtures("token")
def test_pages_stored_and_made_are_counted_by_whoever_keeps_them(client: Client) -> None:
    stored, made = (("newsdesk_pages_total", (("from", name),)) for name in ("stored", "made"))
    before = ask(client)
    metrics.page_was_stored()
    metrics.page_was_stored()
    metrics.page_was_made()
    after = ask(client)
    assert after[stored] - before.get(stored, 0) == 2
    assert after[made] - before.get(made, 0) == 1


@pytest.mark.usefixtures("token")
def test_statements_that_fail_are_counted(client: Client) -> None:
    ask(client)
    metrics._watch(connection)
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM nowhere_at_all")
    text = metrics.counted().decode()
    assert any(name == "newsdesk_database_errors_total" and value for (name, _), value in read(text).items())


def test_without_a_token_nothing_is_counted(client: Client) -> None:
    before = metrics.counted()
    metrics.page_was_made()
    client.get("/")
    assert metrics.counted() == before


COUNTING = """
import django; django.setup()
from newsdesk import metrics
metrics.page_was_made()
"""
TELLING = f"{COUNTING}\nprint(metrics.counted().decode())"


def test_processes_add_up(tmp_path: Path) -> None:
    environment = {**SAFE, "METRICS_TOKEN": TOKEN, "METRICS_DIR": str(tmp_path / "metrics")}
    for _ in range(2):
        assert run(COUNTING, environment).returncode == 0
    done = run(TELLING, environment)
    assert done.returncode == 0, done.stderr
    assert read(done.stdout)["newsdesk_pages_total", (("from", "made"),)] == 3


def test_without_a_database_they_say_so(tmp_path: Path) -> None:
    code = (
        "import django; django.setup(); from django.test import Client\n"
        f"headers = {{'Authorization': 'Bearer {TOKEN}', 'Host': 'news.example.com'}}\n"
        "answer = Client().get('/metrics', headers=headers); print(answer.content.decode())"
    )
    database = "postgres://desk:word@127.0.0.1:1/news"
    done = run(code, {**SAFE, "DATABASE_URL": database, "METRICS_TOKEN": TOKEN, "METRICS_DIR": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    found = read(done.stdout)
    assert found["newsdesk_database_up", ()] == 0
    assert ("newsdesk_articles_live", ()) not in found


@pytest.mark.parametrize("token", ["short", "これは二十文字より長いけれども英数字ではない"])
def test_a_token_that_can_be_guessed_is_refused(token: str) -> None:
    done = run("import newsdesk.settings", {**SAFE, "METRICS_TOKEN": token})
    assert "METRICS_TOKEN must have 20 ASCII characters or more" in done.stderr
