"""What Windows and macOS give, from bytes and values built by their descriptions; and the fallback of X."""

from __future__ import annotations

import importlib.util
import shutil
import struct
import threading

import pytest

from bench.recorder_input import Heard
from bench.x_screen import XHand, own_screen
from recorder.desktop.macos_desktop import read_window
from recorder.desktop.window import DesktopWindow
from recorder.devices.events import InputEvent
from recorder.devices.macos_reading import MacReading, TapEvent, event_time
from recorder.devices.windows_reading import Screens, WindowsReading, message_time
from recorder.key_names import EVDEV_NAMES, MACOS_NAMES, SCAN_CODE_NAMES
from vpt_studio.actions.buttons import BUTTON_TO_KEY

_SCREENS = Screens((1920, 1080), (3840, 1080))


def _mouse(flags=0, changed=0, wheel=0, x=0, y=0, device=65603, head="<IIQQ") -> bytes:
    body = struct.pack("<HHHhIiiI", flags, 0, changed, wheel, 0, x, y, 0)
    return struct.pack(head, 0, struct.calcsize(head) + len(body), device, 0) + body


def _key(scan, flags=0, virtual=0x41, device=65605) -> bytes:
    body = struct.pack("<HHHHII", scan, flags, 0, virtual, 0x100, 0)
    return struct.pack("<IIQQ", 1, 24 + len(body), device, 0) + body


def _windows(held=(), *, is_swapped=False) -> WindowsReading:
    return WindowsReading(held, _SCREENS, is_swapped=is_swapped)


def _said(events: list[InputEvent]) -> list[tuple]:
    return [(event.kind, event.code, event.is_down, event.dx, event.dy, event.steps) for event in events]


def test_windows_motion_clicks_and_wheel_come_in_one_block() -> None:
    reading = _windows()
    events = reading.read(_mouse(changed=0x0001 | 0x0400, wheel=-240, x=31, y=-4), 5, 7)
    assert _said(events) == [
        ("motion", "", False, 31, -4, 0), ("button", "0", True, 0, 0, 0), ("wheel", "", False, 0, 0, -2)
    ]  # fmt: skip
    assert {(e.at, e.received, e.device, e.is_injected) for e in events} == {(5, 7, "65603", False)}
    assert reading.untrusted == ""
    assert reading.read(_mouse(), 0, 0) == []


@pytest.mark.parametrize("is_swapped", [False, True])
def test_windows_buttons_have_the_numbers_of_the_recordings(is_swapped: bool) -> None:
    reading = _windows(is_swapped=is_swapped)
    told = [e for bit in range(10) for e in reading.read(_mouse(changed=1 << bit), 0, 0)]
    codes = ["1", "0", "2", "3", "4"] if is_swapped else ["0", "1", "2", "3", "4"]
    assert [(e.code, e.is_down) for e in told] == [(c, down) for c in codes for down in (True, False)]


def test_windows_of_32_bits_has_shorter_heads() -> None:
    reading = WindowsReading((), _SCREENS, is_swapped=False, pointer_size=4)
    (event,) = reading.read(_mouse(x=-1, device=77, head="<IIII"), 0, 0)
    assert (event.dx, event.device) == (-1, "77")


def test_windows_smooth_wheels_add_up_to_notches() -> None:
    reading = _windows()
    turns = [30, 30, 30, 30, -120, -60, -60, 90]
    steps = [e.steps for turn in turns for e in reading.read(_mouse(changed=0x400, wheel=turn), 0, 0)]
    assert steps == [1, -1, -1]


