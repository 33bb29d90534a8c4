"""The library of pictures in Chromium: dropped and pasted files, the point that stays in sight, axe, a phone."""

import base64

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import drafting, picturing
from articles.document import Document, Section, Source
from articles.models import Picture
from tests.newsroom import picture

pytestmark = pytest.mark.django_db(transaction=True)

LIBRARY = "/admin/articles/picture/"

# A file in a DataTransfer, as a drop or a paste brings it.
BRING = """([kind, name, data]) => {
  const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], name, { type: "image/jpeg" }));
  const event = kind === "drop"
    ? new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true })
    : new ClipboardEvent("paste", { clipboardData: files, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
}"""


@pytest.fixture
def desk(desk: Page, live_server: LiveServer) -> Page:
    """The library of pictures."""
    desk.goto(f"{live_server.url}{LIBRARY}")
    return desk


def _bring(desk: Page, kind: str, name: str, side: int) -> None:
    data = base64.b64encode(picture("JPEG", (side, 300)).getvalue()).decode()
    desk.evaluate(BRING, [kind, name, data])


def _is_well(desk: Page, width: int) -> None:
    assert desk.evaluate("document.documentElement.scrollWidth") <= width, desk.url
    found = Axe().run(desk)
    assert not found.response["violations"], found.generate_report()


def test_files_are_dropped_and_pasted(desk: Page, live_server: LiveServer) -> None:
    desk.goto(f"{live_server.url}{LIBRARY}add/")
    _bring(desk, "drop", "港.jpg", 400)
    _bring(desk, "paste", "船.jpg", 500)
    expect(desk.locator(".desk-chosen-files")).to_have_text("港.jpg、船.jpg")
    desk.click(".desk-upload [type=submit]")
    desk.wait_for_selector(".messagelist .success")
    assert Picture.objects.count() == 2
    expect(desk.locator(".desk-thumbnail")).to_have_count(2)


def test_the_point_in_sight_is_set_by_pressing_and_by_keys(desk: Page, live_server: LiveServer) -> None:
    row = picturing.keep(picture("JPEG", (600, 400)), by=None)
    desk.goto(f"{live_server.url}{LIBRARY}{row.pk}/change/")
    box = desk.locator(".desk-focal img").bounding_box()
    assert box
    desk.locator(".desk-focal img").click(position={"x": box["width"] / 4, "y": box["height"] * 3 / 4})
    expect(desk.locator("#id_focal_x")).to_have_value("0.25")
    expect(desk.locator("#id_focal_y")).to_have_value("0.75")
    desk.locator(".desk-focal-point").press("ArrowRight")
    desk.locator(".desk-focal-point").press("ArrowUp")
    expect(desk.get_by_role("button", name="左から27 %、上から73 %")).to_be_focused()
    desk.fill("#id_alt", "夕方の港")
    desk.click("[name=_continue]")
    desk.wait_for_selector(".messagelist .success")
    row.refresh_from_db()
    assert (row.focal_x, row.focal_y, row.alt) == (0.27, 0.73, "夕方の港")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_screens_are_accessible_and_fit(desk: Page, live_server: LiveServer, width: int, scheme: str) -> None:
    row = picturing.keep(picture("JPEG", (900, 600)), by=None, alt="夕方の港", credit="港日報")
    desk.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    desk.set_viewport_size({"width": width, "height": 844})
    for address in ("", "add/", f"{row.pk}/change/", f"{row.pk}/delete/"):
        desk.goto(f"{live_server.url}{LIBRARY}{address}")
        _is_well(desk, width)


def test_a_source_takes_its_picture_from_the_library_or_from_a_paste(desk: Page, live_server: LiveServer) -> None:
    known = picturing.keep(picture("JPEG", (640, 480)), by=None, alt="夕方の港", credit="港日報", permission="own")
    section = Section(heading="港", sources=(Source(caption="一"), Source(caption="二", image_credit="船だより")))
    article = drafting.create(Document(title="港はいつ開く？", sections=(section,)))
    desk.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    desk.wait_for_selector("html.has-desk-script")
    desk.locator(".desk-picture-choose").first.click()
    dialog = desk.locator("#desk-pictures")
    expect(dialog.locator("li button")).to_have_text(["夕方の港・港日報"])
    found = Axe().run(desk)
    assert not found.response["violations"], found.generate_report()
    desk.keyboard.type("夕方")
    expect(dialog.locator("li button")).to_have_count(1)
    dialog.locator("li button").press("Enter")
    expect(dialog).to_be_hidden()
    expect(desk.locator("#id_sections-0-sources-0-image_alt")).to_have_value("夕方の港")
    expect(desk.locator("#id_sections-0-sources-0-image_credit")).to_have_value("港日報")

    desk.focus("#id_sections-0-sources-1-caption")
    data = base64.b64encode(picture("JPEG", (320, 200)).getvalue()).decode()
    desk.evaluate(BRING.replace("document.body", "document.activeElement"), ["paste", "貼った.jpg", data])
    expect(desk.locator(".desk-picture-chosen")).to_have_count(2)
    desk.click("[name=_continue]")
    desk.wait_for_selector(".messagelist .success")
    first, second = drafting.read(article).sections[0].sources
    assert (first.image, second.image_credit) == (str(known.file), "船だより")
    assert second.image == str(Picture.objects.exclude(pk=known.pk).get().file)
