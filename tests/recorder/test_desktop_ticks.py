"""From what the devices said to tick lines: units, the hot-bar, and whether a screen is open."""

from __future__ import annotations

import orjson
import pytest

from recorder.capture.desktop_ticks import DesktopTicks, event_lines
from recorder.capture.screen_guess import ScreenGuess
from recorder.capture.tick_binning import BinnedTick
from recorder.desktop.window import WindowPlace
from recorder.devices.events import InputEvent
from recorder.game_profiles import GameProfile, read_profile
from vpt_studio.actions import convert_ticks
from vpt_studio.recordings.tick_lines import read_tick_lines
from vpt_studio.recordings.tick_writing import TickLineMaker, tick_lines

PLACE = WindowPlace(100, 50, 640, 360)
MIDDLE = (420, 230)


def binned(held=(), pressed=(), released=(), raw=(0.0, 0.0), accelerated=None, wheel=0, events=(), late=0):
    return BinnedTick(
        1_000,
        51_000,
        frozenset(),
        frozenset(held) | frozenset(pressed),
        tuple(pressed),
        tuple(released),
        raw,
        raw if accelerated is None else accelerated,
        wheel,
        tuple(events),
        late,
    )


@pytest.fixture
def luanti() -> DesktopTicks:
    return DesktopTicks(read_profile("luanti"))


def test_the_pointer_is_told_in_units_of_the_1280_window_and_never_outside_it():
    assert PLACE.pointer_in(100, 50) == (0, 0)
    assert PLACE.pointer_in(*MIDDLE) == (640, 360)
    assert PLACE.pointer_in(0, 9999) == (0, 719)


def test_keys_are_told_by_what_they_do_in_the_game(luanti):
    tick, further = luanti.tick(
        binned(held=["key.keyboard.e"], pressed=["key.keyboard.i", "0"], released=["0"]), PLACE, MIDDLE
    )
    assert tick.held == {"sprint", "inventory", "attack"}
    assert (further["pressed"], further["released"]) == (["inventory", "attack"], ["attack"])


def test_a_line_has_the_wheel_and_keys_that_were_down_shorter_than_a_tick(luanti, tmp_path):
    q, one = "key.keyboard.q", "1"
    said = [
        binned(held=[q], pressed=[q, "key.keyboard.3"], released=["key.keyboard.3"]),
        binned(held=[q], pressed=[q], released=[q], wheel=-2),
        binned(pressed=[one, one], released=[one, one]),
        binned(),
    ]
    maker = TickLineMaker()
    lines = [maker.line(*luanti.tick(tick, PLACE, MIDDLE)) for tick in said]
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b"".join(lines))
    first, again, tapped, _ = (orjson.loads(line) for line in lines)
    assert first["keyboard"]["newKeys"] == [q, "key.keyboard.3"]
    assert again["keyboard"] == {"keys": [q], "newKeys": [q], "chars": ""}
    assert again["mouse"]["dwheel"] == -2.0
    assert (tapped["mouse"]["buttons"], tapped["mouse"]["newButtons"]) == ([1], [1])
    actions = convert_ticks(read_tick_lines(path).raw).actions
    pressed = {name: actions.column(name).tolist() for name in ("drop", "use", "hotbar.3", "hotbar.5")}
    assert pressed == {
        "drop": [1, 1, 0, 0],
        "use": [0, 0, 1, 0],
        "hotbar.3": [1, 0, 0, 0],
        "hotbar.5": [0, 1, 0, 0],  # by the wheel
    }


def test_a_slot_that_nobody_knows_is_marked_and_read_so(luanti, tmp_path):
    maker = TickLineMaker()
    said = [binned(wheel=-1), binned(pressed=["key.keyboard.1"]), binned(wheel=-1)]
    lines = [maker.line(*luanti.tick(tick, PLACE, MIDDLE)) for tick in said]
    assert [orjson.loads(line)["hotbar"] for line in lines] == [0, 0, 1]
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b"".join(lines))
    raw = read_tick_lines(path).raw
    assert raw.hotbar.tolist() == [-1, 0, 1]
    path.write_bytes(b"".join(tick_lines(raw)))
    assert read_tick_lines(path).raw.hotbar.tolist() == [-1, 0, 1]


def test_motion_is_told_at_the_contractors_turn_per_count():
    profile = read_profile("minecraft")
    said = binned(raw=(10.0, -4.0), accelerated=(20.0, -8.0))

    def moved(**changes) -> tuple[float, float]:
        changed = GameProfile.model_validate(profile.model_dump() | changes)
        tick, _ = DesktopTicks(changed).tick(said, PLACE, MIDDLE)
        return tick.dx, tick.dy

    assert moved() == (10, -4)
    assert moved(motion="accelerated") == (20, -8)
    assert moved(degrees_per_count=0.3) == (20, -8)
    assert moved(degrees_per_count=None) == (10, -4)


