"""Evening out light: a dark wall shows as much as a bright meadow."""

from __future__ import annotations

import torch
from torch import Tensor

_CONTRAST = 0.2  # of the range from 0 to 1 for one standard deviation of a pixel's neighbourhood
_NOISE = 0.01  # brightness, about two levels: a spread below it is mostly coding noise, and stays small


def _band(side: int, window: int) -> Tensor:
    """Float [side, side]: its row r takes the mean over the `window` places around r that are inside."""
    places = torch.arange(side)
    near = ((places[:, None] - places[None, :]).abs() <= window // 2).float()
    return near / near.sum(dim=1, keepdim=True)


def evened_contrast(frames: Tensor, window: int) -> Tensor:
    """Every pixel relative to the mean and spread of the square around it; 0.5 is the mean.

    Not in the paper. In a dark tunnel a wall's texture spans a tenth of the range beside a bright hand and
    hot-bar, and small networks do not see it move.

    Args:
        frames: [B, T, H, W, C], uint8 levels or float in [0, 1].
        window: Side of the square in pixels, an odd number; 0 leaves the frames alone.

    Returns:
        Float [B, T, H, W, C] in [0, 1], or the given tensor for 0.
    """
    if not window:
        return frames
    unit = frames.float() / 255 if frames.dtype == torch.uint8 else frames
    pictures = unit.flatten(0, 1).permute(0, 3, 1, 2)

    # Means over a square as two products with a band matrix: on a CPU 20 times as fast as pooling.
    down, across = (_band(side, window).to(pictures) for side in pictures.shape[-2:])

    def around(values: Tensor) -> Tensor:
        return down @ values @ across.T

    apart = pictures - around(pictures)
    spread = around(apart.square().mean(dim=1, keepdim=True)).sqrt()
    evened = (0.5 + _CONTRAST * apart / (spread + _NOISE)).clamp(0, 1)
    return evened.permute(0, 2, 3, 1).reshape(frames.shape)
