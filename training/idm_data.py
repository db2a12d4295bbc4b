"""What a run of the IDM stage learns from and is measured on: its recordings, ready to be cut into clips.

A recording that cannot be read is left out and the rest is used. Which are left out is decided once, before
the first step, and kept with the resume points: batches are drawn from all that teaches, so that one more or
fewer after a resume would make it another training.
"""

from __future__ import annotations

import dataclasses
import errno
import logging
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from training.camera_response import CameraResponse, measure_camera_response, measured_ticks
from training.clips import Footage, cache_of, open_footage
from training.configs import IdmConfig
from training.kept_apart import demand_apart
from training.runs import LeftOut, RunWriter
from vpt_studio.actions.tick_conversion import CONVERSIONS
from vpt_studio.errors import StudioError
from vpt_studio.project.references import open_recordings
from vpt_studio.recordings.recording import Recording

#: What the system, not the recording, is to blame for.
_SYSTEMS_FAULT = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC})

logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class IdmFootage:
    """What is learned from and what is held out.

    Attributes:
        teaching: The recordings learned from, without those left out.
        held_out: The recordings held out, without those left out.
        taught, unseen: The same, ready to be cut: their stretches without a seam.
        response: How the camera moves the picture; None where it is not needed or cannot be told.
        left_out: What cannot be read.
    """

    teaching: dict[str, Recording]
    held_out: dict[str, Recording]
    taught: list[Footage]
    unseen: list[Footage]
    response: CameraResponse | None
    left_out: tuple[LeftOut, ...]


def ready_footage(
    run: RunWriter, config: IdmConfig, opened: ExitStack, decided: Sequence[LeftOut] | None
) -> IdmFootage:
    """Ready what `config` names.

    Args:
        run: The run, which is told how far this is and what is left out.
        config: The run's settings.
        opened: Closes the recordings when the run ends.
        decided: What an earlier attempt left out, where the training goes on from it; all others must be
            there.

    Raises:
        StudioError: Nothing is left to learn from, one of what was used before cannot be read any more, or
            the same play is on both sides.
    """
    return _Preparation(run, config, opened, decided).ready()


