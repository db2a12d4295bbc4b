"""Clips of the scripted player in the moving scene, as recordings in the contractor format."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from pathlib import Path

import cv2

from training.demo.frame import HEIGHT, WIDTH, Picture
from training.demo.moving_scene import MovingScene
from training.demo.scripted_player import scripted_ticks
from vpt_studio.actions import RawTicks
from vpt_studio.atomic_files import already_there, created, make_folder
from vpt_studio.errors import StudioError
from vpt_studio.recordings.files import RecordingFiles
from vpt_studio.recordings.recording import TICK_RATE
from vpt_studio.recordings.sidecar import Sidecar, read_sidecar, write_sidecar
from vpt_studio.recordings.source import Source
from vpt_studio.recordings.tick_writing import tick_lines
from vpt_studio.recordings.video_writer import VideoWriter

#: To be raised when the same seed gives another clip, so that older ones are not taken for it.
SCENE_VERSION = 1
_ENVIRONMENT = "moving scene"
_SEEDS_PER_SET = 1000  # sets of clips with neighbouring seeds share no clip
_MADE_BY = "vpt-studio demo"


@dataclass(frozen=True)
class _Clip:
    """A clip to be made: where, of how many ticks, from which seed."""

    folder: Path
    seed: int
    ticks: int

    @property
    def files(self) -> RecordingFiles:
        return RecordingFiles(self.folder, f"scene-{self.seed:06d}-{self.ticks}-ticks")

    @property
    def video(self) -> Path:
        return self.folder / f"{self.files.stem}.mp4"

    @property
    def sidecar(self) -> Sidecar:
        return Sidecar(
            source=Source.SCRIPT,
            environment=_ENVIRONMENT,
            seed=self.seed,
            made_by=_MADE_BY,
            notes={"ticks": self.ticks, "scene_version": SCENE_VERSION},
        )


def make_clips(
    out: Path,
    *,
    count: int = 3,
    seconds: float = 60.0,
    seed: int = 0,
    tell: Callable[[int], None] | None = None,
    workers: int | None = None,
) -> list[Path]:
    """Make `count` clips, each of another seed, or find them made.

    The same arguments give the same input and the same pictures, whatever `workers` is. Files that are there
    are never overwritten: complete clips of the same seed and length are taken as they are.

    Args:
        out: Folder for the clips; made where it is missing.
        count: Number of clips, at most 1000.
        seconds: Length of each.
        seed: Start of every random choice, 0 or more.
        tell: Called from time to time with how many frames were finished since it was called last.
        workers: Processes side by side; None for two where there are two processors and two clips to make.
            More than one needs a main module that can be imported.

    Returns:
        The videos.

    Raises:
        StudioError: A file of another kind has a clip's name, or the disk refuses.
    """
    ticks = round(seconds * TICK_RATE)
    if not 1 <= count <= _SEEDS_PER_SET or ticks < 1 or seed < 0:
        raise ValueError(f"count must be 1 to {_SEEDS_PER_SET}, seconds at least a tick, seed not negative")
    make_folder(out)
    clips = [_Clip(out, seed * _SEEDS_PER_SET + number, ticks) for number in range(count)]
    missing = [clip for clip in clips if not _is_there(clip)]
    report = tell if tell is not None else _tell_nobody
    if len(missing) < count:
        report((count - len(missing)) * ticks)
    if workers is None:
        workers = min(2, os.cpu_count() or 1)
    if min(workers, len(missing)) < 2:
        for clip in missing:
            with closing(_finished_frames(clip)) as frames:
                for _ in frames:
                    report(1)
    else:
        _make_side_by_side(missing, workers, report)
    return [clip.video for clip in clips]


def rendered(raw: RawTicks, seed: int) -> Iterator[Picture]:
    """The frame of each tick, uint8 [360, 640, 3] RGB: what was on screen when the tick began."""
    scene = MovingScene(seed)
    for tick in range(len(raw)):
        yield scene.render()
        scene.step(raw.held[tick], raw.motion[tick], int(raw.hotbar[tick]))


def _finished_frames(clip: _Clip) -> Generator[int, None, None]:
    """Write `clip`, the video last, counting its frames as they are finished."""
    raw = scripted_ticks(clip.ticks, clip.seed)
    _write_once(clip.files.actions, b"".join(tick_lines(raw)))
    if read_sidecar(clip.files.sidecar) != clip.sidecar:
        if clip.files.sidecar.exists():
            raise already_there(clip.files.sidecar)
        write_sidecar(clip.files.sidecar, clip.sidecar)
    with (
        created(clip.video) as path,
        VideoWriter(path, WIDTH, HEIGHT, rate=TICK_RATE, quality=22, preset="superfast") as video,
    ):
        for number, frame in enumerate(rendered(raw, clip.seed)):
            video.write(frame)
            yield number


def _write_once(path: Path, content: bytes) -> None:
    """Write `content`, or leave the file as it is if an interrupted run wrote the same."""
    if path.is_file() and path.read_bytes() == content:
        return
    with created(path) as temporary:
        temporary.write_bytes(content)


def _is_there(clip: _Clip) -> bool:
    """Whether `clip` is complete on disk.

    Raises:
        StudioError: Something else has its name.
    """
    if not clip.video.exists():
        return False
    lines = clip.files.actions
    if read_sidecar(clip.files.sidecar) == clip.sidecar and lines.is_file():
        with lines.open("rb") as stream:
            if sum(1 for _ in stream) == clip.ticks:
                return True
    raise already_there(clip.video)


def _tell_nobody(_frames: int) -> None:
    pass


# What the processes share, set once in each by `_share`.
_done: Synchronized[int] | None = None
_stop: Event | None = None


def _share(done: Synchronized[int], stop: Event) -> None:
    global _done, _stop
    _done, _stop = done, stop
    cv2.setNumThreads(1)  # the processes share the processors already


def _make_in_process(clip: _Clip) -> None:
    assert _done is not None
    assert _stop is not None
    with closing(_finished_frames(clip)) as frames:
        for _ in frames:
            with _done.get_lock():
                _done.value += 1
            if _stop.is_set():
                return


def _make_side_by_side(clips: list[_Clip], workers: int, report: Callable[[int], None]) -> None:
    # A forked process could inherit locks that other threads hold; a spawned one is the same everywhere.
    context = multiprocessing.get_context("spawn")
    done, stop = context.Value("q", 0), context.Event()
    told = 0
    with ProcessPoolExecutor(
        min(workers, len(clips)), mp_context=context, initializer=_share, initargs=(done, stop)
    ) as pool:
        running = [pool.submit(_make_in_process, clip) for clip in clips]
        try:
            pending = set(running)
            while pending:
                _, pending = wait(pending, timeout=0.2, return_when=FIRST_EXCEPTION)
                now = done.value
                if now > told:
                    report(now - told)
                    told = now
                for future in set(running) - pending:
                    future.result()
        except BrokenProcessPool as error:
            raise StudioError(
                "a process that made clips ended early",
                where=clips[0].folder,
                mend="Try again with less running beside it; finished clips are kept",
            ) from error
        except BaseException:
            stop.set()  # the clips under way end with their next frame
            pool.shutdown(wait=False, cancel_futures=True)
            raise
