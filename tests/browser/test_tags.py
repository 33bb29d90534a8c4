"""Tags in Chromium: suggested below their field and made in place by keyboard; merged in their list."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from taggit.models import Tag

from articles import drafting
from articles.models import Article
from tests.newsroom import drafted, published

pytestmark = pytest.mark.django_db(transaction=True)

ADD = "/admin/articles/article/add/"
TAGS = "/admin/taggit/tag/"


def test_tags_are_chosen_and_made_by_keyboard(desk: Page, live_server: LiveServer) -> None:
    drafted(tags=("港", "港湾", "ミナト祭"))
    desk.goto(f"{live_server.url}{ADD}")
    desk.wait_for_selector("html.has-desk-script")
    desk.fill("#id_title", "祭りはいつ？")
    field, options = desk.locator("#id_tags"), desk.locator("#desk-tags-found [role=option]")
    field.press_sequentially("みなと")
    expect(options.first).to_have_text("ミナト祭")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    expect(field).to_have_value("ミナト祭、")
    field.press_sequentially("港")
    expect(options).to_have_text(["港", "港湾"])
    field.press("Escape")
    expect(options.first).to_be_hidden()
    field.press_sequentially("町")
    expect(options).to_have_text(["新しいタグ「港町」"])
    found = Axe().run(desk)
    assert not found.response["violations"], found.generate_report()
    field.press("Enter")
    expect(field).to_have_value("ミナト祭、港町、")
    desk.keyboard.press("Control+s")
    desk.wait_for_selector(".messagelist .success")
    made = Article.objects.get(title="祭りはいつ？")
    assert drafting.read(made).tags == ("ミナト祭", "港町")


@pytest.mark.parametrize("width", [390, 1280])
def test_tags_are_merged_in_their_list(desk: Page, live_server: LiveServer, width: int) -> None:
    published(tags=("港", "みなと"))
    old = Tag.objects.get(name="みなと").slug
    desk.set_viewport_size({"width": width, "height": 844})
    desk.goto(f"{live_server.url}{TAGS}")
    desk.check("#action-toggle")
    desk.select_option("select[name=action]", "merge_selected")
    desk.click("button[name=index]")
    desk.wait_for_selector("[name=apply]")
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(desk)
    assert not found.response["violations"], found.generate_report()
    desk.get_by_label("港", exact=False).first.check()
    stays = Tag.objects.get(pk=desk.locator("[name=into]:checked").get_attribute("value"))
    desk.click("[name=apply]")
    desk.wait_for_selector(".messagelist .success")
    assert [tag.pk for tag in Tag.objects.all()] == [stays.pk]
    answer = desk.request.get(f"{live_server.url}/tags/{old}/")
    assert answer.ok
