"""Many recordings are read with few open files."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from training.clips import open_footage
from training.file_limit import allow_many_files, open_files_allowed
from training.open_videos import OpenVideos
from vpt_studio.actions.tick_conversion import EXACT
from vpt_studio.recordings.frame_cache import FrameCache
from vpt_studio.recordings.recording import Recording

MANY = 60


@pytest.fixture
def many(noise_recordings: list[Path], tmp_path: Path) -> list[Path]:
    """More recordings than the few files of :func:`few_files`; the same three again and again."""
    paths = []
    for number in range(MANY):
        original = noise_recordings[number % len(noise_recordings)]
        for suffix in (".mp4", ".jsonl", ".json"):
            os.symlink(original.with_suffix(suffix), tmp_path / f"take-{number}{suffix}")
        paths.append(tmp_path / f"take-{number}.mp4")
    return paths


@pytest.fixture
def few_files() -> Iterator[None]:
    """As after ``ulimit -n 64``."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.fixture
def videos_opened() -> Callable[[], list[str]]:
    """Names of the videos opened since, apart from what earlier tests still hold open."""
    gc.collect()  # what they let go of in a cycle would else be closed at some moment of this test
    process = psutil.Process()
    if not any(opened.path == __file__ for opened in _with_this_file_open(process)):
        pytest.skip("this system does not tell which files a process has open")
    before = {(opened.fd, opened.path) for opened in process.open_files()}

    def opened_since() -> list[str]:
        now = [opened for opened in process.open_files() if (opened.fd, opened.path) not in before]
        return [Path(opened.path).name for opened in now if opened.path.endswith(".mp4")]

    return opened_since


def _with_this_file_open(process: psutil.Process) -> list[Any]:
    with open(__file__, "rb"):
        return process.open_files()


def test_more_recordings_than_files_may_be_open_are_cut_from_video(many, few_files, videos_opened):
    recordings = [Recording.open(path) for path in many]
    footage = open_footage(recordings, EXACT, None)
    first = [part.frames(0, 2).copy() for part in footage]
    for part, seen in zip(footage, first, strict=True):  # those that were closed open again by themselves
        np.testing.assert_array_equal(part.frames(0, 2), seen)
    assert 0 < len(videos_opened()) <= 16
    for recording in recordings:
        recording.close()
    assert not videos_opened()


def test_cached_footage_keeps_no_video_open_and_tells_how_far_it_is(
    noise_recordings, tmp_path, videos_opened
):
    told: list[int] = []
    recordings = [Recording.open(path) for path in noise_recordings]
    footage = open_footage(recordings, EXACT, FrameCache(tmp_path / "cache", 1 << 30), tell=told.append)
    assert not videos_opened()
    assert sum(told) == sum(len(part) for part in footage) == 3 * 200


def test_where_the_cache_would_hold_too_many_files_open_it_is_passed_over(many, few_files, tmp_path, caplog):
    recordings = [Recording.open(path) for path in many]
    footage = open_footage(recordings, EXACT, FrameCache(tmp_path / "cache", 1 << 30))
    assert "half of the 64 files that may be open" in caplog.text
    assert footage[-1].frames(0, 1).shape == (1, 128, 128, 3)
    assert not (tmp_path / "cache").exists()
    for recording in recordings:
        recording.close()


def test_a_process_asks_for_as_many_files_as_it_may_have(few_files):
    resource = pytest.importorskip("resource")
    assert open_files_allowed() == 64
    allow_many_files()
    assert open_files_allowed() == min(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1])


def test_the_video_read_longest_ago_is_closed(noise_recordings, videos_opened):
    recordings = [Recording.open(path) for path in noise_recordings]
    videos = OpenVideos(most=2)
    for index in (0, 1, 0, 2):
        with videos.lent(recordings[index]) as recording:
            recording.model_frames(0, 1)
    assert sorted(videos_opened()) == ["noise-0.mp4", "noise-2.mp4"]
