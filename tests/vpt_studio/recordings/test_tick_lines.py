"""Tick lines: all versions of the format, damage that moves no tick, and lines of our own."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vpt_studio.actions import ENVIRONMENT_BUTTONS, Action, Actions, RawTicks, convert_ticks
from vpt_studio.errors import StudioError
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.tick_lines import read_tick_lines
from vpt_studio.recordings.tick_writing import raw_from_actions, tick_lines


@pytest.fixture
def read(tmp_path, make_lines):
    """Write lines and read them."""
    return lambda lines: read_tick_lines(make_lines(tmp_path / "take.jsonl", lines))


def held(table):
    return [{ENVIRONMENT_BUTTONS[column] for column in np.flatnonzero(row)} for row in table.raw.held]


def test_a_line_says_keys_buttons_motion_pointer_screen_and_slot(read, a_tick):
    line = a_tick(0, isGuiOpen=True, hotbar=7)
    line["mouse"] |= {"dx": 3.0, "dy": -4.5, "x": 12.0, "y": 700.0, "buttons": [0, 2, 5], "newButtons": [2]}
    line["keyboard"]["keys"] = ["key.keyboard.w", "key.keyboard.9", "key.keyboard.f3", "key.keyboard.escape"]
    table = read([line, a_tick(1)])
    assert held(table)[0] == {"attack", "pickItem", "forward", "hotbar.9", "ESC"}
    assert table.raw.motion.tolist() == [[3.0, -4.5], [0.0, 0.0]]
    assert table.raw.pointer.tolist() == [[12.0, 700.0], [640.0, 360.0]]
    assert table.raw.gui_open.tolist() == [True, False]
    assert table.raw.hotbar.tolist() == [7, 0]
    assert not table.raw.attack_pressed.any()
    assert table.known.all()
    assert not table.problems


def test_null_mouse_and_keyboard_are_no_input(read, a_tick):
    table = read([a_tick(0, mouse=None, keyboard=None), a_tick(1)])
    assert table.known.all()
    assert not table.raw.held.any()
    assert np.isnan(table.raw.pointer[0]).all()


def test_what_no_device_recorded_is_told(read, a_tick):
    """OpenAI's recorder wrote null where it had nothing; the published loader fails on such a line."""
    without_mouse = {name: value for name, value in a_tick(2).items() if name != "mouse"}
    table = read([a_tick(0), a_tick(1, mouse=None), without_mouse, a_tick(3, keyboard=None)])
    assert [(entry.severity, entry.place, entry.reason) for entry in table.problems] == [
        ("warning", "line 2 and 1 more", "No mouse"),
        ("warning", "line 4", "No keyboard"),
    ]
    assert "nothing was recorded of the mouse" in str(table.problems[0])


def test_basalts_reduced_lines_are_whole_lines(read):
    line = {
        "mouse": {"x": 1.0, "y": 2.0, "dx": 8.0, "dy": 0.0, "buttons": [1], "newButtons": [1]},
        "keyboard": {"keys": ["key.keyboard.q"], "newKeys": [], "chars": ""},
        "isGuiOpen": False,
        "hotbar": 3,
    }
    table = read([line])
    assert held(table) == [{"use", "drop"}]
    assert not table.problems
    assert read([{}, {"hotbar": None}]).raw.hotbar.tolist() == [-1, -1]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("last", [b"", b"\n", b"\r\n\n  \n"])
def test_line_ends_and_byte_order_marks_do_not_matter(tmp_path, a_walking_tick, end, mark, last):
    lines = [json.dumps(a_walking_tick(number)).encode() for number in range(3)]
    path = tmp_path / "take.jsonl"
    path.write_bytes(mark + end.join(lines) + last)
    table = read_tick_lines(path)
    assert held(table) == [{"forward"}] * 3
    assert not table.problems


def test_a_last_line_that_is_cut_off_is_left_out_and_told(read, a_tick):
    table = read([a_tick(0), a_tick(1), json.dumps(a_tick(2)).encode()[:-20]])
    assert len(table) == 2
    (problem,) = table.problems
    assert (problem.severity, problem.place) == ("note", "line 3")
    assert "cut off" in problem.what


def test_a_last_line_without_its_line_end_counts(read, a_tick):
    table = read([a_tick(0), json.dumps(a_tick(1)).encode()])
    assert len(table) == 2
    assert not table.problems


