"""The demo's clips: true inputs in the contractor format, each with an effect that can be seen."""

from copy import deepcopy
from functools import lru_cache
from itertools import islice

import cv2
import numpy as np
import pytest

from training.demo.clips import make_clips, rendered
from training.demo.moving_scene import MovingScene
from training.demo.scripted_player import scripted_ticks
from vpt_studio.actions import convert_ticks
from vpt_studio.actions.buttons import BUTTON_INDEX, HOTBAR_BUTTONS
from vpt_studio.errors import StudioError
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.source import Source

ALWAYS_USED = ("forward", "back", "left", "right", "jump", "sneak", "sprint", "attack", "use")


def held(*buttons):
    keys = np.zeros(len(BUTTON_INDEX), np.uint8)
    keys[[BUTTON_INDEX[button] for button in buttons]] = 1
    return keys


@lru_cache
def new_scene():
    """A scene in which nothing has happened, already drawn once, for copies of it."""
    scene = MovingScene(5)
    scene.render()
    return scene


def after(setting, *, keys=(), motion=(0, 0), slot=None):
    """The scene after `setting` (ticks of keys), then one tick of input: the next frame."""
    scene = deepcopy(new_scene())
    for before in setting:
        scene.step(held(*before), np.zeros(2), scene.slot)
    scene.step(held(*keys), np.array(motion, float), scene.slot if slot is None else slot)
    return scene.render()


def changed(one, other):
    """Share of the pixels that differ clearly."""
    return float((cv2.absdiff(one, other) > 24).any(axis=2).mean())


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clips")
    told = []
    videos = make_clips(folder, count=2, seconds=2.0, seed=4, tell=told.append, workers=2)
    assert sum(told) == 80
    return videos


def test_a_clip_converts_back_to_what_the_player_did(clips):
    for number, video in enumerate(clips):
        played = scripted_ticks(40, 4000 + number)
        with Recording.open(video) as recording:
            assert len(recording.video) == len(recording.ticks) == 40
            converted = recording.converted()
            raw = recording.ticks.raw
            assert recording.sidecar.source is Source.SCRIPT
            assert recording.sidecar.seed == 4000 + number
            assert recording.known.all()
        expected = convert_ticks(played)
        assert np.array_equal(converted.actions.buttons, expected.actions.buttons)
        assert np.array_equal(converted.actions.camera, expected.actions.camera)
        assert np.array_equal(converted.null, expected.null)
        for column in ("held", "motion", "pointer", "gui_open", "hotbar", "attack_pressed"):
            assert np.array_equal(getattr(raw, column), getattr(played, column)), column


@pytest.fixture(scope="module")
def frames():
    """The pictures of the first clip."""
    return list(rendered(scripted_ticks(40, 4000), 4000))


def test_the_video_shows_the_rendered_frames(clips, frames):
    with Recording.open(clips[0]) as recording:
        for tick in (0, 20, 39):
            error = np.abs(recording.picture(tick, pointer=False).astype(int) - frames[tick]).mean()
            assert error < 8


def test_complete_clips_are_taken_as_they_are_and_nothing_is_overwritten(clips):
    before = {path: path.stat().st_mtime_ns for path in clips[0].parent.iterdir()}
    told = []
    assert make_clips(clips[0].parent, count=2, seconds=2.0, seed=4, tell=told.append) == clips
    assert told == [80]
    assert {path: path.stat().st_mtime_ns for path in clips[0].parent.iterdir()} == before


def test_one_process_makes_the_same_clip_and_resumes_an_interrupted_one(clips, tmp_path):
    lines = clips[0].with_suffix(".jsonl")
    (tmp_path / lines.name).write_bytes(lines.read_bytes())
    make_clips(tmp_path, count=1, seconds=2.0, seed=4, workers=1)
    assert len(list(tmp_path.iterdir())) == 3
    for file in tmp_path.iterdir():
        assert file.read_bytes() == (clips[0].parent / file.name).read_bytes(), file.name


def test_a_foreign_file_in_the_way_is_an_error_and_stays(tmp_path):
    first = make_clips(tmp_path, count=1, seconds=0.1, workers=1)[0]
    first.with_suffix(".jsonl").write_bytes(b"{}\n")
    with pytest.raises(StudioError, match="already there"):
        make_clips(tmp_path, count=1, seconds=0.1, workers=1)
    first.unlink()
    with pytest.raises(StudioError, match="already there"):
        make_clips(tmp_path, count=1, seconds=0.1, workers=1)
    assert first.with_suffix(".jsonl").read_bytes() == b"{}\n"


