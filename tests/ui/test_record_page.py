"""Record as a person uses it: real keys and a real mouse, a real world, a real take."""

from __future__ import annotations

import os
import shutil

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton
from superqt import QElidingLabel

xlib = pytest.importorskip("Xlib", reason="python-xlib is not installed")

from x_keyboard import XKeyboard  # noqa: E402
from x_mouse import XMouse  # noqa: E402

from recorder.consent import VERSION  # noqa: E402
from recorder.play.queued_take import QueuedTakeWriter  # noqa: E402
from recorder.takes.waiting import takes_folder, waiting_takes  # noqa: E402
from recorder.tasks import FREE_PLAY, read_task_list  # noqa: E402
from ui.look import look  # noqa: E402
from vpt_studio.project import Project  # noqa: E402
from vpt_studio.recordings.recording import Recording  # noqa: E402
from vpt_studio.recordings.sidecar import Sidecar  # noqa: E402
from vpt_studio.recordings.tick_writing import TickInput  # noqa: E402

TIMEOUT = 60_000


@pytest.fixture
def keyboard(qapp):
    made = XKeyboard()
    yield made
    made.close()


@pytest.fixture
def mouse(qapp):
    made = XMouse()
    yield made
    made.press(1, False)
    made.close()


@pytest.fixture
def project(tmp_path):
    Project.create(tmp_path / "project", "Play").close()
    return tmp_path / "project"


@pytest.fixture
def record(make_window, store, project, qtbot):
    """The page with a small world that is ready to be played in."""
    store.change("recording", preset="brisk", seed=4, person="amber")
    store.change("privacy", consent=VERSION)
    window = make_window(store, project, "record")
    return window.current_page()


@pytest.fixture
def ready(record, mouse, qtbot):
    task = read_task_list("built_in_world").task("gather-wood")
    record.choose_task(task)
    assert record.step == "window"
    mouse.click(record.windows.world.enter)
    qtbot.waitUntil(lambda: record.step == "play", timeout=TIMEOUT)
    qtbot.waitUntil(lambda: record.record_button.isEnabled(), timeout=TIMEOUT)
    return record


def has_dot(window):
    """Whether the rail shows at Record that a take is being recorded, as a dot and in words."""
    names = {found.accessibleName(): found for found in window.rail.findChildren(QToolButton)}
    button = names["Record page"]
    image, vermillion = button.grab().toImage(), look().colour("vermillion")
    is_seen = any(
        image.pixelColor(x, y) == vermillion for x in range(image.width()) for y in range(image.height())
    )
    assert is_seen == (button.accessibleDescription() == "A take is being recorded")
    return is_seen


class Ticks(list):
    """What the play process says of each tick."""

    def __init__(self, page, qtbot):
        super().__init__()
        self._qtbot = qtbot
        page.world.process.ticked.connect(self.extend)

    def wait_for(self, found, **_):
        self._qtbot.waitUntil(lambda: any(map(found, self)), timeout=TIMEOUT)


