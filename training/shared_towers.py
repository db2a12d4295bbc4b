"""What an inverse dynamics model's image tower sees in overlapping windows of a video, each frame once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vpt_studio.models.inverse_dynamics import InverseDynamicsModel

#: Gives what models see at ticks start to stop (exclusive): uint8 [n, 128, 128, 3] RGB.
FrameSource = Callable[[int, int], npt.NDArray[np.uint8]]

#: A frame as a window shows it: its number, and the first and last of the frames around it that are in the
#: window.
_View = tuple[int, int, int]


class SharedTowers:
    """Runs the image tower over windows of a video, once for all windows that show a frame alike.

    What the tower makes of a frame depends on the frames around it that the convolution over time sees, and
    on nothing else of the window. Inside overlapping windows these are the same; at a window's ends there are
    frames of zeros beyond, so the two frames at either end (for 5 taps) are computed for that window alone.
    Of a window of 128 frames every 64, that makes 68 towers instead of 128. Results are those of plain
    windows.

    Frames are asked for once and in order, so that a video is read straight through; memory is bounded by the
    span of the windows in one call.

    Args:
        model: The model.
        frames: Gives the frames of any span of ticks.
        frames_per_slice: Frames that pass the tower at once; ``None`` means as many as are quick.
    """

    def __init__(
        self, model: InverseDynamicsModel, frames: FrameSource, frames_per_slice: int | None = None
    ) -> None:
        self._net = model.net
        self._frames = frames
        self._slice = frames_per_slice or model.net.img_process.frames_at_once
        self._reach = model.net.conv3d_layer.taps // 2
        self._device = model.net.final_ln.weight.device
        size = model.network.image_size
        self._beyond = self._net.pixels(torch.zeros(1, size, size, 3, dtype=torch.uint8, device=self._device))
        self._pixels = self._beyond[:0]  # of the frames from number `_begin` on
        self._begin = 0
        self._seen = model.net.final_ln.weight.new_zeros(0, model.network.hidden_size)
        self._row_of: dict[_View, int] = {}

    def embedded(self, windows: Sequence[tuple[int, int]], tell: Callable[[float], None]) -> Tensor:
        """What the tower sees in neighbouring windows of one length, in the order of the video.

        Args:
            windows: First tick of each, and the one behind its last.
            tell: Called after each slice with the share of this call's work that is done, up to 1.

        Returns:
            Float [windows, T, hidden_size].
        """
        first, last = windows[0][0], windows[-1][1]
        self._read_on(first, last)
        self._forget_before(first)
        views = [view for start, stop in windows for view in self._views(start, stop)]
        fresh = [view for view in dict.fromkeys(views) if view not in self._row_of]
        pixels = torch.cat([self._pixels, self._beyond])
        neighbours = torch.tensor([self._neighbours(view) for view in fresh], device=self._device)
        computed, done = [self._seen], 0
        for part in torch.split(neighbours, self._slice):
            computed.append(self._net.embedded(pixels, part, self._slice))
            done += len(part)
            tell(done / len(fresh))
        self._row_of.update({view: row for row, view in enumerate(fresh, len(self._seen))})
        self._seen = torch.cat(computed)
        rows = torch.tensor([self._row_of[view] for view in views], device=self._device)
        return self._seen[rows].view(len(windows), -1, self._seen.shape[1])

    def _views(self, start: int, stop: int) -> list[_View]:
        reach = self._reach
        return [(tick, max(start, tick - reach), min(stop - 1, tick + reach)) for tick in range(start, stop)]

    def _neighbours(self, view: _View) -> list[int]:
        """Where in the pixels each tap finds its frame; the frame of zeros stands behind all others."""
        tick, earliest, latest = view
        around = range(tick - self._reach, tick + self._reach + 1)
        return [other - self._begin if earliest <= other <= latest else len(self._pixels) for other in around]

    def _read_on(self, first: int, last: int) -> None:
        """Hold the frames `first` to `last` (exclusive), of which earlier calls may have read some."""
        given = self._frames(self._begin + len(self._pixels), last)
        fresh = torch.from_numpy(np.array(given)).to(self._device)  # a copy: sources may give read-only maps
        kept = self._pixels[first - self._begin :]
        self._pixels = torch.cat(
            [kept, *(self._net.pixels(part) for part in torch.split(fresh, self._slice))]
        )
        self._begin = first

    def _forget_before(self, first: int) -> None:
        """Drop what was computed of frames that no window shows any more."""
        kept = {view: row for view, row in self._row_of.items() if view[0] >= first}
        self._seen = self._seen[torch.tensor(list(kept.values()), dtype=torch.long, device=self._device)]
        self._row_of = {view: row for row, view in enumerate(kept)}
