"""Tags as Japanese newsrooms write them."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from taggit.models import Tag

from articles.tags import LONGEST, is_tag, join_tags, parse_tags, tag_name
from tests.newsroom import drafted


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("港、観光", ["港", "観光"]),
        ("港，観光,船､灯台", ["港", "観光", "船", "灯台"]),
        ("港\n観光\r\n船", ["港", "観光", "船"]),
        ("港 の 祭り、New  York", ["港 の 祭り", "New York"]),
        ("ＡＩ、AI、ai、ｱﾝﾃﾅ", ["AI", "アンテナ"]),
        ("、、 ,港,　", ["港"]),
        ("", []),
        ("C++", ["C++"]),
        ('"港"', ['"港"']),
    ],
)
def test_parse_parts_at_commas_and_never_at_spaces(typed: str, names: list[str]) -> None:
    assert parse_tags(typed) == names


@pytest.mark.parametrize("typed", ["!?", "港、！？", "★", "長" * (LONGEST + 1)])
def test_parse_refuses_what_no_address_can_hold(typed: str) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_tags(typed)
    assert caught.value.messages[0]


def test_invisible_characters_do_not_make_another_tag() -> None:
    assert tag_name("\u200b港\u202e") == tag_name("　港 ") == "港"


@given(st.text(st.characters(codec=None), max_size=20))
def test_parsing_is_steady(typed: str) -> None:
    try:
        names = parse_tags(typed)
    except ValidationError:
        return
    assert parse_tags("、".join(names)) == names
    assert all(is_tag(name) and tag_name(name) == name for name in names)


@pytest.mark.django_db
def test_editor_reads_what_was_typed() -> None:
    article = drafted(tags=("港", "観光 案内"))
    assert join_tags(article.tags.order_by("pk")) == "港、観光 案内"
    assert parse_tags(join_tags(article.tags.order_by("pk"))) == ["港", "観光 案内"]


@pytest.mark.django_db
def test_longest_tags_of_one_slug_are_stored() -> None:
    """The slug of the second one needs a number at its end, and room for it."""
    drafted(tags=("a" * (LONGEST - 1) + "!", "a" * (LONGEST - 1) + "?"))
    assert len(set(Tag.objects.values_list("slug", flat=True))) == 2
