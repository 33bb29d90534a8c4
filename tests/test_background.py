"""Background work: what is due is done, once, however many ticks there are and whatever becomes of a worker."""

import os
import signal
import threading
import time
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from articles import background
from articles.admin.background import NAMES, SWEEP_NAMES
from articles.background import Enough, failed_sweeps, failed_tasks, sweep, task, tick
from articles.management.commands.newsdesk_tick import MODULES
from articles.models import BackgroundTask, SweepRun
from tests.desk import editor, signed_in
from tests.hosts import refusing
from tests.test_settings import SAFE, run

pytestmark = pytest.mark.django_db

DONE: list[str] = []


@task()
def note(text: str) -> str:
    DONE.append(text)
    return text


@task()
def fail() -> None:
    raise ValueError("この宛先には送れません")


@task()
def end_the_worker() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


@pytest.fixture(autouse=True)
def nothing_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the sweeps that a test declares."""
    monkeypatch.setattr(background, "SWEEPS", {})
    DONE.clear()


def running(started: timedelta, tries: int) -> BackgroundTask:
    """A task whose worker began it that long ago, and was killed."""
    note.enqueue("verloren")
    waiting = BackgroundTask.objects.get(status="READY")
    waiting.status, waiting.started_at, waiting.worker_ids = "RUNNING", timezone.now() - started, ["w"] * tries
    waiting.save()
    return waiting


# Tasks


def test_what_waits_is_done_and_only_once() -> None:
    note.enqueue("一")
    note.enqueue("二")
    tick()
    tick()
    assert DONE == ["一", "二"]
    assert set(BackgroundTask.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}


def test_a_task_that_fails_stops_no_other_and_is_told_of() -> None:
    fail.enqueue()
    note.enqueue("後")
    tick()
    assert DONE == ["後"]
    assert failed_tasks().count() == 1
    assert BackgroundTask.objects.get(status="FAILED").reason == "ValueError: この宛先には送れません"


def test_a_task_for_later_waits() -> None:
    note.using(run_after=timezone.now() + timedelta(hours=1)).enqueue("後で")
    tick()
    assert DONE == []


def test_a_task_whose_worker_was_killed_is_begun_again() -> None:
    lost = running(background.LONGEST_TASK + timedelta(minutes=1), tries=1)
    background.recover(lambda: False)
    tick()
    lost.refresh_from_db()
    assert (lost.status, DONE) == ("SUCCESSFUL", ["verloren"])


def test_a_task_that_is_being_run_is_left_alone() -> None:
    busy = running(background.LONGEST_TASK - timedelta(minutes=1), tries=1)
    background.recover(lambda: False)
    busy.refresh_from_db()
    assert busy.status == "RUNNING"


def test_a_task_that_kills_every_worker_fails_in_the_end() -> None:
    running(background.LONGEST_TASK + timedelta(minutes=1), tries=background.MOST_TRIES)
    background.recover(lambda: False)
    (failed,) = failed_tasks()
    assert "3 times" in failed.traceback


def test_results_are_forgotten_in_time_failures_later() -> None:
    note.enqueue("一")
    fail.enqueue()
    tick()
    for age, left in ((background.KEPT, 1), (background.FAILURES_KEPT, 0)):
        BackgroundTask.objects.update(finished_at=timezone.now() - age - timedelta(hours=1))
        background.forget(lambda: False)
        assert BackgroundTask.objects.count() == left


# Sweeps


def test_a_sweep_comes_round_when_its_time_has_passed_and_not_before() -> None:
    runs: list[int] = []
    sweep(every=timedelta(hours=1))(lambda enough: runs.append(1))
    tick()
    tick()
    assert len(runs) == 1
    SweepRun.objects.update(due_at=timezone.now())
    tick()
    assert len(runs) == 2


def test_a_sweep_that_fails_stops_no_other_and_is_told_of_until_it_goes_well() -> None:
    broken = [True]
    runs: list[int] = []

    @sweep(every=timedelta(hours=1))
    def first(enough: Enough) -> None:
        if broken[0]:
            raise RuntimeError("ディスクがいっぱい")

    @sweep(every=timedelta(hours=1))
    def second(enough: Enough) -> None:
        runs.append(1)

    tick()
    assert runs == [1]
    assert "ディスクがいっぱい" in failed_sweeps().get().error
    broken[0] = False
    SweepRun.objects.update(due_at=timezone.now())
    tick()
    assert not failed_sweeps().exists()


def test_a_sweep_makes_way_for_tasks_and_goes_on_after_them() -> None:
    done: list[int] = []

    @sweep(every=timedelta(hours=1))
    def long(enough: Enough) -> None:
        for number in range(10):
            done.append(number)
            if number == 3:
                note.enqueue("急ぎ")
            if enough():
                return

    tick()
    assert done == [0, 1, 2, 3]
    tick()
    assert DONE == ["急ぎ"]
    assert len(done) > 4


@pytest.mark.django_db(transaction=True)
def test_ticks_at_the_same_time_do_each_thing_once() -> None:
    runs: list[int] = []

    @sweep(every=timedelta(hours=1))
    def slow(enough: Enough) -> None:
        runs.append(1)
        time.sleep(0.3)

    for number in range(30):
        note.enqueue(str(number))
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        tick()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(int, DONE)) == list(range(30))
    assert runs == [1]


# The command


def test_the_command_does_what_is_due_and_ends() -> None:
    note.enqueue("一")
    call_command("newsdesk_tick")
    assert DONE == ["一"]


@pytest.mark.django_db(transaction=True)
def test_the_command_goes_on_until_it_is_told_to_end_and_ends_after_the_task_at_hand() -> None:
    note.enqueue("一")
    before = signal.getsignal(signal.SIGTERM)

    @sweep(every=timedelta(milliseconds=1))
    def later(enough: Enough) -> None:
        if DONE[-1] == "一":
            note.enqueue("二")
        elif not BackgroundTask.objects.filter(task_path=end_the_worker.module_path).exists():
            end_the_worker.enqueue()
            note.enqueue("三")

    call_command("newsdesk_tick", "--every", "0.01")
    assert DONE == ["一", "二"]
    assert signal.getsignal(signal.SIGTERM) == before
    assert BackgroundTask.objects.get(task_path=end_the_worker.module_path).status == "SUCCESSFUL"


@pytest.mark.django_db(transaction=True)
def test_the_command_ends_with_the_server_it_stands_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    parents = iter([100, 100, 100, 100])
    monkeypatch.setattr(os, "getppid", lambda: next(parents, 1))
    call_command("newsdesk_tick", "--every", "0.01", "--beside")
    assert next(parents, None) is None


FOR_A_WHILE = """
import django, os, signal, threading; django.setup()
from django.core.management import call_command
threading.Timer(3, os.kill, [os.getpid(), signal.SIGTERM]).start()
call_command("newsdesk_tick", "--every", "0.1")
"""


def test_the_command_goes_on_while_the_database_is_away() -> None:
    with refusing() as port:
        done = run(FOR_A_WHILE, {**SAFE, "DATABASE_URL": f"postgres://desk:word@127.0.0.1:{port}/news"})
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("The database did not do what was asked of it") > 1


@pytest.mark.parametrize("value", ["0", "-1", "soon", "nan", "inf"])
def test_the_command_refuses_what_is_no_time(value: str) -> None:
    with pytest.raises(CommandError, match="seconds"):
        call_command("newsdesk_tick", "--every", value)


def test_the_command_knows_every_module_with_tasks_or_sweeps_and_the_desk_their_names() -> None:
    root = Path(__file__).parent.parent
    for path in sorted((root / "articles").rglob("*.py")):
        lines = path.read_text(encoding="utf-8").splitlines()
        module = ".".join(path.relative_to(root).with_suffix("").parts)
        for above, line in pairwise(lines):
            if above.startswith(("@task(", "@sweep(")):
                name = f"{module}.{line.removeprefix('def ').split('(')[0]}"
                assert module in (*MODULES, "articles.background"), name
                assert name in (NAMES if above.startswith("@task(") else SWEEP_NAMES)


# The desk


def test_superusers_see_what_failed_and_run_it_again() -> None:
    fail.enqueue()
    tick()
    client = signed_in(editor())
    page = client.get("/admin/articles/backgroundtask/?status=FAILED").content.decode()
    assert "この宛先には送れません" in page
    pk = failed_tasks().get().pk
    assert "Traceback" in client.get(f"/admin/articles/backgroundtask/{pk}/change/").content.decode()
    answer = client.post(
        "/admin/articles/backgroundtask/", {"action": "run_again", "_selected_action": str(pk)}, follow=True
    )
    assert "1件の処理をもう一度実行します" in answer.content.decode()
    assert BackgroundTask.objects.get().status == "READY"


def test_superusers_see_the_sweeps() -> None:
    sweep(every=timedelta(hours=1))(background.recover)
    SweepRun.objects.create(name="articles.background.recover")
    page = signed_in(editor()).get("/admin/articles/sweeprun/").content.decode()
    assert "止まった処理をやり直す" in page


@pytest.mark.parametrize("verb", ["add/", "{pk}/delete/"])
def test_nobody_makes_or_deletes_tasks(verb: str) -> None:
    note.enqueue("一")
    client = signed_in(editor())
    assert (
        client.post(f"/admin/articles/backgroundtask/{verb.format(pk=BackgroundTask.objects.get().pk)}").status_code
        == 403
    )


def test_editors_who_are_no_superusers_see_no_tasks(client: Client) -> None:
    client.force_login(User.objects.create_user("hama", is_staff=True))
    assert client.get("/admin/articles/backgroundtask/").status_code == 403
