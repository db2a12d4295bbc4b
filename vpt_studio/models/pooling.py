"""Averaging pixels before a small network looks at them."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor


def pooled(frames: Tensor, side: int) -> Tensor:
    """Average squares of pixels. Not in the paper: released networks see every pixel.

    Args:
        frames: [..., H, W, C]; uint8 levels 0..255, or float in [0, 1].
        side: Side of the squares, a divisor of H and W; 1 leaves the frames alone.

    Returns:
        Float [..., H / side, W / side, C] in [0, 1], or the given tensor for 1.
    """
    if side == 1:
        return frames
    unit = frames.float() / 255 if frames.dtype == torch.uint8 else frames
    pictures = functional.avg_pool2d(unit.flatten(0, -4).permute(0, 3, 1, 2), side)
    return pictures.permute(0, 2, 3, 1).reshape(*frames.shape[:-3], *pictures.shape[2:], -1)
