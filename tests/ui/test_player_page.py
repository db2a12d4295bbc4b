"""The Player as a person uses it: seek, step, jump, overlays, trim and export, damaged recordings."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPlainTextEdit, QPushButton

from ui.lanes import BUTTON_WORDS
from ui.look import look
from vpt_studio.actions import Actions
from vpt_studio.errors import StudioError
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.tick_writing import raw_from_actions, tick_lines

TIMEOUT = 15_000


@pytest.fixture
def player(make_window, store, own_project, qtbot):
    window = make_window(store, own_project, "player", recording="noise-0")
    page = window.current_page()
    qtbot.waitUntil(lambda: page.supply.picture(0) is not None, timeout=TIMEOUT)
    qtbot.waitUntil(lambda: window.studio.background.is_idle, timeout=TIMEOUT)
    return page


def press(page, key, qtbot, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(page.view, key, modifier)


def test_steps_by_key(player, qtbot):
    player.view.setFocus()
    press(player, Qt.Key.Key_Right, qtbot)
    press(player, Qt.Key.Key_Right, qtbot)
    press(player, Qt.Key.Key_Left, qtbot)
    assert player.playback.tick == 1
    press(player, Qt.Key.Key_End, qtbot)
    assert player.playback.tick == 199


def test_a_press_on_the_timeline_goes_there(player, qtbot):
    place = QPoint(player.timeline.width() * 3 // 4, player.timeline.height() - 12)
    qtbot.mouseClick(player.timeline, Qt.MouseButton.LeftButton, pos=place)
    tick = player.playback.tick
    assert 100 < tick < 199
    with qtbot.waitSignal(player.view.painted, timeout=TIMEOUT, check_params_cb=lambda at: at == tick):
        qtbot.waitUntil(lambda: player.supply.picture(tick) is not None, timeout=TIMEOUT)
        player.view.update()


def test_playing_shows_one_tick_after_the_other_and_stops_at_the_end(player, qtbot):
    player.seek(150)
    shown = []
    player.view.painted.connect(shown.append)
    press(player, Qt.Key.Key_Space, qtbot)
    qtbot.waitUntil(lambda: not player.playback.playing, timeout=TIMEOUT)
    assert player.playback.tick == 199
    assert shown == sorted(shown)
    assert len(set(shown)) > 40


def test_jumps_to_the_next_change_of_a_key(player, qtbot):
    press(player, Qt.Key.Key_N, qtbot)
    assert player.playback.tick % 10 == 0  # the made player holds its keys for half a second
    first = player.playback.tick
    press(player, Qt.Key.Key_N, qtbot)
    assert player.playback.tick > first
    press(player, Qt.Key.Key_P, qtbot)
    assert player.playback.tick == first


def test_overlays_go_and_come_back(player, qtbot):
    before = set(player.view.layers)
    assert before
    press(player, Qt.Key.Key_O, qtbot)
    assert player.view.layers == set()
    press(player, Qt.Key.Key_O, qtbot)
    assert player.view.layers == before


def test_every_key_that_was_held_can_be_given_a_lane(make_window, store, own_project, qtbot):
    names = ["attack", "forward", "jump", "use", "sneak", "hotbar.2", "inventory"]
    actions = Actions.null(200)
    for number, name in enumerate(names):
        actions.column(name)[: 100 - 10 * number] = True
    lines = (own_project / "recordings" / "noise-0.mp4").with_suffix(".jsonl")
    lines.write_bytes(b"".join(tick_lines(raw_from_actions(actions))))
    window = make_window(store, own_project, "player", recording="noise-0")
    window.resize(1280, 800)
    page = window.current_page()
    titles = [BUTTON_WORDS[name][0] for name in names]

    def lanes():
        said = page.timeline.accessibleDescription()
        return [title for title in titles if f"{title}: " in said]

    qtbot.waitUntil(lambda: lanes() == titles[:5], timeout=TIMEOUT)
    (more,) = [made for made in page.findChildren(QPushButton) if made.text() == "+ 2 more keys"]
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert lanes() == titles
    qtbot.waitUntil(lambda: page.timeline.visibleRegion().boundingRect() == page.timeline.rect())
    press(page, Qt.Key.Key_K, qtbot)
    assert lanes() == titles[:5]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_raw_line_is_written_in_letters_of_one_width(theme, player, store):
    store.change("look", theme=theme)
    raw = player.details.findChild(QPlainTextEdit)
    assert raw.font().family() == look().font("small", mono=True).family()


def test_a_trimmed_part_is_exported(player, qtbot, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    player.seek(40)
    press(player, Qt.Key.Key_BracketLeft, qtbot)
    player.seek(100)
    press(player, Qt.Key.Key_BracketRight, qtbot)
    press(player, Qt.Key.Key_E, qtbot)
    qtbot.waitUntil(lambda: player.findChild(QFileDialog) is not None, timeout=TIMEOUT)
    dialog = player.findChild(QFileDialog)
    field = dialog.findChild(QLineEdit)
    field.setText(str(out))
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: any(out.rglob("*.jsonl")) and player.studio.background.is_idle, timeout=60_000)
    (video,) = out.rglob("*.mp4")
    with Recording.open(video) as recording:
        assert 59 <= len(recording) <= 62


def damaged_tick(folder, name):
    with Recording.open(folder / "recordings" / f"{name}.mp4") as recording:
        for tick in range(len(recording)):
            try:
                recording.picture(tick)
            except StudioError:
                return tick
    raise AssertionError("no tick is damaged")


def test_a_damaged_frame_says_so_and_the_others_are_shown(make_window, store, own_project, qtbot):
    video = own_project / "recordings" / "holed.mp4"
    content = bytearray(video.read_bytes())
    content[len(content) // 4 : len(content) // 2] = bytes(len(content) // 2 - len(content) // 4)
    video.write_bytes(content)
    window = make_window(store, own_project, "player", recording="holed")
    page, tick = window.current_page(), damaged_tick(own_project, "holed")
    qtbot.waitUntil(lambda: page.supply.picture(0) is not None, timeout=TIMEOUT)
    page.seek(tick)
    qtbot.waitUntil(lambda: page.view.accessibleDescription() == "This frame is damaged", timeout=TIMEOUT)
    page.seek(0)
    qtbot.waitUntil(lambda: page.view.accessibleDescription() == "", timeout=TIMEOUT)


def test_a_recording_without_its_video_says_so(make_window, store, own_project, qtbot):
    (own_project / "recordings" / "noise-1.mp4").unlink()
    window = make_window(store, own_project, "player", recording="noise-1")
    page = window.current_page()
    qtbot.waitUntil(lambda: "is missing" in page.view.accessibleDescription(), timeout=TIMEOUT)
    window.show_page("library")
    assert window.page == "library"


def test_trim_speed_and_loop_stay_as_they_were_set(player, qtbot):
    player.seek(40)
    press(player, Qt.Key.Key_BracketLeft, qtbot)
    press(player, Qt.Key.Key_Equal, qtbot)
    window = player.window()
    window.show_page("library")
    window.studio.go("player", recording="noise-0", tick=77)
    assert player.playback.tick == 77
    qtbot.waitUntil(lambda: player.supply.picture(77) is not None, timeout=TIMEOUT)
    assert player.trim == (40, 200)
    window.studio.session.actions["studio.theme"].run()
    press(player, Qt.Key.Key_L, qtbot)
    window.studio.session.actions["studio.theme"].run()
    window.studio.go("player", recording="noise-1")
    qtbot.waitUntil(lambda: player.header.title.text() == "noise-1", timeout=TIMEOUT)
    qtbot.waitUntil(lambda: player.playback.ticks == 200, timeout=TIMEOUT)
    assert (player.playback.speed, player.playback.repeats) == (2.0, True)


def test_jumping_to_differences_before_an_idm_was_asked_says_what_to_do(player, qtbot):
    player.marks.choose("differs")
    press(player, Qt.Key.Key_N, qtbot)
    assert "Press C" in player.studio.session.notices.history[-1].text
