"""The pictures of the guide and the README, taken anew: `make screenshots` drives a site of samples in Chromium.

Needs Chromium and the fonts that `.ci/run` installs.
"""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.services import chromium

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs/screenshots"
ARTICLES = "/admin/articles/article/"


def main() -> None:
    """Take every picture."""
    browser_path = chromium()
    if not browser_path:
        sys.exit("There is no Chromium here. On Debian or Ubuntu: apt-get install chromium fonts-noto-cjk")
    with tempfile.TemporaryDirectory() as folder, _site(Path(folder)) as (address, password), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": 1280, "height": 860}, locale="ja-JP", timezone_id="Asia/Tokyo", base_url=address
        )
        page = context.new_page()
        _of_readers(page)
        page.goto("/admin/login/")
        page.fill("#id_username", "editor")
        page.fill("#id_password", password)
        page.click("[type=submit]")
        _of_editors(page)
        browser.close()


def _of_readers(page: Page) -> None:
    _take(page, "/", "front")
    _take(page, "/articles/11/", "article")
    page.set_viewport_size({"width": 390, "height": 844})
    _take(page, "/articles/11/", "article-phone")
    page.set_viewport_size({"width": 1280, "height": 860})


def _of_editors(page: Page) -> None:
    _take(page, "/admin/", "desk")
    _take(page, ARTICLES, "list")
    _take(page, f"{ARTICLES}calendar/", "calendar")
    page.set_viewport_size({"width": 1440, "height": 900})
    _take(page, f"{ARTICLES}11/change/", "writing", wait=2500)
    _take(page, f"{ARTICLES}11/manuscript/", "text", wait=2500)
    page.set_viewport_size({"width": 1280, "height": 860})
    _take(page, f"{ARTICLES}11/history/", "history")
    _take(page, f"{ARTICLES}11/links/", "links")
    _take(page, f"{ARTICLES}14/publish/", "publish")
    _take(page, "/admin/articles/picture/", "pictures")
    page.goto("/admin/articles/picture/")
    page.click("#result_list tbody th a")
    _shoot(page, "picture")
    _take(page, "/admin/articles/address/", "addresses")
    page.goto(f"{ARTICLES}import/")
    page.fill("#id_manuscript", min((ROOT / "articles/samples/manuscripts").glob("*.txt")).read_text("utf-8"))
    page.click("[name=read]")
    page.wait_for_selector("#reading")
    page.locator("#reading").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('reading').scrollIntoView()")
    _shoot(page, "import")


def _take(page: Page, address: str, name: str, wait: int = 700) -> None:
    page.goto(address)
    _shoot(page, name, wait)


def _shoot(page: Page, name: str, wait: int = 700) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(wait)
    page.screenshot(path=FOLDER / f"{name}.png")
    print(f"docs/screenshots/{name}.png")


@contextmanager
def _site(folder: Path) -> Iterator[tuple[str, str]]:
    """A site of samples on a free port of this machine: its address, and the editor's password."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DEBUG": "1",
        "SITE_URL": address,
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "STORAGE_URL": f"file://{folder}/media",
        "CACHE_URL": "locmemcache://",
    }
    said = ""
    for command in (["migrate", "-v0"], ["load_samples", "-v0"], ["create_editor"]):
        said = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    server = subprocess.Popen(
        [sys.executable, "manage.py", "runserver", f"127.0.0.1:{port}", "--noreload"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(address)
        yield address, said.strip().splitlines()[-1].split(":")[-1].strip()
    finally:
        server.terminate()
        server.wait()


def _wait_for(address: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(address, timeout=5)  # noqa: S310  # our own server on this machine
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    sys.exit("The site did not start.")


if __name__ == "__main__":
    main()
