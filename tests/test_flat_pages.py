"""What a publication tells of itself: pages that editors write, that readers find, and that take no other address."""

from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.contrib.flatpages.models import FlatPage
from django.contrib.sites.models import Site
from django.core.management import call_command
from django.db import connection
from django.db.migrations import Migration
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.after_migrating import let_editors_write_pages, name_the_site
from articles.markup import body_html, page_html, page_words
from articles.samples import flat_pages
from articles.workflow import Role
from tests.desk import editor, fields, group, person, signed_in
from tests.newsroom import published
from tests.reading import page

pytestmark = pytest.mark.django_db


def written(
    url: str = "/about/", title: str = "編集部について", content: str = "港の町で書いています。", **more: Any
) -> FlatPage:
    flat_page = FlatPage.objects.create(url=url, title=title, content=content, **more)
    flat_page.sites.set([1])
    return flat_page


# -- what readers see


def test_a_page_is_read_at_its_address(client: Client) -> None:
    written(content="港の町で書いています。\n## 連絡先\n- [窓口](/contact/)\n- <b>太字</b>")
    answer = client.get("/about/")
    shown = page(answer)
    assert shown.one("title").text == "編集部について | 試験新聞"
    assert shown.one("h1").text == "編集部について"
    assert shown.one("h2").text == "連絡先"
    assert '<meta name="description" content="港の町で書いています。">' in answer.content.decode()
    assert shown.one("link", rel="canonical")["href"] == "http://news.example/about/"
    assert [link.text for link in shown.all("a", href="/contact/")] == ["窓口"]
    assert "<b>" not in answer.content.decode()
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert not answer.cookies


@pytest.mark.parametrize("url", ["/nowhere/", "/about/more/", "/%E6%B8%AF/", "/a%00b/", f"/{'a' * 99}/", "/a//b/"])
def test_where_no_page_stands_nothing_is_found(client: Client, url: str) -> None:
    written()
    assert client.get(url).status_code == 404


def test_a_page_without_its_last_slash_is_found(client: Client) -> None:
    written()
    assert client.get("/about")["Location"] == "/about/"


@pytest.mark.parametrize("taken", ["/tags/", "/corrections/", "/pages/", "/archive/", "/admin/"])
def test_a_page_takes_no_address_that_means_something_else(client: Client, taken: str) -> None:
    before = client.get(taken).status_code
    written(taken, "横取り")
    answer = client.get(taken)
    assert answer.status_code == before
    assert "<h1>横取り" not in answer.content.decode()


def test_what_is_not_for_everybody_is_for_nobody(client: Client) -> None:
    written(registration_required=True)
    written("/other/").sites.clear()
    for url in ("/about/", "/other/"):
        assert client.get(url).status_code == 404
    assert "編集部について" not in client.get("/pages/").content.decode()


def test_an_edited_page_is_sent_again(client: Client) -> None:
    published()
    kept = {url: client.get(url) for url in ("/about/", "/pages/", "/sitemaps/pages.xml")}
    assert kept["/about/"].status_code == 404
    flat_page = written()
    for change in ({}, {"content": "移りました。"}, {"title": "私たち"}):
        for name, value in change.items():
            setattr(flat_page, name, value)
        flat_page.save()
        for url, before in kept.items():
            known = {"If-None-Match": before.headers.get("ETag", '"none"')}
            assert client.get(url, headers=known).status_code == 200, (url, change)
            kept[url] = client.get(url)
            again = client.get(url, headers={"If-None-Match": kept[url]["ETag"]})
            assert again.status_code == 304
    flat_page.delete()
    assert client.get("/about/", headers={"If-None-Match": kept["/about/"]["ETag"]}).status_code == 404


def test_the_list_names_every_page_below_the_one_it_belongs_to(client: Client) -> None:
    assert "編集部について" not in client.get("/pages/").content.decode()
    for url, title in (("/policy/corrections/", "訂正"), ("/policy/", "方針"), ("/about/", "編集部")):
        written(url, title)
    links = page(client.get("/pages/")).one("main").all("a")
    assert [(link["href"], link.text) for link in links] == [
        ("/about/", "編集部"),
        ("/policy/", "方針"),
        ("/policy/corrections/", "訂正"),
    ]