def slots(ticks: DesktopTicks, *said: BinnedTick) -> list[int | None]:
    return [ticks.tick(one, PLACE, MIDDLE)[0].hotbar for one in said]


def test_the_wheel_turns_from_the_slot_that_a_key_chose(luanti):
    chosen = binned(pressed=["key.keyboard.7"])
    assert slots(luanti, binned(wheel=-1), chosen, binned(wheel=-2), binned(wheel=1)) == [None, 6, 0, 7]


def test_number_keys_choose_nothing_while_a_screen_is_open(luanti):
    opened, swapped = binned(pressed=["key.keyboard.i"]), binned(pressed=["key.keyboard.5"])
    assert slots(luanti, binned(pressed=["key.keyboard.3"]), opened, swapped) == [2, 2, 2]


def test_a_screen_is_told_from_the_tick_after_its_key(luanti):
    said = [luanti.tick(binned(pressed=["key.keyboard.i"]), PLACE, MIDDLE)[0].gui_open]
    said += [luanti.tick(binned(), PLACE, MIDDLE)[0].gui_open]
    said += [luanti.tick(binned(pressed=["key.keyboard.escape"]), PLACE, MIDDLE)[0].gui_open]
    said += [luanti.tick(binned(pressed=["key.keyboard.escape"]), PLACE, MIDDLE)[0].gui_open]
    said += [luanti.tick(binned(), PLACE, MIDDLE)[0].gui_open]
    assert said == [False, True, True, False, False]


def test_on_a_screen_a_count_is_a_pixel_of_the_window(luanti):
    luanti.tick(binned(pressed=["key.keyboard.i"]), PLACE, MIDDLE)
    tick, _ = luanti.tick(binned(raw=(8.0, 4.0)), PLACE, MIDDLE)
    assert (tick.dx, tick.dy) == (16, 8)


def test_a_pointer_that_is_hidden_over_the_game_shows_that_no_screen_is_open(luanti):
    def is_open(pointer: tuple[int, int], *, shown: bool) -> bool:
        return luanti.tick(binned(), PLACE, pointer, shown)[0].gui_open

    assert not is_open(MIDDLE, shown=False)
    assert is_open(MIDDLE, shown=True)
    assert is_open((99, 230), shown=False)  # beside the window: that says nothing
    assert not is_open(MIDDLE, shown=False)
    assert not is_open((740, 230), shown=True)


def guessed(steps: list[tuple[float, float]], *, follows: bool) -> bool:
    """The guess after the mouse went so, with a pointer that follows it or is put back each time."""
    guess, place = ScreenGuess(), (400.0, 300.0)
    for dx, dy in steps:
        guess.look(place)
        guess.tell([], (dx, dy))
        place = (place[0] + dx, place[1] + dy) if follows else (400.0 + dx / 3, 300.0 + dy / 3)
    return guess.look(place)


@pytest.mark.parametrize("step", [(12.0, -9.0), (1.5, 0.0), (-60.0, 4.0)])
def test_a_free_pointer_shows_a_screen_and_a_held_one_shows_none(step):
    assert guessed([step] * 40, follows=True)
    assert not guessed([step] * 40, follows=False)


def test_the_pointer_overrules_the_keys():
    guess = ScreenGuess()
    guess.tell(["inventory"], (0.0, 0.0))
    assert guess.look((400.0, 300.0))
    for _ in range(8):
        guess.tell([], (20.0, 0.0))
        is_open = guess.look((400.0, 300.0))
    assert not is_open


def test_what_came_late_or_by_a_program_is_told(luanti):
    injected = InputEvent("motion", 1_500, 1_600, dx=1.0, is_injected=True)
    _, further = luanti.tick(binned(events=[injected], late=2, wheel=3), PLACE, MIDDLE)
    assert further == {
        "grabbed_ns": 1_000,
        "lasts_ns": 50_000,
        "wheel": 3,
        "late_events": 2,
        "injected_events": 1,
    }


def test_raw_events_keep_what_their_kind_says():
    events = (
        InputEvent("motion", 1, 2, dx=3.0, dy=4.0, accelerated=(5.0, 6.0), device="mouse", is_injected=False),
        InputEvent("key", 1, 2, code="key.keyboard.w", is_down=True, device="keys"),
        InputEvent("wheel", 1, 2, steps=-1),
    )
    assert list(event_lines(events)) == [
        {
            "kind": "motion",
            "at": 1,
            "received": 2,
            "dx": 3.0,
            "dy": 4.0,
            "accelerated": (5.0, 6.0),
            "device": "mouse",
            "is_injected": False,
        },
        {"kind": "key", "at": 1, "received": 2, "code": "key.keyboard.w", "is_down": True, "device": "keys"},
        {"kind": "wheel", "at": 1, "received": 2, "steps": -1, "device": ""},
    ]
