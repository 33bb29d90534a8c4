"""The newsroom at work in Chromium: a writer, an editor and a publisher bring an article to its readers, with notes."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import drafting, following, noting, publishing, reviewing
from articles.document import Document, Section
from articles.models import Article, Edition, Event, Note
from articles.workflow import Role
from tests.browser.signing import sign_in as sign_in_as
from tests.desk import person

pytestmark = pytest.mark.django_db(transaction=True)

DESK = "/admin/articles/article/"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

SignIn = Callable[[User], None]


@pytest.fixture
def people() -> dict[Role, User]:
    return {role: person(role) for role in Role}


@pytest.fixture
def sign_in(page: Page, live_server: LiveServer) -> SignIn:
    """Take another person's seat at the desk."""

    def sit_down(user: User) -> None:
        page.context.clear_cookies()
        sign_in_as(page, live_server, user.username)

    return sit_down


def made(owner: User) -> Article:
    sections = (Section(heading="橋の今", body="工事が進む。"), Section(heading="これから", body="春に開く。"))
    article = drafting.create(Document(title="橋はいつ架かる？", lead="春に架かる。", sections=sections), by=owner)
    publishing.save(article, by=owner)
    return article


def test_from_writer_over_editor_to_publisher(
    page: Page, live_server: LiveServer, people: dict[Role, User], sign_in: SignIn
) -> None:
    article = made(people[Role.WRITER])
    change = f"{live_server.url}{DESK}{article.pk}/change/"

    sign_in(people[Role.WRITER])
    page.goto(change)
    expect(page.get_by_role("button", name="保存して公開")).to_have_count(0)
    page.get_by_role("link", name="校閲に出す…").click()
    page.select_option("#id_assignee", label="editor")
    page.fill("#id_request", "日付を確かめてください。")
    page.get_by_role("button", name="校閲に出す").click()
    expect(page.locator(".desk-panel .desk-stage-review")).to_be_visible()

    sign_in(people[Role.EDITOR])
    page.goto(f"{live_server.url}{DESK}?mine=waiting")
    page.get_by_role("link", name="橋はいつ架かる？").click()
    expect(page.locator(".desk-panel")).to_contain_text("日付を確かめてください。")
    page.get_by_role("link", name="承認・差し戻し…").click()
    page.fill("#id_answer", "確かめました。")
    page.get_by_role("button", name="承認する").click()
    expect(page.locator(".desk-panel .desk-stage-approved")).to_be_visible()
    expect(page.get_by_role("link", name="公開・予約…")).to_have_count(0)

    sign_in(people[Role.PUBLISHER])
    page.goto(change)
    page.get_by_role("link", name="公開・予約…").click()
    page.fill("#id_at", "2031-04-01T09:00")
    page.locator(".desk-form [type=submit]").click()
    expect(page.locator(".desk-panel .desk-state-scheduled")).to_be_visible()

    assert Edition.objects.scheduled().get().published_by == people[Role.PUBLISHER]
    told = [(event.verb, event.by_name) for event in Event.objects.order_by("pk")]
    assert told == [("ask_review", "writer"), ("approve", "editor"), ("schedule", "publisher")]


def test_notes_are_written_and_settled_beside_unsaved_text(
    page: Page, live_server: LiveServer, people: dict[Role, User], sign_in: SignIn
) -> None:
    article = made(people[Role.EDITOR])
    sign_in(people[Role.EDITOR])
    page.goto(f"{live_server.url}{DESK}{article.pk}/change/")
    page.locator("#desk-notes-tab").click()
    page.fill("#id_lead", "まだ保存していない文章")
    page.locator("#id_sections-1-body").click()
    expect(page.locator("#note_section option:checked")).to_have_text("これから")
    expect(page.locator(".desk-checks-sum")).not_to_be_empty()  # the checks mark sections, too
    mark = page.locator("#desk-outline li").nth(1).locator(".desk-mark")
    before = int(mark.text_content() or 0) if mark.count() else 0
    page.fill("#note_text", "開通の日を確かめる")
    page.get_by_role("button", name="メモを加える").click()
    expect(page.locator(".desk-note")).to_contain_text("開通の日を確かめる")
    expect(mark).to_have_text(str(before + 1))
    expect(page.locator("#desk-notes-count")).to_have_text("1")
    expect(page.locator("#id_lead")).to_have_value("まだ保存していない文章")
    note = Note.objects.get()
    assert note.section == article.sections.last()

    page.locator(".desk-note [data-jump]").click()
    expect(page.locator("#id_sections-1-heading")).to_be_focused()
    page.get_by_role("button", name="解決済みにする").click()
    expect(page.locator(".desk-notes-settled")).to_contain_text("解決済みのメモ 1件")
    expect(mark).to_have_text([str(before)] if before else [])
    page.locator(".desk-notes-settled summary").click()
    page.get_by_role("button", name="未解決に戻す").click()
    expect(page.locator(".desk-note:not(.is-settled)")).to_have_count(1)
    expect(page.locator("#id_lead")).to_have_value("まだ保存していない文章")


