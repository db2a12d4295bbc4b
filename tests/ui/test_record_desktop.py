"""Record for a game on the desktop, as a person uses it: a real window, real keys, a real take."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, QSize

xlib = pytest.importorskip("Xlib", reason="python-xlib is not installed")

from x_game import XGame  # noqa: E402
from x_keyboard import XKeyboard  # noqa: E402

from recorder.consent import VERSION  # noqa: E402
from recorder.takes.waiting import takes_folder, waiting_takes  # noqa: E402
from ui.recording_indicator import free_corner  # noqa: E402
from vpt_studio.project import Project  # noqa: E402
from vpt_studio.recordings.recording import Recording  # noqa: E402

TIMEOUT = 60_000
GAME = (1290, 40, 630, 354)


@pytest.fixture
def keyboard(qapp):
    made = XKeyboard()
    yield made
    made.close()


@pytest.fixture
def game(qapp):
    """A game beside the studio's window, and no larger than what is left of the screen."""
    made = XGame("Minetest: an island", *GAME)
    yield made
    made.close()


@pytest.fixture
def project(tmp_path):
    Project.create(tmp_path / "project", "Play").close()
    return tmp_path / "project"


@pytest.fixture
def record(make_window, store, project):
    store.change("recording", person="amber", countdown_seconds=1, task_list="paper")
    store.change("privacy", consent=VERSION)
    window = make_window(store, project, "record")
    window.move(0, 0)
    return window.current_page()


def find(record, game, qtbot):
    """Go to the windows; the row of the game."""
    if record.step == "task":
        qtbot.waitUntil(lambda: record.tasks.offered is not None, timeout=TIMEOUT)
        record.choose_task(record.tasks.offered.tasks.tasks[0])
    assert record.step == "window"
    qtbot.waitUntil(lambda: record.windows.row_of(game.id) is not None, timeout=TIMEOUT)
    return record.windows.row_of(game.id)


def look_at(record, game, qtbot):
    """Bring the game to the front of the step Check."""
    qtbot.waitUntil(lambda: record.step == "check" and record.desktop.look is not None, timeout=TIMEOUT)
    game.focus()
    qtbot.waitUntil(lambda: record.desktop.look["in_front"], timeout=TIMEOUT)
    qtbot.waitUntil(record.record_button.isEnabled, timeout=TIMEOUT)


def record_a_second(record, game, qtbot):
    """Wait for the countdown, go to the game, and be recorded."""
    qtbot.waitUntil(lambda: record.desktop.stage == "countdown", timeout=TIMEOUT)
    game.focus()
    qtbot.waitUntil(lambda: record.desktop.status.get("ticks", 0) >= 15, timeout=TIMEOUT)


def check_of(record, name):
    return next(check for check in record.desktop.look["checks"] if check["id"] == name)


def state_of(record, name):
    return check_of(record, name)["state"]


def said(record):
    return [note.text for note in record.studio.session.notices.history]


def test_from_consent_to_a_verdict_and_once_more(record, store, game, keyboard, qtbot):
    window, indicator = record.window(), record.on_desktop.indicator
    store.change("privacy", consent=0)
    find(record, game, qtbot).choose()
    assert record.consent.isVisible()
    record.consent.answered.emit(False)
    assert not record.consent.isVisible()
    assert record.step == "window"
    find(record, game, qtbot).choose()
    record.consent.agree.click()
    assert store.current.privacy.consent == VERSION
    look_at(record, game, qtbot)
    assert record.desktop.window.profile == "luanti"
    assert record.on_desktop.check.preview.is_in_front
    keyboard.hold("w")
    qtbot.waitUntil(lambda: record.desktop.look["held"] == ["forward"], timeout=TIMEOUT)
    keyboard.hold("w", False)
    qtbot.waitUntil(lambda: state_of(record, "keys") == "ok", timeout=TIMEOUT)

    keyboard.press("F9")
    qtbot.waitUntil(lambda: record.desktop.stage == "countdown", timeout=TIMEOUT)
    assert window.isMinimized()
    assert indicator.isVisible()
    assert not indicator.frameGeometry().intersects(QRect(*GAME))
    game.focus()
    qtbot.waitUntil(lambda: record.desktop.stage == "recording", timeout=TIMEOUT)
    keyboard.hold("w")
    qtbot.waitUntil(lambda: record.desktop.status.get("held") == ["forward"], timeout=TIMEOUT)
    keyboard.hold("w", False)
    game.place(1290, 700)
    moved = QRect(1290, 700, *GAME[2:])
    qtbot.waitUntil(lambda: QRect(*record.desktop.place) == moved, timeout=TIMEOUT)
    assert not indicator.frameGeometry().intersects(moved)
    keyboard.press("F10")
    qtbot.waitUntil(lambda: "Marked" in indicator.accessibleName(), timeout=TIMEOUT)
    keyboard.press("F9")
    qtbot.waitUntil(lambda: record.step == "verdict", timeout=TIMEOUT)
    assert not window.isMinimized()
    assert not indicator.isVisible()
    with Recording.open(record.take.video) as recording:
        notes = recording.sidecar.notes
        assert recording.sidecar.person == "amber"
        assert notes["consent"]["version"] == VERSION
        assert notes["task"]["title"] == "Free play"
        assert recording.converted().actions.column("forward").any()

    record.decision.discard()
    look_at(record, game, qtbot)
    record.record_button.click()
    record_a_second(record, game, qtbot)
    game.close()
    qtbot.waitUntil(lambda: record.step == "verdict", timeout=TIMEOUT)
    assert "The take ended because the game's window was closed." in said(record)


