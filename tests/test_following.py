"""Follow-ups: a new draft from an article, and the chain both stand in."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from articles import drafting, following, publishing
from articles.document import Comment, Document, Section, Source
from articles.models import Article, Event
from articles.workflow import Role
from tests.desk import editor, fields, person, signed_in
from tests.newsroom import published

pytestmark = pytest.mark.django_db

WHOLE = Document(
    title="橋はいつ架かる？",
    lead="架かる。",
    sections=(Section(heading="今", question="いつ？", answer="春。", sources=(Source(caption="市の発表"),)),),
    closing=(Comment("汐見ゆかり", "待ちましょう。"),),
    takeaways=("春に架かる。",),
    tags=("橋", "港"),
)


@pytest.fixture
def user() -> User:
    return editor()


def test_a_follow_up_begins_as_a_copy_without_a_past(user: User) -> None:
    article = drafting.create(WHOLE)
    publishing.publish(publishing.save(article, by=None), by=None)
    made = following.follow_up(article, by=user)
    assert drafting.read(made) == WHOLE
    assert (made.follows, made.created_by, made.stage) == (article, user, "writing")
    assert made.uid != article.uid
    edition = made.editions.get()
    assert (edition.live_from, edition.published_at, edition.created_by) == (None, None, user)
    event = Event.objects.get(verb="follow_up")
    assert (event.article, event.details) == (made, {"follows": article.pk})


def test_the_chain_is_seen_from_each_end(user: User) -> None:
    first = published().article
    second = following.follow_up(first, by=user)
    third, another = following.follow_up(second, by=user), following.follow_up(first, by=user)
    assert following.before(third) == [second, first]
    assert following.after(first) == [second, another]
    assert following.before(first) == []
    page = signed_in(user).get(reverse("admin:articles_article_change", args=[second.pk])).content.decode()
    for each in (first, third):
        assert reverse("admin:articles_article_change", args=[each.pk]) in page


def test_a_chain_outlives_its_links(user: User) -> None:
    first = drafting.create(WHOLE)
    second = following.follow_up(first, by=user)
    publishing.delete(first, by=user)
    second.refresh_from_db()
    assert following.before(second) == []


def test_nothing_that_is_sent_changes_what_an_article_follows(user: User) -> None:
    """So no chain leads back to itself: it is set once, to an article that was there before."""
    article = drafting.create(WHOLE)
    second = following.follow_up(article, by=user)
    desk = signed_in(user)
    page = reverse("admin:articles_article_change", args=[article.pk])
    desk.post(page, fields(desk.get(page)) | {"follows": str(second.pk), "title": "変えた"})
    article.refresh_from_db()
    assert (article.title, article.follows) == ("変えた", None)


def test_the_button_makes_one_and_leads_to_it(user: User) -> None:
    article = drafting.create(WHOLE)
    desk, address = signed_in(user), reverse("admin:articles_article_follow_up", args=[article.pk])
    assert desk.get(address).status_code == 405
    answer = desk.post(address)
    made = article.followers.get()
    assert answer["Location"] == reverse("admin:articles_article_change", args=[made.pk])


def test_a_writer_goes_on_where_somebody_else_stopped_and_a_stranger_does_not(user: User) -> None:
    article = drafting.create(WHOLE, by=user)
    address = reverse("admin:articles_article_follow_up", args=[article.pk])
    assert signed_in(User.objects.create_user("staff", is_staff=True)).post(address).status_code == 403
    writer = person(Role.WRITER)
    assert signed_in(writer).post(address).status_code == 302
    assert Article.objects.get(follows=article).created_by == writer
