"""Windows over a video keep every tick once, with its past and future in view."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from training.sliding_windows import plan_windows, predict
from vpt_studio.models.checkpoints import Checkpoint
from vpt_studio.models.inverse_dynamics import InverseDynamicsModel
from vpt_studio.models.presets import idm_network


@given(ticks=st.integers(0, 3000), quarter=st.integers(1, 40))
def test_every_tick_is_kept_exactly_once_and_in_order(ticks, quarter):
    windows = plan_windows(ticks, 4 * quarter)
    kept = [tick for part in windows for tick in range(part.keep_from, part.keep_to)]
    assert kept == list(range(ticks))
    assert all(0 <= part.start <= part.keep_from < part.keep_to <= part.stop <= ticks for part in windows)
    assert all(part.stop - part.start <= 4 * quarter for part in windows)


@given(ticks=st.integers(128, 3000))
def test_inside_a_video_every_prediction_sees_32_ticks_before_and_after_as_in_the_paper(ticks):
    for part in plan_windows(ticks, 128):
        assert part.stop - part.start == 128
        assert part.start == 0 or part.keep_from - part.start >= 32
        assert part.stop == ticks or part.stop - part.keep_to >= 32


def test_the_middle_window_of_the_paper_keeps_ticks_32_to_95():
    assert [(part.start, part.keep_from, part.keep_to) for part in plan_windows(256, 128)] == [
        (0, 0, 96),
        (64, 96, 160),
        (128, 160, 256),
    ]


def test_a_window_without_a_middle_half_is_refused():
    with pytest.raises(ValueError, match="multiple of 4"):
        plan_windows(100, 30)


@pytest.fixture(scope="module")
def checkpoint():
    torch.manual_seed(0)
    tiny = {"impala_channels": [4, 4, 4], "impala_width": 1.0, "hidden_size": 16, "attention_heads": 2}
    return Checkpoint(InverseDynamicsModel(idm_network("nano", {**tiny, "temporal_channels": 4})).eval())


def test_predictions_of_a_window_are_the_models_own(checkpoint):
    frames = np.random.default_rng(0).integers(0, 256, (12, 128, 128, 3), np.uint8)
    predictions = predict(checkpoint, lambda start, stop: frames[start:stop], 12, window=16)
    with torch.inference_mode():
        expected = checkpoint.model(torch.from_numpy(frames)[None])
    np.testing.assert_allclose(predictions.held, expected.buttons[0, :, :, 1].exp(), atol=1e-5)
    np.testing.assert_allclose(predictions.camera, expected.camera[0].exp(), atol=1e-5)
    assert (predictions.actions.policy_buttons == (predictions.held > 0.5)).all()


def test_confidence_is_the_probability_of_the_whole_action(checkpoint):
    frames = np.zeros((8, 128, 128, 3), np.uint8)
    predictions = predict(checkpoint, lambda start, stop: frames[start:stop], 8)
    tick = 3
    by_hand = 1.0
    for held in predictions.held[tick]:
        by_hand *= max(held, 1 - held)
    for axis in predictions.camera[tick]:
        by_hand *= axis.max()
    assert predictions.confidence[tick] == pytest.approx(by_hand, rel=1e-4)


def test_every_frame_is_asked_for_once_and_in_order(checkpoint):
    asked = []

    def frames(start: int, stop: int) -> np.ndarray:
        asked.extend(range(start, stop))
        return np.zeros((stop - start, 128, 128, 3), np.uint8)

    predict(checkpoint, frames, 700, window=16)
    assert asked == list(range(700))
