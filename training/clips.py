"""Clips to learn from: short stretches of recordings with their actions, chosen at random but repeatably."""

from __future__ import annotations

import logging
import queue
import threading
from collections import Counter, deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from training.file_limit import open_files_allowed
from training.open_videos import OpenVideos
from vpt_studio.actions import BUTTONS, DEFAULT_CAMERA, Conversion
from vpt_studio.errors import StudioError
from vpt_studio.recordings.frame_cache import FrameCache
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.video import UnreadableVideoError

#: Buttons held in a smaller share of the ticks are not balanced: the same few would come again and again.
_RAREST_BALANCED_SHARE = 0.002
_TICKS_BETWEEN_WORDS = 256

logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class ClipBatch:
    """B clips of T ticks.

    Attributes:
        frames: uint8 [B, T, 128, 128, 3] RGB.
        buttons: uint8 [B, T, 20], 0 or 1.
        degrees: float64 [B, T, 2], camera pitch and yaw.
        buttons_known: bool [B, T]; where false, the buttons teach nothing.
        camera_known: bool [B, T]; the same of the camera.
        screen_open: bool [B, T]; there the mouse moves the pointer, not the picture.
    """

    frames: npt.NDArray[np.uint8]
    buttons: npt.NDArray[np.uint8]
    degrees: npt.NDArray[np.float64]
    buttons_known: npt.NDArray[np.bool_]
    camera_known: npt.NDArray[np.bool_]
    screen_open: npt.NDArray[np.bool_]

    @property
    def camera(self) -> npt.NDArray[np.int64]:
        """int64 [B, T, 2], pitch and yaw bins."""
        return DEFAULT_CAMERA.encode(self.degrees)


@dataclass(frozen=True, eq=False)
class Footage:
    """One recording, ready to be cut into clips.

    Attributes:
        name: The recording's name.
        frames: Gives the frames of a span of ticks, uint8 [n, 128, 128, 3].
        buttons, degrees, screen_open: As in :class:`ClipBatch`, without the batch axis.
        known: bool [N]; where false, the tick's action is unknown.
        seams: int64 [n]: ticks that did not follow on the one before.
    """

    name: str
    frames: Callable[[int, int], npt.NDArray[np.uint8]]
    buttons: npt.NDArray[np.uint8]
    degrees: npt.NDArray[np.float64]
    screen_open: npt.NDArray[np.bool_]
    known: npt.NDArray[np.bool_]
    seams: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def __len__(self) -> int:
        return len(self.known)

    def pieces(self) -> list[Footage]:
        """Its stretches without a seam: nothing can be learned of what happened while nobody recorded."""
        ends = [0, *(tick for tick in self.seams.tolist() if 0 < tick < len(self)), len(self)]
        return [self._piece(start, stop) for start, stop in pairwise(ends)]

    def _piece(self, start: int, stop: int) -> Footage:
        span = slice(start, stop)
        return Footage(
            self.name,
            lambda first, last: self.frames(start + first, start + last),
            self.buttons[span],
            self.degrees[span],
            self.screen_open[span],
            self.known[span],
        )


def open_footage(
    recordings: Sequence[Recording],
    conversion: Conversion,
    cache: FrameCache | None,
    *,
    draw_pointer: bool = True,
    tell: Callable[[int], None] | None = None,
    unusable: Callable[[int, UnreadableVideoError], None] | None = None,
    decode_once: bool = False,
) -> list[Footage]:
    """Ready `recordings` for cutting: through the frame cache where they fit, else straight from video.

    The videos are closed again; of those that clips are decoded from, the last few are kept open.

    Args:
        recordings: What to cut.
        conversion: How raw input becomes actions.
        cache: Where decoded frames are kept; None decodes every clip anew.
        draw_pointer: Whether models see the pointer.
        tell: Called with the number of ticks that have just become ready. What it raises ends the work.
        unusable: Called with the index of a recording that cannot be decoded, and why; that one is then not
            in the answer. Without it, such a recording ends the work.
        decode_once: Also decode once what no cache holds, so that damage is known from the start.

    Raises:
        StudioError: A recording has no actions, or cannot be decoded.
    """
    for recording in recordings:
        with recording:  # its length is known from here on, with the video closed
            len(recording)
    cached = _cache_that_serves(cache, recordings, draw_pointer)
    videos = OpenVideos()
    footage = []
    for index, recording in enumerate(recordings):
        converted = recording.converted(conversion)
        frames: Callable[[int, int], npt.NDArray[np.uint8]]
        try:
            if cached is not None:
                with recording:
                    frames = _Stored(cached.frames(recording, tell))
            else:
                frames = _Decoded(recording, draw_pointer, videos)
                _look_through(recording, tell, decode=decode_once)
        except UnreadableVideoError as error:
            if unusable is None:
                raise
            unusable(index, error)
            continue
        footage.append(
            Footage(
                name=recording.name,
                frames=frames,
                buttons=converted.actions.policy_buttons,
                degrees=converted.actions.camera,
                screen_open=recording.screen_open,
                known=recording.known,
                seams=recording.seams,
            )
        )
    return footage