def test_a_capture_that_dies_and_a_studio_that_closes_leave_their_takes(record, game, project, qtbot):
    find(record, game, qtbot).choose()
    look_at(record, game, qtbot)
    record.record_button.click()
    record_a_second(record, game, qtbot)
    os.kill(record.desktop.capture.process_id, 9)
    qtbot.waitUntil(lambda: record.offer.take is not None, timeout=TIMEOUT)
    assert not record.offer.take.is_whole
    assert any("stopped unexpectedly" in text for text in said(record))
    look_at(record, game, qtbot)
    record.record_button.click()
    record_a_second(record, game, qtbot)
    record.window().close_now()
    assert sorted(take.is_whole for take in waiting_takes(takes_folder(project))) == [False, True]


def test_what_lies_over_a_game_for_good_is_recorded_where_that_is_chosen(record, game, qtbot):
    find(record, game, qtbot).choose()
    look_at(record, game, qtbot)
    choice = record.side.ready.cover
    assert not choice.isVisible()
    overlay = XGame("Chat", 1400, 100, 200, 100)
    overlay.paint(0xC02020)
    game.focus()
    qtbot.waitUntil(choice.isVisible, timeout=TIMEOUT)
    assert choice.text() == "Record it all the same"
    assert "in the pictures" in choice.accessibleDescription()
    choice.click()
    recorded = "Chat lies over the game, and is recorded"
    qtbot.waitUntil(lambda: check_of(record, "cover")["words"] == recorded, timeout=TIMEOUT)
    assert state_of(record, "cover") == "warn"
    record.record_button.click()
    record_a_second(record, game, qtbot)
    record.desktop.stop()
    qtbot.waitUntil(lambda: record.step == "verdict", timeout=TIMEOUT)
    with Recording.open(record.take.video) as recording:
        assert recording.sidecar.notes["cover"] == "recorded"
        red, green, _ = recording.picture(len(recording) - 1)[110, 210].astype(int)
        assert red > 2 * green

    record.decision.discard()  # the same window: it still holds
    look_at(record, game, qtbot)
    qtbot.waitUntil(lambda: check_of(record, "cover")["words"] == recorded, timeout=TIMEOUT)
    choice.click()
    qtbot.waitUntil(lambda: check_of(record, "cover")["words"] == "Chat lies over the game", timeout=TIMEOUT)
    choice.click()
    record.desktop.watch(record.desk.folder, replace(record.desktop.window, id=overlay.id))
    assert not record.desktop.ignores_cover
    overlay.close()


def test_a_take_begins_also_where_the_scout_was_gone_already(record, game, qtbot):
    find(record, game, qtbot).choose()
    look_at(record, game, qtbot)
    scout = record.desktop.scout
    os.kill(scout.process_id, 9)
    scout.blockSignals(True)  # nobody has heard of it yet
    scout.wait(60)
    scout.blockSignals(False)
    record.record_button.click()
    qtbot.waitUntil(lambda: record.desktop.stage == "countdown", timeout=TIMEOUT)
    record.desktop.stop()
    qtbot.waitUntil(lambda: record.step == "check", timeout=TIMEOUT)


def test_what_keeps_a_window_from_being_recorded_is_said(record, game, qtbot, monkeypatch):
    name = os.environ["DISPLAY"]
    monkeypatch.setenv("DISPLAY", ":9999")
    qtbot.waitUntil(lambda: record.tasks.offered is not None, timeout=TIMEOUT)
    record.choose_task(record.tasks.offered.tasks.tasks[0])
    qtbot.waitUntil(lambda: record.windows.trouble_shown() != "", timeout=TIMEOUT)
    monkeypatch.setenv("DISPLAY", name)
    record.windows.again.emit()
    row = find(record, game, qtbot)
    assert record.windows.trouble_shown() == ""
    row.choose()
    look_at(record, game, qtbot)
    game.close()
    qtbot.waitUntil(lambda: not record.record_button.isEnabled(), timeout=TIMEOUT)
    assert "closed" in record.record_button.toolTip()
    record.studio.go("library")
    assert record.desktop.scout is None  # nobody looks at the desktop from another page


def test_a_task_list_that_cannot_be_used_says_why_and_none_can_be_had(record, store, tmp_path, qtbot):
    bad = tmp_path / "bad.yaml"
    bad.write_text("title: Mine\ntasks: []\n")
    record.tasks.use_list(str(bad))
    qtbot.waitUntil(lambda: record.tasks.trouble_shown() != "", timeout=TIMEOUT)
    assert "bad.yaml" in record.tasks.trouble_shown().replace("\u200b", "")
    bad.write_text("title: Mine\ntasks:\n  - {id: dig, title: Dig, prompt: Dig down., minutes: 3}\n")
    record.tasks.read()
    qtbot.waitUntil(lambda: record.tasks.trouble_shown() == "", timeout=TIMEOUT)
    record.choose_task(record.tasks.offered.tasks.tasks[0])
    assert record.task.title == "Dig"
    record.tasks.use_list("")
    qtbot.waitUntil(lambda: record.tasks.offered.tasks is None, timeout=TIMEOUT)
    assert store.current.recording.task_list == ""


def test_the_indicator_finds_a_corner_beside_the_game_or_none():
    screen, size = QRect(0, 0, 1920, 1080), QSize(240, 54)
    assert free_corner([screen], QRect(0, 0, 1280, 720), size) == QPoint(1920 - 240 - 16, 16)
    assert free_corner([screen], QRect(640, 0, 1280, 720), size) == QPoint(16, 16)
    assert free_corner([screen], QRect(0, 0, 1920, 1080), size) is None
    beside = QRect(1920, 0, 1280, 1024)
    assert free_corner([screen, beside], screen, size) == QPoint(1920 + 1280 - 240 - 16, 16)
