"""Which recordings show the same play, so that what is held out is never learned from under another name.

Names say little: one recording may be meant by its path, by its id, as a copy, by a link, or as labels that
refer to the same video; and what was cut out of a damaged recording shows a part of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import TypeVar

from vpt_studio.atomic_files import sha256_of
from vpt_studio.errors import StudioError
from vpt_studio.recordings.recording import Recording

T = TypeVar("T")


def group_by_play(recordings: Sequence[Recording]) -> list[int]:
    """A number for each of `recordings`; those that show the same play get the same.

    The same play is the same video file, a video with the same content, and what was repaired from one
    original, together with that original.

    Raises:
        StudioError: A video cannot be read.
    """
    leaders = list(range(len(recordings)))

    def leader(index: int) -> int:
        while leaders[index] != index:
            leaders[index] = leaders[leaders[index]]
            index = leaders[index]
        return index

    for alike in _alike(recordings):
        first = min(leader(index) for index in alike)
        for index in alike:
            leaders[leader(index)] = first
    return [leader(index) for index in range(len(recordings))]


def demand_apart(teaching: Sequence[Recording], held_out: Sequence[Recording]) -> None:
    """Make sure that nothing of what `held_out` shows is learned from.

    Raises:
        StudioError: A recording of each shows the same play.
    """
    groups = group_by_play([*teaching, *held_out])
    taught = dict(zip(groups, teaching, strict=False))
    for group, recording in zip(groups[len(teaching) :], held_out, strict=True):
        if group in taught:
            raise StudioError(
                f"it is held out, but {taught[group].video_path.name}, which is to be learned from, shows"
                " the same play",
                where=recording.video_path,
                mend="Take one of the two out of data.recordings or data.held_out",
            )


def _alike(recordings: Sequence[Recording]) -> list[list[int]]:
    """Indices of recordings that belong together for one reason, reason by reason."""
    by_reason: dict[Hashable, list[int]] = defaultdict(list)
    by_size: dict[int, list[int]] = defaultdict(list)
    by_name: dict[str, list[int]] = defaultdict(list)
    for index, recording in enumerate(recordings):
        place = recording.video_path.resolve()
        if place not in by_reason:  # hashing one file once is enough
            by_size[_read(place, lambda path: path.stat().st_size)].append(index)
        by_reason[place].append(index)
        by_name[recording.video_path.name.casefold()].append(index)
    # Hashing reads whole videos; only files of one length can have one content.
    for candidates in by_size.values():
        if len(candidates) > 1:
            for index in candidates:
                by_reason[_read(recordings[index].video_path, sha256_of)].append(index)
    for index, recording in enumerate(recordings):
        original = recording.sidecar.notes.get("repaired_from")
        if isinstance(original, str) and original:
            reason = ("repaired from", original.casefold())
            # An original counts only once there is a piece of it: cameras call everything 0001.mp4.
            if reason not in by_reason:
                by_reason[reason].extend(by_name[original.casefold()])
            by_reason[reason].append(index)
    return list(by_reason.values())


def _read(path: Path, how: Callable[[Path], T]) -> T:
    try:
        return how(path)
    except OSError as error:
        raise StudioError(
            f"the video cannot be read ({(error.strerror or str(error)).lower()})",
            where=path,
            mend="Put it back, or leave the recording out",
        ) from error
