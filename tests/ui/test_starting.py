"""The window as a process: a second start, a crash and the return after it, an order to end, a full disk."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer

from ui.application import claim_or_raise, go_when_open
from ui.session import Session
from ui.single_instance import Instance, Knock
from ui.studio import Studio

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
DEADLINE = 60


def start(folder, *arguments):
    code = "from main import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "studio", str(folder), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for(condition, process):
    end = time.monotonic() + DEADLINE
    while not condition():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def log(tmp_path) -> str:
    found = list(tmp_path.rglob("window.log"))
    return found[0].read_text() if found else ""


def is_open(tmp_path):
    """Whether a window is there: it marks that it runs."""
    return any(tmp_path.rglob("*.running"))


@pytest.fixture
def opened(qapp, own_project, tmp_path):
    """A window of its own process on the project."""
    started: list[subprocess.Popen] = []

    def start_and_wait():
        process = start(own_project)
        started.append(process)
        wait_for(lambda: is_open(tmp_path), process)
        return process

    yield start_and_wait
    for process in started:
        process.kill()
        process.communicate()


def test_a_second_start_raises_the_first_window_and_ends(opened, own_project):
    first = opened()
    second = start(own_project, "--recording", "noise-1")
    output, _ = second.communicate(timeout=DEADLINE)
    assert second.returncode == 0
    assert "open already" in output
    assert first.poll() is None


def test_a_window_that_hangs_keeps_its_project_and_holds_nobody_up(opened, store, own_project, qtbot):
    first = opened()
    instance = Instance()
    studio = Studio(Session(store), lambda folder: claim_or_raise(instance, studio, folder))
    notices = studio.session.notices
    turns = []
    timer = QTimer(interval=1)
    first.send_signal(signal.SIGSTOP)
    studio.open_project(own_project, then="library")
    qtbot.waitUntil(lambda: bool(notices.history), timeout=DEADLINE * 1000)
    timer.timeout.connect(lambda: turns.append(1))
    timer.start()
    qtbot.waitUntil(lambda: "does not answer" in notices.history[-1].text, timeout=DEADLINE * 1000)
    assert len(turns) > 10  # the GUI thread went on while the other window was asked
    assert studio.session.project is None
    studio.close()


def test_a_window_that_answers_comes_to_the_front(qapp, store, own_project, qtbot):
    holder, instance, asked = Instance(), Instance(), []
    holder.asked.connect(asked.append)
    assert holder.claim(own_project)
    studio = Studio(Session(store), lambda folder: claim_or_raise(instance, studio, folder))
    studio.open_project(own_project)
    qtbot.waitUntil(lambda: bool(asked))
    qtbot.waitUntil(lambda: not studio.findChildren(Knock))
    assert studio.session.project is None
    assert not any("does not answer" in notice.text for notice in studio.session.notices.history)
    studio.close()
    holder.release()


def test_what_a_start_was_to_show_is_shown_over_home(make_window, store, own_project, qtbot):
    window = make_window(store)
    window.studio.open_project(own_project)
    go_when_open(window.studio, own_project, "player", {"recording": "noise-0"})
    qtbot.waitUntil(lambda: window.page == "player")
    window.studio.session.actions["studio.back"].run()
    assert window.page == "home"


def test_what_a_failed_start_was_to_show_is_forgotten(make_window, store, own_project, tmp_path, qtbot):
    window = make_window(store)
    window.studio.open_project(tmp_path / "nothing")
    go_when_open(window.studio, tmp_path / "nothing", "player", {"recording": "x"})
    qtbot.waitUntil(lambda: bool(window.studio.session.notices.history))
    told = len(window.studio.session.notices.history)
    window.studio.open_project(own_project, then="library")
    qtbot.waitUntil(lambda: window.page == "library")
    window.studio.open_project(own_project, then="home")
    qtbot.waitUntil(lambda: window.page == "home")
    qtbot.waitUntil(lambda: window.studio.background.is_idle)
    assert len(window.studio.session.notices.history) == told


def test_an_order_to_end_ends_it_in_good_order(opened, tmp_path):
    process = opened()
    process.send_signal(signal.SIGTERM)
    assert process.wait(DEADLINE) == 0
    assert not is_open(tmp_path)


def test_after_a_crash_the_next_window_says_so_and_nothing_is_lost(opened, own_project, tmp_path):
    first = opened()
    first.send_signal(signal.SIGSEGV)
    assert first.wait(DEADLINE) != 0
    assert is_open(tmp_path)
    again = opened()
    wait_for(lambda: "closed unexpectedly" in log(tmp_path), again)
    again.send_signal(signal.SIGTERM)
    assert again.wait(DEADLINE) == 0
    check = [sys.executable, "-m", "main", "project", "check", "--project", str(own_project)]
    assert subprocess.run(check, capture_output=True, timeout=DEADLINE).returncode == 0


def test_on_a_full_disk_a_change_is_told_to_be_lost_and_the_next_one_works(qapp, own_project):
    script = Path(__file__).with_name("full_disk.py")
    done = subprocess.run(
        [sys.executable, str(script), str(own_project)],
        capture_output=True,
        text=True,
        timeout=2 * DEADLINE,
        env=dict(os.environ, PYTHONPATH=str(script.parents[2])),
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert [severity for severity, _ in told["while_full"]] == ["danger"]
    assert "disk" in told["while_full"][0][1]
    assert told["tags"]["noise-0"] == []
    assert told["tags"]["noise-1"] == ["room"]
