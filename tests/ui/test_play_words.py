"""Play in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from recorder.game_profiles import read_profile
from recorder.key_names import key_words
from recorder.scout.sync_check import SyncResult
from recorder.takes.facts import TakeFacts
from recorder.tasks import FREE_PLAY, read_task_list
from ui import playback
from ui.play_words import (
    caps_of,
    clock,
    ended_in_words,
    facts_in_rows,
    hotkeys_of,
    input_in_words,
    keys_of,
    length_saved,
    measured_in_words,
    recording_in_words,
    room_in_words,
    status_in_words,
    take_name,
    time_left,
)
from ui.widgets.overlay_keyboard import keys_called
from ui.widgets.recording_words import length_in_words
from vpt_studio.recordings import recording
from vpt_studio.words import sentence

WOOD = read_task_list("built_in_world").task("gather-wood")


def test_input_in_words():
    assert input_in_words({"attack", "sprint", "forward"}, 31, 0) == "W, Ctrl, left button, mouse 31 px right"
    assert input_in_words((), -2, -3) == "Mouse 2 px left, 3 px up"
    assert input_in_words((), 0, 0) == "Nothing held, mouse still"


def test_keys_are_called_as_the_game_has_them():
    luanti = read_profile("luanti")
    said = input_in_words({"sprint", "hotbar.3", "attack"}, 31, 0, keys_of(luanti))
    assert said == "E, left button, key 3, mouse 31 px right"
    assert caps_of(luanti)["inventory"] == "I"
    assert caps_of(luanti)["hotbar.3"] == "3"
    assert "hotbar.9" not in caps_of(luanti)
    assert hotkeys_of(luanti) == {"cut": "F8", "stop": "F9", "mark": "F10"}


def test_keys_are_called_as_people_call_them():
    codes = ("key.keyboard.left.shift", "key.keyboard.right.shift", "key.keyboard.f9", "key.keyboard.1")
    assert [key_words(code) for code in codes] == ["Shift", "Right shift", "F9", "1"]
    assert [key_words(code) for code in ("0", "4", "scancode.203")] == [
        "left button",
        "mouse button 5",
        "Scancode 203",
    ]


def test_one_rate_and_whole_sentences():
    assert playback.TICK_RATE == recording.TICK_RATE
    assert sentence("the disk is full") == sentence("The disk is full.") == "The disk is full."


def test_how_a_recording_goes_and_why_it_ended():
    assert status_in_words({"hertz": 20.0, "disk_minutes": 42.3}) == "20.0 Hz · disk for 42 min"
    assert status_in_words({}) == ""
    assert room_in_words(1666) == "28 h"
    assert ended_in_words("hotkey") == ended_in_words("command") == ""
    assert ended_in_words("the time is up") == "The take ended because the task's time is up."
    assert ended_in_words("told by the system") == "The take ended: told by the system."


def test_times_in_words():
    assert clock(83.9) == "1:23"
    assert clock(3723) == "1:02:03"
    assert length_saved(161) == "2 min 41 s"
    assert length_saved(41.2) == "41 s"
    assert length_saved(75 / 20) == "3 s"


def test_a_length_is_the_same_everywhere():
    facts = TakeFacts(535, 0.5, 0, 0, {}, slipped=0, pauses=0)
    assert dict(facts_in_rows(facts))["Length"] == length_in_words(535) == clock(535 / 20) == "0:26"
    assert length_in_words(75) == "0:03"


def test_a_task_counts_down_and_says_when_its_time_is_up():
    assert time_left(20 * 60, WOOD) == ("4:00", False)
    assert time_left(20 * 301, WOOD) == ("Time is up, 5:01", True)
    assert time_left(20 * 61, FREE_PLAY) == ("1:01", False)
    assert time_left(0, FREE_PLAY) == ("no limit", False)
    assert recording_in_words(20 * 61, 2, WOOD) == "Recording 1:01 of 5:00, 2 ticks slipped"
    assert recording_in_words(20, 0, FREE_PLAY) == "Recording 0:01"


def test_takes_are_called_by_task_and_time():
    assert take_name(WOOD, datetime(2026, 11, 26, 5, 4, 3)) == "gather-wood-20261126-050403"


def test_facts_of_a_take_in_rows():
    facts = TakeFacts(
        1200, 0.62, 3, 0.1, {"forward": 0.5, "attack": 0.25, "hotbar.2": 0.03}, slipped=0, pauses=1
    )
    rows = dict(facts_in_rows(facts))
    assert rows["Length"] == "1:00"
    assert rows["Keys or mouse in use"] == "62\u00a0% of the time"
    assert rows["Ticks slipped"] == "none"
    assert (
        rows["Held most"] == "W:\u00a050\u00a0%, left\u00a0button:\u00a025\u00a0%, key\u00a02:\u00a03\u00a0%"
    )
    assert rows["Paused"] == "once"
    told = {None: "unknown", 0: "never", 2: "2 times"}
    for pauses, said in told.items():
        assert dict(facts_in_rows(replace(facts, pauses=pauses)))["Paused"] == said


def test_a_desktop_take_tells_its_gaps_and_calls_keys_as_its_game_does():
    facts = TakeFacts(1200, 0.5, 0, 0, {"sprint": 0.5}, missed=0, pauses=0, gaps=(13.709, 2.172))
    rows = dict(facts_in_rows(facts, keys_of(read_profile("luanti"))))
    assert rows["Gaps"] == "2, 16 s in all"
    assert "Paused" not in rows
    assert rows["Held most"] == "E:\u00a050\u00a0%"
    assert dict(facts_in_rows(replace(facts, gaps=())))["Gaps"] == "none"


def test_a_measurement_is_told_in_the_words_of_its_check():
    words = SyncResult(132.9, 66.5, 9).words
    first, second = measured_in_words({"words": words})
    assert first == "The picture answers 133 ms after an input"
    assert second.startswith("9 answers")
    assert f"{first} ({second})" == words


def test_caps_stand_where_they_are_on_a_keyboard_and_none_is_blank():
    placed = {key.label: (key.x, key.y) for key in keys_called(caps_of(read_profile("luanti")))}
    usual = {key.label: (key.x, key.y) for key in keys_called(None)}
    assert placed["E"] == usual["E"]
    assert placed["I"] not in usual.values()
    assert "" not in placed
    assert "9" not in placed
    assert len(set(placed.values())) == len(placed)
    assert {key: usual[key] for key in "QWASD"} == {key: placed[key] for key in "QWASD"}
