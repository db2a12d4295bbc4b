"""Predicting a whole video with an inverse dynamics model, window by window.

Protocol of the paper (section 4.1 and appendix D): windows of 128 ticks every 64; of each only the
middle half is kept, so that every prediction has seen its past and its future; at a video's ends
the windows there are kept up to the edge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
import numpy.typing as npt
import torch

from training.shared_towers import FrameSource, SharedTowers
from vpt_studio.actions import Actions
from vpt_studio.models.checkpoints import Checkpoint

WINDOW = 128
#: Frames in one call of the transformer; short windows go together.
_FRAMES_TOGETHER = 256


@dataclass(frozen=True)
class Window:
    """Ticks `start` to `stop` go in together; predictions `keep_from` to `keep_to` are kept (half-open)."""

    start: int
    stop: int
    keep_from: int
    keep_to: int


def plan_windows(ticks: int, window: int = WINDOW) -> list[Window]:
    """Windows over a video of `ticks` ticks, such that every tick is kept exactly once.

    Raises:
        ValueError: The window is not a multiple of 4, so that it has no middle half.
    """
    if window <= 0 or window % 4:
        raise ValueError("a window must be a positive multiple of 4 ticks")
    if ticks <= window:
        return [Window(0, ticks, 0, ticks)] if ticks else []
    starts = list(range(0, ticks - window + 1, window // 2))
    if starts[-1] + window < ticks:
        starts.append(ticks - window)
    windows: list[Window] = []
    kept = 0
    for start in starts:
        last = start == starts[-1]
        keep_to = ticks if last else start + window * 3 // 4
        windows.append(Window(start, start + window, kept, keep_to))
        kept = keep_to
    return windows


@dataclass(frozen=True, eq=False)
class Predictions:
    """What an inverse dynamics model thinks was done in each of N ticks.

    Attributes:
        actions: The likeliest value of every button and camera axis; angles are bin centres.
        held: float32 [N, 20]: probability that each button is held.
        camera: float32 [N, 2, bins]: probability of each bin, pitch and yaw.
        mean_camera: float64 [N, 2]: mean of the bins' centres in degrees, pitch and yaw.
    """

    actions: Actions
    held: npt.NDArray[np.float32]
    camera: npt.NDArray[np.float32]
    mean_camera: npt.NDArray[np.float64]

    @property
    def confidence(self) -> npt.NDArray[np.float32]:
        """float32 [N]: probability of the whole predicted action (heads are independent)."""
        sure = np.maximum(self.held, 1 - self.held).prod(axis=1) * self.camera.max(axis=2).prod(axis=1)
        return sure.astype(np.float32)


def _groups(windows: list[Window]) -> Iterator[list[Window]]:
    """Neighbouring windows of one length, as many as go through the model together."""
    for length, alike in groupby(windows, lambda one: one.stop - one.start):
        of_that_length = list(alike)
        together = max(1, _FRAMES_TOGETHER // length)
        for index in range(0, len(of_that_length), together):
            yield of_that_length[index : index + together]


@torch.inference_mode()
def predict(
    checkpoint: Checkpoint,
    frames: FrameSource,
    ticks: int,
    *,
    seams: Iterable[int] = (),
    window: int | None = None,
    frames_per_slice: int | None = None,
    tell: Callable[[int], None] | None = None,
) -> Predictions:
    """Predict the actions of a video of `ticks` ticks, on the device of the model's weights.

    Each frame passes the image tower once, though it lies in two windows: see :class:`SharedTowers`. Beside
    the predictions (168 bytes a tick) memory does not grow with the video.

    Args:
        checkpoint: The model with its camera bins.
        frames: Gives the frames of any span of ticks.
        ticks: Number of ticks.
        seams: Ticks that did not follow on the one before: no window reaches across one.
        window: Length of a window; the length the model was trained on by default.
        frames_per_slice: Frames that pass the image tower at once, for less memory or another machine's
            caches; changes no result.
        tell: Called often, with the number of ticks by which the work has got on; they add up to `ticks`.
            What it raises ends the work.
    """
    model, bins = checkpoint.model.eval(), checkpoint.camera.bins
    held = np.zeros((ticks, 20), np.float32)
    camera = np.zeros((ticks, 2, bins), np.float32)
    towers = SharedTowers(model, frames, frames_per_slice)
    progress = _Progress(tell)
    for group in _groups(_between_seams(ticks, seams, window or model.network.timesteps)):
        progress.begin(group[0].keep_from, group[-1].keep_to)
        embedded = towers.embedded([(part.start, part.stop) for part in group], progress.share_done)
        seen = model.read(model.net.latent(embedded))
        for index, part in enumerate(group):
            kept = slice(part.keep_from - part.start, part.keep_to - part.start)
            held[part.keep_from : part.keep_to] = seen.buttons[index, kept, :, 1].exp().cpu().numpy()
            camera[part.keep_from : part.keep_to] = seen.camera[index, kept].exp().cpu().numpy()
    actions = Actions.null(ticks)
    actions.buttons[:, :20] = held > 0.5
    actions.camera[:] = checkpoint.camera.decode(camera.argmax(axis=2))
    centres = checkpoint.camera.decode(np.arange(bins))
    return Predictions(actions, held, camera, camera.astype(np.float64) @ centres)


def _between_seams(ticks: int, seams: Iterable[int], window: int) -> list[Window]:
    """Windows over each stretch of a video, one stretch after another."""
    edges = [0, *(tick for tick in sorted(seams) if 0 < tick < ticks), ticks]
    return [
        Window(begin + part.start, begin + part.stop, begin + part.keep_from, begin + part.keep_to)
        for begin, end in pairwise(edges)
        for part in plan_windows(end - begin, window)
    ]


class _Progress:
    """Tells of shares of the work as whole ticks that add up."""

    def __init__(self, tell: Callable[[int], None] | None) -> None:
        self._tell = tell
        self._told = 0
        self._first = self._last = 0

    def begin(self, first: int, last: int) -> None:
        """The ticks `first` to `last` (exclusive) are next."""
        self._first, self._last = first, last

    def share_done(self, share: float) -> None:
        """That share of them is done, up to 1."""
        reached = self._first + int(share * (self._last - self._first))
        if self._tell is not None:
            self._tell(reached - self._told)
        self._told = reached
