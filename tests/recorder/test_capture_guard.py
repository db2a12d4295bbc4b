"""The capture process: countdown, what lies over the game, and keys that only the recorder hears."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("Xlib", reason="python-xlib is not installed")
if shutil.which("Xvfb") is None:
    pytest.skip("these tests bring an X server", allow_module_level=True)

from desktop_stage import OTHER_COLOUR
from take_reading import gaps
from Xlib import XK, X, display

from recorder.desktop.choose import this_desktop
from recorder.game.privacy_gate import COVERED
from vpt_studio.recordings.recording import Recording

pytestmark = [
    pytest.mark.timeout(90),
    pytest.mark.flaky(reruns=4, only_rerun=["HeldUpError"]),
]
OTHER = [OTHER_COLOUR >> 16, OTHER_COLOUR >> 8 & 255, OTHER_COLOUR & 255]


def test_a_countdown_is_told_and_then_the_take_begins_with_what_was_measured(start, tmp_path):
    measured = {"offset_ms": 36.5, "spread_ms": 4, "samples": 8}
    words = ["--countdown", "1", "--seconds", "0.5", "--sync", json.dumps(measured)]
    capture = start(*words, until="countdown")
    assert capture.said[0] == {"is": "countdown", "left": 1, "place": [100, 50, 640, 360]}
    assert not list(tmp_path.glob("*.take"))
    capture.until("recording")
    status = capture.until("status")
    assert (status["place"], status["covered"], status["hotkeys_of_others"]) == ([100, 50, 640, 360], "", [])
    with Recording.open(Path(capture.until("taken")["video"])) as recording:
        assert recording.sidecar.notes["sync"] == measured


@pytest.mark.parametrize("how", ["F9", "stop", "the window"])
def test_a_countdown_that_is_broken_off_leaves_nothing(stage, start, tmp_path, how):
    capture = start("--countdown", "60", until="countdown")
    capture.do("mark")
    if how == "F9":
        stage.key("F9")
    elif how == "stop":
        capture.do("stop")
    else:
        stage.close_window(stage.game)
    if how == "the window":
        assert "closed" in capture.until("failed")["error"]["what"]
    else:
        capture.until("discarded")
    capture.end()
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_recorded_of_what_lies_over_the_game(start, show_notice, tmp_path):
    capture = start()
    capture.until("status")
    notice = show_notice(150, 100, 500, 250, title="From Ana: the secret is 7")
    capture.until("closed", why=COVERED)
    assert capture.until("status")["covered"] == "From Ana: the secret is 7"
    notice.close()
    capture.until("closed", why="")
    capture.ticks(2)
    video = capture.stop()
    assert gaps(video) == [COVERED]
    with Recording.open(video) as recording:
        middles = np.array([picture[180, 320] for picture in recording.pictures(pointer=False)], int)
    assert (np.abs(middles - OTHER).max(axis=1) > 60).all()
    assert not any(b"secret" in path.read_bytes() for path in tmp_path.iterdir())


def test_what_lies_over_the_game_can_be_let_pass(start, show_notice):
    capture = start("--ignore-cover")
    show_notice(150, 100, 500, 250)
    capture.until("status", covered="Mail")
    capture.ticks(2)
    video = capture.stop()
    assert gaps(video) == []
    with Recording.open(video) as recording:
        assert (np.abs(recording.picture(len(recording) - 1)[180, 320].astype(int) - OTHER) < 40).all()


def test_hotkeys_do_what_they_are_for_and_the_game_never_sees_them(stage, start):
    game = display.Display(stage.name)
    game.create_resource_object("window", stage.game.id).change_attributes(event_mask=X.KeyPressMask)
    game.sync()
    capture = start()
    capture.until("status")
    stage.key("Shift_L", True)
    stage.key("F10", True)
    capture.until("marked")
    capture.ticks(2)  # all the while it is held
    stage.key("F10", False)
    stage.key("Shift_L", False)
    stage.key("Alt_L", True)
    stage.key("F8")  # for the window manager
    stage.key("Alt_L", False)
    capture.ticks(2)
    stage.key("w")
    stage.key("F9")
    taken = capture.until("taken")
    assert not any(one["is"] == "cut" for one in capture.said)
    # While F10 was down the game was in front all the same.
    assert gaps(Path(taken["video"])) == []
    game.sync()
    pressed = [
        event.detail for event in (game.next_event() for _ in range(game.pending_events())) if event.type == 2
    ]
    names = [XK.keysym_to_string(game.keycode_to_keysym(code, 0)) for code in pressed]
    assert "w" in names
    assert {game.keysym_to_keycode(XK.string_to_keysym(name)) for name in ("F9", "F10")}.isdisjoint(pressed)
    game.close()
    capture.end()


def test_hotkeys_that_another_program_had_are_taken_when_it_lets_go(stage, start, monkeypatch):
    monkeypatch.setenv("DISPLAY", stage.name)
    scout = this_desktop()
    scout.take_keys({"key.keyboard.f9"}, stage.game.id)
    capture = start()
    capture.until("status", hotkeys_of_others=["F9"])
    scout.close()
    capture.until("status", hotkeys_of_others=[])
