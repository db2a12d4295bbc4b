"""Where a log and an IDM disagree for long: errors put into a log are found, with what differs and when."""

from __future__ import annotations

import numpy as np
import pytest

from training.audit import audit
from training.audit_words import audit_as_json, audit_in_words
from training.sliding_windows import Predictions
from vpt_studio.actions import BUTTONS, Actions
from vpt_studio.actions.camera import DEFAULT_CAMERA

TICKS = 1200
FAULT = slice(600, 700)  # 0:30 to 0:35


def played(seed: int = 0) -> Actions:
    """A minute of walking, digging, jumping and looking around."""
    rng = np.random.default_rng(seed)
    actions = Actions.null(TICKS)
    for name, share, length in (("forward", 0.5, 20), ("attack", 0.3, 15), ("jump", 0.1, 6)):
        held = rng.random(TICKS // length + 1) < share
        actions.column(name)[:] = np.repeat(held, length)[:TICKS]
    turns = rng.normal(0, 3, (TICKS // 8 + 1, 2)) * (rng.random((TICKS // 8 + 1, 1)) < 0.6)
    actions.camera[:] = np.repeat(turns, 8, axis=0)[:TICKS]
    return actions


def seen(actions: Actions, seed: int = 1, skill: float = 0.9) -> Predictions:
    """What a model sees that is right so often, never sees jumps, and is as sure as it is right."""
    rng = np.random.default_rng(seed)
    ticks = len(actions)
    right = rng.random((ticks, 20)) < skill
    sure = rng.uniform(0.6, 0.99, (ticks, 20))
    buttons = actions.policy_buttons.astype(bool)
    buttons[:, BUTTONS.index("jump")] = False
    chance = np.where(buttons == right, sure, 1 - sure)
    chance[:, ~actions.policy_buttons.any(axis=0)] = 0.01  # of keys that are never used, nor seen
    bins = DEFAULT_CAMERA.encode(actions.camera)
    bins = np.clip(bins + rng.choice((-1, 0, 1), bins.shape, p=(0.1, 0.8, 0.1)), 0, DEFAULT_CAMERA.bins - 1)
    camera = np.full((ticks, 2, DEFAULT_CAMERA.bins), 0.02, np.float32)
    np.put_along_axis(camera, bins[:, :, None], 1 - 0.02 * (DEFAULT_CAMERA.bins - 1), axis=2)
    likeliest = Actions.null(ticks)
    likeliest.buttons[:, :20] = chance > 0.5
    likeliest.camera[:] = DEFAULT_CAMERA.decode(bins)
    centres = DEFAULT_CAMERA.decode(np.arange(DEFAULT_CAMERA.bins))
    return Predictions(likeliest, chance.astype(np.float32), camera, camera.astype(np.float64) @ centres)


def spans(logged: Actions, known=None):
    known = np.ones(TICKS, bool) if known is None else known
    return audit(seen(played()), logged, known, DEFAULT_CAMERA)


def only(logged: Actions):
    """The one span there is; it is where the error is, to a second."""
    (span,) = spans(logged).spans
    assert abs(span.start - FAULT.start) <= 20
    assert abs(span.stop - FAULT.stop) <= 20
    return span


def test_a_log_that_is_right_has_nothing_to_look_at():
    found = spans(played())
    assert (found.spans, found.shift, found.compared) == ((), 0, TICKS)
    assert found.skill > 0.3
    assert audit_in_words(found) == []


def test_a_mouse_that_said_nothing_for_five_seconds_is_found():
    logged = played()
    logged.camera[FAULT] = 0
    (difference,) = only(logged).differences
    assert difference.part == "camera"
    assert difference.logged < 2 < difference.seen
    (words,) = audit_in_words(spans(logged))
    assert "the log says that the view stays, the model sees it turn" in words
    assert words.startswith("0:")


@pytest.mark.parametrize(("held", "said"), [(1, "the log says sneak, the model sees none"), (0, "")])
def test_a_key_that_hung_is_found_and_one_that_did_not_is_not(held, said):
    logged = played()
    logged.column("sneak")[FAULT] = held
    words = audit_in_words(spans(logged))
    assert [said in line for line in words] == [True] * held
    if held:
        assert only(logged).differences[0].part == "sneak"


def test_keys_that_were_lost_are_found():
    logged = played()
    logged.column("forward")[FAULT] = 0
    truth = played()
    truth.column("forward")[FAULT] = 1
    found = audit(seen(truth), logged, np.ones(TICKS, bool), DEFAULT_CAMERA)
    (span,) = found.spans
    assert span.differences[0].part == "forward"
    assert "the model sees forward, the log says none" in audit_in_words(found)[0]


def test_lines_that_came_late_are_found_with_how_much_for_a_while_and_for_all():
    logged, truth = played(), played()
    logged.buttons[FAULT], logged.camera[FAULT] = truth.buttons[593:693], truth.camera[593:693]
    span = only(logged)
    assert span.shift == -7
    assert "would fit better if it came 7 ticks earlier" in audit_in_words(spans(logged))[0]
    late = Actions(np.roll(truth.buttons, 3, axis=0), np.roll(truth.camera, 3, axis=0))
    assert spans(late).shift == -3
    assert audit_in_words(spans(late))[0].endswith("the log would fit better if it came 3 ticks earlier")


def test_what_nobody_knows_is_no_disagreement():
    logged, known = played(), np.ones(TICKS, bool)
    logged.camera[FAULT] = 0
    known[FAULT] = False
    found = spans(logged, known)
    assert (found.spans, found.compared) == ((), TICKS - 100)


def test_a_model_that_knows_nothing_of_it_is_told():
    found = audit(seen(played(5)), played(), np.ones(TICKS, bool), DEFAULT_CAMERA)
    assert found.skill < 0.1
    assert "knows little of such play" in audit_in_words(found)[0]


@pytest.mark.parametrize("ticks", [1, 5, 39, 41])
def test_short_recordings_are_no_trouble(ticks):
    logged = Actions(played().buttons[:ticks], played().camera[:ticks])
    found = audit(seen(logged), logged, np.ones(ticks, bool), DEFAULT_CAMERA)
    assert (found.ticks, found.spans) == (ticks, ())
    assert audit_as_json(found)["compared"] == ticks