def test_every_page_leads_to_the_list_without_a_query_for_it(client: Client) -> None:
    written()
    with CaptureQueriesContext(connection) as asked:
        shown = page(client.get("/tags/"))
    assert shown.one("footer").all("a", href="/pages/")
    assert not [query for query in asked.captured_queries if "flatpage" in query["sql"]]


def test_search_engines_are_told_of_them(client: Client) -> None:
    written()
    told = client.get("/sitemaps/pages.xml").content.decode()
    for url in ("/pages/", "/about/"):
        assert f"<loc>http://news.example{url}</loc>" in told


# -- what may stand in one


def test_headings_and_links_to_the_site_are_marks_of_pages_only() -> None:
    text = "## 方針\n## **引用**\n[訂正](/corrections/)と[窓口](/contact/#mail)\n##方針"
    assert page_html(text) == (
        "<h2>方針</h2><h2><strong>引用</strong></h2>"
        '<p><a href="/corrections/" rel="noopener">訂正</a>と<a href="/contact/#mail" rel="noopener">窓口</a></p>'
        "<p>##方針</p>"
    )
    assert body_html(text) == (
        "<p>## 方針</p><p>## <strong>引用</strong></p><p>[訂正](/corrections/)と[窓口](/contact/#mail)</p><p>##方針</p>"
    )


@pytest.mark.parametrize(
    "url", ["//evil.example/", "/\\evil.example", "javascript:alert(1)", "/a//b", "about/", "#x y"]
)
def test_a_link_of_a_page_leads_to_the_site_or_says_where(url: str) -> None:
    assert "<a" not in page_html(f"[語]({url})")


def test_a_page_is_told_of_by_its_first_paragraph() -> None:
    assert page_words("## 見出し\n**港**の[町](/about/)で。\n次") == "港の町で。"
    assert page_words("## 見出し") == "見出し"
    assert page_words("") == ""


# -- the desk

ADD = "admin:flatpages_flatpage_add"


def sent(desk: Client, **more: str) -> Any:
    address = reverse(ADD)
    form = {"url": "/about/", "title": "編集部", "content": "書きました。"}
    return desk.post(address, fields(desk.get(address)) | form | more)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.PUBLISHER])
def test_an_editor_writes_changes_and_deletes_a_page(role: Role, client: Client) -> None:
    desk = signed_in(person(role))
    assert sent(desk).status_code == 302
    assert page(client.get("/about/")).one("h1").text == "編集部"
    flat_page = FlatPage.objects.get()
    address = reverse("admin:flatpages_flatpage_change", args=[flat_page.pk])
    assert 'href="/about/"' in desk.get(address).content.decode()
    desk.post(address, fields(desk.get(address)) | {"title": "編集部の今"})
    assert page(client.get("/about/")).one("h1").text == "編集部の今"
    desk.post(reverse("admin:flatpages_flatpage_delete", args=[flat_page.pk]), {"post": "yes"})
    assert client.get("/about/").status_code == 404


def test_writers_and_strangers_write_no_page() -> None:
    for desk in (signed_in(person(Role.WRITER)), signed_in(User.objects.create_user("yomi")), Client()):
        answer = desk.post(reverse(ADD), {"url": "/about/", "title": "勝手に", "content": "x"})
        assert answer.status_code in (302, 403)
    assert not FlatPage.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        *("about/", "/about", "/", "/編集部/", "/a b/", "/a.html/", "//evil/", "/../", f"/{'a' * 99}/"),
        *("/tags/", "/questions/2026/04/", "/admin/x/", "/static/x/", "/media/x/"),
    ],
)
def test_an_address_that_is_none_or_leads_elsewhere_is_refused(url: str) -> None:
    answer = sent(signed_in(editor()), url=url)
    assert answer.status_code == 200
    assert page(answer).one("ul", "errorlist", id="id_url_error").text
    assert not FlatPage.objects.exists()