def _look_through(recording: Recording, tell: Callable[[int], None] | None, *, decode: bool) -> None:
    """Tell the ticks of `recording`; on the way find what cannot be decoded, where that is wished."""
    ticks = len(recording)
    with recording:
        for start in range(0, ticks, _TICKS_BETWEEN_WORDS):
            stop = min(start + _TICKS_BETWEEN_WORDS, ticks)
            if decode:
                first, last = recording.frame_of_tick[[start, stop - 1]].tolist()
                deque(recording.video.decoded(first, last + 1), maxlen=0)
            if tell is not None:
                tell(stop - start)


def _cache_that_serves(
    cache: FrameCache | None, recordings: Sequence[Recording], draw_pointer: bool
) -> FrameCache | None:
    """`cache` where it can hold what is to be seen; says why where it cannot."""
    if cache is None:
        return None
    if not draw_pointer:
        logger.warning("the frame cache holds frames with the pointer: clips are decoded each time anew")
        return None
    if not cache.fits(list(recordings)):
        logger.warning("the frame cache is too small for these recordings: clips are decoded each time anew")
        return None
    # A mapped file counts as an open one for as long as it is mapped.
    if len(recordings) > open_files_allowed() / 2:
        logger.warning(
            "there are more recordings than half of the %d files that may be open, so the frame cache is not"
            " used: clips are decoded each time anew", open_files_allowed())  # fmt: skip
        return None
    return cache


@dataclass(frozen=True, eq=False)
class _Stored:
    frames: npt.NDArray[np.uint8]

    def __call__(self, start: int, stop: int) -> npt.NDArray[np.uint8]:
        return self.frames[start:stop]


@dataclass(frozen=True, eq=False)
class _Decoded:
    recording: Recording
    draw_pointer: bool
    videos: OpenVideos

    def __call__(self, start: int, stop: int) -> npt.NDArray[np.uint8]:
        with self.videos.lent(self.recording) as recording:
            return recording.model_frames(start, stop, pointer=self.draw_pointer)


