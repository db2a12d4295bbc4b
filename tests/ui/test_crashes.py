"""Failures that nobody expected: told once, counted, and gone when they are closed."""

from __future__ import annotations

import logging
import sys

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton

from ui.crashes import CrashWatch
from ui.shell.crash_dialog import CrashDialog, FailureDialogs


def fail(with_words: str) -> None:
    """As Qt does when a slot raises."""
    try:
        raise ValueError(with_words)
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)


@pytest.fixture
def watched(make_window, store, tmp_path):
    """A window whose failures are told, as the application does it."""
    window = make_window(store)
    level = logging.getLogger().level
    watch = CrashWatch("window", tmp_path)
    failures = FailureDialogs(watch.log, window)
    watch.begin(lambda report: window.studio.background.on_gui_thread(lambda: failures.show(report)))
    yield window, failures
    watch.end()
    logging.getLogger().setLevel(level)


def press(dialog: CrashDialog, words: str) -> None:
    next(found for found in dialog.findChildren(QPushButton) if found.text() == words).click()


def test_a_timer_that_fails_makes_one_dialog_that_counts(watched, qtbot):
    window, failures = watched
    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: fail("again"))
    timer.start()
    qtbot.waitUntil(lambda: failures.open is not None and failures.open.count > 20)
    timer.stop()
    assert len(window.findChildren(CrashDialog)) == 1
    assert len(failures.open.reports) == 1
    assert "ValueError: again" in failures.open.reports[0]


def test_what_was_closed_is_gone_and_does_not_come_back_at_once(watched, qtbot):
    window, failures = watched
    fail("first")
    qtbot.waitUntil(lambda: failures.open is not None)
    fail("second")
    qtbot.waitUntil(lambda: len(failures.open.reports) == 2)
    press(failures.open, "Close")
    assert failures.open is None
    qtbot.waitUntil(lambda: not window.findChildren(CrashDialog))
    fail("first")
    fail("third")
    qtbot.waitUntil(lambda: failures.open is not None)
    assert [report.splitlines()[3] for report in failures.open.reports] == ["ValueError: third"]
    failures.open.reject()
    qtbot.waitUntil(lambda: not window.findChildren(CrashDialog))