def test_from_a_task_to_the_library_with_keys_and_mouse(ready, keyboard, mouse, project, qtbot):
    window = ready.window()
    mouse.click(ready.game.view)
    qtbot.waitUntil(lambda: ready.game.view.is_captured, timeout=TIMEOUT)
    keyboard.press("F9")
    qtbot.waitUntil(lambda: ready.is_recording, timeout=TIMEOUT)
    ticks = Ticks(ready, qtbot)
    keyboard.hold("w")
    ticks.wait_for(lambda tick: tick["held"] == ["forward"])
    keyboard.hold("Control_L")
    ticks.wait_for(lambda tick: tick["held"] == ["forward", "sprint"])
    keyboard.hold("q")  # Ctrl+Q is for the game now, not for the window
    ticks.wait_for(lambda tick: "drop" in tick["held"])
    for name in ("q", "Control_L", "w"):
        keyboard.hold(name, False)
    ticks.wait_for(lambda tick: tick["held"] == [] and tick["recorded"] > 3)
    steps = [(30, -4), (60, 11), (-25, 8), (90, -20)] * 6  # wider than the view: the pointer is put back
    for step in steps:
        mouse.move(*step)
    wanted = tuple(map(sum, zip(*steps, strict=True)))
    moved = lambda: (sum(tick["dx"] for tick in ticks), sum(tick["dy"] for tick in ticks))  # noqa: E731
    qtbot.waitUntil(lambda: moved() == wanted, timeout=TIMEOUT)
    mouse.press(1, True)
    ticks.wait_for(lambda tick: tick["held"] == ["attack"])
    mouse.press(1, False)
    keyboard.hold("e")
    ticks.wait_for(lambda tick: tick["screen"])
    keyboard.hold("e", False)
    ticks.wait_for(lambda tick: tick["screen"] and not tick["held"])
    keyboard.press("F9")
    qtbot.waitUntil(lambda: ready.step == "verdict", timeout=TIMEOUT)
    assert not ready.game.view.is_captured
    qtbot.waitUntil(lambda: window.studio.background.is_idle, timeout=TIMEOUT)
    keyboard.press("k")
    qtbot.waitUntil(lambda: ready.step == "play", timeout=TIMEOUT)
    qtbot.waitUntil(lambda: window.studio.background.is_idle, timeout=TIMEOUT)
    with Project.open(project) as opened:
        (row,) = opened.recordings()
        assert (row.source.value, row.person, row.health.value) == ("human", "amber", "healthy")
        with Recording.open(project / row.video) as recording:
            assert recording.sidecar.environment == "vpt-studio voxel brisk"
            assert recording.sidecar.seed == 4
            assert recording.sidecar.notes["task"]["title"] == "Gather wood"
            assert recording.sidecar.notes["consent"]["version"] == VERSION
            raw = recording.ticks.raw
            actions = recording.converted().actions
    recorded = [tick for tick in ticks if tick["recorded"] is not None][-len(raw) :]
    assert raw.motion.sum(axis=0).tolist() == list(wanted)
    for button in ("forward", "sprint", "drop", "attack", "inventory"):
        assert actions.column(button).any(), button
    forward = actions.column("forward")
    first, last = forward.argmax(), len(forward) - forward[::-1].argmax()
    assert forward[first:last].all()  # X repeats held keys; the game does not
    assert len(recorded) <= len(raw)
    window.studio.go("library")
    library = window.current_page()
    qtbot.waitUntil(lambda: library.table.model().rowCount() == 1, timeout=TIMEOUT)
    assert not (project / "takes" / f"{row.id}.mp4").exists()


def test_escape_frees_the_mouse_and_everything_waits(ready, keyboard, mouse, qtbot):
    keyboard.press("F9")  # also captures
    qtbot.waitUntil(lambda: ready.game.view.is_captured and ready.is_recording, timeout=TIMEOUT)
    ticks = Ticks(ready, qtbot)
    keyboard.hold("w")
    ticks.wait_for(lambda tick: tick["held"] == ["forward"])
    keyboard.press("Escape")
    qtbot.waitUntil(lambda: not ready.game.view.is_captured, timeout=TIMEOUT)
    keyboard.hold("w", False)
    before = len(ticks)
    assert ready.is_recording
    mouse.click(ready.game.view)
    qtbot.waitUntil(lambda: ready.game.view.is_captured, timeout=TIMEOUT)
    qtbot.waitUntil(lambda: len(ticks) > before + 3, timeout=TIMEOUT)
    after = ticks[-1]
    assert after["held"] == []  # nor did the click dig
    assert not any("attack" in tick["held"] for tick in ticks)
    numbers = [tick["tick"] for tick in ticks]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    ready.window().studio.go("settings")
    qtbot.waitUntil(lambda: not ready.game.view.is_captured, timeout=TIMEOUT)
    assert has_dot(ready.window())
    ready.window().studio.go("record")
    assert ready.is_recording
    ready.toggle_recording()
    qtbot.waitUntil(lambda: ready.step == "verdict", timeout=TIMEOUT)


