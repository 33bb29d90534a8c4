"""Signing in at the desk as a person does."""

from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

ARTICLES = "/admin/articles/article/"


def sign_in(page: Page, live_server: LiveServer, name: str = "hama", *, address: str = ARTICLES) -> Page:
    """Sign in through the form of the desk, which leads to the address that was asked for."""
    page.goto(f"{live_server.url}{address}")
    page.fill("#id_username", name)
    page.fill("#id_password", "for-tests")
    page.click("#login-form [type=submit]")
    page.wait_for_selector("#user-tools")
    return page