def test_windows_tablets_move_by_how_far_they_went_and_are_not_trusted() -> None:
    reading = _windows()
    assert reading.read(_mouse(flags=1, x=1000, y=1000), 0, 0) == []
    (event,) = reading.read(_mouse(flags=1, x=1000 + 65535 // 15, y=1000), 0, 0)
    assert (event.dx, event.dy) == (1920 / 15, 0)
    (event,) = reading.read(_mouse(flags=3, x=1000 + 2 * 65535 // 15, y=1000), 0, 0)
    assert event.dx == 3840 / 15
    assert "remote desktops" in reading.untrusted


def test_windows_keys_are_named_by_place_and_repeats_left_out() -> None:
    reading = _windows(held=["key.keyboard.space"])
    blocks = [
        _key(0x11), _key(0x11), _key(0x11, 1), _key(0x39), _key(0x39, 1), _key(0x1D, 2), _key(0x48, 2),
        _key(0x48),
    ]  # fmt: skip
    told = [event for block in blocks for event in reading.read(block, 0, 0)]
    assert [(event.code.removeprefix("key.keyboard."), event.is_down) for event in told] == [
        ("w", True), ("w", False), ("space", False), ("right.control", True), ("up", True), ("keypad.8", True)
    ]  # fmt: skip


def test_windows_made_up_keys_say_nothing() -> None:
    reading = _windows()
    assert reading.read(_key(0x2A, 2), 0, 0) == []
    assert reading.read(_key(0x45, 0, virtual=0xFF), 0, 0) == []
    assert reading.read(_key(0xFF), 0, 0) == []
    (pause,) = reading.read(_key(0x1D, 4, virtual=0x13), 0, 0)
    (num_lock,) = reading.read(_key(0x45, 0, virtual=0x90), 0, 0)
    assert (pause.code, num_lock.code) == ("key.keyboard.pause", "key.keyboard.num.lock")
    (unknown,) = reading.read(_key(0x70), 0, 0)
    assert unknown.code == "scancode.112"


def test_windows_input_without_a_device_was_injected() -> None:
    reading = _windows()
    assert reading.read(_key(0x11, device=0), 0, 0)[0].is_injected is True
    assert reading.read(_key(0x12), 0, 0)[0].is_injected is False
    assert reading.read(_mouse(x=1, device=0), 0, 0)[0].is_injected is None


@pytest.mark.parametrize("block", [_mouse(x=1), _key(0x11), _mouse()[:20]])
def test_windows_blocks_that_are_cut_off_are_an_error(block: bytes) -> None:
    with pytest.raises(ValueError, match="cut off"):
        _windows().read(block[:-1], 0, 0)
    assert _windows().read(struct.pack("<IIQQ", 2, 24, 0, 0), 0, 0) == []


def test_windows_messages_that_waited_are_dated_back() -> None:
    now = 10**12
    assert message_time(now, 1000, 1000) == now
    assert message_time(now, 1016, 1000) == now
    assert message_time(now, 1100, 1000) == now - 100_000_000
    assert message_time(now, 50, -50) == now - 100_000_000
    assert message_time(now, 1000, 1010) == now


def test_macos_events_are_read() -> None:
    reading = MacReading(["key.keyboard.left.shift"])
    told = [
        TapEvent(5, dx=3, dy=-2), TapEvent(6, dx=1), TapEvent(5), TapEvent(1), TapEvent(2),
        TapEvent(3, button=1), TapEvent(25, button=2), TapEvent(10, keycode=13), TapEvent(10, keycode=13),
        TapEvent(11, keycode=13), TapEvent(12, keycode=56, flags=0), TapEvent(12, keycode=62, flags=0x2000),
        TapEvent(12, keycode=57), TapEvent(22, lines=-3), TapEvent(22),
    ]  # fmt: skip
    events = [event for one in told if (event := reading.read(one, 1, 2))]
    assert _said(events) == [
        ("motion", "", False, 3, -2, 0),
        ("motion", "", False, 1, 0, 0),
        ("button", "0", True, 0, 0, 0),
        ("button", "0", False, 0, 0, 0),
        ("button", "1", True, 0, 0, 0),
        ("button", "2", True, 0, 0, 0),
        ("key", "key.keyboard.w", True, 0, 0, 0),
        ("key", "key.keyboard.w", False, 0, 0, 0),
        ("key", "key.keyboard.left.shift", False, 0, 0, 0),
        ("key", "key.keyboard.right.control", True, 0, 0, 0),
        ("wheel", "", False, 0, 0, -3),
    ]
    assert {(event.at, event.received, event.is_injected) for event in events} == {(1, 2, False)}
    made = MacReading(()).read(TapEvent(5, dx=1, process=4711), 1, 2)
    assert made is not None
    assert made.is_injected


def test_macos_stamps_are_nanoseconds_or_ticks() -> None:
    now = 10**15
    assert event_time(now - 400, now, 125, 3) == now - 400
    assert event_time((now - 10_000) * 3 // 125, now, 125, 3) == pytest.approx(now - 10_000, abs=42)
    assert event_time(now + 5, now, 1, 1) == now


def test_macos_windows_are_told_from_menus() -> None:
    told = {
        "kCGWindowNumber": 31, "kCGWindowLayer": 0, "kCGWindowAlpha": 1.0, "kCGWindowOwnerName": "Luanti",
        "kCGWindowBounds": {"X": -8.0, "Y": 25.0, "Width": 1280.0, "Height": 748.0},
    }  # fmt: skip
    assert read_window(told) == DesktopWindow(31, "", "Luanti", -8, 25, 1280, 748)
    assert read_window({**told, "kCGWindowLayer": 25}) is None
    assert read_window({**told, "kCGWindowAlpha": 0.0}) is None


def test_every_key_that_plays_has_a_place_on_every_keyboard() -> None:
    for names in (EVDEV_NAMES, SCAN_CODE_NAMES, MACOS_NAMES):
        assert set(BUTTON_TO_KEY.values()) <= set(names.values())


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="there is no Xvfb")
@pytest.mark.skipif(importlib.util.find_spec("pynput") is None, reason="pynput is not installed")
def test_pynput_hears_keys_buttons_and_the_wheel_but_trusts_no_motion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with own_screen() as name:
        monkeypatch.setenv("DISPLAY", name)
        from recorder.devices.pynput_input import PynputInputSource

        source, heard, hand, threads = PynputInputSource(), Heard(), XHand(name), set(threading.enumerate())
        hand.key("Shift_L", True)
        source.start(heard.receive)
        assert source.held() == {"key.keyboard.left.shift"}
        hand.place(100, 100)
        assert heard.wait_for(1, 0)
        for key in ("w", "1", "slash", "Shift_L"):
            hand.key(key, key != "Shift_L")
            hand.key(key, False)
        assert heard.wait_for(0, 7)
        hand.button(3, True)
        assert heard.wait_for(0, 8)
        hand.button(4, True)
        hand.button(4, False)
        assert heard.wait_for(0, 9)
        assert source.pointer() == (100, 100)
        assert source.held() == {"1"}
        source.stop()
        source.stop()
        # pynput's threads notice their end when something more happens.
        hand.button(3, False)
        hand.key("w", True)
        hand.key("w", False)
        for thread in set(threading.enumerate()) - threads:
            thread.join()
        hand.close()
    told = [(event.code.removeprefix("key.keyboard."), event.is_down, event.steps) for event in heard.others]
    assert told == [
        ("w", True, 0), ("w", False, 0), ("1", True, 0), ("1", False, 0),
        ("slash", True, 0), ("slash", False, 0), ("left.shift", False, 0), ("1", True, 0), ("", False, 1),
    ]  # fmt: skip
    assert "where the pointer is" in source.untrusted
