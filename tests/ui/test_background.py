"""Work off the GUI thread: its answers, cancelling it, and closing while it goes on."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from pretended_commands import pretend
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from ui.background import Background, Cancelled
from ui.shell.job_list import JobList, progress_in_words
from ui.studio_commands import run_command
from vpt_studio.errors import StudioError

TIMEOUT = 15_000


@pytest.fixture
def background(qapp):
    made = Background(lambda _error: None)
    yield made
    made.close()


@pytest.fixture
def pretend_command(tmp_path, monkeypatch):
    return partial(pretend, tmp_path, monkeypatch)


def fail(*_anything):
    raise ValueError("on purpose")


@pytest.mark.parametrize("work", [lambda _task: 1, fail])
def test_the_end_is_told_even_when_the_answer_cannot_be_used(background, qtbot, work):
    told = []
    with qtbot.captureExceptions() as raised:
        background.run(work, fail, failed=fail, ended=lambda: told.append("ended"))
        qtbot.waitUntil(lambda: told == ["ended"], timeout=TIMEOUT)
    assert [kind for kind, *_ in raised] == [ValueError]


def test_work_that_waits_is_interrupted_by_cancelling(background, qtbot):
    began, interrupted, told = threading.Event(), threading.Event(), []

    def work(task):
        task.on_cancel(interrupted.set)
        began.set()
        assert interrupted.wait(TIMEOUT / 1000)
        raise Cancelled

    task = background.run(
        work, lambda _answer: told.append("answer"), cancelled=lambda: told.append("cancelled"), title="Waits"
    )
    qtbot.waitUntil(began.is_set, timeout=TIMEOUT)
    task.cancel()
    qtbot.waitUntil(lambda: told == ["cancelled"] and background.is_idle, timeout=TIMEOUT)


def test_what_cancelled_work_has_done_is_answered_but_not_what_was_overtaken(background, qtbot):
    began, may_end, told = threading.Event(), threading.Event(), []

    def work(_task):
        began.set()
        assert may_end.wait(TIMEOUT / 1000)
        return "so far"

    task = background.run(work, told.append)
    qtbot.waitUntil(began.is_set, timeout=TIMEOUT)
    background.run(lambda _task: "old", told.append, newest="x")
    background.run(lambda _task: "new", told.append, newest="x")
    task.cancel()
    may_end.set()
    qtbot.waitUntil(lambda: background.is_idle, timeout=TIMEOUT)
    assert told == ["so far", "new"]


def test_closing_waits_only_so_long(background, qtbot):
    began, may_end = threading.Event(), threading.Event()

    def stubborn(_task):
        began.set()
        assert may_end.wait(TIMEOUT / 1000)

    background.run(stubborn)
    qtbot.waitUntil(began.is_set, timeout=TIMEOUT)
    assert not background.close(0.01)
    may_end.set()
    assert background.close(TIMEOUT / 1000)


def test_a_silent_command_is_cancelled_and_reported(make_window, store, qtbot, pretend_command):
    pretend_command(
        "import sys, time\n"
        'print(\'{"progress": "began", "done": 1, "total": 2}\', file=sys.stderr, flush=True)\n'
        "time.sleep(600)\n"
    )
    studio = make_window(store).studio
    task = run_command(studio, "Silent", ["project", "check"])
    qtbot.waitUntil(lambda: task.note == "began", timeout=TIMEOUT)
    task.cancel()
    qtbot.waitUntil(lambda: not studio.background.tasks, timeout=TIMEOUT)
    assert [notice.text for notice in studio.session.notices.history] == [
        "Silent: cancelled. What was finished is kept."
    ]


def test_work_in_stages_says_which_and_begins_its_estimate_anew(make_window, store, qtbot, pretend_command):
    pretend_command(
        "import json, sys, time\n"
        "for stage, done in (('1 of 2: compiling', 3), ('2 of 2: playing', 1)):\n"
        "    said = json.dumps({'progress': stage, 'done': done, 'total': 4})\n"
        "    print(said, file=sys.stderr, flush=True)\n"
        "time.sleep(600)\n"
    )
    studio = make_window(store).studio
    task = run_command(studio, "Sample project", ["sample", "x"])
    task.tells_note, begun = True, task.began
    qtbot.waitUntil(lambda: task.note == "2 of 2: playing", timeout=TIMEOUT)
    assert progress_in_words(task).startswith("2 of 2: playing · 25 %")
    assert task.began > begun
    task.cancel()
    qtbot.waitUntil(lambda: not studio.background.tasks, timeout=TIMEOUT)


def test_the_last_words_of_a_cancelled_command_are_its_answer(make_window, store, qtbot, pretend_command):
    pretend_command(
        "import sys, time\n"
        "try:\n"
        '    print(\'{"progress": "began", "done": 1, "total": 2}\', file=sys.stderr, flush=True)\n'
        "    time.sleep(600)\n"
        "except KeyboardInterrupt:\n"
        "    print('{\"imported\": 1}')\n"
    )
    studio, answers = make_window(store).studio, []
    task = run_command(studio, "Import", ["recordings", "import"], answers.append)
    qtbot.waitUntil(lambda: task.note == "began", timeout=TIMEOUT)
    task.cancel()
    qtbot.waitUntil(lambda: answers == [{"imported": 1}], timeout=TIMEOUT)


def test_a_command_that_fails_without_a_word_is_a_failure(make_window, store, qtbot, pretend_command):
    pretend_command("raise SystemExit(5)")
    studio, failures = make_window(store).studio, []
    run_command(studio, "Fails", ["project", "check"], failed=failures.append)
    qtbot.waitUntil(lambda: len(failures) == 1, timeout=TIMEOUT)
    assert isinstance(failures[0], StudioError)
    assert "code 5" in failures[0].what


def test_many_commands_share_a_few_threads(make_window, store, qtbot, pretend_command):
    pretend_command("print('{}')")
    studio, answers = make_window(store).studio, []
    before = threading.active_count()
    for number in range(16):
        run_command(studio, "Export", ["recordings", "export", f"r{number}"], answers.append)
    qtbot.waitUntil(lambda: len(answers) == 16, timeout=TIMEOUT)
    assert threading.active_count() - before < 8


def test_the_list_of_jobs_says_at_once_that_one_is_being_cancelled(background, qtbot):
    began, may_end = threading.Event(), threading.Event()

    def stubborn(_task):
        began.set()
        assert may_end.wait(TIMEOUT / 1000)

    window = QWidget()
    qtbot.addWidget(window)
    background.run(stubborn, title="Stubborn")
    qtbot.waitUntil(began.is_set, timeout=TIMEOUT)
    jobs = JobList(background, window)
    jobs.open_above(QPoint(200, 400))
    (cancel,) = jobs.findChildren(QPushButton)
    qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert cancel.text() == "Cancelling"
    assert not cancel.isEnabled()
    may_end.set()
    qtbot.waitUntil(lambda: background.tasks == [], timeout=TIMEOUT)
