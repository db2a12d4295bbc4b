"""A long log is written piece by piece, so that the window stays quick."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from training.runs import RunPlaces
from ui.run_model import LOG_LINES, LogLine
from ui.widgets.log_view import LogView

TIMEOUT = 15_000
LINES = [
    LogLine("10:00:00", "WARNING" if number % 100 == 0 else "INFO", f"line {number}")
    for number in range(LOG_LINES)
]


@pytest.fixture
def log(qapp, qtbot):
    made = LogView("Log", wrap=True)
    qtbot.addWidget(made)
    return made


def shown(log):
    return log.toPlainText().splitlines()


def test_a_long_log_is_written_in_many_turns_of_the_event_loop(log, qtbot):
    log.show()
    log.add_lines(LINES)
    assert log.blockCount() < LOG_LINES / 10
    assert len(log.text.splitlines()) == LOG_LINES
    counts = set()
    log.blockCountChanged.connect(counts.add)
    qtbot.waitUntil(lambda: log.is_complete, timeout=TIMEOUT)
    assert len(counts) > 10
    assert shown(log) == log.text.splitlines()
    assert log.verticalScrollBar().value() == log.verticalScrollBar().maximum()


def test_a_log_nobody_sees_is_written_when_it_is_seen(log, qtbot):
    log.add_lines(LINES[:10])
    log.add_lines(LINES[10:20])
    assert shown(log) == []
    log.show()
    qtbot.waitUntil(lambda: len(shown(log)) == 20, timeout=TIMEOUT)


def test_lines_are_chosen_by_level_and_belong_to_the_line_before_them(log, qtbot):
    log.show()
    log.add_lines([LogLine("", "ERROR", "failed")])
    log.add_lines([LogLine("", "", "because"), *LINES[1:100]])
    log.show_level("ERROR")
    log.copy_all()
    assert [line.strip() for line in QGuiApplication.clipboard().text().splitlines()] == ["failed", "because"]
    qtbot.waitUntil(lambda: len(shown(log)) == 2 and log.is_complete, timeout=TIMEOUT)
    log.show_level("")
    qtbot.waitUntil(lambda: len(shown(log)) == 101, timeout=TIMEOUT)
    log.add_lines([], anew=True)
    assert shown(log) == []


def test_a_run_with_a_long_log_is_opened_with_its_last_lines_and_the_log_when_asked_for(
    make_window, store, own_project, qtbot
):
    run = sorted((own_project / "runs").iterdir())[0]
    RunPlaces(run).log.write_text("".join(f"line {number}\n" for number in range(800)), encoding="utf-8")
    page = make_window(store, own_project, "run", run=run.name).current_page()
    tail, log = (
        next(view for view in page.findChildren(LogView) if view.accessibleName() == name)
        for name in ("Latest lines of the log", "Log of the run")
    )
    qtbot.waitUntil(lambda: len(shown(tail)) == 5, timeout=TIMEOUT)
    assert shown(tail)[-1].strip() == "line 799"
    assert shown(log) == []
    page.show_tab("log")
    qtbot.waitUntil(lambda: len(shown(log)) == 800, timeout=TIMEOUT)
    page.show_tab("config")
    assert "minutes: 1.0" in page.settings_text