class ClipSampler:
    """Draws batches of clips; batch number k is the same whenever and wherever it is drawn.

    Every start at which a whole clip fits is as likely as any other, whatever the recording's length; but
    `balanced_share` of the clips are drawn by a button instead, each button as likely as any other, and
    then by one of the ticks in which it is held. With minutes of play most buttons are held in one tick of
    fifty or fewer, and a model that sees them so rarely never answers that they are held.
    """

    def __init__(
        self,
        footage: Sequence[Footage],
        clip_ticks: int,
        batch_clips: int,
        seed: int,
        *,
        edge_ticks: int = 0,
        balanced_share: float = 0.0,
    ) -> None:
        """Sample from `footage`; `edge_ticks` at both ends of a clip are shown but teach nothing.

        Raises:
            StudioError: No recording is as long as a clip.
        """
        self.footage = [part for part in footage if len(part) >= clip_ticks]
        short = Counter[str]()
        for part in footage:
            if len(part) < clip_ticks:
                short[part.name] += len(part)
        for name, ticks in short.items():
            logger.warning(
                "%s: %d ticks lie in stretches shorter than a clip of %d and are left out",
                name,
                ticks,
                clip_ticks,
            )
        if not self.footage:
            raise StudioError(
                f"no recording has a stretch as long as a clip of {clip_ticks} ticks",
                mend="Choose shorter clips, or recordings that are longer or have fewer gaps",
            )
        self.clip_ticks = clip_ticks
        self.batch_clips = batch_clips
        self.edge_ticks = edge_ticks
        self.seed = seed
        self._ends = np.cumsum([len(part) - clip_ticks + 1 for part in self.footage])
        self._balanced_share = balanced_share
        self._held = self._ticks_by_button() if balanced_share else []

    def batch(self, number: int) -> ClipBatch:
        """Batch `number`."""
        rng = np.random.default_rng([self.seed, number])
        draws = rng.integers(0, self._ends[-1], self.batch_clips)
        if self._held:
            draws = np.where(rng.random(self.batch_clips) < self._balanced_share, self._balanced(rng), draws)
        clips = [self._clip(int(draw)) for draw in draws]
        frames, buttons, degrees, known, screen_open = (np.stack(parts) for parts in zip(*clips, strict=True))
        inner = np.zeros(self.clip_ticks, bool)
        inner[self.edge_ticks : self.clip_ticks - self.edge_ticks] = True
        known &= inner
        return ClipBatch(frames, buttons, degrees, known, known.copy(), screen_open)

    def _ticks_by_button(self) -> list[npt.NDArray[np.int64]]:
        """For each button that is not too rare: recording and tick, int64 [n, 2], of where it is held."""
        held: list[list[tuple[int, int]]] = [[] for _ in BUTTONS]
        for index, part in enumerate(self.footage):
            for tick, button in np.argwhere((part.buttons > 0) & part.known[:, None]):
                held[button].append((index, int(tick)))
        total = sum(len(part) for part in self.footage)
        return [np.array(ticks) for ticks in held if len(ticks) >= _RAREST_BALANCED_SHARE * total]

    def _balanced(self, rng: np.random.Generator) -> npt.NDArray[np.int64]:
        """Starts, one per clip of a batch, such that a drawn button is held in a tick that teaches."""
        starts = np.empty(self.batch_clips, np.int64)
        for clip, button in enumerate(rng.integers(0, len(self._held), self.batch_clips)):
            ticks = self._held[button]
            index, tick = ticks[rng.integers(len(ticks))]
            before = rng.integers(self.edge_ticks, self.clip_ticks - self.edge_ticks)
            first = int(self._ends[index - 1]) if index else 0
            last = int(self._ends[index]) - 1 - first
            starts[clip] = first + min(max(int(tick) - int(before), 0), last)
        return starts

    def _clip(self, draw: int) -> tuple[npt.NDArray[Any], ...]:
        index = int(np.searchsorted(self._ends, draw, side="right"))
        part = self.footage[index]
        start = draw - (int(self._ends[index - 1]) if index else 0)
        span = slice(start, start + self.clip_ticks)
        return (
            part.frames(span.start, span.stop),
            part.buttons[span],
            part.degrees[span],
            part.known[span],
            part.screen_open[span],
        )


def prefetched(
    make: Callable[[int], ClipBatch], first: int, *, ahead: int = 3
) -> Generator[ClipBatch, None, None]:
    """Batches `first`, `first` + 1, ... without end, made in a thread while the caller computes."""
    ready: queue.Queue[ClipBatch | BaseException] = queue.Queue(ahead)
    ended = threading.Event()

    def work() -> None:
        number = first
        while not ended.is_set():
            try:
                made: ClipBatch | BaseException = make(number)
            except BaseException as error:
                made = error
            while not ended.is_set():
                try:
                    ready.put(made, timeout=0.2)
                    break
                except queue.Full:
                    continue
            if isinstance(made, BaseException):
                return
            number += 1

    worker = threading.Thread(target=work, name="clips", daemon=True)
    worker.start()
    try:
        while True:
            made = ready.get()
            if isinstance(made, BaseException):
                raise made
            yield made
    finally:
        ended.set()
        worker.join()


def cache_of(folder: Path, gigabytes: float) -> FrameCache | None:
    """The frame cache in `folder`, None where it may take no room."""
    return FrameCache(folder, int(gigabytes * 1e9)) if gigabytes > 0 else None
