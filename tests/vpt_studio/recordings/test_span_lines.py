"""The lines of a piece mean alone what they mean in the whole: for the actions and for the pointer."""

from __future__ import annotations

import json

import numpy as np
import pytest

from vpt_studio.actions.buttons import BUTTON_INDEX
from vpt_studio.actions.tick_conversion import EXACT, PUBLISHED
from vpt_studio.errors import StudioError
from vpt_studio.recordings.exporting import export
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.repair import repair
from vpt_studio.recordings.sidecar import Sidecar, write_sidecar

FIRST_SLOT = BUTTON_INDEX["hotbar.1"]


@pytest.fixture
def mouse_tick(a_tick):
    """A tick with these mouse buttons held and these new among them."""

    def make(number, buttons=(), new=(), **fields):
        line = a_tick(number, **fields)
        line["mouse"] |= {"buttons": list(buttons), "newButtons": list(new)}
        return line

    return make


def same_actions(piece, original, start, stop, conversion=EXACT):
    with Recording.open(piece) as part, Recording.open(original) as whole:
        ours, theirs = (opened.converted(conversion).actions for opened in (part, whole))
        np.testing.assert_array_equal(ours.buttons, theirs.buttons[start:stop])
        np.testing.assert_array_equal(ours.camera, theirs.camera[start:stop])


@pytest.mark.parametrize("damaged", [5, 49, 50])
@pytest.mark.parametrize("also_new", [[], [1]])
def test_every_piece_of_a_recording_with_a_stuck_attack_has_the_originals_actions(
    tmp_path, make_recording, mouse_tick, damaged, also_new
):
    """Attack is down from before the first tick; the first real press is at tick 50."""
    lines = [mouse_tick(number, [0], [0] if number in (0, 50) else []) for number in range(80)]
    lines[0]["mouse"]["newButtons"] = [0, *also_new]
    lines[damaged] = b"{\n"
    path = make_recording(tmp_path / "in", "take", 80, lines)
    with Recording.open(path) as recording:
        held = int(recording.converted().actions.column("attack").sum())
        assert held == (79 if also_new else 0 if damaged == 50 else 30)
    pieces = repair(path, tmp_path / "out", shortest_seconds=0.05)
    assert [(piece.start, piece.stop) for piece in pieces] == [(0, damaged), (damaged + 1, 80)]
    for piece in pieces:
        same_actions(piece.video, path, piece.start, piece.stop)
        same_actions(piece.video, path, piece.start, piece.stop, PUBLISHED)
    done = export(path, tmp_path / "part", start=damaged + 1)
    same_actions(done.video, path, damaged + 1, 80, PUBLISHED)


def test_a_real_press_at_the_start_of_a_piece_is_not_taken_for_a_stuck_button(
    tmp_path, make_recording, mouse_tick
):
    lines = [mouse_tick(number, [0] * (number >= 20), [0] * (number == 20)) for number in range(40)]
    lines[19] = b"{\n"
    path = make_recording(tmp_path / "in", "take", 40, lines)
    for piece in repair(path, tmp_path / "out", shortest_seconds=0.05):
        same_actions(piece.video, path, piece.start, piece.stop)
    with Recording.open(tmp_path / "out" / "take-part2.mp4") as part:
        assert part.converted().actions.column("attack").sum() == 20


@pytest.mark.parametrize("unsaid", [(), (20, 21)])
def test_a_slot_chosen_in_the_first_tick_of_a_piece_is_still_chosen_there(
    tmp_path, make_recording, a_tick, unsaid
):
    lines = [a_tick(number, hotbar=2 if number < 20 else 5) for number in range(40)]
    lines[19] = b"{\n"
    for number in unsaid:
        del lines[number]["hotbar"]
    path = make_recording(tmp_path / "in", "take", 40, lines)
    for piece in repair(path, tmp_path / "out", shortest_seconds=0.05):
        same_actions(piece.video, path, piece.start, piece.stop)
    with Recording.open(tmp_path / "out" / "take-part2.mp4") as part:
        assert np.flatnonzero(part.converted().actions.buttons[:, FIRST_SLOT + 5]).tolist() == [len(unsaid)]