def test_a_note_that_cannot_be_sent_stays_on_the_page(
    page: Page, live_server: LiveServer, people: dict[Role, User], sign_in: SignIn
) -> None:
    article = made(people[Role.EDITOR])
    sign_in(people[Role.EDITOR])
    page.goto(f"{live_server.url}{DESK}{article.pk}/change/")
    page.locator("#desk-notes-tab").click()
    page.fill("#note_text", "消えては困るメモ")
    page.context.set_offline(True)
    page.get_by_role("button", name="メモを加える").click()
    expect(page.locator(".desk-notes-told")).to_contain_text("そのまま残っています")
    expect(page.locator("#note_text")).to_have_value("消えては困るメモ")
    page.context.set_offline(False)
    page.get_by_role("button", name="メモを加える").click()
    expect(page.locator(".desk-note")).to_contain_text("消えては困るメモ")


def test_many_are_done_at_once_and_told_one_by_one(
    page: Page, live_server: LiveServer, people: dict[Role, User], sign_in: SignIn
) -> None:
    first = made(people[Role.WRITER])
    publishing.publish(made(people[Role.WRITER]).editions.get(), by=None)
    sign_in(people[Role.PUBLISHER])
    page.check("#action-toggle")
    page.select_option("select[name=action]", "publish_selected")
    page.click("button[name=index]")
    expect(page.locator(".desk-chosen li")).to_have_count(2)
    page.click("[name=apply]")
    expect(page.locator(".is-done")).to_have_count(1)
    expect(page.locator(".is-refused")).to_have_count(1)
    assert Edition.objects.live().filter(article=first).exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_screen_fits_and_axe_finds_nothing(
    page: Page, live_server: LiveServer, people: dict[Role, User], sign_in: SignIn, width: int, scheme: str
) -> None:
    writer, reader = people[Role.WRITER], people[Role.EDITOR]
    article = made(writer)
    following.follow_up(article, by=writer)
    noting.write(article, "確かめる", by=reader, section=article.sections.first())
    noting.settle(noting.write(article, "長い" * 60, by=writer), by=reader)
    free = made(writer)
    reviewing.ask(article, by=writer, assignee=reader, request="お願いします。")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 844})
    sign_in(reader)
    names = [f"{article.pk}/answer/", f"{article.pk}/notes/", f"{free.pk}/review/", "?mine=waiting", "../event/"]
    for name in [*names, f"{article.pk}/change/"]:
        page.goto(f"{live_server.url}{DESK}{name}")
        _is_well(page, width, name)
    sign_in(writer)
    page.goto(f"{live_server.url}{DESK}{made(reader).pk}/change/")
    _is_well(page, width, "the article of another")
    page.goto(f"{live_server.url}{DESK}")
    page.check("#action-toggle")
    page.select_option("select[name=action]", "add_tags_to_selected")
    page.click("button[name=index]")
    page.wait_for_selector("[name=apply]")
    _is_well(page, width, "asking")
    page.fill("#id_tags", "港")
    page.click("[name=apply]")
    page.wait_for_selector(".desk-results")
    _is_well(page, width, "results")


def _is_well(page: Page, width: int, name: str) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    found = Axe().run(page, options=RULES)
    told = [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found.response["violations"]]
    assert told == [], f"{name}: {told}"
