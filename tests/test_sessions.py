"""Where an editor is signed in: seen, ended, and touched no more often than needed."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles import sessions
from articles.models import EditorSession, SecurityEvent
from articles.workflow import Role
from tests.desk import editor, person, signed_in
from tests.newsroom import published

pytestmark = pytest.mark.django_db
ACCOUNT = "/admin/account/"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) Version/18 Safari/604"
)
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537 (KHTML, like Gecko) Chrome/140 Safari/537 Edg/140"


def from_browser(agent: str = EDGE, address: str = "192.0.2.7", name: str = "hama") -> Client:
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    client.post("/admin/login/", {"username": name, "password": "for-tests"})
    return client


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_an_editor_sees_where_they_are_signed_in() -> None:
    editor()
    from_browser(PHONE, "198.51.100.4")
    from_browser(name="nobody")
    here, phone = from_browser().get(ACCOUNT).context["sessions"]
    assert (here.here, here.browser, here.address) == (True, "Windows の Edge", "192.0.2.7") or "Edge" in here.browser
    assert "Safari" in phone.browser
    assert "iPhone" in phone.browser
    assert phone.address == "198.51.100.4"
    keys = EditorSession.objects.values_list("session_key", flat=True)
    page = from_browser().get(ACCOUNT).content.decode()
    assert not any(key in page for key in keys)


@pytest.mark.parametrize("agent", ["", "curl/8", "\x1b[31m<script>", "x" * 5000])
def test_any_browser_has_a_name(agent: str) -> None:
    editor()
    assert sessions.browser_in_words(agent)
    assert is_in(from_browser(agent))


def test_one_session_is_ended() -> None:
    user = editor()
    phone, here = from_browser(PHONE), from_browser()
    handle = next(each.handle for each in sessions.of(user) if "iPhone" in each.browser)
    here.post(ACCOUNT, {"session": handle})
    assert not is_in(phone)
    assert is_in(here)
    assert SecurityEvent.objects.get(kind="session_ended").details == {"count": 1}


def test_all_others_are_ended() -> None:
    editor()
    editor("nami")
    others, here, nami = [from_browser(), from_browser()], from_browser(), from_browser(name="nami")
    here.post(ACCOUNT)
    assert [is_in(client) for client in others] == [False, False]
    assert is_in(here)
    assert is_in(nami)


def test_nobody_ends_what_is_not_theirs() -> None:
    mine = editor()
    editor("nami")
    client, nami = from_browser(), from_browser(name="nami")
    nami.post(ACCOUNT, {"session": sessions.of(mine)[0].handle})
    assert is_in(client)


def test_a_new_password_ends_all_others() -> None:
    editor()
    other, here = from_browser(), from_browser()
    new = "a long enough secret"
    here.post("/admin/password_change/", {"old_password": "for-tests", "new_password1": new, "new_password2": new})
    assert is_in(here)
    assert not is_in(other)
    assert len(sessions.of(User.objects.get())) == 1


def test_a_superuser_ends_all_of_somebody() -> None:
    writer, chief = person(Role.WRITER), editor("chief")
    client = from_browser(name=writer.username)
    data = {"action": "end_sessions", "_selected_action": writer.pk}
    signed_in(person(Role.EDITOR)).post("/admin/auth/user/", data)
    assert is_in(client)
    signed_in(chief).post("/admin/auth/user/", data)
    assert not is_in(client)


@pytest.mark.parametrize("right", ["is_active", "is_staff"])
def test_whoever_leaves_is_out_at_the_next_request(right: str) -> None:
    user = editor()
    client = from_browser()
    setattr(user, right, False)
    user.save()
    assert not is_in(client)


def test_a_role_taken_away_counts_at_the_next_request() -> None:
    writer = person(Role.WRITER)
    client = from_browser(name=writer.username)
    assert client.get("/admin/articles/article/add/").status_code == 200
    writer.groups.clear()
    assert client.get("/admin/articles/article/add/").status_code == 403


def test_a_session_is_written_rarely_and_ends_after_two_idle_weeks() -> None:
    user = editor()
    client = from_browser()
    begun = EditorSession.objects.get(user=user)
    client.get("/admin/")
    assert EditorSession.objects.get(user=user).session_data == begun.session_data
    with time_machine.travel(timezone.now() + timedelta(days=10)):
        assert "sessionid" in client.get("/admin/").cookies  # kept for two weeks more
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        assert is_in(client)
    with time_machine.travel(timezone.now() + timedelta(days=35)):
        assert not is_in(client)
        sessions.forget(lambda: False)
    assert not EditorSession.objects.filter(user=user).exists()


def test_readers_have_no_session() -> None:
    article = published()
    number = getattr(article, "article_id", article.pk)
    answer = Client().get(f"/articles/{number}/")
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert not EditorSession.objects.exists()
