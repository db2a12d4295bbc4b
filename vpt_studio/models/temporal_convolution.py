"""The convolution over time by which an inverse dynamics model sees motion before anything else."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from vpt_studio.models.layers import rescale_rows


class TemporalConvolution(nn.Module):
    """Convolution over time only, zero padding at the clip's ends, bias, ReLU.

    Computed as one 1x1 convolution over the taps' stacked channels: many times faster on a CPU than a 3D
    convolution, with the same parameters and the same sums.

    Args:
        channels_in: Channels of a frame.
        channels_out: Channels of the result.
        taps: Frames seen, an odd number.
    """

    def __init__(self, channels_in: int, channels_out: int, taps: int) -> None:
        super().__init__()
        self.layer = nn.Conv3d(channels_in, channels_out, (taps, 1, 1), padding=(taps // 2, 0, 0))
        rescale_rows(self.layer.weight, 1.0)
        if self.layer.bias is not None:
            nn.init.zeros_(self.layer.bias)
        self.taps = taps

    def forward(self, padded: Tensor) -> Tensor:
        """Convolve a clip that already has ``taps // 2`` zero frames (or neighbours) at both ends.

        Args:
            padded: [B, T + taps - 1, H, W, C]; uint8 levels 0..255, or float in [0, 1].

        Returns:
            Float [B*T, channels_out, H, W] in channels-last memory.
        """
        kernel = self.layer.weight.flatten(2)  # [out, C, taps]
        weight = kernel.transpose(1, 2).flatten(1)  # [out, taps * C], tap-major like the stack below
        if padded.dtype == torch.uint8:
            weight = weight / 255.0
        frames = padded.shape[1] - self.taps + 1
        stacked = torch.cat([padded[:, tap : tap + frames] for tap in range(self.taps)], dim=-1)
        pixels = stacked.to(weight.dtype).flatten(0, 1).permute(0, 3, 1, 2)
        return functional.relu(
            functional.conv2d(pixels, weight[:, :, None, None], self.layer.bias), inplace=True
        )
