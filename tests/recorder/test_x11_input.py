"""What an X server's keyboards and mice say, heard on a real server with a real hand (XTEST) on it."""

from __future__ import annotations

import shutil
import struct
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from Xlib import display

from bench.recorder_input import Heard, trials, warping_game
from bench.x_screen import XHand, own_screen
from recorder.devices.choose import best_input_source
from recorder.devices.events import InputEvent
from recorder.devices.held_codes import HeldCodes
from recorder.devices.x_input import XInputSource
from recorder.devices.x_reading import XReading
from recorder.devices.x_time import XClock, compare_clocks
from recorder.x11.protocol import MOTION, parse_raw_event
from vpt_studio.errors import StudioError

pytestmark = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="there is no Xvfb")


@pytest.fixture(scope="module")
def own_server() -> Iterator[str]:
    with own_screen() as name:
        yield name


@pytest.fixture
def screen(own_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DISPLAY", own_server)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return own_server


@pytest.fixture
def hand(screen: str) -> Iterator[XHand]:
    made = XHand(screen)
    yield made
    made.close()


@pytest.fixture
def source(screen: str) -> Iterator[XInputSource]:
    made = best_input_source()
    assert isinstance(made, XInputSource)
    yield made
    made.stop()


def _heard(source: XInputSource) -> Heard:
    heard = Heard()
    source.start(heard.receive)
    return heard


def _told(heard: Heard) -> list[tuple[str, str, bool]]:
    return [(event.kind, event.code, event.is_down) for event in heard.others]


def test_ten_thousand_motions_are_recovered_exactly_while_the_game_warps_the_pointer(
    source: XInputSource, hand: XHand
) -> None:
    heard = _heard(source)
    moves = [move for some, _rate in trials(1).values() for move in some]
    assert len(moves) == 10_000
    with warping_game() as end_game:
        for number, move in enumerate(moves):
            if number % 1000 == 500:
                hand.button(1, number % 2000 == 500)
            hand.move(*move, sync=False)
            if number % 100 == 99:
                hand.finish()
                while source.pointer() != (320, 180):
                    pass
        assert heard.wait_for(len(moves), 10)
        warps, _turned = end_game()
    assert warps >= 90
    assert [(event.dx, event.dy) for event in heard.motions] == moves
    assert all(event.accelerated == (event.dx, event.dy) for event in heard.motions)
    assert [event.is_down for event in heard.others] == [True, False] * 5


def test_keys_and_buttons_have_the_names_of_the_recordings(source: XInputSource, hand: XHand) -> None:
    heard = _heard(source)
    names = {
        "w": "w", "space": "space", "Shift_L": "left.shift", "Control_L": "left.control", "7": "7",
        "F3": "f3", "slash": "slash", "Escape": "escape", "Up": "up", "KP_Enter": "keypad.enter",
        "Return": "enter",
    }  # fmt: skip
    for name in names:
        hand.key(name, True)
        hand.key(name, False)
    for number in (1, 2, 3, 8, 9):
        hand.button(number, True)
        hand.button(number, False)
    assert heard.wait_for(0, 2 * len(names) + 10)
    keys = [("key", f"key.keyboard.{name}", down) for name in names.values() for down in (True, False)]
    buttons = [("button", code, down) for code in ("0", "2", "1", "3", "4") for down in (True, False)]
    assert _told(heard) == keys + buttons


def test_a_key_is_named_by_its_place_not_by_the_letter_on_it(
    source: XInputSource, hand: XHand, screen: str
) -> None:
    typist = display.Display(screen)
    place = typist.keysym_to_keycode(ord("w"))
    before = typist.get_keyboard_mapping(place, 1)
    heard = _heard(source)
    try:
        typist.change_keyboard_mapping(place, [[ord("z"), ord("Z")] + [0] * (len(before[0]) - 2)])
        typist.sync()
        hand.keycode(place, True)
        hand.keycode(place, False)
        assert heard.wait_for(0, 2)
    finally:
        typist.change_keyboard_mapping(place, [list(row) for row in before])
        typist.sync()
        typist.close()
    assert {event.code for event in heard.others} == {"key.keyboard.w"}


def test_a_left_handed_mouse_says_what_programs_are_told(
    source: XInputSource, hand: XHand, screen: str
) -> None:
    heard = _heard(source)
    settings = display.Display(screen)
    usual = list(settings.get_pointer_mapping())
    try:
        settings.set_pointer_mapping([3, 2, 1, *usual[3:]])
        hand.button(1, True)
        assert source.held() == {"1"}
        hand.button(1, False)
        assert heard.wait_for(0, 2)
    finally:
        settings.set_pointer_mapping(usual)
        settings.close()
    assert _told(heard) == [("button", "1", True), ("button", "1", False)]


def test_the_wheel_counts_notches_and_sideways_ones_do_not(source: XInputSource, hand: XHand) -> None:
    heard = _heard(source)
    for number in (4, 4, 5, 6, 7, 5):
        hand.button(number, True)
        hand.button(number, False)
    assert heard.wait_for(0, 4)
    assert [(event.kind, event.steps) for event in heard.others] == [("wheel", n) for n in (1, 1, -1, -1)]
    assert source.held() == frozenset()


def test_repeats_are_left_out(source: XInputSource, hand: XHand) -> None:
    heard = _heard(source)
    for is_down in (True, True, True, False, False):
        hand.key("w", is_down)
    hand.key("e", True)
    hand.key("e", False)
    assert heard.wait_for(0, 4)
    assert [(event.code[-1], event.is_down) for event in heard.others] == [
        ("w", True), ("w", False), ("e", True), ("e", False)
    ]  # fmt: skip


def test_what_is_held_at_the_start_is_known_and_its_release_is_told(
    source: XInputSource, hand: XHand
) -> None:
    hand.key("w", True)
    hand.button(1, True)
    hand.button(9, True)
    heard = _heard(source)
    assert source.held() == {"key.keyboard.w", "0", "4"}
    hand.key("w", True)
    hand.key("w", False)
    hand.button(1, False)
    hand.button(9, False)
    assert heard.wait_for(0, 3)
    assert [(event.code, event.is_down) for event in heard.others] == [
        ("key.keyboard.w", False), ("0", False), ("4", False)
    ]  # fmt: skip
    assert source.held() == frozenset()


def test_events_carry_the_time_at_which_they_happened_and_who_made_them(
    source: XInputSource, hand: XHand
) -> None:
    heard = _heard(source)
    before = time.monotonic_ns()
    hand.move(3, 0)
    after = time.monotonic_ns()
    assert heard.wait_for(1, 0)
    (event,) = heard.motions
    assert before - 1_000_000 <= event.at <= after
    assert event.at <= event.received
    assert event.device == "Virtual core XTEST pointer"
    assert event.is_injected is True
    assert source.untrusted == ""
    assert source.name == "XInput 2.2"


def test_the_pointer_is_where_it_was_put(source: XInputSource, hand: XHand) -> None:
    hand.place(321, 123)
    assert source.pointer() == (321, 123)


def test_nothing_comes_after_the_stop(source: XInputSource, hand: XHand) -> None:
    heard = _heard(source)
    hand.move(1, 1)
    assert heard.wait_for(1, 0)
    source.stop()
    hand.move(1, 1)
    source.stop()
    assert len(heard.motions) == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_source_that_hears_no_longer_does_not_hide_it(source: XInputSource, hand: XHand) -> None:
    def fail(_event: InputEvent) -> None:
        raise RuntimeError("not quick enough")

    def ask() -> None:
        while True:
            source.pointer()

    source.start(fail)
    hand.move(1, 1)
    with pytest.raises(StudioError, match="not heard any more"):
        ask()


def test_a_server_that_ends_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with own_screen("320x200x24") as name:
        monkeypatch.setenv("DISPLAY", name)
        source = best_input_source()
        source.start(lambda event: None)
    with pytest.raises(StudioError, match="the X server has ended"):
        source.held()
    source.stop()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # python-xlib's sockets
@pytest.mark.parametrize(
    ("shown", "wayland", "said"),
    [
        ("", "", "DISPLAY is not set"),
        ("", "wayland-0", "Xephyr"),
        (":4242", "wayland-0", ":4242: the X server does not let us in"),
    ],
)
def test_without_a_screen_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, shown: str, wayland: str, said: str
) -> None:
    monkeypatch.setenv("DISPLAY", shown)
    monkeypatch.setenv("WAYLAND_DISPLAY", wayland)
    with pytest.raises(StudioError, match=said):
        best_input_source()