def test_the_rail_has_a_dot_for_as_long_as_a_take_is_recorded(ready, qtbot):
    window = ready.window()
    assert not has_dot(window)
    ready.toggle_recording()
    qtbot.waitUntil(lambda: has_dot(window), timeout=TIMEOUT)
    window.studio.go("library")
    assert has_dot(window)
    window.studio.session.actions["studio.theme"].run()
    assert has_dot(window)
    window.studio.go("record")
    ready.toggle_recording()
    qtbot.waitUntil(lambda: not has_dot(window), timeout=TIMEOUT)
    qtbot.waitUntil(lambda: ready.step == "verdict", timeout=TIMEOUT)


def test_a_discarded_take_comes_back_with_undo(ready, keyboard, project, qtbot):
    studio = ready.studio
    ready.toggle_recording()
    qtbot.waitUntil(lambda: ready.is_recording, timeout=TIMEOUT)
    ticks = Ticks(ready, qtbot)
    ticks.wait_for(lambda tick: tick["recorded"] == 5)
    ready.toggle_recording()
    qtbot.waitUntil(lambda: ready.step == "verdict", timeout=TIMEOUT)
    name = ready.take.name
    keyboard.press("Delete")
    qtbot.waitUntil(lambda: ready.step == "play", timeout=TIMEOUT)
    qtbot.waitUntil(lambda: studio.session.undo.next_undo is not None, timeout=TIMEOUT)
    assert ready.offer.take is None
    studio.undo()
    qtbot.waitUntil(lambda: ready.offer.take is not None, timeout=TIMEOUT)
    assert (ready.offer.take.name, ready.offer.take.is_whole) == (name, True)


def test_what_a_crash_left_is_offered_and_recovered(ready, project, qtbot):
    ready.toggle_recording()
    qtbot.waitUntil(lambda: ready.is_recording, timeout=TIMEOUT)
    ticks = Ticks(ready, qtbot)
    ticks.wait_for(lambda tick: tick["recorded"] == 45)
    ready.studio.go("library")
    assert has_dot(ready.window())
    os.kill(ready.world.process.process_id, 9)
    qtbot.waitUntil(lambda: not has_dot(ready.window()), timeout=TIMEOUT)
    ready.studio.go("record")
    qtbot.waitUntil(lambda: ready.offer.isVisible(), timeout=TIMEOUT)
    assert not ready.game.view.is_captured
    assert ready.step == "window"
    assert not ready.offer.take.is_whole
    ready.studio.session.actions["record.recover"].run()
    qtbot.waitUntil(lambda: ready.step == "verdict", timeout=TIMEOUT)
    assert ready.take.ticks >= 25
    ready.decision.keep()
    qtbot.waitUntil(lambda: ready.studio.background.is_idle, timeout=TIMEOUT)
    with Project.open(project) as opened:
        assert opened.recording_counts().present == 1


def test_a_window_that_closes_leaves_the_take_to_be_recovered(ready, project, store, make_window, qtbot):
    ready.toggle_recording()
    qtbot.waitUntil(lambda: ready.is_recording, timeout=TIMEOUT)
    ticks = Ticks(ready, qtbot)
    ticks.wait_for(lambda tick: tick["recorded"] == 10)
    ready.window().close_now()
    window = make_window(store, project, "record")
    page = window.current_page()
    qtbot.waitUntil(lambda: page.offer.take is not None, timeout=TIMEOUT)
    assert page.offer.take.ticks >= 10


def test_another_project_ends_the_play_and_the_take_waits_in_the_first(ready, project, tmp_path, qtbot):
    Project.create(tmp_path / "other", "Other").close()
    ready.toggle_recording()
    qtbot.waitUntil(lambda: ready.is_recording, timeout=TIMEOUT)
    ticks = Ticks(ready, qtbot)
    ticks.wait_for(lambda tick: tick["recorded"] == 5)
    ready.studio.open_project(tmp_path / "other", then="record")
    qtbot.waitUntil(lambda: ready.world.process is None, timeout=TIMEOUT)
    assert not ready.is_recording
    assert not has_dot(ready.window())
    assert "wait there" in ready.studio.session.notices.history[-1].text
    qtbot.waitUntil(lambda: ready.studio.background.is_idle, timeout=TIMEOUT)
    assert ready.offer.take is None
    qtbot.waitUntil(
        lambda: [take.is_whole for take in waiting_takes(project / "takes")] == [True], timeout=TIMEOUT
    )
    ready.studio.open_project(project, then="record")
    qtbot.waitUntil(lambda: ready.offer.take is not None, timeout=TIMEOUT)
    assert ready.offer.take.ticks >= 5


