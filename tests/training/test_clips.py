"""Which clips are drawn to learn from."""

import shutil

import numpy as np
import orjson
import pytest

from training.clips import ClipSampler, Footage, open_footage
from vpt_studio.actions import BUTTONS
from vpt_studio.actions.tick_conversion import EXACT
from vpt_studio.recordings.frame_cache import FrameCache
from vpt_studio.recordings.recording import Recording

TICKS = 2000
FORWARD, LEFT, DROP = BUTTONS.index("forward"), BUTTONS.index("left"), BUTTONS.index("drop")


def footage(*, known: bool = True) -> Footage:
    """Forward in every second tick, left in one of fifty, drop in a single one; pixels tell the tick."""
    buttons = np.zeros((TICKS, 20), np.uint8)
    buttons[::2, FORWARD] = 1
    buttons[::50, LEFT] = 1
    buttons[7, DROP] = 1
    numbers = np.arange(TICKS, dtype=np.uint16).view(np.uint8).reshape(TICKS, 1, 1, 2)
    frames = np.concatenate([numbers, np.zeros((TICKS, 1, 1, 1), np.uint8)], axis=3)
    return Footage(
        name="made",
        frames=lambda start, stop: frames[start:stop],
        buttons=buttons,
        degrees=np.zeros((TICKS, 2)),
        screen_open=np.zeros(TICKS, bool),
        known=np.full(TICKS, known),
    )


def taught(sampler: ClipSampler, batches: int = 40) -> np.ndarray:
    """Buttons of all ticks that teach, over some batches."""
    drawn = [sampler.batch(number) for number in range(batches)]
    return np.concatenate([batch.buttons[batch.buttons_known] for batch in drawn])


def test_balanced_clips_show_a_rare_button_many_times_as_often():
    plain = taught(ClipSampler([footage()], 8, 20, seed=1, edge_ticks=2))
    balanced = taught(ClipSampler([footage()], 8, 20, seed=1, edge_ticks=2, balanced_share=0.5))
    assert plain[:, LEFT].mean() == pytest.approx(1 / 50, rel=0.3)
    # A quarter of the clips is drawn by `left`, and has it in at least one of four teaching ticks.
    assert balanced[:, LEFT].mean() > 3 * plain[:, LEFT].mean()
    assert balanced[:, FORWARD].mean() == pytest.approx(0.5, abs=0.05)


def test_every_clip_drawn_by_a_button_holds_it_in_a_tick_that_teaches():
    sampler = ClipSampler([footage()], 8, 20, seed=3, edge_ticks=2, balanced_share=1.0)
    for number in range(20):
        batch = sampler.batch(number)
        shown = (batch.buttons > 0) & batch.buttons_known[:, :, None]
        assert shown[:, :, [FORWARD, LEFT]].any(axis=(1, 2)).all()


def test_a_button_held_in_a_handful_of_ticks_is_not_balanced():
    balanced = taught(ClipSampler([footage()], 8, 20, seed=1, edge_ticks=2, balanced_share=1.0))
    assert balanced[:, DROP].mean() < 0.01


@pytest.mark.parametrize(("held_ticks", "is_balanced"), [(3, False), (5, True)])
def test_a_button_counts_from_a_fifth_of_a_percent_of_the_ticks_on(held_ticks, is_balanced):
    part = footage()
    part.buttons[:] = 0
    part.buttons[100 : 100 + held_ticks, DROP] = 1
    held = taught(ClipSampler([part], 8, 20, seed=1, edge_ticks=2, balanced_share=1.0))[:, DROP]
    assert (held.mean() > 0.2) == is_balanced


def test_why_clips_are_not_cached_is_told(noise_recordings, tmp_path, caplog):
    recordings = [Recording.open(path) for path in noise_recordings[:1]]
    open_footage(recordings, EXACT, FrameCache(tmp_path, 1 << 30), draw_pointer=False)
    assert "holds frames with the pointer" in caplog.messages[-1]
    open_footage(recordings, EXACT, FrameCache(tmp_path, 1000))
    assert "too small" in caplog.messages[-1]
    told = len(caplog.messages)
    open_footage(recordings, EXACT, None)
    assert len(caplog.messages) == told
    recordings[0].close()


def test_frames_belong_to_their_labels():
    batch = ClipSampler([footage()], 8, 20, seed=5, balanced_share=0.5).batch(11)
    ticks = batch.frames[:, :, 0, 0, :2].copy().view(np.uint16)[..., 0]
    assert (np.diff(ticks.astype(int), axis=1) == 1).all()
    assert ((ticks % 50 == 0) == (batch.buttons[:, :, LEFT] == 1)).all()


def test_batches_depend_on_seed_and_number_alone():
    first = ClipSampler([footage()], 8, 20, seed=5, balanced_share=0.5)
    second = ClipSampler([footage()], 8, 20, seed=5, balanced_share=0.5)
    first.batch(0)
    np.testing.assert_array_equal(first.batch(4).frames, second.batch(4).frames)
    assert (first.batch(4).frames != first.batch(5).frames).any()


def test_where_no_button_is_known_clips_are_drawn_evenly():
    batch = ClipSampler([footage(known=False)], 8, 20, seed=5, balanced_share=1.0).batch(0)
    assert batch.frames.shape == (20, 8, 1, 1, 3)


def test_no_clip_is_drawn_across_a_seam(tmp_path, noise_recordings):
    for suffix in (".mp4", ".jsonl", ".json"):
        shutil.copy(noise_recordings[0].with_suffix(suffix), tmp_path / f"take{suffix}")
    video = tmp_path / "take.mp4"
    lines = video.with_suffix(".jsonl").read_bytes().splitlines(keepends=True)
    lines[40] = orjson.dumps({**orjson.loads(lines[40]), "gap": {"why": "paused", "seconds": 3.0}}) + b"\n"
    video.with_suffix(".jsonl").write_bytes(b"".join(lines))
    with Recording.open(video) as recording:
        assert recording.seams.tolist() == [40]
        (whole,) = open_footage([recording], EXACT, None)
        first, second = whole.pieces()
        assert (len(first), len(second)) == (40, 160)
        np.testing.assert_array_equal(second.frames(0, 5), whole.frames(40, 45))
        np.testing.assert_array_equal(second.buttons, whole.buttons[40:])
        sampler = ClipSampler([first, second], 40, 30, seed=1)
        starts = {clip[0].tobytes() for clip in sampler.batch(0).frames}
        allowed = {whole.frames(start, start + 1)[0].tobytes() for start in [0, *range(40, 161)]}
        assert starts <= allowed
