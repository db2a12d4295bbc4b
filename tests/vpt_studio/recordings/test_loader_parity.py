"""Reading in published mode against what OpenAI's loader made of the same files."""

from __future__ import annotations

import hashlib
import json
import shutil

import cv2
import numpy as np
import pytest
from published_reader import read_items

from vpt_studio.actions import DEFAULT_CAMERA, null_in_policy_space, to_joint
from vpt_studio.actions.buttons import ENVIRONMENT_KEYS
from vpt_studio.actions.tick_conversion import EXACT, PUBLISHED
from vpt_studio.recordings.exporting import export
from vpt_studio.recordings.pointer import draw_pointer, draw_pointer_at
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.video import VideoReader

NAMES = [
    "quiet-amber-otter-0a1b2c3d4e5f-20220401-101500",
    "quiet-amber-otter-1a1b2c3d4e5f-20220401-102000",
    "quiet-amber-otter-2a1b2c3d4e5f-20220401-102500",
]


@pytest.fixture(scope="module")
def loader(shared_data):
    return shared_data / "parity" / "loader"


@pytest.fixture(scope="module")
def cursor(loader):
    with np.load(loader / "cursor_16x16_bgra.npz") as archive:
        return archive["bgra"]


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.fixture
def expected(loader, name):
    return json.loads((loader / f"{name}.expected.json").read_bytes())


@pytest.fixture
def recording(loader, name):
    with Recording.open(loader / f"{name}.mp4") as opened:
        yield opened


def test_the_lines_that_the_published_loader_yields(recording, expected):
    converted = recording.converted(PUBLISHED)
    assert len(recording.ticks) == expected["lines"]
    null = converted.null.tolist()
    assert null == expected["json_level_null"][: len(null)]
    assert np.flatnonzero(~converted.null).tolist() == [item["line"] for item in expected["items"]]


def test_the_actions_and_indices_of_every_line(recording, expected):
    published, exact = recording.converted(PUBLISHED), recording.converted(EXACT)
    exact_camera = exact.actions.camera
    for item in expected["items"]:
        action = published.actions[item["line"]].to_environment()
        action["camera"] = [int(angle) for angle in action["camera"]]
        assert tuple(sorted(action)) == ENVIRONMENT_KEYS
        assert action == item["env_action"]
        buttons = published.actions.policy_buttons[item["line"]]
        whole = to_joint(buttons, DEFAULT_CAMERA.encode(published.actions.camera[item["line"]]))
        assert (whole.buttons, whole.camera) == (item["agent_buttons"], item["agent_camera"])
        whole_bins = DEFAULT_CAMERA.encode(published.actions.camera[item["line"]])
        assert null_in_policy_space(buttons, whole_bins) == item["agent_space_null_int_camera"]
        np.testing.assert_allclose(exact_camera[item["line"]], item["camera_float"], rtol=0, atol=1e-9)
        fine = to_joint(buttons, DEFAULT_CAMERA.encode(exact_camera[item["line"]]))
        assert fine.buttons == item["agent_buttons_float_camera"]
        assert fine.camera == item["agent_camera_float_camera"]
        assert exact.null[item["line"]] == item["agent_space_null_float_camera"]


def test_the_frames_of_every_line(recording, expected, loader, name):
    frames = recording.model_frames()
    with np.load(loader / f"{name}.frames.npz") as archive:
        wanted = dict(zip(archive["lines"].tolist(), archive["rgb128"], strict=True))
    for line, picture in wanted.items():
        # The bytes of other decoders may differ by two levels.
        assert np.abs(frames[line].astype(int) - picture).max() <= 2
    if all(np.array_equal(frames[line], picture) for line, picture in wanted.items()):
        hashes = [hashlib.sha256(frames[item["line"]].tobytes()).hexdigest() for item in expected["items"]]
        assert hashes == [item["frame_sha256"] for item in expected["items"]]


@pytest.mark.parametrize("number", [0, 21])
def test_decoded_frames_before_anything_is_drawn(loader, name, number):
    wanted = cv2.imread(str(loader / f"{name}.decoded{number:02d}.png"))[:, :, ::-1]
    with VideoReader(loader / f"{name}.mp4") as video:
        assert np.abs(video.frame(number).astype(int) - wanted).max() <= 2


def test_the_pointer_is_blended_as_the_published_loader_does(loader):
    with np.load(loader / "cursor_cases.npz") as archive:
        cases = dict(archive)
    for number, (x, y) in enumerate(cases["positions_xy"].tolist()):
        frame = cases["background_bgr"].copy()
        draw_pointer_at(frame, x, y)
        top, left = max(0, min(y, 359) - 16), max(0, min(x, 639) - 16)
        np.testing.assert_array_equal(frame[top : top + 32, left : left + 32], cases[f"crop{number}"])
        # Nothing outside of the neighbourhood changed.
        frame[top : top + 32, left : left + 32] = cases["background_bgr"][top : top + 32, left : left + 32]
        np.testing.assert_array_equal(frame, cases["background_bgr"])


def test_the_resize_is_the_published_one(loader):
    with np.load(loader / "resize_case.npz") as archive:
        small = cv2.resize(archive["source_rgb"], (128, 128), interpolation=cv2.INTER_LINEAR)
        np.testing.assert_array_equal(small, archive["resized128"])


@pytest.mark.parametrize(
    ("x", "y"), [(-5.0, 10.0), (-1e300, -1e300), (1e300, 5.0), (float("nan"), 3.0), (float("inf"), 3.0)]
)
def test_a_pointer_outside_the_picture_never_fails(x, y):
    frame = np.full((360, 640, 3), 90, np.uint8)
    draw_pointer(frame, x, y)
    # Off the left or upper edge it is moved to it; off the others, or nowhere, nothing is drawn.
    assert (frame != 90).any() == (x < 0)


def test_the_tests_own_reader_follows_the_published_loader(loader, name, expected, cursor):
    items = list(read_items(loader / f"{name}.mp4", cursor))
    assert [(line, action) for line, action, _ in items] == [
        (item["line"], item["env_action"]) for item in expected["items"]
    ]


def test_an_exported_recording_says_the_same_to_the_published_rules(loader, name, tmp_path, cursor):
    with Recording.open(loader / f"{name}.mp4") as recording:
        done = export(loader / f"{name}.mp4", tmp_path)
        assert not done.rendered
        published, frames = recording.converted(PUBLISHED), recording.model_frames()
    items = list(read_items(done.video, cursor))
    assert [line for line, _, _ in items] == np.flatnonzero(~published.null).tolist()
    for line, action, picture in items:
        ours = published.actions[line].to_environment()
        ours["camera"] = [int(angle) for angle in ours["camera"]]
        assert action == ours
        assert np.abs(picture.astype(int) - frames[line]).max() <= 2


def test_the_shared_index_finds_its_recordings_and_names_the_missing_one(loader, tmp_path):
    from vpt_studio.recordings.files import find_recordings

    for name in NAMES:
        for suffix in (".mp4", ".jsonl"):
            shutil.copy(loader / f"{name}{suffix}", tmp_path)
    shutil.copy(loader / "index.json", tmp_path)
    found = find_recordings([tmp_path / "index.json"])
    assert [files.stem for files in found.recordings] == NAMES
    assert set(found.versions.values()) == {"9.1"}
    (missing,) = found.problems
    assert missing.file == "index.json"
    assert missing.place == "entry 4"
    assert "235959.mp4 is not on this disk" in missing.what
