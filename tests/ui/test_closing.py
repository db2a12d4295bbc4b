"""Closing the window while work goes on."""

from __future__ import annotations

import threading

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from training import launcher
from training.runs import RunState, RunSummary
from ui.shell.closing import ClosingQuestion

TIMEOUT = 15_000


def test_runs_are_asked_to_stop_off_the_gui_thread_before_the_window_closes(
    make_window, store, qtbot, tmp_path, monkeypatch
):
    may_go_on, asked = threading.Event(), []

    def slow_disk(path):
        assert may_go_on.wait(TIMEOUT / 1000)
        asked.append((path, threading.current_thread()))

    monkeypatch.setattr(launcher, "request_stop", slow_disk)
    run = RunSummary(path=tmp_path, id="x", name="first", stage="idm", state=RunState.RUNNING)
    question = ClosingQuestion([run], [], make_window(store))
    question.show_over(question.parentWidget())
    (stop,) = [found for found in question.findChildren(QPushButton) if found.text() == "Stop and save"]
    with qtbot.waitSignal(question.decided, timeout=TIMEOUT):
        qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
        assert asked == []
        may_go_on.set()
    assert asked[0][0] == tmp_path
    assert asked[0][1] is not threading.main_thread()
