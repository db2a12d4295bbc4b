"""Windows over a video keep every tick once, with its past and future in view."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
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


SMALL = {"hidden_size": 16, "attention_heads": 2, "impala_channels": [4, 4, 4], "temporal_channels": 4}
KINDS = {
    "as released": {"image_size": 16, "input_pooling": 1},
    "averaged": {"image_size": 32, "input_pooling": 2},
    "evened, 7 taps": {"image_size": 16, "input_pooling": 1, "contrast_window": 5, "temporal_taps": 7},
    "3 taps": {"image_size": 16, "input_pooling": 1, "temporal_taps": 3},
}


def random_model(kind: str) -> Checkpoint:
    torch.manual_seed(0)
    return Checkpoint(InverseDynamicsModel(idm_network("nano", {**SMALL, **KINDS[kind]})).eval())


def random_video(model: Checkpoint, ticks: int) -> np.ndarray:
    size = model.model.network.image_size
    return np.random.default_rng(ticks).integers(0, 256, (ticks, size, size, 3), np.uint8)


@torch.inference_mode()
def window_by_window(model: Checkpoint, frames: np.ndarray, window: int) -> tuple[np.ndarray, np.ndarray]:
    """What the whole model says of each window by itself: probabilities held, of camera bins."""
    held, camera = np.zeros((len(frames), 20)), np.zeros((len(frames), 2, 11))
    for part in plan_windows(len(frames), window):
        out = model.model(torch.from_numpy(frames[part.start : part.stop])[None])
        kept = slice(part.keep_from - part.start, part.keep_to - part.start)
        held[part.keep_from : part.keep_to] = out.buttons[0, kept, :, 1].exp()
        camera[part.keep_from : part.keep_to] = out.camera[0, kept].exp()
    return held, camera


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    kind=st.sampled_from(sorted(KINDS)),
    ticks=st.integers(0, 70),
    quarter=st.integers(1, 6),
    frames_per_slice=st.sampled_from([None, 3, 32]),
)
def test_a_video_of_any_length_is_predicted_as_window_by_window(kind, ticks, quarter, frames_per_slice):
    model = random_model(kind)
    video = random_video(model, ticks)
    found = predict(
        model,
        lambda start, stop: video[start:stop],
        ticks,
        window=4 * quarter,
        frames_per_slice=frames_per_slice,
    )
    held, camera = window_by_window(model, video, 4 * quarter)
    np.testing.assert_allclose(found.held, held, atol=1e-5)
    np.testing.assert_allclose(found.camera, camera, atol=1e-5)


def test_stretches_between_seams_are_predicted_as_videos_of_their_own():
    model = random_model("as released")
    video = random_video(model, 60)
    found = predict(model, lambda start, stop: video[start:stop], 60, seams=[0, 5, 33], window=16)
    parts = [window_by_window(model, part, 16) for part in (video[:5], video[5:33], video[33:])]
    np.testing.assert_allclose(found.held, np.concatenate([held for held, _ in parts]), atol=1e-5)
    np.testing.assert_allclose(found.camera, np.concatenate([camera for _, camera in parts]), atol=1e-5)


@pytest.mark.parametrize(
    ("window", "ticks", "towers"),
    [
        (128, 128, 128),
        (128, 128 + 2 * 64, 126 + 2 * 68 + 2),  # the ends of the video are also ends of windows
        (128, 128 + 2 * 64 + 7, 126 + 2 * 68 + 7 + 4 + 2),
        (4, 20, 9 * 4),  # every frame sees another end: as many as without sharing, never more
    ],
)
def test_every_frame_passes_the_tower_once_but_for_the_ends_of_windows(window, ticks, towers):
    model = random_model("as released")
    seen = []
    model.model.net.img_process.register_forward_hook(lambda _layer, _given, out: seen.append(len(out)))
    video = random_video(model, ticks)
    predict(model, lambda start, stop: video[start:stop], ticks, window=window)
    assert sum(seen) == towers


def test_progress_is_told_often_and_adds_up():
    model = random_model("as released")
    video, told = random_video(model, 700), []
    predict(
        model, lambda start, stop: video[start:stop], 700, window=128, frames_per_slice=16, tell=told.append
    )
    assert sum(told) == 700
    assert min(told) >= 0
    assert max(told) <= 32


def test_who_listens_to_progress_can_end_the_work_between_two_slices():
    class EnoughError(Exception):
        pass

    model = random_model("as released")
    seen = []
    model.model.net.img_process.register_forward_hook(lambda _layer, _given, out: seen.append(len(out)))
    video = random_video(model, 700)

    def tell(_ticks: int) -> None:
        if len(seen) == 3:
            raise EnoughError

    with pytest.raises(EnoughError):
        predict(model, lambda start, stop: video[start:stop], 700, window=128, frames_per_slice=16, tell=tell)
    assert sum(seen) == 3 * 16


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
