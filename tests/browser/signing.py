"""Signing in at the desk as a person does."""

from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

ARTICLES = "/admin/articles/article/"


def sign_in(page: Page, live_server: LiveServer, name: str = "hama") -> Page:
    """Sign in through the form of the desk, which leads to the list of articles."""
    page.goto(f"{live_server.url}{ARTICLES}")
    return fill_in(page, name)


def fill_in(page: Page, name: str = "hama") -> Page:
    """Sign in where the form of the desk is shown."""
    page.fill("#id_username", name)
    page.fill("#id_password", "for-tests")
    page.click("#login-form [type=submit]")
    page.wait_for_selector("#user-tools")
    return page