def test_two_pages_cannot_stand_at_one_address() -> None:
    written()
    desk = signed_in(editor())
    assert sent(desk).status_code == 200
    (kept,) = FlatPage.objects.all()
    address = reverse("admin:flatpages_flatpage_change", args=[kept.pk])
    assert desk.post(address, fields(desk.get(address))).status_code == 302, "it may keep its own"


def test_a_form_cannot_ask_for_what_the_desk_decides() -> None:
    sent(signed_in(editor()), registration_required="on", template_name="admin/login.html", sites="7")
    flat_page = FlatPage.objects.get()
    assert (flat_page.registration_required, flat_page.template_name) == (False, "")
    assert [site.pk for site in flat_page.sites.all()] == [1]


def test_the_row_of_the_site_has_no_screen() -> None:
    assert not any(model is Site for model in import_module("django.contrib.admin").site._registry)


# -- what migrations leave in order


def test_the_row_of_the_site_follows_the_settings(settings: LazySettings) -> None:
    assert (Site.objects.get().domain, Site.objects.get().name) == ("news.example", "試験新聞")
    settings.SITE_URL, settings.SITE_NAME = "https://shin.example:8443", "新" * 60
    name_the_site(using="default")
    assert (Site.objects.get().domain, Site.objects.get().name) == ("shin.example:8443", "新" * 50)


MADE = [(Migration("0001_initial", "flatpages"), False)]


def test_whoever_approves_may_write_pages_from_the_first_migration_on() -> None:
    approving = group(Role.EDITOR)
    approving.name = "デスク"
    approving.save()
    writing = group(Role.WRITER)
    for each in (approving, writing):
        each.permissions.remove(*each.permissions.filter(content_type__app_label="flatpages"))
    let_editors_write_pages(using="default", plan=MADE)
    assert approving.permissions.filter(content_type__app_label="flatpages").count() == 4
    assert not writing.permissions.filter(content_type__app_label="flatpages").exists()


@pytest.mark.parametrize("plan", [(), [(Migration("0001_initial", "flatpages"), True)], [(Migration("1", "x"), False)]])
def test_a_right_that_was_taken_away_does_not_come_back(plan: Any) -> None:
    editors = group(Role.EDITOR)
    editors.permissions.remove(*editors.permissions.filter(content_type__app_label="flatpages"))
    let_editors_write_pages(using="default", plan=plan)
    assert not editors.permissions.filter(content_type__app_label="flatpages").exists()


def test_both_are_asked_whenever_migrations_have_run() -> None:
    Site.objects.all().delete()
    call_command("migrate", "sites", verbosity=0)
    assert Site.objects.get().domain == "news.example"
    assert apps.get_app_config("flatpages").verbose_name


# -- the samples


def test_the_sample_pages_are_whole_and_lead_only_to_what_is_there(client: Client) -> None:
    added = flat_pages.load()
    assert {each.url for each in added} == {
        *("/about/", "/policy/", "/policy/corrections/", "/accessibility/", "/privacy/", "/contact/")
    }
    for each in added:
        main = page(client.get(each.url)).one("main")
        assert main.one("h1").text == each.title
        assert not {"*", "[", "##"} & set(main.text.replace("##", " ## ").split(" "))
        for link in main.all("a"):
            assert link["href"].startswith("mailto:") or client.get(link["href"]).status_code == 200, link["href"]


def test_the_sample_on_accessibility_claims_no_test_that_nobody_made(client: Client) -> None:
    """WAIC keeps 準拠 and 一部準拠 for sites that were tested and show the results; 配慮 needs neither."""
    flat_pages.load()
    claimed = page(client.get("/accessibility/")).one("main").all("strong")
    assert [degree.text for degree in claimed] == ["配慮"]


def test_a_page_that_is_there_is_left_as_it_is() -> None:
    written(content="私たちの言葉。")
    assert len(flat_pages.load()) == 5
    assert FlatPage.objects.get(url="/about/").content == "私たちの言葉。"
    assert flat_pages.load() == []


def test_the_command_brings_the_pages_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.samples.loading.load", list)
    for expected in ("6", None):
        out = StringIO()
        call_command("load_samples", stdout=out)
        assert ("6" in out.getvalue()) is bool(expected)
