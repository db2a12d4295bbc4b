"""Train and the run page with real runs: started here, started elsewhere, stopped, resumed, gone wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from training import launcher
from training.runs import LIVING, RunState, list_runs, read_run

TIMEOUT = 60_000


@pytest.fixture
def train(make_window, store, own_project, qtbot):
    window = make_window(store, own_project, "train")
    qtbot.waitUntil(lambda: window.studio.runs.is_known, timeout=TIMEOUT)
    yield window.current_page()
    for run in list_runs(own_project / "runs"):
        if run.state in LIVING:
            launcher.kill(run.path)


def shown(page):
    return {run.name: run for _, run in page.table.model().known_rows()}


def press_to_stop(page, qtbot):
    qtbot.keyClick(page, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)


def visible_button(page, text):
    (found,) = [made for made in page.findChildren(QPushButton) if made.text() == text and made.isVisible()]
    return found


def test_a_run_started_here_learns_is_shown_stopped_and_resumed(train, qtbot, own_project):
    window = train.window()
    qtbot.keyClick(train.table, Qt.Key.Key_N)
    assert train.panel.isVisible()
    qtbot.keyClicks(train.panel.first_field, "from the window")
    for key, value in (("training.minutes", None), ("training.steps", 100_000), ("training.threads", 1)):
        train.panel.set_value(key, value)
    qtbot.mouseClick(train.panel.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.page == "run", timeout=TIMEOUT)
    page = window.current_page()
    qtbot.waitUntil(lambda: page.run is not None and page.run.state is RunState.RUNNING, timeout=TIMEOUT)
    qtbot.waitUntil(lambda: page.run.step > 2, timeout=TIMEOUT)
    assert page.header.title.text() == "from the window"
    page.show_tab("log")
    press_to_stop(page, qtbot)
    press_to_stop(page, qtbot)  # a second press changes nothing
    qtbot.waitUntil(lambda: page.run.state is RunState.STOPPED, timeout=TIMEOUT)
    assert any((page.run.path / "checkpoints").iterdir())
    stopped_at = page.run.step
    qtbot.keyClick(page, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: page.run.state is RunState.RUNNING, timeout=TIMEOUT)
    assert page.run.attempt == 2
    assert page.run.step >= stopped_at
    os.kill(read_run(page.run.path).worker.pid, signal.SIGSTOP)  # so that it cannot come to its end
    stop = visible_button(page, "Stop and save")
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert stop.text() == "Stopping"
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(visible_button(page, "End now"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(visible_button(page, "Let it save"), Qt.MouseButton.LeftButton)
    assert read_run(page.run.path).state in LIVING
    qtbot.mouseClick(visible_button(page, "End now"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(visible_button(page, "End without saving"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.run.state is RunState.LOST, timeout=TIMEOUT)
    window.show_page("train")
    qtbot.waitUntil(lambda: shown(train)["from the window"].state is RunState.LOST, timeout=TIMEOUT)


def test_a_run_from_the_command_line_appears_and_outlives_the_window(train, qtbot, own_project):
    window = train.window()
    command = [
        sys.executable, "-m", "main", "idm", "train", "--steps", "100000", "--set", "training.threads=1",
        "--name", "elsewhere", "--detach", "--project", str(own_project),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    qtbot.waitUntil(lambda: "elsewhere" in shown(train), timeout=TIMEOUT)
    path = shown(train)["elsewhere"].path
    window.close_now()
    assert read_run(path).state in LIVING
    launcher.kill(path)


def test_a_setting_that_is_wrong_is_told_at_its_field_and_cannot_be_started(train, qtbot):
    train.open_panel()
    train.panel.set_value("optimiser.learning_rate", 7.0)
    assert not train.panel.start.isEnabled()
    train.panel.set_value("optimiser.learning_rate", 0.001)
    assert train.panel.start.isEnabled()
    qtbot.keyClick(train.panel, Qt.Key.Key_Escape)
    assert not train.panel.isVisible()


def test_runs_are_found_by_name(train, qtbot):
    qtbot.keyClicks(train.search, "second")
    qtbot.waitUntil(lambda: set(shown(train)) == {"second"}, timeout=TIMEOUT)


def test_a_run_that_cannot_be_read_is_a_row_that_says_so(train, qtbot, own_project):
    broken = own_project / "runs" / "idm-broken"
    broken.mkdir()
    (broken / "state.json").write_text("{")
    train.studio.runs.look()
    qtbot.waitUntil(lambda: any(run.problem for run in shown(train).values()), timeout=TIMEOUT)
    train.studio.go("run", run="idm-broken")
    page = train.window().current_page()
    qtbot.waitUntil(lambda: "cannot be read" in page._gone.sentence.text(), timeout=TIMEOUT)
