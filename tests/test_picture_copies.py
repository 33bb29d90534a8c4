"""Readers get pictures in the format and size that suit them, with what matters in sight where a page cuts them."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from articles import drafting, picturing, publishing
from articles.document import Comment, Document, Section, Source
from articles.models import Commentator, Edition, Picture
from articles.renditions import STEPS, focal_class
from articles.resizing import resize_rest
from tests.catalogue import ROOT
from tests.newsroom import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> Picture:
    return picturing.keep(picture("JPEG", (1400, 900)), by=None, permission="own")


def shown(row: Picture) -> Edition:
    source = Source(caption="市の発表", image=str(row.file), image_credit="港日報")
    section = Section(heading="港", sources=(source,), opening=(Comment("磯田 真", "そうですね。"),))
    article = drafting.create(Document(title="港はいつ開く？", lead="再開が近い。", sections=(section,)))
    article.sections.get().sources.update(image_alt="夕方の港")
    return publishing.publish(publishing.save(article, by=None), by=None, despite_findings=True)


def widths(html: str, kind: str) -> list[list[str]]:
    """The widths of the copies that the page offers in a format."""
    found = re.findall(rf'type="image/{kind}" srcset="([^"]*)"', html)
    return [re.findall(r" (\d+)w", srcset) for srcset in found]


def test_a_page_offers_copies_in_the_formats_there_are(client: Client, row: Picture) -> None:
    resize_rest(lambda: False)
    edition = shown(row)
    html = client.get(edition.get_absolute_url()).content.decode()
    assert widths(html, "avif") == widths(html, "webp") == [["320", "640", "1280", "1400"]]
    fallback = re.search(r"<img[^>]*夕方の港[^>]*>", html)
    assert fallback
    assert f'src="{row.file.url}"' in fallback[0]
    assert "-640.jpg 640w" in fallback[0]
    assert 'width="1400" height="900"' in fallback[0]


def test_copies_made_after_publication_reach_the_page_at_once(client: Client, row: Picture) -> None:
    edition = shown(row)
    address = edition.get_absolute_url()
    before = client.get(address)
    assert "srcset" not in before.content.decode()
    assert row.file.url in before.content.decode()
    resize_rest(lambda: False)
    after = client.get(address, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert widths(after.content.decode(), "avif")


def test_a_list_keeps_the_point_in_sight(client: Client, row: Picture) -> None:
    shown(row)
    row.focal_x, row.focal_y = 0.21, 0.9
    picturing.change(row, by=None, changed=["focal_x", "focal_y"])
    assert "focal-x-2 focal-y-9" in client.get("/").content.decode()


def test_every_class_of_a_point_is_in_the_style_sheet() -> None:
    style = (ROOT / "static" / "css" / "components.css").read_text(encoding="utf-8")
    wanted = {name for step in range(STEPS + 1) for name in focal_class((step / STEPS, 0.1)).split()}
    wanted |= {name for step in range(STEPS + 1) for name in focal_class((0.1, step / STEPS)).split()}
    assert [name for name in sorted(wanted) if f".{name} {{" not in style] == []


def test_a_portrait_comes_in_its_smallest_copy(client: Client, row: Picture) -> None:
    Commentator.objects.create(name="磯田 真", portrait=str(row.file), portrait_width=1400, portrait_height=900)
    resize_rest(lambda: False)
    html = client.get(shown(row).get_absolute_url()).content.decode()
    face = re.search(r'<img class="face[^>]*>', html)
    assert face
    assert 'sizes="56px"' in face[0]
    assert "-320.jpg 320w" in face[0]


def test_pages_with_copies_cost_no_query_more(client: Client, row: Picture, django_assert_num_queries: object) -> None:
    resize_rest(lambda: False)
    edition = shown(row)
    for address, queries in ((edition.get_absolute_url(), 4), ("/", 3)):
        client.get(address)
        with django_assert_num_queries(queries):  # type: ignore[operator]
            client.get(address)


def test_feeds_show_the_picture_as_it_is(client: Client, row: Picture) -> None:
    resize_rest(lambda: False)
    shown(row)
    told = client.get(reverse("json-feed")).json()["items"][0]["content_html"]
    assert row.file.url in told
    assert "srcset" not in told
