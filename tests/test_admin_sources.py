"""The report on links at the desk: what is gone, who stands on it, where a copy is kept."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import proofreading
from articles.admin import front
from articles.document import Document, Section, Source
from articles.link_health import Look, note
from articles.models import Address, Edition, Event
from articles.workflow import Role
from tests.desk import editor, fields, person, signed_in
from tests.newsroom import published

pytestmark = pytest.mark.django_db

REPORT = reverse("admin:articles_address_changelist")
GONE, WELL = "https://news.example/gone", "https://news.example/well"
COPY = "https://archive.example/1"


@pytest.fixture
def edition() -> Edition:
    """A live edition that stands on a page that is gone, and one that is there."""
    sources = (Source(caption="発表", url=GONE), Source(caption="続報", url=WELL))
    edition = published(sections=(Section(heading="港", sources=sources),))
    Address.objects.filter(url=GONE).update(health=Address.Health.GONE)
    note(Address.objects.get(url=WELL), Look(Address.Health.WELL, 200))
    return edition


@pytest.fixture
def desk() -> Client:
    return signed_in(editor())


def gone() -> Address:
    return Address.objects.get(url=GONE)


def change(address: Address) -> str:
    return reverse("admin:articles_address_change", args=[address.pk])


def chosen(action: str, *addresses: Address) -> dict[str, object]:
    return {"action": action, "_selected_action": [address.pk for address in addresses]}


def test_what_is_gone_stands_first_with_who_stands_on_it(desk: Client, edition: Edition) -> None:
    published("橋は？", sections=(Section(heading="橋", sources=(Source(caption="発表", url=GONE),)),))
    rows = list(desk.get(REPORT).context["cl"].result_list)
    assert [(row.url, row.uses) for row in rows] == [(GONE, 2), (WELL, 1)]
    page = desk.get(change(gone())).content.decode()
    assert reverse("admin:articles_article_change", args=[edition.article_id]) in page


def test_the_report_is_filtered_and_searched(desk: Client, edition: Edition) -> None:
    for query in ({"health__exact": "gone"}, {"q": "/gone"}):
        assert [row.url for row in desk.get(REPORT, query).context["cl"].result_list] == [GONE]


def test_the_report_costs_the_same_for_any_number(desk: Client, django_assert_max_num_queries: Any) -> None:
    sources = tuple(Source(caption=f"{number}", url=f"https://news.example/{number}") for number in range(30))
    published(sections=(Section(heading="港", sources=sources),))
    with django_assert_max_num_queries(8):
        desk.get(REPORT)


def test_the_history_of_an_address_is_shown(desk: Client, edition: Edition) -> None:
    page = desk.get(change(Address.objects.get(url=WELL))).content.decode()
    assert "200" in page
    assert str(Address.Health.WELL.label) in page


def test_a_copy_is_named_and_readers_are_led_to_it(desk: Client, client: Client, edition: Edition) -> None:
    sent = {**fields(desk.get(change(gone()))), "archive_url": f" {COPY} "}
    assert desk.post(change(gone()), sent).status_code == 302
    assert gone().archive_url == COPY
    assert COPY in client.get(edition.get_absolute_url()).content.decode()
    assert Event.objects.get(verb="change_address").details == {"url": GONE, "archive": COPY}


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://user@archive.example/1"])
def test_what_is_no_address_of_a_copy_is_refused_and_kept_in_the_form(
    desk: Client, edition: Edition, address: str
) -> None:
    answer = desk.post(change(gone()), {**fields(desk.get(change(gone()))), "archive_url": address})
    assert answer.status_code == 200
    assert address in answer.content.decode()
    assert gone().archive_url == ""


def test_addresses_are_looked_at_again_or_left_alone(desk: Client, client: Client, edition: Edition) -> None:
    well = Address.objects.get(url=WELL)
    assert well.due_at > timezone.now()
    desk.post(REPORT, chosen("look_again", well))
    well.refresh_from_db()
    assert well.due_at <= timezone.now()
    desk.post(REPORT, chosen("leave_alone", gone()))
    assert (gone().ignored, gone().health) == (True, Address.Health.UNKNOWN)
    assert f'href="{GONE}"' in client.get(edition.get_absolute_url()).content.decode()


def test_a_writer_reads_the_report_and_changes_nothing(edition: Edition) -> None:
    writer = signed_in(person(Role.WRITER))
    assert writer.get(REPORT).status_code == 200
    writer.post(change(gone()), {"archive_url": COPY})
    writer.post(REPORT, chosen("leave_alone", gone()))
    assert (gone().archive_url, gone().ignored) == ("", False)


def test_strangers_see_nothing(client: Client, edition: Edition) -> None:
    assert {client.get(each).status_code for each in (REPORT, change(gone()))} == {302}


def test_the_checks_tell_of_a_dead_address_however_it_is_spelt_until_a_copy_is_known(edition: Edition) -> None:
    source = Source(caption="発表", url="https://NEWS.example/gone?utm_source=x")
    document = Document(title="港は？", sections=(Section(heading="港", sources=(source,)),))

    def dead() -> bool:
        return any(found.rule == "address_dead" for found in proofreading.findings(document, {}))

    assert dead()
    Address.objects.filter(url=GONE).update(archive_url=COPY)
    assert not dead()


def test_the_front_page_counts_what_is_gone(desk: Client, edition: Edition) -> None:
    box = next(each for each in front.boxes(desk.get("/admin/").wsgi_request) if each.name == "sources")
    assert (box.count, [row.text for row in box.rows]) == (1, [GONE])
    assert desk.get(box.address).context["cl"].result_count == 1
