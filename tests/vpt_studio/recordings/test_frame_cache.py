"""The frame cache: built once, checked by hash, bounded, and never missed when it is gone."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from vpt_studio.errors import StudioError
from vpt_studio.recordings.frame_cache import FRAME_BYTES, FrameCache
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.sidecar import Sidecar, write_sidecar

ROOM = 100 * FRAME_BYTES


@pytest.fixture
def opened(tmp_path, make_recording):
    """Open recordings of ten ticks by name."""
    recordings = []

    def open_(name, **options):
        path = tmp_path / "takes" / f"{name}.mp4"
        if not path.exists():
            make_recording(path.parent, name, 10, options={"crf": str(10 + len(recordings))}, **options)
        recordings.append(Recording.open(path))
        return recordings[-1]

    yield open_
    for recording in recordings:
        recording.close()


def cache_in(tmp_path, limit=ROOM):
    return FrameCache(tmp_path / "cache", limit)


def frames_decoded(cache, recording):
    """The frames, and how often progress was told: once per chunk when built, once when found."""
    told = []
    return cache.frames(recording, told.append), sum(told)


def files_of(tmp_path):
    return sorted((tmp_path / "cache").glob("*.npy"))


def test_cached_frames_are_what_the_model_sees_and_cannot_be_changed(tmp_path, opened):
    recording = opened("a")
    frames, told = frames_decoded(cache_in(tmp_path), recording)
    np.testing.assert_array_equal(frames, recording.model_frames())
    assert told == 10
    with pytest.raises(ValueError, match="read-only"):
        frames[0] = 0


def test_a_second_process_finds_the_file_and_does_not_build_it_again(tmp_path, opened):
    first = cache_in(tmp_path).frames(opened("a"))
    (path,) = files_of(tmp_path)
    before = path.stat().st_ino
    second = cache_in(tmp_path).frames(opened("a"))
    np.testing.assert_array_equal(first, second)
    assert path.stat().st_ino == before


@pytest.mark.parametrize("damage", ["a byte", "half", "the note", "the note's words"])
def test_a_damaged_file_is_noticed_and_built_again(tmp_path, opened, damage):
    recording = opened("a")
    cache_in(tmp_path).frames(recording)
    (path,) = files_of(tmp_path)
    content = bytearray(path.read_bytes())
    if damage == "a byte":
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    elif damage == "half":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "the note":
        path.with_suffix(".json").unlink()
    else:
        path.with_suffix(".json").write_bytes(b"[]")
    np.testing.assert_array_equal(cache_in(tmp_path).frames(recording), recording.model_frames())
    assert path.stat().st_size == 10 * FRAME_BYTES + 128


def test_what_changes_the_pixels_gets_a_file_of_its_own(tmp_path, opened, a_tick):
    lines = [a_tick(number, isGuiOpen=number == 4) for number in range(10)]
    recording = opened("a", lines=lines)
    cache = cache_in(tmp_path)
    drawn = cache.frames(recording)
    np.testing.assert_array_equal(drawn, recording.model_frames())
    assert (drawn[4] != recording.model_frames(4, 5, pointer=False)[0]).any()
    write_sidecar(recording.files.sidecar, Sidecar(cursor_in_video=True))
    plain = cache.frames(opened("a"))
    assert (plain[4] != drawn[4]).any()
    write_sidecar(recording.files.sidecar, Sidecar(crop=(0, 0, 32, 18)))
    cache.frames(opened("a"))
    assert len(files_of(tmp_path)) == 3


def test_the_folder_may_be_deleted_at_any_time(tmp_path, opened):
    recording, cache = opened("a"), cache_in(tmp_path)
    frames = cache.frames(recording)
    copy = np.array(frames)
    shutil.rmtree(tmp_path / "cache")
    np.testing.assert_array_equal(frames, copy)
    np.testing.assert_array_equal(cache.frames(recording), copy)
    assert cache.size() == 0
    np.testing.assert_array_equal(cache_in(tmp_path).frames(recording), copy)


def test_what_was_used_longest_ago_makes_room(tmp_path, opened):
    limit = 2 * (10 * FRAME_BYTES + 128)
    names = ("a", "b")
    for age, name in enumerate(names):
        cache_in(tmp_path, limit).frames(opened(name))
        newest = max(files_of(tmp_path), key=lambda path: path.stat().st_mtime)
        os.utime(newest, (1000 + age, 1000 + age))
    kept = max(files_of(tmp_path), key=lambda path: path.stat().st_mtime)
    cache = cache_in(tmp_path, limit)
    cache.frames(opened("c"))
    assert kept in files_of(tmp_path)
    assert len(files_of(tmp_path)) == 2
    assert cache.size() <= limit


def test_recordings_in_use_are_not_thrown_out_nor_is_the_limit_passed(tmp_path, opened):
    limit = 2 * (10 * FRAME_BYTES + 128)
    cache = cache_in(tmp_path, limit)
    recordings = [opened(name) for name in ("a", "b", "c")]
    assert cache.fits(recordings[:2])
    assert not cache.fits(recordings)
    for recording in recordings[:2]:
        cache.frames(recording)
    with pytest.raises(StudioError, match="full of recordings in use"):
        cache.frames(recordings[2])
    assert cache.size() <= limit
    assert len(files_of(tmp_path)) == 2


@pytest.mark.parametrize("there_before", [True, False])
def test_a_file_that_another_process_throws_out_before_it_is_opened_is_built_again(
    tmp_path, opened, monkeypatch, there_before
):
    recording, load = opened("a"), np.load
    if there_before:
        cache_in(tmp_path).frames(recording)

    def thrown_out(path, **options):
        monkeypatch.setattr(np, "load", load)
        path.unlink()
        return load(path, **options)

    monkeypatch.setattr(np, "load", thrown_out)
    frames, told = frames_decoded(cache_in(tmp_path), recording)
    np.testing.assert_array_equal(frames, recording.model_frames())
    assert told == 10


def test_a_recording_larger_than_the_cache_is_told(tmp_path, opened):
    with pytest.raises(StudioError, match=r"Allow the cache more"):
        cache_in(tmp_path, 9 * FRAME_BYTES).frames(opened("a"))


def test_what_a_killed_process_left_is_counted_and_cleared_away(tmp_path, opened):
    cache = cache_in(tmp_path)
    cache.frames(opened("a"))
    left = tmp_path / "cache" / ".left.01234567.npy"
    left.write_bytes(bytes(5000))
    assert cache.size() == 10 * FRAME_BYTES + 128 + 5000
    cache.frames(opened("b"))
    assert left.exists()  # it may belong to a process that still writes
    os.utime(left, (1000, 1000))
    cache.frames(opened("c"))
    assert not left.exists()
    assert cache.clear() == 3 * (10 * FRAME_BYTES + 128)
    assert files_of(tmp_path) == []


def test_frames_that_cannot_be_decoded_leave_no_file(tmp_path, make_recording, spoil_pictures):
    path = make_recording(tmp_path, frames=60, size=(320, 180))
    spoil_pictures(path)
    with Recording.open(path) as recording, pytest.raises(StudioError, match="cannot be decoded"):
        cache_in(tmp_path).frames(recording)
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_full_disk_is_told_before_anything_is_decoded(tmp_path, opened, monkeypatch):
    def refuse(_descriptor, _start, size):
        assert size == 10 * FRAME_BYTES + 128
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", refuse, raising=False)
    told = []
    with pytest.raises(StudioError, match=r"the frame cache needs 0\.5 MB, .* are free\. Free some space"):
        cache_in(tmp_path).frames(opened("a"), told.append)
    assert not told
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize("why", [errno.EOPNOTSUPP, None])
def test_where_no_space_can_be_set_aside_the_cache_works_all_the_same(tmp_path, opened, monkeypatch, why):
    def refuse(*_place):
        raise OSError(why, "not here")

    if why is None:
        monkeypatch.delattr(os, "posix_fallocate", raising=False)
    else:
        monkeypatch.setattr(os, "posix_fallocate", refuse, raising=False)
    recording = opened("a")
    np.testing.assert_array_equal(cache_in(tmp_path).frames(recording), recording.model_frames())


ON_A_SMALL_DISK = """
import os, sys
from pathlib import Path
from vpt_studio.errors import StudioError
from vpt_studio.recordings.frame_cache import FrameCache
from vpt_studio.recordings.recording import Recording

if sys.argv[3] == "unreserved":
    del os.posix_fallocate
try:
    FrameCache(Path(sys.argv[1]) / "cache", 10**9).frames(Recording.open(Path(sys.argv[2])))
except StudioError as error:
    print(error)
"""


@pytest.mark.parametrize("how", ["reserved", "unreserved"])
def test_a_disk_that_is_really_full_costs_a_message_not_the_process(tmp_path, make_recording, how):
    """On a disk of 300 kB, where writing through a mapping ends in a bus error."""
    disk = tmp_path / "disk"
    disk.mkdir()
    path = make_recording(tmp_path, frames=10)
    mount = ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=300k none "$0" && exec "$@"', str(disk)]
    if shutil.which("unshare") is None or subprocess.run([*mount, "true"], capture_output=True).returncode:
        pytest.skip("this system lets nobody mount a small disk")
    done = subprocess.run(
        [*mount, sys.executable, "-c", ON_A_SMALL_DISK, str(disk), str(path), how],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=Path(__file__).parents[3],
    )
    assert done.returncode == 0, done.stderr
    assert "the frame cache needs 0.5 MB, 0." in done.stdout
