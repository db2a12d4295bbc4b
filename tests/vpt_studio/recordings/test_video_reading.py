"""Frames by number: seeking gives what reading on gives, in every container, and small frames are exact."""

from __future__ import annotations

import random

import av
import cv2
import numpy as np
import pytest

from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.sparse_resize import rgb_of, sparse_resizer
from vpt_studio.recordings.video import UnreadableVideoError, VideoReader, small_frame

SHARED_VIDEOS = [
    *(
        f"contractor/dev-{name}.mp4"
        for name in ("builder-03", "explorer-01", "lumber-02", "miner-04", "mixed-06", "organiser-05")
    ),
    "web/web_dev_01.mp4",
    "web/web_dev_02.mkv",
    "web/web_dev_03.mp4",
    "web/web_dev_04.webm",
    "web/web_dev_05.mp4",
    "web/web_dev_06.mkv",
]


@pytest.mark.parametrize("name", SHARED_VIDEOS)
def test_any_frame_sought_is_the_frame_read_in_order(shared_data, name):
    chance = random.Random(name)
    with VideoReader(shared_data / "recordings" / name) as video:
        # Decoding all of it in order would take long: two stretches stand for it.
        stretches = [(chance.randrange(len(video) - 40), 40), (len(video) - 15, 15)]
        read = {}
        for start, length in stretches:
            for number, frame in video.decoded(start, start + length):
                read[number] = frame.to_ndarray(format="gray")
        numbers = chance.sample(sorted(read), 8)
    # A fresh reader, so that nothing is left from reading in order.
    with VideoReader(shared_data / "recordings" / name) as video:
        for number in numbers:
            ((found, frame),) = video.decoded(number, number + 1)
            assert found == number
            np.testing.assert_array_equal(frame.to_ndarray(format="gray"), read[number])


def test_frames_equal_opencvs_from_the_first_to_the_last(shared_data):
    path = shared_data / "parity" / "loader" / "quiet-amber-otter-1a1b2c3d4e5f-20220401-102000.mp4"
    capture = cv2.VideoCapture(str(path))
    with VideoReader(path) as video:
        for frame in video.frames():
            read, wanted = capture.read()
            assert read
            np.testing.assert_array_equal(frame, wanted[:, :, ::-1])
        assert not capture.read()[0]


@pytest.mark.parametrize(
    ("suffix", "codec", "options"),
    [
        (".mp4", "libx264", {"bf": "3", "g": "12"}),
        (".mp4", "libx264", {"bf": "3", "g": "250"}),
        (".mkv", "libx264", {"g": "7", "bf": "0"}),
        (".mov", "mpeg4", {}),
        (".webm", "libvpx-vp9", {"deadline": "realtime", "cpu-used": "8", "g": "9"}),
    ],
)
def test_every_frame_says_its_number_wherever_reading_jumps(
    tmp_path, make_video, number_of, suffix, codec, options
):
    path = make_video(tmp_path / f"a{suffix}", 60, codec=codec, options=options, size=(128, 64))
    with VideoReader(path) as video:
        assert len(video) == 60
        assert [number_of(frame) for frame in video.frames()] == list(range(60))
        for number in (59, 0, 31, 32, 30, 12, 59, 11, 58):
            assert number_of(video.frame(number)) == number
        first, second = video.frames(10, 20), video.frames(40, 50)
        mixed = [number_of(next(reader)) for _ in range(5) for reader in (first, second)]
        assert mixed == [10, 40, 11, 41, 12, 42, 13, 43, 14, 44]


def test_frames_that_are_not_there_are_an_index_error(tmp_path, make_video):
    with VideoReader(make_video(tmp_path / "a.mp4", 5)) as video:
        for start, stop in ((0, 6), (-1, 2), (4, 3)):
            with pytest.raises(IndexError):
                list(video.frames(start, stop))


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "cannot be read"), (b"\0" * 9999, "cannot be read"), (b"#EXTM3U\nhttp://x/", "cannot be read")],
)
def test_what_is_no_video_is_refused_with_the_files_name(tmp_path, content, words):
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    with pytest.raises(UnreadableVideoError, match=words) as raised:
        VideoReader(path)
    assert raised.value.where == str(path)