def test_a_damaged_line_in_the_middle_moves_no_tick(read, a_walking_tick):
    lines = [a_walking_tick(number) for number in range(30)]
    lines[4] = b'{"mouse": {"dx"\n'
    table = read(lines)
    assert len(table) == 30
    assert np.flatnonzero(~table.known).tolist() == [4]
    assert [bool(buttons) for buttons in held(table)] == [n % 20 < 10 and n != 4 for n in range(30)]
    assert table.raw.motion[4].tolist() == [0.0, 0.0]
    (problem,) = table.problems
    assert (problem.severity, problem.place) == ("warning", "line 5")
    assert "not valid JSON" in problem.what


def test_many_damaged_lines_are_counted_after_the_first_ten(read, a_tick):
    table = read([a_tick(number) if number % 2 else b"{\n" for number in range(50)])
    assert len(table.problems) == 11
    assert table.problems[-1].place == "line 21 and on"
    assert "15 more damaged lines" in table.problems[-1].what


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"hotbar": 9}, "hotbar is 9, not a slot"),
        ({"hotbar": "x" * 100_000}, "not a slot"),
        ({"mouse": {"dx": 1e7, "dy": 0}}, "not plausible"),
        ({"mouse": {"dx": "7", "dy": 0}}, "wrong value"),
        ({"mouse": [1]}, "not a tick record"),
        ({"keyboard": {"keys": 5}}, "wrong value"),
        ({"source": "\x1b[2J"}, "wrong value"),
        ({"confidence": "high"}, "wrong value"),
    ],
)
def test_a_line_with_a_wrong_value_is_unknown_and_says_so_in_one_short_line(read, a_tick, fields, words):
    table = read([a_tick(0), a_tick(1, **fields), a_tick(2)])
    assert table.known.tolist() == [True, False, True]
    (problem,) = table.problems
    assert words in problem.what
    assert str(problem).isprintable()
    assert len(str(problem)) < 400


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00" * 99, b"\x89PNG\r\n", b"{", "{}".encode("utf-16")])
def test_a_file_without_any_tick_is_refused(tmp_path, content):
    path = tmp_path / "take.jsonl"
    path.write_bytes(content)
    with pytest.raises(StudioError, match="holds no tick lines"):
        read_tick_lines(path)


def test_a_file_of_nothing_but_line_ends_is_refused_before_it_fills_the_memory(tmp_path):
    path = tmp_path / "take.jsonl"
    path.write_bytes(b"\n" * 13_000_000)
    with pytest.raises(StudioError, match="too many lines"):
        read_tick_lines(path)


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "take.jsonl"
    with path.open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(StudioError, match="too large"):
        read_tick_lines(path)


def test_lines_may_say_who_acted_and_how_sure_they_are(read, a_tick):
    table = read([a_tick(0), a_tick(1, source="idm", confidence=0.75), a_tick(2, source="agent")])
    assert table.sources(Source.HUMAN) == [Source.HUMAN, Source.IDM, Source.AGENT]
    assert table.confidence[1] == 0.75
    assert np.isnan(table.confidence[[0, 2]]).all()


policy_actions = st.lists(
    st.builds(
        Action,
        st.frozensets(st.sampled_from(ENVIRONMENT_BUTTONS)),
        st.floats(-180, 180, allow_nan=False),
        st.floats(-180, 180, allow_nan=False),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60)
@given(policy_actions)
def test_actions_written_as_lines_are_the_same_actions_when_read(tmp_path_factory, actions):
    path = tmp_path_factory.mktemp("lines") / "take.jsonl"
    stacked = Actions.stack(actions)
    path.write_bytes(b"".join(tick_lines(raw_from_actions(stacked))))
    again = convert_ticks(read_tick_lines(path).raw).actions
    np.testing.assert_array_equal(again.buttons, stacked.buttons)
    np.testing.assert_allclose(again.camera, stacked.camera, rtol=0, atol=1e-9)


def test_raw_ticks_written_as_lines_are_the_same_ticks_when_read(tmp_path):
    raw = RawTicks.empty(4)
    raw.held[0, [0, 8]] = 1  # attack and use
    raw.held[2, 0] = 1
    raw.attack_pressed[[0, 2]] = True
    raw.only_attack_pressed[2] = True
    raw.motion[1] = 2.5, -3.0
    raw.pointer[3] = 17.0, 19.0
    raw.gui_open[3] = True
    raw.hotbar[:] = [0, 1, 1, 8]
    path = tmp_path / "take.jsonl"
    path.write_bytes(b"".join(tick_lines(raw, [{"source": "agent"}] * 4)))
    table = read_tick_lines(path)
    for column in (
        "held",
        "attack_pressed",
        "only_attack_pressed",
        "motion",
        "pointer",
        "gui_open",
        "hotbar",
    ):
        np.testing.assert_array_equal(getattr(table.raw, column), getattr(raw, column), err_msg=column)
    assert set(table.sources(Source.UNKNOWN)) == {Source.AGENT}
