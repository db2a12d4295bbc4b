"""How late the picture answers: from made frames and inputs whose times are known."""

from __future__ import annotations

import numpy as np
import pytest

from recorder.devices.events import InputEvent
from recorder.scout.sync_check import LEAST_SAMPLES, SyncCheck, sync_note
from vpt_studio.errors import StudioError

MS = 1_000_000
SECOND = 1000 * MS
FRAME = 9 * MS
TAPS = [round(SECOND * (1 + 0.9 * number)) + 3 * MS * number for number in range(8)]


def press(at: int, *, is_down: bool = True) -> InputEvent:
    return InputEvent("key", at, at, code="key.keyboard.w", is_down=is_down)


class Scene:
    """A picture that shows something else from certain moments on, and what else moves in it."""

    def __init__(self, answers: list[int], noise=lambda chance, picture, at: None) -> None:
        self._answers, self._noise = answers, noise
        self._chance = np.random.default_rng(5)

    def at(self, at: int) -> np.ndarray:
        shade = 40 * sum(answer <= at for answer in self._answers) % 200
        picture = np.full((360, 640, 3), shade, np.uint8)
        self._noise(self._chance, picture, at)
        return picture


def measured(scene: Scene, taps: list[int] = TAPS) -> SyncCheck:
    check = SyncCheck()
    for at in taps:
        check.hear(press(at))
        check.hear(press(at + 80 * MS, is_down=False))
    for at in range(0, TAPS[-1] + SECOND, FRAME):
        check.see(scene.at(at), at)
    return check


@pytest.mark.parametrize("late", [18, 60, 230])
def test_the_time_from_an_input_to_its_picture_is_measured(late):
    check = measured(Scene([at + late * MS for at in TAPS]))
    assert (check.heard, check.seen) == (8, 8)
    result = check.result()
    assert result.offset_ms == pytest.approx(late, abs=FRAME / MS / 2 + 1)
    assert result.spread_ms < 10
    assert result.samples == 8
    assert "ms" in result.words


def test_a_flicker_does_not_hide_the_answer():
    def flicker(chance, picture, at):
        picture[:40, :60] = chance.integers(0, 255)

    result = measured(Scene([at + 60 * MS for at in TAPS], flicker)).result()
    assert result.offset_ms == pytest.approx(60, abs=6)


def test_inputs_that_follow_at_once_are_no_samples():
    taps = sorted(TAPS + [at + 150 * MS for at in TAPS])
    check = measured(Scene([at + 60 * MS for at in taps]), taps)
    assert check.heard == 8
    assert check.result().offset_ms == pytest.approx(60, abs=6)


def moving(chance, picture, at):
    """Something large goes through the picture all the time."""
    left = at // MS % 500
    picture[100:300, left : left + 120] = 255


def now_and_then(chance, picture, at):
    """Something jumps every 400 ms."""
    place = at // (400 * MS) * 37 % 500
    picture[100:200, place : place + 80] = 250


@pytest.mark.parametrize("noise", [moving, now_and_then])
def test_a_game_that_moves_by_itself_gets_no_number(noise):
    with pytest.raises(StudioError, match="moves by itself"):
        measured(Scene([], noise)).result()


def test_a_picture_that_does_not_answer_gets_no_number():
    with pytest.raises(StudioError, match="answered only 0 of 8"):
        measured(Scene([])).result()


def test_uneven_answers_get_no_number():
    answers = [at + (20 + 60 * number) * MS for number, at in enumerate(TAPS)]
    with pytest.raises(StudioError, match="unevenly"):
        measured(Scene(answers)).result()


@pytest.mark.parametrize(("taps", "what"), [([], "no input"), (TAPS[: LEAST_SAMPLES - 1], "only 3 inputs")])
def test_too_few_inputs_get_no_number(taps, what):
    with pytest.raises(StudioError, match=what):
        measured(Scene([]), taps).result()


def test_what_was_not_seen_is_not_compared():
    check, scene = SyncCheck(), Scene([])
    check.see(scene.at(0), 0)
    check.interrupt()
    check.see(np.full((360, 640, 3), 255, np.uint8), FRAME)
    check.hear(press(0))
    assert check.seen == 0


@pytest.mark.parametrize("told", [{}, {"offset_ms": "1", "spread_ms": 1, "samples": 4}, {"offset_ms": True}])
def test_what_is_no_measurement_is_not_kept(told):
    with pytest.raises(ValueError, match="no measurement"):
        sync_note(told)


def test_a_note_keeps_what_was_measured_and_nothing_else():
    told = {"offset_ms": 36.5, "spread_ms": 4, "samples": 8}
    assert sync_note({**told, "is": "synced", "words": "…"}) == told