def test_a_relative_name_that_looks_like_an_address_is_a_file(tmp_path, make_video, monkeypatch):
    make_video(tmp_path / "a.mp4", 4).rename(tmp_path / "pipe:0.mp4")
    monkeypatch.chdir(tmp_path)
    with VideoReader((tmp_path / "pipe:0.mp4").relative_to(tmp_path)) as video:
        assert len(video) == 4


@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (854, 480), (1920, 1080), (256, 256), (300, 258)])
@pytest.mark.parametrize("target", [(128, 128)])
def test_sparse_resizing_equals_the_usual_way_bit_for_bit(size, target):
    width, height = size
    chance = np.random.default_rng(width)
    resizer = sparse_resizer(width, height, *target)
    assert resizer is not None
    for smooth in (True, False):
        if smooth:
            seed = chance.integers(0, 256, (9, 16, 3), dtype=np.uint8)
            picture = cv2.resize(seed, size, interpolation=cv2.INTER_CUBIC)
        else:
            picture = chance.integers(0, 256, (height, width, 3), dtype=np.uint8)
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
        small = np.empty((target[1], target[0], 3), np.uint8)
        resizer(frame, small)
        np.testing.assert_array_equal(
            small, cv2.resize(rgb_of(frame), target, interpolation=cv2.INTER_LINEAR)
        )


@pytest.mark.parametrize("size", [(64, 48), (641, 361), (200, 300), (128, 128)])
def test_sizes_that_sparse_resizing_does_not_know_go_the_usual_way(size):
    picture = np.random.default_rng(1).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
    small = np.empty((128, 128, 3), np.uint8)
    small_frame(frame, small)
    np.testing.assert_array_equal(small, cv2.resize(rgb_of(frame), (128, 128)))


@pytest.mark.parametrize(
    ("suffix", "codec", "tags"),
    [
        (".mp4", "libx264", {}),
        (".mp4", "libx264", {"colorspace": 1, "color_primaries": 1, "color_trc": 1}),
        (".mp4", "libx264", {"color_range": 2}),
        (".webm", "libvpx-vp9", {"colorspace": 1}),
        (".webm", "libvpx-vp9", {"color_range": 2}),
    ],
)
def test_small_frames_have_opencvs_colours_whatever_the_video_says_of_its_own(tmp_path, suffix, codec, tags):
    path = tmp_path / f"a{suffix}"
    seed = np.random.default_rng(3).integers(0, 256, (9, 16, 3), dtype=np.uint8)
    picture = cv2.resize(seed, (640, 360), interpolation=cv2.INTER_CUBIC)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=20)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        if codec != "libx264":
            stream.options = {"deadline": "realtime", "cpu-used": "8"}
        for name, value in tags.items():
            setattr(stream.codec_context, name, value)
        for shift in range(2):
            frame = av.VideoFrame.from_ndarray(np.roll(picture, 9 * shift, axis=1), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    capture = cv2.VideoCapture(str(path))
    small = np.empty((128, 128, 3), np.uint8)
    with VideoReader(path) as video:
        for _, frame in video.decoded():
            wanted = np.ascontiguousarray(capture.read()[1][:, :, ::-1])
            np.testing.assert_array_equal(rgb_of(frame), wanted)
            small_frame(frame, small)
            np.testing.assert_array_equal(small, cv2.resize(wanted, (128, 128)))


@pytest.mark.parametrize("rate", [24, 25, 30, 60, 10])
def test_other_rates_show_at_each_tick_the_last_frame_at_or_before_it(tmp_path, make_video, number_of, rate):
    path = make_video(tmp_path / "a.mkv", 3 * rate, rate=rate, size=(128, 64))
    with Recording.open(path) as recording:
        assert len(recording) == 60
        wanted = [tick * rate // 20 for tick in range(60)]
        assert recording.frame_of_tick.tolist() == wanted
        assert [number_of(picture) for picture in recording.pictures(7, 33)] == wanted[7:33]
        assert number_of(recording.picture(59)) == wanted[59]
        np.testing.assert_array_equal(recording.model_frames()[7:33], recording.model_frames(7, 33))


def test_frames_further_apart_than_any_recording_are_refused(tmp_path, make_video):
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=20)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for stamp in (0, 1, 1 << 30):
            picture = np.zeros((48, 64, 3), np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
            frame.pts = stamp
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with (
        Recording.open(path) as recording,
        pytest.raises(UnreadableVideoError, match="hours is not plausible"),
    ):
        len(recording)