def test_keyboard_alone_leads_into_the_game(record, keyboard, qtbot):
    for _ in range(30):
        keyboard.press("Tab")
        qtbot.wait(20)
        focus = QApplication.focusWidget()
        if focus is not None and focus.accessibleName().startswith("Gather wood"):
            break
    keyboard.press("space")
    qtbot.waitUntil(lambda: record.step == "window", timeout=TIMEOUT)
    keyboard.press("space")  # the way in has the focus
    qtbot.waitUntil(lambda: record.record_button.isEnabled(), timeout=TIMEOUT)
    keyboard.press("Return")
    qtbot.waitUntil(lambda: record.game.view.is_captured, timeout=TIMEOUT)
    keyboard.press("h")
    qtbot.waitUntil(lambda: record.game.view.shows_help, timeout=TIMEOUT)
    keyboard.press("Escape")
    qtbot.waitUntil(lambda: not record.game.view.is_captured, timeout=TIMEOUT)


def test_without_a_world_there_is_nothing_to_record(record, keyboard, qtbot):
    assert not record.record_button.isEnabled()
    keyboard.press("F9")
    qtbot.waitUntil(lambda: record.studio.session.notices.history != [], timeout=TIMEOUT)
    assert record.studio.session.notices.history[-1].text == "Enter a world or choose a window first."


def failures(page):
    return [note.text for note in page.studio.session.notices.history if note.severity == "danger"]


def test_pressing_twice_begins_one_recording_and_ends_it_once(ready, qtbot):
    ready.record_button.click()
    ready.record_button.click()
    qtbot.waitUntil(lambda: ready.is_recording, timeout=TIMEOUT)
    ticks = Ticks(ready, qtbot)
    ticks.wait_for(lambda tick: tick["recorded"] == 5)
    assert ready.is_recording
    assert has_dot(ready.window())
    ready.record_button.click()
    ready.record_button.click()
    qtbot.waitUntil(lambda: ready.step == "verdict", timeout=TIMEOUT)
    assert not ready.is_recording
    assert not has_dot(ready.window())
    assert failures(ready) == []


def test_a_failure_of_something_else_ends_no_recording_and_what_ticks_say_counts(ready, qtbot):
    ready.toggle_recording()
    qtbot.waitUntil(lambda: ready.is_recording, timeout=TIMEOUT)
    ready.world.process.do("record", folder="anywhere", name="again")
    qtbot.waitUntil(lambda: len(failures(ready)) == 1, timeout=TIMEOUT)
    assert ready.is_recording
    assert has_dot(ready.window())
    ready.world.process.do("discard")
    ready.play()
    ticks = Ticks(ready, qtbot)
    ticks.wait_for(lambda tick: tick["recorded"] is None)
    qtbot.waitUntil(lambda: not ready.is_recording, timeout=TIMEOUT)
    assert not has_dot(ready.window())
    ready.world.process.do("record", folder=str(ready.desk.folder), name="begun-by-another")
    ticks.wait_for(lambda tick: tick["recorded"] == 5)
    assert ready.is_recording
    ready.toggle_recording()
    qtbot.waitUntil(lambda: ready.step == "verdict", timeout=TIMEOUT)


def test_a_full_disk_ends_the_take_and_the_world_is_still_there(ready, project, qtbot):
    resource = pytest.importorskip("resource", reason="only POSIX limits the size of files")
    if not hasattr(resource, "prlimit"):
        pytest.skip("only Linux limits another process")
    ready.toggle_recording()
    qtbot.waitUntil(lambda: ready.is_recording, timeout=TIMEOUT)
    ticks = Ticks(ready, qtbot)
    ticks.wait_for(lambda tick: tick["recorded"] == 40)
    most = (resource.RLIM_INFINITY,) * 2
    resource.prlimit(ready.world.process.process_id, resource.RLIMIT_FSIZE, (1000, most[1]))
    qtbot.waitUntil(lambda: not ready.is_recording, timeout=TIMEOUT)
    resource.prlimit(ready.world.process.process_id, resource.RLIMIT_FSIZE, most)
    assert not has_dot(ready.window())
    assert len(failures(ready)) == 1
    qtbot.waitUntil(lambda: ready.offer.take is not None, timeout=TIMEOUT)
    ticks.clear()
    ready.play()
    ticks.wait_for(lambda tick: tick["recorded"] is None)