def test_lines_that_mean_the_same_alone_stay_byte_for_byte(tmp_path, make_recording, mouse_tick):
    lines = [mouse_tick(number, [1], [1] * (number == 0)) for number in range(40)]
    path = make_recording(tmp_path / "in", "take", 40, lines)
    done = export(path, tmp_path / "out", start=10, stop=30)
    original = path.with_suffix(".jsonl").read_bytes().splitlines()
    assert done.video.with_suffix(".jsonl").read_bytes().splitlines() == original[10:30]


@pytest.mark.parametrize("missing", [{"mouse": None}, {"keyboard": None, "hotbar": 3}])
def test_lines_without_mouse_or_keyboard_are_cut_too(tmp_path, make_recording, a_tick, missing):
    lines = [a_tick(number, **({} if number < 10 else missing)) for number in range(20)]
    path = make_recording(tmp_path / "in", "take", 20, lines)
    done = export(path, tmp_path / "out", start=10)
    same_actions(done.video, path, 10, 20)


def pointer_of(path, tick):
    """The corner of what the pointer changes in the picture at `tick`, and how large that is."""
    with Recording.open(path) as recording:
        drawn, plain = (recording.picture(tick, pointer=shown).astype(int) for shown in (True, False))
        rows, columns = np.nonzero((drawn != plain).any(axis=2))
        extent = (len(set(columns.tolist())), len(set(rows.tolist()))) if len(rows) else (0, 0)
        return (int(columns.min()), int(rows.min()), *extent) if len(rows) else None


@pytest.fixture
def cropped(tmp_path, make_recording, a_tick):
    """A recording of 640x400 with bars, whose screens are open with the pointer here and there."""
    places = [(300, 250), (40, 300), (600, 30), (1100, 700), (300.5, 250.25)]
    lines = []
    for number, (x, y) in enumerate(places * 8):
        lines.append(a_tick(number, isGuiOpen=True))
        lines[-1]["mouse"] |= {"x": x, "y": y}
    lines[20] = b"{\n"
    path = make_recording(tmp_path / "in", "take", 40, lines, size=(640, 400))
    write_sidecar(path.with_suffix(".json"), Sidecar(crop=(64, 38, 512, 288)))
    return path


def test_the_pointer_stays_where_it_was_in_the_pieces_of_a_cropped_recording(tmp_path, cropped):
    for piece in repair(cropped, tmp_path / "out", shortest_seconds=0.05):
        with Recording.open(piece.video) as recording:
            assert recording.sidecar.crop is None
            assert recording.picture(0).shape == (288, 512, 3)
            height = 288
            placed = recording.ticks.raw.pointer * (height / 720)
        with Recording.open(cropped) as recording:
            original = recording.ticks.raw.pointer[piece.start : piece.stop] * (400 / 720) - (64, 38)
        for tick in range(len(placed)):
            assert (pointer_of(piece.video, tick) is None) == (
                pointer_of(cropped, tick + piece.start) is None
            )
            if (original[tick] >= 0).all():
                np.testing.assert_allclose(placed[tick], original[tick], atol=1e-5)


def test_the_pointer_stays_where_it_was_when_another_shape_is_stretched(tmp_path, cropped):
    write_sidecar(cropped.with_suffix(".json"), Sidecar())
    done = export(cropped, tmp_path / "out", stop=5)
    with Recording.open(done.video) as part, Recording.open(cropped) as whole:
        shares = [opened.ticks.raw.pointer[:5] for opened in (part, whole)]
    # Of the picture's width and height; readers count both in 720ths of the height.
    np.testing.assert_allclose(
        shares[0] * (360 / 720) / (640, 360), shares[1] * (400 / 720) / (640, 400), atol=1e-5
    )


def test_a_line_that_cannot_be_written_again_is_named(tmp_path, make_recording, mouse_tick):
    lines = [mouse_tick(number, [0], [0] * (number == 0)) for number in range(20)]
    deep = json.dumps({**lines[11], "more": None}).replace("null", "[" * 400 + "]" * 400)
    path = make_recording(tmp_path / "in", "take", 20, [*lines[:11], deep.encode() + b"\n", *lines[12:]])
    with pytest.raises(StudioError, match=r"jsonl, line 12: the line is nested too deeply"):
        export(path, tmp_path / "out", start=10)
    assert list((tmp_path / "out").iterdir()) == []
