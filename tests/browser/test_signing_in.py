"""Signing in with a second factor, as a person does it with a phone in hand."""

import time

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import totp
from articles.models import SecondFactor
from tests.browser.signing import fill_in, sign_in
from tests.desk import editor

pytestmark = pytest.mark.django_db(transaction=True)


def code(secret: str) -> str:
    """What the phone shows now; the site forgets that it has seen a code before, so that no test waits for the next."""
    SecondFactor.objects.update(last_step=0)
    return totp.code(secret, int(time.time()) // totp.STEP)


def password(page: Page) -> None:
    page.fill("#id_username", "hama")
    page.fill("#id_password", "for-tests")
    page.click("#login-form [type=submit]")


def test_enrolling_and_signing_in_with_a_code_and_with_a_recovery_code(page: Page, live_server: LiveServer) -> None:
    editor()
    sign_in(page, live_server)
    page.goto(f"{live_server.url}/admin/account/")
    page.click("a[href$='second-factor/']")
    expect(page.locator(".desk-qr svg")).to_be_visible()
    secret = page.inner_text(".desk-secret").replace(" ", "")
    page.fill("#id_code", code(secret))
    page.click(".desk-account [type=submit]")
    codes = page.locator(".desk-codes li").all_inner_texts()
    assert len(codes) == 10

    for recovery in ("", codes[0]):
        page.click("#logout-form button")
        page.goto(f"{live_server.url}/admin/")
        password(page)
        expect(page.locator("#id_code")).to_be_focused()
        page.fill("#id_code", recovery or code(secret))
        page.click(".desk-account [type=submit]")
        expect(page.locator("#user-tools")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_screen(page: Page, live_server: LiveServer, width: int) -> None:
    editor()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}/admin/")
    fill_in(page)
    for address in ("account/", "account/second-factor/", "password_change/"):
        page.goto(f"{live_server.url}/admin/{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