def test_a_take_that_cannot_be_recovered_gives_way_to_others_and_can_be_discarded(record, project, qtbot):
    folder = takes_folder(project)
    writer = QueuedTakeWriter(folder, "begun", Sidecar())
    shutil.copytree(folder / "begun.take", folder / "a-killed-at-once.take")
    writer.discard()
    writer = QueuedTakeWriter(folder, "cut-off", Sidecar())
    for _ in range(30):
        writer.write(np.zeros((360, 640, 3), np.uint8), TickInput(frozenset()))
    writer.leave()

    def offered(name):
        qtbot.waitUntil(
            lambda: record.offer.take is not None and record.offer.take.name == name, timeout=TIMEOUT
        )

    def press(text):
        (found,) = (one for one in record.offer.findChildren(QPushButton) if one.text() == text)
        found.click()

    record.offer.look()
    offered("a-killed-at-once")
    press("Recover")
    offered("cut-off")
    assert len(failures(record)) == 1
    press("Recover")
    qtbot.waitUntil(lambda: record.step == "verdict", timeout=TIMEOUT)
    offered("a-killed-at-once")
    press("Discard")
    qtbot.waitUntil(lambda: record.studio.session.undo.next_undo is not None, timeout=TIMEOUT)
    assert record.offer.take is None
    assert [take.name for take in waiting_takes(folder)] == ["cut-off"]
    record.studio.undo()
    offered("a-killed-at-once")


def test_a_task_of_the_list_that_is_shown_is_always_the_one_at_the_right(record, qtbot):
    def marked():
        cards = record.tasks.findChildren(QPushButton)
        return [card.accessibleName().split(",")[0] for card in cards if card.isChecked()]

    qtbot.waitUntil(lambda: record.tasks.offered is not None, timeout=TIMEOUT)
    assert marked() == [record.task.title] == ["Play freely"]
    record.tasks.use_list("paper")
    qtbot.waitUntil(lambda: record.tasks.offered.name == "paper", timeout=TIMEOUT)
    assert record.task == read_task_list("paper").tasks[0]
    assert marked() == [record.task.title]
    assert record.step == "task"
    record.tasks.use_list("")
    qtbot.waitUntil(lambda: record.tasks.offered.name == "", timeout=TIMEOUT)
    assert record.task == FREE_PLAY


def test_the_words_that_were_not_agreed_to_can_be_read_from_the_first_step(record, store):
    (link,) = [one for one in record.side.findChildren(QPushButton) if one.text().startswith("Consent")]
    store.change("privacy", consent=0)
    link.click()
    assert record.consent.isVisible()
    record.consent.agree.click()
    assert store.current.privacy.consent == VERSION
    assert record.step == "task"
    assert ", agreed" in link.text()


def test_what_is_shown_is_not_offered(record, project, qtbot):
    folder = takes_folder(project)
    for name in ("first", "second"):
        writer = QueuedTakeWriter(folder, name, Sidecar())
        writer.write(np.zeros((360, 640, 3), np.uint8), TickInput(frozenset()))
        writer.close()
    record.offer.look()
    qtbot.waitUntil(lambda: record.offer.take is not None, timeout=TIMEOUT)
    assert offer_said(record).startswith("A take waits for your verdict")
    record.offer.accept()
    qtbot.waitUntil(lambda: record.step == "verdict" and record.offer.take is not None, timeout=TIMEOUT)
    assert record.offer.take.name != record.take.name
    assert offer_said(record).startswith("1 more take waits")


def offer_said(record):
    return " ".join(label.text() for label in record.offer.findChildren(QElidingLabel))
