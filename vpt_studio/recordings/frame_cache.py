"""Frames as models see them, decoded once and kept losslessly on disk, where any clip is a copy away."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import orjson

from vpt_studio.atomic_files import make_folder, replaced, sha256_of, write_atomically
from vpt_studio.errors import StudioError
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.video import MODEL_SIDE

#: Bytes of one cached frame: 128 x 128 RGB.
FRAME_BYTES = MODEL_SIDE * MODEL_SIDE * 3
#: Changes whenever the same recording would give other pixels than before.
_PIXELS_VERSION = 2
_HEADER_BYTES = 128  # what NumPy writes before the frames
_ABANDONED_SECONDS = 3600.0  # a file being written that has not grown for so long never will
_TRIES = 4
_DISK_FULL = (ENOSPC, EDQUOT)
_CHUNK = 256  # frames decoded before progress is told


class FrameCache:
    """A folder of 128x128 frames, one file per recording, within a limit of bytes.

    A file is named by what decides its pixels (the video's hash, where the pointer is drawn, the crop),
    so a changed recording gets a new one. Its content is hashed when built and checked the first time a
    process opens it. When room is short the files used longest ago go. Deleting the folder costs only
    the time to decode again.
    """

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes
        self._open: dict[str, npt.NDArray[np.uint8]] = {}

    def frames(
        self, recording: Recording, tell: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.uint8]:
        """All ticks' frames of `recording`: uint8 [N, 128, 128, 3] RGB, read-only, mapped from disk.

        Args:
            recording: The recording; its video is decoded when it is not in the cache.
            tell: Called with the number of frames that have just become ready.

        Raises:
            StudioError: The frames do not fit into the limit beside those in use, or cannot be decoded
                or written.
        """
        key = _key(recording)
        if key not in self._open:
            self._open[key] = self._mapped(self.folder / f"{key}.npy", recording, tell)
        elif tell is not None:
            tell(len(recording))
        return self._open[key]

    def fits(self, recordings: list[Recording]) -> bool:
        """Whether the frames of all `recordings` fit into the limit together."""
        return sum(map(_bytes_for, recordings)) <= self.limit_bytes

    def size(self) -> int:
        """Bytes the cache takes on disk now."""
        return sum(_size(path) for path in (*self._files(), *self._unfinished()))

    def clear(self) -> int:
        """Delete every cached file; returns the bytes set free."""
        freed = self.size()
        for path in (*self._files(), *self._unfinished()):
            _remove(path)
        self._open.clear()
        return freed

    def _mapped(
        self, path: Path, recording: Recording, tell: Callable[[int], None] | None
    ) -> npt.NDArray[np.uint8]:
        """The frames in `path`, built where they are missing or damaged."""
        for tries_left in reversed(range(_TRIES)):
            if not _is_whole(path):
                self._build(path, recording, tell)
                tell = None  # told once, however often it takes
            try:
                frames: npt.NDArray[np.uint8] = np.load(path, mmap_mode="r")
                os.utime(path)
                break
            except FileNotFoundError as error:
                # Another process made room in this moment, and nothing says that a file is in use.
                if not tries_left:
                    raise self._unwritable(error) from error
            except OSError as error:
                raise self._unwritable(error) from error
        if tell is not None:
            tell(len(recording))
        return frames

    def _build(self, path: Path, recording: Recording, tell: Callable[[int], None] | None) -> None:
        needed = _bytes_for(recording)
        if needed > self.limit_bytes:
            raise StudioError(
                f"its frames take {needed / 1e9:.1f} GB of the cache's {self.limit_bytes / 1e9:.1f} GB",
                where=recording.video_path,
                mend="Allow the cache more, or cut the recording into shorter ones",
            )
        make_folder(self.folder)
        if not self._make_room(needed, keep={f"{key}.npy" for key in self._open}):
            raise StudioError(
                f"the frame cache's {self.limit_bytes / 1e9:.1f} GB are full of recordings in use",
                where=recording.video_path,
                mend="Allow the cache more, or use fewer recordings at a time",
            )
        try:
            with replaced(path) as temporary:
                with temporary.open("wb") as stream:
                    _reserve(stream.fileno(), needed)
                    _write_frames(stream, recording, tell)
                write_atomically(_note(path), orjson.dumps({"sha256": sha256_of(temporary)}))
        except OSError as error:
            if error.errno in _DISK_FULL:
                raise self._disk_full(needed) from error
            raise self._unwritable(error) from error

    def _disk_full(self, needed: int) -> StudioError:
        free = shutil.disk_usage(self.folder).free
        return StudioError(
            f"the disk is full: the frame cache needs {needed / 1e6:.1f} MB, {free / 1e6:.1f} are free",
            where=self.folder,
            mend="Free some space, or do without the cache (data.frame_cache_gigabytes=0)",
        )

    def _unwritable(self, error: OSError) -> StudioError:
        return StudioError(
            f"the frame cache cannot be written ({error.strerror or error})",
            where=self.folder,
            mend="Free some space, or give the cache another folder",
        )

    def _make_room(self, needed: int, keep: set[str]) -> bool:
        """Delete what was used longest ago until `needed` bytes fit; false where `keep` alone is too much."""
        for path in self._unfinished():
            if time.time() - _mtime(path) > _ABANDONED_SECONDS:
                _remove(path)
        by_age = sorted(self._files(), key=_mtime)
        size = sum(_size(path) for path in by_age)
        for path in by_age:
            if size + needed <= self.limit_bytes:
                break
            if path.name not in keep:
                size -= _size(path)
                _remove(path)
        return size + needed <= self.limit_bytes

    def _files(self) -> list[Path]:
        return [path for path in self.folder.glob("*.npy") if not path.name.startswith(".")]

    def _unfinished(self) -> list[Path]:
        """Files that some process is writing, or left when it was killed."""
        return list(self.folder.glob(".*.npy"))


def _reserve(descriptor: int, size: int) -> None:
    """Have the disk set `size` bytes aside, so that a full one is known before anything is decoded."""
    allocate = getattr(os, "posix_fallocate", None)
    if allocate is None:  # Windows, macOS: the first write that does not fit says it
        return
    try:
        allocate(descriptor, 0, size)
    except OSError as error:
        if error.errno in _DISK_FULL:
            raise
        # The file system cannot set space aside.


def _write_frames(stream: BinaryIO, recording: Recording, tell: Callable[[int], None] | None) -> None:
    """Write the frames as NumPy stores an array.

    Written, never mapped: where the disk is full a write fails, but the touch of a mapped page without a
    block behind it kills the process.
    """
    header = {"descr": "|u1", "fortran_order": False, "shape": (len(recording), MODEL_SIDE, MODEL_SIDE, 3)}
    np.lib.format.write_array_header_1_0(stream, header)
    chunk = np.empty((_CHUNK, MODEL_SIDE, MODEL_SIDE, 3), np.uint8)
    for start in range(0, len(recording), _CHUNK):
        stop = min(start + _CHUNK, len(recording))
        part = chunk[: stop - start]
        recording.model_frames(start, stop, out=part)
        stream.write(part.data)
        if tell is not None:
            tell(stop - start)


def _key(recording: Recording) -> str:
    drawn = recording.pointer_ticks()
    digest = hashlib.sha256()
    digest.update(f"{_PIXELS_VERSION} {len(recording)} {recording.sidecar.crop}".encode())
    digest.update(sha256_of(recording.video_path).encode())
    digest.update(np.packbits(drawn).tobytes())
    if recording.ticks is not None:
        digest.update(recording.ticks.raw.pointer[: len(drawn)][drawn].tobytes())
    return digest.hexdigest()[:32]


def _bytes_for(recording: Recording) -> int:
    return len(recording) * FRAME_BYTES + _HEADER_BYTES


def _size(path: Path) -> int:
    """Bytes of a file, 0 where another process has just deleted it."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _mtime(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _note(path: Path) -> Path:
    return path.with_suffix(".json")


def _is_whole(path: Path) -> bool:
    try:
        expected = orjson.loads(_note(path).read_bytes())["sha256"]
        return path.is_file() and bool(sha256_of(path) == expected)
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        return False


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    _note(path).unlink(missing_ok=True)
