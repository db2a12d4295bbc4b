"""What lies over a window, what is in one that is hidden, and keys that go to nobody: on a real X server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import numpy as np
import pytest

pytest.importorskip("Xlib", reason="python-xlib is not installed")
if shutil.which("Xvfb") is None:
    pytest.skip("these tests bring an X server", allow_module_level=True)

from desktop_stage import GAME_COLOUR, DesktopStage, until
from Xlib import XK, X, display

from recorder.desktop.choose import this_desktop
from recorder.desktop.window import Desktop

GAME = np.array([GAME_COLOUR >> 16, GAME_COLOUR >> 8 & 255, GAME_COLOUR & 255])


@pytest.fixture
def desktop(stage: DesktopStage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    monkeypatch.setenv("DISPLAY", stage.name)
    made = this_desktop()
    yield made
    made.close()


@pytest.fixture
def notice(show_notice) -> object:
    """Over the middle of the game."""
    return show_notice(300, 150, 200, 100)


def test_what_another_program_lays_over_a_window_covers_it(stage, desktop, show_notice):
    assert desktop.covering(stage.game.id) is None
    over = show_notice(700, 380, 300, 200)
    assert desktop.covering(stage.game.id).title == "Mail"
    assert desktop.covering(stage.game.id).process == over.process.pid
    stage.place(stage.game, 10, 10)
    assert desktop.covering(stage.game.id) is None
    stage.place(stage.game, 100, 50)
    assert desktop.covering(stage.game.id) is not None
    over.close()
    assert desktop.covering(stage.game.id) is None


def test_windows_of_its_own_process_do_not_cover_a_game(stage, desktop):
    stage.place(stage.other, 150, 100)
    assert desktop.covering(stage.game.id) is None
    assert desktop.covering(stage.game.id, foreign=False).title == "Letters"


def test_a_window_too_small_to_show_anything_covers_nothing(stage, desktop, show_notice):
    show_notice(300, 150, 1, 1)
    assert desktop.covering(stage.game.id) is None


def test_a_window_that_is_gone_is_not_covered_and_has_no_picture(stage, desktop, notice):
    stage.close_window(stage.game)
    assert desktop.covering(stage.game.id) is None
    assert desktop.own_picture(stage.game.id) is None


def test_a_hidden_window_is_seen_as_it_is_itself(stage, desktop, notice):
    until(lambda: desktop.own_picture(stage.game.id) is not None)
    picture = desktop.own_picture(stage.game.id)
    assert picture.shape == (360, 640, 3)
    assert (picture == GAME).all()
    stage.paint(0x102030)
    assert (desktop.own_picture(stage.game.id) == [0x10, 0x20, 0x30]).all()


def test_what_was_hidden_and_not_drawn_since_is_not_taken_for_the_windows_own(stage, desktop, notice):
    # Without a background the server does not fill what comes into sight: the notice's pixels stay.
    stage.game.change_attributes(background_pixmap=X.NONE)
    draw = stage.game.create_gc(foreground=0x405060)
    stage.key("w")  # whatever was sent before has happened
    assert desktop.own_picture(stage.game.id) is None
    stage.game.fill_rectangle(draw, 0, 0, 300, 360)
    stage.key("w")
    assert desktop.own_picture(stage.game.id) is None
    stage.game.fill_rectangle(draw, 300, 0, 340, 360)
    stage.key("w")
    assert (desktop.own_picture(stage.game.id) == [0x40, 0x50, 0x60]).all()


def test_a_window_that_is_not_shown_has_no_picture(stage, desktop):
    assert desktop.is_shown(stage.game.id)
    stage.hide(stage.game)
    assert not desktop.is_shown(stage.game.id)
    assert desktop.own_picture(stage.game.id) is None


def test_taken_keys_reach_no_window_and_take_nothing_else_away(stage, desktop):
    game = display.Display(stage.name)
    window = game.create_resource_object("window", stage.game.id)
    window.change_attributes(event_mask=X.KeyPressMask | X.FocusChangeMask)
    f9, w = (game.keysym_to_keycode(XK.string_to_keysym(name)) for name in ("F9", "w"))
    game.sync()

    def heard() -> list[int]:
        game.sync()
        events = [game.next_event() for _ in range(game.pending_events())]
        # Games let go of what is held while they have lost the focus: they are given it back at once.
        kinds = [event.type for event in events if event.type != X.MappingNotify]
        lost = [place for place, kind in enumerate(kinds) if kind == X.FocusOut]
        assert all(kinds[place + 1] == X.FocusIn for place in lost)
        return [event.detail for event in events if event.type == X.KeyPress]

    assert desktop.take_keys({"key.keyboard.f9"}, stage.game.id) == frozenset()
    assert desktop.in_front() == stage.game.id
    for modifier in (None, "Num_Lock", "Shift_L", "Control_L"):
        if modifier:
            stage.key(modifier, True)
        stage.key("F9", True)
        assert desktop.in_front() == stage.game.id
        stage.key("F9", False)
        assert desktop.in_front() == stage.game.id
        stage.key("w")
        if modifier:
            stage.key(modifier, False)
    told = heard()
    assert f9 not in told
    assert told.count(w) == 4
    assert desktop.take_keys(frozenset(), stage.game.id) == frozenset()
    stage.key("F9")
    assert heard() == [f9]
    game.close()


def test_taken_keys_reach_no_other_window_either(stage, desktop):
    program = display.Display(stage.name)
    program.create_resource_object("window", stage.other.id).change_attributes(event_mask=X.KeyPressMask)
    program.sync()
    desktop.take_keys({"key.keyboard.f9"}, stage.game.id)
    assert desktop.in_front() == stage.game.id
    stage.focus(stage.other)
    assert desktop.in_front() == stage.other.id
    stage.key("F9")
    stage.key("w")
    program.sync()
    events = [program.next_event() for _ in range(program.pending_events())]
    (pressed,) = [event.detail for event in events if event.type == X.KeyPress]
    assert pressed == program.keysym_to_keycode(XK.string_to_keysym("w"))
    program.close()


def test_keys_that_another_program_took_are_told(stage, desktop, show_notice):
    probe = display.Display(stage.name)
    keycode = probe.keysym_to_keycode(XK.string_to_keysym("F9"))
    probe.close()
    other = show_notice(900, 600, 20, 20, keycode=keycode)
    assert desktop.take_keys({"key.keyboard.f9", "key.keyboard.f8"}, stage.game.id) == {"key.keyboard.f9"}
    other.close()
    until(lambda: desktop.take_keys({"key.keyboard.f9", "key.keyboard.f8"}, stage.game.id) == frozenset())
