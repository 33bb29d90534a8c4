"""Small files that programs ask for by themselves: icons, the manifest, security.txt."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from articles.samples import sign
from tests.catalogue import ROOT
from tests.reading import page
from tests.test_settings import SAFE, run

pytestmark = pytest.mark.django_db

IMAGES = ROOT / "static" / "img"
DRAWN = ["icon-180.png", "icon-192.png", "icon-512.png", "icon-maskable.png", "favicon.ico"]


def stored(url: str) -> Path:
    """The file behind the address of a static one."""
    found = finders.find(url.removeprefix("/static/"))
    assert found, url
    return Path(found)


# -- icons


@pytest.mark.parametrize(("url", "kind"), [("/favicon.ico", "ICO"), ("/apple-touch-icon.png", "PNG")])
def test_programs_that_ask_at_the_root_are_led_to_the_icon(client: Client, url: str, kind: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 302
    assert "max-age=86400" in answer["Cache-Control"]
    assert not answer.cookies
    with Image.open(stored(answer["Location"])) as icon:
        assert icon.format == kind
    assert client.post(url).status_code == 405


def test_every_page_names_icons_that_are_there(client: Client) -> None:
    head = page(client.get("/")).one("head")
    for rel in ("icon", "apple-touch-icon"):
        for link in head.all("link", rel=rel):
            assert stored(link["href"]).stat().st_size < 20_000
    assert head.one("link", rel="manifest")["href"] == "/manifest.webmanifest"
    with Image.open(IMAGES / "favicon.ico") as icon:
        assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}


@pytest.mark.parametrize("name", DRAWN)
def test_the_icons_are_those_their_script_draws(name: str, tmp_path: Path) -> None:
    sign.draw(tmp_path)
    with Image.open(tmp_path / name) as drawn, Image.open(IMAGES / name) as kept:
        assert drawn.convert("RGBA").tobytes() == kept.convert("RGBA").tobytes()


def test_an_icon_that_is_cut_has_ground_to_the_edges_and_its_sign_within_the_circle() -> None:
    with Image.open(IMAGES / "icon-maskable.png") as icon:
        assert icon.mode == "RGB", "nothing shows through"
        ground = icon.getpixel((0, 0))
        outside = [
            icon.getpixel((x, y))
            for x in range(0, 512, 3)
            for y in range(0, 512, 3)
            if (x - 256) ** 2 + (y - 256) ** 2 > (0.4 * 512) ** 2
        ]
        assert set(outside) == {ground}
        assert len(icon.getcolors(100_000) or ()) > 1


# -- the manifest


def test_the_manifest_tells_what_the_site_is(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    told = json.loads(answer.content)
    assert (told["name"], told["short_name"], told["lang"], told["start_url"]) == ("試験新聞", "試験新聞", "ja", "/")
    assert [icon.get("purpose", "any") for icon in told["icons"]] == ["any", "any", "maskable"]
    for each in told["icons"]:
        with Image.open(stored(each["src"])) as icon:
            assert f"{icon.width}x{icon.height}" == each["sizes"]
    assert client.get("/manifest.webmanifest", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_the_browser_wears_the_paper_of_the_page(client: Client) -> None:
    tokens = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    day, night = re.findall(r"--paper: (#[0-9a-f]{6});", tokens)[:2]
    metas = page(client.get("/")).one("head").all("meta")
    assert [each["content"] for each in metas if each.attributes.get("name") == "theme-color"] == [day, night]
    told = json.loads(client.get("/manifest.webmanifest").content)
    assert (told["background_color"], told["theme_color"]) == (day, day)


# -- security.txt

URL = "/.well-known/security.txt"


def test_nobody_is_named_until_the_settings_name_somebody(client: Client) -> None:
    assert client.get(URL).status_code == 404


@pytest.mark.parametrize(
    ("now", "expires"),
    [
        (datetime(2026, 4, 18, 3, tzinfo=UTC), "2026-10-01T00:00:00+09:00"),
        (datetime(2026, 8, 31, 14, 59, tzinfo=UTC), "2027-02-01T00:00:00+09:00"),
        (datetime(2026, 8, 31, 15, 0, tzinfo=UTC), "2027-03-01T00:00:00+09:00"),
    ],
)
def test_it_names_whom_to_tell_and_never_runs_out(
    client: Client, settings: LazySettings, now: datetime, expires: str
) -> None:
    settings.SECURITY_CONTACT = ["mailto:anzen@example.com", "https://example.com/report?a=1&b=2"]
    with time_machine.travel(now, tick=False):
        answer = client.get(URL)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "Contact: mailto:anzen@example.com",
        "Contact: https://example.com/report?a=1&b=2",
        f"Expires: {expires}",
        "Preferred-Languages: ja, en",
        "Canonical: http://news.example/.well-known/security.txt",
    ]


@pytest.mark.parametrize("contact", ["anzen@example.com", "http://example.com/", "mailto:a@b.c\nExpires: 1", "港"])
def test_a_contact_that_is_no_address_keeps_the_site_from_starting(contact: str) -> None:
    done = run("import newsdesk.settings", SAFE | {"SECURITY_CONTACT": contact})
    assert done.returncode
    assert "SECURITY_CONTACT must be like mailto:security@example.com" in done.stderr
