"""Addresses of sources: one spelling for each page, and never one spelling for two pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.addresses import host, normal

PAGE = "https://news.example/a?id=3"


@pytest.mark.parametrize(
    "url",
    [
        PAGE,
        "http://news.example/a?id=3",
        "HTTPS://News.Example/a?id=3",
        "https://news.example:443/a?id=3",
        "http://news.example:80/a?id=3",
        "https://news.example./a?id=3",
        "https://news.example/a?id=3#top",
        " https://news.example/a?id=3 ",
        "https://news.example/a?utm_source=x&id=3&utm_medium=mail",
        "https://news.example/a?id=3&fbclid=IwAR0&gclid=1&_ga=2.1",
        "https://news.example/a?&id=3&",
        "https://news.example/%61?id=%33",
        "https://news.example/b/../a?id=3",
        "https://news.example/./a?id=3",
        "https://news.example//a?id=3",
    ],
)
def test_the_same_page_has_one_address(url: str) -> None:
    assert normal(url) == PAGE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://news.example/a", "https://news.example/a/"),
        ("https://news.example/a", "https://news.example/A"),
        ("https://news.example/a", "https://www.news.example/a"),
        ("https://news.example/?k=1", "https://news.example/?k=2"),
        ("https://news.example/?a=1&b=2", "https://news.example/?b=2&a=1"),
        ("https://news.example/a?b", "https://news.example/a"),
        ("https://news.example/#!/a", "https://news.example/#!/b"),
        ("https://news.example:8080/", "https://news.example/"),
        ("https://news.example/a%2Fb", "https://news.example/a/b"),
        ("https://news.example/?q=a%26b", "https://news.example/?q=a&b"),
    ],
)
def test_other_pages_have_other_addresses(one: str, other: str) -> None:
    assert normal(one) != normal(other)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://news.example", "https://news.example/"),
        ("https://例え.jp/記事?題=港", "https://xn--r8jz45g.jp/%E8%A8%98%E4%BA%8B?%E9%A1%8C=%E6%B8%AF"),
        ("https://例え.jp/%e8%a8%98%e4%ba%8b", "https://xn--r8jz45g.jp/%E8%A8%98%E4%BA%8B"),
        ("https://[2001:DB8::1]:8443/", "https://[2001:db8::1]:8443/"),
    ],
)
def test_addresses_are_spelt_in_ascii(url: str, address: str) -> None:
    assert normal(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "港",
        "javascript:alert(1)",
        "mailto:a@b.example",
        "http://",
        "http://a:b@c/",
        "http://[::1",
        "http://" + "a" * 3_000,
    ],
)
def test_what_is_no_address_has_none(url: str) -> None:
    assert normal(url) == ""


def test_the_host_is_known() -> None:
    assert host(normal("http://News.Example:8080/a")) == "news.example"


PARTS = st.lists(
    st.sampled_from(["a", "B", "/", ".", "..", "?", "&", "=", "%41", "%2f", "%", "#", "#!", "港", "utm_a=1", ":80"])
)


@given(rest=PARTS.map("".join), scheme=st.sampled_from(["http", "https", "HTTP"]))
def test_normalising_twice_changes_nothing(rest: str, scheme: str) -> None:
    once = normal(f"{scheme}://News.example/{rest}")
    assert normal(once) == once
    assert once.isascii()


@given(url=st.text(max_size=60))
def test_no_text_breaks_it(url: str) -> None:
    assert normal(f"http://{url}") == normal(normal(f"http://{url}"))