def test_a_seed_decides_input_and_pictures(frames):
    one, same, other = (scripted_ticks(40, seed) for seed in (4000, 4000, 4001))
    assert np.array_equal(one.held, same.held)
    assert np.array_equal(one.motion, same.motion)
    assert not np.array_equal(one.motion, other.motion)
    assert np.array_equal(frames[:20], list(islice(rendered(same, 4000), 20)))
    assert changed(frames[0], MovingScene(4001).render()) > 0.3


def test_the_scene_follows_the_script():
    raw = scripted_ticks(1200, 3)
    scene = MovingScene(3)
    for tick in range(len(raw)):
        assert scene.gui_open == raw.gui_open[tick]
        if scene.gui_open:
            assert np.array_equal(scene.pointer, raw.pointer[tick])
        scene.step(raw.held[tick], raw.motion[tick], int(raw.hotbar[tick]))
        assert scene.slot == raw.hotbar[tick]
        assert -60 < scene.pitch < 60


@pytest.mark.parametrize("seed", range(8))
def test_every_minute_uses_every_movement_key_and_rests_in_a_third_of_it(seed):
    converted = convert_ticks(scripted_ticks(1200, seed))
    shares = {button: float(converted.actions.column(button).mean()) for button in ALWAYS_USED}
    assert min(shares.values()) >= 0.02, shares
    assert 0.28 < converted.null.mean() < 0.42
    assert converted.actions.column("drop").any()
    assert converted.actions.column("inventory").sum() >= 4


def test_slots_are_chosen_by_key_and_by_wheel():
    raw = scripted_ticks(2400, 0)
    keys = raw.held[:, [BUTTON_INDEX[button] for button in HOTBAR_BUTTONS]].any(axis=1)
    turned = np.diff(raw.hotbar, prepend=raw.hotbar[0]) != 0
    assert (turned & keys).any()
    assert (turned & ~keys).any()
    assert not (keys & ~turned).any()


@pytest.mark.parametrize(
    ("keys", "share"),
    [
        (("forward",), 0.1),
        (("back",), 0.1),
        (("left",), 0.1),
        (("right",), 0.1),
        (("jump",), 0.1),
        (("sneak",), 0.1),
        (("attack",), 0.02),
        (("use",), 0.02),
        (("drop",), 0.01),
        (("inventory",), 0.5),
    ],
)
def test_a_key_shows_in_the_next_frame(keys, share):
    assert changed(after([]), after([], keys=keys)) > share


@pytest.mark.parametrize("keys", [("attack",), ("use",), ("jump",), ("sneak",), ("forward", "sprint")])
def test_letting_go_shows_in_the_next_frame(keys):
    assert changed(after([keys] * 2, keys=keys), after([keys] * 2)) > 0.02


def test_sprinting_looks_unlike_walking_from_its_first_tick():
    walking = [("forward",)] * 3
    assert changed(after(walking, keys=("forward",)), after(walking, keys=("forward", "sprint"))) > 0.1


@pytest.mark.parametrize("motion", [(3, 0), (-3, 0), (0, 3), (0, -3)])
def test_a_small_motion_of_the_mouse_turns_the_view(motion):
    assert changed(after([]), after([], motion=motion)) > 0.03


def test_another_slot_shows_in_bar_and_hand():
    assert changed(after([]), after([], slot=6)) > 0.02


def test_an_open_inventory_follows_pointer_and_clicks_but_no_other_keys():
    opened = [("inventory",)]
    still = after(opened)
    for input_ in ({"motion": (0, 40)}, {"keys": ("attack",)}, {"keys": ("use",)}):
        assert changed(still, after(opened, **input_)) > 0.002
    assert changed(still, after(opened, keys=("forward", "drop"))) == 0
    assert changed(after([]), after([*opened, ()], keys=("inventory",))) < 0.001


def test_the_view_reaches_from_straight_up_to_straight_down():
    for motion in (-2000, 2000):
        assert after([], motion=(0, motion)).shape == (360, 640, 3)
