"""Predicting a whole video with an inverse dynamics model, window by window.

Protocol of the paper (section 4.1 and appendix D): windows of 128 ticks every 64; of each only the
middle half is kept, so that every prediction has seen its past and its future; at a video's ends
the windows there are kept up to the edge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from vpt_studio.actions import Actions
from vpt_studio.models.checkpoints import Checkpoint

WINDOW = 128
#: Frames in one call of the model; short windows go together, so that their overlap is decoded once.
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


#: Gives what models see at ticks start to stop (exclusive): uint8 [n, 128, 128, 3] RGB.
FrameSource = Callable[[int, int], npt.NDArray[np.uint8]]


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
    together = max(1, _FRAMES_TOGETHER // max(windows[0].stop - windows[0].start, 1)) if windows else 1
    for index in range(0, len(windows), together):
        yield windows[index : index + together]


def _with_frames(
    groups: Iterable[list[Window]], frames: FrameSource
) -> Iterator[tuple[list[Window], npt.NDArray[np.uint8]]]:
    """Each group with its windows' frames, uint8 [windows, T, 128, 128, 3]; every frame is asked for once.

    Frames are asked for in order, so that a video is read straight through.
    """
    span = np.empty((0, 0))
    begin = 0
    for group in groups:
        first, last = group[0].start, group[-1].stop
        fresh = frames(begin + len(span), last)
        span = np.concatenate([span[first - begin :], fresh]) if len(span) else np.array(fresh)
        begin = first
        yield group, np.stack([span[part.start - first : part.stop - first] for part in group])


@torch.inference_mode()
def predict(
    checkpoint: Checkpoint,
    frames: FrameSource,
    ticks: int,
    *,
    window: int | None = None,
    frames_per_slice: int = 32,
    tell: Callable[[int], None] | None = None,
) -> Predictions:
    """Predict the actions of a video of `ticks` ticks.

    Args:
        checkpoint: The model with its camera bins.
        frames: Gives the frames of any span of ticks.
        ticks: Number of ticks.
        window: Length of a window; the length the model was trained on by default.
        frames_per_slice: Frames that pass the image tower at once; bounds memory, changes no result.
        tell: Called with the number of ticks that have just been predicted.
    """
    bins = checkpoint.camera.bins
    held = np.zeros((ticks, 20), np.float32)
    camera = np.zeros((ticks, 2, bins), np.float32)
    checkpoint.model.eval()
    groups = _groups(plan_windows(ticks, window or checkpoint.model.network.timesteps))
    for group, clips in _with_frames(groups, frames):
        seen = checkpoint.model(torch.from_numpy(clips), frames_per_slice)
        for index, part in enumerate(group):
            kept = slice(part.keep_from - part.start, part.keep_to - part.start)
            held[part.keep_from : part.keep_to] = seen.buttons[index, kept, :, 1].exp().numpy()
            camera[part.keep_from : part.keep_to] = seen.camera[index, kept].exp().numpy()
        if tell is not None:
            tell(group[-1].keep_to - group[0].keep_from)
    actions = Actions.null(ticks)
    actions.buttons[:, :20] = held > 0.5
    actions.camera[:] = checkpoint.camera.decode(camera.argmax(axis=2))
    centres = checkpoint.camera.decode(np.arange(bins))
    return Predictions(actions, held, camera, camera.astype(np.float64) @ centres)