def test_the_servers_milliseconds_wrap_every_fifty_days() -> None:
    days = 2**32 * 1_000_000
    now = 3 * days + 5_000_000
    assert XClock().nanoseconds(4, now) == 3 * days + 4_000_000
    assert XClock().nanoseconds(2**32 - 3, now) == 3 * days - 3_000_000


def test_a_server_with_another_clock_is_measured() -> None:
    ours = iter(range(10**12, 2 * 10**12, 10**6))
    clock = compare_clocks(lambda: 777, lambda: next(ours))
    assert clock.nanoseconds(777, 10**12 + 500_000) == 10**12 + 500_000
    assert compare_clocks(lambda: 10**6 - 4, lambda: next(iter([10**12]))) == XClock()


def _raw(source: int, mask: int, *values: float) -> bytes:
    """A raw event as the server sends it, without its first ten bytes."""
    numbers = [part for value in values for part in (int(value // 1), int(value % 1 * 2**32))]
    head = struct.pack("=HIIHHI4xI", 2, 1000, 0, source, 1, 0, mask)
    return head + struct.pack(f"={'iI' * len(values)}", *numbers)


def test_raw_values_are_told_apart_from_accelerated_ones() -> None:
    told = parse_raw_event(_raw(9, 0b1011, 1.5, -2.25, 7, 1, -1, 15))
    assert told.accelerated == {0: 1.5, 1: -2.25, 3: 7}
    assert told.raw == {0: 1, 1: -1, 3: 15}
    assert (told.time, told.source) == (1000, 9)
    with pytest.raises(ValueError, match="cut off"):
        parse_raw_event(_raw(9, 0b11, 1, 2, 3, 4)[:-1])


class _Described:
    """An X server that has a tablet (9) and a mouse (10), which no virtual server has."""

    def __init__(self) -> None:
        reach = [SimpleNamespace(type=2, number=n, mode=1, min=0.0, max=32768.0) for n in (0, 1)]
        counts = [SimpleNamespace(type=2, number=n, mode=0, min=-1.0, max=-1.0) for n in (0, 1)]
        self._devices = [
            SimpleNamespace(deviceid=9, name="Tablet", use=3, classes=reach),
            SimpleNamespace(deviceid=10, name="Mouse", use=3, classes=counts),
        ]

    def xinput_query_device(self, _number: int) -> SimpleNamespace:
        return SimpleNamespace(devices=self._devices)

    def screen(self) -> SimpleNamespace:
        root = SimpleNamespace(get_full_property=lambda *_: None)
        return SimpleNamespace(width_in_pixels=1280, height_in_pixels=800, root=root)

    def get_atom(self, _name: str) -> int:
        return 1

    def get_pointer_mapping(self) -> list[int]:
        return [1, 2, 3, 4, 5]


def test_a_tablet_moves_by_how_far_it_went_and_is_no_mouse_to_trust() -> None:
    reading = XReading(_Described(), XClock(), ())

    def read(source: int, mask: int, *values: float):
        return reading.read(SimpleNamespace(type=35, evtype=MOTION, data=_raw(source, mask, *values)))

    mouse = read(10, 0b11, 4, 6, 2, 3)
    assert (mouse.dx, mouse.dy, mouse.accelerated, mouse.device) == (2, 3, (4, 6), "Mouse")
    assert mouse.is_injected is False
    assert reading.untrusted == ""
    assert (read(9, 0b11, 100, 100, 16384, 16384).dx, reading.untrusted[:9]) == (0, "the mouse")
    moved = read(9, 0b11, 100, 100, 16384 + 32768 / 1280, 16384)
    assert (moved.dx, moved.dy, moved.accelerated) == (pytest.approx(1), 0, None)
    assert read(9, 0b10, 100, 16384 + 32768 / 800).dy == pytest.approx(1)
    assert read(10, 0b1000, 15, 15) is None


def test_a_key_that_two_keyboards_hold_is_up_when_both_let_go() -> None:
    held = HeldCodes(["w"])
    assert not held.change("w", "one", True)
    assert not held.change("w", "two", True)
    assert not held.change("w", "one", False)
    assert held.held() == {"w"}
    assert held.change("w", "two", False)
    assert not held.change("w", "two", False)
    assert held.held() == frozenset()