class _Preparation:
    """Tells the run how far preparing is, in ticks; a stop that is asked for meanwhile ends it."""

    def __init__(
        self, run: RunWriter, config: IdmConfig, opened: ExitStack, decided: Sequence[LeftOut] | None
    ) -> None:
        self._run, self._config, self._opened = run, config, opened
        self._base = run.path.parents[1]
        self._is_decided = decided is not None
        self._left_out = {part.recording: part for part in decided or ()}
        self._total = self._done = 0

    def ready(self) -> IdmFootage:
        """All of it."""
        for decided in self._left_out.values():
            self._run.leave_out(decided)
        names = self._config.data
        recordings = {**self._open(names.recordings), **self._open(names.held_out)}
        for name, recording in recordings.items():
            try:
                with recording:
                    if recording.actions_path is None:
                        raise StudioError("it has no actions", where=recording.video_path)
                    self._total += len(recording)
            except StudioError as error:
                self._leave_out(name, error)
            self._tell(0)
        recordings = self._kept(recordings)
        # Again: files may have changed since the run was prepared.
        demand_apart(
            [recordings[name] for name in names.recordings if name in recordings],
            [recordings[name] for name in names.held_out if name in recordings],
        )
        return self._cut(recordings)

    def _cut(self, recordings: dict[str, Recording]) -> IdmFootage:
        config, began = self._config, time.monotonic()
        footage = self._footage(recordings)
        kept = self._kept(recordings)
        ready = dict(zip(kept, footage, strict=True))
        teaching, held_out = (
            {name: kept[name] for name in names if name in kept}
            for names in (config.data.recordings, config.data.held_out)
        )
        if not teaching:
            raise self._nothing_left()
        taught, unseen = (
            [piece for name in names for piece in ready[name].pieces()] for names in (teaching, held_out)
        )
        ticks = sum(map(len, footage))
        logger.info(
            "%d recordings to learn from, %d held out, %d ticks in all", len(teaching), len(held_out), ticks
        )
        self._run.event("data", recordings=len(teaching), held_out=len(held_out), ticks=ticks)
        logger.info("frames are ready after %.1f s", time.monotonic() - began)
        response = None
        if config.augmentation.panned_clips + config.augmentation.panned_stills > 0:
            self._total += measured_ticks(taught)
            response = measure_camera_response(taught, self._tell)
        return IdmFootage(teaching, held_out, taught, unseen, response, tuple(self._left_out.values()))

    def _footage(self, recordings: dict[str, Recording]) -> list[Footage]:
        names = list(recordings)
        return open_footage(
            list(recordings.values()),
            CONVERSIONS[self._config.data.conversion],
            cache_of(self._base / "cache" / "frames", self._config.data.frame_cache_gigabytes),
            draw_pointer=self._config.data.draw_pointer,
            tell=self._tell,
            unusable=lambda index, error: self._leave_out(names[index], error),
            decode_once=not self._is_decided,
        )

    def _open(self, names: Sequence[str]) -> dict[str, Recording]:
        wanted = [name for name in names if name not in self._left_out]
        try:
            opened = dict(zip(wanted, open_recordings(wanted, self._base), strict=True))
        except StudioError:  # one by one then, to learn which
            opened = {}
            for name in wanted:
                try:
                    opened[name] = open_recordings([name], self._base)[0]
                except StudioError as error:
                    self._leave_out(name, error)
        for recording in opened.values():
            # Closed also when training fails: writing that down takes files too.
            self._opened.enter_context(recording)
        return opened

    def _kept(self, recordings: dict[str, Recording]) -> dict[str, Recording]:
        return {name: part for name, part in recordings.items() if name not in self._left_out}

    def _leave_out(self, name: str, error: StudioError) -> None:
        if self._is_decided:
            raise StudioError(
                f"{name}, which this run has used until now, cannot be used any more: {error.what}",
                where=error.where,
                mend="Put back the file as it was and resume, or start a new run",
            ) from error
        if _is_systems_fault(error):
            raise error
        # Places in a project may lead through `..`, which nobody wants to read.
        file = str(Path(error.where).resolve()) if error.where and Path(error.where).is_absolute() else ""
        left_out = LeftOut(recording=name, file=file, what=error.what, mend=_mend(name, error))
        self._left_out[name] = left_out
        self._run.leave_out(left_out)

    def _nothing_left(self) -> StudioError:
        first = next(self._left_out[name] for name in self._config.data.recordings if name in self._left_out)
        return StudioError(
            f"none of the recordings to learn from can be used: {first.recording}: {first.what}",
            where=first.file or None,
            mend=first.mend,
        )

    def _tell(self, ticks: int) -> None:
        """`ticks` more are done."""
        self._done += ticks
        self._run.preparing(self._done, self._total)


def kept_with_resume_point(left_out: Sequence[LeftOut]) -> list[dict[str, str]]:
    """`left_out` as a resume point keeps it."""
    return [dataclasses.asdict(part) for part in left_out]


def from_resume_point(kept: Sequence[dict[str, str]]) -> list[LeftOut]:
    """What :func:`kept_with_resume_point` kept."""
    return [LeftOut(**part) for part in kept]


def _mend(name: str, error: StudioError) -> str:
    if error.where is not None and Path(error.where).is_file():
        return (
            f"Repair it (vpt-studio recordings repair {name} --out FOLDER), import that and start a new run"
        )
    return "Put the file back and start a new run"


def _is_systems_fault(error: BaseException) -> bool:
    """Whether no file at all could have been read: then nothing is to be concluded about this one."""
    link: BaseException | None = error
    while link is not None:
        if isinstance(link, MemoryError) or getattr(link, "errno", None) in _SYSTEMS_FAULT:
            return True
        link = link.__cause__ or link.__context__
    return False
